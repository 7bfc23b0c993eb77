import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tally } from '../../bench/suspects.ts';
import { type Change, LOOK_BACK, rankSuspects, type Scene } from '../../src/alerts/suspects.ts';
import type { Changed } from '../../src/alerts/what-changed.ts';
import { HOUR, MINUTE } from '../../src/time.ts';
import { KINDS, knownScenes } from './scenes.ts';

const AT = Date.UTC(2026, 10, 27, 3);

const change = (over: Partial<Change> = {}): Change => ({
  deployment: 'D-1',
  service: 'checkout',
  environment: 'production',
  version: 'v2.1.0',
  startedAt: AT - 40 * MINUTE,
  grewAt: AT - 6 * MINUTE,
  rolledBack: false,
  judged: 'undecided',
  ...over,
});
const finished = (before: number, over: Partial<Change> = {}): Change =>
  change({ startedAt: AT - before - HOUR, grewAt: AT - before - 30 * MINUTE, endedAt: AT - before, ...over });

const NEEDS: Record<string, string[]> = {
  checkout: ['payments'],
  payments: ['ledger', 'checkout'],
  ledger: ['vault'],
};
const scene = (changes: Change[], over: Partial<Scene> = {}): Scene => ({
  service: 'checkout',
  environment: 'production',
  at: AT,
  changes,
  dependsOn: (service) => NEEDS[service] ?? [],
  ...over,
});
const named = (changes: Change[], over?: Partial<Scene>): string[] =>
  rankSuspects(scene(changes, over)).map((one) => one.change.deployment);

const changed = (over: Partial<Changed> = {}): Changed => ({
  commits: 4,
  files: 9,
  areas: [{ name: 'src/basket', files: 6 }],
  touches: [],
  partial: false,
  ...over,
});

describe('K-6, K-11: what a deployment changed', () => {
  const quiet = change({ deployment: 'D-2', changed: changed({ areas: [] }) });
  const order = (one: Change, said: string): string[] => named([quiet, one], { said });

  it.each([
    ['an area of the code', changed(), 'BasketErrors: 5xx in basket of checkout'],
    ['the database', changed({ touches: ['database'] }), 'Deadlock in PostgreSQL'],
    ['who may do what', changed({ touches: ['security'] }), 'Logins fail'],
  ])('comes first where the alert names %s', (_what, of, said) => {
    const one = change({ startedAt: quiet.startedAt - 1, changed: of });
    expect(order(one, said)).toEqual(['D-1', 'D-2']);
    expect(order(one, 'HighLatency')).toEqual(['D-2', 'D-1']);
    const [first] = rankSuspects(scene([one], { said }));
    expect(first?.reasons.some(({ kind }) => kind === 'touched')).toBe(true);
  });

  it('is a hint and no proof: a name does not outweigh what the judge saw', () => {
    const worse = { ...quiet, judged: 'worse' as const };
    const spoken = change({ changed: changed() });
    expect(named([spoken, worse], { said: 'basket is slow' })).toEqual(['D-2', 'D-1']);
  });

  it('that is nothing comes later, where it is known whole', () => {
    const same = change({ deployment: 'D-3', changed: changed({ commits: 0, files: 0, areas: [] }) });
    expect(named([same, change({ startedAt: same.startedAt - 1 })])).toEqual(['D-1', 'D-3']);
    const unknown = { ...same, changed: changed({ commits: 0, files: 0, areas: [], partial: true }) };
    expect(rankSuspects(scene([unknown]))[0]?.reasons).not.toContainEqual({ kind: 'same_code' });
  });

  it('is not found in words that stand everywhere', () => {
    const areas = [
      { name: 'services', files: 3 },
      { name: 'api', files: 3 },
    ];
    const [found] = rankSuspects(
      scene([change({ changed: changed({ areas }) })], { said: 'api services down' }),
    );
    expect(found?.reasons.some(({ kind }) => kind === 'touched')).toBe(false);
  });
});

