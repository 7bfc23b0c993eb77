/** Gates, checklist and change requests of gonogo.yml: what they become over a preset, and what their mistakes are called. */

import { describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { describeProblem } from '../../src/config/problems.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { DAY } from '../../src/time.ts';
import { PRESETS } from './preset-policies.ts';

/** The smallest policy that stands; what comes below it begins in line 11. */
const small = (more: string): string => `
team: Shop
roles:
  tech_lead: [U0TOM000001]
  security: [U0SANA00001, U0PAUL00001]
  operations: { members: [U0OMAR00001], usergroup: "@ops" }
  product_owner: [U0PRIYA0001]
  cab: [U0CARLA0001]
services:
  checkout: { channel: C0CHECKOUT2 }
${more}`;

function policyWith(more: string): Policy {
  const loaded = loadPolicy(small(more), PRESETS);
  if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join('\n'));
  return loaded.policy;
}

function problemsWith(more: string): string[] {
  const loaded = loadPolicy(small(more), PRESETS);
  return loaded.ok ? [] : loaded.problems.map(describeProblem);
}

it('GT-5: evidence from before the start says nothing of an item that speaks of what comes after the rollout', () => {
  const at = (evidence: string): string[] =>
    problemsWith(
      `checklist: { late: { group: environment, text: x, before: hand_over, after_rollout: 0m, evidence: ${evidence} } }`,
    );
  expect(at('{ gate: production_smoke }')).toEqual([]);
  for (const early of ['{ sign_off: security }', 'on_call', 'change_request'])
    expect(at(early)).toEqual([
      expect.stringMatching(/late.after_rollout.*a gate as its evidence, or none/s),
    ]);
});

describe('Over a preset', () => {
  it.each<[string, string, object]>([
    ['another figure', '{ pass_rate: 97 }', { kind: 'pass_rate', atLeast: 97 }],
    [
      'another kind of figure, in place of the one before',
      '{ percent: 80 }',
      { kind: 'percent', atLeast: 80 },
    ],
    ['a name alone, and the figure stays', '{ name: Tests }', { kind: 'pass_rate', atLeast: 100 }],
    ['an age alone, and the figure stays', '{ lasts: 2d }', { kind: 'pass_rate', atLeast: 100 }],
  ])('GT-1: a gate gets %s', (_what, gate, rule) => {
    expect(policyWith(`gates: { unit_tests: ${gate} }`).gates.get('unit_tests')?.rule).toEqual(rule);
  });

  it('GT-1: a limit for one severity leaves those for the others as they were', () => {
    const { gates } = policyWith('gates: { security_scan: { findings: { medium: 5, high: 1 } } }');
    expect(gates.get('security_scan')?.rule).toEqual({
      kind: 'findings',
      atMost: { critical: 0, high: 1, medium: 5 },
    });
  });

  it('GT-5: an item is added, changed in part, or left out', () => {
    const { checklist } = policyWith(`
checklist:
  release_notes: false
  dashboards: { lasts: 2d, required: false }
  load_test: { group: environment, text: The load test is over, evidence: { gate: capacity } }`);
    const found = (id: string) => checklist.find((item) => item.id === id);
    expect(found('release_notes')).toBeUndefined();
    expect(found('dashboards')).toMatchObject({
      group: 'environment',
      text: 'The dashboards are ready',
      required: false,
      lasts: 2 * DAY,
    });
    expect(found('load_test')).toMatchObject({
      required: true,
      before: 'start',
      evidence: { kind: 'gate', gate: 'capacity' },
    });
  });

  it('CH-6: a quorum may be larger than those who are named, where a user group is named as well', () => {
    const { environments } = policyWith(
      'environments: { staging: , production: { sign_offs: [{ role: operations, quorum: 5 }] } }',
    );
    expect(environments[1]?.signOffs).toEqual([{ role: 'operations', quorum: 5 }]);
  });

  it('CH-5: an item that waits for a change request harms nobody where none is asked for', () => {
    expect(problemsWith('change_types: { normal: { change_request: false } }')).toEqual([]);
  });
});

