/** What people and machines say of a deployment if all goes well: every gate passes, everybody says go, every item is ticked. */

import { defined } from '../../defined.ts';
import type { Reading } from '../../judge/types.ts';
import type { GateReport } from '../../policy/gates.ts';
import type { RequiredSignOff } from '../../terms/approval.ts';
import type { ChangeRequest } from '../../terms/change-request.ts';
import type { PersonRef } from '../../terms/person.ts';
import type { RequiredGate } from '../../terms/requirements.ts';
import { type Instant, MINUTE } from '../../time.ts';
import { waitsForChangeRequest } from '../approval/change-request.ts';
import {
  blockingSignOffs,
  owedSignOffs,
  owesChangeRequest,
  owesWriteUp,
  whoCanSign,
} from '../approval/sign-offs.ts';
import type { Deployment } from '../deployment.ts';
import type { Actor, Intent } from '../intents.ts';
import { NOT_STARTED } from '../lifecycle.ts';
import { asksSomebodyElse, gateState, itemState, type Milestone, openItems } from '../readiness/readiness.ts';

export interface ExpectedInput {
  intent: Intent;
  actor: Actor;
  reports?: readonly GateReport[];
}

/** The next thing that has to be said for it to go on; undefined where nothing is waited for. */
export function nextExpectedInput(d: Deployment, now: Instant): ExpectedInput | undefined {
  const before = nextMilestone(d);
  return (
    (before && passingReports(d, before, now)) ??
    smokePassing(d) ??
    changeRequest(d) ??
    go(d) ??
    (before && tick(d, before)) ??
    (owesWriteUp(d)
      ? { intent: { kind: 'write_up', text: 'What was done, and why it could not wait.' }, actor: leadOf(d) }
      : undefined)
  );
}

function nextMilestone({ status }: Deployment): Milestone | undefined {
  if (NOT_STARTED.has(status)) return 'start';
  return status === 'observing' ? 'hand_over' : undefined;
}

function passingReports(d: Deployment, before: Milestone, now: Instant): ExpectedInput | undefined {
  const evidence = new Set(
    openItems(d, before).flatMap((item) => (item.evidence?.kind === 'gate' ? [item.evidence.gate] : [])),
  );
  const open = (d.terms.requirements.gates ?? []).filter(
    (gate) => (gate.before === before || evidence.has(gate.id)) && gateState(d, gate.id) !== 'done',
  );
  if (open.length === 0) return undefined;
  const reports = open.map((gate) => passing(gate, d, now));
  return { intent: { kind: 'wake' }, actor: { kind: 'system', name: 'clock' }, reports };
}

/** Whoever tries it next finds nothing wrong. */
function smokePassing({ smoke, terms }: Deployment): ExpectedInput | undefined {
  if (smoke === undefined || smoke.verdict !== undefined) return undefined;
  const open = (terms.smoke?.tests ?? []).filter(
    ({ id }) => smoke.tests.includes(id) && !smoke.results.some(({ test }) => test === id),
  );
  const [next] = open;
  if (next === undefined) return undefined;
  const results = open
    .filter(({ by }) => by === next.by)
    .map(({ id }) => ({ test: id, outcome: 'passed' as const }));
  const intent: Intent = { kind: 'smoke_reported', run: smoke.run, from: next.by, results };
  return { intent, actor: { kind: 'system', name: 'judge' } };
}

/** By every kind of rule at once. */
function passing({ id }: RequiredGate, d: Deployment, now: Instant): GateReport {
  return {
    gate: id,
    status: 'passed',
    tests: { passed: 100, failed: 0, skipped: 0 },
    percent: 100,
    findings: { critical: 0, high: 0, medium: 0, low: 0 },
    sha: d.terms.envelope.sha,
    at: Math.max(now, d.evidence.gates[id]?.report.at ?? now),
    by: 'a rehearsal',
  };
}

const CHANGE_REQUEST: ChangeRequest = {
  justification: 'As it will be written.',
  components: 'As it will be written.',
  downtime: 0,
  rollbackTime: 15 * MINUTE,
  risks: [],
};

