/** Which strategies an environment allows and suggests, and how it is watched (ST-8). */

import { describe, expect, it } from 'vitest';
import { offeredStrategies } from '../../commands/strategy-offers.ts';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { readPresets } from '../../src/config/presets.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { safeguardsFor, strategiesFor, suggestedStrategy } from '../../src/policy/rollout.ts';
import { type BackendStepKind, plannedDuration } from '../../src/terms/plan.ts';
import { HOUR, MINUTE } from '../../src/time.ts';
import { presetOf } from '../config/preset-policies.ts';

const PEOPLE = `
team: T
roles: { tech_lead: [U0TOM000002, U0TIM000008], security: [U0SANA00003], operations: [U0OMAR00004], product_owner: [U0PRIYA0005], cab: [U0DANA00001, U0EVE000009] }
`;

function policyFrom(yaml: string): Policy {
  const loaded = loadPolicy(PEOPLE + yaml, readPresets());
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.policy;
}

function problemsOf(yaml: string): string {
  const loaded = loadPolicy(PEOPLE + yaml, readPresets());
  return loaded.ok
    ? ''
    : loaded.problems.map(({ path, found, allowed }) => `${path}: ${found}; ${allowed}`).join('\n');
}

const SERVICE = 'services: { a: { channel: C0CHECKOUT2 } }';
const ids = (policy: Policy, place: { service?: string; environment: string }) =>
  strategiesFor(policy, place).map(({ id }) => id);

describe('ST-8: the presets', () => {
  it.each(['gold-standard', 'procedures', 'handoff-v1', 'phase-contract'])(
    '%s: production is never offered all at once, and below it nothing lasts as long as there',
    (name) => {
      const policy = presetOf(name);
      expect(ids(policy, { environment: 'production' })).not.toContain('all-at-once');
      expect(ids(policy, { environment: 'production' })).toContain('rolling');
      for (const { id } of policy.environments.filter(({ approval }) => approval !== 'manual')) {
        const place = { service: 'checkout', environment: id };
        const plan = policy.strategies.get(suggestedStrategy(policy, place) ?? '')?.plan;
        if (plan === undefined) throw new Error(`${id} suggests nothing`);
        expect(plannedDuration(plan)).toBeLessThanOrEqual(10 * MINUTE);
        expect(safeguardsFor(policy, place).observeFor).toBeLessThanOrEqual(HOUR);
        const { undecided, criteria, stages } = safeguardsFor(policy, place).judge;
        expect(undecided).toEqual({ usual: 'go_on', last: 'go_on' });
        // Before staging hardly anybody asks: with more to wait for, each run there would end undecided.
        const minSample = ['development', 'integration'].includes(id) ? 200 : 1_000;
        expect(criteria).toEqual([{ metric: 'errors', kind: 'absolute', over: 1, minSample }]);
        expect(stages.filter((stage) => stage.criteria !== undefined)).toEqual([]);
      }
    },
  );

  it('procedures: a high risk has canary suggested for production', () => {
    const place = { service: 'checkout', environment: 'production' };
    expect(suggestedStrategy(presetOf('procedures'), place, 'medium')).toBe('blue-green');
    expect(suggestedStrategy(presetOf('procedures'), place, 'high')).toBe('canary');
  });
});

