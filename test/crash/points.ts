/** Where the bot ends itself: at each named point once, wherever another process would go on from what none did before. */

import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Instant } from '../../src/time.ts';
import { watchOutside } from './outside.ts';

export interface Reached {
  point: string;
  /** What was left behind there. */
  left: string;
  at: Instant;
  /** `same`: an earlier end had left the same behind at the same time; `alike`: a further one of many. */
  what: 'ended' | 'same' | 'alike';
}

const fileIn = (folder: string): string => join(folder, 'points');
export const deedsIn = (folder: string): string => join(folder, 'deeds');

/** In order. */
export function reachedIn(folder: string): Reached[] {
  const file = fileIn(folder);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Reached);
}

export const isEnd = ({ what }: Reached): boolean => what === 'ended';

/** What is called at each point. */
export function endingAt(
  folder: string,
  { databases, clock }: { databases: readonly string[]; clock: Pick<Clock, 'now'> },
): (place: string) => void {
  const outside = watchOutside({ databases, deeds: deedsIn(folder) });
  const reached = reachedIn(folder);
  return (place) => {
    // A request that is asked for again has another number: it is the same place.
    const point = place.replace(/D-\d+/g, 'D');
    const before = reached.filter((one) => one.point === point);
    if (before.some(isEnd)) return;
    const here = { point, left: outside.left(), at: clock.now() };
    const one: Reached = { ...here, what: whatToDo(here, reached.filter(isEnd)) };
    if (one.what !== 'ended' && before.length > 0) return;
    reached.push(one);
    appendFileSync(fileIn(folder), `${JSON.stringify(one)}\n`);
    if (isEnd(one)) endNow();
  };
}

type Here = Pick<Reached, 'point' | 'left' | 'at'>;

/** `ends`: those before it, in order. */
export function whatToDo({ point, left, at }: Here, ends: readonly Reached[]): Reached['what'] {
  if (ends.some((end) => end.left === left && end.at === at)) return 'same';
  // All messages of a kind are posted by the same statements.
  const ofMessage = point.startsWith('message:');
  return ofMessage && ends.some((end) => kindOf(end.point) === kindOf(point)) ? 'alike' : 'ended';
}

/** Without what it is of: `message:before:note`. */
const kindOf = (point: string): string => point.replace(/:(?:D|\d+|U\w+)(?=:|$)/g, '');

function endNow(): void {
  process.kill(process.pid, 'SIGKILL');
  // The signal ends this process; nothing after this line may happen first.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000);
}
