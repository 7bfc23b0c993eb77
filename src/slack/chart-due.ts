/** When a stage's report needs another chart: with something to see, after a while of watching, and at every turn. */

import type { DrawnChart } from '../conductor/ports/chart-store.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { StageRecord } from '../deployment/rollout/state.ts';
import { type Duration, type Instant, MINUTE, SECOND } from '../time.ts';

/** So much more must have been watched before another chart tells more than the last, of a short watch a third of it. */
const WORTH_ANOTHER: Duration = 10 * MINUTE;
const A_THIRD = 1 / 3;
/** In real time, however fast the other clock runs. */
const AT_MOST_EVERY: Duration = 20 * SECOND;
/** A line needs two ends. */
const FIRST_LOOKS = 2;

const WATCHING = 'watching';

/** What a new chart would show; undefined where the last one will do. `now` is real time. */
export function chartDue(
  d: Deployment,
  number: number,
  drawn: DrawnChart | undefined,
  now: Instant,
): DrawnChart | undefined {
  const stage = d.rollout?.stages.find((one) => one.number === number);
  if (stage?.lastLook === undefined) return undefined;
  const looks = looksWithData(stage);
  const held =
    d.rollout?.hold !== undefined && d.rollout?.stages.at(-1) === stage
      ? `held ${d.rollout?.hold.at}`
      : undefined;
  const state = stage.outcome ?? held ?? WATCHING;
  const upTo = stage.lastLook.to;
  const next = {
    state,
    upTo,
    at: now,
    enoughUntil: upTo + worthAnother(stage),
    restsUntil: now + AT_MOST_EVERY,
  };
  if (drawn === undefined) return looks >= (state === WATCHING ? FIRST_LOOKS : 1) ? next : undefined;
  if (state !== WATCHING && state !== drawn.state) return next;
  if (stage.outcome !== undefined) return undefined;
  const worth = upTo >= drawn.enoughUntil && now >= drawn.restsUntil;
  return worth ? next : undefined;
}

/** What the judge remembers goes on with the next stage, however late the last chart of this one comes. */
function looksWithData({ judge, outcome, lastLook }: StageRecord): number {
  if (judge !== undefined) return judge.looks - judge.noDataLooks;
  return outcome !== undefined && (lastLook?.sample ?? 0) > 0 ? 1 : 0;
}

function worthAnother({ watchedSince, watchUntil, heldFor = 0 }: StageRecord): Duration {
  if (watchedSince === undefined || watchUntil === undefined) return WORTH_ANOTHER;
  // An instant is a whole number of milliseconds, and the record takes no other.
  return Math.min(WORTH_ANOTHER, Math.ceil(A_THIRD * (watchUntil - watchedSince - heldFor)));
}
