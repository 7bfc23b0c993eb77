/** Row by row: what the documents behind the presets name, and where it is in the policy (PR-5). */

import { describe, expect, it } from 'vitest';
import type { Policy } from '../../src/policy/policy.ts';
import { HOUR, MINUTE } from '../../src/time.ts';
import { presetOf } from './preset-policies.ts';

/** An item: its group, what it comes before, and how long after all traffic has moved it can be ticked. */
const item =
  (id: string) =>
  ({ checklist }: Policy): string => {
    const found = checklist.find((one) => one.id === id);
    if (found === undefined) return 'none';
    const after = found.after === undefined ? '' : `, after ${found.after / HOUR} h`;
    return `${found.before}${after}`;
  };
const gate =
  (id: string) =>
  ({ gates }: Policy): unknown =>
    gates.get(id)?.rule;
const trigger =
  (metric: string, action: string) =>
  ({ safeguards }: Policy): string[] =>
    safeguards.judge.triggers
      .filter((rule) => rule.metric === metric && rule.action === action)
      .map(({ kind, over }) => `${kind} ${over}`);
const safeguard =
  (pick: (safeguards: Policy['safeguards']) => number | undefined) =>
  ({ safeguards }: Policy): string =>
    `${(pick(safeguards) ?? Number.NaN) / MINUTE} min`;
const signs =
  (environment: string) =>
  ({ environments }: Policy): string[] | undefined =>
    environments
      .find(({ id }) => id === environment)
      ?.signOffs.map(
        ({ role, when }) => `${role}${when === undefined ? '' : ` (${when.deploymentTypes?.join(' ')})`}`,
      );
const stages =
  (strategy: string) =>
  ({ strategies }: Policy): string[] | undefined =>
    strategies
      .get(strategy)
      ?.plan.steps.flatMap((step) =>
        step.kind === 'set-weight'
          ? [`${step.percent} %`]
          : step.kind === 'watch'
            ? [`${step.for / MINUTE} min`]
            : [],
      );

type Row = [row: string, where: (policy: Policy) => unknown, says: unknown];

