/** Who decides, tried as somebody would who wants to get past it: alone, with a friend, by an edit, by a label (CH-1, CH-6, CH-7, CH-9, CH-10). */

import { describe, expect, it } from 'vitest';
import { goesFor, whoCanSign } from '../../src/deployment/approval/sign-offs.ts';
import type { Calendar } from '../../src/policy/calendar/blockers.ts';
import type { Approval } from '../../src/terms/approval.ts';
import type { Details } from '../../src/terms/change.ts';
import type { Envelope } from '../../src/terms/envelope.ts';
import { HOUR, MINUTE } from '../../src/time.ts';
import {
  DANA,
  dana,
  details,
  envelope,
  type facts,
  inShort,
  OMAR,
  omar,
  PAUL,
  paul,
  person,
  request,
  ruth,
  SANA,
  SECURITY,
  sana,
  T0,
  TECH_LEAD,
  TOM,
  tom,
} from './builders.ts';
import { World, worldAt } from './world.ts';

const terms = (change: Partial<Approval> = {}): Approval => ({
  when: 'before',
  leadTime: 0,
  workdays: { timeZone: 'UTC', holidays: [] },
  ...change,
});

function revise(
  world: World,
  change: { envelope?: Partial<Envelope>; details?: Partial<Details>; required?: []; approval?: Approval },
  actor = ruth,
  known: Parameters<typeof facts>[1] = {},
) {
  const { envelope: what = {}, details: about = {}, ...rest } = change;
  return world.tell(
    {
      kind: 'revise',
      terms: {
        envelope: { ...world.d.terms.envelope, ...what },
        details: { ...world.d.terms.details, ...about },
        ...rest,
      },
    },
    actor,
    known,
  );
}

describe('A change that nobody would approve', () => {
  const refusal = 'A standard change is approved beforehand, and the policy approves none of checkout.';

  it('CH-9: is refused at the request, with what the policy says', () => {
    const asked = request({ required: [], approval: terms({ when: 'none' }) });
    expect(new World().tell(asked, ruth, { notAdmitted: refusal })).toMatchObject({
      kind: 'refused',
      code: 'wrong_change_type',
      message: `${refusal} Nothing was recorded.`,
    });
  });

  it('CH-9: is refused where the policy asks for an approval and names nobody', () => {
    for (const when of ['before', 'afterwards'] as const)
      expect(new World().tell(request({ required: [], approval: terms({ when }) }), ruth)).toMatchObject({
        code: 'not_allowed',
        message: expect.stringContaining('names nobody to approve'),
      });
  });

  it('CH-9: is refused as what a signed change becomes', () => {
    const world = worldAt('scheduled', { approval: terms() });
    const change = {
      details: { changeType: 'standard' as const },
      required: [] as [],
      approval: terms({ when: 'none' }),
    };
    expect(revise(world, change, ruth, { notAdmitted: refusal })).toMatchObject({
      code: 'wrong_change_type',
    });
  });

  it('CH-9: is refused where a change that was approved beforehand no longer fits its rule', () => {
    const world = worldAt('preparing', {
      details: details({ changeType: 'standard' }),
      envelope: envelope({ start: { kind: 'at', at: T0 + HOUR } }),
      required: [],
      approval: terms({ when: 'none' }),
    });
    expect(revise(world, { details: { risk: 'high' } }, ruth, { notAdmitted: refusal })).toMatchObject({
      code: 'wrong_change_type',
    });
    expect(
      inShort(revise(world, { details: { summary: 'Other words' } }, ruth, { notAdmitted: refusal })),
    ).toBe('accepted revised scheduled');
  });
});

