/** `gonogo check`: a policy in sentences, and the schema that ships for editors (PR-1). */

import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { explainPolicy } from '../../src/cli/explain-policy.ts';
import { policyJsonSchema } from '../../src/config/json-schema.ts';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { readPresets } from '../../src/config/presets.ts';
import { describeProblem } from '../../src/config/problems.ts';

const PRESETS = readPresets();

const POLICY = `
team: Shop
time_zone: Europe/Berlin
roles:
  tech_lead: [U0TOM000001]
  security: [U0SANA00001, U0PAUL00001]
  operations: { usergroup: ["@ops", "@sre"] }
  product_owner: [U0PRIYA0001]
  cab: [U0CARLA0001]
  business_stakeholder: [U0BIANCA001]
services:
  checkout: { channel: C0CHECKOUT2, on_call: U0OMAR00001 }
`;

const explained = (more: string): string[] => explainedAs(`${POLICY}${more}`);
/** With more said of the service itself. */
const explainedWith = (more: string): string[] =>
  explainedAs(POLICY.replace('on_call: U0OMAR00001', `on_call: U0OMAR00001, ${more}`));

function explainedAs(text: string): string[] {
  const loaded = loadPolicy(text, PRESETS);
  if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join('\n'));
  return explainPolicy(loaded.policy);
}