describe('A mistake about gates or the checklist', () => {
  it.each<[string, string, string]>([
    [
      'an unknown gate of an environment',
      'environments: { staging: { gates: [build, unit_test] } }',
      'line 11: environments.staging.gates[1]: found "unit_test"; allowed: build, .*\\(did you mean unit_tests\\?\\)',
    ],
    [
      'an unknown gate of a hand-over',
      'environments: { staging: { hand_over_gates: [smoke] } }',
      'line 11: environments.staging.hand_over_gates[0]: found "smoke"; allowed: build, ',
    ],
    [
      'an unknown gate of a kind of change',
      'change_types: { emergency: { gates: [biuld] } }',
      'line 11: change_types.emergency.gates[0]: found "biuld"; allowed: .*did you mean build',
    ],
    [
      'a gate twice in one list',
      'environments: { staging: { gates: [build, build] } }',
      'line 11: environments.staging.gates[1]: found build twice; allowed: each gate once',
    ],
    [
      'a gate before the start and before the hand-over',
      'environments: { staging: { gates: [build], hand_over_gates: [build] } }',
      'line 11: environments.staging.hand_over_gates: found build in gates as well; allowed: each gate in one of the two',
    ],
    [
      'two rules on one gate',
      'gates: { unit_tests: { pass_rate: 100, percent: 80 } }',
      'line 11: gates.unit_tests: found pass_rate and percent; allowed: one of pass_rate, percent and findings',
    ],
    [
      'a share over all of it',
      'gates: { unit_tests: { pass_rate: 101 } }',
      'line 11: gates.unit_tests.pass_rate: found 101; allowed: the least share of tests that must pass, in percent, 0 to 100',
    ],
    [
      'findings of no severity',
      'gates: { licences: { findings: {} } }',
      'line 11: gates.licences.findings: found no severity; allowed: a figure for at least one severity',
    ],
    [
      'an unknown severity',
      'gates: { licences: { findings: { severe: 0 } } }',
      'line 11: gates.licences.findings.severe: found the unknown key "severe"; allowed: critical, high, medium, low',
    ],
    [
      'a report that never counts',
      'gates: { build: { lasts: 0s } }',
      'line 11: gates.build.lasts: found "0s"; allowed: a duration over 0',
    ],
    [
      'a tick that never counts',
      'checklist: { dashboards: { lasts: 0m } }',
      'line 11: checklist.dashboards.lasts: found "0m"; allowed: a duration over 0',
    ],
    [
      'an item without a text',
      'checklist: { load_test: { group: environment } }',
      'line 11: checklist.load_test: found no text; allowed: a group and a text',
    ],
    [
      'an item without a group',
      'checklist: { load_test: { text: The load test is over } }',
      'line 11: checklist.load_test: found no group; allowed: a group and a text',
    ],
    [
      'an unknown group of an item',
      'checklist: { load_test: { group: tests, text: The load test is over } }',
      'line 11: checklist.load_test.group: found "tests"; allowed: prerequisites, artifacts, documentation, approvals, environment',
    ],
    [
      'an unknown group of an environment',
      'environments: { staging: { checklist: [tests] } }',
      'line 11: environments.staging.checklist[0]: found "tests"; allowed: prerequisites, artifacts, documentation, approvals, environment',
    ],
    [
      'an unknown gate as evidence',
      'checklist: { dashboards: { evidence: { gate: dashboards } } }',
      'line 11: checklist.dashboards.evidence.gate: found "dashboards"; allowed: build, ',
    ],
    [
      'an unknown role as evidence',
      'checklist: { dashboards: { evidence: { sign_off: secrity } } }',
      'line 11: checklist.dashboards.evidence.sign_off: found "secrity"; allowed: .*did you mean security',
    ],
    [
      'an unknown role of an item',
      'checklist: { dashboards: { roles: [sre] } }',
      'line 11: checklist.dashboards.roles[0]: found "sre"; allowed: tech_lead, ',
    ],
    [
      'an unknown role of an item that applies nowhere',
      'checklist: { dashboards: { roles: [sre] } }\nenvironments: { staging: }',
      'line 11: checklist.dashboards.roles[0]: found "sre"; allowed: tech_lead, ',
    ],
    [
      'an unknown gate as evidence of an item that applies nowhere',
      'checklist: { dashboards: { evidence: { gate: boards } } }\nenvironments: { staging: }',
      'line 11: checklist.dashboards.evidence.gate: found "boards"; allowed: build, ',
    ],
    [
      'a role twice in an item',
      'checklist: { dashboards: { roles: [security, security] } }',
      'line 11: checklist.dashboards.roles[1]: found security twice; allowed: each role once',
    ],
    [
      'an unknown kind of evidence',
      'checklist: { dashboards: { evidence: oncall } }',
      'line 11: checklist.dashboards.evidence: found "oncall"; allowed: .*on_call',
    ],
    [
      'an unknown role that must say go',
      'environments: { staging: , production: { sign_offs: [secrity] } }',
      'line 11: environments.production.sign_offs[0]: found "secrity"; allowed: .*did you mean security',
    ],
    [
      'an unknown role that is told',
      'sign_offs: { escalate_to: operation }',
      'line 11: sign_offs.escalate_to: found "operation"; allowed: .*did you mean operations',
    ],
    [
      'an unknown role that is told, where nobody is asked',
      'sign_offs: { escalate_to: operation }\nenvironments: { staging: }',
      'line 11: sign_offs.escalate_to: found "operation"; allowed: .*did you mean operations',
    ],
    [
      'an unknown role of a kind of change for which nobody is asked',
      'change_types: { standard: { sign_offs: [cap] } }',
      'line 11: change_types.standard.sign_offs[0]: found "cap"; allowed: .*did you mean cab',
    ],
    [
      'that a version was in staging, in the first environment there is',
      'environments: { production: }',
      'line 11: environments.production.gates: found staging_deployed in production, where checkout begins; allowed: an environment before production in which a version can complete, or gates of production without staging_deployed: nothing else reports it',
    ],
    [
      'that a version was in staging, before the hand-over in the first environment there is',
      'environments: { staging: { hand_over_gates: [staging_deployed] } }',
      'line 11: environments.staging.hand_over_gates: found staging_deployed in staging, where checkout begins',
    ],
  ])('PR-1: names %s', (_what, more, words) => {
    // In a pattern of our own, brackets are only ever those of a list.
    expect(problemsWith(more)).toEqual([
      expect.stringMatching(new RegExp(`^${words.replace(/[[\]]/g, '\\$&')}`)),
    ]);
  });

  it('PR-1: names that a version was in staging, in the first environment of a service', () => {
    const text = small('').replace(
      'C0CHECKOUT2',
      'C0CHECKOUT2, environments: [production, disaster_recovery]',
    );
    const loaded = loadPolicy(text, PRESETS);
    expect(loaded.ok ? [] : loaded.problems.map(describeProblem)).toEqual([
      expect.stringMatching(
        /^line 10: services\.checkout\.environments: found staging_deployed in production, where checkout begins; /,
      ),
    ]);
  });

  it('GT-8: is none where no kind of change waits in the first environment for a version to have been in staging', () => {
    const kinds =
      '{ standard: { gates: [build] }, normal: { gates: [build] }, emergency: { gates: [build] } }';
    expect(problemsWith(`environments: { production: }\nchange_types: ${kinds}`)).toEqual([]);
    expect(problemsWith('environments: { production: { gates: [build] } }')).toEqual([]);
  });
});

