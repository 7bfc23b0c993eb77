/** The two other ways to a rollback from a thread (K-6): a mention, and a shortcut on any message. */

import { readAlert } from '../src/alerts/read-message.ts';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { CAN_ROLL_BACK } from '../src/deployment/lifecycle.ts';
import { mayBeTakenBack } from '../src/deployment/rollback/decide-take-back.ts';
import type { Feature, Mention, MessageShortcut } from '../src/slack/feature.ts';
import { readSubject } from '../src/words/subject.ts';
import { renderAskedRollback, renderRollbackChoice } from '../views/alert.ts';
import { renderRefusal } from '../views/answers.ts';
import { answerOnce, lookUp } from './alert-answer.ts';
import { type CommandContext, openModal, whoIs } from './context.ts';
import { type Found, findToRollBack, namesOf } from './find.ts';

const ROLL_BACK_SHORTCUT = 'roll_back_deploy';
const USAGE = 'rollback SERVICE [ENVIRONMENT] [because …]';
const MAX_CHOICES = 10;
const MAX_REASON_LENGTH = 1_000;

export function asking(context: CommandContext): Feature {
  return {
    mentions: { rollback: (mention) => rollback(context, mention) },
    shortcuts: { [ROLL_BACK_SHORTCUT]: (shortcut) => choose(context, shortcut) },
  };
}

export async function otherwiseMentioned(mention: Mention): Promise<void> {
  await mention.answer(
    renderRefusal(
      'In a thread I understand one thing, because slash commands cannot be used there.',
      `Say: @gonogo ${USAGE}. Everywhere else, /deploy help lists what there is.`,
    ),
  );
}

/** Shown in the thread with one confirmed button, for everyone there who may. */
async function rollback(context: CommandContext, mention: Mention): Promise<void> {
  if ((await whoIs(context, mention)) === undefined) return;
  const found = await meant(context, mention);
  if (!found.ok) {
    await mention.answer(found.answer);
    return;
  }
  const { deployment } = found;
  const reason = found.reason.slice(0, MAX_REASON_LENGTH) || undefined;
  const answer = {
    channel: mention.channel,
    ts: mention.ts,
    thread: mention.thread,
    service: deployment.terms.envelope.service,
    suspects: [{ deployment: deployment.id, score: 1 }],
    ...defined({ reason }),
  };
  // The mention may be delivered twice, and is answered once.
  await answerOnce(context, answer, renderAskedRollback(deployment, reason));
}

/** Without a name, what the alert of this thread is about: the likeliest suspect that can still be taken back. */
async function meant(context: CommandContext, mention: Mention): Promise<Found> {
  const subject = readSubject(mention.text, namesOf(context.policy()));
  const { reason } = subject;
  const isNamed = (subject.id ?? subject.service ?? subject.environment) !== undefined;
  // A reason is led to; a word that is led to by nothing is a name that nobody knows.
  if (!isNamed && (mention.text === '' || reason !== mention.text)) {
    const alert = await context.stores.alerts.to(mention.channel, mention.thread);
    for (const { deployment } of alert?.suspects ?? []) {
      const suspect = await context.stores.events.load(deployment);
      if (suspect !== undefined && canGoBack(suspect)) return { ok: true, deployment: suspect, reason };
    }
    return {
      ok: false,
      answer: renderRefusal('Name the service: nothing in this thread says which one.', `@gonogo ${USAGE}`),
    };
  }
  const found = await findToRollBack(context, { text: mention.text, usage: USAGE });
  if (!found.ok || canGoBack(found.deployment)) return found;
  const { id, status } = found.deployment;
  return {
    ok: false,
    answer: renderRefusal(`${id} cannot be rolled back: it is ${status.replace('_', ' ')}.`),
  };
}

const canGoBack = (d: Deployment): boolean => CAN_ROLL_BACK.has(d.status) || mayBeTakenBack(d);

async function choose(context: CommandContext, shortcut: MessageShortcut): Promise<void> {
  if ((await whoIs(context, shortcut)) === undefined) return;
  const suspects = await suspectedIn(context, shortcut);
  const all =
    suspects.length > 0
      ? suspects
      : await context.stores.events.list({ statuses: CAN_ROLL_BACK, limit: MAX_CHOICES });
  await openModal(context, shortcut, renderRollbackChoice(all, { suspected: suspects.length > 0 }));
}

async function suspectedIn(
  context: CommandContext,
  { channel, message }: MessageShortcut,
): Promise<Deployment[]> {
  const alert = readAlert(message);
  if (alert === undefined) return [];
  const { suspects } = await lookUp(context, alert, { channel, at: context.clock.now() });
  return suspects.map(({ deployment }) => deployment).filter(canGoBack);
}
