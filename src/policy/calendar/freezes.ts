/** Freezes: times in which nothing starts, somewhere or everywhere, and who may have one deployment start all the same (WN-3). */

import type { PersonRef } from '../../terms/person.ts';
import type { Instant } from '../../time.ts';
import { covers, type Place, type Scope } from './scope.ts';

export interface Freeze extends Scope {
  /** `F-12` for one that a person declared, `policy:1` for one of the policy file. */
  id: string;
  reason: string;
  from: Instant;
  /** The first instant at which it no longer stands. */
  until: Instant;
  /** Roles that may override it for one deployment. */
  overrides: readonly string[];
  /** Who declared it; unset for one of the policy file. */
  by?: PersonRef;
}

/** Everybody is told that a freeze was declared or lifted; whoever declared it, that somebody else lifted it. */
export interface FreezeNotice {
  freeze: Freeze & { by: PersonRef };
  lifted?: { by: PersonRef; why: string };
}

export function standsAt(freeze: Pick<Freeze, 'from' | 'until'>, at: Instant): boolean {
  return freeze.from <= at && at < freeze.until;
}

/** The freezes that keep a place closed at an instant, the longest first. */
export function freezesAt(freezes: readonly Freeze[], place: Place, at: Instant): Freeze[] {
  return freezes
    .filter((freeze) => standsAt(freeze, at) && covers(freeze, place))
    .sort((a, b) => b.until - a.until);
}
