/** How long the event loop is held: the longest time between two of its turns while something is done. */

import { setImmediate as nextTurn } from 'node:timers/promises';

/** In milliseconds. */
export interface Hold {
  /** By the clock: what else the machine had to do counts too. */
  clock: number;
  /** Of the processors: the same on cores with nothing else to do, and a little more where threads help. */
  cpu: number;
}

/** `work` may do all of it at once, or give way in between. */
export async function longestHold(work: () => unknown): Promise<Hold> {
  let [last, used] = [performance.now(), cpuTime()];
  const longest: Hold = { clock: 0, cpu: 0 };
  const beat = (): void => {
    const [now, usedNow] = [performance.now(), cpuTime()];
    longest.clock = Math.max(longest.clock, now - last);
    longest.cpu = Math.max(longest.cpu, usedNow - used);
    [last, used] = [now, usedNow];
  };
  let next = setImmediate(function again() {
    beat();
    next = setImmediate(again);
  });
  await nextTurn();
  beat();
  Object.assign(longest, { clock: 0, cpu: 0 });
  await work();
  beat();
  clearImmediate(next);
  return longest;
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
