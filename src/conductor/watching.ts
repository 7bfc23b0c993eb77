/**
 * Looks at the places that are only watched: what somebody else begins there gets a deployment of its own in the record, and
 * what becomes of it is told to that. Observes and is reported to; it has no way to command anything.
 */

import type { DeployBackend, Observation, Target } from '../backends/port.ts';
import { defined } from '../defined.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Actor, Intent } from '../deployment/intents.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../message-of.ts';
import type { Policy, ServicePolicy } from '../policy/policy.ts';
import type { Watched, WatchReport } from '../terms/watched.ts';
import { type Clock, type Duration, type Instant, MINUTE, SECOND } from '../time.ts';
import { type Calls, Crowded } from './calls.ts';
import { within } from './deadline.ts';
import { listEvery } from './every.ts';
import type { Input, Outcome } from './handle.ts';
import type { Instance } from './instances.ts';
import { leftBy, newestLeft } from './left-there.ts';
import { type Brought, watchedTerms } from './plan-watch.ts';
import type { EventStore } from './ports/event-store.ts';
import { createPump, NotNow, type Pump } from './pump.ts';

export interface WatchingContext {
  events: Pick<EventStore, 'list' | 'occupant'>;
  clock: Clock;
  log: Log;
  policy(): Policy;
  calls: Calls;
  backendFor(service: string): Instance<DeployBackend>;
  handle(input: Input): Promise<Outcome>;
  nameOf(personId: string): Promise<string>;
}

export type WatchReported =
  | { kind: 'taken'; deployment: Deployment }
  /** GoNoGo conducts the service itself. */
  | { kind: 'driven' }
  /** What was asked for here is still under way there. */
  | { kind: 'occupied'; by: Deployment }
  /** Nothing of this version is watched that could have failed. */
  | { kind: 'nothing_there' };

export interface Watching extends Pump {
  /** Something happened in these places: they are looked at now. */
  happenedAt(places: readonly Target[]): void;
  /** What whoever deploys it says. */
  report(report: WatchReport, reporter: string): Promise<WatchReported>;
}

/** Where nothing says that something happened. */
const LOOK_EVERY: Duration = MINUTE;
const ANSWERS_WITHIN: Duration = 20 * SECOND;
const BACKEND: Actor = { kind: 'system', name: 'backend' };
type Place = Target | 'left';

const keyOf = (place: Place): string => (place === 'left' ? 'left' : `${place.service}/${place.environment}`);

