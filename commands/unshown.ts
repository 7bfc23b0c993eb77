/** A message that cannot be shown where it belongs: whoever asked for the deployment is told, or who may act instead, once. */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { LiveMessage } from '../src/deployment/effects.ts';
import { renderRefusal } from '../views/answers.ts';
import type { CommandContext } from './context.ts';
import { tellUntold } from './untold.ts';

const REASONS: Record<string, string> = {
  not_in_channel: 'I am not in that channel: invite me there, and it appears.',
  channel_not_found:
    'there is no such channel, or I am not in it: invite me there, or mend `channel` in gonogo.yml for the next one.',
  is_archived: 'that channel is archived: name another in gonogo.yml for the next one.',
};

/** The card, and what asks somebody to act, are said by nothing else; without them the deployment still goes its way. */
export async function tellUnshown(
  context: CommandContext,
  deployment: Deployment,
  message: LiveMessage,
  problem: string,
): Promise<void> {
  if ('user' in message) return tellOthers(context, deployment, message, problem);
  if (message.kind === 'card') return tellRequester(context, deployment, problem);
}

async function tellOthers(
  context: CommandContext,
  deployment: Deployment,
  message: Extract<LiveMessage, { user: string }>,
  problem: string,
): Promise<void> {
  try {
    await tellUntold(context, deployment, message, problem);
  } catch (error) {
    context.log.error(
      { err: error, deployment: deployment.id, user: message.user, problem },
      'somebody cannot be told what waits for them, and nobody could be told of that',
    );
  }
}

async function tellRequester(
  context: CommandContext,
  deployment: Deployment,
  problem: string,
): Promise<void> {
  const {
    id,
    requestedBy,
    terms: { details },
  } = deployment;
  const why = REASONS[problem] ?? `Slack says "${problem}".`;
  const told = renderRefusal(
    `The card of ${id} cannot be shown in ${details.channel}: ${why}`,
    `The deployment goes on without it: /deploy status ${deployment.terms.envelope.service} shows where it is.`,
  );
  try {
    const { channel } = await context.clients.outbound.conversations.open({ users: requestedBy.id });
    if (channel?.id === undefined) throw new Error('Slack opened a conversation and did not say which');
    await context.clients.outbound.chat.postMessage({ channel: channel.id, ...told });
  } catch (error) {
    context.log.error(
      { err: error, deployment: id, problem },
      'a card cannot be shown, and its requester could not be told',
    );
  }
}
