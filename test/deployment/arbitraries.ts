/** Random stories: what people, the backend, the metrics and the clock may bring, in any order. */

import fc from 'fast-check';
import { defined } from '../../src/defined.ts';
import { requirementsFor } from '../../src/policy/requirements.ts';
import type { Approval, RequiredSignOff } from '../../src/terms/approval.ts';
import type { Envelope } from '../../src/terms/envelope.ts';
import type { Requirements } from '../../src/terms/requirements.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { anyChange, anyParts, PLACE, policyOf } from '../policy/arbitrary-policies.ts';
import { anySeldomStep } from './arbitraries/calendar.ts';
import { anyMachineStep, goBadly, goWell, TESTED } from './arbitraries/machines.ts';
import { anyPersonStep, type Step } from './arbitraries/people.ts';
import { anyReadinessStep } from './arbitraries/readiness.ts';
import { anyTime, PLANS } from './arbitraries/values.ts';
import { details, envelope, OMAR, request, SECURITY, safeguards, TECH_LEAD } from './builders.ts';

export interface Story {
  asked: ReturnType<typeof request>;
  steps: Step[];
}

const anyRequired: fc.Arbitrary<RequiredSignOff[]> = fc.constantFrom(
  [TECH_LEAD, SECURITY],
  [{ ...SECURITY, quorum: 2 }],
  [],
);

const workdays = { timeZone: 'Europe/Berlin', holidays: [], hours: { from: '09:00', to: '17:00' } };

const care = {
  goLasts: 2 * DAY,
  remindAfter: HOUR,
  escalateAfter: 3 * HOUR,
  escalateTo: { role: 'operations', name: 'Operations', people: [OMAR] },
};

/** Mostly as it was before there were change types. */
const APPROVALS: (Approval | undefined)[] = [
  undefined,
  undefined,
  undefined,
  { when: 'before', leadTime: 0, workdays, ...care },
  { when: 'before', leadTime: 0, workdays, ...care },
  {
    when: 'afterwards',
    leadTime: 0,
    workdays,
    ...care,
    owed: { within: DAY, remindEvery: HOUR, documentation: true },
  },
];

const DAYS_OLD = { id: 'scale', name: 'scale of staging', rule: { kind: 'percent', atLeast: 20 } } as const;

/** One of every kind: figures, ages, roles, what machines tick, and what comes before the hand-over. */
const EVERY_KIND: Requirements = {
  gates: [
    { id: 'tests', name: 'tests', rule: { kind: 'pass_rate', atLeast: 95 }, before: 'start' },
    {
      id: 'scan',
      name: 'scan',
      rule: { kind: 'findings', atMost: { high: 0 } },
      lasts: HOUR,
      before: 'start',
    },
    { id: 'smoke', name: 'smoke', rule: { kind: 'passed' }, before: 'hand_over' },
    { ...DAYS_OLD, lasts: DAY, before: 'evidence' },
  ],
  checklist: [
    { id: 'notes', text: 'Notes', group: 'documentation', required: true, before: 'start', lasts: 2 * HOUR },
    {
      id: 'scale',
      text: 'Scale',
      group: 'prerequisites',
      required: true,
      before: 'start',
      evidence: { kind: 'gate', gate: 'scale' },
    },
    {
      id: 'briefed',
      text: 'Briefed',
      group: 'approvals',
      required: true,
      before: 'start',
      roles: [
        { role: 'tech_lead', name: 'Tech lead' },
        { role: 'operations', name: 'Operations' },
      ],
    },
    {
      id: 'security',
      text: 'Security',
      group: 'approvals',
      required: true,
      before: 'start',
      evidence: { kind: 'sign_off', role: 'security' },
    },
    { id: 'extra', text: 'Extra', group: 'artifacts', required: false, before: 'start' },
    { id: 'runbook', text: 'Runbook', group: 'documentation', required: true, before: 'hand_over' },
  ],
  changeRequest: true,
};

/** Often none, so that stories get far; else one of every kind, or whatever a random policy comes to. */
const anyRequirements: fc.Arbitrary<Requirements | undefined> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.constant(EVERY_KIND) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyParts, anyChange)
      .map(([parts, change]) => requirementsFor(policyOf(parts), PLACE, change)),
  },
);

const PAGING = { notifiers: [{ name: 'ops', kind: 'log' }], after: 5 * MINUTE };

const OVERRUN = { grace: MINUTE, escalateAfter: HOUR };

export const anyStory: fc.Arbitrary<Story> = fc.record({
  asked: fc
    .record({
      required: anyRequired,
      plan: fc.constantFrom(...PLANS),
      start: fc.constantFrom<Envelope['start'][]>(
        { kind: 'when_ready' },
        { kind: 'at', at: Date.UTC(2026, 0, 5, 11) },
        { kind: 'at', at: Date.UTC(2026, 0, 6, 11) },
      ),
      open: fc.boolean(),
      approval: fc.constantFrom(...APPROVALS),
      requirements: anyRequirements,
      smoke: fc.constantFrom(undefined, TESTED),
      paging: fc.constantFrom(undefined, PAGING),
    })
    .map(({ required, plan, start, open, approval, requirements, smoke, paging }) => {
      const { permissions, ...rest } = safeguards();
      const everyone = Object.fromEntries(Object.keys(permissions).map((action) => [action, ['anyone']]));
      return request({
        required,
        // Who asks for an approval names somebody to give it.
        ...(approval === undefined || required.length === 0 ? {} : { approval }),
        ...defined({ requirements, smoke, paging }),
        envelope: envelope({ plan, start }),
        details: details(),
        // Half of them are watched for taking too long.
        safeguards: open
          ? {
              ...rest,
              overrun: OVERRUN,
              allClearAfter: HOUR,
              reviewWithin: 2 * DAY,
              permissions: { ...permissions, ...everyone },
            }
          : { ...rest, permissions },
      });
    }),
  steps: fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constant(goWell) },
      { weight: 1, arbitrary: fc.constant(goBadly) },
      { weight: 4, arbitrary: anyPersonStep },
      { weight: 3, arbitrary: anyMachineStep },
      { weight: 2, arbitrary: anyReadinessStep },
      { weight: 2, arbitrary: anySeldomStep },
      {
        weight: 2,
        arbitrary: anyTime.map(
          (time): Step =>
            (world) =>
              void world.pass(time),
        ),
      },
    ),
    { maxLength: 40, size: 'max' },
  ),
});
