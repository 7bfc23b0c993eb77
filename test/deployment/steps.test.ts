import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/backends/port.ts';
import { questions } from '../../src/deployment/next-wake.ts';
import {
  meaningOf,
  type Seen,
  STEPS,
  stepsNobodyTakes,
  wayBackOf,
} from '../../src/deployment/rollout/steps.ts';
import { type BackendStepKind, type Plan, type Step, type StepKind, stagesOf } from '../../src/terms/plan.ts';
import { DAY, MINUTE } from '../../src/time.ts';
import { ALL_STEPS, backend, clock, dana, envelope, inShort, request, ruth } from './builders.ts';
import { observed, World, worldAt } from './world.ts';

const VERSION = 'v2.1.0';
const OLD: Seen = { stable: 'v2.0.4', canary: null, weight: 0 };

const ROLLING: Plan = {
  strategy: 'rolling',
  steps: [
    { kind: 'batch', number: 1, of: 3 },
    { kind: 'watch', for: 5 * MINUTE },
    { kind: 'batch', number: 2, of: 3 },
    { kind: 'batch', number: 3, of: 3 },
  ],
};
const BLUE_GREEN: Plan = {
  strategy: 'blue-green',
  steps: [
    { kind: 'stand-up' },
    { kind: 'set-weight', percent: 100 },
    { kind: 'watch', for: 10 * MINUTE },
    { kind: 'retire-old' },
  ],
};
const REPLACE: Plan = { strategy: 'recreate', steps: [{ kind: 'replace' }] };

function following(plan: Plan): World {
  const world = worldAt('scheduled', { envelope: envelope({ plan }) });
  world.observe();
  return world;
}

/** Blue-green with all its traffic moved, and the old version beside it. */
function observing(): World {
  const world = following(BLUE_GREEN);
  seen(world, { standby: VERSION });
  seen(world, { stable: VERSION, standby: 'v2.0.4' });
  world.tell({ kind: 'promote', stage: 1, reason: 'seen enough' }, dana);
  seen(world, { stable: VERSION, standby: 'v2.0.4' });
  return world;
}

/** The same once somebody has ended its observation. */
function handingOver(): World {
  const world = observing();
  world.tell({ kind: 'hand_over', reason: 'seen enough' }, dana);
  return world;
}

/** The steps that the backend was told. */
const told = (world: World): number[] =>
  world.done.flatMap(({ effects }) =>
    effects.flatMap((effect) => (effect.kind === 'apply' ? [effect.step] : [])),
  );

const seen = (world: World, change: Partial<Observation>) =>
  inShort(world.pass(1000).tell(observed(world.now, { ...OLD, ...change }), backend));

describe('ST-1: a step', () => {
  it.each<[Step, Seen]>([
    [{ kind: 'set-weight', percent: 25 }, OLD],
    [{ kind: 'set-weight', percent: 100 }, OLD],
    [{ kind: 'stand-up' }, OLD],
    [{ kind: 'batch', number: 1, of: 3 }, OLD],
    [{ kind: 'batch', number: 3, of: 3 }, OLD],
    [{ kind: 'replace' }, OLD],
    [{ kind: 'retire-old' }, { ...OLD, stable: VERSION, standby: 'v2.0.4' }],
  ])('%j is done by what it leaves to be seen, and not before', (step, before) => {
    const { isDone, leaves } = meaningOf(step);
    expect(isDone?.(step, before, VERSION)).toBe(false);
    expect(isDone?.(step, leaves(step, before, VERSION), VERSION)).toBe(true);
  });

  it.each(Object.keys(STEPS) as StepKind[])(
    '%s is either told to the backend or done by GoNoGo itself',
    (kind) => {
      const told = STEPS[kind].command;
      // What the backend is told is over when that is seen; a watch by its looks, smoke tests by their results.
      expect(STEPS[kind].isDone !== undefined).toBe(told);
    },
  );
});

