/** Adapters in gonogo.yml: named instances, and what is wrong with them in words. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKENDS } from '../../src/backends/index.ts';
import { createSimulatedWorld, type SimulatedWorld } from '../../src/backends/simulator.ts';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { readPresets } from '../../src/config/presets.ts';
import { describeProblem } from '../../src/config/problems.ts';
import { defined } from '../../src/defined.ts';
import { createLog } from '../../src/log.ts';
import { createAdapters, undeclared } from '../../src/main/adapters.ts';
import { tryAdapters } from '../../src/main/try-adapters.ts';
import { pagingFor } from '../../src/policy/paging.ts';
import type { Policy } from '../../src/policy/policy.ts';

const BASE = `
team: Shop
environments: { development: {} }
services:
  checkout: { channel: C0CHECKOUT2, lead: U0DANA00001, on_call: U0OMAR00001, backend: eu, metrics: prom }
change_types: { normal: { sign_offs: [] }, emergency: { sign_offs: [] } }
sign_offs: { escalate_to: deployer }
roles: { deployer: [U0DANA00001], tech_lead: [U0TOM000001], operations: [U0OMAR00001], security: [U0SANA00001], product_owner: [U0PRIYA0001], cab: [U0CARLA0001] }
`;
const DECLARED = `
backends: { eu: { kind: simulator, limit: 3 } }
metrics: { prom: { kind: simulator } }
`;

function load(text: string): Policy {
  const loaded = loadPolicy(text, readPresets());
  if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join('\n'));
  return loaded.policy;
}

function problemsOf(text: string): string[] {
  const loaded = loadPolicy(text, readPresets());
  return loaded.ok ? [] : loaded.problems.map(describeProblem);
}

let world: SimulatedWorld;
beforeAll(() => {
  world = createSimulatedWorld({ seed: 1, clock: { now: () => 0 } });
});
afterAll(() => world.close());

const open = (demo?: true) =>
  createAdapters({
    clock: { now: () => 0 },
    log: createLog({ level: 'silent' }),
    variables: {},
    db: ':memory:',
    world: () => world,
    ...defined({ demo }),
  });

const KINDS = BACKENDS.kinds.join(', ');

describe('adapters in gonogo.yml', () => {
  it('K-9: are instances by a name of the team, each with its kind and its limit', () => {
    const { backends, metrics } = load(BASE + DECLARED);
    expect(backends.get('eu')).toMatchObject({ kind: 'simulator', limit: 3, declared: true });
    expect(metrics.get('prom')).toMatchObject({ kind: 'simulator', limit: 8, declared: true });
  });

  it.each([
    [
      'eu: { kind: simulatr }',
      `backends.eu.kind: found "simulatr"; allowed: ${KINDS} (did you mean simulator?)`,
    ],
    ['eu: {}', `backends.eu.kind: found nothing; allowed: ${KINDS}`],
    ['eu: { kind: simulator, url: x }', 'backends.eu.url: found the unknown key "url"; allowed: kind, limit'],
    ['us: { kind: simulator }', 'services.checkout.backend: found "eu"; allowed: us, simulator'],
  ])('K-9: `%s` is refused at its line', (instance, words) => {
    const problems = problemsOf(
      `${BASE}\nbackends:\n  ${instance}\nmetrics: { prom: { kind: simulator } }\n`,
    );
    expect(problems.join('\n')).toContain(words);
    expect(problems.join('\n')).toMatch(/line \d+: /);
  });
});

describe('who is called where nobody acts', () => {
  const places = (more: string, environments = '') => {
    const policy = load(`${BASE.replace(/^environments:.*$/m, environments)}${DECLARED}${more}`);
    return policy.environments.flatMap(({ id: environment }) => {
      const names = pagingFor(policy, { service: 'checkout', environment })?.notifiers.map(
        ({ name }) => name,
      );
      return names === undefined ? [] : [`${environment} ${names.join()}`];
    });
  };
  const pager = 'notifiers: { ops: { kind: log }, shop: { kind: log } }\n';

  it('CM-1: is whom the service names, or the default, where the approval is manual', () => {
    expect(places(pager)).toEqual([]);
    expect(places(`${pager}defaults: { notifiers: [ops] }\n`)).toEqual([
      'production ops',
      'disaster_recovery ops',
    ]);
  });

  it('CM-1: an environment says for itself whether people are called there', () => {
    const own = 'environments: { staging: { pages: true }, production: { pages: false } }';
    expect(places(`${pager}defaults: { notifiers: [ops, shop] }\n`, own)).toEqual(['staging ops,shop']);
  });

  it.each(['breaking: hold_and_page', 'on_regression: roll_back', 'all_clear_after: 0m', 'page_after: 10m'])(
    'PR-1: `safeguards: { %s }` is taken as it is described',
    (setting) => {
      expect(problemsOf(`${BASE}${DECLARED}safeguards: { ${setting} }\n`)).toEqual([]);
    },
  );

  it('RB-6: `review_within: 0m` is no review, everywhere and in one environment', () => {
    const settings = 'safeguards: { review_within: 0m }';
    expect(problemsOf(`${BASE}${DECLARED}${settings}\n`)).toEqual([]);
    const there = BASE.replace(
      /^environments:.*$/m,
      `environments: { staging: {}, production: { ${settings} } }`,
    );
    expect(problemsOf(`${there}${DECLARED}`)).toEqual([]);
  });

  it('CM-1: nobody is called at once by mistake', () => {
    expect(problemsOf(`${BASE}${DECLARED}safeguards: { page_after: 0m }\n`).join()).toContain(
      'a duration over 0',
    );
  });

  it('CM-1: a name that nobody declares is refused at its line', () => {
    expect(problemsOf(`${BASE}${DECLARED}defaults: { notifiers: [ops] }\n`).join()).toMatch(
      /defaults\.notifiers: found "ops"/,
    );
  });
});

describe('the built-in simulator', () => {
  const silent = BASE.replace(', backend: eu, metrics: prom', '');

  it('K-9: is never what a real start deploys to or measures by in silence', () => {
    const policy = load(silent);
    expect(undeclared(policy)).toEqual([
      expect.stringMatching(/^nothing real deploys checkout: only the built-in simulator/),
      expect.stringMatching(/^nothing real measures checkout: only the built-in simulator/),
    ]);
    expect(() => open().open(policy)).toThrow('nothing real deploys checkout');
    open(true).open(policy);
  });

  it('K-9: does not stand in for metrics alone where the backend is real', () => {
    const half = load(silent.replace('channel:', 'backend: eu, channel:') + DECLARED);
    expect(undeclared(half)).toEqual([expect.stringMatching(/^nothing real measures checkout/)]);
  });

  it('is taken where the file declares it', () => {
    const adapters = open();
    adapters.open(load(BASE + DECLARED));
    expect(adapters.backends.find({ name: 'eu', kind: 'simulator' })).toMatchObject({ limit: 3 });
    expect(adapters.backends.find({ name: 'eu', kind: 'haproxy' })).toBeUndefined();
  });
});

describe('opening the adapters of a policy', () => {
  it('PR-4: takes over changed settings, and leaves open what stays as it was', () => {
    const adapters = open();
    adapters.open(load(BASE + DECLARED));
    const before = adapters.metrics.find({ name: 'prom', kind: 'simulator' });
    adapters.open(load(BASE + DECLARED.replace('limit: 3', 'limit: 5')));
    expect(adapters.backends.find({ name: 'eu', kind: 'simulator' })?.limit).toBe(5);
    expect(adapters.metrics.find({ name: 'prom', kind: 'simulator' })).toBe(before);
  });

  it('is tried by the check, for each instance that the file declares', async () => {
    expect(await tryAdapters(load(BASE + DECLARED), {})).toEqual([
      expect.objectContaining({ name: 'backends.eu', kind: 'simulator' }),
      expect.objectContaining({ name: 'metrics.prom', kind: 'simulator' }),
    ]);
  });
});
