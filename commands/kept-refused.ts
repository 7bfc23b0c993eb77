/** A rollback that was kept while the record was away, and is refused now: whoever was told that it would happen hears why not. */

import { renderRefusal } from '../views/answers.ts';
import type { CommandContext } from './context.ts';

export async function tellKeptRefused(
  { clients, log }: CommandContext,
  person: string,
  { id, why }: { id: string; why: string },
): Promise<void> {
  const told = renderRefusal(
    `The rollback of ${id} that you asked for while the record was away was not carried out: ${why}`,
    `The card of ${id} shows where it is. If it still has to go back, press Roll back there.`,
  );
  try {
    const { channel } = await clients.outbound.conversations.open({ users: person });
    if (channel?.id === undefined) throw new Error('Slack opened a conversation and did not say which');
    await clients.outbound.chat.postMessage({ channel: channel.id, ...told });
  } catch (error) {
    log.error(
      { err: error, deployment: id, person },
      'a rollback that was kept is refused, and the person could not be told',
    );
  }
}
