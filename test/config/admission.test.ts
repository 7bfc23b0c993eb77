/** Who decides, in gonogo.yml: what is approved beforehand, who declares an emergency, who signs and ticks (CH-1, CH-9, CH-10). */

import { describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { describeProblem } from '../../src/config/problems.ts';
import { PRESETS, presetOf } from './preset-policies.ts';

const team = (more: string, roles = ''): string => `
team: Shop
roles:
  tech_lead: [U0TOM000001]
  security: [U0SANA00001]
  operations: [U0OMAR00001]
  product_owner: [U0PRIYA0001]
  cab: [U0CARLA0001]
${roles}services:
  checkout: { channel: C0CHECKOUT2 }
${more}`;

function problemsOf(text: string): string[] {
  const loaded = loadPolicy(text, PRESETS);
  return loaded.ok ? [] : loaded.problems.map(describeProblem);
}

describe.each(Object.keys(PRESETS))('PR-5: %s', (name) => {
  const policy = presetOf(name);

  it('CH-9: approves no change beforehand', () => {
    expect(policy.preApproved).toEqual([]);
  });

  it("CH-1: lets the service's on-call and those who answer for it declare an emergency", () => {
    const others = name === 'small-team' ? ['approver'] : ['operations', 'tech_lead'];
    expect(policy.changeTypes.emergency.declaredBy).toEqual(expect.arrayContaining(['on_call', ...others]));
    expect(policy.changeTypes.normal.declaredBy).toBeUndefined();
  });

  it('CH-10: lets one person fill one role', () => {
    expect(policy.signOffCare.onePersonMayFill).toBeUndefined();
  });

  it('GT-5: says of most items that no evidence ticks who must tick them', () => {
    const open = policy.checklist.filter(
      ({ evidence, roles }) => evidence === undefined && roles === undefined,
    );
    expect(open.filter(({ by }) => by !== undefined).length * 2).toBeGreaterThan(open.length);
  });
});

const RULE = '{ services: [checkout], deployment_types: [bug_fix], requested_by: [tech_lead] }';

describe('what is approved beforehand', () => {
  it('CH-9: is read as the least where the file does not say more', () => {
    const loaded = loadPolicy(team(`pre_approved: [${RULE}]`), PRESETS);
    expect(loaded.ok && loaded.policy.preApproved).toEqual([
      {
        services: ['checkout'],
        deploymentTypes: ['bug_fix'],
        highestRisk: 'low',
        databases: ['none'],
        requestedBy: ['tech_lead'],
      },
    ]);
  });
});

describe('a mistake about who decides', () => {
  it.each([
    [
      'a rule for an unknown service',
      `pre_approved: [${RULE.replace('checkout', 'chekout')}]`,
      /services\[0\]: found "chekout"; allowed: .*checkout/,
    ],
    [
      'a rule for anyone',
      `pre_approved: [${RULE.replace('tech_lead', 'anyone')}]`,
      /requested_by\[0\]: found "anyone"/,
    ],
    [
      'a rule that leaves out who may ask',
      'pre_approved: [{ services: [checkout], deployment_types: [bug_fix] }]',
      /pre_approved\[0\]\.requested_by/,
    ],
    [
      'rules where standard changes wait for their approvers',
      `pre_approved: [${RULE}]\nchange_types: { standard: { approval: before } }`,
      /pre_approved: found rules, where change_types\.standard has the approval before/,
    ],
    [
      'a normal change without an approval',
      'change_types: { normal: { approval: none } }',
      /normal\.approval: found "none"; allowed: before/,
    ],
    [
      'an emergency without an approval',
      'change_types: { emergency: { approval: none } }',
      /emergency\.approval: found "none"; allowed: before, afterwards/,
    ],
    [
      'an emergency declared by an unknown role',
      'change_types: { emergency: { declared_by: [boss] } }',
      /declared_by\[0\]: found "boss"/,
    ],
    [
      'an unknown role that one person may fill',
      'sign_offs: { one_person_may_fill: [[tech_lead, boss]] }',
      /one_person_may_fill\[0\]\[1\]: found "boss"/,
    ],
    [
      'an unknown role that is asked again',
      'sign_offs: { asked_again: { risk: [boss] } }',
      /asked_again\.risk\[0\]: found "boss"/,
    ],
    [
      'an item for an unknown role',
      'checklist: { dashboards: { by: [boss] } }',
      /dashboards\.by\[0\]: found "boss"/,
    ],
    [
      'an item that the requester ticks',
      'checklist: { dashboards: { by: [requester] } }',
      /dashboards\.by\[0\]: found "requester"/,
    ],
    [
      'a deployment type that nobody is asked about',
      'environments: { production: { sign_offs: [{ role: tech_lead, when: { deployment_types: [feature] } }] } }\nchange_types: { normal: { sign_offs: [] }, emergency: { sign_offs: [] } }',
      /production\.sign_offs: found nobody to ask about normal changes that bring bug_fix/,
    ],
  ])('PR-1: names %s', (_, more, words) => {
    expect(problemsOf(team(more)).join('\n')).toMatch(words);
  });

  it('PR-1: names an item whose roles have no people', () => {
    expect(problemsOf(team('checklist: { dashboards: { by: [empty] } }', '  empty: []\n')).join()).toMatch(
      /roles\.empty: found nobody; allowed: at least one person: the item dashboards waits for them/,
    );
  });

  it('CH-10: names sign-offs that too few people could give, and takes them where one may fill both', () => {
    const same = team('', '').replace('operations: [U0OMAR00001]', 'operations: [U0TOM000001]');
    expect(problemsOf(same).join()).toMatch(
      /sign_offs: found 3 people for normal changes that bring feature; allowed: 5 different people, for production needs 4 who say go and one more who asks/,
    );
    expect(problemsOf(`${same}\nsign_offs: { one_person_may_fill: [[tech_lead, operations]] }`)).toEqual([]);
    const chain = same
      .replace('operations: [U0TOM000001]', 'operations: [U0TOM000001, U0SANA00001]')
      .replace('security: [U0SANA00001]', 'security: [U0SANA00001, U0IVY000001]');
    expect(problemsOf(chain)).toEqual([]);
  });
});