const ROWS: Record<string, Row[]> = {
  'gold-standard': [
    ['pipeline: unit tests', gate('unit_tests'), { kind: 'pass_rate', atLeast: 100 }],
    ['pipeline: integration tests', gate('integration_tests'), { kind: 'pass_rate', atLeast: 95 }],
    [
      'pipeline: security scan',
      gate('security_scan'),
      { kind: 'findings', atMost: { critical: 0, high: 0 } },
    ],
    ['staging: scale', gate('staging_scale'), { kind: 'percent', atLeast: 20 }],
    ['rollback: time', safeguard((s) => s.rollbackWithin), '15 min'],
    ['rollback: errors', trigger('errors', 'roll_back'), ['absolute 1']],
    ['rollback: p99', trigger('p99', 'roll_back'), ['ratio 3']],
    ['process: p50, looked into and then rolled back', trigger('p50', 'roll_back'), ['ratio 2']],
    ['alert: errors', trigger('errors', 'hold'), ['points 0.5']],
    ['alert: p50', trigger('p50', 'hold'), ['ratio 1.5']],
    ['alert: p99', trigger('p99', 'hold'), ['ratio 2']],
    ['alert: processors', trigger('cpu', 'hold'), ['absolute 80']],
    ['alert: memory', trigger('memory', 'hold'), ['absolute 85']],
    ['alert: queue', trigger('queue_depth', 'hold'), ['ratio 10']],
    [
      'documentation: architecture, where it changes',
      ({ checklist }) => checklist.find(({ id }) => id === 'architecture_documented')?.when?.deploymentTypes,
      ['infrastructure', 'major_release'],
    ],
    ['canary: stages', stages('canary'), ['5 %', '30 min', '25 %', '60 min', '75 %', '120 min', '100 %']],
    ['full: a day', safeguard((s) => s.observeFor), '1440 min'],
    [
      'approvals, the product owner where it applies',
      signs('production'),
      ['tech_lead', 'security', 'operations', 'product_owner (major_release)'],
    ],
  ],
  procedures: [
    ['quality: coverage', gate('coverage'), { kind: 'percent', atLeast: 80 }],
    ['quality: static analysis', gate('static_analysis'), { kind: 'findings', atMost: { critical: 0 } }],
    ['canary: stages', stages('canary'), ['5 %', '30 min', '25 %', '30 min', '50 %', '30 min', '100 %']],
    [
      'blue-green: shares',
      (p) => stages('blue-green')(p)?.filter((one) => one.endsWith('%')),
      ['10 %', '25 %', '50 %', '100 %'],
    ],
    ['rollback: twice the errors', trigger('errors', 'roll_back'), ['ratio 2']],
    ['rollback: half as slow again', trigger('p99', 'roll_back'), ['ratio 1.5']],
    ['rollback: time', safeguard((s) => s.rollbackWithin), '30 min'],
    ['afterwards: a day', safeguard((s) => s.observeFor), '1440 min'],
    ['production: final approval of stakeholders', item('final_approval'), 'start'],
    ['staging: user acceptance', item('user_acceptance'), 'start'],
    ['staging: load', item('load_tested'), 'start'],
    ['staging: disaster recovery', item('recovery_tested'), 'start'],
    ['security: configuration', item('security_configuration'), 'start'],
    ['compliance', item('compliance_validated'), 'start'],
    ['health: API', item('api_healthy'), 'hand_over, after 0 h'],
    ['health: database', item('database_healthy'), 'hand_over, after 0 h'],
    ['health: integrations', item('integrations_healthy'), 'hand_over, after 0 h'],
    ['health: sign-in', item('sign_in_works'), 'hand_over, after 0 h'],
    ['health: processes', item('processes_work'), 'hand_over, after 0 h'],
    ['health: resources', item('resources_normal'), 'hand_over, after 24 h'],
    ['migration: data validated', item('data_validated'), 'hand_over, after 0 h'],
    ['review: business metrics', item('business_metrics_tracked'), 'hand_over, after 24 h'],
    ['review: logs', item('logs_reviewed'), 'hand_over, after 24 h'],
    ['review: feedback', item('feedback_collected'), 'hand_over, after 24 h'],
    ['review: lessons', item('lessons_written'), 'hand_over, after 0 h'],
  ],
  'handoff-v1': [
    ['accepted, then started', ({ signOffCare }) => `${(signOffCare.goLasts ?? 0) / HOUR} h`, '48 h'],
    ['all traffic', safeguard((s) => s.overrun?.within), '60 min'],
    ['rollback', safeguard((s) => s.rollbackWithin), '30 min'],
    ['all-clear', safeguard((s) => s.allClearAfter), '60 min'],
    ['validation', item('validated_for_a_day'), 'hand_over, after 24 h'],
    ['watch', safeguard((s) => s.observeFor), `${72 * 60} min`],
    ['errors', trigger('errors', 'hold'), ['absolute 1']],
    ['critical metrics', gate('monitoring_coverage'), { kind: 'percent', atLeast: 100 }],
    [
      'accessibility',
      ({ checklist }) => checklist.find(({ id }) => id === 'accessible')?.text,
      'It meets WCAG 2.1 AA in production',
    ],
    ['nobody reports an issue for a day', item('users_accept'), 'hand_over, after 24 h'],
    ['monitoring: application', item('application_monitored'), 'hand_over, after 0 h'],
    ['monitoring: errors', item('errors_tracked'), 'hand_over, after 0 h'],
    ['monitoring: performance', item('performance_monitored'), 'hand_over, after 0 h'],
    ['monitoring: use', item('use_analysed'), 'hand_over, after 0 h'],
    ['monitoring: security', item('security_monitored'), 'hand_over, after 0 h'],
    ['dependencies: delivery of assets', item('assets_ready'), 'start'],
    ['documentation: deployment', item('deployment_guide'), 'hand_over'],
    ['documentation: operations', item('operations_guide'), 'hand_over'],
    ['documentation: monitoring', item('monitoring_guide'), 'hand_over'],
    ['documentation: security', item('security_guide'), 'hand_over'],
    ['universal: completeness', item('complete'), 'start'],
    ['universal: accuracy', item('accurate'), 'hand_over, after 0 h'],
    ['universal: consistency', item('consistent'), 'hand_over, after 0 h'],
    ['universal: security', item('secure'), 'start'],
    ['universal: maintainability', item('maintainable'), 'start'],
    ['universal: testability', item('testable'), 'start'],
  ],
  'phase-contract': [
    ['staging: integration', item('staging_integration'), 'start'],
    ['staging: user acceptance', item('staging_acceptance'), 'start'],
    ['staging: performance', item('staging_performance'), 'start'],
    ['staging: load', item('staging_load'), 'start'],
    ['staging: disaster recovery', item('staging_recovery'), 'start'],
    ['gate: staging', item('staging_approval'), 'start'],
    ['gate: production', item('production_deployment'), 'hand_over, after 0 h'],
    ['gate: performance', item('performance_validation'), 'hand_over, after 0 h'],
    ['gate: security', item('security_validation'), 'hand_over, after 0 h'],
    ['gate: hand-over', item('handover_completion'), 'hand_over, after 0 h'],
    ['production: monitoring', item('monitoring_validation'), 'hand_over, after 0 h'],
    ['production: user acceptance', item('user_acceptance'), 'hand_over, after 0 h'],
    ['readiness: training', item('team_trained'), 'hand_over'],
    ['review', signs('production'), ['operations', 'security', 'business_stakeholder', 'project_sponsor']],
  ],
};

describe.each(Object.entries(ROWS))('PR-5: %s against its document', (name, rows) => {
  const policy = presetOf(name);
  it.each(rows)('%s', (_row, where, says) => expect(where(policy)).toEqual(says));
});