describe('ST-8: what gonogo.yml says', () => {
  it('of a service in one environment comes before what the environment says, and that before the service', () => {
    const policy = policyFrom(`
services:
  a:
    channel: C0CHECKOUT2
    strategy: blue-green
    in:
      staging: { strategy: canary, safeguards: { observe_for: 5m } }
      production: { strategies: [all-at-once], undecided: hold }
  b: { channel: C0CHECKOUT2, strategy: blue-green }
`);
    const of = (service: string, environment: string) => ({ service, environment });
    expect(suggestedStrategy(policy, of('a', 'staging'))).toBe('canary');
    expect(suggestedStrategy(policy, of('b', 'staging'))).toBe('quick-canary');
    expect(suggestedStrategy(policy, of('b', 'production'))).toBe('blue-green');
    expect(safeguardsFor(policy, of('a', 'staging')).observeFor).toBe(5 * MINUTE);
    expect(safeguardsFor(policy, of('b', 'staging')).observeFor).toBe(HOUR);
    expect(ids(policy, of('a', 'production'))).toEqual(['all-at-once']);
    expect(suggestedStrategy(policy, of('a', 'production'))).toBe('all-at-once');
    expect(safeguardsFor(policy, of('a', 'production')).judge.undecided).toEqual({
      usual: 'hold',
      last: 'hold',
    });
  });

  it('AN-1: criteria of an environment, or of a service in it, are those of every stage there and of none elsewhere', () => {
    const criterion = (metric: string) => `{ metric: ${metric}, kind: ratio, over: 1.5, min_sample: 100 }`;
    const policy = policyFrom(`
environments: { staging: { criteria: [${criterion('p99')}] }, production: }
services:
  a: { channel: C0CHECKOUT2, in: { staging: { criteria: [${criterion('p50')}] } } }
  b: { channel: C0CHECKOUT2 }
`);
    const of = (service: string, environment: string) => {
      const { criteria, stages } = safeguardsFor(policy, { service, environment }).judge;
      return [criteria, ...stages.flatMap((stage) => stage.criteria ?? [])]
        .flat()
        .map(({ metric }) => metric);
    };
    expect(of('a', 'staging')).toEqual(['p50']);
    expect(of('b', 'staging')).toEqual(['p99']);
    expect(of('b', 'production')).toEqual(of('a', 'production'));
    expect(of('b', 'production').length).toBeGreaterThan(3);
    expect(
      problemsOf(`
environments: { staging: { criteria: [${criterion('orders')}] } }
services: { a: { channel: C0CHECKOUT2, in: { staging: { criteria: [${criterion('sales')}] } } } }
`),
    ).toMatch(
      /environments.staging.criteria\[0\].metric: "orders".*\n.*services.a.in.staging.criteria\[0\].metric: "sales"/,
    );
  });

  it('a strategy of its own may be used in production, and one that is suggested and not allowed is not', () => {
    const own = 'strategies: { own: { name: Own, steps: [{ set_weight: 100 }] } }\n';
    expect(ids(policyFrom(own + SERVICE), { environment: 'production' })).toContain('own');
    const quick = policyFrom('services: { a: { channel: C0CHECKOUT2, strategy: all-at-once } }');
    expect(suggestedStrategy(quick, { service: 'a', environment: 'production' })).toBe('canary');
  });

  it('turns batches into parts, each watched but the last, none of which may take more than the capacity allows', () => {
    const policy = policyFrom(
      `strategies: { r: { name: R, capacity: 50, steps: [{ batches: 2, watch: 5m }] } }\n${SERVICE}`,
    );
    expect(policy.strategies.get('r')?.plan.steps).toEqual([
      { kind: 'batch', number: 1, of: 2, keep: 50 },
      { kind: 'watch', for: 5 * MINUTE },
      { kind: 'batch', number: 2, of: 2, keep: 50 },
    ]);
  });

  it.each([
    ['capacity: 80, steps: [{ batches: 4 }]', /capacity: .*75 % stays in service; at least 5 batches/],
    ['capacity: 80, steps: [replace]', /capacity: 80; batches among its steps/],
    ['steps: [{ set_weight: 50 }, { batches: 4 }]', /steps\[1\]: 4 batches after 50/],
    ['steps: [{ set_weight: 50 }, replace]', /steps\[1\]: replace after 50/],
    ['steps: [{ set_weight: 100 }, stand_up]', /steps\[1\]: stand_up as step 2; stand_up first/],
    ['steps: [stand_up, retire_old, { set_weight: 100 }]', /steps\[1\]: retire_old on the way/],
    ['steps: [{ set_weight: 100 }, retire_old]', /steps\[1\]: retire_old without stand_up/],
    ['steps: [stand_up, { watch: 5m }, { set_weight: 100 }]', /steps\[1\]: a watch before any traffic/],
    ['steps: [smoke, { set_weight: 100 }]', /steps\[0\]: smoke tests of nothing/],
    ['steps: [stand_up, retire_old]', /a last share of 0/],
    ['steps: [{ batches: 4, watch: 0s }]', /steps\[0\]\.watch: "0s"; a duration over 0/],
  ])('refuses a strategy that cannot be carried out: %s', (settings, expected) => {
    expect(problemsOf(`strategies: { x: { name: X, ${settings} } }\n${SERVICE}`)).toMatch(expected);
  });

  it.each([
    [
      'environments: { staging: { strategies: [canery] } }',
      /environments\.staging\.strategies\[0\]: "canery"/,
    ],
    ['environments: { staging: { without_strategies: [x] } }', /without_strategies\[0\]: "x"/],
    [
      'environments: { staging: { strategies: [canary], strategy: rolling } }',
      /environments\.staging\.strategy: "rolling"; canary/,
    ],
    ['environments: { staging: { high_risk: x } }', /environments\.staging\.high_risk: "x"/],
    [
      'environments: { staging: { safeguards: { observe_for: 0s } } }',
      /environments\.staging\.safeguards\.observe_for: "0s"/,
    ],
  ])('refuses a rule that leads nowhere: %s', (settings, expected) => {
    expect(problemsOf(`${settings}\n${SERVICE}`)).toMatch(expected);
  });

  it('refuses a rule for an environment that is not there', () => {
    const service = 'services: { a: { channel: C0CHECKOUT2, in: { moon: { strategy: canary } } } }';
    expect(problemsOf(service)).toMatch(/services\.a\.in\.moon: "moon"/);
  });
});

describe('ST-8: the modal', () => {
  const { strategies } = presetOf('gold-standard');
  const all = [...strategies.values()];

  it('offers no strategy that the backend cannot carry out, and says why', () => {
    const offered = offeredStrategies(all, { name: 'cluster', steps: new Set(['set-weight', 'replace']) });
    expect(offered.strategies.map(({ id }) => id)).toEqual(['canary', 'quick-canary', 'all-at-once']);
    expect(offered.notTaken).toBe(
      'The backend cluster cannot carry out Blue-green (no stand-up, no retire-old), Rolling (no batch).',
    );
  });

  it('offers all where no backend is known yet, or it takes all, and never a list of nothing', () => {
    expect(offeredStrategies(all, undefined)).toEqual({ strategies: all });
    const steps = new Set<BackendStepKind>(['set-weight', 'replace', 'stand-up', 'batch', 'retire-old']);
    expect(offeredStrategies(all, { name: 'x', steps })).toEqual({ strategies: all });
    expect(offeredStrategies(all, { name: 'x', steps: new Set() })).toMatchObject({
      strategies: all,
      notTaken: expect.stringContaining('Canary (no set-weight)'),
    });
  });
});
