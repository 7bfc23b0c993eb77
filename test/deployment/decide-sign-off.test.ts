/** Go and No-go: who may sign, for what, and what a sign-off leads to. */

import { describe, expect, it } from 'vitest';
import { defined } from '../../src/defined.ts';
import { rolesOpenTo } from '../../src/deployment/approval/may-sign.ts';
import { goesFor, whoCanSign } from '../../src/deployment/approval/sign-offs.ts';
import type { Approval } from '../../src/terms/approval.ts';
import type { PersonRef } from '../../src/terms/person.ts';
import {
  DANA,
  dana,
  envelope,
  inShort,
  OMAR,
  PAUL,
  person,
  ruth,
  SANA,
  SECURITY,
  sana,
  TECH_LEAD,
  TOM,
  tom,
} from './builders.ts';
import { type Point, World, worldAt } from './world.ts';

const approvalOf = (change: Partial<Approval>): Approval => ({
  when: 'before',
  leadTime: 0,
  workdays: { timeZone: 'UTC', holidays: [] },
  ...change,
});
const OPERATIONS = { role: 'operations', name: 'Operations', quorum: 2, asked: [OMAR, PAUL] };

describe('A go', () => {
  it('CH-6: fills the role of who clicked, and the last one schedules', () => {
    const world = worldAt('preparing');
    expect(inShort(world.sign(tom))).toBe('accepted signed');
    expect(world.d.approval.signOffs).toMatchObject([{ role: 'tech_lead', decision: 'go', person: TOM }]);
    expect(inShort(world.sign(sana))).toBe('accepted signed scheduled');
    expect(world.d).toMatchObject({ status: 'scheduled', start: { at: world.now } });
  });

  it('CH-10: asks whoever holds several roles which it is for, and records nothing before they say', () => {
    const world = worldAt('preparing');
    const both = person(TOM, 'tech_lead', 'security');
    expect(world.sign(both)).toMatchObject({
      kind: 'refused',
      code: 'which_role',
      message: expect.stringContaining('Tech lead, Security'),
    });
    expect(world.d.approval.signOffs).toEqual([]);
  });

  it('CH-10: and a no-go is asked as which role too, but for one that they said go as', () => {
    const both = person(TOM, 'tech_lead', 'security');
    const noGo = { decision: 'no_go', reason: 'not today' } as const;
    const world = worldAt('preparing');
    expect(world.sign(both, noGo)).toMatchObject({
      code: 'which_role',
      message:
        'You hold several roles of checkout v2.1.0: Tech lead, Security. Say as which one you say no-go.',
    });
    expect(world.d).toMatchObject({ status: 'preparing', approval: { signOffs: [] } });
    world.sign(both, { role: 'security' });
    expect(inShort(world.sign(both, noGo))).toBe('accepted signed rejected');
    expect(world.d.approval.signOffs.at(-1)).toMatchObject({ role: 'security', decision: 'no_go' });
  });

  it('CH-10: and nobody hands on the first of several roles without saying which', () => {
    const world = worldAt('preparing');
    const both = person(TOM, 'tech_lead', 'security');
    expect(inShort(world.tell({ kind: 'delegate', to: PAUL }, both))).toBe('refused which_role');
    expect(inShort(world.tell({ kind: 'delegate', role: 'tech_lead', to: OMAR }, both))).toBe(
      'accepted delegated',
    );
  });

  it('CH-10: of one person fills one role, however often they click', () => {
    const world = worldAt('preparing');
    const both = person(TOM, 'tech_lead', 'security');
    expect(inShort(world.sign(both, { role: 'tech_lead' }))).toBe('accepted signed');
    expect(inShort(world.sign(both))).toBe('refused already_signed');
    expect(world.sign(both, { role: 'security' })).toMatchObject({
      code: 'one_role',
      message:
        'One person fills one role, and you said go as Tech lead. Ask Sana or Paul. Nothing was recorded but this try.',
    });
    expect(world.d.status).toBe('preparing');
    expect(inShort(world.sign(sana))).toBe('accepted signed scheduled');
  });

  it('CH-10: of one person fills one role, also where two people delegated theirs to them', () => {
    const world = worldAt('preparing');
    world.tell({ kind: 'delegate', to: PAUL }, tom);
    world.tell({ kind: 'delegate', role: 'security', to: OMAR }, sana);
    world.tell({ kind: 'delegate', role: 'tech_lead', to: OMAR }, tom);
    const delegate = person(OMAR);
    expect(inShort(world.sign(delegate))).toBe('refused which_role');
    expect(inShort(world.sign(delegate, { role: 'security' }))).toBe('accepted signed');
    expect(inShort(world.sign(delegate, { role: 'tech_lead' }))).toBe('refused one_role + attempt_refused');
    const again = world.tell({ kind: 'delegate', role: 'tech_lead', to: OMAR }, tom);
    expect(again.kind).toBe('refused');
  });

  it('CH-10: of one person fills the roles that the policy names together, and no others', () => {
    const approval = approvalOf({ onePersonMayFill: [['tech_lead', 'security']] });
    const world = worldAt('preparing', { approval, required: [TECH_LEAD, SECURITY, OPERATIONS] });
    const all = person(TOM, 'tech_lead', 'security', 'operations');
    expect(inShort(world.sign(all, { role: 'tech_lead' }))).toBe('accepted signed');
    expect(inShort(world.sign(all))).toBe('accepted signed');
    expect(world.d.approval.signOffs.map(({ role }) => role)).toEqual(['tech_lead', 'security']);
    expect(inShort(world.sign(all, { role: 'operations' }))).toBe('refused one_role + attempt_refused');
  });

  it('fills the role that is named', () => {
    const world = worldAt('preparing');
    world.sign(person(TOM, 'tech_lead', 'security'), { role: 'security' });
    expect(world.d.approval.signOffs.map(({ role }) => role)).toEqual(['security']);
  });

  it('CH-6: of a quorum counts once for a place that was handed on, whoever of them signs', () => {
    const omar = person(OMAR, 'operations');
    const handOn = (world: World, to: PersonRef, from = omar): string =>
      inShort(world.tell({ kind: 'delegate', role: 'operations', to }, from));
    const both = worldAt('preparing', { required: [OPERATIONS] });
    expect(handOn(both, TOM)).toBe('accepted delegated');
    expect(inShort(both.sign(person(TOM)))).toBe('accepted signed');
    expect(whoCanSign(both.d, OPERATIONS)).toEqual([PAUL]);
    expect(rolesOpenTo(both.d, { person: OMAR, roles: ['operations'] })).toEqual([]);
    expect(inShort(both.sign(omar))).toBe('refused one_role + attempt_refused');
    expect(handOn(both, SANA)).toBe('refused already_signed');
    expect(both.d.status).toBe('preparing');

    const chain = worldAt('preparing', { required: [OPERATIONS] });
    expect(handOn(chain, TOM)).toBe('accepted delegated');
    expect(handOn(chain, SANA, person(TOM))).toBe('accepted delegated');
    expect(inShort(chain.sign(omar))).toBe('accepted signed');
    for (const delegate of [TOM, SANA])
      expect(inShort(chain.sign(person(delegate)))).toBe('refused one_role + attempt_refused');
    expect(inShort(chain.sign(person(PAUL, 'operations')))).toBe('accepted signed scheduled');
  });

  it('CH-6: needs two people where the quorum is two', () => {
    const world = worldAt('preparing', { required: [OPERATIONS] });
    const omarSigns = person(OMAR, 'operations');
    expect(inShort(world.sign(omarSigns))).toBe('accepted signed');
    expect(inShort(world.sign(omarSigns))).toBe('refused already_signed');
    expect(goesFor(world.d, 'operations')).toHaveLength(1);
    expect(inShort(world.sign(person(PAUL, 'operations')))).toBe('accepted signed scheduled');
  });

  it('schedules for the time that was planned', () => {
    const at = new World().now + 3_600_000;
    const world = worldAt('scheduled', { envelope: envelope({ start: { kind: 'at', at } }) });
    expect(world.d.start.at).toBe(at);
  });

  it('schedules for now where the planned time passed while it waited', () => {
    const at = new World().now + 1000;
    const world = worldAt('preparing', { envelope: envelope({ start: { kind: 'at', at } }) });
    world.sign(tom);
    world.pass(60_000).sign(sana);
    expect(world.d.start.at).toBe(world.now);
  });

  it('keeps what was said with it', () => {
    const world = worldAt('preparing');
    world.sign(tom, { reason: 'read the diff' });
    expect(world.d.approval.signOffs[0]).toMatchObject({ reason: 'read the diff', at: world.now });
  });
});

