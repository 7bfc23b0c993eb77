/**
 * A place that is only watched, and the deployment that stands for what somebody else brings there: begun where something
 * new is seen, told what becomes of it, and not begun twice.
 */

import type { Observation, Target } from '../backends/port.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Actor, Intent } from '../deployment/intents.ts';
import type { Watched } from '../terms/watched.ts';
import type { Clock } from '../time.ts';
import type { Input, Outcome } from './handle.ts';
import { leftBy, newestLeft } from './left-there.ts';
import { type Brought, type PlanWatchContext, watchedTerms } from './plan-watch.ts';
import type { EventStore } from './ports/event-store.ts';

export interface WatchedPlacesContext extends Omit<PlanWatchContext, 'now'> {
  events: Pick<EventStore, 'list' | 'occupant'>;
  clock: Pick<Clock, 'now'>;
  handle(input: Input): Promise<Outcome>;
}

/** What the backend says of a place, or why it says nothing. */
export type Seen = Observation | { problem: string };

export interface WatchedPlaces {
  look(place: Target, seen: Seen): Promise<void>;
  tell(deployment: Deployment, intent: Intent): Promise<Deployment | undefined>;
  /** `newest` is what had traffic there last. */
  begin(place: Target, brought: Brought, newest: Deployment | undefined, watched: Watched): Promise<Outcome>;
  /** What ran there before what runs now; undefined at the very first look, which only learns what runs. */
  ranBefore(place: Target, newest: Deployment | undefined): string | null | undefined;
}

const BACKEND: Actor = { kind: 'system', name: 'backend' };

export const nameOfPlace = ({ service, environment }: Target): string => `${service}/${environment}`;

export function createWatchedPlaces(context: WatchedPlacesContext): WatchedPlaces {
  const { clock, events, policy } = context;
  /** What ran alone when a place was looked at last: what is another now was brought since. */
  const ranThere = new Map<string, string | null>();

  async function look(place: Target, seen: Seen): Promise<void> {
    const there = await events.occupant(place.service, place.environment);
    const watched = there?.status === 'watched_only' ? there : undefined;
    const after = watched && (await tell(watched, intentOf(seen)));
    // What was asked for before it was only watched is brought to its end.
    const isTaken = after === undefined ? there !== undefined : after.status === 'watched_only';
    if ('problem' in seen) return;
    if (!isTaken && after?.rollout?.reported?.ended !== 'went_back') await beginIfNew(place, seen);
    ranThere.set(nameOfPlace(place), seen.stable);
  }

  async function tell({ id }: Deployment, intent: Intent): Promise<Deployment | undefined> {
    return (await context.handle({ deployment: id, intent, actor: BACKEND })).deployment;
  }

  async function beginIfNew(place: Target, seen: Observation): Promise<void> {
    const newest = await newestLeft(events, place);
    const brought = broughtIn(seen, ranBefore(place, newest));
    if (brought === undefined || isOver(newest, brought)) return;
    const reporter = policy().services.get(place.service)?.backend ?? 'its backend';
    await begin(place, brought, newest, { by: 'backend', reporter });
  }

  async function begin(
    place: Target,
    brought: Brought,
    newest: Deployment | undefined,
    watched: Watched,
  ): Promise<Outcome> {
    const terms = await watchedTerms({ ...context, now: () => clock.now() }, place, brought, watched);
    return context.handle({
      intent: { kind: 'watch', terms, previous: brought.previous, percent: brought.percent },
      actor: BACKEND,
      // Two that see it at once have one deployment of it.
      inboxKey: `watch:${nameOfPlace(place)}:${brought.version}:${newest?.id ?? ''}`,
    });
  }

  function ranBefore(place: Target, newest: Deployment | undefined): string | null | undefined {
    return ranThere.get(nameOfPlace(place)) ?? (newest && leftBy(newest));
  }

  return { look, tell, begin, ranBefore };
}

const intentOf = (seen: Seen): Intent =>
  'problem' in seen
    ? { kind: 'backend_unreachable', doing: 'observe', message: seen.problem }
    : { kind: 'observed', observation: seen };

/** A canary is on its way whatever ran before; what runs alone is new where another did. */
function broughtIn(
  { stable, canary, weight }: Observation,
  before: string | null | undefined,
): Brought | undefined {
  if (canary !== null) return { version: canary, percent: weight, previous: stable };
  if (stable === null || before === undefined || before === stable) return undefined;
  return { version: stable, percent: 100, previous: before };
}

/** It was watched to its end, and nothing was brought there since. */
export function isOver(
  newest: Deployment | undefined,
  { version, percent }: Pick<Brought, 'version' | 'percent'>,
): boolean {
  if (newest?.status !== 'watch_over' || newest.terms.envelope.version !== version) return false;
  const { ended, most } = newest.rollout?.reported ?? {};
  if (ended === 'stood_still') return percent <= (most?.percent ?? 0);
  return ended !== 'went_back';
}
