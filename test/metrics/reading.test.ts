/** What comes in is checked before it is judged: by table, and whatever a source may say. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricReading, Reading } from '../../src/judge/types.ts';
import { soundReading } from '../../src/metrics/reading.ts';

const WINDOW = { from: 1_000, to: 61_000 };
const counts = (canary: { n: number; x: number }, baseline = { n: 900, x: 2 }): MetricReading => ({
  metric: 'errors',
  kind: 'counts',
  baseline,
  canary,
});
const p99 = (canary: number | null, baseline: number | null = 300): MetricReading => ({
  metric: 'p99',
  kind: 'values',
  unit: 'ms',
  baseline,
  canary,
});
const GOOD = counts({ n: 100, x: 1 });

describe('AN-5: a figure that cannot be is no data', () => {
  it.each<[string, MetricReading, string]>([
    [
      'a counter that began anew',
      counts({ n: 100, x: -50 }),
      'errors of the canary: -50 failures cannot be; a counter that began anew?',
    ],
    [
      'fewer requests than none',
      counts({ n: -1, x: 0 }),
      'errors of the canary: -1 requests cannot be; a counter that began anew?',
    ],
    [
      'more failures than requests',
      counts({ n: 10, x: 11 }),
      'errors of the canary: 11 failures of 10 requests cannot be',
    ],
    ['not a number', counts({ n: Number.NaN, x: 0 }), 'errors of the canary: NaN requests cannot be'],
    [
      'without end',
      counts({ n: 10, x: Number.POSITIVE_INFINITY }),
      'errors of the canary: Infinity failures cannot be',
    ],
    ['half a request', counts({ n: 10.5, x: 0 }), 'errors of the canary: 10.5 requests cannot be'],
  ])('in the counts of the canary, %s: the whole look', (_, metric, says) => {
    expect(soundReading({ ...WINDOW, metrics: [metric, p99(310)] }, WINDOW)).toEqual({
      reading: { ...WINDOW, noData: says },
      faults: [says],
    });
  });

  it.each<[string, MetricReading, MetricReading, string]>([
    [
      'the baseline has none',
      { ...counts({ n: 100, x: 1 }, { n: 5, x: 6 }), metric: 'slow' },
      { ...counts({ n: 100, x: 1 }, { n: 0, x: 0 }), metric: 'slow' },
      'slow of the baseline: 6 failures of 5 requests cannot be',
    ],
    ['a latency of the canary is none', p99(Number.NaN), p99(null), 'p99 of the canary: NaN cannot be'],
    [
      'one of the baseline is none',
      p99(310, -1),
      p99(310, null),
      'p99 of the baseline: -1 cannot be; a counter that began anew?',
    ],
  ])('elsewhere, %s: that figure', (_, metric, left, says) => {
    expect(soundReading({ ...WINDOW, metrics: [GOOD, metric] }, WINDOW)).toEqual({
      reading: { ...WINDOW, metrics: [GOOD, left] },
      faults: [says],
    });
  });

  it('says nothing where it is of another time than was asked for, or names a metric twice', () => {
    const reading = { ...WINDOW, metrics: [GOOD] };
    for (const asked of [
      { from: WINDOW.from - 1, to: WINDOW.to },
      { from: WINDOW.from, to: WINDOW.to + 1 },
    ])
      expect(soundReading(reading, asked).reading).toEqual({
        ...asked,
        noData: 'the source answered for another time than it was asked for',
      });
    expect(soundReading({ ...reading, metrics: [GOOD, GOOD] }, WINDOW).reading).toEqual({
      ...WINDOW,
      noData: 'errors comes twice in one answer',
    });
  });

  it('a critical error counts whatever else is faulty, and is itself a count', () => {
    const faulty = counts({ n: 1, x: 2 });
    expect(soundReading({ ...WINDOW, metrics: [faulty], criticalErrors: 1 }, WINDOW).reading).toEqual({
      ...WINDOW,
      metrics: [],
      criticalErrors: 1,
    });
    expect(soundReading({ ...WINDOW, metrics: [GOOD], criticalErrors: Number.NaN }, WINDOW).reading).toEqual({
      ...WINDOW,
      noData: 'NaN critical errors cannot be',
    });
  });

  it('leaves what is sound, and what says itself that there is nothing, as it is', () => {
    const good: Reading = { ...WINDOW, metrics: [GOOD, p99(null)], criticalErrors: 0 };
    expect(soundReading(good, WINDOW)).toEqual({ reading: good, faults: [] });
    const none: Reading = { ...WINDOW, noData: 'no series' };
    expect(soundReading(none, WINDOW)).toEqual({ reading: none, faults: [] });
  });

  it('lets nothing through that cannot be, whatever a source says', () => {
    const any = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY));
    const arm = fc.record({ n: any, x: any });
    const metric = fc.oneof(
      fc.tuple(arm, arm).map(([canary, baseline]) => counts(canary, baseline)),
      fc.tuple(fc.option(any), fc.option(any)).map(([canary, baseline]) => p99(canary, baseline)),
    );
    fc.assert(
      fc.property(fc.array(metric, { maxLength: 4 }), fc.nat(2), (metrics, criticalErrors) => {
        const { reading } = soundReading({ ...WINDOW, metrics, criticalErrors }, WINDOW);
        for (const one of 'noData' in reading ? [] : reading.metrics) {
          for (const figure of [one.canary, one.baseline]) {
            if (figure === null) continue;
            if (typeof figure === 'number') expect(figure >= 0 && Number.isFinite(figure)).toBe(true);
            else expect(figure.n >= figure.x && figure.x >= 0 && Number.isSafeInteger(figure.n)).toBe(true);
          }
        }
      }),
    );
  });
});
