/** How long ahead of its start a deployment was known, against what was planned for those who must hear of it (CM-5). */

import type { Duration, Instant } from '../../time.ts';
import type { Deployment } from '../deployment.ts';

export interface ShortNotice {
  ahead: Duration;
  planned: Duration;
}

/** Undefined where the notice is long enough, none is planned, or nobody knows yet when it starts. */
export function shortNotice(d: Deployment): ShortNotice | undefined {
  const planned = d.terms.communication?.notice;
  const known = startKnown(d);
  if (planned === undefined || known === undefined) return undefined;
  const ahead = Math.max(0, known.start - known.since);
  return ahead < planned ? { ahead, planned } : undefined;
}

/** Its start, and since when it is known. */
function startKnown(d: Deployment): { start: Instant; since: Instant } | undefined {
  const { start } = d.terms.envelope;
  const until = d.start.waiting?.until;
  if (start.kind === 'at') return { start: Math.max(start.at, until ?? 0), since: d.start.plannedSince };
  if (d.start.waiting !== undefined && until !== undefined)
    return { start: until, since: d.start.waiting.since };
  // As soon as it is ready: nobody knew before.
  return d.start.at === undefined ? undefined : { start: d.start.at, since: d.start.at };
}
