/** Mistakes that people make in gonogo.yml, each with the line it is told at, what was found, and what would be right (PR-1). */

import { describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { describeProblem } from '../../src/config/problems.ts';
import { PRESETS } from './preset-policies.ts';

/** Nine lines; `more` begins in the tenth. */
const file = (more = ''): string => `team: Acme
time_zone: Europe/Berlin
preset: small-team
roles:
  approver: [U0TOM000001, U0SANA00001, U0ANN000001]
environments:
  production: { gates: [], hand_over_gates: [] }
services:
  checkout: { channel: C0CHECKOUT2, on_call: U0TOM000001 }
${more}
`;

function problemsOf(text: string): string[] {
  const loaded = loadPolicy(text, PRESETS);
  return loaded.ok ? [] : loaded.problems.map(describeProblem);
}

it('PR-1: the file that the mistakes are made in is a policy', () => {
  expect(problemsOf(file())).toEqual([]);
});

/** What is written at the end of the file, and what is said of it. */
const ADDED: [what: string, more: string, says: RegExp][] = [
  // The text itself.
  ['a tab', 'defaults:\n\tstrategy: canary', /^line 11: the file: found a tab .*allowed: spaces/],
  [
    'a line in another column',
    'defaults:\n  strategy: canary\n lead: U0TOM000001',
    /^line 12: the file: found a line that begins in another column/,
  ],
  [
    'a key twice',
    'team: Again',
    /^line 10: the file: found a key that stands there already; allowed: each key once/,
  ],
  [
    'regions as a list',
    'regions: [eu, us]',
    /^line 10: regions: found the unknown key "regions"; allowed: an environment for each region, in their order: "production-eu: \{ like: production/,
  ],
  ['a second document', '---\nteam: B', /^line 10: the file: found a second document/],
  ['a bracket that is never closed', 'holidays: ["2026-12-25"', /^line 1\d: the file: found .*bracket/],
  [
    'a handle without quotation marks',
    'requesters: [@tom]',
    /^line 10: the file: .*allowed: quotation marks around/,
  ],
  [
    'a colon in a text',
    'freezes: [{ reason: Sales: all, from: 2026-12-10, to: 2026-12-11 }]',
    /^line 10: the file: .*allowed: quotation marks around a text that has ": "/,
  ],
  [
    'an alias without its anchor',
    'defaults: *usual',
    /^line 10: the file: found the alias \*usual.*allowed: &usual before/,
  ],
  // Keys.
  [
    'a key with other letters',
    'Defaults: { strategy: canary }',
    /^line 10: Defaults: found the unknown key.*\(did you mean defaults\?\)/,
  ],
  ['a key in camel case', 'changeTypes: {}', /\(did you mean change_types\?\)/],
  ['a key with a hyphen', 'change-types: {}', /\(did you mean change_types\?\)/],
  ['a key that is short of a letter', 'environment: {}', /\(did you mean environments\?\)/],
  [
    'a key at the top that stands deeper',
    'lead_time: 3',
    /^line 10: lead_time: .*lead_time stands in change_types\.NAME\.lead_time|lead_time stands in change_types\.standard\.lead_time/,
  ],
  [
    'a key deep that stands at the top',
    'defaults: { holidays: [] }',
    /^line 10: defaults\.holidays: .*holidays stands in holidays/,
  ],
  [
    'a key of a step beside its steps',
    'strategies: { slow: { name: Slow, set_weight: 50, steps: [replace] } }',
    /set_weight stands in strategies\.NAME\.steps\.set_weight/,
  ],
  [
    'two steps in one entry',
    'strategies: { slow: { name: Slow, steps: [{ set_weight: 50, watch: 5m }, { set_weight: 100 }] } }',
    /steps\[0\]\.watch: found watch beside another; allowed: watch in an entry of its own/,
  ],
  // Shapes.
  ['a text for a list', 'holidays: 2026-12-25', /^line 10: holidays: found "2026-12-25"; allowed: a list/],
  [
    'a mapping for a list',
    'windows: { days: [mon], from: "09:00", to: "17:00" }',
    /^line 10: windows: .*allowed: a list/,
  ],
  [
    'a list for a mapping',
    'checklist: [load_test]',
    /^line 10: checklist: found \["load_test"\]; allowed: a mapping/,
  ],
  [
    'one day for a list of days',
    'windows: [{ days: mon, from: "09:00", to: "17:00" }]',
    /windows\[0\]\.days: found "mon"; allowed: a list/,
  ],
  [
    'a mapping for steps',
    'strategies: { slow: { name: Slow, steps: { set_weight: 100 } } }',
    /steps: .*allowed: a list/,
  ],
  [
    'a name for an instance',
    'backends: { eu: simulator }',
    /^line 10: backends\.eu: found "simulator"; allowed: a mapping, "key: value": kind: argo-rollouts, .*simulator/,
  ],
  [
    'a text for a number',
    'judge: { alpha: "0.05" }',
    /judge\.alpha: found "0\.05"; allowed: a number, without quotation marks/,
  ],
  [
    'a percent sign',
    'gates: { unit_tests: { pass_rate: 95% } }',
    /pass_rate: found "95%"; allowed: a number, without quotation marks or a unit/,
  ],
  [
    'a unit for business days',
    'change_types: { normal: { lead_time: 5d } }',
    /lead_time: found "5d"; allowed: a number, without quotation marks or a unit: business days/,
  ],
  [
    'yes for true',
    'change_types: { normal: { change_request: yes } }',
    /change_request: found "yes"; allowed: true or false/,
  ],
  ['yes for a word', 'promotion: yes', /^line 10: promotion: found "yes"; allowed: in_order, any_order/],
  [
    'a number for a text',
    'freezes: [{ reason: 42, from: 2026-12-10, to: 2026-12-11 }]',
    /reason: found 42; allowed: text, in quotation marks/,
  ],
  // Times and days.
  [
    'a length of time without a unit',
    'safeguards: { observe_for: 30 }',
    /observe_for: found 30; allowed: text, in quotation marks: .*"30m"|observe_for: found 30; .*"30m"/,
  ],
  [
    'a length of time in words',
    'safeguards: { observe_for: 1 hour }',
    /observe_for: found "1 hour"; allowed: .*"1h 30m"/,
  ],
  [
    'an hour of one digit',
    'windows: [{ days: [mon], from: "9:00", to: "17:00" }]',
    /from: found "9:00"; allowed: .*"09:00"/,
  ],
  [
    'a day with its whole name',
    'windows: [{ days: [Monday], from: "09:00", to: "17:00" }]',
    /days\[0\]: found "Monday"; allowed: mon, tue/,
  ],
  [
    'a day that begins with a large letter',
    'windows: [{ days: [Mon], from: "09:00", to: "17:00" }]',
    /days\[0\]: found "Mon"; allowed: mon, .*\(did you mean mon\?\)/,
  ],
  [
    'a day first',
    'holidays: [25.12.2026]',
    /holidays\[0\]: found "25\.12\.2026"; allowed: a day such as "2026-12-25"/,
  ],
  [
    'a day that no calendar has',
    'holidays: [2026-02-30]',
    /holidays\[0\]: found "2026-02-30"; allowed: a day such as/,
  ],
  [
    'a zone by its letters',
    'people: { U0TOM000001: { hours: 24 h, time_zone: CEST } }',
    /time_zone: found "CEST"; allowed: .*"Europe\/Berlin"/,
  ],
  [
    'hours in numbers alone',
    'people: { U0TOM000001: { hours: 9-5 } }',
    /hours: found "9-5"; allowed: "Mon–Fri 09:00–17:00"/,
  ],
  // People, places and secrets.
  [
    'a handle for a member id',
    'teams: { shop: { approvers: { approver: ["@tom"] } } }',
    /approvers\.approver\[0\]: found "@tom"; allowed: a Slack member id/,
  ],
  [
    'a name for a channel',
    'announcements: "#deploys"',
    /announcements: found "#deploys"; allowed: the id of the Slack channel/,
  ],
  [
    'a phone number that YAML reads as a number',
    'people: { U0TOM000001: { phone: 0301234 } }',
    /phone: found something else; allowed: .*in quotation marks/,
  ],
  [
    'a secret in plain text',
    'backends: { eu: { kind: webhook, url: "https://x.example", secret: hunter2hunter2 } }',
    /backends\.eu\.secret: found something else/,
  ],
  [
    'a backend of no kind',
    'backends: { eu: { limit: 3 } }',
    /backends\.eu\.kind: found nothing; allowed: argo-rollouts/,
  ],
  [
    'a kind that is none',
    'backends: { eu: { kind: kubernets } }',
    /kind: found "kubernets"; allowed: .*\(did you mean kubernetes\?\)/,
  ],
  [
    'a backend that is not there',
    'defaults: { backend: eu }',
    /defaults\.backend: found "eu"; allowed: simulator/,
  ],
];

describe('PR-1: is told with its line and its remedy:', () => {
  it.each(ADDED)('PR-1: %s', (_, more, says) => {
    expect(problemsOf(file(more)).join('\n')).toMatch(says);
  });

  it.each<[what: string, was: string, is: string, says: RegExp]>([
    [
      'a version pattern that YAML reads as a number',
      'on_call: U',
      'version_pattern: 1.10, on_call: U',
      /version_pattern: found 1\.1; allowed: .*\{semver\}/,
    ],
    [
      'an approval with a slip',
      'gates: []',
      'approval: manul, gates: []',
      /approval: found "manul"; allowed: none, on_merge, manual \(did you mean manual\?\)/,
    ],
    [
      'sign-offs as a mapping',
      'gates: []',
      'sign_offs: { approver: 2 }, gates: []',
      /sign_offs: found \{"approver":2\}; allowed: a list/,
    ],
    [
      'a quorum of nobody',
      'gates: []',
      'sign_offs: [{ role: approver, quorum: 0 }], gates: []',
      /quorum: found 0; allowed: how many/,
    ],
    [
      'a role of nobody',
      '[U0TOM000001, U0SANA00001, U0ANN000001]',
      '[]',
      /^line 5: roles\.approver: found nobody; allowed: at least one person/,
    ],
    [
      'a person alone for a role',
      '[U0TOM000001, U0SANA00001, U0ANN000001]',
      'U0TOM000001',
      /roles\.approver: found "U0TOM000001"; allowed: a list/,
    ],
    [
      'services as a list',
      '\n  checkout: { channel: C0CHECKOUT2, on_call: U0TOM000001 }',
      ' [checkout]',
      /^line 8: services: found \["checkout"\]; allowed: a mapping, "name: …" for each/,
    ],
    [
      'no service',
      '\n  checkout: { channel: C0CHECKOUT2, on_call: U0TOM000001 }',
      '',
      /^line 8: services: found nothing; allowed: services by name/,
    ],
    [
      'an unknown team',
      'channel: C0CHECKOUT2',
      'team: shop',
      /services\.checkout\.team: found "shop"; allowed: none: the file defines nothing of the kind yet/,
    ],
    [
      'an environment of another name',
      'channel: C0',
      'environments: [prod], channel: C0',
      /environments\[0\]: found "prod"; allowed: production/,
    ],
    ['a preset with a slip', 'small-team', 'smal-team', /^line 3: preset: .*\(did you mean small-team\?\)/],
    [
      'only another service of the same name in other letters',
      'services:',
      'services:\n  Checkout: { channel: C0CHECKOUT2 }',
      /names that differ in more than their case/,
    ],
  ])('PR-1: %s', (_, was, is, says) => {
    expect(file()).toContain(was);
    expect(problemsOf(file().replace(was, is)).join('\n')).toMatch(says);
  });

  it.each([
    ['an empty file', ''],
    ['a file of comments', '# nothing yet\n'],
    ['a list', '- team: A\n'],
    ['a word', 'gonogo\n'],
  ])('PR-1: %s', (_, text) => {
    expect(problemsOf(text).join('\n')).toMatch(
      /^(line 1: )?the file: found .*; allowed: .*Services, environments, people and policy/,
    );
  });
});

describe('what looks like a mistake and is none', () => {
  it.each([
    ['times of day without quotation marks', 'windows: [{ days: [mon], from: 09:00, to: 17:00 }]'],
    ['a day that YAML could read as a date', 'holidays: [2026-12-25]'],
    ['a key that is empty', 'freezes: []'],
  ])('PR-1: %s', (_, more) => {
    expect(problemsOf(file(more))).toEqual([]);
  });
});
