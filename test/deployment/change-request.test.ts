/** The change request in the core: who writes it, what waits for it, and what a change of it says to those who signed (CH-5). */

import { describe, expect, it } from 'vitest';
import { defined } from '../../src/defined.ts';
import { changedParts } from '../../src/deployment/approval/change-request.ts';
import { owes, owesChangeRequest } from '../../src/deployment/approval/sign-offs.ts';
import { missingBefore } from '../../src/deployment/readiness/readiness.ts';
import type { Approval } from '../../src/terms/approval.ts';
import type { ChangeRequest } from '../../src/terms/change-request.ts';
import type { Requirements } from '../../src/terms/requirements.ts';
import { DAY, MINUTE } from '../../src/time.ts';
import { dana, details, inShort, omar, paul, request, ruth, SANA, sana, TOM, tom } from './builders.ts';
import { World } from './world.ts';

const NEEDED: Requirements = { gates: [], checklist: [], changeRequest: true };
const WRITTEN: ChangeRequest = {
  justification: 'Customers ask for it.',
  components: 'checkout',
  downtime: 0,
  rollbackTime: 15 * MINUTE,
  risks: [{ risk: 'Payments time out', likelihood: 'low', impact: 'high', mitigation: 'A flag' }],
};
const OTHER: ChangeRequest = { ...WRITTEN, downtime: 5 * MINUTE, risks: [] };
const EMERGENCY: Approval = {
  when: 'afterwards',
  leadTime: 0,
  workdays: { timeZone: 'UTC', holidays: [] },
  owed: { within: 3 * DAY, remindEvery: DAY, documentation: false },
};

const write = (change: ChangeRequest = WRITTEN, seen?: number | null) =>
  ({
    kind: 'write_change_request',
    request: change,
    ...defined({ seen }),
  }) as const;

function asked(requirements: Requirements = NEEDED): World {
  const world = new World();
  world.tell(request({ requirements }), ruth);
  return world;
}

function emergency(): World {
  const world = new World();
  const change = { requirements: NEEDED, approval: EMERGENCY, details: details({ changeType: 'emergency' }) };
  world.tell(request(change), ruth);
  return world;
}

/** The messages that the last event of a type has shown. */
function shownBy(world: World, type: string): unknown[] {
  const done = world.done.findLast(({ event }) => event.type === type);
  return (done?.effects ?? []).flatMap((effect) => (effect.kind === 'show' ? [effect.message] : []));
}

describe('CH-5: a required change request', () => {
  it('is waited for when all have said go, and its writing schedules the deployment', () => {
    const world = asked();
    world.sign(tom);
    expect(inShort(world.sign(sana))).toBe('accepted signed');
    expect(missingBefore(world.d, 'start')).toEqual(['change request']);
    expect(inShort(world.tell(write(), dana))).toBe('accepted change_request_written scheduled');
  });

  it('schedules nothing while a go is missing', () => {
    const world = asked();
    expect(inShort(world.tell(write(), dana))).toBe('accepted change_request_written');
    world.sign(tom);
    expect(inShort(world.sign(sana))).toBe('accepted signed scheduled');
  });

  it.each([
    ['its lead', dana, 'unchanged'],
    ['who asked for it', ruth, 'unchanged'],
    ['its on-call', omar, 'refused not_allowed + attempt_refused'],
    ['an approver', tom, 'refused not_allowed + attempt_refused'],
    ['anybody else', paul, 'refused not_allowed + attempt_refused'],
  ])('is begun and written by those who may change the deployment: %s', (_who, actor, begun) => {
    const world = asked();
    expect(inShort(world.ask({ kind: 'write_change_request' }, actor))).toBe(begun);
    expect(inShort(world.ask(write(), actor))).toBe(
      begun === 'unchanged' ? 'accepted change_request_written' : begun,
    );
  });

  it('may be written where nobody asks for one', () => {
    const world = asked({ ...NEEDED, changeRequest: false });
    world.sign(tom);
    expect(inShort(world.sign(sana))).toBe('accepted signed scheduled');
    expect(inShort(world.tell(write(), dana))).toBe('accepted change_request_written');
  });

  it('stays as it is once it has started', () => {
    const world = asked();
    world.tell(write(), dana);
    world.sign(tom);
    world.sign(sana);
    world.observe();
    expect(world.d.status).toBe('rolling_out');
    expect(inShort(world.ask(write(OTHER), dana))).toBe('refused wrong_status');
    expect(inShort(world.ask({ kind: 'write_change_request' }, dana))).toBe('refused wrong_status');
  });

  it('does not let two people write over each other', () => {
    const world = asked();
    world.tell(write(WRITTEN, null), dana);
    expect(inShort(world.ask(write(OTHER, null), ruth))).toBe('refused stale');
    expect(inShort(world.ask(write(OTHER, world.d.evidence.changeRequest?.at ?? null), ruth))).toBe(
      'accepted change_request_written',
    );
  });
});