describe('A change that becomes smaller', () => {
  it('CH-1: still needs everybody who had a say, and asks them again', () => {
    const world = worldAt('scheduled', { approval: terms() });
    const change = {
      details: { changeType: 'standard' as const },
      required: [] as [],
      approval: terms({ when: 'none' }),
    };
    expect(inShort(revise(world, change))).toBe('accepted revised');
    expect(world.d).toMatchObject({ status: 'preparing', terms: { approval: { when: 'before' } } });
    expect(world.d.terms.required.map(({ role }) => role)).toEqual(['tech_lead', 'security']);
    world.sign(tom);
    expect(inShort(world.sign(sana))).toBe('accepted signed scheduled');
  });

  it('CH-1: asks everybody again about a lower risk', () => {
    const world = worldAt('scheduled', { approval: terms({ askedAgain: { risk: ['security'] } }) });
    expect(inShort(revise(world, { details: { risk: 'low' } }))).toBe('accepted revised');
    expect(goesFor(world.d, 'tech_lead')).toEqual([]);
  });

  it('CH-1: keeps a larger quorum', () => {
    const world = worldAt('preparing', { required: [{ ...SECURITY, quorum: 2 }], approval: terms() });
    world.tell(
      {
        kind: 'revise',
        terms: {
          envelope: world.d.terms.envelope,
          details: details({ deploymentType: 'bug_fix' }),
          required: [SECURITY, TECH_LEAD],
        },
      },
      ruth,
    );
    expect(world.d.terms.required).toMatchObject([
      { role: 'security', quorum: 2 },
      { role: 'tech_lead', quorum: 1 },
    ]);
  });
});

describe('Nobody approves what is their own', () => {
  it('CH-6: a lead who made somebody else lead does not become an approver', () => {
    const world = worldAt('preparing', { details: details({ lead: TOM }) });
    revise(world, { envelope: { version: 'v2.1.1' }, details: { lead: DANA } }, tom);
    expect(world.sign(tom)).toMatchObject({
      code: 'own_deployment',
      message:
        'Nobody approves their own deployment, and you led it before. Nobody else was asked as Tech lead: someone must be given the role. Nothing was recorded but this try.',
    });
  });

  it('CH-6: who has handed their say on and then leads it has chosen who approves it: that go falls, and none is given so', () => {
    const world = worldAt('preparing');
    world.tell({ kind: 'delegate', to: PAUL }, tom);
    expect(inShort(world.sign(paul))).toBe('accepted signed');
    revise(world, { details: { lead: TOM } });
    expect(goesFor(world.d, 'tech_lead')).toEqual([]);
    expect(world.d.approval.signOffs[0]?.fallen).toBe('Tom leads it, and Paul signed for them');
    expect(world.sign(paul)).toMatchObject({ code: 'not_your_role' });
    expect(whoCanSign(world.d, TECH_LEAD)).toEqual([]);
    // Who holds the role themselves needs nobody's.
    expect(inShort(world.sign(person(PAUL, 'tech_lead')))).toBe('accepted signed');
  });

  it('CH-6: nor by way of somebody between', () => {
    const world = worldAt('preparing');
    world.tell({ kind: 'delegate', to: PAUL }, tom);
    world.tell({ kind: 'delegate', to: OMAR }, paul);
    revise(world, { details: { lead: TOM } });
    expect(world.sign(person(OMAR))).toMatchObject({ code: 'not_your_role' });
  });

  const everybodyRevises = () => {
    const world = worldAt('preparing');
    const { safeguards } = world.d.terms;
    return worldAt('scheduled', {
      safeguards: {
        ...safeguards,
        permissions: { ...safeguards.permissions, revise: ['tech_lead', 'security'] },
      },
    });
  };

  it('CH-6: who wrote what is in force cannot sign it, and can once somebody else wrote it anew', () => {
    const world = everybodyRevises();
    revise(world, { envelope: { version: 'v2.1.1' } }, tom);
    expect(world.sign(tom)).toMatchObject({
      code: 'own_deployment',
      message: expect.stringContaining('you wrote its version'),
    });
    revise(world, { envelope: { version: 'v2.1.2' } }, sana);
    expect(inShort(world.sign(tom))).toBe('accepted signed');
    expect(inShort(world.sign(sana))).toBe('refused own_deployment + attempt_refused');
  });

  it('CH-6: who wrote one part of the database plan cannot sign it, though somebody else wrote another part since', () => {
    const world = everybodyRevises();
    revise(world, { details: { database: 'breaking' } }, tom);
    revise(world, { details: { compatible: 'v2.0.4' } }, sana);
    expect(world.sign(tom)).toMatchObject({
      code: 'own_deployment',
      message: expect.stringContaining('you wrote its change of the database'),
    });
    expect(world.sign(sana)).toMatchObject({
      code: 'own_deployment',
      message: expect.stringContaining('you wrote its compatible versions'),
    });
  });

  it('CH-6: a go of who wrote what is in force falls, though others keep theirs', () => {
    const world = worldAt('preparing');
    const { safeguards } = world.d.terms;
    const open = worldAt('scheduled', {
      approval: terms({ askedAgain: { risk: ['security'] } }),
      safeguards: { ...safeguards, permissions: { ...safeguards.permissions, revise: ['tech_lead'] } },
    });
    expect(revise(open, { details: { risk: 'high' } }, tom)).toMatchObject({
      events: [
        {
          falls: [
            { role: 'tech_lead', person: TOM, why: 'Tom wrote its risk' },
            { role: 'security', person: SANA, why: 'risk medium → high' },
          ],
        },
      ],
    });
  });

  it('CH-6: nobody delegates to who wrote or led it', () => {
    const world = worldAt('preparing', { details: details({ lead: PAUL }) });
    revise(world, { details: { lead: DANA } }, paul);
    expect(world.tell({ kind: 'delegate', to: PAUL }, tom)).toMatchObject({
      code: 'own_deployment',
      message: "Paul led it before, and can't approve it.",
    });
  });
});

