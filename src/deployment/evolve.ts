/** State from events: what a deployment is after the next thing that happened to it. */

import { CHANGE_REQUEST_PARTS } from '../terms/change-request.ts';
import type { Envelope } from '../terms/envelope.ts';
import { stageOfStep } from '../terms/plan.ts';
import { isTooOld, signOffsAfter, standingGoes } from './approval/sign-offs.ts';
import type { SignOff } from './approval/state.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Deployment } from './deployment.ts';
import type { DeploymentEvent } from './events.ts';
import { NOT_STARTED, statusAfter, TERMINAL } from './lifecycle.ts';
import { tickCountsUntil } from './readiness/readiness.ts';
import type { Tick } from './readiness/state.ts';
import type { StageRecord } from './rollout/state.ts';

type EventOf<T extends DeploymentEvent['type']> = Extract<DeploymentEvent, { type: T }>;
/** A field set to undefined is taken out. */
type Change = { [K in keyof Deployment]?: Deployment[K] | undefined };
type Evolvers = {
  [T in Exclude<DeploymentEvent['type'], 'requested'>]: (d: Deployment, e: EventOf<T>) => Change;
};

/** After a resume the watch goes on for at least this many looks, so that there is something new to decide on. */
const LOOKS_AFTER_RESUME = 5;

