/** Smoke tests in the core: nothing goes on without them, and what they find moves it at once. */

import { describe, expect, it } from 'vitest';
import { applyEvents } from '../../src/deployment/apply-events.ts';
import { rehearse } from '../../src/deployment/rehearsal/rehearsal.ts';
import type { Flakiness, SmokeResult } from '../../src/policy/smoke.ts';
import type { Plan } from '../../src/terms/plan.ts';
import type { SmokeTerms } from '../../src/terms/smoke.ts';
import { MINUTE, SECOND } from '../../src/time.ts';
import { renderNote } from '../../views/notes.ts';
import { smokeTest } from '../policy/smoke-tests.ts';
import { TESTED } from './arbitraries/machines.ts';
import { backend, dana, envelope, inShort, judge, request, ruth } from './builders.ts';
import { gate, needs, report } from './readiness-builders.ts';
import { World, worldAt } from './world.ts';

const LOGIN = smokeTest('login', { critical: true });
const OTHERS = Array.from({ length: 10 }, (_, index) => smokeTest(`t${index}`));

function smoke(change: Partial<SmokeTerms> = {}): SmokeTerms {
  return { ...TESTED, tests: [LOGIN, ...OTHERS], ...change };
}

/** Green is tried before it has traffic, then all of it moves. */
const GREEN: Plan = {
  strategy: 'blue-green',
  steps: [{ kind: 'stand-up' }, { kind: 'smoke' }, { kind: 'set-weight', percent: 100 }],
};
const ARM = { arm: { headers: { 'X-Green': '1' } } };

function standing(change: Partial<SmokeTerms> = ARM): World {
  const world = worldAt('scheduled', { envelope: envelope({ plan: GREEN }), smoke: smoke(change) });
  world.observe();
  world.pass(SECOND).observe({ standby: 'v2.1.0' });
  return world;
}

const green = (world: World) => world.pass(SECOND).observe({ standby: 'v2.1.0' });

function results(
  bad: Record<string, SmokeResult['outcome']> = {},
  tests = [LOGIN, ...OTHERS],
): SmokeResult[] {
  return tests.map(({ id }) => ({ test: id, outcome: bad[id] ?? 'passed' }));
}

const found = (world: World, bad: Record<string, SmokeResult['outcome']> = {}) =>
  inShort(
    world.tell(
      { kind: 'smoke_reported', run: world.d.smoke?.run ?? 0, from: 'gonogo', results: results(bad) },
      judge,
    ),
  );