function changeRequest(d: Deployment): ExpectedInput | undefined {
  const asked = NOT_STARTED.has(d.status) ? waitsForChangeRequest(d) : owesChangeRequest(d);
  if (!asked) return undefined;
  return { intent: { kind: 'write_change_request', request: CHANGE_REQUEST }, actor: leadOf(d) };
}

function go(d: Deployment): ExpectedInput | undefined {
  const [required] = NOT_STARTED.has(d.status) ? blockingSignOffs(d) : owedSignOffs(d);
  if (required === undefined) return undefined;
  const { role } = required;
  const intent: Intent = { kind: 'sign', role, decision: 'go', envelopeHash: d.envelopeHash };
  return { intent, actor: { kind: 'person', person: signerOf(d, required), roles: [role] } };
}

/** Where nobody who may sign holds the role, somebody will have to. */
function signerOf(d: Deployment, required: RequiredSignOff): PersonRef {
  const [first] = whoCanSign(d, required);
  return first ?? { id: `${required.role}:${d.approval.signOffs.length}`, name: 'somebody' };
}

/** Whoever holds a role that an item asks for, where it is not the lead's to tick: each role has somebody of its own (CH-10). */
const somebodyAs = (role: string): Actor => ({
  kind: 'person',
  person: { id: `somebody:${role}`, name: 'somebody' },
  roles: [role],
});

function tick(d: Deployment, before: Milestone): ExpectedInput | undefined {
  const [item] = openItems(d, before);
  if (item === undefined) return undefined;
  const { waitsFor, ticks } = itemState(d, item);
  const role = waitsFor[0]?.role;
  const named = item.by?.[0]?.role;
  const wish = { item: item.id, ticked: true, ...defined({ role }) };
  const intent = { kind: 'tick' as const, items: [wish] };
  const { lead } = d.terms.details;
  const asAnother = role !== undefined && ticks.some(({ by }) => by.id === lead.id);
  const isLeads = !asksSomebodyElse(d, item, lead.id) && !asAnother;
  return { intent, actor: isLeads ? leadOf(d, role ?? named) : somebodyAs(role ?? named ?? '') };
}

/** The lead, who may do what somebody has to do. */
function leadOf({ terms: { details, safeguards } }: Deployment, role?: string): Actor {
  const { tick: ticks = [], revise = [] } = safeguards.permissions;
  const roles = role === undefined ? [...new Set([...ticks, ...revise, 'lead'])] : [role];
  return { kind: 'person', person: details.lead, roles };
}

/** Requests enough for every rule to speak and every stage to pass. */
const PLENTY = 1_000_000;

/** A window in which both arms are without a fault, and every rule of the judge has its figure. */
export function fineReading({ terms: { safeguards } }: Deployment, from: Instant, to: Instant): Reading {
  const { criteria, triggers, metrics, negligible, stages } = safeguards.judge;
  const rules = [
    ...criteria,
    ...triggers,
    ...stages.flatMap((stage) => [...(stage.criteria ?? []), ...(stage.triggers ?? [])]),
  ];
  const n = Math.max(PLENTY, ...rules.map(({ minSample }) => minSample));
  // Where every error counts, both arms must have some, or nothing would be excluded.
  const x = negligible === undefined ? n / 2_000 : 0;
  const named = [...rules.map(({ metric }) => metric), ...metrics.map(({ name }) => name)];
  const values = [...new Set(named)].filter((metric) => metric !== 'errors');
  // Of what is worse when lower there is more than enough in both arms.
  const enough = Math.max(1, ...rules.filter(({ worse }) => worse === 'lower').map(({ over }) => 2 * over));
  const isLower = (metric: string): boolean =>
    [...rules, ...metrics.map((own) => ({ ...own, metric: own.name }))].some(
      (one) => one.metric === metric && one.worse === 'lower',
    );
  return {
    from,
    to,
    metrics: [
      { metric: 'errors', kind: 'counts', baseline: { n, x }, canary: { n, x } },
      ...values.map((metric) => ({
        metric,
        kind: 'values' as const,
        unit: '' as const,
        baseline: isLower(metric) ? enough : 0,
        canary: isLower(metric) ? enough : 0,
      })),
    ],
  };
}
