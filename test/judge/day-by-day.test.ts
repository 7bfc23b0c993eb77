/** Errors too rare for single minutes, against whole days before the change. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { againstDays } from '../../src/judge/day-by-day.ts';

const of = (after: number | null, before: readonly number[], more = {}) =>
  againstDays({ after, before, requests: 300_000, margin: 1.25, negligible: 0.1, ...more });

describe('AN-6: a share of errors against the same hours of days before', () => {
  it.each<[string, ReturnType<typeof of>, 'pass' | 'fail' | 'undecided']>([
    ['a doubling', of(0.3, [0.14, 0.15, 0.16]), 'fail'],
    ['as ever', of(0.15, [0.14, 0.15, 0.16]), 'pass'],
    ['no worse than the worst of those days by the margin', of(0.24, [0.1, 0.1, 0.2]), 'pass'],
    ['a doubling of what is too small to matter', of(0.09, [0.04, 0.045, 0.05]), 'pass'],
    ['a doubling of a handful, which is chance', of(0.3, [0.14, 0.15, 0.16], { requests: 1_000 }), 'pass'],
    ['errors where there were none', of(0.3, [0, 0, 0]), 'fail'],
    ['one day to compare with', of(0.3, [0.15]), 'undecided'],
    ['no figure of its own', of(null, [0.15, 0.15, 0.15]), 'undecided'],
  ])('%s', (_, answer, verdict) => {
    expect(answer.verdict).toBe(verdict);
  });

  it('says how many times it is what those days had together', () => {
    expect(of(0.3, [0.1, 0.15, 0.2])).toMatchObject({ verdict: 'fail', effect: expect.closeTo(2, 9) });
  });

  it('more errors never weaken a fail', () => {
    const share = fc.double({ min: 0, max: 20, noNaN: true });
    fc.assert(
      fc.property(share, fc.array(share, { minLength: 2, maxLength: 4 }), share, (after, before, more) => {
        fc.pre(of(after, before).verdict === 'fail');
        expect(of(after + more, before).verdict).toBe('fail');
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
