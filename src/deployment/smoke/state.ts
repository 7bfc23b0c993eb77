/** What a deployment knows of the newest run of its smoke tests. */

import type { Flakiness, SmokeResult, SmokeVerdict } from '../../policy/smoke.ts';
import type { Instant } from '../../time.ts';

/** A step of the plan, the check after the last one, or the way back. */
export type SmokePhase = 'step' | 'verification' | 'rollback';

export interface SmokeState {
  /** The number of the event that began it. */
  run: number;
  phase: SmokePhase;
  since: Instant;
  /** What is tried: after a rollback the version before. */
  version: string;
  /** Requests must reach the new version alone: the old one has traffic as well. */
  toArm: boolean;
  /** The tests that are asked, by id. */
  tests: string[];
  results: SmokeResult[];
  /** How its tests did over all runs at this place, those of deployments before it among them (SM-4). */
  tally?: Flakiness[];
  /** Once all are in, one of the critical failed, or their time is over. */
  verdict?: SmokeVerdict & { at: Instant };
}
