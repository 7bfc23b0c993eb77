/** Where going back would break data: whether the engine does it by itself is policy (RB-4). */

import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import { callAtOnce } from '../paging/time-rule.ts';
import { asking } from '../smoke/failed-gate.ts';
import { rollback } from './decide-rollback.ts';
import { whatBreaks } from './what-breaks.ts';

/** Whether the engine leaves a rollback to people, because it would break data and the policy says so. */
export function isLeftToPeople(d: Deployment): boolean {
  return d.terms.safeguards.breaking === 'hold_and_page' && whatBreaks(d) !== undefined;
}

/** The engine goes back by itself, or stops and calls people. */
export function goBackByItself(d: Deployment, why: string): EventBody[] {
  if (!isLeftToPeople(d)) return [rollback(d, why)];
  const says = `${why}. It is not rolled back by itself: ${whatBreaks(d)}`;
  return [...asking(d, says), ...callAtOnce(d, 'data_at_risk', says)];
}