describe('What a go is bound to', () => {
  it.each<[string, Partial<Details>]>([
    ['the change type', { changeType: 'emergency' }],
    ['the deployment type', { deploymentType: 'major_release' }],
    ['the risk', { risk: 'high' }],
    ['the change of the database', { database: 'breaking' }],
  ])('CH-7: is %s: every go falls with it', (_, about) => {
    const world = worldAt('scheduled');
    expect(inShort(revise(world, { details: about }))).toBe('accepted revised');
    expect(world.d.approval.signOffs.every(({ fallen }) => fallen !== undefined)).toBe(true);
  });

  it.each<[string, Partial<Details>, Approval['askedAgain']]>([
    ['a raised risk', { risk: 'high' }, { risk: ['security', 'operations'] }],
    ['another change of the database', { database: 'breaking' }, { database: ['security'] }],
  ])(
    'CH-7: %s asks only the roles concerned, and the other go counts for what it is now',
    (_, about, askedAgain) => {
      const world = worldAt('scheduled', { approval: terms({ askedAgain: askedAgain ?? {} }) });
      const signedBy = world.d.envelopeHash;
      expect(revise(world, { details: about })).toMatchObject({
        events: [{ falls: [{ role: 'security', person: SANA }] }],
      });
      expect(goesFor(world.d, 'tech_lead')).toMatchObject([
        { person: TOM, envelopeHash: signedBy, carriedTo: world.d.envelopeHash },
      ]);
      expect(inShort(world.sign(sana))).toBe('accepted signed scheduled');
    },
  );

  it('CH-7: asks everybody where nobody who is concerned has to sign', () => {
    const world = worldAt('scheduled', { approval: terms({ askedAgain: { risk: ['operations'] } }) });
    revise(world, { details: { risk: 'high' } });
    expect(goesFor(world.d, 'tech_lead')).toEqual([]);
  });

  it('CH-7: asks everybody where more than that has changed', () => {
    const world = worldAt('scheduled', { approval: terms({ askedAgain: { risk: ['security'] } }) });
    revise(world, { envelope: { version: 'v2.1.1' }, details: { risk: 'high' } });
    expect(goesFor(world.d, 'tech_lead')).toEqual([]);
  });

  describe('a start at a time', () => {
    const day = (from: number) => ({
      windows: [{ name: 'daily', days: ['mon', 'tue'], from, to: from + 240, timeZone: 'UTC' }],
      freezes: [],
      locks: [],
      conflicts: [],
      windowOverrides: [],
    });
    /** Monday from 10:00 to 14:00; the request is made at 10:00. */
    const calendar = day(600) as unknown as Calendar;
    const at = (time: number) => ({ kind: 'at' as const, at: time });
    const quick = {
      strategy: 'all',
      steps: [{ kind: 'set-weight' as const, percent: 100 }],
    };
    const signed = () => {
      const world = new World();
      const asked = request({ envelope: envelope({ plan: quick, start: at(T0 + HOUR) }) });
      expect(world.tell(asked, ruth, { calendar }).kind).toBe('accepted');
      world.sign(tom);
      world.sign(sana);
      return world;
    };

    it('CH-7: that moves within its window asks nobody', () => {
      const world = signed();
      expect(world.d.terms.envelope.window).toEqual({ from: T0, to: T0 + 4 * HOUR });
      const decision = revise(world, { envelope: { start: at(T0 + 2 * HOUR) } }, dana, { calendar });
      expect(decision).toMatchObject({
        events: [{ type: 'revised', falls: [], wrote: [] }, { startAt: T0 + 2 * HOUR }],
      });
      expect(world.d.status).toBe('scheduled');
      expect(goesFor(world.d, 'tech_lead')).toHaveLength(1);
    });

    it('CH-7: that moves to another window asks everybody', () => {
      const world = signed();
      const tomorrow = at(T0 + 25 * HOUR);
      expect(inShort(revise(world, { envelope: { start: tomorrow } }, dana, { calendar }))).toBe(
        'accepted revised',
      );
      expect(goesFor(world.d, 'tech_lead')).toEqual([]);
    });
  });
});

