/** gonogo.yml: what it becomes, and how every mistake in it is named (PR-1). */

import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { policyJsonSchema } from '../../src/config/json-schema.ts';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { readPresets } from '../../src/config/presets.ts';
import { describeProblem } from '../../src/config/problems.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { plannedDuration, stagesOf } from '../../src/terms/plan.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';

const EXAMPLE = readFileSync(new URL('../../gonogo.example.yml', import.meta.url), 'utf8');
const PRESETS = readPresets();

function policyOf(text: string): Policy {
  const loaded = loadPolicy(text, PRESETS);
  if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join('\n'));
  return loaded.policy;
}

function problemsOf(text: string): string[] {
  const loaded = loadPolicy(text, PRESETS);
  return loaded.ok ? [] : loaded.problems.map(describeProblem);
}

/** The smallest policy that stands, with more below. */
const small = (more = ''): string => `
team: Shop
roles:
  tech_lead: [U0TOM000001]
  security: [U0SANA00001]
  operations: [U0OMAR00001]
  product_owner: [U0PRIYA0001]
  cab: [U0CARLA0001]
services:
  checkout: { channel: C0CHECKOUT2 }
${more}`;

describe('AN-1, AN-3: the rules of the judge', () => {
  const business = `
    metrics: [{ name: orders, direction: lower_is_worse, action: roll_back }]
    triggers:
      - { metric: orders, kind: ratio, under: 0.8, min_sample: 100, breaches: 3, of: 5, action: roll_back }
      - { metric: errors, kind: absolute, over: 2, min_sample: 100, breaches: 1, of: 1, action: hold }
    criteria: [{ metric: errors, kind: absolute, over: 0.5, min_sample: 100 }]`;
  const stage2 = `
    stages:
      - stage: 2
        undecided: hold
        criteria: []
        triggers: [{ metric: cpu, kind: absolute, over: 90, min_sample: 1, breaches: 1, of: 1, action: hold }]`;
  const own = (judge: string) =>
    policyOf(
      small('').replace('{ channel: C0CHECKOUT2 }', `\n    channel: C0CHECKOUT2\n    judge:${judge}`),
    ).services.get('checkout')?.judge;

  it('a service has its own, and of a business metric lower may be worse', () => {
    expect(own(business.replaceAll('\n', '\n  '))).toMatchObject({
      alpha: 0.05,
      metrics: [{ name: 'orders', worse: 'lower', action: 'roll_back' }],
      triggers: [
        { metric: 'orders', kind: 'ratio', over: 0.8, worse: 'lower' },
        { metric: 'errors', over: 2 },
      ],
      criteria: [{ metric: 'errors', over: 0.5 }],
    });
  });

  it('what is written for all stages replaces what the preset has for single ones', () => {
    const preset = policyOf(small()).safeguards.judge;
    expect(preset.stages.map(({ stage }) => stage)).toEqual([1, 2]);
    expect(own(business.replaceAll('\n', '\n  '))?.stages).toEqual([{ stage: 1 }, { stage: 2 }]);
    const onlyTriggers = policyOf(small('judge: { triggers: [] }')).safeguards.judge;
    expect(onlyTriggers.stages).toEqual(preset.stages);
  });

  it('a stage has its own criteria, triggers and end', () => {
    expect(own(stage2.replaceAll('\n', '\n  '))?.stages).toEqual([
      {
        stage: 2,
        criteria: [],
        undecided: 'hold',
        triggers: [
          { metric: 'cpu', kind: 'absolute', over: 90, minSample: 1, breaches: 1, of: 1, action: 'hold' },
        ],
      },
    ]);
  });

  const trigger = (more: string) =>
    `judge: { metrics: [{ name: orders, direction: lower_is_worse }], triggers: [{ metric: orders, kind: ratio, ${more}min_sample: 1, breaches: 1, of: 1, action: hold }] }`;

  it.each([
    [
      trigger('over: 1.5, '),
      /judge\.triggers\[0\]\.over: found over; allowed: under: of orders lower is worse/,
    ],
    [trigger('under: 1.5, '), /judge\.triggers\[0\]\.under: found 1\.5; allowed: under 1/],
    [trigger(''), /judge\.triggers\[0\]: found neither over nor under/],
    [trigger('over: 2, under: 0.5, '), /judge\.triggers\[0\]: found over and under/],
    [
      'judge: { criteria: [{ metric: errors, kind: absolute, under: 1, min_sample: 1 }] }',
      /judge\.criteria\[0\]\.under: found under; allowed: over: of errors higher is worse/,
    ],
    [
      'judge: { metrics: [{ name: errors, direction: lower_is_worse }] }',
      /judge\.metrics\[0\]\.direction: found lower_is_worse; allowed: higher_is_worse for errors/,
    ],
    [
      'judge: { metrics: [{ name: orders, direction: lower_is_worse }, { name: orders, direction: higher_is_worse }] }',
      /judge\.metrics\[1\]\.name: found "?orders"? twice/,
    ],
    ['judge: { stages: [{ stage: 2 }, { stage: 2 }] }', /judge\.stages\[1\]\.stage: found 2 twice/],
  ])('%s is refused', (text, message) => {
    expect(problemsOf(small(text)).join('\n')).toMatch(message);
  });
});