const EVOLVERS: Evolvers = {
  signed: (d, e) => ({ signOffs: [...d.signOffs, signOffOf(e)] }),
  signed_afterwards: (d, e) => ({ signOffs: [...d.signOffs, { ...signOffOf(e), afterwards: true }] }),
  written_up: (_d, e) => ({ writeUp: { text: e.text, by: personOf(e), at: e.at } }),
  delegated: (d, e) => ({
    delegations: [...(d.delegations ?? []), { role: e.role, from: personOf(e), to: e.to, at: e.at }],
    required: d.required.map((required) =>
      required.role === e.role ? { ...required, asked: [...required.asked, e.to] } : required,
    ),
  }),
  reminded: (d, e) => ({
    nudges: { ...d.nudges, reminded: e.at },
    reminders: [...(d.reminders ?? []), { seq: e.seq, people: e.people }],
  }),
  escalated: (d, e) => ({ nudges: { ...d.nudges, escalated: e.at } }),
  sign_offs_expired: (d, e) => ({
    signOffs: d.signOffs.map((signOff) =>
      signOff.fallen === undefined && e.roles.includes(signOff.role) && isTooOld(d, signOff, e.at)
        ? { ...signOff, fallen: 'it was given too long ago' }
        : signOff,
    ),
    startAt: undefined,
    askedAt: e.at,
    nudges: undefined,
  }),
  revised: (d, e) => ({
    envelope: e.envelope,
    envelopeHash: e.envelopeHash,
    details: e.details,
    // Another start or another plan meets another calendar.
    waiting: undefined,
    signOffs: signOffsAfter(d.signOffs, e),
    askedAt: e.at,
    nudges: undefined,
    ...(e.required === undefined ? {} : { required: e.required }),
    ...(e.released === undefined ? {} : { released: e.released }),
    ...(e.approval === undefined ? {} : { approval: e.approval }),
    ...(e.requirements === undefined ? {} : { requirements: e.requirements }),
    ...(e.gates === undefined ? {} : { gates: e.gates }),
    ...(e.unticked === undefined ? {} : { ticks: undefined }),
    ...(e.contacts === undefined ? {} : { contacts: e.contacts }),
    ...(isSameNews(d.envelope, e.envelope) ? {} : { plannedSince: e.at }),
  }),
  gate_reported: (d, { report, passed, says, expired }) => ({
    gates: {
      ...d.gates,
      [report.gate]: { report, passed, says, ...(expired === undefined ? {} : { expired }) },
    },
  }),
  artifact_refused: (d) => ({ artifactRefusals: (d.artifactRefusals ?? 0) + 1 }),
  item_ticked: (d, e) => ({ ticks: [...ticksBesides(d, e), tickOf(e)] }),
  item_unticked: (d, e) => ({ ticks: ticksBesides(d, e) }),
  evidence_expired: (d, e) => ({
    gates: Object.fromEntries(
      Object.entries(d.gates ?? {}).map(([id, result]) => [
        id,
        e.gates.includes(id) ? { ...result, expired: true as const } : result,
      ]),
    ),
    ticks: d.ticks?.map((tick) => (isTickTooOld(d, tick, e) ? { ...tick, expired: true as const } : tick)),
  }),
  change_request_written: (d, e) => ({
    changeRequest: { ...e.request, by: personOf(e), at: e.at },
    signOffs: d.signOffs.map((signOff) => (signOff.fallen === undefined ? withUnread(signOff, e) : signOff)),
    ...remindersOfChange(d, e),
  }),
  reopened: () => ({ startAt: undefined }),
  scheduled: (_d, e) => ({ startAt: e.startAt }),
  start_delayed: (_d, e) => ({
    waiting: { for: e.blockers, since: e.at, ...(e.until === undefined ? {} : { until: e.until }) },
  }),
  // What it waited for does not count as lateness.
  start_cleared: (d, e) => ({
    waiting: undefined,
    startAt: d.startAt === undefined ? undefined : Math.max(d.startAt, e.at),
  }),
  calendar_overridden: (d, e) => ({
    overridden: [...(d.overridden ?? []), { keys: e.keys, reason: e.reason, by: personOf(e), at: e.at }],
  }),
  started: (_d, e) => ({
    startedAt: e.at,
    previous: e.previous,
    waiting: undefined,
    trouble: undefined,
    nudges: undefined,
    ...(e.windowUntil === undefined ? {} : { windowUntil: e.windowUntil }),
  }),
  step_started: (d, e) => ({ step: { index: e.step, since: e.at }, stages: stagesWith(d, e) }),
  step_completed: (d, e) => ({
    step: { index: e.step + 1, since: e.at },
    stages: endsStage(d, e.step) ? endLastStage(d, e.at, 'passed') : d.stages,
    trouble: undefined,
  }),
  looked: lookedAt,
  held: (_d, e) => ({ hold: { reason: e.reason, by: e.by, at: e.at } }),
  resumed: (d, e) => ({
    hold: undefined,
    trouble: undefined,
    // A step that has to be told again has its time again.
    step: d.step && { ...d.step, since: e.at },
    stages: changeLast(d, (stage) => goOnWatching(d, stage, e.at)),
  }),
  promoted: (d, e) => ({ hold: undefined, stages: endLastStage(d, e.at, 'promoted') }),
  extended: (d, e) => ({
    extendedBy: (d.extendedBy ?? 0) + e.extension,
    stages: changeLast(d, (stage) => ({
      ...stage,
      watchUntil: Math.max(stage.watchUntil ?? e.at, e.at) + e.extension,
    })),
  }),
  overran: (d, { level, plannedUntil, because, at }) => ({
    overrun: {
      ...d.overrun,
      plannedUntil,
      because,
      ...(level === 'warned' ? { warnedAt: at } : { escalatedAt: at }),
    },
  }),
  verification_started: (_d, e) => ({ hold: undefined, aftermath: { since: e.at, noData: 0 } }),
  verified: (_d, e) => ({ completedAt: e.at, aftermath: { since: e.at, noData: 0 }, trouble: undefined }),
  handed_over: (_d, e) =>
    e.supersededBy === undefined && e.reason === undefined
      ? {}
      : { ending: { reason: e.reason ?? `${e.supersededBy} took its place`, by: e.by } },
  rollback_started: (d, e) => ({
    hold: undefined,
    trouble: undefined,
    rollback: { to: e.to, why: e.why, by: e.by, startedAt: e.at, toldAt: e.at },
    stages: endLastStage(d, e.at, 'rolled_back'),
  }),
  rollback_repeated: (d, e) => (d.rollback ? { rollback: { ...d.rollback, toldAt: e.at } } : {}),
  rollback_explained: (d, e) => (d.rollback ? { rollback: { ...d.rollback, reason: e.reason } } : {}),
  rolled_back: (d, e) =>
    d.rollback ? { rollback: { ...d.rollback, endedAt: e.at }, trouble: undefined } : {},
  rollback_failed: (_d, e) => ({ ending: { reason: e.reason, by: e.by } }),
  rejected: (_d, e) => ({ ending: { reason: e.reason, by: e.by } }),
  expired: (_d, e) => ({ ending: { reason: e.reason, by: e.by } }),
  cancelled: (_d, e) => (e.reason === undefined ? {} : { ending: { reason: e.reason, by: e.by } }),
  attempt_refused: () => ({}),
  backend_troubled: (_d, e) => ({ trouble: { doing: e.doing, message: e.message, at: e.at } }),
  backend_recovered: () => ({ trouble: undefined }),
};