describe('Two freezes', () => {
  const year = '{ reason: Year end, from: 2026-12-20, to: 2027-01-02 }';
  it.each<[string, string, boolean]>([
    ['at one time everywhere', '{ reason: Sale, from: 2026-12-27, to: 2027-01-10 }', true],
    [
      'one within the other, in some places',
      '{ reason: x, from: 2026-12-24, to: 2026-12-25, services: [checkout] }',
      true,
    ],
    ['one after the other', '{ reason: Sale, from: 2027-01-02, to: 2027-01-10 }', false],
    [
      'at one time by the clocks of two zones alone',
      '{ reason: x, from: "2027-01-01 20:00", to: 2027-01-10, time_zone: America/New_York }',
      false,
    ],
  ])('WN-3: %s', (_what, other, refused) => {
    expect(problemsWith(`freezes: [${year}, ${other}]`)).toEqual(
      refused
        ? [
            expect.stringMatching(
              /^line 11: freezes\[1\]: found .*, in which freezes\[0\] \("Year end"\) stands as well; allowed: times or places/,
            ),
          ]
        : [],
    );
  });

  it('WN-3: at one time in other places are two', () => {
    const [a, b] = [
      '{ reason: x, from: 2026-12-20, to: 2027-01-02, environments: [staging] }',
      '{ reason: y, from: 2026-12-20, to: 2027-01-02, environments: [production], services: [checkout] }',
    ];
    expect(problemsWith(`freezes: [${a}, ${b}]`)).toEqual([]);
    expect(problemsWith(`freezes: [${a}, ${b}, ${b}]`)).toHaveLength(1);
  });
});