describe('SM-2: a step of smoke tests', () => {
  it('SM-1: begins when the version is there, reaches it alone, and goes on when they pass', () => {
    const world = standing();
    expect(inShort(green(world))).toBe('accepted smoke_started');
    expect(world.d.smoke).toMatchObject({ phase: 'step', toArm: true, version: 'v2.1.0' });
    expect(world.done.at(-1)?.effects).toContainEqual(expect.objectContaining({ kind: 'smoke' }));
    expect(inShort(green(world))).toBe('unchanged');
    expect(found(world)).toBe('accepted smoke_reported step_completed step_started');
    expect(found(world)).toBe('unchanged');
  });

  it.each<[string, Record<string, SmokeResult['outcome']>, string]>([
    [
      'a critical failure rolls back at once',
      { login: 'failed' },
      'accepted smoke_reported rollback_started',
    ],
    ['many others hold and ask', { t0: 'failed', t1: 'failed' }, 'accepted smoke_reported held'],
    ['one of ten goes on', { t0: 'failed' }, 'accepted smoke_reported step_completed step_started'],
    ['not knowing of a critical one holds', { login: 'unknown' }, 'accepted smoke_reported held'],
  ])('%s', (_what, bad, ends) => {
    const world = standing();
    green(world);
    expect(found(world, bad)).toBe(ends);
  });

  it.each([MINUTE, 0])(
    'is run anew after a resume, and what the run before finds late counts no more',
    (wait) => {
      const world = standing();
      green(world);
      const old = world.d.smoke?.run ?? 0;
      found(world, { login: 'unknown' });
      // Somebody may resume in the very instant in which it was held.
      world.pass(wait).tell({ kind: 'resume' }, dana);
      expect(inShort(green(world))).toBe('accepted smoke_started');
      expect(
        inShort(world.tell({ kind: 'smoke_reported', run: old, from: 'gonogo', results: results() }, judge)),
      ).toBe('unchanged');
      expect(found(world)).toBe('accepted smoke_reported step_completed step_started');
    },
  );

  it('ST-6, SM-2: is passed over by a person once it is held, and not while the tests run', () => {
    const world = standing();
    green(world);
    expect(inShort(world.tell({ kind: 'promote', stage: 0, reason: 'It looks well.' }, dana))).toBe(
      'refused wrong_status',
    );
    found(world, { t0: 'failed', t1: 'failed' });
    expect(inShort(world.tell({ kind: 'promote', stage: 0, reason: 'It looks well.' }, dana))).toBe(
      'accepted promoted step_completed step_started',
    );
  });

  it('SM-1, AN-5: holds where nobody answers within their time', () => {
    const world = standing();
    green(world);
    world.pass(5 * MINUTE);
    expect(inShort(world.wake())).toBe('unchanged');
    world.pass(30 * SECOND);
    expect(inShort(world.wake())).toBe('accepted smoke_reported held');
    expect(world.d.rollout?.hold?.reason).toContain(
      'nobody knows whether a critical smoke test passes: login',
    );
  });

  it('SM-1: is passed over, and says so, where nothing leads to the new version alone: they run at 100 %', () => {
    const world = standing({});
    expect(inShort(green(world))).toBe('accepted smoke_skipped step_completed step_started');
    expect(world.events.find(({ type }) => type === 'smoke_skipped')).toMatchObject({
      because: expect.stringContaining('they run when it has all traffic'),
    });
    world.pass(SECOND).observe({ stable: 'v2.1.0' });
    expect(inShort(world.pass(SECOND).observe({ stable: 'v2.1.0' }))).toBe('accepted smoke_started');
    expect(world.d.smoke).toMatchObject({ phase: 'verification', toArm: false });
  });

  it('SM-1, SM-2: waits for what a pipeline reports, and not longer where something critical failed', () => {
    const tests = [LOGIN, smokeTest('flow', { by: 'ci' }), smokeTest('db', { by: 'backend' })];
    const world = standing({ ...ARM, tests });
    green(world);
    const tell = (from: 'ci' | 'gonogo', bad: Record<string, SmokeResult['outcome']> = {}) =>
      inShort(world.tell({ kind: 'smoke_reported', from, results: results(bad, tests) }, judge));
    expect(tell('ci')).toBe('accepted smoke_reported');
    expect(world.d.smoke?.results.map((one) => one.test)).toEqual(['flow']);
    expect(tell('ci')).toBe('unchanged');
    const own = [{ test: 'db', outcome: 'passed' as const }];
    expect(inShort(world.pass(SECOND).observe({ standby: 'v2.1.0', smoke: own }))).toBe(
      'accepted smoke_reported',
    );
    expect(tell('gonogo', { login: 'failed' })).toBe('accepted smoke_reported rollback_started');
  });
});

describe('SM-2, MV-1: the check after the last step', () => {
  const verifying = (change: Parameters<typeof worldAt>[1] = {}): World => {
    const world = worldAt('verifying', { smoke: smoke(), ...change });
    world.pass(SECOND).shift();
    return world;
  };

  it('SM-1: is over only when the smoke tests passed at 100 %', () => {
    const world = verifying();
    expect(world.d).toMatchObject({ status: 'verifying', smoke: { phase: 'verification' } });
    expect(inShort(world.pass(SECOND).shift())).toBe('unchanged');
    expect(found(world)).toBe('accepted smoke_reported');
    expect(inShort(world.pass(SECOND).shift())).toBe('accepted verified');
  });

  it('SM-2: goes back where a critical one fails, and holds where many do', () => {
    expect(found(verifying(), { login: 'failed' })).toBe('accepted smoke_reported rollback_started');
    expect(found(verifying(), { t0: 'failed', t1: 'failed' })).toBe('accepted smoke_reported held');
  });

  it('GT-2: answers the gate that asks before the hand-over whether it works in production', () => {
    const gates = [gate('production_smoke', { before: 'hand_over' })];
    const world = verifying({ requirements: needs({ gates }) });
    expect(found(world)).toBe('accepted smoke_reported gate_reported');
    expect(world.d.evidence.gates.production_smoke).toMatchObject({ passed: true });
  });

  it('SM-2: a pipeline that finds out later that it is broken has it rolled back, out of the observation as well', () => {
    const world = verifying({ smoke: smoke({ tests: [smokeTest('flow', { by: 'ci', critical: true })] }) });
    const said = (outcome: SmokeResult['outcome']) =>
      inShort(
        world.tell(
          { kind: 'smoke_reported', from: 'ci', results: [{ test: 'flow', outcome, problem: outcome }] },
          judge,
        ),
      );
    said('passed');
    world.pass(SECOND).shift();
    expect(world.d.status).toBe('observing');
    expect(said('unknown')).toBe('accepted smoke_reported observation_unsettled');
    expect(said('failed')).toBe('accepted smoke_reported rollback_started');
  });

  it('results that nobody asked for yet are refused with the reason', () => {
    const world = worldAt('watching', { smoke: smoke() });
    const intent = { kind: 'smoke_reported' as const, from: 'ci' as const, results: results() };
    expect(world.ask(intent, judge)).toMatchObject({ kind: 'refused', code: 'wrong_status' });
  });
});

