/** Freezes that come and go while it waits, and what happens seldom. */

import fc from 'fast-check';
import { NO_CALENDAR } from '../../../src/policy/calendar/blockers.ts';
import { DAY, type Duration, HOUR, MINUTE } from '../../../src/time.ts';
import { OMAR, person, TOM } from '../builders.ts';
import { goWell } from './machines.ts';
import { type Step, tell } from './people.ts';
import { anyReason } from './values.ts';

const frozenFor =
  (lasts: Duration): Step =>
  (world) => {
    const { now } = world;
    const { service } = world.d.terms.envelope;
    const freeze = {
      id: `F-${now}`,
      from: now,
      until: now + lasts,
      services: [service],
      reason: 'Sale',
      by: TOM,
    };
    world.calendar = { ...NO_CALENDAR, freezes: [{ ...freeze, overrides: ['operations'] }] };
    world.wake();
  };

/** A freeze that is lifted before its time. */
const delayedAndCleared: Step = (world) => {
  frozenFor(DAY)(world);
  world.pass(MINUTE);
  world.calendar = NO_CALENDAR;
  world.wake();
};

/** Somebody who may starts in spite of a freeze. */
const overridden: Step = (world) => {
  frozenFor(DAY)(world);
  world.tell({ kind: 'override', reason: 'It cannot wait' }, person(OMAR, 'operations'));
};

/** A freeze begins, or whatever stood in the way is gone; somebody who may starts in spite of it. */
const anyCalendarStep: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom(MINUTE, HOUR, DAY).map(frozenFor),
  fc.constantFrom(delayedAndCleared, overridden),
  anyReason.map((reason) => tell({ kind: 'override', reason }, person(OMAR, 'operations'))),
);

/** Somebody offers another build under its version's name. */
const anotherBuild: Step = (world) => {
  const { service, version } = world.d.terms.envelope;
  world.refusals.push({
    service,
    version,
    digest: `sha256:${String(world.refusals.length).padStart(64, '0')}`,
    sha: 'c0ffee0'.padEnd(40, '0'),
    differs: ['digest'],
    by: 'ci',
    at: world.now,
  });
  world.wake();
};

/** The way back is told again, for as long as nothing comes of it. */
const noWayBackYet: Step = (world) => {
  if (world.d.status !== 'rolling_back' && world.d.rollout !== undefined)
    world.tell({ kind: 'roll_back', why: 'it looks odd' }, person(world.d.terms.details.lead));
  if (world.d.status !== 'rolling_back') return;
  for (const wait of [MINUTE, 6 * MINUTE]) world.pass(wait).shift(50, { stable: world.d.previous });
};

/** A stage is watched for longer. */
const watchedLonger: Step = (world) => {
  goWell(world);
  world.tell({ kind: 'extend', by: 10 * MINUTE, reason: 'so few' }, person(world.d.terms.details.lead));
};

/** A go that nothing comes of for days. */
const goTooOld: Step = (world) => {
  world.sign(person(TOM, 'tech_lead'));
  world.pass(3 * DAY).wake();
};

/** So long that a request which waits for anything is given up. */
const givenUp: Step = (world) => void world.pass(9 * DAY).wake();

export const anySeldomStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: anyCalendarStep },
  { weight: 2, arbitrary: fc.constant(anotherBuild) },
  { weight: 1, arbitrary: fc.constant(noWayBackYet) },
  { weight: 2, arbitrary: fc.constant(watchedLonger) },
  { weight: 3, arbitrary: fc.constant(goTooOld) },
  { weight: 1, arbitrary: fc.constant(givenUp) },
);
