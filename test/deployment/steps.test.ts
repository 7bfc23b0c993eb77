import { describe, expect, it } from 'vitest';
import {
  meaningOf,
  OWN_STEPS,
  type Seen,
  STEPS,
  stepsNobodyTakes,
} from '../../src/deployment/rollout/steps.ts';
import { type Plan, type Step, type StepKind, stagesOf } from '../../src/terms/plan.ts';
import { MINUTE } from '../../src/time.ts';
import { backend, dana, envelope, inShort, request, ruth } from './builders.ts';
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

const seen = (world: World, change: Partial<Seen>) =>
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
      expect(OWN_STEPS.has(kind) && told).toBe(false);
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
    world.tell({ kind: 'resume' }, dana);
    expect(inShort(world.tell({ kind: 'promote', stage: 1 }, dana))).toBe(
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
    expect(inShort(world.tell({ kind: 'promote', stage: 0 }, dana))).toBe('refused wrong_status');
    expect(seen(world, { standby: VERSION })).toBe('accepted step_completed step_started');
    expect(seen(world, { stable: VERSION, standby: 'v2.0.4' })).toBe('accepted step_completed step_started');
    world.tell({ kind: 'promote', stage: 1 }, dana);
    expect(seen(world, { stable: VERSION, standby: 'v2.0.4' })).toBe('unchanged');
    expect(seen(world, { stable: VERSION, standby: null })).toBe(
      'accepted step_completed verification_started',
    );
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
    const taken = new Set<StepKind>(['set-weight', 'stand-up']);
    const asked = request({ envelope: envelope({ plan: { ...ROLLING } }) });
    expect(world.ask(asked, ruth, { taken })).toMatchObject({
      code: 'not_supported',
      message: expect.stringContaining('takes no batch'),
    });
    expect(inShort(world.ask(asked, ruth, { taken: new Set<StepKind>() }))).toBe('refused not_supported');
    expect(stepsNobodyTakes(BLUE_GREEN, taken)).toEqual(['retire-old']);
  });

  it('is refused where it is changed into one, and a plan that stays is not asked about', () => {
    const ask = worldAt('preparing');
    const { details } = ask.d.terms;
    const revise = (plan: Plan, summary: string) =>
      ask.ask(
        { kind: 'revise', terms: { envelope: envelope({ plan }), details: { ...details, summary } } },
        ruth,
        { taken: new Set<StepKind>() },
      );
    expect(inShort(revise(ROLLING, 'x'))).toBe('refused not_supported');
    expect(inShort(revise(ask.d.terms.envelope.plan, 'other words'))).toBe('accepted revised');
  });
});
