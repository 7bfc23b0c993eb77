/** What a contract promises and asks for, in words: plain, for whoever draws them to escape. */

import type { Contract } from '../src/contract/contract.ts';
import { criteriaGroups } from '../src/contract/criteria.ts';
import type { Target } from '../src/contract/figures.ts';
import type { ContractRecord } from '../src/contract/record.ts';
import { contractTargets, targetOf } from '../src/contract/targets.ts';
import { contractChecklist } from '../src/contract/to-checklist.ts';
import type { ChecklistGroup, ChecklistItem } from '../src/terms/requirements.ts';
import { duration, listOf, plural } from './text.ts';

export const GROUP_NAMES: Record<ChecklistGroup, string> = {
  prerequisites: 'Prerequisites',
  artifacts: 'Artifacts',
  documentation: 'Documentation',
  approvals: 'Approvals',
  environment: 'Environment',
};

/** In the order of the checklist. */
export const GROUPS = Object.keys(GROUP_NAMES) as ChecklistGroup[];

export const BEFORE_WORDS: Record<ChecklistItem['before'], string> = {
  start: 'before the start',
  hand_over: 'before the hand-over',
};

export function targetWords(target: Target): string {
  switch (target.kind) {
    case 'deployment_time':
      return `deployed within ${duration(target.within)}, from the start to all of the traffic`;
    case 'downtime':
      return target.atMost === 0 ? 'no downtime' : `downtime of at most ${duration(target.atMost)}`;
    case 'error_rate':
      return `errors ${target.bound === 'below' ? 'under' : 'at most'} ${target.limit} %`;
    case 'performance':
      return `performance within ±${target.tolerance} % of its targets`;
    case 'user_issues':
      return `no issue reported by users within ${duration(target.noneWithin)}`;
    case 'monitoring_coverage':
      return `monitoring covers ${target.atLeast === 100 ? 'all' : `at least ${target.atLeast} %`} of what matters`;
    case 'window':
      return `the deployment begins within ${duration(target.within)} of the acceptance`;
    case 'validation':
      return `validation for ${duration(target.lasts)} afterwards`;
    case 'watching':
      return `watched for ${duration(target.lasts)} afterwards`;
    case 'rollback':
      return `a rollback takes under ${duration(target.within)}`;
    case 'notice':
      return `stakeholders know ${duration(target.ahead)} before the start`;
    case 'all_clear':
      return `the all-clear comes within ${duration(target.within)}`;
  }
}

/** `15 criteria in 3 groups, 7 inputs, …`: parts that hold nothing are left out. */
export function partsWords(contract: Contract): string {
  const { inputs, artifacts, dependencies, successMetrics, risks, qualityGates, nextSteps, other } = contract;
  const held = (groups: readonly { items: readonly unknown[] }[]) =>
    groups.reduce((sum, { items }) => sum + items.length, 0);
  const criteria = held(criteriaGroups(contract));
  const groups = criteriaGroups(contract).filter(({ name }) => name !== '').length;
  const counted: [number, string, string?][] = [
    [inputs.length, 'input'],
    [held(artifacts), 'deliverable'],
    [dependencies.length, 'dependency', 'dependencies'],
    [successMetrics.length, 'success metric'],
    [held(risks), 'risk'],
    [contract.communicationPlan.length, 'message to send', 'messages to send'],
    [contract.timeline.length, 'time'],
    [qualityGates.length, 'quality gate'],
    [nextSteps.length, 'next step'],
    [other.length, 'further part'],
  ];
  return listOf(
    [
      `${plural(criteria, 'criterion', 'criteria')}${groups > 1 ? ` in ${plural(groups, 'group')}` : ''}`,
      ...counted.filter(([count]) => count > 0).map(([count, one, many]) => plural(count, one, many)),
    ],
    'and',
    20,
  );
}

/** `17 items before the start and 26 before the hand-over` */
export function checklistWords({
  contract,
  accepted,
}: Pick<ContractRecord, 'contract' | 'accepted'>): string {
  const items = contractChecklist(contract, accepted?.moves);
  const start = items.filter(({ before }) => before === 'start').length;
  return `${plural(start, 'item')} before the start and ${items.length - start} before the hand-over`;
}

/** Until when the deployment must begin; undefined where the contract names no such time or is not accepted. */
export function windowEnds({
  contract,
  accepted,
}: ContractRecord): { at: number; after: number } | undefined {
  const window = targetOf(contractTargets(contract).targets, 'window');
  if (window === undefined || accepted === undefined) return undefined;
  return { at: accepted.at + window.within, after: window.within };
}
