/** What each preset asks of gates, checklist and change request, against the tables of its document (PR-5). */

import { describe, expect, it } from 'vitest';
import { countsUntil, type GateReport, judgeGate } from '../../src/policy/gates.ts';
import { requirementsFor } from '../../src/policy/requirements.ts';
import { CHANGE_TYPES, DATABASE_CHANGES, DEPLOYMENT_TYPES } from '../../src/terms/change.ts';
import { CHECKLIST_GROUPS, type ChecklistItem, type Gate } from '../../src/terms/requirements.ts';
import { DAY, HOUR } from '../../src/time.ts';
import { PRESETS, presetOf } from './preset-policies.ts';
import { COUNTS, GATES, ITEMS, NEEDS } from './preset-tables.ts';

const NONE = '0 0 0 0 0';
const words = (text: string): string[] => text.split(' ').filter(Boolean);
const plus = (a: string, b: string): string =>
  words(a)
    .map((count, group) => Number(count) + Number(words(b)[group]))
    .join(' ');
const days = (lasts: number | undefined): string =>
  lasts === undefined ? '' : `, for ${lasts / DAY} ${lasts === DAY ? 'day' : 'days'}`;

function ruleWords({ rule, lasts }: Gate): string {
  switch (rule.kind) {
    case 'passed':
      return `passed${days(lasts)}`;
    case 'pass_rate':
      return `${rule.atLeast} % of tests${days(lasts)}`;
    case 'percent':
      return `at least ${rule.atLeast} %${days(lasts)}`;
    case 'findings': {
      const limits = Object.entries(rule.atMost).map(([severity, most]) => `${severity} ${most}`);
      return `${limits.join(', ')}${days(lasts)}`;
    }
  }
}

function evidenceWords({ evidence }: ChecklistItem): string {
  switch (evidence?.kind) {
    case undefined:
      return '';
    case 'gate':
      return `, by gate ${evidence.gate}`;
    case 'sign_off':
      return `, by sign_off ${evidence.role}`;
    case 'on_call':
    case 'change_request':
      return `, by ${evidence.kind}`;
  }
}

const perGroup = (items: readonly ChecklistItem[]): string =>
  CHECKLIST_GROUPS.map((group) => items.filter((item) => item.group === group).length).join(' ');

it('PR-5: no preset is without its tables', () => {
  for (const table of [GATES, NEEDS, ITEMS, COUNTS])
    expect([...Object.keys(table), 'small-team'].sort()).toEqual(Object.keys(PRESETS).sort());
});

describe.each(Object.keys(GATES))('PR-5: %s', (name) => {
  const policy = presetOf(name);
  const counts = COUNTS[name];

  it('GT-1, GT-2, GT-3, GT-7: judges its gates by the figures of its document', () => {
    expect(Object.fromEntries([...policy.gates].map(([id, gate]) => [id, ruleWords(gate)]))).toEqual(
      GATES[name],
    );
  });

  it('GT-5, GT-6: has the items of its document, each in its group, with what ticks it or who', () => {
    const lines = policy.checklist.map((item) => {
      const when = [...(item.when?.deploymentTypes ?? []), ...(item.when?.databases ?? [])];
      const at = item.before === 'hand_over' ? ' at the hand-over' : '';
      const roles = item.roles === undefined ? '' : `, by ${item.roles.map(({ role }) => role).join(' ')}`;
      const by = item.by === undefined ? '' : `, ticked by ${item.by.map(({ role }) => role).join(' ')}`;
      const about = when.length === 0 ? '' : `, of ${when.join(' ')}`;
      return [
        item.id,
        `${item.group}${at}${evidenceWords(item)}${item.after === undefined ? '' : `, after ${item.after / HOUR} h`}${roles}${days(item.lasts)}${about}${by}`,
      ] as const;
    });
    expect(Object.fromEntries(lines)).toEqual(ITEMS[name]);
    expect(policy.checklist.every(({ required }) => required)).toBe(true);
  });

  const cases = policy.environments.flatMap(({ id }) =>
    CHANGE_TYPES.flatMap((changeType) =>
      DEPLOYMENT_TYPES.map((deploymentType, column) => ({ id, changeType, deploymentType, column })),
    ),
  );

  it.each(cases)(
    'GT-1, GT-5, CH-5: a $changeType $deploymentType change in $id needs what its document names',
    ({ id, changeType, deploymentType, column }) => {
      const needs = NEEDS[name]?.[id];
      const listed = counts?.where.includes(id) === true;
      for (const database of DATABASE_CHANGES) {
        const { gates, checklist, changeRequest } = requirementsFor(policy, id, {
          changeType,
          deploymentType,
          database,
          risk: 'medium',
        });
        const named = (before: string) => gates.filter((gate) => gate.before === before).map((g) => g.id);
        const itemsOf = (what: ChecklistItem['before']) => checklist.filter((item) => item.before === what);
        const columns = listed ? counts?.[changeType][column] : undefined;
        const more = database === 'none' ? NONE : (counts?.database ?? NONE);
        expect({
          start: named('start').sort(),
          handOver: named('hand_over'),
          items: perGroup(itemsOf('start')),
          later: perGroup(itemsOf('hand_over')),
          waited: [...new Set(itemsOf('start').map(({ required }) => required))],
          waitedLater: itemsOf('hand_over').every(({ required }) => required),
          changeRequest,
        }).toEqual({
          start: words(needs?.[changeType] ?? '').sort(),
          handOver: words(needs?.handOver ?? ''),
          items: columns === undefined ? NONE : plus(columns, more),
          later: listed
            ? plus(counts?.handOver ?? NONE, database === 'none' ? NONE : (counts?.databaseLater ?? NONE))
            : NONE,
          waited: listed ? [words(counts?.waits ?? '').includes(changeType)] : [],
          waitedLater: true,
          changeRequest: listed && words(counts?.changeRequest ?? '').includes(changeType),
        });
        // A gate that only ticks an item is heard of wherever the item is, and nothing waits for it.
        const ticking = checklist.flatMap(({ evidence }) =>
          evidence?.kind === 'gate' ? [evidence.gate] : [],
        );
        const waited = [...named('start'), ...named('hand_over')];
        expect(named('evidence').sort()).toEqual(
          [...new Set(ticking.filter((gate) => !waited.includes(gate)))].sort(),
        );
      }
    },
  );
});

