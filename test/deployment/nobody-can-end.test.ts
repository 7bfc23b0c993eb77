/** What nobody can end any more is found from the record alone, and told once (CH-6, CH-10). */

import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { nextWake } from '../../src/deployment/next-wake.ts';
import { nextStuck, nobodyCanEnd } from '../../src/deployment/nobody-can-end.ts';
import { mattersOf } from '../../src/deployment/waiting-for.ts';
import type { RequiredSignOff } from '../../src/terms/approval.ts';
import type { PersonRef } from '../../src/terms/person.ts';
import type { Requirements } from '../../src/terms/requirements.ts';
import { deadEndWords, stuckLines } from '../../views/stuck-words.ts';
import {
  approval,
  DANA,
  details,
  OMAR,
  PAUL,
  paul,
  person,
  play,
  RUTH,
  requested,
  ruth,
  SANA,
  sana,
  TOM,
} from './builders.ts';
import { item, needs } from './readiness-builders.ts';
import { worldAt } from './world.ts';

const role = (name: string, ...asked: PersonRef[]): RequiredSignOff => ({
  role: name.toLowerCase(),
  name,
  quorum: 1,
  asked,
});

const HASH = play(requested()).envelopeHash;

const words = (d: Deployment): string[] => nobodyCanEnd(d).map(deadEndWords);

/** Ruth asked for it and Dana leads it. */
const asked = (...required: RequiredSignOff[]): Deployment => play(requested({ required }));

describe('a sign-off that nobody can give', () => {
  it.each<[string, RequiredSignOff[], string[]]>([
    ['somebody can', [role('Security', SANA)], []],
    ['nobody holds the role', [role('Security')], ['nobody can say go as Security: nobody holds the role']],
    [
      'all who hold it asked for it or lead it',
      [role('Security', RUTH, DANA)],
      ['nobody can say go as Security: Ruth asked for it and Dana leads it'],
    ],
    [
      'it takes more people than there are',
      [{ ...role('Security', SANA, DANA), quorum: 3 }],
      ['2 more goes as Security can come from nobody: Dana leads it'],
    ],
    ['each role has somebody of its own', [role('Security', SANA), role('Tech', TOM, SANA)], []],
    [
      'one person is all that two roles have',
      [role('Security', SANA), role('Tech', SANA)],
      [
        'too few people can say go as Security and Tech, as one person fills one role: Sana can fill only one of them',
      ],
    ],
  ])('CH-6, CH-10: is found where %s', (_, required, says) => {
    expect(words(asked(...required))).toEqual(says);
  });

  it('CH-10: is none where the policy lets one person fill both roles', () => {
    const d = play(
      requested({
        required: [role('Security', SANA), role('Tech', SANA)],
        approval: approval({ onePersonMayFill: [['security', 'tech']] }),
      }),
    );
    expect(nobodyCanEnd(d)).toEqual([]);
  });

  it('CH-1: keeps nothing waiting that is approved afterwards', () => {
    const d = play(requested({ required: [role('Security')], approval: approval({ when: 'afterwards' }) }));
    expect(nobodyCanEnd(d)).toEqual([]);
  });

  it('CH-8: counts whoever was handed a place as one with whoever handed it on', () => {
    const two = { ...role('Security', SANA, TOM), quorum: 2 };
    const world = worldAt('preparing', { required: [two] });
    expect(words(world.d)).toEqual([]);
    world.tell({ kind: 'delegate', to: PAUL }, person(SANA, 'security'));
    expect(words(world.d)).toEqual([]);
    world.tell({ kind: 'delegate', to: OMAR }, person(TOM, 'security'));
    world.sign(paul);
    expect(words(world.d)).toEqual([]);
  });
});

describe('an item that nobody can tick', () => {
  const SECURITY = { role: 'security', name: 'Security' };
  const DBA = { role: 'dba', name: 'DBA' };

  it.each<[string, Partial<Requirements>, string[]]>([
    [
      'its role is held by somebody',
      { checklist: [item('scan', { by: [SECURITY] })], people: { security: [SANA] } },
      [],
    ],
    ['the record does not know who holds it', { checklist: [item('scan', { by: [SECURITY] })] }, []],
    [
      'nobody holds its role',
      { checklist: [item('scan', { by: [SECURITY] })], people: { security: [] } },
      ['nobody can tick "scan is done" as Security: nobody holds the role'],
    ],
    [
      'only whoever asked for it holds its roles',
      { checklist: [item('scan', { by: [SECURITY, DBA] })], people: { security: [RUTH], dba: [RUTH] } },
      ['nobody can tick "scan is done" as Security or DBA: Ruth asked for it'],
    ],
    [
      'one of its roles has somebody else',
      { checklist: [item('scan', { by: [SECURITY, DBA] })], people: { security: [RUTH], dba: [SANA] } },
      [],
    ],
    [
      'each of its roles ticks it, and one is nobody’s',
      { checklist: [item('scan', { roles: [SECURITY, DBA] })], people: { security: [SANA], dba: [] } },
      ['nobody can tick "scan is done" as DBA: nobody holds the role'],
    ],
    [
      'a machine may tick it',
      {
        checklist: [item('scan', { by: [SECURITY], evidence: { kind: 'gate', gate: 'scan' } })],
        people: { security: [] },
      },
      [],
    ],
    [
      'it is optional',
      { checklist: [item('scan', { by: [SECURITY], required: false })], people: { security: [] } },
      [],
    ],
  ])('CH-10: is found where %s', (_, requirements, says) => {
    expect(words(play(requested({ required: [], requirements: needs(requirements) })))).toEqual(says);
  });
});