describe('the example policy', () => {
  const policy = policyOf(EXAMPLE);

  it('PR-1: names the team, its services and where their cards live', () => {
    expect(policy.team).toBe('Shop');
    expect(policy.timeZone).toBe('Europe/Berlin');
    expect(
      [...policy.services.values()].map(({ name, channel, strategy }) => [name, channel, strategy]),
    ).toEqual([
      ['checkout', 'C0CHECKOUT2', 'canary'],
      ['payments', 'C0PAYMENTS3', 'blue-green'],
      ['search', 'C0DEPLOYS01', 'canary'],
      ['reports', 'C0DEPLOYS01', 'all-at-once'],
    ]);
  });

  it('CH-4: production needs a go from tech lead, security and operations; staging needs none', () => {
    const signOffs = (id: string) =>
      policy.environments.find((environment) => environment.id === id)?.signOffs;
    expect(signOffs('staging')).toEqual([]);
    expect(signOffs('production')).toEqual([
      { role: 'tech_lead', quorum: 1 },
      { role: 'security', quorum: 1 },
      { role: 'operations', quorum: 1 },
      { role: 'product_owner', quorum: 1, when: { deploymentTypes: ['major_release'] } },
    ]);
  });

  it('is also what its JSON Schema allows', () => {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(policyJsonSchema());
    expect(validate(parse(EXAMPLE)), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ team: 'Shop', services: {}, srevices: {} })).toBe(false);
  });
});

describe('the gold-standard preset', () => {
  const policy = policyOf(small());

  it('ST-1: its canary takes 5, 25 and 75 % for 30 min, 1 h and 2 h, and is then watched for 24 h', () => {
    const canary = policy.strategies.get('canary')?.plan;
    if (!canary) throw new Error('no canary');
    expect(stagesOf(canary).map(({ percent, watchFor }) => [percent, watchFor])).toEqual([
      [5, 30 * MINUTE],
      [25, HOUR],
      [75, 2 * HOUR],
      [100, 0],
    ]);
    expect(plannedDuration(canary)).toBe(3.5 * HOUR);
    expect(policy.safeguards.observeFor).toBe(DAY);
  });

  it('ST-2: its blue-green shifts 10, 25, 50 and 100 %; ST-4: all at once replaces everything', () => {
    const shares = (id: string) =>
      policy.strategies
        .get(id)
        ?.plan.steps.flatMap((step) => (step.kind === 'set-weight' ? [step.percent] : []));
    expect(shares('blue-green')).toEqual([10, 25, 50, 100]);
    expect(policy.strategies.get('all-at-once')?.plan.steps).toEqual([{ kind: 'replace' }]);
  });

  it('AN-2, AN-3: carries the thresholds of the standards, each with its sample', () => {
    const rules = policy.safeguards.judge.triggers.map(
      ({ metric, kind, over, action }) => `${metric} ${kind} ${over} ${action}`,
    );
    expect(rules).toEqual([
      'errors absolute 1 roll_back',
      'p99 ratio 3 roll_back',
      'p50 ratio 2 roll_back',
      'errors points 0.5 hold',
      'p50 ratio 1.5 hold',
      'p99 ratio 2 hold',
      'cpu absolute 80 hold',
      'memory absolute 85 hold',
      'queue_depth ratio 10 hold',
    ]);
    expect(
      policy.safeguards.judge.triggers.every(
        ({ minSample, breaches, of }) => minSample > 0 && breaches <= of,
      ),
    ).toBe(true);
  });

  it('RB-1, RB-2: lets lead, on-call and operations roll back, within 15 minutes', () => {
    expect(policy.permissions.roll_back).toEqual(['lead', 'on_call', 'operations']);
    expect(policy.safeguards.rollbackWithin).toBe(15 * MINUTE);
  });

  it('ST-6: lets everyone with a role hold', () => {
    expect(policy.permissions.hold).toEqual([
      'tech_lead',
      'security',
      'operations',
      'product_owner',
      'cab',
      'lead',
      'on_call',
    ]);
  });

  it('PR-2: knows the five environments in their order', () => {
    expect(policy.environments.map(({ id }) => id)).toEqual([
      'development',
      'integration',
      'staging',
      'production',
      'disaster_recovery',
    ]);
  });

  it('CH-1: names the roles that its change types ask for and nobody holds', () => {
    expect(problemsOf(small().replace('  cab: [U0CARLA0001]\n', ''))).toEqual([
      'line 3: roles.cab: found nobody; allowed: at least one person: a sign-off waits for this role',
    ]);
  });
});

