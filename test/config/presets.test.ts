/** The presets against their documents: who must say go for what, and every figure, written down by hand (PR-5). */

import { describe, expect, it } from 'vitest';
import { approvalFor } from '../../src/policy/approvals.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { CHANGE_TYPES, DEPLOYMENT_TYPES } from '../../src/terms/change.ts';
import { plannedDuration, stagesOf } from '../../src/terms/plan.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { PRESETS, presetOf } from './preset-policies.ts';

/** Rows: change type; columns: deployment types. the roles that are asked. */
interface Table {
  /** Environments that ask somebody; all others of the preset ask nobody for anything. */
  asking: string[];
  /** Feature, bug fix, security, performance, infrastructure, major release. */
  columns: [string, string, string, string, string, string];
  standard: 'nobody' | 'before';
  normal: 'before';
  emergency: 'afterwards' | 'before';
  /** Business days that a normal change is announced ahead. */
  leadTime: number;
  /** Asked besides, whatever it brings, for these kinds of change. */
  besides: Partial<Record<'standard' | 'normal' | 'emergency', string>>;
}

const REVIEW = 'operations, security, business_stakeholder, project_sponsor';
const THREE = 'tech_lead, security, operations';

const TABLES: Record<string, Table> = {
  // Standards: production by hand, everything below it not; CAB for a normal change, five business days ahead; a
  // standard one is approved beforehand and an emergency afterwards. Process: tech lead, security, operations, and the
  // product owner where it concerns them.
  'gold-standard': {
    asking: ['production', 'disaster_recovery'],
    columns: [THREE, THREE, THREE, THREE, THREE, `${THREE}, product_owner`],
    standard: 'nobody',
    normal: 'before',
    emergency: 'afterwards',
    leadTime: 5,
    besides: { normal: 'cab', emergency: 'cab' },
  },
  // Procedures: approvals by what a deployment brings; no lead times and nothing pre-approved.
  procedures: {
    asking: ['production', 'disaster_recovery'],
    columns: [
      'tech_lead, product_owner',
      'tech_lead',
      'tech_lead, security',
      'tech_lead, operations',
      'operations',
      'tech_lead, product_owner, business_stakeholder',
    ],
    standard: 'before',
    normal: 'before',
    emergency: 'afterwards',
    leadTime: 0,
    besides: {},
  },
  // Hand-off: whoever takes it over accepts it.
  'handoff-v1': {
    asking: ['production', 'disaster_recovery'],
    columns: ['sre', 'sre', 'sre', 'sre', 'sre', 'sre'],
    standard: 'before',
    normal: 'before',
    emergency: 'before',
    leadTime: 0,
    besides: {},
  },
  // Phase contract: its four reviewers, for production.
  'phase-contract': {
    asking: ['production'],
    columns: [REVIEW, REVIEW, REVIEW, REVIEW, REVIEW, REVIEW],
    standard: 'before',
    normal: 'before',
    emergency: 'before',
    leadTime: 0,
    besides: {},
  },
};

const sorted = (roles: string): string => roles.split(', ').filter(Boolean).sort().join(', ');

describe.each(Object.entries(TABLES))('PR-5: %s', (name, table) => {
  const policy = presetOf(name);
  const cases = policy.environments.flatMap(({ id }) =>
    CHANGE_TYPES.flatMap((changeType) =>
      DEPLOYMENT_TYPES.map((deploymentType, column) => ({ id, changeType, deploymentType, column })),
    ),
  );

  it.each(cases)(
    'CH-1, CH-2, CH-3, CH-4: a $changeType $deploymentType change in $id asks whom its document names',
    ({ id, changeType, deploymentType, column }) => {
      const needs = approvalFor(policy, id, { changeType, deploymentType, risk: 'low', database: 'none' });
      const when = table.asking.includes(id) ? table[changeType] : 'nobody';
      const roles = [table.columns[column], table.besides[changeType]].filter(Boolean).join(', ');
      expect({
        when: needs.when,
        roles: sorted(needs.signOffs.map(({ role }) => role).join(', ')),
        quorums: [...new Set(needs.signOffs.map(({ quorum }) => quorum))],
        leadTime: needs.leadTime,
      }).toEqual(
        when === 'nobody'
          ? { when: 'none', roles: '', quorums: [], leadTime: 0 }
          : {
              when,
              roles: sorted(roles),
              quorums: [1],
              leadTime: changeType === 'normal' ? table.leadTime : 0,
            },
      );
    },
  );
});

