import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Intent } from '../../src/deployment/intents.ts';
import { questions } from '../../src/deployment/next-wake.ts';
import { nextByTime } from '../../src/deployment/time-rules.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { anyStory } from './arbitraries.ts';
import { backend, dana, details, inShort, judge, omar, reading, terms } from './builders.ts';
import { World } from './world.ts';

/** Somebody else has begun to bring v2.1.0 in the place of v2.0.0, and GoNoGo only looks. */
function watched(percent = 25, by: 'backend' | 'report' = 'backend'): World {
  const world = new World();
  const intent: Intent = {
    kind: 'watch',
    terms: terms({
      required: [],
      details: details({ summary: '' }),
      requirements: { gates: [], checklist: [], changeRequest: false },
      watched: { by, reporter: 'production' },
    }),
    previous: 'v2.0.0',
    percent,
  };
  world.tell(intent, backend);
  return world;
}

const see = (world: World, seen: Parameters<World['observe']>[0]): string => inShort(world.observe(seen));
const canaryAt = (weight: number) => ({ stable: 'v2.0.0', canary: 'v2.1.0', weight });
const WHOLE = { stable: 'v2.1.0', canary: null, weight: 0 };
const look = (world: World, errors: number): string =>
  inShort(
    world.tell({ kind: 'measured', reading: reading(world.now - MINUTE, world.now, { errors }) }, judge),
  );

describe('K-9: what somebody else deploys, and GoNoGo only watches', () => {
  it('commands nothing, whatever is told to it and whoever tells it', () => {
    fc.assert(
      fc.property(anyStory, fc.constantFrom(0, 25, 100), ({ steps }, percent) => {
        const world = watched(percent);
        for (const step of steps) step(world.pass(MINUTE));
        const effects = world.done.flatMap((done) => done.effects);
        expect(new Set(effects.map(({ kind }) => kind))).toEqual(new Set(['show']));
      }),
      { numRuns: 150, seed: 20260105 },
    );
  });

  it.each([
    ['promote', { kind: 'promote', stage: 1 }],
    ['hold', { kind: 'hold', reason: 'looking' }],
    ['roll back', { kind: 'roll_back', why: 'errors' }],
    ['hand over', { kind: 'hand_over' }],
    ['cancel', { kind: 'cancel' }],
  ] as const)('refuses to %s, for its lead and its on-call as well', (_what, intent) => {
    for (const who of [dana, omar]) expect(watched().ask(intent, who).kind).toBe('refused');
  });

  it('follows its share, and begins its watch once it has all traffic', () => {
    const world = watched(0);
    expect(questions(world.d, world.now + DAY)).toEqual([]);
    expect(see(world.pass(MINUTE), canaryAt(25))).toBe('accepted watch_moved');
    expect(see(world.pass(MINUTE), canaryAt(25))).toBe('unchanged');
    expect(see(world.pass(HOUR), WHOLE)).toBe('accepted watch_moved');
    expect(world.d.rollout).toMatchObject({ completedAt: world.now, reported: { percent: 100 } });
  });

  it.each([
    ['the old version runs alone again', { stable: 'v2.0.0', canary: null, weight: 0 }, 'went_back'],
    ['another takes its place', { stable: 'v3.0.0', canary: null, weight: 0 }, 'superseded'],
    ['another begins beside it', { stable: 'v2.1.0', canary: 'v3.0.0', weight: 5 }, 'superseded'],
  ] as const)('ends where %s', (_what, seen, how) => {
    const world = watched();
    expect(see(world.pass(MINUTE), seen)).toBe('accepted watch_ended');
    expect(world.d).toMatchObject({ status: 'watch_over', rollout: { reported: { ended: how } } });
  });

  it.each([0, 25])(
    'at %i % it is not watched for ever: not a moment too early, and people are told',
    (percent) => {
      const world = watched(percent);
      see(world.pass(HOUR), canaryAt(30));
      see(world.pass(HOUR), canaryAt(28));
      const at = world.now - HOUR + DAY;
      expect(nextByTime(world.d)).toBe(at);
      world.pass(at - 1 - world.now);
      expect(inShort(world.wake())).toBe('unchanged');
      world.pass(1);
      expect(inShort(world.wake())).toBe('accepted watch_warned watch_ended');
      expect(world.d.ending?.reason).toContain('no further than 28 % of the traffic');
      expect(nextByTime(world.d)).toBeUndefined();
    },
  );

  it('AN-1: is judged against the old version while both have traffic, and people hear of harm once', () => {
    const world = watched();
    expect(look(world.pass(MINUTE), 90)).toBe('accepted looked watch_warned');
    expect(look(world.pass(MINUTE), 90)).toMatch(/^accepted looked$/);
    expect(world.d.status).toBe('watched_only');
    expect(world.d.rollout?.finalWatch?.unsettled?.because).toContain('errors');
  });

  it.each([
    ['a failing health check', (w: World) => see(w, { ...canaryAt(25), health: 'failing' })],
    [
      'a critical error in the log',
      (w: World) => inShort(w.tell({ kind: 'signalled', signals: { alerts: [], criticalErrors: 1 } }, judge)),
    ],
  ])('warns of %s, and rolls nothing back', (_what, happen) => {
    const world = watched();
    expect(happen(world.pass(MINUTE))).toMatch(/watch_warned/);
    expect(world.d).not.toHaveProperty('rollback');
  });

  it('AN-5: its end says what the judge saw, and what nobody saw is never called well', () => {
    const ending = (report: (w: World) => void): string | undefined => {
      const world = watched(100);
      world.pass(DAY + MINUTE);
      report(world);
      return world.d.ending?.reason;
    };
    expect(ending((w) => look(w, 10))).toMatch(/nothing against it|could not say/);
    expect(ending((w) => look(w, 90))).toContain('saw harm');
    const blind = (w: World) =>
      w.tell({ kind: 'measured', reading: { from: w.now - MINUTE, to: w.now, noData: 'no answer' } }, judge);
    expect(ending(blind)).toContain('could not say whether it is well');
  });

  it('is reported over HTTP where no backend shows it: what a backend shows is then not asked', () => {
    const world = watched(0, 'report');
    expect(see(world, WHOLE)).toBe('unchanged');
    const report = (intent: Extract<Intent, { kind: 'reported' }>) => inShort(world.tell(intent, backend));
    expect(report({ kind: 'reported', state: 'moving', percent: 10 })).toBe('accepted watch_moved');
    expect(report({ kind: 'reported', state: 'done' })).toBe('accepted watch_moved');
    expect(report({ kind: 'reported', state: 'failed', reason: 'crash loop' })).toBe('accepted watch_ended');
    expect(world.d.ending?.reason).toBe('crash loop');
  });

  it('is nobody’s to report by hand', () => {
    const world = watched(0, 'report');
    expect(world.ask({ kind: 'reported', state: 'done' }, dana)).toMatchObject({ code: 'not_allowed' });
  });

  it('K-1, RB-7: is not asked for and not taken back from here, and the answer says where it comes from', () => {
    const watchOnly = { service: 'checkout', from: 'Its deployments are seen at production.' };
    const asked = new World().ask({ kind: 'request', terms: terms() }, dana, { watchOnly, mayRequest: true });
    expect(asked).toMatchObject({ kind: 'refused', code: 'watched_only' });
    expect(asked).toHaveProperty('message', expect.stringContaining('seen at production'));
  });
});
