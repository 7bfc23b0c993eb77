/** "May it start, and if not, what is missing": the pure decision, for many deployments under a full calendar and under none. */

import { blockingSignOffs } from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { EventBody } from '../src/deployment/events.ts';
import { evolve } from '../src/deployment/evolve.ts';
import { isReady, judgeReports, missingBefore } from '../src/deployment/readiness/readiness.ts';
import { envelopeHash } from '../src/deployment/request/envelope.ts';
import { candidateOf } from '../src/deployment/start/waiting.ts';
import { type Blocker, blockersAt, type Calendar, NO_CALENDAR } from '../src/policy/calendar/blockers.ts';
import type { Freeze } from '../src/policy/calendar/freezes.ts';
import type { Window } from '../src/policy/calendar/windows.ts';
import type { GateReport } from '../src/policy/gates.ts';
import { DAYS } from '../src/terms/hours.ts';
import type { PersonRef } from '../src/terms/person.ts';
import { CHECKLIST_GROUPS, type Requirements } from '../src/terms/requirements.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../src/time.ts';
import { fixed, median, printTable, quantile, ratio } from './table.ts';

const DEPLOYMENTS = 10_000;
const FREEZES = 50;
const WINDOWS = 200;
const SERVICES = 40;
const ITEMS = 30;
const GATES = 12;
const ROLES = ['tech_lead', 'security', 'operations', 'product_owner'];
const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Australia/Sydney', 'UTC'];
const ENVIRONMENTS = ['staging', 'production'];
/** Deployments that are timed together: one alone is over before the clock has moved. */
const BATCH = 100;
const ROUNDS = 5;
/** A Monday. */
const NOW: Instant = Date.UTC(2026, 0, 5, 10);
const DANA: PersonRef = { id: 'U0DANA00001', name: 'Dana' };

interface Answer {
  ready: boolean;
  signOffs: number;
  missing: string[];
  blockers: Blocker[];
}

export async function benchPolicy(): Promise<void> {
  const deployments = Array.from({ length: DEPLOYMENTS }, (_, index) => deployment(index));
  const full = calendar();
  // Of zones and windows nothing is remembered yet.
  const took = { first: timed(deployments, full), full: [] as number[], empty: [] as number[] };
  // Both in turn, so that whatever else the machine does meets both.
  for (let round = 0; round < ROUNDS; round += 1) {
    took.full.push(...timed(deployments, full));
    took.empty.push(...timed(deployments, NO_CALENDAR));
  }
  const base = median(took.empty);
  const row = (name: string, times: readonly number[]): string[] => [
    name,
    fixed(median(times), 1),
    fixed(quantile(times, 0.99), 1),
    ratio(median(times), base),
  ];
  const answers = deployments.map((d, index) => answer(d, full, startOf(index)));
  const blocked = answers.filter(({ blockers }) => blockers.length > 0).length;
  const ready = answers.filter((one) => one.ready).length;
  printTable(
    `May it start, and what is missing: ${DEPLOYMENTS} deployments with ${ITEMS} items, ${GATES} gates and ${ROLES.length} sign-offs each; ${ready} have all of it, the calendar stops ${blocked} (Node ${process.versions.node})`,
    ['calendar', 'µs per decision, median', 'p99 of batches', 'to empty'],
    [
      row(`${FREEZES} freezes, ${WINDOWS} windows`, took.full),
      row('the same, for the first time', took.first),
      row('empty', took.empty),
    ],
  );
}

function answer(d: Deployment, calendar: Calendar, at: Instant): Answer {
  return {
    ready: isReady(d),
    signOffs: blockingSignOffs(d).length,
    missing: missingBefore(d, 'start'),
    blockers: blockersAt(calendar, candidateOf(d), at),
  };
}

/** Microseconds per decision, of each batch. */
function timed(deployments: readonly Deployment[], calendar: Calendar): number[] {
  const times: number[] = [];
  for (let first = 0; first < deployments.length; first += BATCH) {
    const batch = deployments.slice(first, first + BATCH);
    const began = performance.now();
    let said = 0;
    batch.forEach((d, index) => {
      said += answer(d, calendar, startOf(first + index)).missing.length;
    });
    times.push(((performance.now() - began) * 1_000) / batch.length);
    if (!Number.isFinite(said)) throw new Error('nothing was decided');
  }
  return times;
}

/** Spread over two weeks, as far as people plan ahead. */
function startOf(index: number): Instant {
  return NOW + (index % 1_009) * 20 * MINUTE;
}

/** Five windows for each service, in five zones; most freezes are of a few services, some stand now. */
function calendar(): Calendar {
  const windows = Array.from({ length: WINDOWS }, (_, index): Window => {
    const days = DAYS.filter((_day, day) => (day + index) % 7 < 4);
    const from = 6 * 60 + (index % 12) * 30;
    const timeZone = ZONES[index % ZONES.length] ?? 'UTC';
    const services = [serviceOf(Math.floor(index / ZONES.length))];
    return { name: `window ${index}`, days, from, to: from + 7 * 60, timeZone, services };
  });
  const freezes = Array.from({ length: FREEZES }, (_, index): Freeze => {
    const from = NOW + (index - 10) * DAY;
    const services = [serviceOf(index), serviceOf(index + 7)];
    return {
      id: `F-${index}`,
      reason: 'stocktaking',
      from,
      until: from + (1 + (index % 3)) * DAY,
      overrides: ['operations'],
      services,
    };
  });
  return { ...NO_CALENDAR, windows, freezes, windowOverrides: ['operations'] };
}