describe('An emergency', () => {
  const calendar: Calendar = {
    windows: [],
    freezes: [
      { id: 'F-1', reason: 'Year end', from: T0 - HOUR, until: T0 + 9 * HOUR, overrides: ['cab'], by: PAUL },
    ],
    locks: [
      {
        id: 'L-1',
        service: 'checkout',
        reason: 'load test',
        holder: PAUL,
        from: T0 - HOUR,
        until: T0 + 5 * HOUR,
      },
    ],
    conflicts: [],
    windowOverrides: [],
  } as unknown as Calendar;
  const asked = request({
    details: details({ changeType: 'emergency', summary: 'Orders are lost' }),
    approval: terms({
      when: 'afterwards',
      owed: { within: 24 * HOUR, remindEvery: HOUR, documentation: true },
    }),
  });

  it('CH-1: starts by the one who declares it, past a freeze and a lock, and the record says past which', () => {
    const world = new World();
    expect(inShort(world.tell(asked, omar, { calendar }))).toBe(
      'accepted requested calendar_overridden scheduled',
    );
    expect(world.d.start.overridden).toMatchObject([
      { keys: ['freeze:F-1', 'lock:L-1'], by: OMAR, reason: 'An emergency: Orders are lost' },
    ]);
    world.tell(
      {
        kind: 'observed',
        observation: { at: world.now, stable: 'v2.0.4', canary: null, weight: 0, health: 'passing' },
      },
      { kind: 'system', name: 'backend' },
      { calendar },
    );
    expect(world.d.status).toBe('rolling_out');
  });

  it('CH-1: tells everybody who will owe it an approval at once', () => {
    const world = new World();
    world.tell(asked, omar, { calendar });
    const told = world.done[0]?.effects.flatMap((effect) =>
      effect.kind === 'show' && effect.message.kind === 'dm' ? [effect.message.user] : [],
    );
    expect(told).toEqual(expect.arrayContaining([TOM.id, SANA.id, PAUL.id]));
  });

  it('CH-1: that meets a lock later is started past it by whoever may declare one, and by nobody else', () => {
    const world = new World();
    const envelopeThen = envelope({ start: { kind: 'at', at: T0 + MINUTE } });
    world.tell({ ...asked, terms: { ...asked.terms, envelope: envelopeThen } }, omar);
    const override = { kind: 'override' as const, reason: 'Orders are lost' };
    expect(inShort(world.ask(override, paul, { calendar }))).toBe('refused not_allowed + attempt_refused');
    expect(inShort(world.ask(override, tom, { calendar, mayDeclare: true }))).toMatch(
      /^accepted calendar_overridden/,
    );
  });

  it('CH-1: a change of it by somebody who could not declare it is refused', () => {
    const world = new World();
    const envelopeThen = envelope({ start: { kind: 'at', at: T0 + MINUTE } });
    world.tell({ ...asked, terms: { ...asked.terms, envelope: envelopeThen } }, omar);
    const known = { notAdmitted: 'An emergency of checkout is declared by Operations.' };
    expect(revise(world, { envelope: { version: 'v6.6.6' } }, dana, known)).toMatchObject({
      code: 'wrong_change_type',
    });
  });
});

