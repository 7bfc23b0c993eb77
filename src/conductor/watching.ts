/**
 * Looks at the places that are only watched: what somebody else begins there gets a deployment of its own in the record, and
 * what becomes of it is told to that. Observes and is reported to; it has no way to command anything.
 */

import type { Target } from '../backends/port.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../message-of.ts';
import type { Policy, ServicePolicy } from '../policy/policy.ts';
import { type Clock, type Duration, type Instant, MINUTE, SECOND } from '../time.ts';
import { Crowded } from './calls.ts';
import { within } from './deadline.ts';
import { listEvery } from './every.ts';
import { createPump, NotNow, type Pump } from './pump.ts';
import { createTakeWatchReport, type TakeWatchReport } from './watch-reports.ts';
import {
  createWatchedPlaces,
  nameOfPlace,
  type Seen,
  type WatchedPlaces,
  type WatchedPlacesContext,
} from './watched-places.ts';

export interface WatchingContext extends WatchedPlacesContext {
  clock: Clock;
  log: Log;
}

export interface Watching extends Pump {
  /** Something happened in these places: they are looked at now. */
  happenedAt(places: readonly Target[]): void;
  /** What whoever deploys it says. */
  report: TakeWatchReport;
}

/** Where nothing says that something happened. */
const LOOK_EVERY: Duration = MINUTE;
const ANSWERS_WITHIN: Duration = 20 * SECOND;

/** `left` stands for all whose service is not watched any more. */
type Place = Target | 'left';

const keyOf = (place: Place): string => (place === 'left' ? 'left' : nameOfPlace(place));

export function createWatching(context: WatchingContext): Watching {
  const { clock, log, policy } = context;
  const watched = createWatchedPlaces(context);
  const times = createTimesToLook(policy);
  /** Which services are watched; unset before the first look. */
  let known: string | undefined;

  const pump = createPump<Place>({
    name: 'places that are only watched',
    clock,
    log,
    concurrency: 8,
    keyOf,
    async due(now, except, limit) {
      const due = times.due(now);
      const all: Place[] = watchedNames(policy()).join() === known ? due : ['left', ...due];
      const items = all.filter((place) => !except.has(keyOf(place))).slice(0, limit);
      return { items, next: times.nextAfter(now) };
    },
    async run(place, aside) {
      if (place === 'left') {
        known = await endLeft(context, watched);
        return;
      }
      times.lookAgainAt(place, clock.now() + LOOK_EVERY);
      await watched.look(place, await aside(() => observe(context, place)));
    },
  });

  return {
    ...pump,
    happenedAt(happened) {
      for (const place of happened) times.lookNow(place);
      pump.poke();
    },
    report: createTakeWatchReport(context, watched),
  };
}

/** When each place is to be looked at. */
function createTimesToLook(policy: () => Policy) {
  const next = new Map<string, Instant>();
  const timeOf = (place: Target): Instant => next.get(nameOfPlace(place)) ?? 0;
  return {
    due: (now: Instant): Target[] => observedPlaces(policy()).filter((place) => timeOf(place) <= now),
    nextAfter(now: Instant): Instant | undefined {
      const later = observedPlaces(policy())
        .map(timeOf)
        .filter((at) => at > now);
      return later.length === 0 ? undefined : Math.min(...later);
    },
    lookAgainAt: (place: Target, at: Instant): void => void next.set(nameOfPlace(place), at),
    lookNow: (place: Target): void => void next.delete(nameOfPlace(place)),
  };
}

async function observe(
  { calls, backendFor, log }: Pick<WatchingContext, 'calls' | 'backendFor' | 'log'>,
  place: Target,
): Promise<Seen> {
  try {
    return await calls.make(backendFor(place.service), 'rest', (backend) =>
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

/** Their service is conducted from here by now, or is not in the file any more. Answers which services are watched. */
async function endLeft(
  { events, policy }: Pick<WatchingContext, 'events' | 'policy'>,
  { tell }: Pick<WatchedPlaces, 'tell'>,
): Promise<string> {
  const services = watchedNames(policy());
  const live = await listEvery(events, { statuses: ['watched_only'] });
  for (const one of live.filter(({ terms }) => !services.includes(terms.envelope.service)))
    await tell(one, {
      kind: 'end_watch',
      how: 'not_watched_any_more',
      reason: 'its service is not set to mode: watch any more',
    });
  return services.join();
}

const watchedServices = (policy: Policy): ServicePolicy[] =>
  [...policy.services.values()].filter(({ mode }) => mode === 'watch');

const watchedNames = (policy: Policy): string[] => watchedServices(policy).map(({ name }) => name);

/** Those of which a backend says what runs. */
const observedPlaces = (policy: Policy): Target[] =>
  watchedServices(policy)
    .filter(({ watchedBy }) => watchedBy === 'backend')
    .flatMap(({ name, environments }) => environments.map((environment) => ({ service: name, environment })));