describe('a team’s own settings', () => {
  it('PR-2: drops, adds and renames environments by naming those it has', () => {
    const policy = policyOf(small('environments: { qa: { name: Test floor, approval: none }, production: }'));
    expect(policy.environments.map(({ id, name, signOffs }) => [id, name, signOffs.length])).toEqual([
      ['qa', 'Test floor', 0],
      ['production', 'production', 4],
    ]);
    expect(policy.services.get('checkout')?.environments).toEqual(['qa', 'production']);
  });

  it('PR-5: overrides one figure and keeps the rest of the preset', () => {
    const policy = policyOf(
      small(
        'safeguards: { observe_for: 72h }\njudge: { alpha: 0.01 }\npermissions: { promote: [operations] }',
      ),
    );
    expect(policy.safeguards).toMatchObject({ observeFor: 3 * DAY, lookEvery: MINUTE });
    expect(policy.safeguards.judge).toMatchObject({ alpha: 0.01, margin: 1.25 });
    expect(policy.permissions).toMatchObject({ promote: ['operations'], resume: ['lead', 'on_call'] });
  });

  it('keeps the order of the hierarchy, whatever the order a service names', () => {
    const policy = policyOf(
      small().replace('C0CHECKOUT2', 'C0CHECKOUT2, environments: [production, staging]'),
    );
    expect(policy.services.get('checkout')?.environments).toEqual(['staging', 'production']);
  });

  it('reads durations of several units', () => {
    const policy = policyOf(
      small(
        'strategies: { slow: { name: Slow, steps: [{ set_weight: 50 }, { watch: 1d 2h 30m }, { set_weight: 100 }] } }',
      ),
    );
    expect(policy.strategies.get('slow')?.plan.steps[1]).toEqual({
      kind: 'watch',
      for: DAY + 2 * HOUR + 30 * MINUTE,
    });
  });
});

