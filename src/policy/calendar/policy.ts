/** What the policy says about times: its windows and freezes, and who may freeze, lift, override and lock. */

import type { Duration } from '../../time.ts';
import type { Freeze } from './freezes.ts';
import type { Window } from './windows.ts';

export interface CalendarPolicy {
  windows: readonly Window[];
  /** Those of the file; people declare others. */
  freezes: readonly Freeze[];
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
}

export function mayBy(allowed: readonly string[], roles: readonly string[]): boolean {
  return allowed.includes('anyone') || allowed.some((role) => roles.includes(role));
}
