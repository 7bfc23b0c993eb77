/** Locks in words: taken, in the way, and what their holders are told (WN-4). */

import { z } from 'zod';
import type { Lock, LockNotice } from '../src/policy/calendar/locks.ts';
import { actions, button, confirmation, context, type Rendered, section } from './blocks.ts';
import { lockedPlace } from './calendar.ts';
import { name } from './deployment-words.ts';
import { dateTime, inline, quote } from './text.ts';

export const LOCK_ACTIONS = { takeOver: 'lock.take_over' } as const;

const valueSchema = z.strictObject({
  /** The lock that was seen. */
  l: z.string().regex(/^L-\d{1,12}$/),
  service: z.string().min(1).max(40),
  environment: z.string().min(1).max(40).optional(),
  minutes: z.int().min(1).max(100_000),
  why: z.string().max(300),
});

/** What taking over asks for; whether it may be is asked at the click. */
export type TakeOver = z.infer<typeof valueSchema>;

export function readTakeOver(text: string): TakeOver | undefined {
  try {
    return valueSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function renderLocked(lock: Lock): Rendered {
  const text = `🔒 You have locked ${lockedPlace(lock)} until ${dateTime(lock.until)}: ${quote(lock.reason)}\nNobody else's deployment starts there meanwhile. /deploy unlock ends it sooner.`;
  return { text, blocks: [section(text)] };
}

/** One's own covers what was asked for, and to a later end: a shorter one would take that away. */
export function renderLockStands(lock: Lock): Rendered {
  const text = `🔒 You hold ${lockedPlace(lock)} until ${dateTime(lock.until)} already (${quote(lock.reason)}): nothing was changed. /deploy unlock ends it sooner.`;
  return { text, blocks: [section(text)] };
}

/** Somebody else has it: who, until when, why, and the one way past them. */
export function renderLockInTheWay(lock: Lock, wanted: Omit<TakeOver, 'l'>): Rendered {
  const text = `${lockedPlace(lock)} is locked by ${name(lock.holder)} until ${dateTime(lock.until)} (${quote(lock.reason)}). Ask them, or take the lock over as it stands, to its end at least: they will be told.`;
  return {
    text,
    blocks: [
      section(text),
      ...actions('lock.actions', [
        button({
          action: LOCK_ACTIONS.takeOver,
          text: 'Take the lock over',
          style: 'danger',
          value: JSON.stringify({ ...wanted, why: wanted.why.slice(0, 300), l: lock.id }),
          label: `Take the lock on ${lock.service} over from ${lock.holder.name}`,
          confirm: confirmation({
            title: `Take the lock over from ${lock.holder.name}?`,
            text: `Their deployments of ${lock.service} wait for yours then. They are told that you did it, and why.`,
            yes: 'Take it over',
            no: 'Leave it',
            danger: true,
          }),
        }),
      ]),
    ],
  };
}

/** To the holder: that it was taken, ended, or that they forgot it. */
export function renderLockNotice({ lock, ended }: LockNotice): Rendered {
  const lines = ended
    ? [
        `${ended.how === 'taken_over' ? '🔒' : '🔓'} ${name(ended.by)} ${ended.how === 'taken_over' ? 'took over' : 'ended'} your lock on ${lockedPlace(lock)} (${quote(lock.reason)}).`,
        'Your deployments there wait while somebody else holds it.',
      ]
    : [
        `🔓 Your lock on ${lockedPlace(lock)} (${quote(lock.reason)}) ended ${dateTime(lock.until)}: others can deploy there again.`,
        `If you still need it: /deploy lock ${inline(lock.service, 40)}${lock.environment === undefined ? '' : ` ${inline(lock.environment, 40)}`} for 1h because …`,
      ];
  return { text: lines.join('\n'), blocks: [section(lines[0] ?? ''), context(lines[1] ?? '')] };
}
