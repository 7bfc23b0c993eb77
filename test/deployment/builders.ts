/** Small builders of what a deployment is made of, all about `checkout v2.1.0` in production. */

import type { Observation } from '../../src/backends/port.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { DeploymentEvent, EventBody } from '../../src/deployment/events.ts';
import { evolve } from '../../src/deployment/evolve.ts';
import type { Actor, Decision, Facts, Intent } from '../../src/deployment/intents.ts';
import { envelopeHash } from '../../src/deployment/request/envelope.ts';
import { STEPS } from '../../src/deployment/rollout/steps.ts';
import type { Reading } from '../../src/judge/types.ts';
import type { GateReport } from '../../src/policy/gates.ts';
import type { Approval, RequiredSignOff } from '../../src/terms/approval.ts';
import type { Details } from '../../src/terms/change.ts';
import type { ChangeRequest } from '../../src/terms/change-request.ts';
import type { Envelope } from '../../src/terms/envelope.ts';
import type { By, PersonRef } from '../../src/terms/person.ts';
import type { BackendStepKind, StepKind } from '../../src/terms/plan.ts';
import type { Gate } from '../../src/terms/requirements.ts';
import type { Safeguards } from '../../src/terms/safeguards.ts';
import type { Terms } from '../../src/terms/terms.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../../src/time.ts';

export const T0: Instant = Date.UTC(2026, 0, 5, 10);

export const DANA: PersonRef = { id: 'U-DANA', name: 'Dana' };
export const OMAR: PersonRef = { id: 'U-OMAR', name: 'Omar' };
export const TOM: PersonRef = { id: 'U-TOM', name: 'Tom' };
export const SANA: PersonRef = { id: 'U-SANA', name: 'Sana' };
export const RUTH: PersonRef = { id: 'U-RUTH', name: 'Ruth' };
export const PAUL: PersonRef = { id: 'U-PAUL', name: 'Paul' };

export function person(who: PersonRef, ...roles: string[]): Actor {
  return { kind: 'person', person: who, roles };
}

/** Everybody with the roles the policy gives them: Dana leads, Ruth asked for it, Omar is on call. */
export const dana = person(DANA);
export const ruth = person(RUTH);
export const omar = person(OMAR, 'operations');
export const tom = person(TOM, 'tech_lead');
export const sana = person(SANA, 'security');
export const paul = person(PAUL);
export const clock: Actor = { kind: 'system', name: 'clock' };
export const backend: Actor = { kind: 'system', name: 'backend' };
export const judge: Actor = { kind: 'system', name: 'judge' };

/** 5 % for 30 min, 25 % for an hour, then all of it. */
export function envelope(change: Partial<Envelope> = {}): Envelope {
  return {
    service: 'checkout',
    environment: 'production',
    version: 'v2.1.0',
    sha: '3f9c2e1a0b8d4c6e9f1022334455667788990011',
    digest: 'sha256:aa',
    plan: {
      strategy: 'canary',
      steps: [
        { kind: 'set-weight', percent: 5 },
        { kind: 'watch', for: 30 * MINUTE },
        { kind: 'set-weight', percent: 25 },
        { kind: 'watch', for: HOUR },
        { kind: 'set-weight', percent: 100 },
      ],
    },
    start: { kind: 'when_ready' },
    ...change,
  };
}

export function details(change: Partial<Details> = {}): Details {
  return {
    changeType: 'normal',
    deploymentType: 'feature',
    risk: 'medium',
    database: 'none',
    summary: 'Adds Apple Pay',
    lead: DANA,
    onCall: OMAR,
    channel: 'C-CHECKOUT',
    ...change,
  };
}

export const TECH_LEAD: RequiredSignOff = { role: 'tech_lead', name: 'Tech lead', quorum: 1, asked: [TOM] };
export const SECURITY: RequiredSignOff = {
  role: 'security',
  name: 'Security',
  quorum: 1,
  asked: [SANA, PAUL],
};

export function safeguards(change: Partial<Safeguards> = {}): Safeguards {
  return {
    judge: {
      alpha: 0.05,
      margin: 1.25,
      harm: 2,
      negligible: 0.5,
      criteria: [],
      metrics: [],
      undecided: { usual: 'go_on', last: 'extend' },
      stages: [],
      triggers: [
        rule({ metric: 'errors', over: 5, action: 'roll_back' }),
        rule({ metric: 'p99', over: 900, action: 'hold' }),
      ],
    },
    lookEvery: MINUTE,
    holdAfterNoData: 3,
    observeFor: DAY,
    observeEvery: 5 * MINUTE,
    expireAfter: 7 * DAY,
    rollbackWithin: 15 * MINUTE,
    permissions: {
      promote: ['lead', 'on_call'],
      hold: ['lead', 'on_call', 'tech_lead'],
      resume: ['lead', 'on_call'],
      extend: ['lead', 'on_call'],
      roll_back: ['lead', 'on_call', 'operations'],
      revise: ['lead', 'requester'],
      cancel: ['lead', 'requester'],
      tick: ['any_role', 'lead', 'on_call', 'requester'],
    },
    ...change,
  };
}

type Rule = Safeguards['judge']['triggers'][number];

function rule(about: Pick<Rule, 'metric' | 'over' | 'action'>): Rule {
  return { kind: 'absolute', minSample: 100, breaches: 1, of: 1, ...about };
}

