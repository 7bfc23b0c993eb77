/** Deployments in every status, made from events as the core makes them. */

import type { Deployment } from '../../src/deployment/deployment.ts';
import type { DeploymentEvent, EventBody } from '../../src/deployment/events.ts';
import { evolve } from '../../src/deployment/evolve.ts';
import type { Status } from '../../src/deployment/lifecycle.ts';
import type { GateResult } from '../../src/deployment/readiness/state.ts';
import type { JudgeState, Look, MetricLook } from '../../src/judge/types.ts';
import type { RequiredSignOff } from '../../src/terms/approval.ts';
import type { Details } from '../../src/terms/change.ts';
import type { Changes } from '../../src/terms/changes.ts';
import type { ContractTerms } from '../../src/terms/contract.ts';
import type { By } from '../../src/terms/person.ts';
import type { Plan } from '../../src/terms/plan.ts';
import type { Requirements } from '../../src/terms/requirements.ts';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../src/time.ts';

export const DANA = { id: 'U0DANA00001', name: 'Dana' };
export const TOM = { id: 'U0TOM000001', name: 'Tom' };
export const SANA = { id: 'U0SANA00001', name: 'Sana' };
export const OMAR = { id: 'U0OMAR00001', name: 'Omar' };

/** 2026-01-05 13:00 UTC, a Monday. */
export const T0: Instant = Date.UTC(2026, 0, 5, 13);

export const CANARY: Plan = {
  strategy: 'canary',
  steps: [
    { kind: 'set-weight', percent: 5 },
    { kind: 'watch', for: 30 * MINUTE },
    { kind: 'set-weight', percent: 25 },
    { kind: 'watch', for: HOUR },
    { kind: 'set-weight', percent: 75 },
    { kind: 'watch', for: 2 * HOUR },
    { kind: 'set-weight', percent: 100 },
  ],
};

export const THREE_ROLES: RequiredSignOff[] = [
  { role: 'tech_lead', name: 'Tech lead', quorum: 1, asked: [TOM] },
  { role: 'security', name: 'Security', quorum: 1, asked: [SANA] },
  { role: 'operations', name: 'Operations', quorum: 1, asked: [OMAR] },
];

const NO_JUDGE: JudgeState = {
  stage: 1,
  looks: 0,
  noDataLooks: 0,
  until: 0,
  counts: {},
  values: {},
  totals: {},
  means: {},
  windows: {},
};

export const METRIC_LOOKS: MetricLook[] = [
  {
    metric: 'errors',
    kind: 'counts',
    unit: '%',
    baseline: 0.21,
    canary: 0.19,
    last: { baseline: 0.2, canary: 0.17 },
    ratio: 0.9,
    interval: [0.6, 1.3],
    evidence: 0.1,
    verdict: 'pass',
  },
  {
    metric: 'p50',
    kind: 'values',
    unit: 'ms',
    baseline: 84,
    canary: 85,
    last: { baseline: 84, canary: 85 },
    verdict: 'pass',
  },
  {
    metric: 'p99',
    kind: 'values',
    unit: 'ms',
    baseline: 310,
    canary: 322,
    last: { baseline: 310, canary: 322 },
    ratio: 1.04,
    interval: [0.98, 1.09],
    verdict: 'undecided',
  },
  {
    metric: 'cpu',
    kind: 'values',
    unit: '%',
    baseline: 45,
    canary: 47,
    last: { baseline: 45, canary: 47 },
    verdict: 'pass',
  },
  {
    metric: 'queue_depth',
    kind: 'values',
    unit: '',
    baseline: 12,
    canary: null,
    last: { baseline: 12, canary: null },
    verdict: 'no_data',
  },
];

export function lookAt(to: Instant, more: Partial<Look> = {}): Look {
  return {
    number: 1,
    from: to - MINUTE,
    to,
    verdict: 'undecided',
    because: 'errors 0.9× baseline, 9 : 1 that it is no worse',
    metrics: METRIC_LOOKS,
    sample: 4812,
    decidesIn: 11 * MINUTE,
    ...more,
  };
}

