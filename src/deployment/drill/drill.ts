/**
 * A drill (RB-5): a release goes to an environment before production and back again, for real, so that the way back is
 * known to work and how long it takes. It says nothing against the release.
 */

import { type GateReport, REHEARSAL_GATE } from '../../policy/gates.ts';
import type { Duration } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import { rollback } from '../rollback/decide-rollback.ts';

export const DRILL_WHY = 'a drill: the way back is rehearsed';

/** What follows once it has all traffic and was seen to be well. */
export function onceVerified(d: Deployment): EventBody[] {
  const verified: EventBody = { type: 'verified' };
  return d.terms.drill === true ? [verified, rollback(d, DRILL_WHY)] : [verified];
}

/** Whether it goes, or went, back because it is a drill, and not because something was wrong with the release. */
export function wentBackAsDrill({ terms: { drill, takesBack }, rollback, rollout }: Deployment): boolean {
  if (drill !== true || rollback === undefined) return false;
  return takesBack !== undefined || rollout?.completedAt !== undefined;
}

/** How long its way back took; undefined where that is not over, or it went back for another reason. */
export function drilledIn(d: Deployment): Duration | undefined {
  const { rollback, status } = d;
  if (!wentBackAsDrill(d) || status !== 'rolled_back' || rollback?.endedAt === undefined) return undefined;
  return rollback.endedAt - rollback.startedAt;
}

/** What it says of the release that it was done with: passed where the way back took no longer than it may. */
export function drillReport(d: Deployment): GateReport | undefined {
  const { sha, digest } = d.terms.envelope;
  const took = drilledIn(d);
  if (!wentBackAsDrill(d) || d.ending === undefined) return undefined;
  const passed = took !== undefined && took <= d.terms.safeguards.rollbackWithin;
  return {
    gate: REHEARSAL_GATE,
    status: passed ? 'passed' : 'failed',
    sha,
    digest,
    at: d.ending.at,
    by: d.id,
  };
}