export function createWatching(context: WatchingContext): Watching {
  const { clock, events, log, policy } = context;
  const nextLook = new Map<string, Instant>();
  /** What ran alone when a place was looked at last: what is another now was brought since. */
  const ranThere = new Map<string, string | null>();
  /** Which services are watched; unset before the first look. */
  let known: string | undefined;

  const isDue = (place: Place, now: Instant): boolean => (nextLook.get(keyOf(place)) ?? 0) <= now;

  function places(): Target[] {
    return watchedServices(policy())
      .filter(({ watchedBy }) => watchedBy === 'backend')
      .flatMap(({ name, environments }) =>
        environments.map((environment) => ({ service: name, environment })),
      );
  }

  function nextAfter(now: Instant): Instant | undefined {
    const times = places().map((place) => nextLook.get(keyOf(place)) ?? 0);
    const later = times.filter((at) => at > now);
    return later.length === 0 ? undefined : Math.min(...later);
  }

  const pump = createPump<Place>({
    name: 'places that are only watched',
    clock,
    log,
    concurrency: 8,
    keyOf,
    async due(now, except, limit) {
      const services = watchedServices(policy()).map(({ name }) => name);
      const changed = services.join() !== known;
      const due = places().filter((place) => isDue(place, now));
      const all: Place[] = changed ? ['left', ...due] : due;
      const items = all.filter((place) => !except.has(keyOf(place))).slice(0, limit);
      return { items, next: nextAfter(now) };
    },
    async run(place, aside) {
      if (place === 'left') return endLeft();
      nextLook.set(keyOf(place), clock.now() + LOOK_EVERY);
      await look(place, await aside(() => observe(place)));
    },
  });

  async function observe(place: Target): Promise<Observation | { problem: string }> {
    try {
      return await context.calls.make(context.backendFor(place.service), 'rest', (backend) =>
        within(ANSWERS_WITHIN, 'the backend', (signal) =>
          backend.observe({ ...place, watchOnly: true }, signal),
        ),
      );
    } catch (error) {
      if (error instanceof Crowded) throw new NotNow(error.message, { cause: error });
      log.warn({ err: error, ...place }, 'a place that is only watched could not be observed');
      return { problem: messageOf(error) };
    }
  }

  async function look(place: Target, seen: Observation | { problem: string }): Promise<void> {
    const there = await events.occupant(place.service, place.environment);
    const watched = there?.status === 'watched_only' ? there : undefined;
    const after = watched && (await tell(watched, intentOf(seen)));
    // What was asked for before it was only watched is brought to its end.
    const isTaken = after === undefined ? there !== undefined : after.status === 'watched_only';
    if ('problem' in seen) return;
    if (!isTaken && after?.rollout?.reported?.ended !== 'went_back') await beginIfNew(place, seen);
    ranThere.set(keyOf(place), seen.stable);
  }

  async function tell({ id }: Deployment, intent: Intent): Promise<Deployment | undefined> {
    return (await context.handle({ deployment: id, intent, actor: BACKEND })).deployment;
  }

  /** Undefined at the very first look, which only learns what runs. */
  function ranBefore(place: Target, newest: Deployment | undefined): string | null | undefined {
    return ranThere.get(keyOf(place)) ?? (newest && leftBy(newest));
  }

  async function beginIfNew(place: Target, seen: Observation): Promise<void> {
    const newest = await newestLeft(events, place);
    const before = ranBefore(place, newest);
    const brought = broughtIn(seen, before);
    if (brought === undefined || isOver(newest, brought)) return;
    await begin(place, brought, newest, { by: 'backend', reporter: adapterOf(place.service) });
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
      inboxKey: `watch:${keyOf(place)}:${brought.version}:${newest?.id ?? ''}`,
    });
  }

  const adapterOf = (service: string): string => policy().services.get(service)?.backend ?? 'its backend';

  /** Its service is conducted from here by now, or is not in the file any more. */
  async function endLeft(): Promise<void> {
    const services = watchedServices(policy()).map(({ name }) => name);
    const live = await listEvery(events, { statuses: ['watched_only'] });
    for (const one of live.filter(({ terms }) => !services.includes(terms.envelope.service)))
      await tell(one, {
        kind: 'end_watch',
        how: 'not_watched_any_more',
        reason: 'its service is not set to mode: watch any more',
      });
    known = services.join();
  }

  return {
    ...pump,
    happenedAt(happened) {
      for (const place of happened) nextLook.delete(keyOf(place));
      pump.poke();
    },
    async report({ service, environment, version, state, percent, reason, sha, digest }, reporter) {
      if (policy().services.get(service)?.mode !== 'watch') return { kind: 'driven' };
      const place = { service, environment };
      const there = await events.occupant(service, environment);
      if (there !== undefined && there.status !== 'watched_only') return { kind: 'occupied', by: there };
      const said: Intent = { kind: 'reported', state, ...defined({ percent, reason }) };
      const isSame = there?.terms.envelope.version === version;
      if (there !== undefined && isSame)
        return { kind: 'taken', deployment: (await tell(there, said)) ?? there };
      const newest = await newestLeft(events, place);
      const share = state === 'done' ? 100 : (percent ?? 0);
      if (there === undefined && newest !== undefined && isOver(newest, { version, percent: share }))
        return { kind: 'taken', deployment: newest };
      if (state === 'failed') return { kind: 'nothing_there' };
      if (there !== undefined)
        await tell(there, { kind: 'end_watch', how: 'superseded', reason: `${version} takes its place` });
      const brought: Brought = {
        version,
        percent: share,
        previous: ranBefore(place, newest) ?? null,
        ...defined({ sha, digest }),
      };
      const outcome = await begin(place, brought, newest, { by: watcherOf(policy(), service), reporter });
      if (outcome.kind !== 'refused') return { kind: 'taken', deployment: outcome.deployment };
      const taken = await events.occupant(service, environment);
      if (taken === undefined)
        throw new Error(`${keyOf(place)} ${version} is not watched: ${outcome.message}`);
      return { kind: 'occupied', by: taken };
    },
  };
}

function watchedServices(policy: Policy): ServicePolicy[] {
  return [...policy.services.values()].filter(({ mode }) => mode === 'watch');
}

const watcherOf = (policy: Policy, service: string): Watched['by'] =>
  policy.services.get(service)?.watchedBy === 'reports' ? 'report' : 'backend';

const intentOf = (seen: Observation | { problem: string }): Intent =>
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
function isOver(
  newest: Deployment | undefined,
  { version, percent }: Pick<Brought, 'version' | 'percent'>,
): boolean {
  if (newest?.status !== 'watch_over' || newest.terms.envelope.version !== version) return false;
  const { ended, most } = newest.rollout?.reported ?? {};
  if (ended === 'stood_still') return percent <= (most?.percent ?? 0);
  return ended !== 'went_back';
}
