/** What smoke tests leave in the state: the newest run, whatever became of it. */

import { defined, given } from '../../defined.ts';
import type { SmokeResult } from '../../policy/smoke.ts';
import type { Evolvers } from '../evolver.ts';

export const SMOKE_EVOLVERS: Evolvers<'smoke_started' | 'smoke_skipped' | 'smoke_reported'> = {
  smoke_started: ({ smoke }, { phase, version, toArm, tests, seq, at }) => ({
    smoke: {
      run: seq,
      phase,
      since: at,
      version,
      toArm,
      tests,
      results: [],
      ...defined({ tally: smoke?.tally }),
    },
  }),
  smoke_skipped: () => ({}),
  smoke_reported: ({ smoke }, { results, verdict, tally, at }) =>
    smoke === undefined
      ? {}
      : {
          smoke: {
            ...smoke,
            results: withResults(smoke.results, results),
            ...defined({ tally: tally ?? smoke.tally }),
            ...defined({ verdict: given(verdict, (verdict) => ({ ...verdict, at })) }),
          },
        },
};

/** A later result stands in the place of the one before it. */
export function withResults(before: readonly SmokeResult[], more: readonly SmokeResult[]): SmokeResult[] {
  const newer = new Set(more.map(({ test }) => test));
  return [...before.filter(({ test }) => !newer.has(test)), ...more];
}
