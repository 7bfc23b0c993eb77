import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/judge/judge.ts';
import type { MetricReading } from '../../src/judge/types.ts';
import { MINUTE } from '../../src/time.ts';
import { errors, looksAt, plan, rule, value } from './series.ts';

const HEALTHY = errors([1_000, 2], [1_000, 2]);
const P99_TRIPLES = rule({ metric: 'p99', kind: 'ratio', over: 3, minSample: 100, breaches: 3, of: 3 });

describe('what the judge must never pass', () => {
  it('AN-5: a window without data, whatever was seen before', () => {
    const { looks } = looksAt(plan(), [[HEALTHY], { noData: 'no series for checkout v2.1.0' }, [HEALTHY]]);
    expect(looks.map(({ verdict }) => verdict)).toEqual(['undecided', 'no_data', 'undecided']);
    expect(looks[1]).toMatchObject({ because: 'no series for checkout v2.1.0', metrics: [], sample: 1_000 });
  });

  it('AN-5: a canary that no request reaches while the baseline has plenty', () => {
    expect(looksAt(plan(), [[errors([4_000, 8], [0, 0])]]).last.verdict).toBe('no_data');
    const { last } = looksAt(plan(), [[HEALTHY], [errors([1_000, 2], [0, 0])]]);
    expect(last).toMatchObject({
      verdict: 'no_data',
      because: 'no request reached the canary, about 1,000 were expected',
    });
  });

  it('AN-5: nothing at all in either arm', () => {
    expect(looksAt(plan(), [[errors([0, 0], [0, 0])]]).last.verdict).toBe('no_data');
    expect(looksAt(plan(), [[]]).last.verdict).toBe('no_data');
  });

  it('AN-5: a stage in which a rule has no figure', () => {
    const judgePlan = plan({ triggers: [P99_TRIPLES] });
    const { last } = looksAt(judgePlan, [[HEALTHY]]);
    expect(last).toMatchObject({
      verdict: 'undecided',
      because: 'a rule is about p99, and there is no figure for it',
    });
    const { last: empty } = looksAt(judgePlan, [[HEALTHY, value('p99', 300, null)]]);
    expect(empty).toMatchObject({ verdict: 'undecided', because: 'p99: no figure for the canary' });
    expect(empty).not.toHaveProperty('mayGoOn');
  });

  it('AN-5: a baseline that has fallen silent', () => {
    expect(looksAt(plan(), [[HEALTHY], [errors([0, 0], [1_000, 2])]]).last.verdict).toBe('no_data');
  });

  it.each([20, 200, 2_000])('AN-6: 0, 1, 2, 1, 0, 0 errors against none, at %i requests a look', (n) => {
    const windows = [0, 1, 2, 1, 0, 0].map((x) => [errors([n, 0], [n, x])]);
    expect(looksAt(plan(), windows).last.verdict).not.toBe('pass');
  });

  it('AN-6: seven intervals of ten at 100 against a steady 1, in any order, with or without a rule', () => {
    const seven = [100, 100, 100, 100, 100, 100, 100, 1, 1, 1];
    const order = fc.shuffledSubarray(seven, { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(order, fc.subarray([P99_TRIPLES]), (figures, rules) => {
        const windows = figures.map((figure) => [HEALTHY, value('p99', 1, figure)]);
        expect(looksAt(plan({ triggers: rules }), windows).last.verdict).not.toBe('pass');
      }),
      { seed: 1 },
    );
  });

  it('AN-6: a sample that is too small, however good it looks', () => {
    const quiet = Array.from({ length: 4 }, () => [errors([40, 0], [19, 0])]);
    const { last } = looksAt(plan(), quiet);
    expect(last).toMatchObject({
      verdict: 'undecided',
      because: 'too early to tell about errors',
      sample: 76,
    });
    expect(looksAt(plan({ negligible: 0.1 }), quiet).last.verdict).toBe('undecided');
  });

  it('AN-6: no error in either arm is a pass only where so few are negligible, and surely so', () => {
    const none = Array.from({ length: 12 }, () => [errors([1_000, 0], [1_000, 0])]);
    expect(looksAt(plan(), none).last.verdict).toBe('undecided');
    const { looks } = looksAt(plan({ negligible: 0.1 }), none);
    expect(looks[1]?.verdict).toBe('undecided');
    expect(looks.at(-1)).toMatchObject({
      verdict: 'pass',
      because: /so few errors that no rise would matter/,
    });
  });

  it.each<[string, MetricReading, RegExp]>([
    ['no number', errors([1_000, 2], [Number.NaN, 2]), /no number/],
    ['a figure below zero', errors([1_000, 2], [1_000, -3]), /below zero: a counter was reset/],
    ['more errors than requests', errors([1_000, 2], [10, 11]), /more bad ones than there were/],
    ['an infinite figure', errors([Number.POSITIVE_INFINITY, 2], [1_000, 2]), /no number/],
  ])('AN-5: %s is no data with its reason, and is never added', (_what, bad, because) => {
    const { looks, state } = looksAt(plan(), [[HEALTHY], [bad], [HEALTHY]]);
    expect(looks[1]).toMatchObject({ verdict: 'no_data', because: expect.stringMatching(because) });
    expect(state.totals.errors).toEqual({ baseline: { n: 2_000, x: 4 }, canary: { n: 2_000, x: 4 } });
  });

  it('AN-5: a window that overlaps one that was judged is no data: nothing counts twice', () => {
    const twice = { from: 0, to: MINUTE, metrics: [HEALTHY] };
    const { looks, state } = looksAt(plan(), [twice, twice]);
    expect(looks[1]).toMatchObject({ verdict: 'no_data', because: 'a window that was looked at before' });
    expect(state.totals.errors?.canary.n).toBe(1_000);
  });

  it('AN-6: seven intervals of ten at 100 against a steady 1 fail by the seventh', () => {
    const orders = plan({ metrics: [{ name: 'wait', worse: 'higher', action: 'roll_back' }] });
    const windows = Array.from({ length: 7 }, () => [HEALTHY, value('wait', 1, 100)]);
    expect(looksAt(orders, windows).looks.map(({ verdict }) => verdict)).toContain('fail');
  });

  it('AN-6: a bimodal baseline that hides a shifted canary does not let it pass', () => {
    const judged = plan({ metrics: [{ name: 'wait', worse: 'higher', action: 'hold' }] });
    const windows = Array.from({ length: 30 }, (_, index) => [
      HEALTHY,
      value('wait', index % 2 === 0 ? 10 : 100, index % 2 === 0 ? 60 : 70),
    ]);
    const { last } = looksAt(judged, windows);
    expect(last.metrics[1]?.verdict).not.toBe('pass');
  });

  it('AN-6: a value that is open is called open, not as good as seen', () => {
    const windows = Array.from({ length: 40 }, (_, look) => [
      HEALTHY,
      value('p99', 300, look % 2 === 0 ? 250 : 360),
    ]);
    const criteria = [{ metric: 'p99', kind: 'ratio' as const, over: 1.1, minSample: 100 }];
    const { looks } = looksAt(plan({ negligible: 1, criteria }), windows);
    const open = looks.find(({ because }) => because.startsWith('p99'));
    expect(open).toMatchObject({
      verdict: 'undecided',
      because: expect.stringMatching(/^p99 1× baseline.*, a rise over 10 % is not excluded yet$/),
      unseen: 'a rise of p99 is not excluded yet, and nothing speaks for one',
    });
  });

  it('AN-1: a stage whose errors are surely over its criterion, or whose sample is too small for it', () => {
    const criteria = [{ metric: 'errors', kind: 'absolute' as const, over: 0.1, minSample: 5_000 }];
    const same = Array.from({ length: 40 }, () => [errors([1_000, 5], [1_000, 5])]);
    expect(looksAt(plan({ criteria }), same).last).toMatchObject({
      verdict: 'undecided',
      because: 'errors 0.5 % over the stage, to pass it must not be over 0.1 %',
      metrics: [{ unmet: criteria[0] }],
    });
    expect(looksAt(plan({ criteria }), same).last).not.toHaveProperty('mayGoOn');
    expect(looksAt(plan({ criteria }), same.slice(0, 3)).last.verdict).toBe('undecided');
  });

  it('AN-1: a stage of which one figure has too small a sample for its criterion, however well the others look', () => {
    const windows = Array.from({ length: 40 }, () => [
      errors([4_000, 8], [4_000, 8]),
      value('p99', 300, 300),
    ]);
    const judged = (minSample: number) =>
      looksAt(plan({ criteria: [{ metric: 'p99', kind: 'ratio', over: 1.1, minSample }] }), windows).last;
    expect(judged(1).verdict).toBe('pass');
    expect(judged(1_000_000)).toMatchObject({ verdict: 'undecided' });
  });

  it('AN-6: what looks worse never goes on undecided, though it may be watched longer', () => {
    const looks = Array.from(
      { length: 60 },
      (_, more) => looksAt(plan(), [[errors([1_000, 5], [1_000, 5 + more])]]).last,
    );
    const undecided = looks.filter(({ verdict }) => verdict === 'undecided');
    const looksWorse = undecided.filter(({ metrics }) => (metrics[0]?.evidence ?? 0) >= 3);
    expect(looksWorse.length).toBeGreaterThan(3);
    expect(undecided.length).toBeGreaterThan(looksWorse.length);
    for (const look of undecided) {
      expect(look.mayExtend).toBe(true);
      expect(look.mayGoOn).toBe(looksWorse.includes(look) ? undefined : true);
    }
  });
});

describe('what the judge passes', () => {
  it('a canary like its baseline, with the ratio and its interval', () => {
    const { last } = looksAt(
      plan(),
      Array.from({ length: 20 }, () => [HEALTHY, value('p99', 310, 322)]),
    );
    expect(last).toMatchObject({ verdict: 'pass', number: 20, sample: 20_000 });
    expect(last.because).toMatch(
      /^a doubling is excluded: errors 1× baseline \(0\.\d+–\d(\.\d)?×\) after 20,000 requests$/,
    );
    expect(last).not.toHaveProperty('action');
    expect(last).not.toHaveProperty('decidesIn');
    expect(last.metrics.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
  });

  it('with all the traffic, by its absolute rules alone, and says so', () => {
    const alone = [errors([0, 0], [5_000, 10]), value('p99', null, 310)];
    const absolute = rule({ metric: 'errors', kind: 'absolute', over: 1 });
    const relative = rule({ metric: 'p99', kind: 'ratio', over: 3 });
    const { last } = looksAt(plan({ triggers: [absolute, relative] }), [alone]);
    expect(last.verdict).toBe('pass');
    expect(last.because).toContain('there is no baseline beside it');
    const { last: unjudged } = looksAt(plan({ triggers: [relative] }), [alone]);
    expect(unjudged.verdict).toBe('undecided');
  });
});

describe('how the judge fails a canary', () => {
  it('AN-3: critical errors act at once, at any sample', () => {
    const { last } = looksAt(plan(), [{ metrics: [errors([5, 0], [1, 0])], criticalErrors: 2 }]);
    expect(last).toMatchObject({
      verdict: 'fail',
      action: 'roll_back',
      because: "2 critical errors in the canary's log",
    });
  });

  it('AN-6: on the evidence, with the odds it takes', () => {
    const { looks, last } = looksAt(
      plan(),
      Array.from({ length: 6 }, () => [errors([1_000, 5], [1_000, 20])]),
    );
    const failed = looks.find(({ verdict }) => verdict === 'fail');
    expect(failed).toMatchObject({ action: 'roll_back', number: 3 });
    expect(failed?.because).toMatch(/^errors 3\.9× baseline.*, \d+ : 1 that it is worse$/);
    expect(failed?.metrics[0]?.evidence).toBeGreaterThanOrEqual(20);
    expect(last.metrics[0]?.interval?.[0]).toBeGreaterThan(1.25);
  });

  it('AN-6: two metrics of counts share the alpha', () => {
    const second = { ...HEALTHY, metric: 'slow' };
    const windows = Array.from({ length: 12 }, () => [errors([1_000, 10], [1_000, 24])]);
    const firstFail = (series: MetricReading[][]) =>
      looksAt(plan(), series, Number.POSITIVE_INFINITY).looks.find(({ verdict }) => verdict === 'fail');
    const one = firstFail(windows);
    const two = firstFail(windows.map((window) => [...window, second]));
    expect(one?.metrics[0]?.evidence).toBeGreaterThanOrEqual(20 / 0.9);
    expect(two?.metrics[0]?.evidence).toBeGreaterThanOrEqual(40 / 0.9);
    expect(one?.number).toBeLessThan(two?.number ?? Number.POSITIVE_INFINITY);
  });

  it('a bad hour that both arms share is no fault of the canary', () => {
    const windows = [1, 5, 50, 20, 2].map((x) => [errors([1_000, x], [1_000, x])]);
    expect(looksAt(plan(), windows).looks.map(({ verdict }) => verdict)).not.toContain('fail');
  });
});

describe('the look', () => {
  it('changes nothing that it was given', () => {
    const frozen = deepFreeze(
      looksAt(plan({ triggers: [P99_TRIPLES] }), [[HEALTHY, value('p99', 1, 5)]]).state,
    );
    const reading = deepFreeze({ from: 0, to: MINUTE, metrics: [HEALTHY, value('p99', 1, 5)] });
    const judgePlan = deepFreeze(plan({ triggers: [P99_TRIPLES] }));
    const { state } = judge(judgePlan, frozen, reading, {
      stage: { number: 1, of: 1 },
      lookEvery: MINUTE,
    });
    expect(state.looks).toBe(2);
  });

  it('carries a state of the same size at the thousandth look, which survives JSON', () => {
    const windows = Array.from({ length: 1_000 }, (_, index) => [
      errors([1_000, index % 7], [500, index % 4]),
      value('p99', 300, 300 + (index % 5)),
    ]);
    const judgePlan = plan({ triggers: [P99_TRIPLES] });
    const early = looksAt(judgePlan, windows.slice(0, 10)).state;
    const { state } = looksAt(judgePlan, windows);
    expect(JSON.stringify(state).length).toBeLessThan(JSON.stringify(early).length * 1.5);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });

  it('stays finite, ordered and serialisable for any counts', () => {
    const arm = fc.nat(100_000).chain((n) => fc.record({ n: fc.constant(n), x: fc.nat(n) }));
    const metric = fc.record({
      metric: fc.constant('errors'),
      kind: fc.constant('counts' as const),
      baseline: arm,
      canary: arm,
    });
    fc.assert(
      fc.property(fc.array(metric, { minLength: 1, maxLength: 5 }), (series) => {
        const { looks, state } = looksAt(
          plan(),
          series.map((window) => [window]),
        );
        expect(JSON.parse(JSON.stringify({ looks, state }))).toEqual({ looks, state });
        for (const look of looks) {
          const { interval, ratio } = look.metrics[0] ?? {};
          if (interval) expect(interval[0]).toBeLessThanOrEqual(interval[1]);
          if (ratio !== undefined) expect(ratio).toBeGreaterThanOrEqual(0);
          expect(look.because).not.toMatch(/NaN|Infinity|undefined/);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
