/** The ways in which a policy names who is on call, and whose turn it is in a rotation (WN-5). */

import { DAY, type Duration, type Instant } from '../time.ts';
import { wallOf } from './calendar/zone.ts';

/** One after the other, each as long. */
export interface Rotation {
  name: string;
  /** Slack user ids. */
  order: readonly string[];
  /** When the first of them begins for the first time. */
  from: Instant;
  /** Whole days: the hour at which it changes stays the same when the clocks change. */
  every: Duration;
  /** IANA. */
  timeZone: string;
  /** Whoever stands in for a time, instead of the order; `until` is the first instant after it. */
  overrides: readonly { person: string; from: Instant; until: Instant }[];
}

export type OnCall =
  /** The first of them who is in their hours, else the first. */
  | { kind: 'people'; people: readonly string[] }
  | { kind: 'rotation'; rotation: Rotation }
  /** Whoever Slack has in this user group. */
  | { kind: 'group'; usergroup: string };

/** Whose turn it is; before the rotation begins, the first one's. */
export function turnAt(
  { order, from, every, timeZone, overrides }: Rotation,
  at: Instant,
): string | undefined {
  const instead = overrides.findLast((one) => one.from <= at && at < one.until);
  if (instead !== undefined) return instead.person;
  const turns = Math.floor((wallOf(at, timeZone) - wallOf(from, timeZone)) / every);
  return order[Math.max(0, turns) % order.length];
}

/** All whom the policy names for it by themselves, whoever's turn it is. */
export function namedIn(onCall: OnCall): readonly string[] {
  switch (onCall.kind) {
    case 'people':
      return onCall.people;
    case 'rotation':
      return [...onCall.rotation.order, ...onCall.rotation.overrides.map(({ person }) => person)];
    case 'group':
      return [];
  }
}

export const WEEK: Duration = 7 * DAY;
