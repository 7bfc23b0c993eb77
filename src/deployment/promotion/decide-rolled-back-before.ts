/** Where a version was to bake first it was rolled back: what carries it further stops, and asks (GT-8). */

import { accepted, UNCHANGED } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { Decision, Intent } from '../intents.ts';
import { CAN_HOLD } from '../lifecycle.ts';

/** Nothing goes back by itself for it: the version may do well here. What waits for its start does not start anyhow. */
export function decideRolledBackBefore(
  d: Deployment,
  { of, environment, why }: Extract<Intent, { kind: 'rolled_back_before' }>,
): Decision {
  const { version } = d.terms.envelope;
  const because = `${version} was rolled back in ${environment} (${of}${why === '' ? '' : `: ${why}`})`;
  if (CAN_HOLD.has(d.status)) return accepted({ type: 'held', reason: because });
  const asks = d.status === 'observing' && d.rollout?.finalWatch?.unsettled === undefined;
  return asks ? accepted({ type: 'observation_unsettled', because }) : UNCHANGED;
}

type Place = Pick<Deployment, 'id' | 'terms'>;

/** Those among `all` that carry the same build on from where `d` was rolled back, however many environments lie between. */
export function carriedOnFrom<D extends Place>(d: Place, all: readonly D[]): D[] {
  const { digest, environment } = d.terms.envelope;
  const reached = new Set([environment]);
  const found = new Set<D>();
  const isNext = (one: D): boolean =>
    !found.has(one) &&
    one.id !== d.id &&
    one.terms.envelope.digest === digest &&
    one.terms.bake !== undefined &&
    reached.has(one.terms.bake.environment);
  for (let next = all.find(isNext); next !== undefined; next = all.find(isNext)) {
    found.add(next);
    reached.add(next.terms.envelope.environment);
  }
  return [...found];
}