interface Figures {
  environments: string;
  approvals: string;
  /** Shares and the minutes each is watched. */
  strategies: Record<string, string>;
  offered: string;
  rules: string[];
  /** By stage. */
  criteria: Record<1 | 2 | 3 | 'observation', string[]>;
  observe: number;
  rollback: number;
  goLasts: number;
}

const FIVE = 'development, integration, staging, production, disaster_recovery';
const STANDARD_RULES = [
  'errors absolute 1 roll_back',
  'p99 ratio 3 roll_back',
  'p50 ratio 2 roll_back',
  'errors points 0.5 hold',
  'p50 ratio 1.5 hold',
  'p99 ratio 2 hold',
  'cpu absolute 80 hold',
  'memory absolute 85 hold',
  'queue_depth ratio 10 hold',
];

/** Process, 2.3: errors under 0.1 % and latency within 10 %, errors under 0.1 % and stable, stable, 24 h stable. */
const WITHIN = ['p50 ratio 1.1', 'p99 ratio 1.1'];
const STANDARD_CRITERIA = {
  1: ['errors absolute 0.1', ...WITHIN],
  2: ['errors absolute 0.1', ...WITHIN],
  3: ['errors absolute 1', ...WITHIN],
  observation: ['errors absolute 1', ...WITHIN],
};
const everywhere = (criteria: string[]) => ({ 1: criteria, 2: criteria, 3: criteria, observation: criteria });

const FIGURES: Record<string, Figures> = {
  'gold-standard': {
    environments: FIVE,
    approvals: 'none, none, on_merge, manual, manual',
    strategies: {
      canary: '5:30 25:60 75:120 100:0',
      'blue-green': '10:15 25:15 50:15 100:0',
      rolling: '25:15 50:15 75:15 100:0',
      'quick-canary': '25:10 100:0',
      'all-at-once': '100:0',
    },
    offered: 'canary',
    rules: STANDARD_RULES,
    criteria: STANDARD_CRITERIA,
    observe: DAY,
    rollback: 15 * MINUTE,
    goLasts: 14 * DAY,
  },
  procedures: {
    environments: FIVE,
    approvals: 'on_merge, none, on_merge, manual, manual',
    strategies: {
      'blue-green': '10:15 25:15 50:15 100:0',
      canary: '5:30 25:30 50:30 100:0',
      rolling: '25:15 50:15 75:15 100:0',
      'quick-canary': '25:10 100:0',
      'all-at-once': '100:0',
    },
    offered: 'blue-green',
    rules: [
      'errors ratio 2 roll_back',
      'p50 ratio 1.5 roll_back',
      'p99 ratio 1.5 roll_back',
      'errors absolute 1 hold',
    ],
    criteria: everywhere(['errors absolute 1']),
    observe: DAY,
    rollback: 30 * MINUTE,
    goLasts: 14 * DAY,
  },
  'handoff-v1': {
    environments: FIVE,
    approvals: 'none, none, on_merge, manual, manual',
    strategies: {
      'blue-green': '10:15 25:15 50:15 100:0',
      rolling: '25:15 50:15 75:15 100:0',
      'quick-canary': '25:10 100:0',
      'all-at-once': '100:0',
    },
    offered: 'blue-green',
    rules: ['errors absolute 1 hold'],
    criteria: everywhere(['errors absolute 1', ...WITHIN]),
    observe: 72 * HOUR,
    rollback: 30 * MINUTE,
    goLasts: 48 * HOUR,
  },
  'phase-contract': {
    environments: 'development, staging, production',
    approvals: 'none, none, manual',
    strategies: {
      'blue-green': '10:15 25:15 50:15 100:0',
      rolling: '25:15 50:15 75:15 100:0',
      'quick-canary': '25:10 100:0',
      'all-at-once': '100:0',
    },
    offered: 'blue-green',
    rules: STANDARD_RULES,
    criteria: STANDARD_CRITERIA,
    observe: DAY,
    rollback: 15 * MINUTE,
    goLasts: 14 * DAY,
  },
};

