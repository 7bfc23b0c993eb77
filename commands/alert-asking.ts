/** The two other ways to a rollback from a thread (K-6): a mention, and a shortcut on any message. */

import { readAlert } from '../src/alerts/read-message.ts';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { CAN_ROLL_BACK } from '../src/deployment/lifecycle.ts';
import type { Feature, Mention, MessageShortcut } from '../src/slack/feature.ts';
import { renderAskedRollback, renderRollbackChoice } from '../views/alert.ts';
import { renderRefusal } from '../views/answers.ts';
import { candidatesOf, suspectsOf } from './alert.ts';
import { environmentIn } from './alert-scene.ts';
import { findDeployment } from './find.ts';
import { openModal, type Room, whoIs } from './room.ts';

export const ROLL_BACK_SHORTCUT = 'roll_back_deploy';
const USAGE = 'rollback SERVICE [ENVIRONMENT] [because …]';
const MOST_CHOICES = 10;
const LONGEST_REASON = 1_000;

export function asking(room: Room): Feature {
  return {
    mentions: { rollback: (mention) => rollback(room, mention) },
    shortcuts: { [ROLL_BACK_SHORTCUT]: (shortcut) => choose(room, shortcut) },
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
async function rollback(room: Room, mention: Mention): Promise<void> {
  if ((await whoIs(room, mention)) === undefined) return;
  const [words = '', ...because] = mention.text.split(/(?:^|\s)because(?:\s|$)/i);
  const reason = because.join(' because ').trim().slice(0, LONGEST_REASON) || undefined;
  const found = await meant(room, mention, words.trim());
  if (!found.ok) {
    await mention.answer(found.answer);
    return;
  }
  const { deployment } = found;
  const answer = {
    channel: mention.channel,
    ts: mention.ts,
    service: deployment.terms.envelope.service,
    suspects: [{ deployment: deployment.id, score: 1 }],
    ...defined({ reason }),
  };
  // The mention may be delivered twice, and is answered once.
  if (!(await room.stores.alerts.claim(answer, room.clock.now()))) return;
  try {
    const { channel, thread } = mention;
    const posted = await room.clients.outbound.chat.postMessage({
      channel,
      thread_ts: thread,
      ...renderAskedRollback(deployment, reason),
    });
    if (posted.ts !== undefined) await room.stores.alerts.answered(answer, posted.ts);
  } catch (error) {
    await room.stores.alerts.release(answer);
    throw error;
  }
}

/** Without a name, what the alert of this thread is about: the likeliest suspect that can still be taken back. */
async function meant(room: Room, mention: Mention, words: string): ReturnType<typeof findDeployment> {
  if (words === '') {
    const alert = await room.stores.alerts.to(mention.channel, mention.thread);
    for (const { deployment } of alert?.suspects ?? []) {
      const suspect = await room.stores.events.load(deployment);
      if (suspect !== undefined && CAN_ROLL_BACK.has(suspect.status))
        return { ok: true, deployment: suspect };
    }
    return {
      ok: false,
      answer: renderRefusal('Name the service: nothing in this thread says which one.', `@gonogo ${USAGE}`),
    };
  }
  const found = await findDeployment(room, {
    text: words,
    statuses: CAN_ROLL_BACK,
    that: 'could be rolled back',
    usage: USAGE,
  });
  if (!found.ok || CAN_ROLL_BACK.has(found.deployment.status)) return found;
  const { id, status } = found.deployment;
  return {
    ok: false,
    answer: renderRefusal(`${id} cannot be rolled back: it is ${status.replace('_', ' ')}.`),
  };
}

async function choose(room: Room, shortcut: MessageShortcut): Promise<void> {
  if ((await whoIs(room, shortcut)) === undefined) return;
  const suspects = await suspectedIn(room, shortcut);
  const all =
    suspects.length > 0
      ? suspects
      : await room.stores.events.list({ statuses: CAN_ROLL_BACK, limit: MOST_CHOICES });
  await openModal(room, shortcut, renderRollbackChoice(all, { suspected: suspects.length > 0 }));
}

async function suspectedIn(room: Room, { channel, message }: MessageShortcut): Promise<Deployment[]> {
  const alert = readAlert(message);
  if (alert === undefined) return [];
  const environment = environmentIn(room.policy(), alert);
  const suspects = await suspectsOf(room, candidatesOf(room, alert, channel), environment);
  return suspects.map(({ deployment }) => deployment).filter(({ status }) => CAN_ROLL_BACK.has(status));
}