/** Throws where the lifecycle does not allow the event: that is a fault of ours, never a person's mistake. */
export function evolve(deployment: Deployment | undefined, event: DeploymentEvent): Deployment {
  if (deployment === undefined) {
    if (event.type !== 'requested') throw new Error(`${event.deployment} begins with ${event.type}`);
    return begin(event);
  }
  const status = event.type === 'requested' ? undefined : statusAfter(deployment.status, event.type);
  if (event.type === 'requested' || status === undefined || event.seq !== deployment.seq + 1) {
    throw new Error(
      `${event.deployment} is ${deployment.status} at ${deployment.seq}: no ${event.type} #${event.seq}`,
    );
  }
  const change = (EVOLVERS[event.type] as (d: Deployment, e: DeploymentEvent) => Change)(deployment, event);
  const ends = TERMINAL.has(status) && !TERMINAL.has(deployment.status);
  return withoutUndefined({
    ...deployment,
    ...change,
    ...(ends ? { endedAt: event.at } : {}),
    seq: event.seq,
    status,
  });
}

function begin(event: EventOf<'requested'>): Deployment {
  return {
    id: event.deployment,
    seq: event.seq,
    status: 'preparing',
    envelope: event.envelope,
    envelopeHash: event.envelopeHash,
    details: event.details,
    requestedBy: personOf(event),
    requestedAt: event.at,
    required: event.required,
    signOffs: [],
    safeguards: event.safeguards,
    ...(event.approval === undefined ? {} : { approval: event.approval }),
    ...(event.adapters === undefined ? {} : { adapters: event.adapters }),
    ...(event.requirements === undefined ? {} : { requirements: event.requirements }),
    ...(event.gates === undefined ? {} : { gates: event.gates }),
    ...(event.contacts === undefined ? {} : { contacts: event.contacts }),
    ...(event.communication === undefined ? {} : { communication: event.communication }),
    ...(event.contract === undefined ? {} : { contract: event.contract }),
    previous: event.previous,
    stages: [],
  };
}

/** Those who were told of this version at this start need not be told again. */
function isSameNews(was: Envelope, is: Envelope): boolean {
  return was.version === is.version && canonicalJson(was.start) === canonicalJson(is.start);
}

type Ticking = EventOf<'item_ticked'> | EventOf<'item_unticked'>;

/** One tick per item and role: a newer one takes its place. */
function ticksBesides(d: Deployment, { item, role }: Ticking): Tick[] {
  return (d.ticks ?? []).filter((tick) => tick.item !== item || tick.role !== role);
}

function tickOf(event: EventOf<'item_ticked'>): Tick {
  return {
    item: event.item,
    by: personOf(event),
    at: event.at,
    ...(event.role === undefined ? {} : { role: event.role }),
    ...(event.note === undefined ? {} : { note: event.note }),
  };
}

function isTickTooOld(d: Deployment, tick: Tick, { items, at }: EventOf<'evidence_expired'>): boolean {
  const until = tickCountsUntil(d, tick);
  return items.includes(tick.item) && until !== undefined && until <= at;
}

function signOffOf(event: EventOf<'signed'> | EventOf<'signed_afterwards'>): SignOff {
  return {
    role: event.role,
    person: personOf(event),
    decision: event.decision,
    at: event.at,
    envelopeHash: event.envelopeHash,
    ...(event.reason === undefined ? {} : { reason: event.reason }),
  };
}