describe('ST-4: rolling', () => {
  it('begins a stage with each part, and goes on when that share is there, or more', () => {
    expect(stagesOf(ROLLING).map(({ percent }) => percent)).toEqual([33, 66, 100]);
    const world = following(ROLLING);
    expect(seen(world, { canary: VERSION, weight: 20 })).toBe('unchanged');
    expect(seen(world, { canary: VERSION, weight: 34 })).toBe('accepted step_completed step_started');
    expect(world.d.rollout?.stages.at(-1)).toMatchObject({ percent: 33, watchedSince: world.now });
    expect(seen(world, { canary: VERSION, weight: 34 })).toBe('unchanged');
    expect(seen(world, { canary: VERSION, weight: 10 })).toBe('accepted held');
    world.tell({ kind: 'resume', reason: 'It looks well.' }, dana);
    expect(seen(world, { canary: VERSION, weight: 34 })).toBe('accepted step_completed step_started');
    expect(inShort(world.tell({ kind: 'promote', stage: 1, reason: 'It looks well.' }, dana))).toBe(
      'accepted promoted step_completed step_started',
    );
    expect(world.done.at(-1)?.effects).toContainEqual(expect.objectContaining({ kind: 'apply', step: 2 }));
    expect(seen(world, { canary: VERSION, weight: 66 })).toBe('accepted step_completed step_started');
    expect(seen(world, { stable: VERSION })).toBe('accepted step_completed verification_started');
  });
});

describe('ST-3: blue-green', () => {
  it('stands the new one up, moves all traffic, watches, and takes the old one down', () => {
    const world = following(BLUE_GREEN);
    expect(seen(world, {})).toBe('unchanged');
    expect(inShort(world.tell({ kind: 'promote', stage: 0, reason: 'It looks well.' }, dana))).toBe(
      'refused wrong_status',
    );
    expect(seen(world, { standby: VERSION })).toBe('accepted step_completed step_started');
    expect(seen(world, { stable: VERSION, standby: 'v2.0.4' })).toBe('accepted step_completed step_started');
    expect(inShort(world.tell({ kind: 'promote', stage: 1, reason: 'It looks well.' }, dana))).toBe(
      'accepted promoted step_completed verification_started',
    );
    expect(seen(world, { stable: VERSION, standby: 'v2.0.4' })).toBe('accepted verified');
  });

  it('ST-2: keeps the old one until the observation is over, then takes it down, and only then is handed over', () => {
    const world = observing();
    expect(told(world)).not.toContain(3);
    world.nextLook();
    world.pass(DAY - 10 * MINUTE).look();
    expect(inShort(world.nextLook())).toBe('accepted looked hand_over_started');
    expect(told(world)).toContain(3);
    expect(questions(world.d, world.now)).toEqual([{ ask: 'backend' }]);
    expect(seen(world, { stable: VERSION, standby: 'v2.0.4' })).toBe('unchanged');
    expect(inShort(world.tell({ kind: 'hand_over' }, dana))).toBe('refused wrong_status');
    expect(seen(world, { stable: VERSION, standby: null })).toBe('accepted handed_over');
    expect(world.d.status).toBe('handed_over');
  });

  it('ST-5: switches back while the old one stands, in the observation and while it is being taken down', () => {
    for (const prepare of [observing, handingOver]) {
      const world = prepare();
      expect(inShort(world.tell({ kind: 'roll_back', why: 'the basket is empty' }, dana))).toBe(
        'accepted rollback_started',
      );
      expect(seen(world, {})).toBe('accepted rolled_back');
    }
  });

  it('ST-2: whoever hands it over early has the old one taken down as well, and stays who did it', () => {
    const world = observing();
    expect(inShort(world.tell({ kind: 'hand_over', reason: 'seen enough' }, dana))).toBe(
      'accepted hand_over_started',
    );
    expect(seen(world, { stable: VERSION })).toBe('accepted handed_over');
    expect(world.d.ending).toMatchObject({ reason: 'seen enough', by: { id: 'U-DANA' } });
  });

  it.each<[string, (world: World) => string]>([
    [
      'is refused',
      (world) =>
        inShort(
          world.tell({ kind: 'backend_refused', doing: 'apply', step: 3, message: 'no rights' }, backend),
        ),
    ],
    ['has a problem', (world) => seen(world, { stable: VERSION, standby: 'v2.0.4', problem: 'no rights' })],
    [
      'takes too long',
      (world) => {
        world.pass(10 * MINUTE);
        return seen(world, { stable: VERSION, standby: 'v2.0.4' });
      },
    ],
  ])('ST-2: where taking the old one down %s, people decide, once, with a reason', (_what, happens) => {
    const world = handingOver();
    expect(happens(world)).toMatch(/observation_unsettled$/);
    expect(world.d.status).toBe('observing');
    expect(seen(world, { stable: VERSION, standby: 'v2.0.4' })).toBe('unchanged');
    expect(inShort(world.tell({ kind: 'hand_over' }, dana))).toBe('refused reason_needed');
    expect(inShort(world.tell({ kind: 'hand_over', reason: 'it was gone already' }, dana))).toBe(
      'accepted handed_over',
    );
  });

  it('a newer deployment takes its place without taking down what it may need', () => {
    const world = observing();
    expect(inShort(world.tell({ kind: 'supersede', by: 'D-9' }, clock))).toBe('accepted handed_over');
    expect(told(world)).not.toContain(3);
  });

  it('holds where the new one has not come up in time, and says so', () => {
    const world = following(BLUE_GREEN);
    world.pass(10 * MINUTE);
    expect(seen(world, {})).toBe('accepted held');
    expect(world.d.rollout?.hold?.reason).toMatch(
      /^it should stand beside the old version, 10 minutes after/,
    );
  });
});

