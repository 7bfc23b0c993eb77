/** How long a version must have run in one environment before the next one opens to it. */

import type { Duration, Instant } from '../time.ts';

/** Frozen with the request. */
export interface Bake {
  /** The environment right before, where it bakes. */
  environment: string;
  for: Duration;
}

/** How a build does in the environment before, as far as the record says. */
export type Baking =
  /** It has all the traffic there since then; `blindFor`: of that time nobody knows how it was. */
  | { version: string; since: Instant; blindFor: Duration }
  /** It does not run there as it should, in words without a full stop. */
  | { version: string; stops: string };

/** When it has run there for long enough, if nothing happens; undefined where something has. */
export function bakedAt(bake: Bake, baking: Baking): Instant | undefined {
  return 'stops' in baking ? undefined : baking.since + bake.for + baking.blindFor;
}
