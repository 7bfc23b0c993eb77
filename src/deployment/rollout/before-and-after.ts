/** What the figures were before and are since, metric by metric: the table that says whether it settled where it was (MV-1, MV-4, SM-3). */

import { defined } from '../../defined.ts';
import type { MetricLook } from '../../judge/types.ts';
import type { Deployment } from '../deployment.ts';

export interface BeforeAndAfter {
  metric: string;
  unit: MetricLook['unit'];
  /** Of the old version: from the last stage that had both, else of the hour before the start; null where neither is known. */
  before: number | null;
  after: number | null;
  /** After over before; unset where one of them is not known, or was nothing. */
  times?: number;
  status: 'same' | 'better' | 'worse' | 'unknown';
  /** It is over what the policy says this figure may be, whatever it was before. */
  over?: number;
}

/** MV-1: what differs by less is the same. */
export const SAME_WITHIN = 0.1;
/** MV-4: errors in percent, after a deployment. */
const MAX_ERRORS = 1;

/** Empty before the observation has looked. */
export function beforeAndAfter(d: Deployment): BeforeAndAfter[] {
  const after = d.rollout?.finalWatch?.lastLook?.metrics ?? [];
  return after.map((look) => compared(d, look));
}

function compared(d: Deployment, look: MetricLook): BeforeAndAfter {
  const { metric, unit, canary: after } = look;
  const before = figureBefore(d, metric);
  const times = before === null || after === null || before === 0 ? undefined : after / before;
  const limit = limitOf(d, metric);
  const over = limit !== undefined && after !== null && after >= limit ? limit : undefined;
  return {
    metric,
    unit,
    before,
    after,
    status: statusOf(d, look, before, times),
    ...defined({ times, over }),
  };
}

function figureBefore(d: Deployment, metric: string): number | null {
  const stages = d.rollout?.stages ?? [];
  for (const { lastLook } of [...stages].reverse()) {
    const baseline = lastLook?.metrics.find((one) => one.metric === metric)?.baseline;
    if (baseline !== undefined && baseline !== null) return baseline;
  }
  const read = d.rollout?.finalWatch?.compared?.find((one) => one.metric === metric);
  return read?.before ?? null;
}

function statusOf(
  d: Deployment,
  { metric, kind, canary: after }: MetricLook,
  before: number | null,
  times: number | undefined,
): BeforeAndAfter['status'] {
  const { metrics, negligible = 0 } = d.terms.safeguards.judge;
  if (before === null || after === null) return 'unknown';
  if (kind === 'counts' && after <= negligible) return 'same';
  const change = times === undefined ? Math.sign(after) : times - 1;
  if (Math.abs(change) <= SAME_WITHIN) return 'same';
  const lowerIsWorse = metrics.some(({ name, worse }) => name === metric && worse === 'lower');
  return change > 0 === lowerIsWorse ? 'better' : 'worse';
}

function limitOf({ terms: { smoke } }: Deployment, metric: string): number | undefined {
  if (metric === 'errors') return MAX_ERRORS;
  return metric === 'p50' || metric === 'p99' ? smoke?.baseline[metric] : undefined;
}
