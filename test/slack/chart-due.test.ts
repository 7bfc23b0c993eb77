import { describe, expect, it } from 'vitest';
import type { DrawnChart } from '../../src/conductor/ports/chart-store.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { rolloutOf, stagesBegun } from '../../src/deployment/rollout/progress.ts';
import type { StageRecord } from '../../src/deployment/rollout/state.ts';
import { chartDue } from '../../src/slack/chart-due.ts';
import { HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { deploymentIn, lookAt, T0 } from '../views/deployments.ts';

const NOW = T0;

/** Rolling out, with its second stage looked at so often, the last time after so many minutes. */
function watched(looks: number, minutes: number, more: Partial<StageRecord> = {}): Deployment {
  const d = deploymentIn('rolling_out');
  const judge = {
    stage: 2,
    looks,
    noDataLooks: 0,
    until: 0,
    counts: {},
    values: {},
    totals: {},
    means: {},
    windows: {},
  };
  const stages = stagesBegun(d).map((stage) =>
    stage.number === 2 ? { ...stage, judge, lastLook: lookAt(T0 + minutes * MINUTE), ...more } : stage,
  );
  return { ...d, rollout: { ...rolloutOf(d), stages } };
}
const drawn = (minutes: number, state = 'watching', enough = 10): DrawnChart => ({
  state,
  upTo: T0 + minutes * MINUTE,
  at: NOW - 20 * SECOND,
  enoughUntil: T0 + (minutes + enough) * MINUTE,
  restsUntil: NOW,
});
const held = (d: Deployment): Deployment => ({
  ...d,
  rollout: { ...rolloutOf(d), hold: { reason: 'odd', by: { kind: 'system', name: 'judge' }, at: 7 } },
});
const ended = (d: Deployment, outcome: NonNullable<StageRecord['outcome']>): Deployment => ({
  ...d,
  rollout: {
    ...rolloutOf(d),
    stages: stagesBegun(d).map((stage) => (stage.number === 2 ? { ...stage, endedAt: T0, outcome } : stage)),
  },
});

/** The judge remembers no more of it: the next stage was looked at. */
const late = (d: Deployment): Deployment => ({
  ...d,
  rollout: { ...rolloutOf(d), stages: stagesBegun(d).map(({ judge: _, ...stage }) => stage) },
});

/** As a batch of a rolling deployment has it. */
const SHORT: Partial<StageRecord> = { watchedSince: T0, watchUntil: T0 + 9 * MINUTE };

describe('K-5: another chart is due', () => {
  it.each<[string, Deployment, DrawnChart | undefined, string | undefined]>([
    [
      'not before anything was looked at',
      deploymentIn('rolling_out', { look: undefined }),
      undefined,
      undefined,
    ],
    ['not with one look: a line needs two ends', watched(1, 1), undefined, undefined],
    ['with the second look', watched(2, 2), undefined, 'watching'],
    ['not for a look more', watched(3, 3), drawn(2), undefined],
    ['not after nine minutes of watching', watched(11, 11), drawn(2), undefined],
    ['after ten minutes of watching', watched(12, 12), drawn(2), 'watching'],
    ['of a short watch after a third of it', watched(5, 5, SHORT), drawn(2, 'watching', 3), 'watching'],
    ['and not before', watched(4, 4, SHORT), drawn(2, 'watching', 3), undefined],
    ['when it is held, at once', held(watched(3, 3)), drawn(2), 'held 7'],
    ['when it is held with one look', held(watched(1, 1)), undefined, 'held 7'],
    ['not twice for one hold', held(watched(4, 4)), drawn(3, 'held 7'), undefined],
    ['for another hold', held(watched(4, 4)), drawn(3, 'held 6'), 'held 7'],
    ['not because it goes on', watched(5, 5), drawn(4, 'held 7'), undefined],
    ['when the stage has passed', ended(watched(30, 30), 'passed'), drawn(22), 'passed'],
    [
      'when it is late, and the next stage is looked at already',
      late(ended(watched(30, 30), 'went_on')),
      drawn(22),
      'went_on',
    ],
    ['late for a stage without any chart', late(ended(watched(30, 30), 'passed')), undefined, 'passed'],
    ['when it is rolled back', ended(watched(6, 6), 'rolled_back'), drawn(2), 'rolled_back'],
    ['never again after that', ended(watched(90, 90), 'passed'), drawn(30, 'passed'), undefined],
    ['not for looks without any data', held(watched(0, 5)), undefined, undefined],
  ])('%s', (_when, deployment, last, state) => {
    expect(chartDue(deployment, 2, last, NOW)?.state).toBe(state);
  });

  it.each<[string, Partial<StageRecord>, number]>([
    ['ten minutes of watching', {}, 10],
    ['a third of a short watch', SHORT, 3],
    ['no more where it was held', { ...SHORT, watchUntil: T0 + 69 * MINUTE, heldFor: HOUR }, 3],
  ])('and the one that is drawn will do for %s', (_how, stage, minutes) => {
    const next = chartDue(watched(2, 2, stage), 2, undefined, NOW);
    expect(next?.enoughUntil).toBe(T0 + (2 + minutes) * MINUTE);
  });

  it('and that is an instant that the record takes, however long it is watched', () => {
    for (const length of [10 * SECOND, 100 * SECOND, 7 * MINUTE + 1]) {
      const next = chartDue(watched(2, 2, { ...SHORT, watchUntil: T0 + length }), 2, undefined, NOW);
      expect(next?.enoughUntil).toSatisfy(Number.isInteger);
    }
  });

  it('not sooner than twenty seconds after the last, however fast the engine’s clock runs', () => {
    const last = chartDue(watched(2, 2), 2, undefined, NOW - 19 * SECOND);
    expect(chartDue(watched(60, 60), 2, last, NOW)).toBeUndefined();
    expect(chartDue(ended(watched(60, 60), 'passed'), 2, last, NOW)?.state).toBe('passed');
  });
});
