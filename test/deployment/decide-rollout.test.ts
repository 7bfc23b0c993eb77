/** What people do while traffic moves (ST-6), and what a click is told that comes too late. */

import { describe, expect, it } from 'vitest';
import type { Intent } from '../../src/deployment/intents.ts';
import { stagesBegun } from '../../src/deployment/rollout/progress.ts';
import { HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { clock, dana, inShort, omar, paul, person, RUTH, SANA, tom } from './builders.ts';
import { type Point, worldAt } from './world.ts';

const NOT_ROLLING: Point[] = ['preparing', 'scheduled', 'observing', 'rolling_back', 'handed_over', 'failed'];

describe('Promote', () => {
  it('ST-6: ends the watch early and begins the next step, with its reason', () => {
    const world = worldAt('watching');
    const decision = world.tell({ kind: 'promote', stage: 1, reason: 'quiet' }, dana);
    expect(inShort(decision)).toBe('accepted promoted step_completed step_started');
    expect(world.d.rollout?.stages).toMatchObject([
      { number: 1, outcome: 'promoted', endedAt: world.now },
      { number: 2, percent: 25 },
    ]);
    expect(world.events.find(({ type }) => type === 'promoted')).toMatchObject({ reason: 'quiet' });
  });

  it('ST-6: goes on from a hold', () => {
    const world = worldAt('held watching');
    world.tell({ kind: 'promote', stage: 1, reason: 'It looks well.' }, omar);
    expect(world.d.status).toBe('rolling_out');
    expect(world.d.rollout?.hold).toBeUndefined();
  });

  it('ST-6: asks why where the judge has not passed, and asks nothing where it has', () => {
    const world = worldAt('watching');
    const promote = { kind: 'promote', stage: 1 } as const;
    expect(world.tell(promote, dana)).toMatchObject({
      code: 'reason_needed',
      message: expect.stringMatching(
        /^The judge has not passed stage 1, and has not looked at it yet\. Say why/,
      ),
    });
    expect(world.tell({ ...promote, reason: '  ' }, dana)).toMatchObject({ code: 'reason_needed' });
    world.pass(MINUTE).look({ n: 10 });
    expect(world.tell(promote, dana)).toMatchObject({
      code: 'reason_needed',
      message: expect.stringMatching(/^The judge has not passed stage 1: .+\. Say why/),
    });
    while (world.d.rollout?.stages[0]?.lastLook?.verdict !== 'pass') world.pass(MINUTE).look();
    expect(inShort(world.tell(promote, dana))).toBe('accepted promoted step_completed step_started');
  });

  it('ST-6: asks why where the check after the rollout is skipped', () => {
    expect(worldAt('held verifying').tell({ kind: 'promote', stage: 3 }, dana)).toMatchObject({
      code: 'reason_needed',
      message: expect.stringMatching(/^The check after its rollout has not passed\./),
    });
  });

  it('takes the place of a verification that held', () => {
    const world = worldAt('held verifying');
    expect(inShort(world.tell({ kind: 'promote', stage: 3, reason: 'It looks well.' }, dana))).toBe(
      'accepted promoted verification_started verified',
    );
    expect(world.d).toMatchObject({ status: 'observing', rollout: { completedAt: world.now } });
  });

  it('is refused where the stage on the button is over', () => {
    const world = worldAt('watching');
    world.tell({ kind: 'promote', stage: 1, reason: 'It looks well.' }, dana);
    const decision = world.tell({ kind: 'promote', stage: 1, reason: 'It looks well.' }, omar);
    expect(decision).toMatchObject({
      code: 'stale',
      message: expect.stringMatching(/stage 1, and stage 2 runs now/),
    });
  });

  it.each<Point>(['shifting', 'held shifting'])('is refused while traffic moves (%s)', (point) => {
    expect(worldAt(point).tell({ kind: 'promote', stage: 1, reason: 'It looks well.' }, dana)).toMatchObject({
      code: 'wrong_status',
      message: expect.stringContaining('still moving to 5 %'),
    });
  });
});

describe('Hold', () => {
  it.each<Point>(['shifting', 'watching', 'verifying'])('ST-6: stops it when it is %s', (point) => {
    const world = worldAt(point);
    expect(inShort(world.tell({ kind: 'hold', reason: 'alerts' }, tom))).toBe('accepted held');
    expect(world.d).toMatchObject({
      status: 'held',
      rollout: { hold: { reason: 'alerts', by: { name: 'Tom' }, at: world.now } },
    });
  });

  it('is refused where someone was faster, and says who', () => {
    const world = worldAt('held watching');
    expect(world.tell({ kind: 'hold', reason: 'x' }, omar)).toMatchObject({
      code: 'wrong_status',
      message: expect.stringContaining('Someone was faster: Dana holds'),
    });
    expect(world.tell({ kind: 'hold', reason: 'x' }, dana)).toMatchObject({
      message: expect.stringMatching(/^You hold this rollout already/),
    });
  });

  it('names the engine where that was faster', () => {
    const world = worldAt('watching');
    world.pass(SECOND).shift(25);
    expect(world.tell({ kind: 'hold', reason: 'x' }, omar)).toMatchObject({
      message: expect.stringContaining('Someone was faster: GoNoGo holds'),
    });
  });
});

describe('Resume', () => {
  it('ST-6: goes on watching for as long as was left, and five looks at least', () => {
    const early = worldAt('watching');
    const until = early.d.rollout?.stages[0]?.watchUntil ?? 0;
    early.pass(10 * MINUTE).tell({ kind: 'hold', reason: 'x' }, dana);
    early.pass(HOUR).tell({ kind: 'resume', reason: 'fine' }, dana);
    expect(early.d.rollout?.stages[0]?.watchUntil).toBe(until + HOUR);
    expect(early.d.rollout?.stages[0]?.heldFor).toBe(HOUR);
    expect(early.d.status).toBe('rolling_out');
    early.pass(SECOND).tell({ kind: 'hold', reason: 'x' }, dana);
    early.pass(MINUTE).tell({ kind: 'promote', stage: 1, reason: 'fine' }, dana);
    expect(early.d.rollout?.stages[0]).toMatchObject({ outcome: 'promoted', heldFor: HOUR + MINUTE });

    const late = worldAt('watching');
    late.pass(30 * MINUTE).tell({ kind: 'hold', reason: 'x' }, dana);
    late.pass(SECOND).tell({ kind: 'resume', reason: 'It looks well.' }, dana);
    expect(late.d.rollout?.stages[0]?.watchUntil).toBe(late.now + 5 * MINUTE);
  });

  it('ST-6: asks why where the judge has not passed; what is only tried again, and a longer watch, need no reason', () => {
    expect(worldAt('held watching').tell({ kind: 'resume' }, dana)).toMatchObject({
      code: 'reason_needed',
      message: expect.stringMatching(/^The judge has not passed stage 1/),
    });
    for (const point of ['held shifting', 'held verifying'] as const)
      expect(inShort(worldAt(point).tell({ kind: 'resume' }, dana))).toMatch(/^accepted resumed/);
    expect(inShort(worldAt('held watching').tell({ kind: 'extend', by: HOUR }, dana))).toBe(
      'accepted resumed extended',
    );
  });

  it('tells the backend the step again, with its time anew', () => {
    const world = worldAt('held shifting');
    world.pass(HOUR).tell({ kind: 'resume', reason: 'It looks well.' }, dana);
    expect(world.done.at(-1)?.effects).toContainEqual({ kind: 'apply', key: `D-1:${world.d.seq}`, step: 0 });
    expect(inShort(world.pass(MINUTE).observe())).toBe('unchanged');
  });

  it('begins the verification again', () => {
    const world = worldAt('held verifying');
    world.pass(HOUR);
    expect(inShort(world.tell({ kind: 'resume', reason: 'It looks well.' }, dana))).toBe(
      'accepted resumed verification_started',
    );
    expect(world.d.rollout?.finalWatch?.since).toBe(world.now);
  });

  it.each<Point>(['watching', 'verifying', 'rolled_back', 'preparing'])('is refused when %s', (point) => {
    expect(worldAt(point).tell({ kind: 'resume', reason: 'It looks well.' }, dana)).toMatchObject({
      code: 'wrong_status',
      message: expect.stringContaining('is not held'),
    });
  });
});

describe('Extend', () => {
  it('ST-6: watches longer', () => {
    const world = worldAt('watching');
    const until = world.d.rollout?.stages[0]?.watchUntil ?? 0;
    expect(inShort(world.tell({ kind: 'extend', by: 30 * MINUTE, reason: 'peak' }, dana))).toBe(
      'accepted extended',
    );
    expect(world.d.rollout?.stages[0]?.watchUntil).toBe(until + 30 * MINUTE);
  });

  it('ends a hold, with the time that was asked for on top of what was left', () => {
    const world = worldAt('held watching');
    const until = world.d.rollout?.stages[0]?.watchUntil ?? 0;
    expect(inShort(world.tell({ kind: 'extend', by: HOUR }, dana))).toBe('accepted resumed extended');
    expect(world.d.rollout?.hold).toBeUndefined();
    expect(world.d.rollout?.stages[0]?.watchUntil).toBe(until + HOUR);
  });

  it("ST-6: does not end somebody else's hold: who asks for more time does not ask for that", () => {
    const world = worldAt('held watching');
    expect(world.ask({ kind: 'extend', by: HOUR }, omar)).toMatchObject({
      code: 'wrong_status',
      message: expect.stringMatching(/^Dana holds this rollout, .* Ask them, or resume it first\.$/),
    });
    expect(world.d.rollout?.hold).toBeDefined();
  });

  it.each<Point>(['shifting', 'held shifting', 'held verifying'])(
    'is refused where there is no watch (%s)',
    (point) => {
      expect(worldAt(point).tell({ kind: 'extend', by: HOUR }, dana)).toMatchObject({
        code: 'wrong_status',
        message: expect.stringContaining('no watch to extend'),
      });
    },
  );
});

describe('Hand over', () => {
  it('ends the observation early, with its reason', () => {
    const world = worldAt('observing');
    expect(inShort(world.tell({ kind: 'hand_over', reason: 'quiet night' }, dana))).toBe(
      'accepted handed_over',
    );
    expect(world.d).toMatchObject({ status: 'handed_over', ending: { reason: 'quiet night' } });
  });

  it.each<Point>(['watching', 'verifying', 'rolling_back', 'handed_over'])('is refused when %s', (point) => {
    expect(worldAt(point).tell({ kind: 'hand_over' }, dana)).toMatchObject({
      code: 'wrong_status',
      message: expect.stringContaining('not being observed'),
    });
  });
});

describe('A newer deployment', () => {
  it('ends the observation of the one it replaces', () => {
    const world = worldAt('observing');
    expect(inShort(world.tell({ kind: 'supersede', by: 'D-9' }, clock))).toBe('accepted handed_over');
    expect(world.d.ending?.reason).toBe('D-9 took its place');
  });

  it.each<Point>(['watching', 'rolling_back', 'handed_over'])('leaves one that is %s alone', (point) => {
    expect(inShort(worldAt(point).tell({ kind: 'supersede', by: 'D-9' }, clock))).toBe('unchanged');
  });
});

const RIGHTS: { intent: Intent; point: Point; verb: string; names: RegExp }[] = [
  {
    intent: { kind: 'promote', stage: 1, reason: 'It looks well.' },
    point: 'watching',
    verb: 'promote',
    names: /Dana .* Omar/,
  },
  { intent: { kind: 'hold', reason: 'x' }, point: 'watching', verb: 'hold', names: /Dana .* Omar/ },
  {
    intent: { kind: 'resume', reason: 'It looks well.' },
    point: 'held watching',
    verb: 'resume',
    names: /Dana .* Omar/,
  },
  { intent: { kind: 'extend', by: HOUR }, point: 'watching', verb: 'extend', names: /Dana .* Omar/ },
  { intent: { kind: 'hand_over' }, point: 'observing', verb: 'hand over', names: /Dana .* Omar/ },
  { intent: { kind: 'cancel' }, point: 'preparing', verb: 'cancel', names: /Dana .* Ruth/ },
];

describe('Only who has the right may', () => {
  it.each(RIGHTS)('CH-6: $intent.kind, and others are told whom to ask', ({ intent, point, verb, names }) => {
    const world = worldAt(point);
    const { status } = world.d;
    for (const actor of [paul, person(SANA, 'security')]) {
      const decision = world.tell(intent, actor);
      expect(inShort(decision)).toBe('refused not_allowed + attempt_refused');
      expect(decision).toMatchObject({
        message: expect.stringMatching(new RegExp(`^You can't ${verb} checkout v2.1.0: ask ${names.source}`)),
      });
    }
    expect(world.d.status).toBe(status);
  });

  it.each(RIGHTS)('$intent.kind, and no machine has it', ({ intent, point }) => {
    const decision = worldAt(point).tell(intent, clock);
    expect(inShort(decision)).toBe('refused not_allowed');
  });

  it('names roles where none of its own people may, and says so where nobody may', () => {
    const world = worldAt('watching');
    const lock = (hold: string[]) => {
      const { safeguards } = world.d.terms;
      world.state = {
        ...world.d,
        terms: {
          ...world.d.terms,
          safeguards: { ...safeguards, permissions: { ...safeguards.permissions, hold } },
        },
      };
      return world.ask({ kind: 'hold', reason: 'x' }, paul);
    };
    expect(lock(['security', 'sre'])).toMatchObject({
      message: expect.stringContaining('anyone in the role Security or anyone in the role sre'),
    });
    expect(lock([])).toMatchObject({ message: expect.stringContaining('lets nobody') });
    expect(inShort(lock(['anyone']))).toBe('accepted held');
  });

  it('the requester counts as such where the policy says so', () => {
    const world = worldAt('preparing');
    expect(inShort(world.ask({ kind: 'cancel' }, person(RUTH)))).toBe('accepted cancelled');
  });

  it.each(NOT_ROLLING)('nothing about a rollout can be done when it is %s', (point) => {
    const world = worldAt(point);
    const intents: Intent[] = [
      { kind: 'promote', stage: stagesBegun(world.d).length, reason: 'It looks well.' },
      { kind: 'hold', reason: 'x' },
      { kind: 'resume', reason: 'It looks well.' },
      { kind: 'extend', by: HOUR },
    ];
    for (const intent of intents) expect(inShort(world.tell(intent, dana))).toBe('refused wrong_status');
  });
});