/** While they can still think again, those who said go hear of it in a message of its own. */
function remindersOfChange(d: Deployment, { seq }: EventOf<'change_request_written'>): Change {
  const goes = NOT_STARTED.has(d.status) ? standingGoes(d) : [];
  const people = [...new Map(goes.map(({ person }) => [person.id, person])).values()];
  if (people.length === 0) return {};
  return { reminders: [...(d.reminders ?? []), { seq, people, about: 'change_request' }] };
}

/** Whoever signed before did not read this. */
function withUnread(signOff: SignOff, { changed, at }: EventOf<'change_request_written'>): SignOff {
  const before = signOff.unread?.parts ?? [];
  const parts = changed ?? CHANGE_REQUEST_PARTS;
  const all = CHANGE_REQUEST_PARTS.filter((part) => before.includes(part) || parts.includes(part));
  return { ...signOff, unread: { parts: all, at } };
}

function personOf(event: DeploymentEvent): { id: string; name: string } {
  if (event.by.kind !== 'person') throw new Error(`${event.type} #${event.seq} needs a person`);
  return { id: event.by.id, name: event.by.name };
}

function stagesWith(d: Deployment, e: EventOf<'step_started'>): StageRecord[] {
  const step = d.envelope.plan.steps[e.step];
  if (step?.kind === 'set-weight') {
    return [...d.stages, { number: d.stages.length + 1, percent: step.percent, startedAt: e.at, noData: 0 }];
  }
  if (step?.kind === 'watch') {
    return changeLast(d, (stage) => ({ ...stage, watchedSince: e.at, watchUntil: e.at + step.for }));
  }
  return d.stages;
}

/** A stage is over with its watch, or with its shift where the plan has no watch after it. */
function endsStage(d: Deployment, step: number): boolean {
  const stage = stageOfStep(d.envelope.plan, step);
  return stage !== undefined && step === (stage.watchStep ?? stage.shiftStep);
}

function endLastStage(
  d: Deployment,
  at: number,
  outcome: NonNullable<StageRecord['outcome']>,
): StageRecord[] {
  return changeLast(d, (stage) => (stage.endedAt === undefined ? { ...stage, endedAt: at, outcome } : stage));
}

function changeLast(d: Deployment, change: (stage: StageRecord) => StageRecord): StageRecord[] {
  const last = d.stages.at(-1);
  return last === undefined ? d.stages : [...d.stages.slice(0, -1), change(last)];
}

function lookedAt(d: Deployment, e: EventOf<'looked'>): Change {
  const missing = e.look.verdict === 'no_data';
  if (d.status === 'verifying' || d.status === 'observing') {
    const since = d.aftermath?.since ?? e.at;
    const noData = missing ? (d.aftermath?.noData ?? 0) + 1 : 0;
    return { aftermath: { since, lastLookAt: e.look.to, lastLook: e.look, judge: e.judge, noData } };
  }
  return {
    stages: changeLast(d, (stage) => ({
      ...stage,
      lastLook: e.look,
      judge: e.judge,
      noData: missing ? stage.noData + 1 : 0,
    })),
  };
}

/** The time it was held does not count as watched; what the rules remember of before is forgotten. */
function goOnWatching(d: Deployment, stage: StageRecord, at: number): StageRecord {
  if (stage.watchUntil === undefined || stage.endedAt !== undefined) return stage;
  const heldFor = d.hold === undefined ? 0 : at - d.hold.at;
  const least = at + LOOKS_AFTER_RESUME * d.safeguards.lookEvery;
  const judge =
    stage.judge === undefined
      ? {}
      : { judge: { ...stage.judge, breaches: stage.judge.breaches.map(() => []) } };
  return { ...stage, ...judge, noData: 0, watchUntil: Math.max(stage.watchUntil + heldFor, least) };
}

function withoutUndefined(deployment: object): Deployment {
  return Object.fromEntries(
    Object.entries(deployment).filter(([, value]) => value !== undefined),
  ) as unknown as Deployment;
}
