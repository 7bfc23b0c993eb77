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
  /** A version that was brought up to stand whole beside the other: with traffic or without, until one of them is taken down. */
  beside: string | null;
  /** How many parts the fleet has that is replaced part by part; null where it is not. */
  parts: number | null;
}

type Arms = Omit<Segment, 'from'>;
type CommandOf<K extends Command['kind']> = Extract<Command, { kind: K }>;

export function timelineOf(
  running: string | null,
  commands: readonly { command: Command; at: Instant }[],
  settle: Duration,
): [Segment, ...Segment[]] {
  const segments: [Segment, ...Segment[]] = [
    { from: Number.NEGATIVE_INFINITY, stable: running, canary: null, weight: 0, beside: null, parts: null },
  ];
  for (const { command, at } of commands) {
    // What was still settling is overtaken and never happens.
    while (segments.length > 1 && lastOf(segments).from > at) segments.pop();
    for (const [index, arms] of after(lastOf(segments), command).entries())
      segments.push({ ...arms, from: at + (index + 1) * settle });
  }
  return segments;
}

/** What it comes to, one after the other. */
const after = (now: Arms, command: Command): Arms[] =>
  command.kind === 'rollback' ? wayBack(now, command) : [afterStep(now, command)];

/** As the new version came, so the old one comes back (ST-5). */
function wayBack(now: Arms, { version, to }: CommandOf<'rollback'>): Arms[] {
  const left = now.stable === version ? null : now.stable;
  const back: Arms = { stable: to ?? left, canary: null, weight: 0, beside: null, parts: null };
  // Both stand whole: traffic is switched in one go, and then the new one is taken down.
  if (now.beside === version || (to !== null && now.beside === to))
    return [{ ...back, beside: version }, back];
  // Part by part, so that the rest has its capacity.
  if (now.parts !== null && to !== null) return [...partsBack(now, version, to, now.parts), back];
  // A canary is scaled down; what was replaced is deployed again.
  return [back];
}

/** The parts that still have the new version, one fewer each time. */
function partsBack(now: Arms, version: string, to: string, of: number): Arms[] {
  const changed = Array.from({ length: of }, (_, index) => index).filter(
    (number) => partsIn(number, of) < 100 * shareOf(now, version),
  ).length;
  return Array.from({ length: Math.max(0, changed - 1) }, (_, index) => ({
    stable: to,
    canary: version,
    weight: partsIn(changed - 1 - index, of),
    beside: null,
    parts: of,
  }));
}

/** In whole percent. */
const partsIn = (number: number, of: number): number => Math.floor((100 * number) / of);

function afterStep(now: Arms, { step, version }: CommandOf<'apply'>): Arms {
  switch (step.kind) {
    case 'set-weight':
      return { ...withShare(now, version, step.percent), parts: null };
    case 'batch':
      return { ...withShare(now, version, partsIn(step.number, step.of)), parts: step.of };
    case 'replace':
      return { ...withShare(now, version, 100), beside: null, parts: null };
    case 'stand-up':
      return { ...now, beside: version };
    case 'retire-old':
      return { ...now, beside: null };
  }
}

/** The old one stays where the new one was brought up beside it, and only there. */
function withShare(now: Arms, version: string, percent: number): Arms {
  if (percent === 0) return { ...now, canary: null, weight: 0 };
  if (percent < 100) return { ...now, canary: version, weight: percent };
  const beside = now.beside === version ? now.stable : now.beside;
  return { ...now, stable: version, canary: null, weight: 0, beside: beside === version ? null : beside };
}

export function lastOf(segments: readonly [Segment, ...Segment[]]): Segment {
  return segments.at(-1) ?? segments[0];
}

/** The segment in force at an instant. */
export function segmentAt(segments: readonly [Segment, ...Segment[]], at: Instant): Segment {
  return segments.findLast((segment) => segment.from <= at) ?? segments[0];
}

/** A version's share of the traffic in a segment, 0 … 1. */
function shareOf(segment: Arms, version: string): number {
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
