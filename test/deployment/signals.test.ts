import { describe, expect, it } from 'vitest';
import type { FiredAlert, SignalRules, Signals } from '../../src/terms/signals.ts';
import { HOUR, MINUTE } from '../../src/time.ts';
import { inShort, judge, safeguards } from './builders.ts';
import { type Point, type World, worldAt } from './world.ts';

const alert = (world: World, change: Partial<FiredAlert> = {}): FiredAlert => ({
  id: 'a1',
  name: 'CheckoutSlow',
  critical: false,
  at: world.now,
  ...change,
});

const hear = (world: World, signals: Partial<Signals>): string =>
  inShort(world.tell({ kind: 'signalled', signals: { alerts: [], ...signals } }, judge));
const lose = (world: World): string =>
  inShort(world.tell({ kind: 'signalled', unknown: 'no answer' }, judge));

describe('AN-3, AN-4: what alerts and errors in logs bring', () => {
  const rules: SignalRules = { criticalError: 'report', criticalAlert: 'roll_back', alert: 'hold' };
  it.each<[string, Point, Partial<FiredAlert> | 'critical error', SignalRules | undefined, string]>([
    ['an alert is told', 'watching', {}, undefined, 'accepted signalled'],
    ['a critical one holds', 'watching', { critical: true }, undefined, 'accepted signalled held'],
    [
      'and asks in the observation',
      'observing',
      { critical: true },
      undefined,
      'accepted signalled observation_unsettled',
    ],
    ['what is held stays held', 'held watching', { critical: true }, undefined, 'accepted signalled'],
    [
      'a critical error goes back',
      'watching',
      'critical error',
      undefined,
      'accepted signalled rollback_started',
    ],
    [
      'out of a hold as well',
      'held watching',
      'critical error',
      undefined,
      'accepted signalled rollback_started',
    ],
    ['the policy may have it told', 'watching', 'critical error', rules, 'accepted signalled'],
    ['or any alert hold', 'watching', {}, rules, 'accepted signalled held'],
    [
      'or a critical one go back',
      'observing',
      { critical: true },
      rules,
      'accepted signalled rollback_started',
    ],
    ['nothing is done before its start', 'scheduled', { critical: true }, undefined, 'unchanged'],
    ['nor once it goes back', 'rolling_back', 'critical error', undefined, 'unchanged'],
  ])('%s', (_what, point, what, signals, ends) => {
    const world = worldAt(point, { safeguards: safeguards(signals === undefined ? {} : { signals }) });
    const said = what === 'critical error' ? { criticalErrors: 1 } : { alerts: [alert(world, what)] };
    expect(hear(world, said)).toBe(ends);
  });

  it('an alert is told once as long as it fires, and one that fired before the start is not its doing', () => {
    const world = worldAt('watching');
    const fires = { alerts: [alert(world)] };
    const before = {
      alerts: [alert(world, { id: 'old', at: (world.d.rollout?.startedAt ?? 0) - 1, critical: true })],
    };
    expect(hear(world, before)).toBe('unchanged');
    expect(hear(world, fires)).toBe('accepted signalled');
    expect(hear(world.pass(MINUTE), fires)).toBe('unchanged');
    expect(hear(world, { alerts: [alert(world)] })).toBe('accepted signalled');
  });
});

describe('AN-5: where nobody can say whether alerts fired', () => {
  it('it is said once, holds after as long as figures may be missing, and is over when they can', () => {
    const world = worldAt('watching');
    expect(lose(world)).toBe('accepted signals_lost');
    expect(lose(world.pass(2 * MINUTE))).toBe('unchanged');
    expect(lose(world.pass(MINUTE))).toBe('accepted held');
    expect(world.d.rollout?.hold?.reason).toBe('nobody can say whether alerts fired: no answer');
    expect(hear(world, {})).toBe('accepted signalled');
    expect(world.d.signals?.unknown).toBeUndefined();
  });

  it('no stage ends as passed, however good its figures are', () => {
    const world = worldAt('watching');
    const until = world.d.rollout?.stages[0]?.watchUntil ?? 0;
    world.now = until - MINUTE;
    world.look();
    lose(world.pass(MINUTE));
    expect(inShort(world.look())).toBe('accepted looked held');
  });

  it('the observation is not handed over by itself, nor is there an all-clear', () => {
    const world = worldAt('observing', {
      safeguards: safeguards({ observeFor: 2 * HOUR, allClearAfter: HOUR }),
    });
    world.nextLook();
    lose(world.pass(HOUR));
    world.wake();
    expect(world.d.rollout?.finalWatch?.allClear?.withheld).toContain('nobody can say whether alerts fired');
    expect(inShort(world.pass(HOUR).look())).toBe('accepted looked observation_unsettled');
  });
});

it('MV-1, MV-3: errors in the log add up beside the looks, and an alert since withholds the all-clear', () => {
  const world = worldAt('observing', { safeguards: safeguards({ allClearAfter: HOUR }) });
  for (const logErrors of [3, 4]) {
    world.pass(5 * MINUTE);
    const [, question] = [0, world.now];
    world.tell(
      {
        kind: 'measured',
        logErrors,
        reading: {
          from: question - 5 * MINUTE,
          to: question,
          metrics: [
            { metric: 'errors', kind: 'counts', baseline: { n: 0, x: 0 }, canary: { n: 9_000, x: 1 } },
          ],
        },
      },
      judge,
    );
  }
  expect(world.d.rollout?.finalWatch?.logErrors).toBe(7);
  hear(world, { alerts: [alert(world)] });
  expect(inShort(world.pass(HOUR).wake())).toBe('accepted all_clear');
  expect(world.d.rollout?.finalWatch?.allClear?.withheld).toBe('alerts fired: CheckoutSlow');
});
