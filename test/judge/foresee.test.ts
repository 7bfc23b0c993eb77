/** What is foreseen of healthy rollouts before the first: played with the judge itself. */

import { describe, expect, it } from 'vitest';
import { foresee } from '../../src/judge/foresee.ts';
import { MINUTE } from '../../src/time.ts';
import { plan, rule } from './series.ts';

const STAGES = [
  { percent: 10, watchFor: 15 * MINUTE },
  { percent: 50, watchFor: 15 * MINUTE },
  { percent: 100, watchFor: 0 },
];
const ask = (more = {}, perMinute = 2_000, errors = 1) =>
  foresee(plan(more), { perMinute, errors }, STAGES, MINUTE);

describe('AN-6: how many healthy rollouts will need nobody', () => {
  it('nearly all where there is traffic enough, and it says the same twice', () => {
    const once = ask();
    expect(once.reach).toBeGreaterThanOrEqual(90);
    expect(once.held).toHaveLength(2);
    expect(ask()).toEqual(once);
  });

  it('hardly any where the last stage cannot decide, and that is where they wait', () => {
    const { reach, rolledBack, held } = ask({}, 20);
    expect(reach).toBeLessThan(10);
    expect(rolledBack).toBeLessThan(10);
    expect(held[1]).toBeGreaterThan(70);
    expect(ask({}, 20)).toMatchObject({ over: [], open: ['errors'] });
  });

  it('all go on undecided where a team writes so', () => {
    expect(ask({ undecided: { usual: 'go_on', last: 'go_on' } }, 20).reach).toBeGreaterThan(80);
  });

  it('none where a service lives over a line that its rules draw', () => {
    const criteria = [{ metric: 'errors', kind: 'absolute' as const, over: 0.1, minSample: 1 }];
    expect(ask({ criteria })).toMatchObject({ reach: 0, over: ['errors'] });
    const triggers = [rule({ metric: 'errors', kind: 'absolute', over: 0.1, minSample: 1 })];
    expect(ask({ triggers }).rolledBack).toBe(100);
  });

  it('a rule about a machine, or about orders, is no reason to wait', () => {
    const triggers = [
      rule({ metric: 'cpu', kind: 'absolute', over: 80, action: 'hold' }),
      rule({ metric: 'orders', kind: 'absolute', over: 500, worse: 'lower', action: 'hold' }),
    ];
    const metrics = [{ name: 'orders', worse: 'lower' as const, action: 'hold' as const }];
    expect(ask({ triggers, metrics }).reach).toBeGreaterThanOrEqual(85);
  });
});
