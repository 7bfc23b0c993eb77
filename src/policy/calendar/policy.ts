/** What the policy says about times: its windows and freezes, and who may freeze, lift, override and lock. */

import { DAY, type Duration, type Instant, moment } from '../../time.ts';
import type { Freeze } from './freezes.ts';
import type { RecurringFreeze } from './recurring.ts';
import type { Window } from './windows.ts';

export interface CalendarPolicy {
  windows: readonly Window[];
  /** Those of the file; people declare others. */
  freezes: readonly Freeze[];
  /** Those of the file that come again each week: see `plannedFreezes`. */
  recurring: readonly RecurringFreeze[];
  /** Roles; `anyone` is every full member of the workspace. */
  mayFreeze: readonly string[];
  /** Roles that may end a freeze of somebody else; whoever declared one may end it. */
  mayLift: readonly string[];
  /** Roles that may have one deployment start in spite of a freeze that names none, or outside its windows. */
  mayOverride: readonly string[];
  mayLock: readonly string[];
  /** How long a lock lasts where nobody says. */
  lockFor: Duration;
  longestLock: Duration;
  /** How far ahead a date may lie: a start, the end of a freeze. */
  planAhead: Duration;
}

/** For whoever named a date too far away, without its full stop; undefined where it is near enough. */
export function tooFar(at: Instant, now: Instant, planAhead: Duration): string | undefined {
  if (at - now <= planAhead) return undefined;
  return `${moment(at)} is too far away: dates lie at most ${Math.round(planAhead / DAY)} days ahead`;
}

export function mayBy(allowed: readonly string[], roles: readonly string[]): boolean {
  return allowed.includes('anyone') || allowed.some((role) => roles.includes(role));
}