export interface Settings {
  id: string;
  service: string;
  version: string;
  environment: string;
  previous: string | null;
  plan: Plan;
  required: RequiredSignOff[];
  details: Partial<Details>;
  startAt?: Instant;
  /** What people typed: reasons of every kind. */
  reason: string;
  /** Stages reached while it rolls out. */
  stages: number;
  look?: Partial<Look> | undefined;
  trouble?: string;
  requirements?: Requirements;
  contract?: ContractTerms;
  /** Between what ran and this version. */
  changed?: Omit<Changes, 'to'>;
  gates?: Record<string, GateResult>;
  /** Items that Tom ticks before anything else happens. */
  ticks?: { item: string; role?: string; note?: string }[];
  /** Roles that have said go while it is preparing. */
  goes: number;
  by: By;
}

const PLAIN: Settings = {
  id: 'D-1042',
  service: 'checkout',
  version: 'v2.1.0',
  environment: 'production',
  previous: 'v2.0.4',
  plan: CANARY,
  required: THREE_ROLES,
  details: {},
  reason: 'p99 is climbing',
  stages: 2,
  look: {},
  goes: 1,
  by: { kind: 'person', ...TOM },
};

type Happening = { body: EventBody; by?: By; after?: number };

/** The deployment, and every event that made it. */
export function historyOf(
  status: Status,
  changes: Partial<Settings> = {},
): { deployment: Deployment; events: DeploymentEvent[] } {
  const settings = { ...PLAIN, ...changes };
  let at = T0;
  let deployment: Deployment | undefined;
  const events: DeploymentEvent[] = [];
  const clock: By = { kind: 'system', name: 'clock' };
  for (const { body, by = clock, after = MINUTE } of happenings(status, settings)) {
    at += after;
    const event: DeploymentEvent = { ...body, deployment: settings.id, seq: events.length + 1, at, by };
    deployment = evolve(deployment, event);
    events.push(event);
  }
  if (!deployment) throw new Error(`no history for ${status}`);
  return { deployment, events };
}

export function deploymentIn(status: Status, changes: Partial<Settings> = {}): Deployment {
  return historyOf(status, changes).deployment;
}

function happenings(status: Status, s: Settings): Happening[] {
  const asked = requested(s);
  const request = [asked, ...ticked(s)];
  const preparing = [...request, ...goes(s, s.goes)];
  const scheduled = [
    ...request,
    ...goes(s, s.required.length),
    { body: { type: 'scheduled', startAt: s.startAt ?? T0 + HOUR } } as const,
  ];
  const rolling = [...scheduled, ...rollout(s, s.stages)];
  const done = [
    ...scheduled,
    ...rollout(s, Number.POSITIVE_INFINITY),
    { body: { type: 'verification_started' } } as const,
  ];
  const observing: Happening[] = [...done, { body: { type: 'verified' }, after: 20 * SECOND }, ...looked(s)];
  const back: Happening[] = [
    ...rolling,
    { body: { type: 'rollback_started', to: s.previous, why: s.reason }, by: s.by },
  ];
  const watching: Happening[] = [
    watchedRequest(s),
    { body: { type: 'watch_started', previous: s.previous, percent: 25 } },
    { body: { type: 'watch_warned', because: s.reason } },
  ];
  const byPerson: By = { kind: 'person', ...SANA };
  const ends: Record<Status, Happening[]> = {
    preparing,
    scheduled: [...scheduled, ...trouble(s)],
    rolling_out: [...rolling, ...looked(s), ...trouble(s)],
    held: [...rolling, ...looked(s), { body: { type: 'held', reason: s.reason }, by: s.by }],
    verifying: [...done, ...trouble(s)],
    observing,
    handed_over: [...observing, { body: { type: 'handed_over' }, after: DAY }],
    rolling_back: [...back, ...trouble(s)],
    rolled_back: [...back, { body: { type: 'rolled_back' }, after: 11 * SECOND }],
    failed: [...back, { body: { type: 'rollback_failed', reason: s.reason } }],
    rejected: [...preparing, { body: { type: 'rejected', reason: s.reason }, by: byPerson }],
    expired: [
      ...preparing,
      { body: { type: 'expired', reason: 'its sign-offs did not come in time' }, after: DAY },
    ],
    cancelled: [
      ...preparing,
      { body: { type: 'cancelled', reason: s.reason }, by: { kind: 'person', ...DANA } },
    ],
    watched_only: watching,
    watch_over: [
      ...watching,
      { body: { type: 'watch_moved', percent: 100 }, after: HOUR },
      { body: { type: 'watch_ended', how: 'observed', reason: s.reason }, after: DAY },
    ],
  };
  return ends[status];
}