function serviceOf(index: number): string {
  return `service-${index % SERVICES}`;
}

const REQUIREMENTS: Requirements = {
  gates: Array.from({ length: GATES }, (_, index) => ({
    id: `gate_${index}`,
    name: `gate ${index}`,
    rule: index % 2 === 0 ? { kind: 'pass_rate', atLeast: 95 } : { kind: 'passed' },
    before: 'start',
    ...(index % 4 === 0 ? { lasts: 7 * DAY } : {}),
  })),
  checklist: Array.from({ length: ITEMS }, (_, index) => ({
    id: `item_${index}`,
    group: CHECKLIST_GROUPS[index % CHECKLIST_GROUPS.length] ?? 'prerequisites',
    text: `Item ${index} is true`,
    required: true,
    before: 'start',
    ...(index < 10 ? { evidence: { kind: 'gate', gate: `gate_${index}` } } : {}),
    ...(index >= 10 && index < 10 + ROLES.length
      ? { evidence: { kind: 'sign_off', role: ROLES[index - 10] ?? '' } }
      : {}),
  })),
  changeRequest: false,
};

const DETAILS = {
  changeType: 'normal',
  deploymentType: 'feature',
  risk: 'medium',
  database: 'none',
  summary: 'Adds a way to pay',
  lead: DANA,
  onCall: DANA,
  channel: 'C0CHECKOUT2',
} as const;

/** Every third one has all it needs; the others miss a report, a tick or a go. */
function deployment(index: number): Deployment {
  const whole = index % 3 === 0;
  const envelope = {
    service: serviceOf(index),
    environment: ENVIRONMENTS[index % ENVIRONMENTS.length] ?? 'production',
    version: `v1.${index}.0`,
    sha: index.toString(16).padStart(40, '0'),
    digest: 'sha256:aa',
    plan: {
      strategy: 'canary',
      steps: [
        { kind: 'set-weight', percent: 5 } as const,
        { kind: 'watch', for: 30 * MINUTE } as const,
        { kind: 'set-weight', percent: 25 } as const,
        { kind: 'watch', for: HOUR } as const,
        { kind: 'set-weight', percent: 100 } as const,
      ],
    },
    start: { kind: 'when_ready' } as const,
  };
  const hash = envelopeHash({ envelope, details: DETAILS });
  const gates = judgeReports(REQUIREMENTS, envelope, reports(whole ? GATES : index % GATES), NOW);
  const bodies: [EventBody, PersonRef][] = [
    [
      {
        type: 'requested',
        terms: {
          envelope,
          details: DETAILS,
          required: ROLES.map((role) => ({ role, name: role, quorum: 1, asked: [signer(role)] })),
          safeguards: SAFEGUARDS,
          adapters: {
            backend: { name: 'simulator', kind: 'simulator' },
            metrics: { name: 'simulator', kind: 'simulator' },
          },
          contacts: [],
          approval: { when: 'before', leadTime: 0, workdays: { timeZone: 'UTC', holidays: [] } },
          requirements: REQUIREMENTS,
        },
        envelopeHash: hash,

        gates,
        previous: null,
      },
      DANA,
    ],
    ...ROLES.slice(0, whole ? ROLES.length : index % ROLES.length).map((role): [EventBody, PersonRef] => [
      { type: 'signed', role, decision: 'go', envelopeHash: hash },
      signer(role),
    ]),
    ...REQUIREMENTS.checklist
      .slice(10 + ROLES.length, whole ? ITEMS : 14 + (index % 16))
      .map(({ id }): [EventBody, PersonRef] => [{ type: 'item_ticked', item: id }, DANA]),
  ];
  const made = bodies.reduce<Deployment | undefined>(
    (d, [body, by], seq) =>
      evolve(d, { ...body, deployment: `D-${index}`, seq: seq + 1, at: NOW, by: { kind: 'person', ...by } }),
    undefined,
  );
  if (made === undefined) throw new Error('nothing was made');
  return made;
}

function reports(many: number): GateReport[] {
  return REQUIREMENTS.gates.slice(0, many).map(({ id }) => ({
    gate: id,
    status: 'passed',
    tests: { passed: 412, failed: 0, skipped: 3 },
    at: NOW - HOUR,
    by: 'ci',
  }));
}

function signer(role: string): PersonRef {
  return { id: `U0${role.toUpperCase()}`, name: role };
}

const SAFEGUARDS: Deployment['terms']['safeguards'] = {
  judge: { alpha: 0.05, margin: 1.25, minRequests: 300, rules: [] },
  lookEvery: MINUTE,
  holdAfterNoData: 3,
  observeFor: DAY,
  observeEvery: 5 * MINUTE,
  expireAfter: 7 * DAY,
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
};
