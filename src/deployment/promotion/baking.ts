/** How a build does in the environment before, where it must run for a while before the next one opens to it. */

import type { Bake, Baking } from '../../terms/bake.ts';
import { type Instant, moment } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import { COMPLETE } from '../lifecycle.ts';

/** `own`: its newest deployment there; `after`: what had traffic there since then, the oldest first. */
export function bakingOf(
  bake: Bake,
  version: string,
  own: Deployment | undefined,
  after: readonly Deployment[],
): Baking {
  const stops = own === undefined ? `never completed in ${bake.environment}` : whyNot(own);
  const since = own?.rollout?.completedAt;
  if (stops !== undefined || since === undefined)
    return { version, stops: `${version} ${stops ?? `is not complete in ${bake.environment}`}` };
  return after.reduce<Baking>((baking, next) => interrupted(bake, baking, next), {
    version,
    since,
    blindFor: own?.rollout?.finalWatch?.blindFor ?? 0,
  });
}

function whyNot({ id, status, rollback, rollout, terms: { envelope } }: Deployment): string | undefined {
  const where = `in ${envelope.environment}`;
  if (rollback !== undefined) return `was rolled back ${where} (${id}: "${rollback.reason || rollback.why}")`;
  if (status === 'held') return `is held ${where} (${id}: "${rollout?.hold?.reason || 'no reason given'}")`;
  if (!COMPLETE.has(status)) return `is still on its way ${where} (${id})`;
  const unsettled = status === 'observing' ? rollout?.finalWatch?.unsettled : undefined;
  return unsettled && `was not seen to be well ${where} (${id}: ${unsettled.because})`;
}

/** Another came before it had run for so long: it begins anew where that one was rolled back to it, and is over where not. */
function interrupted(bake: Bake, baking: Baking, next: Deployment): Baking {
  const from = next.rollout?.startedAt ?? next.rollback?.startedAt;
  if ('stops' in baking || from === undefined || from >= baking.since + bake.for + baking.blindFor)
    return baking;
  const { version } = baking;
  const back = isBackAt(next, version);
  if (back !== undefined) return { version, since: back, blindFor: 0 };
  const other = next.terms.envelope.version;
  const came = other === version ? `was taken back (${next.id})` : `made room for ${other} (${next.id})`;
  return {
    version,
    stops: `${version} ${came} in ${bake.environment} ${moment(from)}, before it had run there for long enough`,
  };
}

function isBackAt({ status, rollback }: Deployment, version: string): Instant | undefined {
  return status === 'rolled_back' && rollback?.to === version ? rollback.endedAt : undefined;
}
