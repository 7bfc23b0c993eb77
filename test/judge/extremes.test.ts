/** Figures at the ends of what a number can be: the judge stays in its senses, and remembers nothing that cannot be written down (AN-5, AN-6). */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judge } from '../../src/judge/judge.ts';
import type { JudgePlan, JudgeState, MetricReading, Trigger } from '../../src/judge/types.ts';
import { soundReading } from '../../src/metrics/reading.ts';
import { MINUTE } from '../../src/time.ts';
import { plan } from './series.ts';

const counts = fc
  .constantFrom(0, 1, 3, 10, 1e3, 1e6, 1e9, 1e12, Number.MAX_SAFE_INTEGER)
  .chain((n) => fc.constantFrom(0, Math.min(n, 1), Math.floor(n / 2), n).map((x) => ({ n, x })));
const value = fc.constantFrom(null, 0, 5e-324, 1e-310, 1, Number.MAX_SAFE_INTEGER, Number.MAX_VALUE);
const metrics: fc.Arbitrary<MetricReading[]> = fc
  .record({ errors: fc.record({ baseline: counts, canary: counts }), cpu: fc.option(fc.tuple(value, value)) })
  .map(({ errors, cpu }) => [
    { metric: 'errors', kind: 'counts', ...errors },
    // It appears in the middle of a stage, and goes again.
    ...(cpu === null
      ? []
      : [{ metric: 'cpu', kind: 'values' as const, unit: '%' as const, baseline: cpu[0], canary: cpu[1] }]),
  ]);

const trigger: fc.Arbitrary<Trigger> = fc.record({
  metric: fc.constantFrom('errors', 'cpu', 'never_measured'),
  kind: fc.constantFrom('absolute', 'ratio', 'points'),
  over: fc.constantFrom(0, 1e-300, 1, 1e300),
  minSample: fc.constantFrom(0, 100),
  breaches: fc.constant(1),
  of: fc.constantFrom(1, 3),
  action: fc.constantFrom('roll_back', 'hold'),
});
const plans: fc.Arbitrary<JudgePlan> = fc
  .record({
    alpha: fc.constantFrom(1e-9, 0.05, 0.5),
    negligible: fc.constantFrom(0, 0.01, 0.5),
    triggers: fc.array(trigger, { maxLength: 3 }),
  })
  .map(plan);

it('AN-5: of whatever counts and values nothing is remembered that is no number, and none are good that all failed', () => {
  fc.assert(
    fc.property(plans, fc.array(metrics, { minLength: 1, maxLength: 6 }), (judged, windows) => {
      let state: JudgeState | undefined;
      const ended = windows.length * MINUTE;
      for (const [index, measured] of windows.entries()) {
        const window = { from: index * MINUTE, to: (index + 1) * MINUTE };
        const { reading } = soundReading({ ...window, metrics: measured }, window);
        const stage = { number: 1, of: 2 };
        const answer = judge(judged, state, reading, { stage, stageEndsAt: ended, lookEvery: MINUTE });
        expect(JSON.parse(JSON.stringify(answer.state))).toEqual(answer.state);
        expect(JSON.stringify(answer.look.metrics)).not.toContain('NaN');
        state = answer.state;
        if (answer.look.verdict === 'pass') expect(allFailed(windows.slice(0, index + 1))).toBe(false);
      }
    }),
    { seed: 3, numRuns: 400 },
  );
});

/** Every request that the new version was sent, and none of the old one's. */
function allFailed(windows: readonly MetricReading[][]): boolean {
  const errors = windows.flatMap((all) => all.filter((one) => one.kind === 'counts'));
  return errors.every(({ baseline, canary }) => canary.n > 0 && canary.x === canary.n && baseline.x === 0);
}
