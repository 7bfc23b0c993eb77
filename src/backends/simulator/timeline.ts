/** Who has which share of a target's traffic when, as a pure function of the commands it was given. */

import type { Duration, Instant } from '../../time.ts';
import type { Command } from './command-log.ts';

/** Until the next segment begins. A version with all the traffic is the stable one and has no canary beside it. */
export interface Segment {
  from: Instant;
  stable: string | null;
  canary: string | null;
  /** The canary's share in percent. */
  weight: number;
}

type Arms = Omit<Segment, 'from'>;

export function timelineOf(
  running: string | null,
  commands: readonly { command: Command; at: Instant }[],
  settle: Duration,
): [Segment, ...Segment[]] {
  const segments: [Segment, ...Segment[]] = [
    { from: Number.NEGATIVE_INFINITY, stable: running, canary: null, weight: 0 },
  ];
  for (const { command, at } of commands) {
    if (command.kind === 'apply' && command.step.kind !== 'set-weight') continue;
    // What was still settling is overtaken and never happens.
    while (segments.length > 1 && lastOf(segments).from > at) segments.pop();
    segments.push({ from: at + settle, ...after(lastOf(segments), command) });
  }
  return segments;
}

function after(now: Arms, command: Command): Arms {
  if (command.kind === 'rollback') {
    const left = now.stable === command.version ? null : now.stable;
    return { stable: command.to ?? left, canary: null, weight: 0 };
  }
  const percent = command.step.kind === 'set-weight' ? command.step.percent : now.weight;
  if (percent === 100) return { stable: command.version, canary: null, weight: 0 };
  if (percent === 0) return { stable: now.stable, canary: null, weight: 0 };
  return { stable: now.stable, canary: command.version, weight: percent };
}

export function lastOf(segments: readonly [Segment, ...Segment[]]): Segment {
  return segments.at(-1) ?? segments[0];
}

/** The segment in force at an instant. */
export function segmentAt(segments: readonly [Segment, ...Segment[]], at: Instant): Segment {
  return segments.findLast((segment) => segment.from <= at) ?? segments[0];
}

/** A version's share of the traffic in a segment, 0 … 1. */
export function shareOf(segment: Arms, version: string): number {
  const asCanary = segment.canary === version ? segment.weight : 0;
  const asStable = segment.stable === version ? 100 - segment.weight : 0;
  return (asCanary + asStable) / 100;
}

/** A version's mean share over a window, 0 … 1. */
export function meanShare(segments: readonly Segment[], version: string, from: Instant, to: Instant): number {
  let share = 0;
  segments.forEach((segment, index) => {
    const start = Math.max(from, segment.from);
    const end = Math.min(to, segments[index + 1]?.from ?? Number.POSITIVE_INFINITY);
    if (end > start) share += (shareOf(segment, version) * (end - start)) / (to - from);
  });
  return share;
}

/** Since when a version that has traffic has had it without a break; undefined where it has none. */
export function servingSince(
  segments: readonly [Segment, ...Segment[]],
  version: string,
  at: Instant,
): Instant | undefined {
  let since: Instant | undefined;
  for (const segment of segments) {
    if (segment.from > at) break;
    since = shareOf(segment, version) > 0 ? (since ?? segment.from) : undefined;
  }
  return since;
}