/** Seen at a backend that somebody else conducts. */
function watchedRequest(s: Settings): Happening {
  const { body } = requested(s);
  if (body.type !== 'requested') throw new Error('a deployment begins with its request');
  const terms = { ...body.terms, required: [], watched: { by: 'backend' as const, reporter: 'production' } };
  return { body: { ...body, terms } };
}

function requested(s: Settings): Happening {
  return {
    by: { kind: 'person', ...DANA },
    body: {
      type: 'requested',
      terms: {
        envelope: {
          service: s.service,
          environment: s.environment,
          version: s.version,
          sha: '3f9c2e1'.padEnd(40, '0'),
          digest: `sha256:${'a'.repeat(64)}`,
          plan: s.plan,
          start: s.startAt === undefined ? { kind: 'when_ready' } : { kind: 'at', at: s.startAt },
        },
        details: {
          changeType: 'normal',
          deploymentType: 'feature',
          risk: 'medium',
          database: 'additive',
          summary: 'Adds Apple Pay.',
          lead: DANA,
          onCall: OMAR,
          channel: 'C0CHECKOUT1',
          ...s.details,
        },
        required: s.required,
        adapters: {
          backend: { name: 'simulator', kind: 'simulator' },
          metrics: { name: 'simulator', kind: 'simulator' },
        },
        contacts: [],
        approval: { when: 'before', leadTime: 0, workdays: { timeZone: 'UTC', holidays: [] } },
        requirements: s.requirements ?? { gates: [], checklist: [], changeRequest: false },
        ...(s.contract && { contract: s.contract }),
        ...(s.changed && { changes: { ...s.changed, to: s.version } }),
        safeguards: {
          judge: {
            alpha: 0.05,
            margin: 1.25,
            harm: 2,
            criteria: [],
            triggers: [],
            metrics: [],
            undecided: { usual: 'go_on', last: 'extend' },
            stages: [],
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
        },
      },
      envelopeHash: 'c0ffee'.padEnd(64, '0'),
      previous: s.previous,
      gates: s.gates ?? {},
    },
  };
}

/** One that is rolled back, with so much of the traffic left on the new version. */
export function moved(d: Deployment, percent: number): Deployment {
  return evolve(d, movedBack(d, percent));
}

export function movedBack(d: Deployment, percent: number): DeploymentEvent {
  const by = { kind: 'system', name: 'backend' } as const;
  return { type: 'rollback_moved', percent, deployment: d.id, seq: d.seq + 1, at: T0 + 4 * HOUR, by };
}

function ticked({ ticks = [] }: Settings): Happening[] {
  return ticks.map((tick) => ({ by: { kind: 'person', ...TOM }, body: { type: 'item_ticked', ...tick } }));
}

function goes(s: Settings, roles: number): Happening[] {
  return s.required.slice(0, roles).flatMap((required) =>
    required.asked.slice(0, required.quorum).map(
      (person): Happening => ({
        by: { kind: 'person', ...person },
        body: { type: 'signed', role: required.role, decision: 'go', envelopeHash: 'c0ffee'.padEnd(64, '0') },
      }),
    ),
  );
}

/** From the start to the watch of the last of these stages, or over the whole plan. */
function rollout(s: Settings, stages: number): Happening[] {
  const steps: Happening[] = [{ body: { type: 'started', previous: s.previous } }];
  let reached = 0;
  for (const [index, step] of s.plan.steps.entries()) {
    if (step.kind === 'set-weight' && ++reached > stages) return steps.slice(0, -1);
    steps.push({ body: { type: 'step_started', step: index }, after: SECOND });
    const took = step.kind === 'watch' ? step.for : 5 * SECOND;
    steps.push({
      body: { type: 'step_completed', step: index },
      by: { kind: 'system', name: 'backend' },
      after: took,
    });
  }
  return reached >= stages ? steps.slice(0, -1) : steps;
}

function looked(s: Settings): Happening[] {
  if (s.look === undefined) return [];
  return [
    {
      by: { kind: 'system', name: 'judge' },
      body: { type: 'looked', look: lookAt(T0 + 3 * HOUR, s.look), judge: NO_JUDGE, digest: 'd' },
    },
  ];
}

function trouble(s: Settings): Happening[] {
  if (s.trouble === undefined) return [];
  return [
    {
      by: { kind: 'system', name: 'backend' },
      body: { type: 'backend_troubled', doing: 'observe', message: s.trouble },
    },
  ];
}
