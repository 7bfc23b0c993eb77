/** Plans, readings and runs for the judge's tests. */

import { drawsFor } from '../../src/backends/simulator/random.ts';
import { judge } from '../../src/judge/judge.ts';
import type { JudgePlan, JudgeState, Look, MetricReading, Reading, Trigger } from '../../src/judge/types.ts';
import { MINUTE } from '../../src/time.ts';

export function plan(over: Partial<JudgePlan> = {}): JudgePlan {
  return {
    alpha: 0.05,
    margin: 1.25,
    harm: 2,
    criteria: [],
    triggers: [],
    metrics: [],
    undecided: { usual: 'go_on', last: 'extend' },
    stages: [],
    ...over,
  };
}

export function rule(over: Partial<Trigger> & Pick<Trigger, 'metric' | 'kind' | 'over'>): Trigger {
  return { minSample: 0, breaches: 1, of: 1, action: 'roll_back', ...over };
}

export function errors(baseline: [n: number, x: number], canary: [n: number, x: number]): MetricReading {
  return {
    metric: 'errors',
    kind: 'counts',
    baseline: { n: baseline[0], x: baseline[1] },
    canary: { n: canary[0], x: canary[1] },
  };
}

export function value(
  metric: string,
  baseline: number | null,
  canary: number | null,
  unit: 'ms' | '%' | '' = 'ms',
): MetricReading {
  return { metric, kind: 'values', unit, baseline, canary };
}

/** One look a minute over these windows. */
export function looksAt(
  judgePlan: JudgePlan,
  windows: (MetricReading[] | { noData: string } | Partial<Reading>)[],
  stageEndsAt = windows.length * MINUTE,
): { looks: Look[]; last: Look; state: JudgeState } {
  let state: JudgeState | undefined;
  const looks: Look[] = [];
  windows.forEach((window, index) => {
    const content = Array.isArray(window) ? { metrics: window } : window;
    const reading = { from: index * MINUTE, to: (index + 1) * MINUTE, ...content } as Reading;
    const answer = judge(judgePlan, state, reading, {
      stage: { number: 1, of: 1 },
      stageEndsAt,
      lookEvery: MINUTE,
    });
    looks.push(answer.look);
    state = answer.state;
  });
  const last = looks.at(-1);
  if (last === undefined || state === undefined) throw new Error('a series needs a window');
  return { looks, last, state };
}

/** The look at which it failed, 1 for the first; undefined where it never did. */
export function failsAt(
  judgePlan: JudgePlan,
  run: { seed: string; looks: number; perMinute: [number, number]; rates: [number, number] },
): number | undefined {
  let state: JudgeState | undefined;
  for (let number = 1; number <= run.looks; number += 1) {
    const draw = drawsFor(run.seed, number);
    const [n, m] = [draw.poisson(run.perMinute[0]), draw.poisson(run.perMinute[1])];
    const metrics = [errors([n, draw.binomial(n, run.rates[0])], [m, draw.binomial(m, run.rates[1])])];
    const reading = { from: (number - 1) * MINUTE, to: number * MINUTE, metrics };
    const answer = judge(judgePlan, state, reading, {
      stage: { number: 1, of: 1 },
      lookEvery: MINUTE,
    });
    if (answer.look.verdict === 'fail') return number;
    state = answer.state;
  }
  return undefined;
}