describe('A no-go', () => {
  it('rejects with its reason, from a role that was filled already too', () => {
    const world = worldAt('preparing');
    world.sign(sana);
    const paul = person(PAUL, 'security');
    expect(inShort(world.sign(paul, { decision: 'no_go', reason: 'CVE-1' }))).toBe(
      'accepted signed rejected',
    );
    expect(world.d).toMatchObject({ status: 'rejected', ending: { reason: 'CVE-1', by: PAUL } });
  });

  it('stops what is scheduled but has not started', () => {
    const world = worldAt('scheduled');
    world.sign(tom, { decision: 'no_go', reason: 'wait' });
    expect(world.d.status).toBe('rejected');
  });

  it.each([undefined, '', '  '])('needs a reason, and %j is none', (reason) => {
    const decision = worldAt('preparing').sign(tom, {
      decision: 'no_go',
      ...defined({ reason }),
    });
    expect(decision).toMatchObject({ code: 'reason_needed', message: expect.stringContaining('reason') });
  });
});

describe('A sign-off is refused', () => {
  it.each([
    { who: 'the lead', actor: person(DANA, 'tech_lead') },
    { who: 'who asked for it', actor: person({ id: 'U-RUTH', name: 'Ruth' }, 'tech_lead') },
  ])('CH-6: to $who, though they hold the role, and only the attempt is recorded', ({ actor }) => {
    const world = worldAt('preparing');
    const decision = world.sign(actor);
    expect(inShort(decision)).toBe('refused own_deployment + attempt_refused');
    expect(decision).toMatchObject({
      message: expect.stringMatching(/own deployment.*Ask Tom\. Nothing was recorded but this try\.$/),
    });
    expect(world.events.at(-1)).toMatchObject({
      type: 'attempt_refused',
      attempt: 'sign as tech_lead',
      code: 'own_deployment',
    });
    expect(world.d).toMatchObject({ status: 'preparing', approval: { signOffs: [] } });
  });

  it('CH-6: says so where nobody else was asked for the role', () => {
    const world = worldAt('preparing', { required: [{ ...TECH_LEAD, asked: [DANA] }] });
    expect(world.sign(person(DANA, 'tech_lead'))).toMatchObject({
      message: expect.stringContaining('Nobody else was asked as Tech lead'),
    });
  });

  it('CH-6: to who holds no role, with the names of who does', () => {
    const world = worldAt('preparing');
    world.sign(tom);
    const decision = world.sign(person(OMAR));
    expect(inShort(decision)).toBe('refused not_your_role + attempt_refused');
    expect(decision).toMatchObject({
      message:
        "You can't sign for checkout v2.1.0: that is for Security: Sana or Paul. Nothing was recorded but this try.",
    });
  });

  it('CH-6: to who holds another role than the one on the button', () => {
    const world = worldAt('preparing');
    expect(world.sign(tom, { role: 'security' })).toMatchObject({
      code: 'not_your_role',
      message: expect.stringContaining('Security: Sana or Paul'),
      remark: { attempt: 'sign as security' },
    });
  });

  it('to a second person where one was enough, who is told who was faster', () => {
    const world = worldAt('preparing');
    world.sign(sana);
    const decision = world.sign(person(PAUL, 'security'));
    expect(inShort(decision)).toBe('refused role_filled');
    expect(decision).toMatchObject({
      message: expect.stringContaining('Someone was faster: Sana said go as Security'),
    });
  });

  it('to the same person twice, also when the click comes after the last go', () => {
    const world = worldAt('scheduled');
    expect(world.sign(sana)).toMatchObject({
      code: 'already_signed',
      message: expect.stringContaining('as Security is recorded already'),
    });
  });

  it('CH-7: for something else than is true now', () => {
    const world = worldAt('preparing');
    const seen = world.d.envelopeHash;
    world.tell(
      {
        kind: 'revise',
        terms: { envelope: envelope({ version: 'v2.1.1' }), details: world.d.terms.details },
      },
      ruth,
    );
    for (const decision of ['go', 'no_go'] as const) {
      expect(world.sign(tom, { envelopeHash: seen, decision, reason: 'x' })).toMatchObject({
        code: 'stale',
        message: expect.stringContaining('checkout v2.1.1 has changed'),
      });
    }
  });

  it.each<Point>([
    'shifting',
    'watching',
    'held watching',
    'observing',
    'rolled_back',
    'rejected',
    'expired',
  ])('when it is %s: sign-offs are over', (point) => {
    expect(worldAt(point).sign(tom)).toMatchObject({
      code: 'wrong_status',
      message: expect.stringContaining('are over'),
    });
  });

  it('to a machine', () => {
    expect(worldAt('preparing').sign({ kind: 'system', name: 'clock' })).toMatchObject({
      code: 'not_allowed',
    });
  });

  it('to the lead even where the quorum is not met otherwise', () => {
    const world = worldAt('preparing', { required: [{ ...TECH_LEAD, asked: [DANA, SANA], quorum: 2 }] });
    expect(inShort(world.sign(dana))).toBe('refused not_your_role + attempt_refused');
    expect(world.sign(person(DANA, 'tech_lead'))).toMatchObject({ code: 'own_deployment' });
  });
});