it('CH-10: an item that two roles tick each is nobody’s to end once the one who has both ticked it', () => {
  const roles = [
    { role: 'security', name: 'Security' },
    { role: 'dba', name: 'DBA' },
  ];
  const requirements = needs({
    checklist: [item('scan', { roles })],
    people: { security: [SANA], dba: [SANA] },
  });
  const world = worldAt('preparing', { required: [], requirements });
  expect(words(world.d)).toEqual([]);
  world.tell(
    { kind: 'tick', items: [{ item: 'scan', role: 'security', ticked: true }] },
    person(SANA, 'security', 'dba'),
  );
  expect(words(world.d)).toEqual(['nobody can tick "scan is done" as DBA: Sana ticked it as Security']);
});

describe('that it is told', () => {
  const told = (world: ReturnType<typeof worldAt>): string[][] =>
    world.events.flatMap((event) => (event.type === 'got_stuck' ? [event.on.map(deadEndWords)] : []));

  it('CH-6: at once, and once', () => {
    const world = worldAt('preparing', { required: [role('Security', DANA)] });
    expect(nextWake(world.d)).toBeLessThanOrEqual(world.now);
    world.wake();
    world.wake();
    expect(told(world)).toEqual([['nobody can say go as Security: Dana leads it']]);
    expect(world.d.approval.reminders).toMatchObject([{ people: [DANA], about: 'stuck' }]);
    expect(nextWake(world.d) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(world.now);
  });

  it('CH-6: again to whoever leads it from then on, where that is what leaves nobody', () => {
    const world = worldAt('preparing', { required: [role('Security', SANA)] });
    world.sign(sana);
    world.wake();
    expect(told(world)).toEqual([]);
    const other = worldAt('preparing', { required: [role('Security', SANA)] });
    const { envelope } = other.d.terms;
    other.tell({ kind: 'revise', terms: { envelope, details: details({ lead: SANA }) } }, ruth);
    other.wake();
    expect(told(other)).toEqual([['nobody can say go as Security: Sana leads it']]);
    expect(other.d.approval.reminders.at(-1)).toMatchObject({ people: [SANA], about: 'stuck' });
  });

  it('CH-10: where the last who could said go as something else, with how they can hand it on', () => {
    const world = worldAt('preparing', {
      required: [role('Security', SANA), role('Tech', SANA, TOM), role('Ops', TOM)],
    });
    world.sign(person(TOM, 'tech'), { role: 'tech' });
    world.wake();
    const [end] = nobodyCanEnd(world.d);
    expect(end).toMatchObject({ why: ['Tom said go as Tech'], mayHandOn: [TOM] });
    expect(told(world).flat()).toEqual(['nobody can say go as Ops: Tom said go as Tech']);
    expect(stuckLines(nobodyCanEnd(world.d))).toEqual([
      '•  Nobody can say go as Ops: Tom said go as Tech. Give somebody else the role Ops (in its Slack user group or in `gonogo.yml`): whoever has it can then say go on the card. Or ask Tom to Delegate… it.',
    ]);
    world.tell({ kind: 'delegate', to: PAUL, role: 'ops' }, person(TOM, 'ops'));
    expect(nobodyCanEnd(world.d)).toEqual([]);
  });

  it('CH-7: with the go that was lost, and not once more: nobody waits for whoever left', () => {
    const required = [role('Security', SANA)];
    const lost = play(
      requested({ required }),
      { body: { type: 'signed', role: 'security', decision: 'go', envelopeHash: HASH }, actor: sana },
      {
        type: 'sign_offs_lost',
        falls: [{ role: 'security', person: SANA, why: 'their account is deactivated' }],
      },
    );
    expect(words(lost)).toEqual([
      "nobody can say go as Security: Sana can't any more (their account is deactivated)",
    ]);
    expect(nextStuck(lost)).toBeUndefined();
    expect(mattersOf(lost, SANA.id)).toEqual([]);
  });
});
