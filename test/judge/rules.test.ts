import { describe, expect, it } from 'vitest';
import { judge } from '../../src/judge/judge.ts';
import { MINUTE } from '../../src/time.ts';
import { errors, looksAt, plan, rule, value } from './series.ts';

const TRAFFIC = errors([4_000, 8], [1_000, 2]);
const verdicts = (...args: Parameters<typeof looksAt>) =>
  looksAt(...args).looks.map(({ verdict }) => verdict);

describe('threshold rules', () => {
  it('AN-3: "p99 over 300 % of baseline in 3 of 3 looks" rolls back at the third, and says so', () => {
    const rules = [rule({ metric: 'p99', kind: 'ratio', over: 3, minSample: 100, breaches: 3, of: 3 })];
    const window = [TRAFFIC, value('p99', 310, 945)];
    const { looks } = looksAt(plan({ triggers: rules }), [window, window, window]);
    expect(looks.map(({ verdict }) => verdict)).toEqual(['undecided', 'undecided', 'fail']);
    expect(looks[2]).toMatchObject({
      action: 'roll_back',
      because: 'p99 305 % of baseline, over 300 % in 3 of the last 3 looks',
      metrics: [{ metric: 'errors' }, { metric: 'p99', verdict: 'fail', breached: rules[0] }],
    });
  });

  it('AN-3: "errors over 1 %" speaks of the canary alone, in percent', () => {
    const rules = [rule({ metric: 'errors', kind: 'absolute', over: 1, minSample: 500 })];
    const { last } = looksAt(plan({ triggers: rules }), [[errors([1_000, 18], [1_000, 19])]]);
    expect(last).toMatchObject({ verdict: 'fail', because: 'errors 1.9 %, over 1 %' });
    expect(verdicts(plan({ triggers: rules }), [[errors([1_000, 10], [1_000, 10])]])).not.toContain('fail');
  });

  it('AN-2: "0.5 points over the baseline" adds to the baseline', () => {
    const rules = [rule({ metric: 'errors', kind: 'points', over: 0.5, action: 'hold' })];
    const { last } = looksAt(plan({ triggers: rules }), [[errors([1_000, 10], [1_000, 16])]]);
    expect(last).toMatchObject({
      verdict: 'fail',
      action: 'hold',
      because: 'errors 0.6 points over baseline, over 0.5 points',
    });
    expect(verdicts(plan({ triggers: rules }), [[errors([1_000, 10], [1_000, 15])]])).not.toContain('fail');
  });

  it('a rule counts its sample over its window, and says nothing below it', () => {
    const triggers = [
      rule({ metric: 'errors', kind: 'absolute', over: 1, minSample: 200, breaches: 2, of: 2 }),
    ];
    const bad = [errors([100, 1], [100, 3])];
    const small = [errors([99, 1], [99, 3])];
    expect(verdicts(plan({ triggers, alpha: 1e-6 }), [bad, bad]).at(-1)).toBe('fail');
    expect(verdicts(plan({ triggers, alpha: 1e-6 }), [small, bad])).not.toContain('fail');
  });

  it('a last look that is shorter than a full one is joined to the one before', () => {
    const triggers = [rule({ metric: 'cpu', kind: 'absolute', over: 80, breaches: 2, of: 2 })];
    const high = [TRAFFIC, value('cpu', 45, 91, '%')];
    const short = { from: MINUTE, to: 1.2 * MINUTE, metrics: high };
    expect(verdicts(plan({ triggers }), [high, short])).toEqual(['undecided', 'undecided']);
    expect(verdicts(plan({ triggers }), [high, high]).at(-1)).toBe('fail');
  });

  it('a rule that was over often enough, and is not now, does not speak', () => {
    const rules = [rule({ metric: 'p99', kind: 'ratio', over: 2, breaches: 2, of: 3 })];
    const [good, bad] = [
      [TRAFFIC, value('p99', 100, 100)],
      [TRAFFIC, value('p99', 100, 250)],
    ] as const;
    expect(verdicts(plan({ triggers: rules }), [[...bad], [...good], [...good], [...bad]])).not.toContain(
      'fail',
    );
    expect(verdicts(plan({ triggers: rules }), [[...bad], [...good], [...bad]]).at(-1)).toBe('fail');
    expect(verdicts(plan({ triggers: rules }), [[...bad], [...bad], [...good]])).toEqual([
      'undecided',
      'fail',
      'undecided',
    ]);
  });

  it('a value that is over its bound now is no pass, although it is no fail yet', () => {
    const rules = [rule({ metric: 'cpu', kind: 'absolute', over: 80, breaches: 3, of: 5, action: 'hold' })];
    const good = [TRAFFIC, value('cpu', 45, 50, '%')];
    const { last } = looksAt(plan({ triggers: rules }), [
      good,
      good,
      good,
      [TRAFFIC, value('cpu', 45, 91, '%')],
    ]);
    expect(last).toMatchObject({
      verdict: 'undecided',
      because: 'CPU 91 %, over 80 % in 1 of the last 4 looks',
    });
  });

  it('of two rules that speak, the one that rolls back is heard', () => {
    const rules = [
      rule({ metric: 'cpu', kind: 'absolute', over: 80, action: 'hold' }),
      rule({ metric: 'p99', kind: 'ratio', over: 2, action: 'hold' }),
      rule({ metric: 'p99', kind: 'ratio', over: 3 }),
    ];
    const window = [TRAFFIC, value('cpu', 45, 91, '%'), value('p99', 100, 400)];
    expect(looksAt(plan({ triggers: rules }), [window]).last).toMatchObject({
      action: 'roll_back',
      because: 'p99 400 % of baseline, over 300 %',
    });
  });

  it('a baseline of nothing is taken as half an error, and as one thing in a queue', () => {
    const twice = [rule({ metric: 'errors', kind: 'ratio', over: 2 })];
    const against = (x: number) =>
      verdicts(plan({ triggers: twice, alpha: 1e-6 }), [[errors([1_000, 0], [1_000, x])]]);
    // Four against none is one in five where the canary has twice as many.
    expect(against(4)).not.toContain('fail');
    expect(against(12)).toContain('fail');
    const queue = [rule({ metric: 'queue_depth', kind: 'ratio', over: 10 })];
    expect(verdicts(plan({ triggers: queue }), [[TRAFFIC, value('queue_depth', 0, 9, '')]])).not.toContain(
      'fail',
    );
    expect(verdicts(plan({ triggers: queue }), [[TRAFFIC, value('queue_depth', 0, 11, '')]])).toEqual([
      'fail',
    ]);
  });

  it('starts counting again where the record forgot the breaches', () => {
    const judgePlan = plan({
      triggers: [rule({ metric: 'p99', kind: 'ratio', over: 2, breaches: 2, of: 3 })],
    });
    const metrics = [TRAFFIC, value('p99', 100, 250)];
    const { state } = looksAt(judgePlan, [metrics]);
    const again = { from: MINUTE, to: 2 * MINUTE, metrics };
    const verdictAfter = (windows: typeof state.windows) =>
      judge(judgePlan, { ...state, windows }, again, { stage: { number: 1, of: 1 }, lookEvery: MINUTE }).look
        .verdict;
    expect([verdictAfter(state.windows), verdictAfter({ p99: [] }), verdictAfter({})]).toEqual([
      'fail',
      'undecided',
      'undecided',
    ]);
  });
});
