/** Who says go by risk, and any one of several roles: what it becomes for each service, and its mistakes (CH-3, CH-4). */

import { describe, expect, it } from 'vitest';
import { explainPolicy } from '../../src/cli/explain-policy.ts';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { describeProblem } from '../../src/config/problems.ts';
import { peopleIn } from '../../src/main/doctor/named.ts';
import { approvalFor } from '../../src/policy/approvals.ts';
import { roleAt, rolesAt } from '../../src/policy/team-roles.ts';
import { PRESETS } from './preset-policies.ts';

const ANY = '{ any_of: [security, operations] }';

const company = (signOffs: string, more = ''): string => `
team: Acme
preset: small-team
roles:
  approver: [U0TOM000001, U0ANN000001]
  tech_lead: [U0TOM000001]
  security: [U0SANA00001]
  operations: { usergroup: "@ops", members: [U0OMAR00001] }
teams:
  shop: { approvers: { security: [U0SHOPSEC01] } }
environments:
  production: { sign_offs: [${signOffs}], gates: [], hand_over_gates: [] }
defaults: { channel: C0DEFAULT01, on_call: U0OMAR00001 }
services: { cart: { team: shop }, search: }
${more}`;

const load = (text: string) => loadPolicy(text, PRESETS);
function policyOf(text: string) {
  const loaded = load(text);
  if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join('\n'));
  return loaded.policy;
}
const problemsOf = (text: string): string => {
  const loaded = load(text);
  return loaded.ok ? '' : loaded.problems.map(describeProblem).join('\n');
};

const CHANGE = { changeType: 'normal', deploymentType: 'feature', risk: 'low', database: 'none' } as const;

describe('CH-3: a sign-off by risk or by the change of the database', () => {
  const policy = policyOf(
    company(
      'tech_lead, { role: security, when: { risks: [high] } }, { role: operations, quorum: 2, when: { databases: [breaking, data_migration] } }',
    ),
  );

  it.each([
    ['of nobody else where neither is so', {}, 'tech_lead 1'],
    ['of security where the risk is high', { risk: 'high' }, 'tech_lead 1, security 1'],
    ['of operations where data would break', { database: 'breaking' }, 'tech_lead 1, operations 2'],
    [
      'of both where both are so',
      { risk: 'high', database: 'data_migration' },
      'tech_lead 1, security 1, operations 2',
    ],
  ] as const)('CH-3: is asked %s', (_, change, expected) => {
    const { signOffs } = approvalFor(policy, 'production', { ...CHANGE, ...change });
    expect(signOffs.map(({ role, quorum }) => `${role} ${quorum}`).join(', ')).toBe(expected);
  });

  it('CH-3: stands in what check says of the policy', () => {
    expect(explainPolicy(policy).join('\n')).toContain(
      'sign-offs by Tech lead; for a high risk Security; for database changes: breaking or data migration 2 of Operations',
    );
  });
});

describe('CH-4: a sign-off of any one of several roles', () => {
  const policy = policyOf(
    company(`tech_lead, ${ANY}`, 'sign_offs: { asked_again: { risk: [security], database: [tech_lead] } }'),
  );
  const [, any] = approvalFor(policy, 'production', CHANGE).signOffs;

  it('CH-4: is one sign-off, called by all of their names', () => {
    expect(any).toEqual({ role: 'operations|security', name: 'Security or Operations', quorum: 1 });
    expect(explainPolicy(policy).join('\n')).toContain('sign-offs by Tech lead, Security or Operations');
  });

  it('CH-4, PR-6: is asked of the people of each role as the service has them', () => {
    const members = (service: string) => {
      const { members, usergroups } = roleAt(policy, service, any?.role ?? '') ?? {};
      return [...(members ?? []), ...(usergroups ?? [])];
    };
    expect(members('search')).toEqual(['U0SANA00001', 'U0OMAR00001', '@ops']);
    expect(members('cart')).toEqual(['U0SHOPSEC01', 'U0OMAR00001', '@ops']);
  });

  it('CH-4, PR-6: cannot be filled in a service of the team by whom the team has replaced', () => {
    const held = { id: 'U0SANA00001', roles: ['security', 'operations|security'] };
    expect(rolesAt(policy, { service: 'cart' }, held, 0)).not.toContain('operations|security');
    expect(rolesAt(policy, { service: 'search' }, held, 0)).toContain('operations|security');
  });

  it('CH-7: falls with a raised risk where one of its roles says go again then', () => {
    expect(policy.signOffCare.askedAgain).toEqual({
      risk: ['security', 'operations|security'],
      database: ['tech_lead'],
    });
  });

  it('PR-6: is no role for anything else', () => {
    expect(policy.permissions.hold.filter((role) => role.includes('|'))).toEqual([]);
    expect(policy.calendar.mayFreeze.filter((role) => role.includes('|'))).toEqual([]);
    expect(peopleIn(policy).get('U0SANA00001')).toEqual(['roles.security']);
  });
});

describe('PR-1: check names in sign_offs', () => {
  it.each([
    [
      'a role of any_of that is not there',
      'tech_lead, { any_of: [security, sekurity] }',
      /production\.sign_offs\[1\]\.any_of: found "sekurity".*did you mean security/i,
    ],
    ['any_of of a single role', 'tech_lead, { any_of: [security] }', /any_of/],
    [
      'role and any_of at once',
      'tech_lead, { role: tech_lead, any_of: [security, operations] }',
      /not one of role and any_of/,
    ],
    ['neither role nor any_of', 'tech_lead, { quorum: 2 }', /not one of role and any_of/],
    [
      'any_of twice, in whatever order',
      `${ANY}, { any_of: [operations, security] }`,
      /Operations or Security twice/,
    ],
    [
      'a risk that is none',
      'tech_lead, { role: security, when: { risks: [huge] } }',
      /risks.*huge|huge.*risks/,
    ],
    [
      'a change that nobody would be asked about',
      '{ role: tech_lead, when: { risks: [high] } }',
      /nobody to ask about normal changes that bring feature with a low risk/,
    ],
  ])('PR-1: %s', (_, signOffs, words) => {
    expect(problemsOf(company(signOffs))).toMatch(words);
  });

  it('CH-10, PR-6: how many people it needs where any one may say go', () => {
    const few = (security: string) =>
      problemsOf(
        company(`tech_lead, ${ANY}`)
          .replace('operations: { usergroup: "@ops", members: [U0OMAR00001] }', 'operations: [U0TOM000001]')
          .replace('security: [U0SANA00001]', `security: [${security}]`)
          .replace('cart: { team: shop }, ', '')
          .replace(/teams:\n.*\n/, ''),
      );
    expect(few('U0SANA00001')).toBe('');
    expect(few('U0TOM000001')).toMatch(/1 person for normal changes.*3 different people/);
  });
});