describe('a mistake in the policy', () => {
  it.each([
    [
      'an unknown key',
      'permisions: {}',
      /^line 11: permisions: found the unknown key "permisions"; allowed: .*\(did you mean permissions\?\)$/,
    ],
    [
      'an unknown key deep inside',
      'safeguards: { look_evry: 1m }',
      /safeguards\.look_evry: .*did you mean look_every\?/,
    ],
    [
      'a duration that is none',
      'safeguards: { observe_for: a day }',
      'line 11: safeguards.observe_for: found "a day"; allowed: a duration such as "90s", "30m", "1h 30m" or "7d"',
    ],
    ['a duration of nothing', 'safeguards: { look_every: 0s }', /found "0s"; allowed: a duration over 0/],
    [
      'an unknown role in a permission',
      'permissions: { hold: [leed] }',
      /permissions\.hold\[0\]: found "leed"; allowed: .*\(did you mean lead\?\)/,
    ],
    [
      'a role that only JavaScript knows',
      'permissions: { hold: [constructor] }',
      /permissions\.hold\[0\]: found "constructor"/,
    ],
    ['an unknown requester', 'requesters: [deployr]', /requesters\[0\]: found "deployr"/],
    [
      'an unknown default strategy',
      'defaults: { strategy: canery }',
      /defaults\.strategy: found "canery"; allowed: .*\(did you mean canary\?\)/,
    ],
    [
      'a quorum larger than its group',
      'environments: { staging: , production: { sign_offs: [{ role: security, quorum: 2 }] } }',
      /sign_offs\[0\]\.quorum: found 2 of 1 people; allowed: 1 to 1/,
    ],
    [
      'a role asked twice',
      'environments: { staging: , production: { sign_offs: [security, security] } }',
      /sign_offs\[1\]: found security twice/,
    ],
    [
      'a plan that ends too early',
      'strategies: { x: { name: X, steps: [{ set_weight: 50 }] } }',
      /strategies\.x\.steps: found a last share of 50; allowed: shares that climb to 100/,
    ],
    [
      'a plan that goes down',
      'strategies: { x: { name: X, steps: [{ set_weight: 50 }, { set_weight: 50 }, { set_weight: 100 }] } }',
      /steps\[1\]: found 50 after 50; allowed: shares that climb/,
    ],
    [
      'a watch before any traffic',
      'strategies: { x: { name: X, steps: [{ watch: 5m }, { set_weight: 100 }] } }',
      /steps\[0\]: found a watch before any traffic/,
    ],
    [
      'a rule without a sample',
      'judge: { triggers: [{ metric: errors, kind: ratio, over: 2, breaches: 1, of: 1, action: hold }] }',
      /judge\.triggers\[0\]\.min_sample: found nothing/,
    ],
    [
      'more breaches than looks',
      'judge: { triggers: [{ metric: errors, kind: ratio, over: 2, min_sample: 1, breaches: 3, of: 2, action: hold }] }',
      /breaches: found 3 of 2; allowed: 1 to 2/,
    ],
    [
      'points of a latency',
      'judge: { triggers: [{ metric: p99, kind: points, over: 2, min_sample: 1, breaches: 1, of: 2, action: hold }] }',
      /found points for p99/,
    ],
    [
      'an unknown metric',
      'judge: { triggers: [{ metric: error, kind: ratio, over: 2, min_sample: 1, breaches: 1, of: 1, action: hold }] }',
      /metric: found "error"; allowed: errors, p50/,
    ],
    [
      'a manual approval by nobody',
      'environments: { staging: , production: { approval: manual, sign_offs: [] } }',
      /production\.approval: found manual without sign_offs/,
    ],
    [
      'sign-offs that nobody asks for',
      'environments: { staging: , production: { approval: none, sign_offs: [security] } }',
      /production\.approval: found none beside sign_offs/,
    ],
    [
      'an unknown kind of change',
      'change_types: { urgent: { lead_time: 0 } }',
      /change_types\.urgent\.like: found nothing; allowed: standard, normal, emergency/,
    ],
    [
      'a lead time that is none',
      'change_types: { normal: { lead_time: soon } }',
      /change_types\.normal\.lead_time: found "soon"; allowed: a number.*: business days/,
    ],
    [
      'an unknown role of a kind of change',
      'change_types: { normal: { sign_offs: [cap] } }',
      /sign_offs\[0\]: found "cap"; allowed: .*did you mean cab/,
    ],
    [
      'an unknown requester of a kind of change',
      'change_types: { emergency: { requesters: [sre] } }',
      /requesters\[0\]: found "sre"/,
    ],
    [
      'a deadline of nothing',
      'change_types: { emergency: { owed_within: 0s } }',
      /emergency\.owed_within: found "0s"; allowed: a duration over 0/,
    ],
    [
      'a normal change that nobody approves before it starts',
      'change_types: { normal: { approval: afterwards } }',
      /change_types\.normal\.approval: found "afterwards"; allowed: before/,
    ],
    ['an escalation to nobody', 'sign_offs: { escalate_to: boss }', /sign_offs\.escalate_to: found "boss"/],
    [
      'hours that end before they begin',
      'sign_offs: { working_hours: { from: "17:00", to: "09:00" } }',
      /working_hours: found 17:00 to 09:00/,
    ],
    [
      'a holiday that is no day',
      'holidays: ["2026-02-30"]',
      /holidays\[0\]: found "2026-02-30"; allowed: a day such as/,
    ],
    ['an unknown order of promotion', 'promotion: up', /promotion: found "up"; allowed: in_order, any_order/],
    ['a zone that is none', 'time_zone: Berlin', /time_zone: found "Berlin"; allowed: an IANA time zone/],
    ['an unknown preset', 'preset: silver', /^line 11: preset: found "silver"; allowed: .*gold-standard/],
    [
      'a key given twice',
      'team: Again',
      /line 11: the file: found a key that stands there already; allowed: each key once/,
    ],
  ])('PR-1: names %s', (_, more, words) => {
    expect(problemsOf(small(more))).toEqual([
      typeof words === 'string' ? words : expect.stringMatching(words),
    ]);
  });

  it('PR-1: names an approval afterwards that is never due', () => {
    const more = 'change_types: { emergency: { approval: afterwards, remind_every: 1d } }';
    expect(problemsOf(`preset: phase-contract${small(more)}`)).toContainEqual(
      expect.stringMatching(/change_types\.emergency\.owed_within: found nothing/),
    );
  });

  it.each([
    [
      'a service without a channel',
      '{ channel: C0CHECKOUT2 }',
      '{ lead: U0DANA00001 }',
      /services\.checkout: found no channel; allowed: channel: C… here, in its team, or in defaults/,
    ],
    [
      'an unknown environment of a service',
      'C0CHECKOUT2',
      'C0CHECKOUT2, environments: [prod]',
      /environments\[0\]: found "prod"; allowed: .*production/,
    ],
    [
      'an unknown strategy of a service',
      'C0CHECKOUT2',
      'C0CHECKOUT2, strategy: rollin',
      /services\.checkout\.strategy: found "rollin"; allowed: .*rolling/,
    ],
    [
      'somebody who is no member id',
      'U0TOM000001',
      'tom',
      /roles\.tech_lead\[0\]: found "tom"; allowed: a Slack member id/,
    ],
    [
      'a role whose go is needed and that nobody holds',
      '[U0SANA00001]',
      '[]',
      /line 5: roles\.security: found nobody; allowed: at least one person/,
    ],
    [
      'a person twice in a role',
      '[U0SANA00001]',
      '[U0SANA00001, U0SANA00001]',
      /roles\.security: found U0SANA00001 twice/,
    ],
    [
      'a role with a name that is taken',
      'product_owner:',
      'lead:',
      /roles\.lead: found "lead"; allowed: a name other than/,
    ],
    [
      'a service with a name that is none',
      'checkout:',
      'Check out:',
      /services\.Check out: found the key "Check out"; allowed: a service: letters/,
    ],
  ])('PR-1: names %s', (_, what, instead, words) => {
    expect(problemsOf(small().replace(what, instead))).toContainEqual(expect.stringMatching(words));
  });

  it('PR-1: names all mistakes at once', () => {
    expect(problemsOf(small('time_zone: X\nrequesters: [y]\ndefaults: { strategy: z }'))).toHaveLength(3);
  });

  it('PR-1: says where the YAML itself breaks off', () => {
    expect(problemsOf('team: [')).toEqual([expect.stringMatching(/^line 1: the file: /)]);
    expect(problemsOf('')).toEqual([expect.stringContaining('the file: found nothing')]);
  });

  it('is a fault of ours, and thrown, where a preset has it', () => {
    expect(() => loadPolicy(small(), { 'gold-standard': 'rolez: {}' })).toThrow(
      /the preset gold-standard is faulty/,
    );
    expect(() => loadPolicy(small('requesters: [anyone]'), { 'gold-standard': '{}' })).toThrow(
      /the preset does not say/,
    );
  });
});
