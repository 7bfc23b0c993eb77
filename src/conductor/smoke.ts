/** What the conductor needs of whoever runs smoke tests: results for every test, and a rejection only for a fault of our own. */

import type { SmokeResult } from '../policy/smoke.ts';
import type { SmokeTerms, SmokeTest } from '../terms/smoke.ts';

export interface SmokeRunRequest {
  terms: SmokeTerms;
  tests: readonly SmokeTest[];
  /** Only to the new version, because the old one has traffic as well. */
  toArm: boolean;
  version: string;
}

export type SmokeRunner = (run: SmokeRunRequest, signal: AbortSignal) => Promise<SmokeResult[]>;
