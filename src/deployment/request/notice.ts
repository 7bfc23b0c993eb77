/** How long ahead of its start a deployment was known, against what was planned for those who must hear of it (CM-5). */

import type { Duration, Instant } from '../../time.ts';
import type { Deployment } from '../deployment.ts';

export interface ShortNotice {
  ahead: Duration;
  planned: Duration;
}

/** Undefined where the notice is long enough, none is planned, or nobody knows yet when it starts. */
export function shortNotice(d: Deployment): ShortNotice | undefined {
  const planned = d.communication?.notice;
  const known = startKnown(d);
  if (planned === undefined || known === undefined) return undefined;
  const ahead = Math.max(0, known.start - known.since);
  return ahead < planned ? { ahead, planned } : undefined;
}

/** Its start, and since when it is known. */
function startKnown(d: Deployment): { start: Instant; since: Instant } | undefined {
  const { start } = d.envelope;
  const until = d.waiting?.until;
  if (start.kind === 'at')
    return { start: Math.max(start.at, until ?? 0), since: d.plannedSince ?? d.requestedAt };
  if (d.waiting !== undefined && until !== undefined) return { start: until, since: d.waiting.since };
  // As soon as it is ready: nobody knew before.
  return d.startAt === undefined ? undefined : { start: d.startAt, since: d.startAt };
}
