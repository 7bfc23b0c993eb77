/** The evidence, number by number, against the published vectors of the method. */

import { describe, expect, it } from 'vitest';
import { addCounts, beginCountsStage, type CountsTerms, newCounts, phiOf } from '../../src/judge/counts.ts';
import { answerCounts, zOf } from '../../src/judge/counts-verdict.ts';
import { minutesToFind } from '../../src/judge/power.ts';
import { logEvidenceUnder } from '../../src/judge/ratio-grid.ts';
import { addValue, answerValues, beginValuesStage, logEvidence, newValues } from '../../src/judge/values.ts';
import {
  BASELINE_N,
  BASELINE_X,
  CANARY_N,
  CANARY_X,
  HISTORY,
  LOG_EVIDENCE,
  LOG_EVIDENCE_OF_VALUES,
  LOG_EVIDENCE_WITH_HISTORY,
  LOG_UNDER_DOUBLING,
  LOG_UNDER_MARGIN,
  PHI,
  PHI_WITH_HISTORY,
  RATIO,
  SIDE_OF_SHIFT,
  VALUES,
  Z_AT_END,
} from './vectors.ts';

const TERMS: CountsTerms = { alpha: 0.05, margin: 1.25, harm: 2, stages: 1 };

function replay(terms: CountsTerms) {
  const state = newCounts();
  beginCountsStage(state, 1, terms);
  const looks = BASELINE_N.map((n, look) => {
    const baseline = { n, x: BASELINE_X[look] ?? 0 };
    const canary = { n: CANARY_N[look] ?? 0, x: CANARY_X[look] ?? 0 };
    addCounts(state, { minutes: 1, baseline, canary }, terms);
    const answer = answerCounts(state, terms, false);
    return { ...answer, logClear: logEvidenceUnder(state.logs, Math.log(1.25), state.atMargin, answer.phi) };
  });
  return { looks, state };
}

function expectClose(got: readonly number[], want: readonly number[]): void {
  expect(got).toHaveLength(want.length);
  want.forEach((value, look) => {
    expect(Math.abs((got[look] ?? Number.NaN) - value), `look ${look + 1}`).toBeLessThan(1e-4);
  });
}

describe('AN-6: the published vectors hold to a ten-thousandth', () => {
  it('for counts without history', () => {
    const { looks, state } = replay(TERMS);
    expectClose(
      looks.map(({ logEvidence }) => logEvidence),
      LOG_EVIDENCE,
    );
    expectClose(
      looks.map(({ phi }) => phi),
      PHI,
    );
    expectClose(
      looks.map(({ ratio }) => ratio),
      RATIO,
    );
    expectClose(
      looks.map(({ logExcluded }) => logExcluded),
      LOG_UNDER_DOUBLING,
    );
    expectClose(
      looks.map(({ logClear }) => logClear),
      LOG_UNDER_MARGIN,
    );
    expect(zOf(state.all) / Math.sqrt(phiOf(state, TERMS))).toBeCloseTo(Z_AT_END, 4);
  });

  it('for counts with history', () => {
    const { looks } = replay({ ...TERMS, history: HISTORY });
    expectClose(
      looks.map(({ phi }) => phi),
      PHI_WITH_HISTORY,
    );
    expectClose(
      looks.map(({ logEvidence }) => logEvidence),
      LOG_EVIDENCE_WITH_HISTORY,
    );
  });

  it('for values', () => {
    const state = newValues();
    VALUES.forEach((d, look) => {
      addValue(state, d);
      const log = logEvidence(state.all, Math.log(1.1), undefined);
      expect(Math.abs(log - (LOG_EVIDENCE_OF_VALUES[look] ?? Number.NaN)), `look ${look + 1}`).toBeLessThan(
        1e-4,
      );
      expect(Math.sign(state.all.sum / state.all.n - Math.log(1.1))).toBe(SIDE_OF_SHIFT[look]);
    });
  });

  it('for the time that a doubling takes, before the start', () => {
    const errors = 0.01;
    expect(minutesToFind({ baseline: 200, canary: 200, errors }, 2, 0.05)).toBeCloseTo(27.8, 1);
    expect(minutesToFind({ baseline: 3_800, canary: 200, errors }, 2, 0.05)).toBeCloseTo(14.3, 1);
    expect(minutesToFind({ baseline: 20, canary: 20, errors }, 2, 0.05)).toBeCloseTo(278, 0);
  });

  it('and a value that was surely better in its first stages is no evidence of harm in the next', () => {
    const terms = { alpha: 0.05, stages: 3, failFrom: Math.log(1.1), passUnder: Math.log(1.25) };
    const state = newValues();
    for (const stage of [1, 2, 3]) {
      beginValuesStage(state, stage, terms);
      for (let look = 0; look < 60; look += 1) addValue(state, look % 2 === 0 ? -0.3 : -0.29);
    }
    expect(answerValues(state, terms)).toMatchObject({ verdict: 'pass' });
    expect(answerValues(state, terms).logEvidence).toBeLessThanOrEqual(0);
  });
});
