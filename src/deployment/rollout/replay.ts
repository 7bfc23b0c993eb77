/** What another judge would have said of a deployment: its kept measurements, look by look, under a plan of now. */

import { defined } from '../../defined.ts';
import { judge } from '../../judge/judge.ts';
import type { JudgePlan, JudgeState, Look, Reading } from '../../judge/types.ts';
import type { Instant } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import type { DeploymentEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import { lookContext, withTaught } from './look-context.ts';
import { currentStage, lookedUntil } from './progress.ts';

type Looked = Extract<DeploymentEvent, { type: 'looked' }> & { reading?: Reading };
type Said = Pick<Look, 'verdict' | 'because' | 'action'>;

/** Looks in a row that would have had another verdict: the same one instead of the same one. */
export interface Difference {
  from: Instant;
  to: Instant;
  looks: number;
  /** Number of the stage; unset for the watch after the last. */
  stage?: number;
  /** As the first of them was, and would have been. */
  was: Said;
  would: Said;
}

export interface Replay {
  /** Looks whose measurements are kept. */
  looks: number;
  /** Looks of which the figures are gone, or those of looks before them: what the judge had seen by then is not known. */
  lost: number;
  differences: Difference[];
  /** When the first verdict came that rolls back: then, and under the other plan. */
  rolledBack?: Instant;
  wouldRollBack?: Instant;
}

/** So many looks are one part: about 10 ms. */
const PART = 20;

/** For whoever shares the time with nobody. */
export function replayLooks(...asked: Parameters<typeof replayInParts>): Replay {
  const parts = replayInParts(...asked);
  let next = parts.next();
  while (next.done !== true) next = parts.next();
  return next.value;
}

/**
 * Pure. What was taught before the deployment stays as it was frozen; what traffic did stays as it was. Days of looks take
 * a while: it rests after each part (OP-9).
 */
export function* replayInParts(
  events: readonly DeploymentEvent[],
  looks: readonly Looked[],
  plan: JudgePlan,
): Generator<void, Replay, void> {
  const states = statesOf(events);
  const replay: Replay = { looks: 0, lost: 0, differences: [] };
  let state: JudgeState | undefined;
  let seq = 0;
  let until = 0;
  const gone = firstGone(events, looks);
  let isWhole = true;
  for (const [index, looked] of looks.entries()) {
    if (index > 0 && index % PART === 0) yield;
    const before = stateBefore(states, events, looked);
    const how = before && lookContext(before);
    if (looked.reading === undefined || before === undefined || how === undefined) {
      replay.lost += 1;
      isWhole = false;
      continue;
    }
    // Each goes on where the one before it ended, or where its watch began: else there were others between them.
    isWhole &&= looked.seq < gone && looked.reading.from <= Math.max(until, lookedUntil(before));
    if (!isWhole) {
      replay.lost += 1;
      continue;
    }
    until = looked.reading.to;
    if (wasResumed(events, seq, looked.seq) && state !== undefined) state = { ...state, windows: {} };
    seq = looked.seq;
    const answer = judge(withTaught(before, plan), state, looked.reading, how);
    state = answer.state;
    replay.looks += 1;
    compare(replay, looked, answer.look, currentStage(before)?.number);
  }
  return replay;
}

/** The state after each event, in order. */
function statesOf(events: readonly DeploymentEvent[]): Deployment[] {
  const states: Deployment[] = [];
  for (const event of events) states.push(evolve(states.at(-1), event));
  return states;
}

/** The number of the first look in the record of which nothing is kept beside it. */
function firstGone(events: readonly DeploymentEvent[], looks: readonly Looked[]): number {
  const kept = new Set(looks.map(({ seq, at }) => `${seq} ${at}`));
  const gone = events.find(({ type, seq, at }) => type === 'looked' && !kept.has(`${seq} ${at}`));
  return gone?.seq ?? Number.POSITIVE_INFINITY;
}

/** A look that is an event was decided on the state before it; what is kept beside the record, on the state it stood on. */
function stateBefore(
  states: readonly Deployment[],
  events: readonly DeploymentEvent[],
  { seq, at }: Looked,
): Deployment | undefined {
  const event = events[seq - 1];
  return event?.type === 'looked' && event.at === at ? states[seq - 2] : states[seq - 1];
}

/** What the rules remember of before a hold is forgotten with the resume, as it was then. */
function wasResumed(events: readonly DeploymentEvent[], after: number, upTo: number): boolean {
  return events.some(({ type, seq }) => type === 'resumed' && seq > after && seq <= upTo);
}

function compare(replay: Replay, { look: was, at }: Looked, would: Look, stage: number | undefined): void {
  if (rollsBack(was)) replay.rolledBack ??= at;
  if (rollsBack(would)) replay.wouldRollBack ??= at;
  const same = was.verdict === would.verdict && was.action === would.action;
  if (same) return;
  const last = replay.differences.at(-1);
  if (last !== undefined && goesOn(last, was, would, stage)) {
    last.to = at;
    last.looks += 1;
    return;
  }
  replay.differences.push({
    from: at,
    to: at,
    looks: 1,
    ...defined({ stage }),
    was: saidBy(was),
    would: saidBy(would),
  });
}

const rollsBack = ({ verdict, action }: Said): boolean => verdict === 'fail' && action === 'roll_back';

function goesOn(last: Difference, was: Look, would: Look, stage: number | undefined): boolean {
  return (
    last.stage === stage &&
    last.was.verdict === was.verdict &&
    last.was.action === was.action &&
    last.would.verdict === would.verdict &&
    last.would.action === would.action
  );
}

function saidBy({ verdict, because, action }: Look): Said {
  return { verdict, because, ...defined({ action }) };
}