describe('a policy in sentences', () => {
  it('CM-1: says who is called where nobody acts, and where nobody is although the policy counts on it', () => {
    const pager = 'notifiers: { ops: { kind: log } }\ndefaults: { notifiers: [ops] }\n';
    const risky = 'safeguards: { breaking: hold_and_page, page_after: 10m }\n';
    expect(explained(pager + risky)).toContain(
      'ops is called for checkout in production and checkout in disaster_recovery: 10 min after a hold that nobody acts on, and at once where it goes back by itself, or a rollback fails or is not back in time.',
    );
    expect(explained('').join('\n')).not.toContain('paged');
    expect(explained(risky)).toContain(
      'safeguards.breaking is hold_and_page, and nobody is paged for checkout in production and checkout in disaster_recovery: a hold there is told in Slack alone. Name notifiers under defaults or at the service; see docs/notifiers.md.',
    );
    expect(explained(pager + risky).join('\n')).not.toContain('nobody is paged');
  });

  it('RB-4: says what becomes of data where it goes back, and where a change that breaks it needs nobody’s go', () => {
    expect(explained('')).toContain(
      'Where going back breaks data (a breaking change, a data migration, or a version outside those declared compatible), a person is asked twice, and GoNoGo by itself goes back all the same (safeguards.breaking: roll_back).',
    );
    const beforehand = (databases: string): string =>
      `pre_approved: [{ services: [checkout], deployment_types: [bug_fix], databases: [${databases}], requested_by: [tech_lead] }]\n`;
    const cannotFit = /^A standard change may be breaking and starts without a go, .*hold_and_page/;
    const fits = (more: string): boolean => !explained(more).some((line) => cannotFit.test(line));
    expect(fits(beforehand('none, breaking'))).toBe(false);
    expect(fits(beforehand('none, additive'))).toBe(true);
    expect(fits(`${beforehand('none, breaking')}safeguards: { breaking: hold_and_page }\n`)).toBe(true);
  });

  it('CH-1, CH-2: says of gold-standard who is asked, when, and what an emergency owes', () => {
    expect(explained('')).toEqual(
      expect.arrayContaining([
        'A version reaches an environment only after it completed in the one before; an emergency may skip that.',
        'development: no sign-off; all at once 100.',
        'staging: no sign-off; the approved merge counts; quick canary 25/100.',
        'production: sign-offs by Tech lead, Security, Operations; for major release Product owner; canary 5/25/75/100.',
        'A standard change is refused: the policy approves none beforehand.',
        'A normal change is announced 5 business days ahead and waits for the sign-offs of its environment and of Change board.',
        "An emergency starts without a go and then owes the sign-offs of its environment and of Change board, and a write-up, within 3 days; a reminder comes every 24 h. It is declared by the service's on-call, Operations or Tech lead, each alone.",
        'One person fills one role of a deployment.',
        'Where only the risk is raised, Security and Operations say go again, and the others’ go stands.',
        'A normal change needs a change request before it starts.',
        'A go counts for 14 days, a missing one is asked for again every 24 h and Operations is told after 2 days, from 09:00 to 17:00 on business days.',
        'Business days are Monday to Friday in Europe/Berlin.',
        'Who may roll back: its lead, its on-call or Operations.',
      ]),
    );
  });

  it('GT-8: says how long a version bakes in a region before the next one opens to it', () => {
    const says = explained(
      'environments: { staging: {}, production-eu: { like: production, bake: 1h }, production-us: { like: production-eu } }',
    );
    expect(says).toContain(
      'production-eu: a version bakes here for 1 h, with all traffic and without trouble, before production-us opens to it; an emergency may skip that.',
    );
    expect(says).toContain(
      'production-us: nothing comes after it, so its bake time of 1 h keeps nothing waiting.',
    );
  });

  it('CH-9, CH-10: says what is approved beforehand, and which roles one person may fill together', () => {
    const says = explained(
      'pre_approved: [{ services: [checkout], deployment_types: [bug_fix], requested_by: [tech_lead] }]\nsign_offs: { one_person_may_fill: [[tech_lead, operations]] }',
    );
    expect(says).toContain(
      'A standard change is approved beforehand for bug fix of checkout, with a risk of low at most and database changes: none, asked for by Tech lead; any other is refused.',
    );
    expect(says).toContain(
      'One person fills one role of a deployment, but for Tech lead and Operations together.',
    );
  });

  it('CH-5: says which changes wait for a change request, and that an emergency owes it', () => {
    const says = explained('change_types: { emergency: { change_request: true } }');
    expect(says).toContain('An emergency starts without its change request and then owes it.');
    expect(explained('').join()).not.toContain('emergency starts without its change request');
  });

  it('AN-2, AN-3: says when it goes back by itself, and when people decide', () => {
    expect(explained('preset: procedures')).toEqual(
      expect.arrayContaining([
        'It goes back by itself on errors over 2× baseline, p50 over 1.5× baseline or p99 over 1.5× baseline in 3 of 5 looks, a failing health check, a critical error in its log or evidence that errors are over 1.25× baseline.',
        'It holds, and people decide, on errors over 1 % in 3 of 5 looks or a critical alert.',
        expect.stringMatching(
          /^In .*production.* it is watched for 24 h after the last stage; a rollback should take under 30 min; a request that nobody completes ends after 7 days\.$/,
        ),
      ]),
    );
    expect(explained('')).toContainEqual(
      expect.stringMatching(/^It holds, and people decide, on errors over/),
    );
  });

  it('AN-1, AN-3: says what a stage must show, and what a service or a stage has of its own', () => {
    const says = explained(
      'judge: { metrics: [{ name: orders, direction: lower_is_worse, action: roll_back }], stages: [{ stage: 3, undecided: hold, criteria: [{ metric: orders, kind: ratio, under: 0.9, min_sample: 100 }] }] }',
    );
    expect(says).toContain(
      'A stage does not pass with errors over 1 %, p50 over 1.1× baseline or p99 over 1.1× baseline.',
    );
    expect(says).toContain('Stage 3 does not pass with orders under 0.9× baseline.');
    expect(says).toContain('Stage 3, where it ends undecided, holds.');
    expect(says.join()).toContain('evidence that orders is lower, a failing health check');
  });

  it('AN-1: says which service lives over a line that its rules draw, and what to do', () => {
    const loaded = loadPolicy(
      `${POLICY.replace('on_call: U0OMAR00001', 'on_call: U0OMAR00001, traffic: { per_minute: 1000, errors: 0.3 }')}`,
      PRESETS,
    );
    if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join());
    expect(explainPolicy(loaded.policy)).toContain(
      'checkout has 0.3 % of errors while it is healthy, and in production and disaster_recovery its rules ask for less: errors over 0.1 %. No stage of it can pass; give it rules of its own (services.checkout.judge).',
    );
    expect(explained('').join()).not.toContain('while it is healthy');
  });

  it('CH-3, CH-6: says what hangs on the deployment type, and how many of a role', () => {
    expect(explained('preset: procedures')).toContainEqual(
      expect.stringContaining(
        'for performance or infrastructure Operations; for major release Business stakeholder',
      ),
    );
    const quorum = 'environments: { staging: , production: { sign_offs: [{ role: security, quorum: 2 }] } }';
    expect(explained(quorum)).toContain('production: sign-offs by 2 of Security; canary 5/25/75/100.');
  });

  const linesOf = (prefix: string, more = '') => explained(more).filter((line) => line.startsWith(prefix));

  it('GT-1, GT-3: says the gates of each environment with their figures, and those of the hand-over', () => {
    const pipeline =
      'gates build, unit tests 100 %, security scan without critical or high findings, integration tests at least 95 %';
    expect(linesOf('staging: gates')).toEqual([`staging: ${pipeline}.`]);
    expect(linesOf('production: gates')).toEqual([
      `production: ${pipeline}, staging deployed, staging smoke tests, semantic version, image tag, checksum, signature, image scan without critical or high findings, configuration; before the hand-over production smoke tests.`,
    ]);
    expect(linesOf('development: gates')).toEqual([]);
    const own = `
gates:
  lint: { findings: { high: 0, low: 20 } }
  scale: { name: scale of staging, percent: 20, lasts: 7d }
environments:
  staging:
  production: { gates: [lint, scale], hand_over_gates: [] }`;
    expect(linesOf('production: gates', own)).toEqual([
      'production: gates lint without high findings and with at most 20 low, scale of staging at least 20 % (counts for 7 days).',
    ]);
  });

  it('GT-5: says how long the checklist is, and who or what ticks it', () => {
    const anybody =
      'ticked by Tech lead, Security, Operations, Product owner, Change board, Business stakeholder, its lead, its on-call or whoever asked for it';
    expect(explained('')).toContain(
      `production: checklist of 24 items before the start; ${anybody}; 16 of them also by a gate, a sign-off or what the request says; 17 of them by the roles they name, and never by whoever asked for it; 6 of them only where the change needs them.`,
    );
    const own = `
environments: { staging: , production: { checklist: [artifacts] } }
checklist:
  notes: { group: artifacts, text: Notes, before: hand_over, roles: [operations, security] }`;
    expect(explained(own)).toContain(
      `production: checklist of 4 items before the start and 1 item before the hand-over; ${anybody}; 4 of them also by a gate, a sign-off or what the request says; 1 of them by Operations or Security alone; 4 of them by the roles they name, and never by whoever asked for it.`,
    );
  });

  it('CH-1, CH-5: says what a kind of change writes, which gates it keeps and whether its checklist is waited for', () => {
    expect(explained('')).toEqual(
      expect.arrayContaining([
        'A normal change needs a change request before it starts.',
        'An emergency waits before its start only for these gates of its environment: build, unit tests 100 %, security scan without critical or high findings, semantic version, checksum, signature.',
        'An emergency shows its checklist before the start without waiting for it.',
      ]),
    );
    expect(explained('change_types: { standard: { gates: [] } }')).toContain(
      'A standard change waits for no gate before its start.',
    );
  });

  it('WN-1, WN-2, WN-3, WN-4: says windows, freezes, dependencies, and who may freeze and lock', () => {
    const calendar = `
windows:
  - { days: [tue, wed, thu], from: "10:00", to: "16:00", environments: [production] }
  - { days: [sat, mon], from: "20:00", to: "24:00", time_zone: UTC, services: [checkout], environments: [staging] }
freezes:
  - { reason: Year end, from: 2026-12-20, to: "2027-01-02 18:00", environments: [production], override: [security] }
calendar: { freeze: [operations], lock: [tech_lead], lock_for: 2h, longest_lock: 3d }`;
    expect(explained(calendar)).toEqual(
      expect.arrayContaining([
        'production: sign-offs by Tech lead, Security, Operations; for major release Product owner; window Tue–Thu 10:00–16:00 Europe/Berlin; canary 5/25/75/100.',
        'staging: no sign-off; the approved merge counts; window Mon, Sat 20:00–24:00 UTC for checkout; quick canary 25/100.',
        'In a window the last start leaves time for the rollout and a rollback. Who may start outside it: Tech lead or Operations.',
        'Frozen from Sun 20 Dec 2026, 00:00 (Europe/Berlin) to Sat 2 Jan 2027, 18:00 (Europe/Berlin): everything in production, "Year end". Who may override it: Security.',
        'Who may freeze: Operations; end a freeze of somebody else: Tech lead or Operations; override one: Tech lead or Operations.',
        'Who may lock: Tech lead; for 2 h where nobody says, at most 3 days.',
      ]),
    );
    expect(explained('  payments: { channel: C0PAYMENTS3, depends_on: [checkout] }')).toContain(
      'payments needs checkout: it waits while traffic moves there, and they wait for it.',
    );
    expect(explained('').join('\n')).not.toMatch(/; window |In a window|Frozen|needs checkout/);
  });

  it.each([
    ['', 'seen at simulator'],
    [', watched_by: reports', 'reported over POST /api/v1/deployments'],
  ])(
    'K-9: says of a service with mode: watch%s that nothing is driven there, and speaks of no plan',
    (more, from) => {
      const [first = ''] = explainedWith(`mode: watch, lead: U0DANA00001${more}`);
      expect(first).toMatch(/^checkout is only watched \(mode: watch\) in .*production/);
      expect(first).toContain(
        `what somebody else deploys is ${from}, measured by simulator, and nothing is driven`,
      );
      expect(first).not.toContain('carried out');
    },
  );

  it('AN-6: says what each stage can tell at the traffic of a service, and what would do where it cannot', () => {
    const told = (perMinute: number, errors: number) =>
      explained(
        `  payments: { channel: C0PAYMENTS3, strategy: canary, traffic: { per_minute: ${perMinute}, errors: ${errors} } }`,
      ).join('\n');
    expect(told(6_000, 1)).toMatch(
      /payments in production and disaster_recovery has about 6,000 requests a minute, 1 % of them fail\. With canary: at 5 % a doubling of errors takes \d+ min to exclude, the stage is 30 min\. At 25 % .*the stage is 60 min/,
    );
    expect(told(2_000, 1)).toMatch(
      /: at 5 % a doubling of errors takes \d+ min to exclude, and the stage is 30 min; 10 % would take \d+ min\. At 25 %/,
    );
    expect(told(0.01, 0.1)).toContain('at 5 % a doubling of errors cannot be excluded at this traffic');
    expect(explained('').join('\n')).not.toContain('a minute, ');
  });

  it('ST-8: says of each environment how long it is watched, how it rolls out, and what its stages can tell', () => {
    const own = explainedWith(
      'traffic: { per_minute: 6000, errors: 0.05 }, in: { staging: { strategy: canary, undecided: hold, safeguards: { observe_for: 3h } } }',
    );
    const watched = (time: string) =>
      expect.stringContaining(`is watched for ${time} after the last stage; a rollback`);
    expect(own.filter((line) => line.includes('is watched for'))).toEqual([
      watched('15 min'),
      watched('1 h'),
      watched('24 h'),
      watched('3 h'),
    ]);
    expect(own).toContainEqual(
      expect.stringMatching(/^In production and disaster_recovery it is watched for 24 h/),
    );
    expect(own).toContainEqual(expect.stringMatching(/^For checkout in staging it is watched for 3 h/));
    expect(own).toContainEqual(
      expect.stringMatching(/^For checkout in staging a stage that ends undecided holds/),
    );
    expect(own).toContainEqual(expect.stringMatching(/^staging: .*; canary 5\/25\/75\/100\.$/));
    expect(own).toContainEqual(
      expect.stringMatching(
        /^checkout goes to .*Usually: in development and integration All at once 100 %; in staging,? /,
      ),
    );
    // Alike but for what comes of an undecided stage: forecast apart.
    expect(own).toContainEqual(
      expect.stringMatching(/^checkout in staging has about .* With canary: at 5 %/),
    );
    expect(own).toContainEqual(expect.stringMatching(/^Of 100 healthy deployments of checkout in staging /));
    expect(explained('environments: { staging: }').filter((line) => line.includes('is watched for'))).toEqual(
      [expect.stringMatching(/^It is watched for 1 h/)],
    );
  });

  it('AN-6, ST-8: a rehearsal is forecast at the traffic and by the criteria that it has there, not by those of production', () => {
    const example = explainedAs(readFileSync(new URL('../../gonogo.example.yml', import.meta.url), 'utf8'));
    expect(example).toContain('In staging a stage does not pass with errors over 1 %.');
    expect(example).toContainEqual(
      expect.stringMatching(/^checkout in staging has about 12,000 requests a minute, 0.07 % of them fail/),
    );
    expect(example).toContain(
      'Of 100 healthy deployments of checkout in staging nearly all reach all traffic with nobody asked.',
    );
  });

  it('AN-6: where most healthy deployments would wait, says what stays open there and what would help', () => {
    const thin = explainedWith(
      'environments: [staging], traffic: { per_minute: 60, errors: 0.5 }, in: { staging: { undecided: extend } }',
    );
    expect(thin).toContainEqual(
      expect.stringMatching(
        /^Of 100 healthy deployments of checkout about \d+ reach .*most of them in stage 1: what it measures in 10 min does not settle errors, p99 and p50\. A longer watch, a larger share or other criteria would; or where its traffic is too thin for that, undecided: \{ last: go_on \}\.$/,
      ),
    );
    expect(thin.join('\n')).not.toContain('its rules ask for less');
    const over = explainedWith(
      'environments: [staging, production], traffic: { per_minute: 6000, errors: 0.4 }',
    );
    expect(over).toContainEqual(
      expect.stringMatching(
        /healthy deployments of checkout in production about 0 .*most of them in stage 1, over its lines for errors\.$/,
      ),
    );
  });

  it('says who alone may ask for a kind of change, and leaves kinds of change out where nobody is asked', () => {
    expect(explained('change_types: { standard: { requesters: [tech_lead] } }')).toContain(
      'A standard change is refused: the policy approves none beforehand. Only Tech lead may ask for it.',
    );
    expect(explained('environments: { staging: }').join('\n')).not.toMatch(/change|emergency starts/);
  });
});

describe('the JSON Schema that ships', () => {
  const shipped: unknown = JSON.parse(
    readFileSync(new URL('../../gonogo.schema.json', import.meta.url), 'utf8'),
  );

  it('PR-1: is that of this version: `gonogo schema > gonogo.schema.json` writes it', () => {
    expect(shipped).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())));
  });

  it('PR-1: takes the example, and refuses what the program refuses', () => {
    const validate = addFormats.default(new Ajv({ strict: false })).compile(shipped as object);
    const example = parse(
      readFileSync(new URL('../../gonogo.example.yml', import.meta.url), 'utf8'),
    ) as object;
    expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
    for (const wrong of [
      { promotion: 'up' },
      { change_types: { urgent: {} } },
      { change_types: { normal: { lead_time: '5' } } },
      { sign_offs: { working_hours: { from: '9', to: '17:00' } } },
      { holidays: ['Christmas'] },
      { announcements: '#deploys' },
    ])
      expect(validate({ ...example, ...wrong }), JSON.stringify(wrong)).toBe(false);
  });
});
