/** Change types in the core: the lead time of a normal change, and what an emergency owes once it has started (CH-1). */

import { describe, expect, it } from 'vitest';
import { owedSignOffs, owes } from '../../src/deployment/approval/sign-offs.ts';
import { nextWake } from '../../src/deployment/next-wake.ts';
import { mattersOf } from '../../src/deployment/waiting-for.ts';
import type { Approval } from '../../src/terms/approval.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import {
  clock,
  dana,
  details,
  envelope,
  inShort,
  OMAR,
  omar,
  PAUL,
  paul,
  request,
  ruth,
  SANA,
  sana,
  T0,
  tom,
} from './builders.ts';
import { World, worldAt } from './world.ts';

const workdays = { timeZone: 'UTC', holidays: [], hours: { from: '09:00', to: '17:00' } };
const EMERGENCY: Approval = {
  when: 'afterwards',
  leadTime: 0,
  workdays,
  owed: { within: 3 * DAY, remindEvery: DAY, documentation: true },
  escalateTo: { role: 'operations', name: 'Operations', people: [OMAR] },
};
const NORMAL: Approval = { when: 'before', leadTime: 5, workdays };
const emergency = { approval: EMERGENCY, details: details({ changeType: 'emergency' }) };

describe('CH-1: a normal change', () => {
  const ask = (at: number | undefined) =>
    new World().ask(
      request({
        approval: NORMAL,
        envelope: envelope({ start: at === undefined ? { kind: 'when_ready' } : { kind: 'at', at } }),
      }),
      ruth,
    );

  it('is refused before its business days are over, and is offered the earliest start', () => {
    // T0 is a Monday, 10:00 UTC.
    for (const at of [undefined, T0 + 4 * DAY, T0 + 7 * DAY - 1]) {
      expect(ask(at)).toMatchObject({
        kind: 'refused',
        code: 'lead_time',
        message:
          'A normal change is announced 5 business days ahead: the earliest start is Mon 12 Jan 2026, 10:30 (UTC).',
      });
    }
  });

  it('is accepted at the earliest start and later', () => {
    for (const at of [T0 + 7 * DAY, T0 + 7 * DAY + 30 * MINUTE, T0 + 30 * DAY])
      expect(inShort(ask(at))).toBe('accepted requested');
  });

  it('keeps its time when only the summary changes, and needs it again with another version', () => {
    const start = { kind: 'at', at: T0 + 7 * DAY } as const;
    const world = new World();
    world.tell(request({ approval: NORMAL, envelope: envelope({ start }) }), ruth);
    world.pass(6 * DAY);
    const { d } = world;
    const revise = (change: Partial<typeof d.terms.envelope>, summary = 'x') =>
      world.ask(
        {
          kind: 'revise',
          terms: { envelope: { ...d.terms.envelope, ...change }, details: { ...d.terms.details, summary } },
        },
        ruth,
      );
    expect(inShort(revise({}))).toBe('accepted revised');
    expect(inShort(revise({ version: 'v2.1.1' }))).toBe('refused lead_time');
    expect(inShort(revise({ start: { kind: 'at', at: T0 + 7 * DAY + HOUR } }))).toBe('accepted revised');
    expect(inShort(revise({ start: { kind: 'at', at: T0 + 6.5 * DAY } }))).toBe('refused lead_time');
  });
});

