/** Kinds of change of the team's own: what they become, who may ask for them, and their mistakes (CH-1, PR-6). */

import { describe, expect, it } from 'vitest';
import { explainPolicy } from '../../src/cli/explain-policy.ts';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { describeProblem } from '../../src/config/problems.ts';
import { mayAsk, notAdmitted } from '../../src/policy/admission.ts';
import { approvalFor } from '../../src/policy/approvals.ts';
import { withBase } from '../../src/policy/change-types.ts';
import { baseOf } from '../../src/terms/change.ts';
import { readWanted } from '../../src/words/wanted.ts';
import { PRESETS } from './preset-policies.ts';

const company = (types: string): string => `
team: Acme
roles:
  tech_lead: [U0TOM000001]
  security: [U0SANA00001]
  operations: [U0OMAR00001]
  product_owner: [U0PRIYA0001]
  cab: [U0CARLA0001]
  release_manager: [U0ROSA00001]
change_types:
${types}
services: { checkout: { channel: C0CHECKOUT2, on_call: U0OMAR00001 } }
`;

const load = (types: string) => loadPolicy(company(types), PRESETS);
const problemsOf = (types: string): string => {
  const loaded = load(types);
  return loaded.ok ? '' : loaded.problems.map(describeProblem).join('\n');
};
function policyOf(types: string) {
  const loaded = load(types);
  if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join('\n'));
  return loaded.policy;
}

const POLICY = policyOf(`  normal: { lead_time: 3 }
  hotfix: { like: emergency, declared_by: [release_manager], owed_within: 4h, sign_offs: [cab] }
  weekly_train: { like: normal, lead_time: 1, sign_offs: [], requesters: [release_manager], change_request: false }
  config: { like: standard }`);

const CHANGE = {
  service: 'checkout',
  environment: 'production',
  deploymentType: 'bug_fix',
  risk: 'low',
  database: 'none',
} as const;
const ROSA = { id: 'U0ROSA00001', roles: ['release_manager'] };
const TOM = { id: 'U0TOM000001', roles: ['tech_lead', 'operations'] };

describe('CH-1: a kind of change of the team', () => {
  it('CH-1, PR-6: is as the one it is like, as the file has that, but for what it says itself', () => {
    const { hotfix, weekly_train: train, config, normal } = POLICY.changeTypes;
    expect(normal.leadTime).toBe(3);
    expect(train).toMatchObject({ like: 'normal', leadTime: 1, signOffs: [], changeRequest: false });
    expect(hotfix).toMatchObject({
      like: 'emergency',
      approval: 'afterwards',
      declaredBy: ['release_manager'],
      owed: { within: 4 * 3_600_000, documentation: true },
    });
    expect(config).toMatchObject({ like: 'standard', approval: 'none' });
  });

  it.each([
    ['the sign-offs of its environment and its own', 'hotfix', 'tech_lead, security, operations, cab'],
    ['none besides those of its environment', 'weekly_train', 'tech_lead, security, operations'],
    ['as a normal change where the policy has it no more', 'gone', 'tech_lead, security, operations, cab'],
  ])('CH-1: asks for %s', (_, changeType, roles) => {
    const { signOffs } = approvalFor(POLICY, 'production', { ...CHANGE, changeType });
    expect(signOffs.map(({ role }) => role).join(', ')).toBe(roles);
  });

  it.each([
    ['an emergency of its own by whoever its own kind names', 'hotfix', ROSA, undefined],
    [
      'and by nobody else',
      'hotfix',
      TOM,
      /change of the kind hotfix of checkout is declared by Release manager/,
    ],
    [
      'an emergency still by those of emergencies',
      'emergency',
      ROSA,
      /An emergency of checkout is declared by/,
    ],
    ['a standard one as pre-approved, or not at all', 'config', TOM, /the policy approves none of checkout/],
    [
      'what the policy does not have',
      'gone',
      TOM,
      /no kind of change called gone: choose standard, normal, emergency, hotfix, weekly train or config/,
    ],
  ])('CH-9, PR-6: admits %s', (_, changeType, who, why) => {
    const said = notAdmitted(POLICY, { ...CHANGE, changeType }, who, 0);
    if (why === undefined) expect(said).toBeUndefined();
    else expect(said).toMatch(why);
  });

  it('PR-6: is asked for by those it names', () => {
    expect([ROSA, TOM].map((who) => mayAsk(POLICY, 'weekly_train', who))).toEqual([true, false]);
  });

  it('PR-3: is frozen with what it is built on', () => {
    const details = { ...CHANGE, changeType: 'hotfix', summary: '', lead: ROSA, onCall: TOM, channel: 'C' };
    const frozen = withBase(POLICY, {
      ...details,
      lead: { id: 'U', name: 'R' },
      onCall: { id: 'U', name: 'R' },
    });
    expect(frozen.like).toBe('emergency');
    expect(baseOf(frozen)).toBe('emergency');
    expect(baseOf({ changeType: 'gone' })).toBe('normal');
  });

  it('PR-1: stands in what check says', () => {
    const says = explainPolicy(POLICY).join('\n');
    expect(says).toContain(
      'A weekly train change, built on normal, is announced 1 business day ahead and waits for',
    );
    expect(says).toMatch(/A hotfix change, built on emergency, starts without a go and then owes/);
  });
});

describe('PR-1: check names', () => {
  it.each([
    [
      'a kind that is like nothing',
      '  emergncy: { lead_time: 0 }',
      /change_types\.emergncy\.like: found nothing; allowed: standard, normal, emergency/,
    ],
    ['a kind that is like one of the team', '  a: { like: normal }\n  b: { like: a }', /b\.like/],
    [
      'a kind that would wait for nobody',
      '  quick: { like: normal, approval: none }',
      /quick\.approval: found "none"; allowed: before, as normal may be/,
    ],
    [
      'somebody who declares what is no emergency',
      '  quick: { like: normal, declared_by: [cab] }',
      /declared_by of a kind like normal/,
    ],
    [
      'an unknown role that declares one',
      '  quick: { like: emergency, declared_by: [boss] }',
      /quick\.declared_by\[0\]: found "boss"/,
    ],
    ['a name that is none', '  Hot Fix: { like: normal }', /Hot Fix.*allowed: small letters/],
    ['like on one of the three', '  normal: { like: emergency }', /normal.*like/],
    ['a key that kinds do not have', '  quick: { like: normal, leadtime: 2 }', /leadtime.*lead_time/],
  ])('PR-1: %s', (_, types, words) => {
    expect(problemsOf(types)).toMatch(words);
  });
});

describe('PR-6: /deploy understands', () => {
  const names = {
    services: new Map([['checkout', ['staging', 'production']]]),
    environments: [
      { id: 'staging', name: 'staging' },
      { id: 'production', name: 'production' },
    ],
    changeTypes: ['standard', 'normal', 'emergency', 'hotfix', 'weekly_train'],
  };

  it.each([
    ['checkout v2.1.0 to production as hotfix', 'hotfix', ''],
    ['as an emergency change checkout v2.1.0 production', 'emergency', ''],
    ['checkout v2.1.0 as a Weekly-Train tomorrow 10:00 to production', 'weekly_train', 'tomorrow 10:00'],
    ['checkout v2.1.0 to production', undefined, ''],
    ['checkout v2.1.0 to production as soon as possible', undefined, 'as soon as possible'],
  ])('PR-6: %s', (text, changeType, when) => {
    expect(readWanted(text, names)).toEqual({
      service: 'checkout',
      version: 'v2.1.0',
      environment: 'production',
      when,
      ...(changeType === undefined ? {} : { changeType }),
    });
  });
});
