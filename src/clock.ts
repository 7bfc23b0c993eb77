/** The clocks of the running program: the machine's own time, and real time made faster. */

import { type Clock, DAY, type Duration, type Instant, MINUTE, SECOND } from './time.ts';

/** A timer counts no time in which the machine slept or its clock was set: each is looked at again this often. */
const MAX_TIMER: Duration = 5 * SECOND;

/** Real time made faster: `speed` 120 lets two minutes pass in a second. `from` is where it begins. */
export function createFastClock({ speed, from }: { speed: number; from: Instant }): Clock {
  const startedAt = performance.now();
  const now = (): Instant => Math.floor(from + (performance.now() - startedAt) * speed);
  return { now, at: wakingBy(now, speed) };
}

/** Further ahead of the machine's clock than this, time goes back with it: one stamp of a wrong year must not stay for years. */
const MAX_AHEAD: Duration = DAY;
/** So fast time runs, as a part of real time, while the machine's clock has still to catch up with it. */
const SLOWED = 0.5;
/** Jumps of this much are worth a word. */
const STEP: Duration = MINUTE;

export interface WallClock extends Clock {
  /** What is recorded is this late already: time goes on from there, unless that is too far from the machine's clock. */
  notBefore(at: Instant): void;
}

export interface WallClockOptions {
  /** The machine's clock was set, or the machine slept: by so much, backwards where it is under 0. */
  onStep?(by: Duration): void;
}

/**
 * Follows the machine's clock, and never runs backwards for it: where that was set back, time goes on at half speed
 * until it has caught up, so that nothing that waits for a time waits for the whole step (see docs/adr).
 */
export function createClock({ onStep = () => {} }: WallClockOptions = {}): WallClock {
  let time: number = Date.now();
  let countedAt = performance.now();
  let wallBefore: Instant = Date.now();

  function now(): Instant {
    const wall = Date.now();
    const passed = Math.max(performance.now() - countedAt, 0);
    countedAt += passed;
    const step = wall - wallBefore - passed;
    wallBefore = wall;
    time = time - wall > MAX_AHEAD ? wall : Math.max(wall, time + passed * SLOWED);
    if (Math.abs(step) >= STEP) onStep(Math.round(step));
    return Math.floor(time);
  }

  return {
    now,
    at: wakingBy(now, 1),
    notBefore(at) {
      const is = now();
      if (at > is && at - Date.now() <= MAX_AHEAD) time = at;
    },
  };
}

function wakingBy(now: () => Instant, speed: number): Clock['at'] {
  return (at, wake) => {
    let timer: NodeJS.Timeout | undefined;
    const look = (): void => {
      const left = (at - now()) / speed;
      if (left <= 0) wake();
      else timer = setTimeout(look, Math.min(Math.ceil(left), MAX_TIMER));
    };
    timer = setTimeout(look, Math.min(Math.max(Math.ceil((at - now()) / speed), 0), MAX_TIMER));
    return () => clearTimeout(timer);
  };
}
