/** An environment in sentences: who says go and when, the gates with their figures, and the checklist. */

import { plural, traffic } from '../../../views/text.ts';
import type { ChecklistRule, Environment, Policy } from '../../policy/policy.ts';
import { suggestedStrategy } from '../../policy/rollout.ts';
import { stagesOf } from '../../terms/plan.ts';
import { windowWords } from './calendar.ts';
import { gatesWords } from './gates.ts';
import { any, roleName, signOffsWords } from './words.ts';

export function environmentWords(policy: Policy, environment: Environment): string[] {
  return [
    `${environment.id}: ${[approvalWords(policy, environment), ...whenWords(policy, environment)].join('; ')}.`,
    ...gateLine(policy, environment),
    ...checklistLine(policy, environment),
  ];
}

function approvalWords(policy: Policy, { approval, signOffs }: Environment): string {
  if (approval === 'none') return 'no sign-off';
  if (approval === 'on_merge') return 'no sign-off; the approved merge counts';
  return `sign-offs by ${signOffsWords(policy, signOffs)}`;
}

/** Its windows, and how services usually roll out in it. */
function whenWords(policy: Policy, { id }: Environment): string[] {
  const windows = policy.calendar.windows.filter(({ environments }) => environments?.includes(id) ?? true);
  const there = [...policy.services.values()].filter(({ environments }) => environments.includes(id));
  const usual = there.flatMap(
    ({ name }) => suggestedStrategy(policy, { service: name, environment: id }) ?? [],
  );
  const plans = [...new Set(usual)].map((strategy) => shortPlan(policy, strategy));
  return [...windows.map(windowWords), ...(plans.length === 0 ? [] : [any(plans)])];
}

/** `canary 5/25/75/100` */
function shortPlan({ strategies }: Policy, id: string): string {
  const own = strategies.get(id);
  if (own === undefined) return id;
  const shares = stagesOf(own.plan).map(({ percent }) => traffic(percent).slice(0, -2));
  return `${own.name.toLowerCase()} ${shares.join('/')}`;
}

function gateLine(policy: Policy, { id, gates, handOverGates }: Environment): string[] {
  const parts = [
    ...(gates.length === 0 ? [] : [`gates ${gatesWords(policy, gates)}`]),
    ...(handOverGates.length === 0 ? [] : [`before the hand-over ${gatesWords(policy, handOverGates)}`]),
  ];
  return parts.length === 0 ? [] : [`${id}: ${parts.join('; ')}.`];
}

function checklistLine(policy: Policy, { id, checklist: groups }: Environment): string[] {
  const items = policy.checklist.filter(({ group }) => groups.includes(group));
  if (items.length === 0) return [];
  const before = (what: ChecklistRule['before']) => items.filter((item) => item.before === what).length;
  const counts = [
    ...(before('start') === 0 ? [] : [`${plural(before('start'), 'item')} before the start`]),
    ...(before('hand_over') === 0 ? [] : [`${plural(before('hand_over'), 'item')} before the hand-over`]),
  ];
  return [`${id}: checklist of ${[counts.join(' and '), ...tickWords(policy, items)].join('; ')}.`];
}

function tickWords(policy: Policy, items: readonly ChecklistRule[]): string[] {
  const people = any((policy.permissions.tick ?? []).map((role) => roleName(policy, role)));
  const byEvidence = items.filter(({ evidence }) => evidence !== undefined).length;
  const byRole = items.filter(({ roles }) => roles !== undefined);
  const roles = [...new Set(byRole.flatMap((item) => (item.roles ?? []).map(({ role }) => role)))];
  const named = items.filter(({ by }) => by !== undefined).length;
  const sometimes = items.filter(
    ({ when, evidence }) =>
      when !== undefined || evidence?.kind === 'sign_off' || evidence?.kind === 'change_request',
  ).length;
  return [
    `ticked by ${people}`,
    ...(byEvidence === 0
      ? []
      : [`${byEvidence} of them also by a gate, a sign-off or what the request says`]),
    ...(roles.length === 0
      ? []
      : [`${byRole.length} of them by ${any(roles.map((role) => roleName(policy, role)))} alone`]),
    ...(named === 0 ? [] : [`${named} of them by the roles they name, and never by whoever asked for it`]),
    ...(sometimes === 0
      ? []
      : [`${sometimes} of them only where the change needs ${sometimes === 1 ? 'it' : 'them'}`]),
  ];
}
