/** The program's own clock: it follows the machine's, through steps and sleep, and never runs backwards. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClock } from '../../src/clock.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/time.ts';

const START = Date.UTC(2026, 0, 5, 10);

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The machine's clock is set, or goes on after a sleep in which no timer ran. */
const step = (by: number): void => void vi.setSystemTime(Date.now() + by);

describe('the clock', () => {
  it('OP-3: follows the machine where its clock is set an hour ahead, or where it slept', () => {
    const clock = createClock();
    step(HOUR);
    expect(clock.now()).toBe(START + HOUR);
    vi.advanceTimersByTime(10 * SECOND);
    expect(clock.now()).toBe(START + HOUR + 10 * SECOND);
  });

  it('OP-3: wakes within seconds what became due in a sleep', () => {
    const clock = createClock();
    const woken: number[] = [];
    clock.at(START + 30 * MINUTE, () => woken.push(clock.now()));
    vi.advanceTimersByTime(MINUTE);
    step(8 * HOUR);
    expect(woken).toEqual([]);
    vi.advanceTimersByTime(5 * SECOND);
    expect(woken).toHaveLength(1);
  });

  it('OP-3: never runs backwards where the machine is set back, and goes on at half speed until it has caught up', () => {
    const clock = createClock();
    let before = clock.now();
    step(-HOUR);
    for (let minute = 0; minute < 180; minute += 1) {
      vi.advanceTimersByTime(MINUTE);
      const now = clock.now();
      expect(now - before).toBeGreaterThanOrEqual(30 * SECOND - 1);
      before = now;
    }
    expect(before).toBe(Date.now());
  });

  it('OP-3: a watch that waits for a time waits no longer than twice as long', () => {
    const clock = createClock();
    const woken: number[] = [];
    clock.at(START + 10 * MINUTE, () => woken.push(1));
    step(-HOUR);
    vi.advanceTimersByTime(20 * MINUTE + 5 * SECOND);
    expect(woken).toEqual([1]);
  });

  it('goes on after what is recorded, where that is not too far from the machine', () => {
    const clock = createClock();
    clock.notBefore(START + HOUR);
    expect(clock.now()).toBe(START + HOUR);
    clock.notBefore(START);
    expect(clock.now()).toBeGreaterThanOrEqual(START + HOUR);
  });

  it('is not frozen by one stamp of a wrong year, nor by a clock that was in it for a while', () => {
    const clock = createClock();
    clock.notBefore(START + 365 * DAY);
    expect(clock.now()).toBe(START);
    step(365 * DAY);
    clock.now();
    step(-365 * DAY);
    expect(clock.now()).toBe(START);
  });

  it('says how far it was set, and nothing of the time that passes', () => {
    const steps: number[] = [];
    const clock = createClock({ onStep: (by) => steps.push(by) });
    vi.advanceTimersByTime(DAY);
    clock.now();
    step(2 * HOUR);
    clock.now();
    step(-HOUR);
    clock.now();
    clock.now();
    expect(steps).toEqual([2 * HOUR, -HOUR]);
  });

  it('wakes nobody who does not want it any more', () => {
    const clock = createClock();
    const woken: number[] = [];
    const takeBack = clock.at(START + SECOND, () => woken.push(1));
    takeBack();
    vi.advanceTimersByTime(MINUTE);
    expect(woken).toEqual([]);
  });
});
