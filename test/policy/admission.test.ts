/** Who may ask for which kind of change (CH-1, CH-9): tables, and a property over every rule and change. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AskedChange, type Asker, isApprovedAlready, notAdmitted } from '../../src/policy/admission.ts';
import type { Policy, PreApproval } from '../../src/policy/policy.ts';
import { DATABASE_CHANGES, DEPLOYMENT_TYPES, RISKS } from '../../src/terms/change.ts';
import { presetOf } from '../config/preset-policies.ts';

const NOW = Date.UTC(2026, 10, 25, 12);
const BASE = presetOf('gold-standard');
const CHANGE: AskedChange = {
  service: 'checkout',
  environment: 'production',
  changeType: 'standard',
  deploymentType: 'bug_fix',
  risk: 'low',
  database: 'none',
};
const RULE: PreApproval = {
  services: ['checkout'],
  deploymentTypes: ['bug_fix'],
  highestRisk: 'medium',
  databases: ['none', 'additive'],
  requestedBy: ['tech_lead'],
};
const tom: Asker = { id: 'U0TOM000001', roles: ['tech_lead'] };
const nobody: Asker = { id: 'U0NORA00001', roles: [] };
const policy: Policy = { ...BASE, preApproved: [RULE] };

describe('a standard change', () => {
  it('CH-9: is refused to everybody where the policy approves none, with what to choose instead', () => {
    expect(notAdmitted(BASE, CHANGE, tom, NOW)).toBe(
      'A standard change is approved beforehand, and the policy approves none of checkout. Choose a normal change: its approvers are then asked.',
    );
  });

  it('CH-9: is taken where every part of a rule fits', () => {
    expect(notAdmitted(policy, CHANGE, tom, NOW)).toBeUndefined();
    expect(
      notAdmitted(policy, { ...CHANGE, risk: 'medium', database: 'additive' }, tom, NOW),
    ).toBeUndefined();
  });

  it.each([
    ['another service', { service: 'payments' }, tom, /approves none of payments/],
    [
      'another deployment type',
      { deploymentType: 'feature' },
      tom,
      /only for bug fix, with a risk of medium at most and database changes: none or additive/,
    ],
    ['a higher risk', { risk: 'high' }, tom, /with a risk of medium at most/],
    ['another change of the database', { database: 'breaking' }, tom, /database changes: none or additive/],
    ['somebody without the role', {}, nobody, /only where Tech lead asks for them/],
  ] as [string, Partial<AskedChange>, Asker, RegExp][])(
    'CH-9: is refused for %s',
    (_, change, who, words) => {
      expect(notAdmitted(policy, { ...CHANGE, ...change }, who, NOW)).toMatch(words);
    },
  );

  it('CH-2: needs no approval where the environment asks nobody', () => {
    expect(notAdmitted(BASE, { ...CHANGE, environment: 'staging' }, nobody, NOW)).toBeUndefined();
  });

  it('CH-9: asks its approvers where the policy lets standard changes wait for them', () => {
    expect(notAdmitted(presetOf('procedures'), CHANGE, nobody, NOW)).toBeUndefined();
  });

  it('CH-9: is approved beforehand by no rule of which any part is different (property)', () => {
    const anyRule = fc.record({
      services: fc.subarray(['checkout', 'payments'], { minLength: 1 }),
      deploymentTypes: fc.subarray([...DEPLOYMENT_TYPES], { minLength: 1 }),
      highestRisk: fc.constantFrom(...RISKS),
      databases: fc.subarray([...DATABASE_CHANGES], { minLength: 1 }),
      requestedBy: fc.subarray(['tech_lead', 'security'], { minLength: 1 }),
    });
    const anyChange = fc.record({
      service: fc.constantFrom('checkout', 'payments'),
      environment: fc.constant('production'),
      changeType: fc.constant('standard' as const),
      deploymentType: fc.constantFrom(...DEPLOYMENT_TYPES),
      risk: fc.constantFrom(...RISKS),
      database: fc.constantFrom(...DATABASE_CHANGES),
    });
    const anyRoles = fc.subarray(['tech_lead', 'security', 'operations']);
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 3 }), anyChange, anyRoles, (rules, change, roles) => {
        const allowed = isApprovedAlready({ ...BASE, preApproved: rules }, change, { id: 'U', roles });
        const high = { low: 0, medium: 1, high: 2 };
        expect(allowed).toBe(
          rules.some(
            (rule) =>
              [rule.services].flat().includes(change.service) &&
              rule.deploymentTypes.includes(change.deploymentType) &&
              rule.databases.includes(change.database) &&
              high[change.risk] <= high[rule.highestRisk] &&
              rule.requestedBy.some((role) => roles.includes(role)),
          ),
        );
      }),
    );
  });
});

describe('an emergency', () => {
  const emergency: AskedChange = { ...CHANGE, changeType: 'emergency' };
  const withOnCall: Policy = {
    ...BASE,
    services: new Map(
      [...BASE.services].map(([name, service]) => [
        name,
        { ...service, onCall: { kind: 'people' as const, people: ['U0NORA00001'] } },
      ]),
    ),
  };

  it('CH-1: is declared by the roles that the policy names, and by nobody else', () => {
    expect(notAdmitted(BASE, emergency, tom, NOW)).toBeUndefined();
    expect(notAdmitted(BASE, emergency, { id: 'U', roles: ['security', 'cab'] }, NOW)).toBe(
      "An emergency of checkout is declared by the service's on-call, Operations or Tech lead. Ask one of them to declare it, or choose a normal change.",
    );
  });

  it("CH-1: is declared by the service's on-call as the policy names them, not as a request does", () => {
    expect(notAdmitted(withOnCall, emergency, nobody, NOW)).toBeUndefined();
    expect(notAdmitted(BASE, emergency, nobody, NOW)).toMatch(/^An emergency of checkout is declared by/);
    expect(notAdmitted(BASE, emergency, { id: 'U', roles: ['on_call', 'lead', 'requester'] }, NOW)).toMatch(
      /is declared by/,
    );
  });

  it('CH-1: is declared only by those who may ask for one, where the policy names them', () => {
    const asking: Policy = {
      ...BASE,
      changeTypes: {
        ...BASE.changeTypes,
        emergency: { ...BASE.changeTypes.emergency, requesters: ['operations'] },
      },
    };
    expect(notAdmitted(asking, emergency, tom, NOW)).toMatch(/is declared by/);
    expect(
      notAdmitted(asking, emergency, { id: tom.id, roles: ['tech_lead', 'operations'] }, NOW),
    ).toBeUndefined();
  });

  it('CH-1: is declared by nobody where the policy names no role', () => {
    const { declaredBy: _declaredBy, ...terms } = BASE.changeTypes.emergency;
    const open: Policy = { ...BASE, changeTypes: { ...BASE.changeTypes, emergency: terms } };
    expect(notAdmitted(open, emergency, tom, NOW)).toMatch(/nobody: the policy names no role/);
  });
});
