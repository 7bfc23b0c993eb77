/**
 * How much counters grew in a window, from their samples as they were scraped. `increase()` stretches what it saw to the
 * whole window and loses what happened between two windows: neither is a count that evidence can be built on. Here each
 * request is counted once, in the window in which it was scraped.
 */

import type { Duration, Instant } from '../../time.ts';
import type { Series } from './client.ts';

export interface Window {
  from: Instant;
  to: Instant;
}

/** When each process was first seen in what was fetched, by its labels of the scrape. */
export type FirstSeen = ReadonlyMap<string, Instant>;

/** As far back as the last sample before a window is looked for: some scrapes may have been missed. */
export function lookBack(scrapeInterval: Duration): Duration {
  return 4 * scrapeInterval;
}

export function firstSeen(all: readonly Series[]): FirstSeen {
  const seen = new Map<string, Instant>();
  for (const { labels, samples } of all) {
    const first = samples[0];
    if (first === undefined) continue;
    const key = processOf(labels);
    seen.set(key, Math.min(seen.get(key) ?? first.at, first.at));
  }
  return seen;
}

/** The sum over all series; `seen` is that of the counter of all tries, so that a first error ever is not lost. */
export function increaseOf(all: readonly Series[], window: Window, seen: FirstSeen): number {
  return all.reduce((sum, series) => sum + grown(series, window, seen), 0);
}

function grown({ labels, samples }: Series, { from, to }: Window, seen: FirstSeen): number {
  const inside = samples.filter(({ at }) => at > from && at <= to);
  const before = samples.findLast(({ at }) => at <= from);
  let sum = 0;
  let last = before?.value ?? startOf(labels, inside[0]?.at, seen);
  for (const { value } of inside) {
    if (last !== undefined) sum += value >= last ? value - last : value;
    last = value;
  }
  return sum;
}

/**
 * What a counter stood at before its first sample. A counter that appears in a process that was seen before began at 0.
 * With the process itself new, or back after a long gap, its first sample holds requests from outside the window.
 */
function startOf(labels: Series['labels'], first: Instant | undefined, seen: FirstSeen): number | undefined {
  const since = seen.get(processOf(labels));
  return first !== undefined && since !== undefined && since < first ? 0 : undefined;
}

function processOf({ job = '', instance = '', pod = '' }: Series['labels']): string {
  return JSON.stringify([job, instance, pod]);
}