function criteriaOf({ safeguards: { judge } }: Policy, stage: number): string[] {
  const own = judge.stages.find((one) => one.stage === stage)?.criteria ?? judge.criteria;
  return own.map(({ metric, kind, over }) => `${metric} ${kind} ${over}`);
}

it.each(Object.keys(TABLES))(
  'AN-3: %s has a rule that speaks when the new version has all traffic, so that this time is never watched blind',
  (name) => {
    const { triggers } = presetOf(name).safeguards.judge;
    expect(triggers.some(({ metric, kind }) => metric === 'errors' && kind === 'absolute')).toBe(true);
  },
);

it('AN-3: a p50 of twice the baseline is looked into first, and rolled back where it stays', () => {
  const own = presetOf('gold-standard').safeguards.judge.triggers.filter(({ metric }) => metric === 'p50');
  expect(own.map(({ over, breaches, of, action }) => [action, over, breaches, of])).toEqual([
    ['roll_back', 2, 10, 10],
    ['hold', 1.5, 3, 5],
  ]);
});

it('PR-5: there is one preset for each of the four sources, none without its table, and one of our own', () => {
  expect(Object.keys(PRESETS).sort()).toEqual([...Object.keys(TABLES), 'small-team'].sort());
  expect(Object.keys(FIGURES).sort()).toEqual(Object.keys(TABLES).sort());
});

it.each(Object.entries(FIGURES))('PR-5: %s has the figures of its document', (name, figures) => {
  const policy = presetOf(name);
  const strategies = [...policy.strategies.values()].map(({ id, plan }) => [
    id,
    stagesOf(plan)
      .map(({ percent, watchFor }) => `${percent}:${watchFor / MINUTE}`)
      .join(' '),
  ]);
  expect({
    environments: policy.environments.map(({ id }) => id).join(', '),
    approvals: policy.environments.map(({ approval }) => approval).join(', '),
    strategies: Object.fromEntries(strategies),
    offered: policy.services.get('checkout')?.strategy,
    rules: policy.safeguards.judge.triggers.map(
      ({ metric, kind, over, action }) => `${metric} ${kind} ${over} ${action}`,
    ),
    criteria: {
      1: criteriaOf(policy, 1),
      2: criteriaOf(policy, 2),
      3: criteriaOf(policy, 3),
      observation: criteriaOf(policy, 4),
    },
    observe: policy.safeguards.observeFor,
    rollback: policy.safeguards.rollbackWithin,
    goLasts: policy.signOffCare.goLasts,
  }).toEqual(figures);
  expect(policy.promotion).toBe('in_order');
});

it('WN-6: the hand-off’s rollout is over well within its hour', () => {
  const plan = presetOf('handoff-v1').strategies.get('blue-green')?.plan;
  expect(plan && plannedDuration(plan)).toBeLessThan(HOUR);
});

it('CH-6: where an environment and a kind of change both ask for a role, the larger quorum counts', () => {
  const policy = presetOf('gold-standard');
  const twice: Policy = {
    ...policy,
    environments: policy.environments.map((environment) => ({
      ...environment,
      signOffs: [{ role: 'cab', quorum: 2 }],
    })),
  };
  const change = { changeType: 'normal', deploymentType: 'feature', risk: 'low', database: 'none' } as const;
  expect(approvalFor(twice, 'production', change).signOffs).toEqual([
    { role: 'cab', name: 'Change board', quorum: 2 },
  ]);
});
