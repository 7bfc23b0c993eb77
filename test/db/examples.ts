/** Deployments and commits as the core would make them, for tests of what keeps them. */

import type { Commit } from '../../src/conductor/ports/event-store.ts';
import { defined } from '../../src/defined.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { Effect } from '../../src/deployment/effects.ts';
import type { EventBody } from '../../src/deployment/events.ts';
import { evolve } from '../../src/deployment/evolve.ts';
import { envelopeHash } from '../../src/deployment/request/envelope.ts';
import type { Approval, RequiredSignOff } from '../../src/terms/approval.ts';
import type { By, PersonRef } from '../../src/terms/person.ts';
import type { Terms } from '../../src/terms/terms.ts';
import { type Instant, MINUTE } from '../../src/time.ts';

export const T0: Instant = Date.UTC(2026, 0, 5, 13);

export const DANA: PersonRef = { id: 'U0DANA', name: 'Dana' };
export const TOM: PersonRef = { id: 'U0TOM', name: 'Tom' };
export const SANA: PersonRef = { id: 'U0SANA', name: 'Sana' };
export const OMAR: PersonRef = { id: 'U0OMAR', name: 'Omar' };

export interface RequestParts {
  service?: string;
  environment?: string;
  version?: string;
  required?: RequiredSignOff[];
  approval?: Approval;
  requester?: PersonRef;
  lead?: PersonRef;
}

export function requestedBody(parts: RequestParts = {}): Extract<EventBody, { type: 'requested' }> {
  const envelope = {
    service: parts.service ?? 'checkout',
    environment: parts.environment ?? 'production',
    version: parts.version ?? 'v2.1.0',
    sha: 'a'.repeat(40),
    digest: `sha256:${'b'.repeat(64)}`,
    plan: {
      strategy: 'canary',
      steps: [
        { kind: 'set-weight' as const, percent: 5 },
        { kind: 'watch' as const, for: 30 * MINUTE },
        { kind: 'set-weight' as const, percent: 100 },
      ],
    },
    start: { kind: 'when_ready' as const },
  };
  const terms: Terms = {
    adapters: {
      backend: { name: 'simulator', kind: 'simulator' },
      metrics: { name: 'simulator', kind: 'simulator' },
    },
    contacts: [],
    approval: parts.approval ?? { when: 'before', leadTime: 0, workdays: { timeZone: 'UTC', holidays: [] } },
    requirements: { gates: [], checklist: [], changeRequest: false },
    envelope,
    details: {
      changeType: 'normal',
      deploymentType: 'feature',
      risk: 'medium',
      database: 'none',
      summary: 'Faster basket',
      lead: parts.lead ?? DANA,
      onCall: OMAR,
      channel: 'C0DEPLOYS',
    },
    required: parts.required ?? [{ role: 'tech_lead', name: 'Tech lead', quorum: 1, asked: [TOM] }],
    safeguards: {
      judge: {
        alpha: 0.05,
        margin: 1.25,
        harm: 2,
        negligible: 0.5,
        criteria: [],
        triggers: [],
        metrics: [],
        undecided: { usual: 'go_on', last: 'extend' },
        stages: [],
      },
      lookEvery: MINUTE,
      holdAfterNoData: 3,
      observeFor: 60 * MINUTE,
      observeEvery: MINUTE,
      expireAfter: 24 * 60 * MINUTE,
      rollbackWithin: 15 * MINUTE,
      permissions: {
        promote: [],
        hold: [],
        resume: [],
        extend: [],
        roll_back: [],
        revise: [],
        cancel: [],
        tick: [],
      },
    },
  };
  return {
    type: 'requested',
    terms,
    envelopeHash: envelopeHash(terms),
    gates: {},
    previous: 'v2.0.0',
  };
}

export interface CommitParts {
  at?: Instant;
  by?: PersonRef;
  effects?: Effect[];
  wakeAt?: Instant | null;
  inboxKey?: string;
}

/** What the conductor would commit after deciding these events on that state. */
export function commitOf(
  before: Deployment | string,
  events: readonly EventBody[],
  parts: CommitParts = {},
): Commit {
  const at = parts.at ?? T0;
  const by: By = { kind: 'person', ...(parts.by ?? DANA) };
  const deployment = typeof before === 'string' ? before : before.id;
  let after = typeof before === 'string' ? undefined : before;
  for (const body of events) {
    after = evolve(after, { ...body, deployment, seq: (after?.seq ?? 0) + 1, at, by });
  }
  if (after === undefined) throw new Error('a commit needs an event');
  return {
    after,
    events,
    at,
    by,
    effects: parts.effects ?? [],
    wakeAt: parts.wakeAt ?? null,
    ...defined({ inboxKey: parts.inboxKey }),
  };
}

export function requestOf(id: string, parts: RequestParts & CommitParts = {}): Commit {
  return commitOf(id, [requestedBody(parts)], { by: parts.requester ?? DANA, ...parts });
}

export const REMARK: EventBody = {
  type: 'attempt_refused',
  attempt: 'sign as security',
  code: 'not_your_role',
};
export const STARTED: EventBody = { type: 'started', previous: 'v2.0.0' };
export const SCHEDULED: EventBody = { type: 'scheduled', startAt: T0 };
export const CANCELLED: EventBody = { type: 'cancelled', reason: 'not today' };

export function goOf(deployment: Deployment, role: string): EventBody {
  return { type: 'signed', role, decision: 'go', envelopeHash: deployment.envelopeHash };
}

export const LOOKED: Extract<EventBody, { type: 'looked' }> = {
  type: 'looked',
  look: {
    number: 1,
    from: T0,
    to: T0 + MINUTE,
    verdict: 'undecided',
    because: 'too few requests',
    metrics: [],
    sample: 7,
  },
  judge: {
    stage: 1,
    looks: 1,
    noDataLooks: 0,
    until: 0,
    counts: {},
    values: {},
    totals: {},
    means: {},
    windows: {},
  },
  digest: 'd',
};