describe('the suspects of an alert', () => {
  it.each<[string, Change[], string[]]>([
    [
      'what rolls out in the service comes before what finished',
      [finished(2 * HOUR, { deployment: 'D-2' }), change()],
      ['D-1', 'D-2'],
    ],
    [
      'and before what rolls out in a dependency',
      [change({ deployment: 'D-2', service: 'payments' }), change()],
      ['D-1', 'D-2'],
    ],
    [
      'a dependency that the judge finds worse comes first',
      [change({ judged: 'no_worse' }), change({ deployment: 'D-2', service: 'payments', judged: 'worse' })],
      ['D-2', 'D-1'],
    ],
    ['a dependency of a dependency is named', [change({ service: 'ledger', judged: 'worse' })], ['D-1']],
    ['what is further away is not', [change({ service: 'vault', judged: 'worse' })], []],
    ['nor is what has nothing to do with it', [change({ service: 'mail', judged: 'worse' })], []],
    ['nor another environment', [change({ environment: 'staging', judged: 'worse' })], []],
    ['nor what began after the alert', [change({ startedAt: AT + 1, grewAt: AT + 2 })], []],
    ['nor what ended a day before', [finished(LOOK_BACK + 1, { judged: 'worse' })], []],
    [
      'what was taken back already comes last',
      [finished(20 * MINUTE, { rolledBack: true }), finished(3 * HOUR, { deployment: 'D-2' })],
      ['D-2', 'D-1'],
    ],
    [
      'the nearer of two that are alike comes first',
      [finished(3 * HOUR), finished(30 * MINUTE, { deployment: 'D-2' })],
      ['D-2', 'D-1'],
    ],
    ['nothing is no suspect', [], []],
  ])('K-6: %s', (_what, changes, order) => {
    expect(named(changes)).toEqual(order);
  });

  it('K-6: an alert that names no environment is looked for in all', () => {
    const { environment: _environment, ...anywhere } = scene([change({ environment: 'staging' })]);
    expect(rankSuspects(anywhere)).toHaveLength(1);
  });

  it('K-6: each comes with its reasons', () => {
    expect(rankSuspects(scene([change({ judged: 'worse' })]))[0]?.reasons).toEqual([
      { kind: 'rolling_out' },
      { kind: 'grew', before: 6 * MINUTE },
      { kind: 'judged', verdict: 'worse' },
    ]);
    expect(rankSuspects(scene([finished(72 * MINUTE, { service: 'payments' })]))[0]?.reasons).toEqual([
      { kind: 'finished', before: 72 * MINUTE },
      { kind: 'dependency', of: 'checkout', steps: 1 },
    ]);
  });

  it('K-6: are few, in order, between nothing and certain, whatever happened', () => {
    const any = fc.record({
      deployment: fc.string(),
      service: fc.constantFrom('checkout', 'payments', 'ledger', 'mail'),
      environment: fc.constantFrom('production', 'staging'),
      version: fc.string(),
      startedAt: fc.integer({ min: AT - 2 * LOOK_BACK, max: AT + HOUR }),
      grewAt: fc.integer({ min: AT - LOOK_BACK, max: AT + HOUR }),
      endedAt: fc.integer({ min: AT - 2 * LOOK_BACK, max: AT + HOUR }),
      rolledBack: fc.boolean(),
      judged: fc.constantFrom('worse', 'no_worse', 'undecided'),
    });
    fc.assert(
      fc.property(fc.array(any as fc.Arbitrary<Change>, { maxLength: 30 }), (changes) => {
        const scores = rankSuspects(scene(changes)).map(({ score }) => score);
        expect(scores.length).toBeLessThanOrEqual(5);
        expect(scores.every((score) => score > 0 && score <= 1)).toBe(true);
        expect(scores.toSorted((a, b) => b - a)).toEqual(scores);
      }),
    );
  });

  it('K-6: of sixty faults with a known cause, the right one is mostly first and few are blamed wrongly', () => {
    const scenes = knownScenes();
    expect(scenes).toHaveLength(60);
    expect(new Set(scenes.map(({ kind }) => kind)).size).toBe(KINDS.length);
    const { first, causes, blamed } = tally(scenes);
    expect(first / causes).toBeGreaterThanOrEqual(0.93);
    expect(blamed / scenes.length).toBeLessThanOrEqual(0.1);
  });

  it('K-6: where no deployment did it, one is blamed in at most a fifth of all cases', () => {
    const without = Array.from({ length: 20 }, (_, seed) => knownScenes(1_000 + seed))
      .flat()
      .filter(({ cause }) => cause === undefined);
    const { blamed, unlikely } = tally(without);
    expect(blamed / without.length).toBeLessThanOrEqual(0.2);
    expect(unlikely).toBeGreaterThan(0);
  });

  it('K-6: what moves and does no worse than what ran before is unlikely, until the alert names what it changed', () => {
    const fine = change({ judged: 'no_worse', changed: changed() });
    const [quiet] = rankSuspects(scene([fine]));
    expect(quiet?.likely).toBe(false);
    const [worse] = rankSuspects(scene([change({ judged: 'worse' })]));
    expect(worse?.likely).toBe(true);
    const [named] = rankSuspects(scene([fine], { said: 'basket is slow' }));
    expect(named?.likely).toBe(true);
  });
});
