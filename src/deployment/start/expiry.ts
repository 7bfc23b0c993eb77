/** A request that nobody completes, or that cannot start, ends by itself. */

import { HOUR, type Instant } from '../../time.ts';
import { blockingSignOffs } from '../approval/sign-offs.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import { NOT_STARTED } from '../lifecycle.ts';
import { missingBefore } from '../readiness/readiness.ts';
import { waitsForSigners } from './waiting.ts';

/** A start that was due this long ago is not made up for, whatever it waited for: nobody expects it any more. */
const START_GRACE = HOUR;

/** When a request that nobody completes, or that cannot start, ends. */
export function expiresAt(d: Deployment): Instant {
  if (d.start.at !== undefined && d.status === 'scheduled') {
    const closes = d.terms.envelope.window?.to;
    // What was signed is a start in this window: whoever may have lost their say is not waited for beyond it (CH-7).
    if (closes !== undefined && waitsForSigners(d)) return Math.max(closes, d.start.at);
    return Math.max(d.start.at, waitsUntil(d)) + START_GRACE;
  }
  const { start } = d.terms.envelope;
  return start.kind === 'at' ? start.at + START_GRACE : d.requestedAt + d.terms.safeguards.expireAfter;
}

/** What waits for somebody is not given up before a request that waits for its sign-offs would be. */
function waitsUntil({ start: { waiting }, terms: { safeguards } }: Deployment): Instant {
  return waiting === undefined ? 0 : (waiting.until ?? waiting.since + safeguards.expireAfter);
}

export function nextExpiryOfRequest(d: Deployment): Instant | undefined {
  return NOT_STARTED.has(d.status) ? expiresAt(d) : undefined;
}

export function requestExpired(d: Deployment, now: Instant): EventBody[] {
  const over = NOT_STARTED.has(d.status) && now >= expiresAt(d);
  return over ? [{ type: 'expired', reason: whyExpired(d) }] : [];
}

function whyExpired(d: Deployment): string {
  if (waitsForSigners(d)) return 'Slack did not say in time whether those who said go may still sign';
  if (d.status !== 'preparing') return 'it could not start within an hour of its time';
  if (blockingSignOffs(d).length > 0) return 'its sign-offs did not come in time';
  return `it was not ready in time: ${missingBefore(d, 'start').join(', ')}`;
}