describe('CH-5: a change request that is changed', () => {
  it('names its parts that read differently, and nothing where none does', () => {
    expect(changedParts(WRITTEN, OTHER)).toEqual(['downtime', 'risks']);
    const world = asked();
    world.tell(write(), dana);
    expect(inShort(world.ask(write(), dana))).toBe('unchanged');
    world.tell(write(OTHER), dana);
    expect(world.events.at(-1)).toMatchObject({ changed: ['downtime', 'risks'] });
  });

  it('leaves each go standing, with what it did not see, and tells whoever gave it', () => {
    const world = asked();
    world.tell(write(), dana);
    world.sign(tom);
    world.pass(MINUTE).tell(write({ ...WRITTEN, components: 'checkout, payments' }), dana);
    world.pass(MINUTE).tell(write({ ...OTHER, components: 'checkout, payments' }), dana);
    expect(world.d.approval.signOffs).toMatchObject([
      { role: 'tech_lead', unread: { parts: ['components', 'downtime', 'risks'], at: world.now } },
    ]);
    expect(shownBy(world, 'change_request_written')).toContainEqual({
      kind: 'nudge',
      user: TOM.id,
      seq: world.d.seq,
    });
    expect(shownBy(world, 'change_request_written')).not.toContainEqual(
      expect.objectContaining({ kind: 'nudge', user: SANA.id }),
    );
    // Whoever signs now has seen it as it is.
    expect(inShort(world.sign(sana))).toBe('accepted signed scheduled');
    expect(world.d.approval.signOffs.at(-1)).not.toHaveProperty('unread');
    // And the go may still become a no-go.
    expect(inShort(world.sign(tom, { decision: 'no_go', reason: 'Not like this.' }))).toBe(
      'accepted signed rejected',
    );
  });

  it('counts its first writing as unread as well', () => {
    const world = asked();
    world.sign(tom);
    world.tell(write(), dana);
    expect(world.d.approval.signOffs[0]?.unread?.parts).toHaveLength(5);
  });

  it('is shown anew with everything that changes what it says', () => {
    const world = asked();
    expect(shownBy(world, 'requested')).not.toContainEqual({ kind: 'change_request' });
    world.tell(write(), dana);
    world.sign(tom);
    const { envelope, details: about } = world.d.terms;
    world.tell({ kind: 'revise', terms: { envelope, details: { ...about, risk: 'high' } } }, dana);
    world.tell({ kind: 'cancel' }, dana);
    for (const type of ['change_request_written', 'signed', 'revised', 'cancelled'])
      expect(shownBy(world, type), type).toContainEqual({ kind: 'change_request' });
  });
});

describe('CH-5: an emergency that needs a change request', () => {
  it('starts without it, owes it until it is written, and takes it in any status', () => {
    const world = emergency();
    expect(world.d.status).toBe('scheduled');
    expect(owesChangeRequest(world.d)).toBe(false);
    world.observe();
    world.sign(tom);
    world.sign(sana);
    expect(owes(world.d)).toBe(true);
    world.tell({ kind: 'roll_back', why: 'errors' }, omar);
    world.pass(1000).observe();
    expect(world.d.status).toBe('rolled_back');
    expect(inShort(world.tell(write(), dana))).toBe('accepted change_request_written');
    expect(owes(world.d)).toBe(false);
    expect(inShort(world.ask(write(OTHER), dana))).toBe('refused wrong_status');
  });

  it('reminds its lead while it is owed, and no longer', () => {
    const world = emergency();
    world.observe();
    world.sign(tom);
    world.sign(sana);
    expect(inShort(world.pass(DAY).wake())).toContain('reminded');
    expect(world.events.findLast(({ type }) => type === 'reminded')).toMatchObject({
      people: [{ name: 'Dana' }],
    });
    world.tell(write(), dana);
    expect(inShort(world.pass(DAY).wake())).not.toContain('reminded');
  });

  it('does not wait for the item of the checklist that it ticks either', () => {
    const item = { id: 'change_request', group: 'approvals', text: 'It is written', required: true } as const;
    const requirements: Requirements = {
      ...NEEDED,
      checklist: [{ ...item, before: 'start', evidence: { kind: 'change_request' } }],
    };
    const world = new World();
    expect(inShort(world.tell(request({ requirements, approval: EMERGENCY }), ruth))).toBe(
      'accepted requested scheduled',
    );
    const normal = asked(requirements);
    expect(missingBefore(normal.d, 'start')).toEqual(['change request', 'It is written']);
  });
});
