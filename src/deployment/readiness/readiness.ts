/** What is still missing before a start or a hand-over, besides sign-offs: gates, checklist items, the change request. */

import { defined } from '../../defined.ts';
import { type Build, countingReport, countsUntil, type GateReport, judgeGate } from '../../policy/gates.ts';
import type { ChecklistItem, RequiredGate, Requirements } from '../../terms/requirements.ts';
import type { Instant } from '../../time.ts';
import { waitsForChangeRequest } from '../approval/change-request.ts';
import { blockingSignOffs, isFilled, mayBeFilledTogether } from '../approval/sign-offs.ts';
import type { Deployment } from '../deployment.ts';
import type { DeploymentEvent, EventBody } from '../events.ts';
import { NOT_STARTED } from '../lifecycle.ts';
import type { GateResult, Tick } from './state.ts';

export type Milestone = 'start' | 'hand_over';

/** `missing`: nobody and nothing has spoken · `failed`: a machine says no · `expired`: what was said is too old. */
export type PointState = 'done' | 'missing' | 'failed' | 'expired';

export function gateState({ evidence: { gates } }: Pick<Deployment, 'evidence'>, id: string): PointState {
  const result = gates?.[id];
  if (result === undefined) return 'missing';
  if (!result.passed) return 'failed';
  return result.expired ? 'expired' : 'done';
}

/** Required gates that have not passed. */
export function openGates(d: Deployment, before: Milestone): RequiredGate[] {
  return (d.terms.requirements.gates ?? []).filter(
    (gate) => gate.before === before && gateState(d, gate.id) !== 'done',
  );
}

export interface ItemState {
  state: PointState;
  /** What ticked it, where it is ticked or was. */
  ticks: Tick[];
  gate?: GateResult;
  /** Of the roles it asks, those that have not ticked it. */
  waitsFor: { role: string; name: string }[];
}

export function itemState(d: Deployment, item: ChecklistItem): ItemState {
  const ticks = d.evidence.ticks.filter((tick) => tick.item === item.id && isTheirs(d, item, tick));
  const gate =
    item.evidence?.kind === 'gate' && !speaksTooEarly(d, item, item.evidence.gate)
      ? d.evidence.gates[item.evidence.gate]
      : undefined;
  return {
    state: stateOf(d, item, ticks),
    ticks,
    waitsFor: waitsFor(item, ticks),
    ...defined({ gate }),
  };
}

/** Whether an item waits for other people than this one: the requester's own tick never stands for theirs (CH-10). */
export function asksSomebodyElse(
  { requestedBy }: Pick<Deployment, 'requestedBy'>,
  { by, roles }: ChecklistItem,
  personId: string,
): boolean {
  return (by !== undefined || roles !== undefined) && requestedBy.id === personId;
}

/** The role of an item that a person ticked it as, and that keeps them from this one: one person fills one role (CH-10). */
export function tickedAsAnother(
  d: Deployment,
  { id, roles = [] }: ChecklistItem,
  role: string,
  personId: string,
): { role: string; name: string } | undefined {
  const theirs = d.evidence.ticks.filter(
    (tick) => tick.item === id && tick.by.id === personId && counts(tick),
  );
  return roles.find(
    (other) =>
      other.role !== role &&
      theirs.some((tick) => tick.role === other.role) &&
      !mayBeFilledTogether(d, role, other.role),
  );
}

const isTheirs = (d: Deployment, item: ChecklistItem, tick: Tick): boolean =>
  !asksSomebodyElse(d, item, tick.by.id);

const counts = ({ expired }: Tick): boolean => expired === undefined;

function waitsFor({ roles = [] }: ChecklistItem, ticks: readonly Tick[]): { role: string; name: string }[] {
  return roles.filter(({ role }) => !ticks.some((tick) => tick.role === role && counts(tick)));
}

/** A failed gate is no matter of opinion: no person's tick stands against it. */
function stateOf(d: Deployment, item: ChecklistItem, ticks: readonly Tick[]): PointState {
  const byMachine = evidenceState(d, item);
  if (byMachine === 'failed') return 'failed';
  const complete = item.roles === undefined || waitsFor(item, ticks).length === 0;
  if (complete && (byMachine === 'done' || ticks.some(counts))) return 'done';
  return byMachine === 'expired' || !ticks.every(counts) ? 'expired' : 'missing';
}

/** From when on an item can be ticked by hand: never, while what it speaks of is not known to come. */
export function tickedFrom({ rollout }: Pick<Deployment, 'rollout'>, { after }: ChecklistItem): Instant {
  if (after === undefined) return 0;
  const { completedAt } = rollout ?? {};
  return completedAt === undefined ? Number.POSITIVE_INFINITY : completedAt + after;
}

/** What a machine measured before all traffic had moved says nothing of how it is since, unless it says no. */
function speaksTooEarly({ evidence, rollout }: Deployment, { after }: ChecklistItem, gate: string): boolean {
  const result = evidence.gates[gate];
  if (after === undefined || result?.passed !== true) return false;
  return rollout?.completedAt === undefined || result.report.at < rollout.completedAt + after;
}

function evidenceState(d: Deployment, item: ChecklistItem): PointState {
  const { evidence } = item;
  switch (evidence?.kind) {
    case undefined:
      return 'missing';
    case 'gate':
      return speaksTooEarly(d, item, evidence.gate) ? 'missing' : gateState(d, evidence.gate);
    case 'sign_off': {
      const required = d.terms.required.find(({ role }) => role === evidence.role);
      return required !== undefined && isFilled(d, required) ? 'done' : 'missing';
    }
    case 'on_call':
      // Nothing is asked for without one.
      return 'done';
    case 'change_request':
      return d.evidence.changeRequest === undefined ? 'missing' : 'done';
  }
}