const T0 = Date.UTC(2026, 0, 5, 10);
const clean = { critical: 0, high: 0, medium: 0, low: 0 };

describe('At its figure a report passes, and just below it fails', () => {
  it.each<[string, string, Partial<GateReport>, Partial<GateReport>]>([
    ['gold-standard', 'unit_tests', tests(1000, 0), tests(999, 1)],
    ['gold-standard', 'integration_tests', tests(95, 5), tests(949, 51)],
    [
      'gold-standard',
      'security_scan',
      { findings: { ...clean, medium: 9, low: 40 } },
      { findings: { ...clean, high: 1 } },
    ],
    ['gold-standard', 'artifact_scan', { findings: clean }, { findings: { ...clean, critical: 1 } }],
    ['gold-standard', 'staging_scale', { percent: 20 }, { percent: 19.9 }],
    ['gold-standard', 'production_smoke', { status: 'passed' }, { status: 'failed' }],
    ['procedures', 'end_to_end_tests', tests(40, 0), tests(39, 1)],
    ['procedures', 'integration_tests', tests(40, 0), tests(39, 1)],
    ['procedures', 'coverage', { percent: 80 }, { percent: 79.9 }],
    [
      'procedures',
      'security_scan',
      { findings: { ...clean, high: 3 } },
      { findings: { ...clean, critical: 1 } },
    ],
    [
      'procedures',
      'static_analysis',
      { findings: { ...clean, high: 3 } },
      { findings: { ...clean, critical: 1 } },
    ],
    ['handoff-v1', 'monitoring_coverage', { percent: 100 }, { percent: 99.9 }],
    ['handoff-v1', 'security_scan', { findings: clean }, { findings: { ...clean, high: 1 } }],
    ['phase-contract', 'security_validation', { findings: clean }, { findings: { ...clean, critical: 1 } }],
  ])('GT-1, GT-2, GT-7: %s: %s', (name, id, passing, failing) => {
    const gate = presetOf(name).gates.get(id);
    if (gate === undefined) throw new Error(`no gate ${id}`);
    const report = (about: Partial<GateReport>): GateReport => ({
      gate: id,
      status: 'passed',
      at: T0,
      by: 'ci',
      ...about,
    });
    expect(judgeGate(gate.rule, report(passing)).passed).toBe(true);
    expect(judgeGate(gate.rule, report(failing)).passed).toBe(false);
  });

  it('GT-7: what was reported of staging counts for seven days', () => {
    const { gates } = presetOf('gold-standard');
    for (const id of ['staging_parity', 'staging_scale', 'staging_data']) {
      const gate = gates.get(id);
      const report: GateReport = { gate: id, status: 'passed', percent: 25, at: T0, by: 'ci' };
      expect(gate && countsUntil(gate, report)).toBe(T0 + 7 * DAY);
    }
  });
});

function tests(passed: number, failed: number): Partial<GateReport> {
  // Those that were skipped did not run.
  return { status: 'passed', tests: { passed, failed, skipped: 7 } };
}