it('ST-2: replacing is over when the new version is all there is', () => {
  const world = following(REPLACE);
  expect(seen(world, { canary: VERSION, weight: 50 })).toBe('unchanged');
  expect(seen(world, { stable: VERSION })).toBe('accepted step_completed verification_started');
});

it.each<[Plan['steps'], string]>([
  [
    [
      { kind: 'set-weight', percent: 5 },
      { kind: 'set-weight', percent: 100 },
    ],
    'scale_down',
  ],
  [BLUE_GREEN.steps, 'switch_back'],
  [ROLLING.steps, 'reverse_roll'],
  [REPLACE.steps, 'redeploy'],
])('ST-5: each strategy has its own way back: %j goes by %s', (steps, way) => {
  expect(wayBackOf({ strategy: 'own', steps })).toBe(way);
});

describe('a backend that accepted a step and will not carry it out', () => {
  it('holds the rollout with its words', () => {
    const world = worldAt('shifting');
    world.pass(1000).observe({ problem: 'the image cannot be pulled' });
    expect(world.d.rollout?.hold?.reason).toBe(
      'the backend will not carry it out: the image cannot be pulled',
    );
  });
});

describe('a plan with a step that nobody carries out', () => {
  it('is refused at the request, with the steps that are missing', () => {
    const world = new World();
    const taken = new Set<BackendStepKind>(['set-weight', 'stand-up']);
    const asked = request({ envelope: envelope({ plan: { ...ROLLING } }) });
    expect(world.ask(asked, ruth, { taken })).toMatchObject({
      code: 'not_supported',
      message: expect.stringContaining('takes no batch'),
    });
    expect(inShort(world.ask(asked, ruth, { taken: new Set<BackendStepKind>() }))).toBe(
      'refused not_supported',
    );
    expect(stepsNobodyTakes(BLUE_GREEN, taken)).toEqual(['retire-old']);
  });

  it('is refused with what the backend says of the place, though it takes each step', () => {
    const world = new World();
    const taken = new Set<BackendStepKind>(['set-weight']);
    const planProblem = 'the Rollout checkout stops at 5 and 25 %, and the plan at 10 %';
    const asked = request({ envelope: envelope({}) });
    expect(world.ask(asked, ruth, { taken, planProblem })).toMatchObject({
      code: 'not_supported',
      message: expect.stringContaining(planProblem),
    });
  });

  it('does not start where what runs there has come not to fit it, and says so once', () => {
    const world = worldAt('scheduled');
    const planProblem = 'the Rollout checkout stops nowhere, and the plan at 10 %';
    const look = (facts = {}) => inShort(world.tell(observed(world.now), backend, facts));
    expect(look({ planProblem })).toBe('accepted backend_troubled');
    expect(world.d.trouble?.message).toBe(`${planProblem}; waiting until it fits`);
    expect(look({ planProblem })).toBe('unchanged');
    expect(look()).toContain('started');
  });

  it('ST-8: one of a strategy that the environment does not allow is refused, by whatever door', () => {
    const world = new World();
    const once = request({ envelope: envelope({ plan: REPLACE }) });
    expect(world.ask(once, ruth, { taken: ALL_STEPS, strategies: ['canary', 'rolling'] })).toMatchObject({
      code: 'not_supported',
      message: 'production does not allow "recreate". Choose canary, rolling.',
    });
    expect(inShort(world.ask(once, ruth, { taken: ALL_STEPS, strategies: ['recreate'] }))).toMatch(
      /^accepted/,
    );
  });

  it('is refused where it is changed into one, and a plan that stays is not asked about', () => {
    const ask = worldAt('preparing');
    const { details } = ask.d.terms;
    const revise = (plan: Plan, summary: string) =>
      ask.ask(
        { kind: 'revise', terms: { envelope: envelope({ plan }), details: { ...details, summary } } },
        ruth,
        { taken: new Set<BackendStepKind>() },
      );
    expect(inShort(revise(ROLLING, 'x'))).toBe('refused not_supported');
    expect(inShort(revise(ask.d.terms.envelope.plan, 'other words'))).toBe('accepted revised');
  });
});