describe('CH-1: an emergency', () => {
  it('starts without a go', () => {
    const world = new World();
    expect(inShort(world.tell(request(emergency), ruth))).toBe('accepted requested scheduled');
    expect(inShort(world.observe())).toBe('accepted started step_started');
  });

  it('takes a go before the start, and a no-go still ends it there', () => {
    const world = new World();
    world.tell(request(emergency), ruth);
    expect(inShort(world.sign(tom))).toBe('accepted signed');
    expect(owes(world.d)).toBe(false);
    expect(inShort(world.ask({ ...no(world), role: 'security' }, sana))).toBe('accepted signed rejected');
    world.observe();
    expect(owedSignOffs(world.d).map(({ role }) => role)).toEqual(['security']);
  });

  it.each(['watching', 'held watching', 'observing', 'handed_over', 'rolled_back'] as const)(
    'owes the same sign-offs while it is %s, until each is given',
    (point) => {
      const world = emergencyAt(point);
      expect(owedSignOffs(world.d).map(({ role }) => role)).toEqual(['tech_lead', 'security']);
      const { status } = world.d;
      const isOwedBy = (id: string): boolean => mattersOf(world.d, id).includes('owed');
      // Its lead writes, and sees to the rest.
      expect([world.d.terms.details.lead.id, SANA.id, OMAR.id].map(isOwedBy)).toEqual([true, true, false]);
      expect(inShort(world.sign(tom))).toBe('accepted signed_afterwards');
      expect(inShort(world.sign(tom))).toBe('refused already_signed');
      expect(inShort(world.sign(sana))).toBe('accepted signed_afterwards');
      expect(world.d.status).toBe(status);
      expect(inShort(world.sign(paul))).toMatch(/^refused/);
      expect(owes(world.d)).toBe(true);
      expect(inShort(world.tell({ kind: 'write_up', text: 'The shop was down.' }, dana))).toBe(
        'accepted written_up',
      );
      expect(owes(world.d)).toBe(false);
      expect(isOwedBy(SANA.id)).toBe(false);
      expect(world.d.approval.writeUp).toMatchObject({ text: 'The shop was down.', by: { name: 'Dana' } });
    },
  );

  it('CH-6: keeps asking who may: no outsider, nobody for their own, no go without a look', () => {
    const world = emergencyAt('watching');
    expect(inShort(world.sign(dana))).toBe('refused not_your_role + attempt_refused');
    expect(
      inShort(world.sign({ kind: 'person', person: { id: 'U-DANA', name: 'Dana' }, roles: ['security'] })),
    ).toBe('refused own_deployment + attempt_refused');
    expect(inShort(world.sign(sana, { envelopeHash: '0'.repeat(64) }))).toBe('refused stale');
  });

  it('counts a no-go afterwards as an answer that ends nothing', () => {
    const world = emergencyAt('watching');
    expect(inShort(world.tell({ ...no(world), reason: '' }, sana))).toBe('refused reason_needed');
    expect(inShort(world.tell(no(world), sana))).toBe('accepted signed_afterwards');
    expect(world.d.status).toBe('rolling_out');
    expect(owedSignOffs(world.d).map(({ role }) => role)).toEqual(['tech_lead']);
    expect(inShort(world.tell(no(world), sana))).toBe('refused role_filled');
  });

  it('CH-8: waits for its time, however old a go becomes that it did not need', () => {
    const world = new World();
    const start = { kind: 'at', at: T0 + 5 * DAY } as const;
    world.tell(
      request({ ...emergency, envelope: envelope({ start }), approval: { ...EMERGENCY, goLasts: DAY } }),
      ruth,
    );
    world.sign(tom);
    expect(inShort(world.pass(2 * DAY).wake())).toBe('unchanged');
    expect(world.d.status).toBe('scheduled');
    world.now = start.at;
    expect(inShort(world.observe())).toBe('accepted started step_started');
  });

  it('owes nothing where it never started', () => {
    const world = new World();
    world.tell(request(emergency), ruth);
    world.tell({ kind: 'cancel' }, ruth);
    expect(owes(world.d)).toBe(false);
    expect(nextWake(world.d)).toBeUndefined();
  });

  it('lets the lead or anyone with a role write it up, and nobody else, and only where it is owed', () => {
    const world = emergencyAt('watching');
    const outsider = { kind: 'person', person: PAUL, roles: [] } as const;
    expect(inShort(world.ask({ kind: 'write_up', text: 'x' }, outsider))).toBe(
      'refused not_allowed + attempt_refused',
    );
    expect(inShort(world.ask({ kind: 'write_up', text: '  ' }, dana))).toBe('refused reason_needed');
    expect(inShort(worldAt('watching').ask({ kind: 'write_up', text: 'x' }, dana))).toBe(
      'refused wrong_status',
    );
  });

  it('reminds who owes something every day, in working hours, and no longer than it is owed', () => {
    const world = emergencyAt('rolled_back');
    world.tell({ kind: 'explain_rollback', reason: 'coupons' }, dana);
    world.now = nextWake(world.d) ?? 0;
    expect(world.now).toBe((world.d.rollout?.startedAt ?? 0) + DAY);
    expect(inShort(world.wake())).toBe('accepted reminded');
    expect(world.events.at(-1)).toMatchObject({
      people: [{ name: 'Tom' }, { name: 'Sana' }, { name: 'Paul' }, { name: 'Dana' }],
      about: 'owed',
    });
    expect(inShort(world.wake())).toBe('unchanged');
    world.sign(tom);
    world.sign(sana);
    world.now = nextWake(world.d) ?? 0;
    world.wake();
    expect(world.events.at(-1)).toMatchObject({ type: 'reminded', people: [{ name: 'Dana' }] });
    world.tell({ kind: 'write_up', text: 'x' }, dana);
    expect(nextWake(world.d)).toBeUndefined();
  });

  it('tells the named role once when the deadline has passed', () => {
    const world = emergencyAt('rolled_back');
    const deadline = (world.d.rollout?.startedAt ?? 0) + 3 * DAY;
    while (world.now < deadline + 4 * DAY) {
      world.now = nextWake(world.d) ?? Number.POSITIVE_INFINITY;
      world.wake();
    }
    const escalated = world.events.filter(({ type }) => type === 'escalated');
    expect(escalated).toEqual([
      expect.objectContaining({ at: deadline, to: [OMAR], role: 'Operations', about: 'owed' }),
    ]);
  });

  it('tells each person in a message of its own, and takes its buttons back when it is settled', () => {
    const world = emergencyAt('rolled_back');
    world.tell({ kind: 'explain_rollback', reason: 'coupons' }, dana);
    world.now = nextWake(world.d) ?? 0;
    world.wake();
    const seq = world.d.seq;
    const nudged = () =>
      world.done
        .at(-1)
        ?.effects.flatMap((effect) =>
          effect.kind === 'show' && effect.message.kind === 'nudge' ? [effect.message] : [],
        );
    expect(nudged()?.map(({ user }) => user)).toEqual(['U-TOM', 'U-SANA', 'U-PAUL', 'U-DANA']);
    world.sign(sana);
    expect(nudged()).toContainEqual({ kind: 'nudge', user: SANA.id, seq });
  });

  it('becomes one by a change, and then waits for nobody', () => {
    const world = worldAt('preparing', { approval: { ...NORMAL, leadTime: 0 } });
    const { d } = world;
    const revision = {
      kind: 'revise',
      terms: {
        envelope: d.terms.envelope,
        required: d.terms.required,
        approval: EMERGENCY,
        details: { ...d.terms.details, changeType: 'emergency' },
      },
    } as const;
    const told = world.tell(revision, ruth);
    expect(inShort(told)).toBe('accepted revised scheduled');
    world.observe();
    expect(owes(world.d)).toBe(true);
    expect(inShort(world.tell({ kind: 'wake' }, clock))).toBe('unchanged');
  });

  it('is changed into one only by those who may ask for one', () => {
    const world = worldAt('preparing');
    const { envelope: asked, details: before } = world.d.terms;
    const intent = {
      kind: 'revise',
      terms: { envelope: asked, details: { ...before, changeType: 'emergency' } },
    } as const;
    expect(inShort(world.ask(intent, ruth, { mayRequest: false }))).toBe('refused not_allowed');
  });
});

function no(world: World) {
  const { envelopeHash } = world.d;
  return { kind: 'sign', decision: 'no_go', reason: 'not tested', envelopeHash } as const;
}

/** The usual way without the sign-offs: nothing waits for them. */
function emergencyAt(
  point: 'watching' | 'held watching' | 'observing' | 'handed_over' | 'rolled_back',
): World {
  const world = new World();
  world.tell(request(emergency), ruth);
  world.observe();
  world.pass(1000).shift();
  if (point === 'held watching') world.tell({ kind: 'hold', reason: 'looking' }, dana);
  if (point === 'rolled_back') {
    world.tell({ kind: 'roll_back', why: 'errors' }, omar);
    world.pass(1000).observe();
  }
  if (point === 'observing' || point === 'handed_over') {
    for (const stage of [1, 2]) {
      world.tell({ kind: 'promote', stage, reason: 'It looks well.' }, dana);
      world.pass(1000).shift();
    }
    world.pass(1000).shift();
  }
  if (point === 'handed_over') world.tell({ kind: 'hand_over' }, dana);
  return world;
}
