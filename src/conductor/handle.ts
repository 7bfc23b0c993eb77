/** One intent through the core: load, decide, commit; a lost race is decided again on the truth. */

import { defined } from '../defined.ts';
import { type Applied, applyEvents } from '../deployment/apply-events.ts';
import { decide } from '../deployment/decide.ts';
import { byOf } from '../deployment/decision.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { EventBody } from '../deployment/events.ts';
import type { Actor, Decision, Facts, Intent, RefusalCode } from '../deployment/intents.ts';
import { nextWake } from '../deployment/next-wake.ts';
import { lessonsIn } from '../deployment/rollout/lessons.ts';
import { onlyMeasured } from '../deployment/rollout/watch.ts';
import type { Reading } from '../judge/types.ts';
import type { Clock, Instant } from '../time.ts';
import type { Commit, EventStore, Measured, Woken } from './ports/event-store.ts';
import { AlreadyHandled, LostRace, Occupied } from './ports/faults.ts';

export interface Input {
  intent: Intent;
  actor: Actor;
  /** Unset for a request: it makes its own. */
  deployment?: string;
  /** The deployment as it was read a moment ago: where the record has moved on since, it is read again. */
  known?: Deployment;
  /** Names the delivery that asked, so that its second arrival changes nothing. */
  inboxKey?: string;
}

export type Outcome =
  | { kind: 'accepted'; deployment: Deployment; events: readonly EventBody[] }
  | { kind: 'refused'; code: RefusalCode; message: string; deployment?: Deployment }
  | { kind: 'unchanged'; deployment: Deployment };

/** What would come of an input; nothing of it has happened. */
export interface Preview {
  decision: Decision;
  /** What it was decided on. */
  facts: Facts;
  /** Unset where nothing would be recorded. */
  played?: Applied;
  /** When it would be looked at next; unset for never. */
  wakeAt?: Instant;
}

/** Stands where the number of a deployment will: none is used up by looking ahead. */
export const NO_NUMBER_YET = 'D-…';

export interface HandleContext {
  events: EventStore;
  clock: Clock;
  gatherFacts(input: Input, deployment: Deployment | undefined): Promise<Facts>;
  committed(commit: Commit, checkpoint: string): void;
  /** Figures are other than they were, and something shows them. */
  measured(woken: Woken): void;
}

/** So many writers in a row between our reading and our writing is not a race but a fault. */
const MAX_RACES = 20;

export async function handle(context: HandleContext, input: Input): Promise<Outcome> {
  for (let race = 0; race < MAX_RACES; race += 1) {
    try {
      return await attempt(context, input, race === 0 ? input.known : undefined);
    } catch (error) {
      if (error instanceof AlreadyHandled) return alreadyHandled(context, error.deployment);
      if (!(error instanceof LostRace) && !(error instanceof Occupied)) throw error;
    }
  }
  throw new Error(
    `${input.deployment ?? 'a request'}: ${input.intent.kind} lost ${MAX_RACES} races in a row`,
  );
}

/** The way of an input as far as the decision and what follows from it, on the facts of now: reads, and writes nothing. */
export async function preview(
  { events, gatherFacts }: Pick<HandleContext, 'events' | 'gatherFacts'>,
  input: Input,
): Promise<Preview> {
  const before = input.deployment === undefined ? undefined : await events.load(input.deployment);
  const facts = await gatherFacts(input, before);
  const decision = decide(before, input.intent, facts);
  const bodies = decision.kind === 'accepted' ? decision.events : [];
  if (bodies.length === 0) return { decision, facts };
  const when = { at: facts.now, by: byOf(facts.actor) };
  const played = applyEvents(before?.id ?? NO_NUMBER_YET, before, bodies, when);
  const wakeAt = nextWake(played.after);
  return { decision, facts, played, ...defined({ wakeAt }) };
}

async function attempt(
  context: HandleContext,
  input: Input,
  known: Deployment | undefined,
): Promise<Outcome> {
  const { deployment: asked } = input;
  const before = known ?? (asked === undefined ? undefined : await context.events.load(asked));
  const facts = await context.gatherFacts(input, before);
  const decision = decide(before, input.intent, facts);
  if (decision.kind === 'unchanged') return unchanged(before, input);
  if (decision.kind === 'refused') {
    // Of the same input twice, the second finds what the first one did in its way.
    const handled = input.inboxKey && (await context.events.handled(input.inboxKey));
    if (handled) return alreadyHandled(context, handled);
    const after =
      before && decision.remark
        ? await commit(context, before.id, before, [decision.remark], facts, input)
        : before;
    return {
      kind: 'refused',
      code: decision.code,
      message: decision.message,
      ...(after ? { deployment: after } : {}),
    };
  }
  const look = before && onlyMeasured(before, decision.events);
  if (before !== undefined && look !== undefined) {
    const deployment = await measure(context, before, look, facts, readingOf(input));
    return { kind: 'accepted', deployment, events: [] };
  }
  const id = before?.id ?? (await context.events.nextId());
  const deployment = await commit(context, id, before, decision.events, facts, input);
  return { kind: 'accepted', deployment, events: decision.events };
}

const readingOf = ({ intent }: Input): Reading | undefined =>
  intent.kind === 'measured' ? intent.reading : undefined;

async function measure(
  context: HandleContext,
  before: Deployment,
  look: Measured['look'],
  facts: Facts,
  reading: Reading | undefined,
): Promise<Deployment> {
  const { applied, after: next } = applyEvents(before.id, before, [look], {
    at: facts.now,
    by: byOf(facts.actor),
  });
  const after = { ...next, seq: before.seq };
  const shows = applied.flatMap(({ effects }) =>
    effects.flatMap((effect) => (effect.kind === 'show' ? [effect.message] : [])),
  );
  const measured: Measured = {
    before,
    after,
    look,
    ...defined({ reading }),
    at: facts.now,
    wakeAt: nextWake(after) ?? null,
    shows,
  };
  context.measured(await context.events.measure(measured));
  return after;
}

async function commit(
  context: HandleContext,
  id: string,
  before: Deployment | undefined,
  bodies: readonly EventBody[],
  facts: Facts,
  input: Input,
): Promise<Deployment> {
  const by = byOf(facts.actor);
  const { after, applied } = applyEvents(id, before, bodies, { at: facts.now, by });
  const request: Commit = {
    after,
    events: bodies,
    at: facts.now,
    by,
    effects: applied.flatMap(({ effects }) => effects),
    ...defined({ lessons: lessonsIn(applied), reading: readingOf(input) }),
    wakeAt: nextWake(after) ?? null,
    ...defined({ inboxKey: input.inboxKey }),
  };
  context.committed(request, await context.events.commit(request));
  return after;
}

async function alreadyHandled(context: HandleContext, id: string): Promise<Outcome> {
  const deployment = await context.events.load(id);
  if (deployment === undefined) throw new Error(`${id} was handled and is not there`);
  return { kind: 'unchanged', deployment };
}

function unchanged(before: Deployment | undefined, input: Input): Outcome {
  if (before === undefined) throw new Error(`${input.intent.kind} changed nothing of nothing`);
  return { kind: 'unchanged', deployment: before };
}