describe('An item that asks for somebody', () => {
  const requirements = {
    gates: [],
    checklist: [
      {
        id: 'runbook',
        group: 'documentation' as const,
        text: 'The runbook is right',
        required: true,
        before: 'start' as const,
        by: [{ role: 'operations', name: 'Operations' }],
      },
    ],
    changeRequest: false,
  };
  const tick = { kind: 'tick' as const, items: [{ item: 'runbook', ticked: true }] };

  it('GT-5: is ticked by the roles it names alone', () => {
    const world = worldAt('preparing', { requirements });
    expect(world.tell(tick, sana)).toMatchObject({
      code: 'not_your_role',
      message:
        '"The runbook is right" of checkout v2.1.0 is for Operations to tick, and not for Ruth, who asked for it. Nothing was recorded but this try.',
    });
    expect(inShort(world.tell(tick, omar))).toMatch(/^accepted item_ticked/);
  });

  describe('that two roles tick each for itself', () => {
    const item = {
      id: 'runbook',
      group: 'documentation' as const,
      text: 'The runbook is right',
      required: true,
      before: 'start' as const,
      roles: [
        { role: 'operations', name: 'Operations' },
        { role: 'security', name: 'Security' },
      ],
    };
    const asked = (approval: Approval = terms()) =>
      worldAt('preparing', { approval, requirements: { ...requirements, checklist: [item] } });
    const tickAs = (...as: string[]) => ({
      kind: 'tick' as const,
      items: as.map((role) => ({ item: 'runbook', role, ticked: true })),
    });
    const both = person(OMAR, 'operations', 'security');

    it('CH-10: is not ticked for both by one person, one after the other or at once', () => {
      const world = asked();
      expect(world.ask(tickAs('operations', 'security'), both)).toMatchObject({ code: 'one_role' });
      expect(inShort(world.tell(tickAs('operations'), both))).toBe('accepted item_ticked');
      expect(world.ask(tickAs('security'), both)).toMatchObject({
        code: 'one_role',
        message: expect.stringContaining('as Operations, and one person fills one role'),
      });
      expect(inShort(world.tell(tickAs('security'), sana))).toMatch(/^accepted item_ticked/);
    });

    it('CH-10: is where the policy lets one person fill both', () => {
      const together = terms({ onePersonMayFill: [['operations', 'security']] });
      expect(inShort(asked(together).tell(tickAs('operations', 'security'), both))).toMatch(
        /^accepted item_ticked item_ticked/,
      );
    });
  });

  it('CH-10: is not ticked by whoever asked for the deployment, whatever roles they hold', () => {
    const world = worldAt('preparing', { requirements });
    expect(world.tell(tick, person(world.d.requestedBy, 'operations'))).toMatchObject({
      code: 'not_your_role',
    });
  });
});
