/** Gates, the checklist and the change request against a plain reading of the record. */

import type { Deployment } from '../../src/deployment/deployment.ts';
import type { Tick } from '../../src/deployment/readiness/state.ts';
import { judgeGate } from '../../src/policy/gates.ts';
import type { ChecklistItem, RequiredGate, Requirements } from '../../src/terms/requirements.ts';
import type { Instant } from '../../src/time.ts';

/** By the reports and the clock alone: what the record says of an expiry is not believed. */
function hasPassed(d: Deployment, gate: RequiredGate, now: Instant): boolean {
  const report = d.evidence.gates[gate.id]?.report;
  if (report === undefined || (report.sha !== undefined && report.sha !== d.terms.envelope.sha)) return false;
  return judgeGate(gate.rule, report).passed && (gate.lasts === undefined || now < report.at + gate.lasts);
}

function isTicked(d: Deployment, item: ChecklistItem, now: Instant): boolean {
  const fresh = ({ at }: Tick): boolean => item.lasts === undefined || now < at + item.lasts;
  const ticks = d.evidence.ticks.filter((tick) => tick.item === item.id && fresh(tick));
  const byRoles = (item.roles ?? []).every(({ role }) => ticks.some((tick) => tick.role === role));
  const { evidence } = item;
  if (evidence?.kind === 'gate') {
    const result = d.evidence.gates[evidence.gate];
    if (result !== undefined && !result.passed) return false;
  }
  return byRoles && (ticks.length > 0 || isEvident(d, item, now));
}

function isEvident(d: Deployment, { evidence }: ChecklistItem, now: Instant): boolean {
  switch (evidence?.kind) {
    case undefined:
      return false;
    case 'gate': {
      const gate = d.terms.requirements.gates.find(({ id }) => id === evidence.gate);
      return gate !== undefined && hasPassed(d, gate, now);
    }
    case 'sign_off': {
      const required = d.terms.required.find(({ role }) => role === evidence.role);
      return required !== undefined && goes(d, evidence.role) >= required.quorum;
    }
    case 'on_call':
      return true;
    case 'change_request':
      return d.evidence.changeRequest !== undefined;
  }
}

function goes(d: Deployment, role: string): number {
  const given = d.approval.signOffs.filter(
    (signOff) => signOff.role === role && signOff.decision === 'go' && signOff.fallen === undefined,
  );
  return new Set(given.map(({ person }) => person.id)).size;
}

/** Whether nothing is missing before a milestone, read plainly. */
export function isComplete(d: Deployment, before: 'start' | 'hand_over', now: Instant): boolean {
  const { gates, checklist, changeRequest: asked } = d.terms.requirements ?? NOTHING;
  const owed = d.terms.approval.when === 'afterwards';
  return (
    gates.every((gate) => gate.before !== before || hasPassed(d, gate, now)) &&
    checklist.every(
      (item) => item.before !== before || !item.required || isTicked(d, item, now) || isOwed(d, item),
    ) &&
    (before === 'hand_over' || !asked || owed || d.evidence.changeRequest !== undefined)
  );
}

/** What is approved afterwards owes its change request then, and no item waits for it either, but for the roles that one asks. */
export const isOwed = (d: Deployment, { evidence, roles }: ChecklistItem): boolean =>
  d.terms.approval.when === 'afterwards' && evidence?.kind === 'change_request' && roles === undefined;

const NOTHING: Requirements = { gates: [], checklist: [], changeRequest: false };

export function isSigned(d: Deployment): boolean {
  return (
    d.terms.approval.when === 'afterwards' ||
    d.terms.required.every(({ role, quorum }) => goes(d, role) >= quorum)
  );
}
