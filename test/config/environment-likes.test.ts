/** Environments that teams rename, add and drop: each says what it is, or the file is refused (PR-2). */

import { describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { readPresets } from '../../src/config/presets.ts';
import { describeProblem } from '../../src/config/problems.ts';
import { approvalFor } from '../../src/policy/approvals.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { bakeFor } from '../../src/policy/promotion.ts';
import { requirementsFor } from '../../src/policy/requirements.ts';
import { HOUR } from '../../src/time.ts';

const PRESETS = readPresets();

const file = (environments: string, preset = 'gold-standard', service = 'checkout'): string => `
preset: ${preset}
team: Shop
roles:
  tech_lead: [U0TOM000001]
  security: [U0SANA00001]
  operations: [U0OMAR00001]
  product_owner: [U0PRIYA0001]
  business_stakeholder: [U0BIANCA001]
  cab: [U0CARLA0001]
  sre: [U0OMAR00001]
  project_sponsor: [U0PETRA0001]
environments:
${environments}
services:
  ${service}: { channel: C0CHECKOUT2 }
`;

function policyOf(text: string): Policy {
  const loaded = loadPolicy(text, PRESETS);
  if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join('\n'));
  return loaded.policy;
}

function problemsOf(text: string): string[] {
  const loaded = loadPolicy(text, PRESETS);
  return loaded.ok ? [] : loaded.problems.map(describeProblem);
}

const CHANGE = { changeType: 'normal', deploymentType: 'feature', database: 'none', risk: 'low' } as const;

describe('PR-1: an environment that the preset does not know', () => {
  it.each([
    ['with nothing', '  prod:'],
    ['with a name alone', '  prod: { name: Production }'],
    ['with gates alone', '  prod: { gates: [build] }'],
  ])('is refused %s, at its line, with what to write', (_, environments) => {
    expect(problemsOf(file(environments))).toContainEqual(
      'line 14: environments.prod: found no approval, and the preset has no prod; allowed: like: development or integration or staging or production or disaster_recovery, to be as the preset has that one; or an approval of its own',
    );
  });

  it.each([
    ['its own approval of nobody', '  prod: { approval: none }'],
    ['its own sign-offs', '  prod: { sign_offs: [tech_lead] }'],
  ])('stands with %s', (_, environments) => {
    expect(problemsOf(file(environments))).toEqual([]);
  });

  it.each(['gold-standard', 'procedures', 'handoff-v1', 'phase-contract'])(
    'like production is in every respect what production is in %s',
    (preset) => {
      const renamed = policyOf(file('  staging:\n  prod: { like: production }', preset));
      const usual = policyOf(file('  staging:\n  production:', preset));
      const at = (policy: Policy, id: string) => ({
        settings: { ...policy.environments.find((one) => one.id === id), id: '', name: '' },
        approval: approvalFor(policy, id, CHANGE),
        requirements: requirementsFor(policy, id, CHANGE),
        before: policy.services.get('checkout')?.environments.indexOf(id),
      });
      expect(at(renamed, 'prod')).toEqual(at(usual, 'production'));
      expect(at(renamed, 'prod').settings.approval).toBe('manual');
    },
  );
});

describe('PR-6: an environment like another', () => {
  it('of the file takes what the file says of that one, but for its name and what it says itself', () => {
    const { environments } = policyOf(
      file(
        [
          '  staging:',
          '  production: { name: Live, gates: [build] }',
          '  eu: { like: production, hand_over_gates: [] }',
          '  us: { like: eu, sign_offs: [operations] }',
        ].join('\n'),
      ),
    );
    const [, production, eu, us] = environments;
    expect(production).toMatchObject({ name: 'Live', handOverGates: ['production_smoke'] });
    expect(eu).toEqual({ ...production, id: 'eu', name: 'eu', handOverGates: [] });
    expect(us).toMatchObject({ name: 'us', gates: ['build'], signOffs: [{ role: 'operations' }] });
  });

  it.each([
    [
      'that nobody knows',
      '  prod: { like: prodution }',
      'prod.like: found "prodution"; allowed: development',
    ],
    ['that is itself', '  prod: { like: prod }', 'prod.like: found "prod"; allowed: development'],
    [
      'that is like it',
      '  eu: { like: us }\n  us: { like: eu }',
      'eu.like: found eu like itself, by way of us; allowed: development',
    ],
    ['called constructor', '  prod: { like: constructor }', 'prod.like: found "constructor"; allowed'],
  ])('%s is refused at its line', (_, environments, says) => {
    expect(problemsOf(file(environments)).join('\n')).toContain(`line 14: environments.${says}`);
  });
});

describe('GT-8: regions', () => {
  const regions = (eu: string, more = '') =>
    file(
      `  staging:\n  production-eu: { like: production, ${eu} }\n  production-us: { like: production }\n${more}`,
    );

  it('are environments like production in their order, each with approvals of its own, and bake', () => {
    const policy = policyOf(regions('bake: 1h'));
    const bakes = (environment: string) => bakeFor(policy, { service: 'checkout', environment });
    expect(bakes('production-us')).toEqual({ environment: 'production-eu', for: HOUR });
    expect(['staging', 'production-eu'].map(bakes)).toEqual([undefined, undefined]);
    const [eu, us] = ['production-eu', 'production-us'].map((id) => approvalFor(policy, id, CHANGE));
    expect(us).toEqual(eu);
    expect(us?.signOffs.length).toBeGreaterThan(0);
  });

  it.each([
    ['for no time', 'bake: 0m', '', /production-eu\.bake: found "0m"; allowed: a duration over 0/],
    [
      'longer than somebody looks',
      'bake: 2h, safeguards: { observe_for: 1h }',
      '',
      /production-eu\.bake: found "2h"; allowed: at most 1h, for which it is observed there/,
    ],
    [
      'where a version may go anywhere',
      'bake: 1h',
      'promotion: any_order',
      /production-eu\.bake: found bake with promotion: any_order; allowed: it together with promotion: in_order/,
    ],
  ])('do not bake %s', (_, eu, more, says) => {
    expect(problemsOf(regions(eu, more))).toEqual([expect.stringMatching(says)]);
  });
});

describe('PR-1: a name that every object has before anybody sets it', () => {
  it.each(['__proto__', 'constructor'])('%s is refused as a service', (name) => {
    expect(problemsOf(file('  staging:', 'gold-standard', name))).toEqual([
      expect.stringMatching(new RegExp(`^line 16: .*${name}`)),
    ]);
  });

  it.each([
    ['an environment', '  __proto__: { approval: none }'],
    ['an alias for one', '  staging: { name: &hidden __proto__ }\n  *hidden : { approval: none }'],
  ])('__proto__ is refused as %s', (_, environments) => {
    expect(problemsOf(file(environments)).join()).toContain(
      'the key "__proto__"; allowed: any other: nothing can be called that',
    );
  });

  it('constructor is refused as a role, a gate, a strategy and an item of the checklist', () => {
    const more = `
gates: { constructor: { name: a } }
checklist: { constructor: { group: artifacts, text: a } }
strategies: { constructor: { name: a, steps: [{ set_weight: 100 }] } }`;
    const said = problemsOf(
      `${file('  staging:').replace('roles:', 'roles:\n  constructor: [U0TOM000001]')}${more}`,
    );
    expect(said).toHaveLength(4);
    for (const line of said) expect(line).toContain('the key "constructor"');
  });
});
