/** Gates, items and reports for tests of what a start and a hand-over wait for. */

import type { Deployment } from '../../src/deployment/deployment.ts';
import type { EvidenceState, Tick } from '../../src/deployment/readiness/state.ts';
import type { GateReport } from '../../src/policy/gates.ts';
import type { RequiredSignOff } from '../../src/terms/approval.ts';
import type { ChecklistItem, RequiredGate, Requirements } from '../../src/terms/requirements.ts';
import { envelope, play, requested, T0, TOM } from './builders.ts';

export function gate(id: string, more: Partial<RequiredGate> = {}): RequiredGate {
  return { id, name: id.replaceAll('_', ' '), rule: { kind: 'passed' }, before: 'start', ...more };
}

export function item(id: string, more: Partial<ChecklistItem> = {}): ChecklistItem {
  return {
    id,
    group: 'documentation',
    text: `${id.replaceAll('_', ' ')} is done`,
    required: true,
    before: 'start',
    ...more,
  };
}

/** About the commit of the builders' envelope. */
export function report(gateId: string, more: Partial<GateReport> = {}): GateReport {
  return { gate: gateId, status: 'passed', sha: envelope().sha, at: T0, by: 'ci', ...more };
}

export function tick(itemId: string, more: Partial<Tick> = {}): Tick {
  return { item: itemId, by: TOM, at: T0, ...more };
}

export function needs(more: Partial<Requirements> = {}): Requirements {
  return { gates: [], checklist: [], changeRequest: false, ...more };
}

/** Just requested, without sign-offs unless it names some: only these stand between it and its start. */
export function waitingFor(
  requirements: Partial<Requirements>,
  { required = [], ...more }: Otherwise = {},
): Deployment {
  const d = play(requested({ required, requirements: needs(requirements) }));
  return { ...d, ...more, evidence: { ...d.evidence, ...more.evidence } };
}

export type Otherwise = Partial<Omit<Deployment, 'evidence'>> & {
  evidence?: Partial<EvidenceState>;
  required?: RequiredSignOff[];
};