describe('SM-2: a gate before the hand-over that fails', () => {
  it('asks people at once, while it is watched and while it still rolls out', () => {
    const gates = [gate('production_smoke', { before: 'hand_over' })];
    const fails = (point: 'observing' | 'watching') => {
      const world = worldAt(point, { requirements: needs({ gates }) });
      world.reports.push(report('production_smoke', { status: 'failed', at: world.now }));
      return inShort(world.tell({ kind: 'wake' }, backend));
    };
    expect(fails('observing')).toBe('accepted gate_reported observation_unsettled');
    expect(fails('watching')).toBe('accepted gate_reported held');
  });
});

describe('RB-3: a rollback', () => {
  const back = (change: Partial<SmokeTerms> = {}): World => {
    const world = worldAt('rolling_back', { smoke: smoke(change) });
    world.pass(SECOND).observe();
    return world;
  };

  it('SM-1, RB-3: ends only when the old version has passed its smoke tests', () => {
    const world = back();
    expect(world.d).toMatchObject({
      status: 'rolling_back',
      smoke: { phase: 'rollback', version: 'v2.0.4' },
    });
    found(world);
    expect(inShort(world.pass(SECOND).observe())).toBe('accepted rolled_back');
  });

  it('says where they fail, runs them again after half a minute, and ends when they pass', () => {
    const world = back();
    expect(found(world, { login: 'failed' })).toBe('accepted smoke_reported');
    expect(inShort(world.pass(SECOND).observe())).toBe('accepted backend_troubled');
    expect(world.d.trouble?.message).toBe('v2.0.4 is back, and a critical smoke test failed: login');
    expect(inShort(world.pass(SECOND).observe())).toBe('unchanged');
    expect(inShort(world.pass(30 * SECOND).observe())).toBe('accepted smoke_started');
    found(world);
    expect(inShort(world.pass(SECOND).observe())).toBe('accepted rolled_back');
  });

  it('is not kept from its end by tests of what only the new version can do, nor by a pipeline', () => {
    const world = back({
      tests: [smokeTest('apple-pay', { afterRollback: false }), smokeTest('flow', { by: 'ci' })],
    });
    expect(world.d.status).toBe('rolled_back');
  });
});

describe('SM-4: flakiness', () => {
  const run = (world: World, outcome: Partial<SmokeResult>, facts: { smokeTally?: Flakiness[] }) => {
    world.pass(SECOND).shift();
    return world.tell(
      {
        kind: 'smoke_reported',
        run: world.d.smoke?.run ?? 0,
        from: 'gonogo',
        results: [{ test: 'login', outcome: 'passed', ...outcome }],
      },
      judge,
      facts,
    );
  };
  const fresh = (): World => worldAt('verifying', { smoke: smoke({ tests: [LOGIN] }) });
  const earlier = (flaky: number) => [{ test: 'login', runs: 99, flaky }];

  it('SM-4: is counted over the runs of all deployments at a place', () => {
    const world = fresh();
    run(world, { repeated: true }, { smokeTally: earlier(0) });
    expect(world.d.smoke?.tally).toEqual([{ test: 'login', runs: 100, flaky: 1 }]);
    const steady = fresh();
    run(steady, {}, { smokeTally: earlier(3) });
    expect(steady.d.smoke?.tally).toEqual([{ test: 'login', runs: 100, flaky: 3 }]);
    // What is not known of the runs before is not begun anew at nothing.
    const blind = fresh();
    run(blind, {}, {});
    expect(blind.d.smoke?.tally).toBeUndefined();
  });

  it.each([
    [0, undefined],
    [1, '🎲 login is flaky: in 2 of 100 runs it passed only when tried again, at most 1 % may'],
  ])('names a test that was flaky in %i runs before and is now', (flaky, words) => {
    const world = fresh();
    run(world, { repeated: true }, { smokeTally: earlier(flaky) });
    const event = world.events.find(({ type }) => type === 'smoke_reported');
    const text = event && renderNote(world.d, event)?.text;
    if (words === undefined) expect(text).not.toContain('🎲');
    else expect(text).toContain(words);
  });
});

it('ST-7: a rehearsal of a plan with smoke tests comes to its hand-over', () => {
  const asked = new World();
  const decision = asked.ask(
    request({ envelope: envelope({ plan: GREEN }), smoke: smoke(ARM), required: [] }),
    ruth,
  );
  if (decision.kind !== 'accepted') throw new Error(JSON.stringify(decision));
  const played = applyEvents('D-1', undefined, decision.events, {
    at: asked.now,
    by: { kind: 'person', id: 'U', name: 'R' },
  });
  expect(rehearse(played).end.status).toBe('handed_over');
});
