/** What a change needs besides its sign-offs: gates, checklist items, a change request (GT-1 to GT-7, CH-5). */

import type { Details } from '../terms/change.ts';
import type { ChecklistItem, RequiredGate, Requirements } from '../terms/requirements.ts';
import { approvalFor } from './approvals.ts';
import { changeTypeOf } from './change-types.ts';
import { concerns } from './concerned.ts';
import type { ChecklistRule, Environment, Policy } from './policy.ts';

type Change = Pick<Details, 'changeType' | 'deploymentType' | 'database' | 'risk'>;

export function requirementsFor(policy: Policy, environment: string, change: Change): Requirements {
  const place = policy.environments.find(({ id }) => id === environment);
  if (place === undefined) return { gates: [], checklist: [], changeRequest: false };
  // Change types matter only where an environment's approval is manual, as for the sign-offs.
  const terms = place.approval === 'manual' ? changeTypeOf(policy, change.changeType) : undefined;
  const asked = new Set(approvalFor(policy, environment, change).signOffs.map(({ role }) => role));
  const changeRequest = terms?.changeRequest ?? false;
  const checklist = policy.checklist
    .filter((rule) => applies(rule, place, change) && canBeMet(rule, asked, changeRequest))
    .map(({ when: _when, ...item }) =>
      terms?.checklist === 'optional' && item.before === 'start' ? { ...item, required: false } : item,
    );
  return { gates: gatesFor(policy, place, checklist, terms?.gates), checklist, changeRequest };
}

function applies({ group, when = {} }: ChecklistRule, place: Environment, change: Change): boolean {
  return place.checklist.includes(group) && concerns(when, change);
}

/** A sign-off that nobody is asked for, or a change request that nobody writes, is no item. */
function canBeMet({ evidence }: ChecklistItem, asked: ReadonlySet<string>, changeRequest: boolean): boolean {
  if (evidence?.kind === 'sign_off') return asked.has(evidence.role);
  return evidence?.kind !== 'change_request' || changeRequest;
}

function gatesFor(
  policy: Policy,
  place: Environment,
  checklist: readonly ChecklistItem[],
  only: readonly string[] | undefined,
): RequiredGate[] {
  const before = new Map<string, RequiredGate['before']>();
  for (const { evidence } of checklist) if (evidence?.kind === 'gate') before.set(evidence.gate, 'evidence');
  for (const id of place.handOverGates) before.set(id, 'hand_over');
  for (const id of place.gates) if (only?.includes(id) ?? true) before.set(id, 'start');
  return [...policy.gates.values()].flatMap((gate) => {
    const when = before.get(gate.id);
    return when === undefined ? [] : [{ ...gate, before: when }];
  });
}
