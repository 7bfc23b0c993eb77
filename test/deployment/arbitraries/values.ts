/** People, times, plans and what a backend shows, drawn at random. */

import fc from 'fast-check';
import type { Observation } from '../../../src/backends/port.ts';
import type { Actor } from '../../../src/deployment/intents.ts';
import type { Envelope } from '../../../src/terms/envelope.ts';
import { DAY, type Duration, HOUR, MINUTE, SECOND } from '../../../src/time.ts';
import { backend, clock, DANA, envelope, judge, OMAR, PAUL, RUTH, SANA, TOM } from '../builders.ts';

export const PEOPLE = [DANA, OMAR, TOM, SANA, RUTH, PAUL];

export const ROLES = ['tech_lead', 'security', 'operations'];

const anyPerson: fc.Arbitrary<Actor> = fc.record({
  kind: fc.constant('person' as const),
  person: fc.constantFrom(...PEOPLE),
  roles: fc.subarray(ROLES),
});

/** Mostly who may do it, so that stories get somewhere. */
export const anyActor: fc.Arbitrary<Actor> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Actor>({ kind: 'person', person: DANA, roles: [] }) },
  { weight: 4, arbitrary: anyPerson },
  { weight: 1, arbitrary: fc.constantFrom(clock, backend, judge) },
);

export const anySigner: fc.Arbitrary<Actor> = fc.oneof(
  fc.constantFrom<Actor>(
    { kind: 'person', person: TOM, roles: ['tech_lead'] },
    { kind: 'person', person: SANA, roles: ['security', 'operations'] },
    { kind: 'person', person: PAUL, roles: ['security', 'operations'] },
  ),
  anyPerson,
);

/** Each is another commit. */
export const VERSIONS = ['v2.1.0', 'v2.1.1', 'v2.0.4'];

export const SHAS: Record<string, string> = {
  'v2.1.0': envelope().sha,
  'v2.1.1': '8b1d0c7f2e3a4958677685940312bacddcabef01',
  'v2.0.4': '1c0ffee1c0ffee1c0ffee1c0ffee1c0ffee1c0ff',
};

export const PLANS: Envelope['plan'][] = [
  envelope().plan,
  { strategy: 'all-at-once', steps: [{ kind: 'set-weight', percent: 100 }] },
  {
    strategy: 'blue-green',
    steps: [
      { kind: 'stand-up' },
      { kind: 'set-weight', percent: 50 },
      { kind: 'watch', for: 90 * SECOND },
      { kind: 'set-weight', percent: 100 },
      { kind: 'retire-old' },
    ],
  },
  {
    strategy: 'rolling',
    steps: [
      { kind: 'batch', number: 1, of: 2 },
      { kind: 'watch', for: 90 * SECOND },
      { kind: 'batch', number: 2, of: 2 },
    ],
  },
  {
    strategy: 'short',
    steps: [
      { kind: 'set-weight', percent: 50 },
      { kind: 'set-weight', percent: 75 },
      { kind: 'watch', for: 90 * SECOND },
      { kind: 'set-weight', percent: 100 },
      { kind: 'watch', for: 5 * MINUTE },
    ],
  },
];

export const anyTime: fc.Arbitrary<Duration> = fc.oneof(
  fc.integer({ min: 0, max: 2000 }),
  fc.integer({ min: 0, max: 10 * MINUTE }),
  fc.constantFrom(SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, HOUR, DAY, 8 * DAY),
);

export const anyObservation = fc.record({
  stable: fc.constantFrom('v2.0.4', 'v2.1.0', 'v2.1.1', 'v9', null),
  canary: fc.constantFrom('v2.1.0', 'v2.1.1', 'v9', null),
  standby: fc.constantFrom(null, null, 'v2.1.0', 'v2.0.4'),
  weight: fc.constantFrom(0, 5, 25, 50, 75, 100),
  health: fc.constantFrom<Observation['health']>('passing', 'failing', 'unknown'),
  ago: fc.constantFrom(0, 0, 0, 1, MINUTE),
});

export const anyReason = fc.constantFrom('', ' ', 'because', 'because');

export const nth = <T>(all: readonly T[], index: number): T | undefined =>
  all[index % Math.max(1, all.length)];
