/** Answers to alerts that were claimed and not said, by a process that ended or a Slack that did not take them (K-6). */

import type { UnsaidAnswer } from '../src/conductor/ports/alert-answer-store.ts';
import { createPump, type Pump } from '../src/conductor/pump.ts';
import type { Clock } from '../src/time.ts';
import { renderAskedRollback, saidLate } from '../views/alert.ts';
import type { Rendered } from '../views/blocks.ts';
import { claimed, lateBy, lookUp, notSaid, remembered, say, wordsOf } from './alert-answer.ts';
import type { CommandContext } from './context.ts';

export function createUnsaidAnswers(context: CommandContext, clock: Clock): Pump {
  const { stores, log } = context;
  return createPump<UnsaidAnswer>({
    name: 'answers to alerts',
    clock,
    log,
    concurrency: 1,
    keyOf,
    async due(now, except, limit) {
      const [unsaid, next] = await Promise.all([stores.alerts.unsaid(now), stores.alerts.nextUnsaidAt(now)]);
      return { items: unsaid.filter((one) => !except.has(keyOf(one))).slice(0, limit), next };
    },
    async run(unsaid) {
      try {
        await sayNow(context, unsaid);
      } catch (error) {
        await notSaid(context, unsaid, error);
      }
    },
  });
}

const keyOf = ({ channel, ts }: UnsaidAnswer): string => `${channel} ${ts}`;

/** In the words of today: what could be to blame may have moved on since. */
async function sayNow(context: CommandContext, unsaid: UnsaidAnswer): Promise<void> {
  const { answer, said } = await again(context, unsaid);
  const claim = await claimed(context, answer);
  if (claim !== false) await say(context, answer, said, claim);
}

async function again(
  context: CommandContext,
  unsaid: UnsaidAnswer,
): Promise<{ answer: UnsaidAnswer; said: Rendered }> {
  const { alert, channel, thread } = unsaid;
  const at = alert?.cameAt ?? unsaid.at;
  const late = lateBy(context, at, 'unsaid');
  if (alert === undefined) {
    const asked = await askedAgain(context, unsaid);
    return { answer: unsaid, said: late === undefined ? asked : saidLate(asked, late) };
  }
  const found = await lookUp(context, alert, { channel: thread === undefined ? '' : channel, at });
  return { answer: { ...unsaid, ...remembered(found) }, said: wordsOf({ ...unsaid, alert }, found, late) };
}

async function askedAgain({ stores }: CommandContext, { suspects, reason }: UnsaidAnswer): Promise<Rendered> {
  const [asked] = suspects;
  const deployment = asked && (await stores.events.load(asked.deployment));
  if (deployment === undefined) throw new Error('what was asked to be rolled back is not in the record');
  return renderAskedRollback(deployment, reason);
}