export type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

/** What may be asked for otherwise than usual. */
export type RequestChange = Partial<Terms> & Pick<IntentOf<'request'>, 'reports'>;

export function request({ reports, ...change }: RequestChange = {}): IntentOf<'request'> {
  return { kind: 'request', terms: terms(change), ...(reports && { reports }) };
}

export function terms(change: Partial<Terms> = {}): Terms {
  return {
    envelope: envelope(),
    details: details(),
    required: [TECH_LEAD, SECURITY],
    approval: approval({ when: change.required?.length === 0 ? 'none' : 'before' }),
    safeguards: safeguards(),
    adapters: {
      backend: { name: 'simulator', kind: 'simulator' },
      metrics: { name: 'simulator', kind: 'simulator' },
    },
    requirements: { gates: [], checklist: [], changeRequest: false },
    contacts: [],
    ...change,
  };
}

/** Sign-offs come before the start, and no more is asked. */
export function approval(change: Partial<Approval> = {}): Approval {
  return { when: 'before', leadTime: 0, workdays: { timeZone: 'UTC', holidays: [] }, ...change };
}

/** A backend that takes whatever there is. */
export const ALL_STEPS: ReadonlySet<BackendStepKind> = new Set(
  (Object.keys(STEPS) as StepKind[]).filter((kind): kind is BackendStepKind => STEPS[kind].command),
);

export function facts(actor: Actor, change: Partial<Facts> = {}): Facts {
  return { now: T0, actor, running: 'v2.0.4', mayRequest: true, taken: ALL_STEPS, ...change };
}

export function observation(change: Partial<Observation> = {}): Observation {
  return { at: T0, stable: 'v2.0.4', canary: null, weight: 0, health: 'passing', ...change };
}

/** One window: 1,000 requests to the canary, 1 % errors in both arms unless told otherwise. */
export function reading(
  from: Instant,
  to: Instant,
  canary: { errors?: number; p99?: number; n?: number } = {},
): Reading {
  const n = canary.n ?? 1000;
  return {
    from,
    to,
    metrics: [
      {
        metric: 'errors',
        kind: 'counts',
        baseline: { n: 10_000, x: 100 },
        canary: { n, x: canary.errors ?? Math.round(n / 100) },
      },
      { metric: 'p99', kind: 'values', unit: 'ms', baseline: 300, canary: canary.p99 ?? 305 },
    ],
  };
}

/** A report that passes whatever figure the gate asks for, or misses all but a figure of nothing. */
export function gateReport(
  { id }: Pick<Gate, 'id'>,
  { good = true, ...about }: Partial<GateReport> & { good?: boolean } = {},
): GateReport {
  const found = good ? 0 : 9;
  return {
    gate: id,
    status: good ? 'passed' : 'failed',
    tests: good ? { passed: 40, failed: 0, skipped: 2 } : { passed: 0, failed: 40, skipped: 2 },
    percent: good ? 100 : 0,
    findings: { critical: found, high: found, medium: found, low: found },
    sha: envelope().sha,
    at: T0,
    by: 'ci',
    ...about,
  };
}

export function changeRequest(change: Partial<ChangeRequest> = {}): ChangeRequest {
  return {
    justification: 'People want to pay with it',
    components: 'checkout',
    downtime: 0,
    rollbackTime: 15 * MINUTE,
    risks: [],
    ...change,
  };
}

export function byOf(actor: Actor): By {
  return actor.kind === 'person' ? { kind: 'person', ...actor.person } : { kind: 'system', name: actor.name };
}

export interface Played {
  body: EventBody;
  actor?: Actor;
  at?: Instant;
}

/** State from bodies, one after the other, each a second after the one before unless it says when. */
export function play(...played: (EventBody | Played)[]): Deployment {
  let d: Deployment | undefined;
  let at = T0 - 1000;
  played.forEach((entry, index) => {
    const { body, actor = ruth, ...rest } = 'body' in entry ? entry : { body: entry };
    at = 'at' in rest && rest.at !== undefined ? rest.at : at + 1000;
    d = evolve(d, eventOf(body, { seq: index + 1, at, actor }));
  });
  if (d === undefined) throw new Error('nothing was played');
  return d;
}

export function eventOf(
  body: EventBody,
  { seq, at, actor, deployment = 'D-1' }: { seq: number; at: Instant; actor: Actor; deployment?: string },
): DeploymentEvent {
  return { ...body, deployment, seq, at, by: byOf(actor) };
}

export function requested(change: Partial<Terms> = {}): Extract<EventBody, { type: 'requested' }> {
  const { terms } = request(change);
  return {
    type: 'requested',
    terms,
    envelopeHash: envelopeHash(terms),
    gates: {},
    previous: 'v2.0.4',
  };
}

/** What was decided, in one line: `accepted signed scheduled`, `refused stale`, `unchanged`. */
export function inShort(decision: Decision): string {
  switch (decision.kind) {
    case 'accepted':
      return ['accepted', ...decision.events.map(({ type }) => type)].join(' ');
    case 'refused':
      return [`refused ${decision.code}`, ...(decision.remark ? [`+ ${decision.remark.type}`] : [])].join(
        ' ',
      );
    case 'unchanged':
      return 'unchanged';
  }
}