/** Required items that are not ticked. */
export function openItems(d: Deployment, before: Milestone): ChecklistItem[] {
  const ticks = ticksByItem(d);
  return (d.terms.requirements.checklist ?? []).filter(
    (item) =>
      item.required &&
      item.before === before &&
      stateOf(
        d,
        item,
        (ticks.get(item.id) ?? []).filter((tick) => isTheirs(d, item, tick)),
      ) !== 'done' &&
      !isOwedInstead(d, item),
  );
}

/** Open items but for those that a missing sign-off, gate or change request ticks: that is named and counted itself. */
export function openOfTheirOwn(d: Deployment, before: Milestone): ChecklistItem[] {
  const gates = new Set(openGates(d, before).map(({ id }) => id));
  const signOffs = new Set(before === 'start' ? blockingSignOffs(d).map(({ role }) => role) : []);
  const request = before === 'start' && waitsForChangeRequest(d);
  return openItems(d, before).filter(({ evidence, roles }) => {
    if (roles !== undefined) return true;
    if (evidence?.kind === 'gate') return !gates.has(evidence.gate);
    if (evidence?.kind === 'sign_off') return !signOffs.has(evidence.role);
    return evidence?.kind !== 'change_request' || !request;
  });
}

/** An item that the change request ticks does not keep waiting what owes its change request afterwards (CH-1); people whom it asks by role do. */
function isOwedInstead(d: Deployment, { evidence, roles }: ChecklistItem): boolean {
  return evidence?.kind === 'change_request' && roles === undefined && d.terms.approval.when === 'afterwards';
}

/** One walk over the ticks for all items: this is asked for at every turn of every deployment that waits. */
function ticksByItem({ evidence: { ticks = [] } }: Deployment): Map<string, Tick[]> {
  const byItem = new Map<string, Tick[]>();
  for (const tick of ticks) {
    const known = byItem.get(tick.item);
    if (known === undefined) byItem.set(tick.item, [tick]);
    else known.push(tick);
  }
  return byItem;
}

/** Whether all is there that its start waits for; the calendar has its own say. */
export function isReady(d: Deployment): boolean {
  return blockingSignOffs(d).length === 0 && missingBefore(d, 'start').length === 0;
}

/** In words, what is missing besides the sign-offs: `unit tests`, `on-call briefed`. */
export function missingBefore(d: Deployment, before: Milestone): string[] {
  return [
    ...openGates(d, before).map(({ name }) => name),
    ...(before === 'start' && waitsForChangeRequest(d) ? ['change request'] : []),
    ...openItems(d, before).map(({ text }) => text),
  ];
}

/** Of each gate the report that counts for this build, judged by the frozen rules. */
export function judgeReports(
  requirements: Requirements | undefined,
  build: Build,
  reports: readonly GateReport[],
  now: Instant,
): Record<string, GateResult> {
  const results = (requirements?.gates ?? []).flatMap((gate): [string, GateResult][] => {
    const report = countingReport(gate.id, reports, build);
    return report === undefined ? [] : [[gate.id, judged(gate, report, now)]];
  });
  return Object.fromEntries(results);
}

function judged(gate: RequiredGate, report: GateReport, now: Instant): GateResult {
  const until = countsUntil(gate, report);
  return {
    report,
    ...judgeGate(gate.rule, report),
    ...(until !== undefined && until <= now ? { expired: true as const } : {}),
  };
}

/** When the first report or tick that its start rests on stops counting. */
export function nextExpiryOfEvidence(d: Deployment): Instant | undefined {
  const times = expiries(d).map(({ at }) => at);
  return times.length === 0 ? undefined : Math.min(...times);
}

export function evidenceExpired(d: Deployment, now: Instant): EventBody[] {
  const over = expiries(d).filter(({ at }) => at <= now);
  const ids = (kind: 'gate' | 'item'): string[] => [
    ...new Set(over.filter((one) => one.kind === kind).map(({ id }) => id)),
  ];
  const waits = d.status === 'preparing' ? { waits: true as const } : {};
  return over.length === 0
    ? []
    : [{ type: 'evidence_expired', gates: ids('gate'), items: ids('item'), ...waits }];
}

interface Expiry {
  kind: 'gate' | 'item';
  id: string;
  at: Instant;
}

/** Once it has started, what it rested on is history. */
function expiries(d: Deployment): Expiry[] {
  if (!NOT_STARTED.has(d.status) || d.terms.requirements === undefined) return [];
  const gates = d.terms.requirements.gates.flatMap((gate): Expiry[] => {
    const result = d.evidence.gates[gate.id];
    const at = result === undefined || result.expired ? undefined : countsUntil(gate, result.report);
    return at === undefined ? [] : [{ kind: 'gate', id: gate.id, at }];
  });
  const ticks = d.evidence.ticks.flatMap((tick): Expiry[] => {
    const at = tick.expired ? undefined : tickCountsUntil(d, tick);
    return at === undefined ? [] : [{ kind: 'item', id: tick.item, at }];
  });
  return [...gates, ...ticks];
}

export function tickCountsUntil({ terms: { requirements } }: Deployment, tick: Tick): Instant | undefined {
  const lasts = requirements?.checklist.find(({ id }) => id === tick.item)?.lasts;
  return lasts === undefined ? undefined : tick.at + lasts;
}

/** What the same person ticked in the same moment as an event, that of the event among it, in its order. */
export function tickedWith(
  { evidence: { ticks = [] } }: Pick<Deployment, 'evidence'>,
  { at, by }: Pick<DeploymentEvent, 'at' | 'by'>,
): Tick[] {
  return ticks.filter((tick) => by.kind === 'person' && tick.by.id === by.id && tick.at === at);
}
