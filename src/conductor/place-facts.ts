/** What is known of a place when somebody asks: what runs, what is built, and when it may start next. */

import type { DeployBackend, Release } from '../backends/port.ts';
import { defined } from '../defined.ts';
import { offeredStart } from '../deployment/request/lead-time.ts';
import type { Log } from '../log.ts';
import { approvalFor, type Change } from '../policy/approvals.ts';
import { nextStart } from '../policy/calendar/blockers.ts';
import { freezesAt } from '../policy/calendar/freezes.ts';
import { plannedFreezes } from '../policy/calendar/recurring.ts';
import { windowsAt } from '../policy/calendar/windows.ts';
import { baseTypeOf } from '../policy/change-types.ts';
import type { Policy } from '../policy/policy.ts';
import { bakeFor } from '../policy/promotion.ts';
import { safeguardsFor } from '../policy/rollout.ts';
import { nextWorkingMoment } from '../policy/workdays.ts';
import { bakedAt } from '../terms/bake.ts';
import type { Before } from '../terms/before.ts';
import type { Changes } from '../terms/changes.ts';
import { plannedDuration } from '../terms/plan.ts';
import { type Clock, type Duration, type Instant, SECOND } from '../time.ts';
import { within } from './deadline.ts';
import type { Stores } from './ports/stores.ts';
import { bakingIn, cameFrom, completeSince } from './promotion.ts';

/** What the facts are read from; whoever speaks for people has it. */
export interface Known {
  policy(): Policy;
  stores: Pick<Stores, 'calendar' | 'contracts' | 'events'>;
  conductor: { backendFor(service: string): DeployBackend };
  clock: Pick<Clock, 'now'>;
  log: Log;
}

/** A place as far as it is chosen. */
interface Chosen {
  service?: string | undefined;
  environment?: string | undefined;
}

/** Somebody waits with a form in hand: what the backend has not said by then is left out. */
const BACKEND_ANSWERS_WITHIN: Duration = 800;

/** From when this kind of change may start; undefined for at once. */
export function earliestOf(known: Known, environment: string, state: Change): Instant | undefined {
  const policy = known.policy();
  const { leadTime } = approvalFor(policy, environment, state);
  return offeredStart({ leadTime, workdays: policy.workdays }, known.clock.now());
}

/** What runs at a place; undefined where no place is chosen or the backend does not say. */
export async function runningAt(
  known: Known,
  { service, environment }: Chosen,
): Promise<{ version: string | null } | undefined> {
  if (service === undefined || environment === undefined) return undefined;
  return quietly(known, { service, environment }, async () => {
    const { stable } = await known.conductor.backendFor(service).observe({ service, environment });
    return { version: stable };
  });
}

/** What ran there since when, and how far the version has come on its way up. */
export async function beforeIt(
  known: Known,
  place: { service: string; environment: string },
  { version, digest }: Pick<Release, 'version' | 'digest'>,
  running: { version: string | null } | undefined,
): Promise<Before> {
  const { events } = known.stores;
  const [came, runningSince] = await Promise.all([
    cameFrom(events, known.policy(), { ...place, version, digest }, known.clock.now()),
    running?.version ? completeSince(events, { ...place, version: running.version }) : undefined,
  ]);
  return { version, ...defined({ cameFrom: came, runningSince }) };
}

/** Newest first; none where the backend does not say: the version then says so itself. */
export async function releasesOf(known: Known, { service, environment }: Chosen): Promise<Release[]> {
  const at = environment ?? known.policy().services.get(service ?? '')?.environments[0];
  if (service === undefined || at === undefined) return [];
  const releases = await quietly(known, { service, environment: at }, () =>
    known.conductor.backendFor(service).versions({ service, environment: at }),
  );
  return releases ?? [];
}

/** What was asked goes on being read for this long, for the next look at the form. */
const READ_WITHIN: Duration = 10 * SECOND;
/** With what runs there, which is asked first, less than a second and a half. */
const CHANGES_WITHIN: Duration = 600;
const REMEMBERED = 100;

/** By the conductor that asked; two versions differ by the same as long as they are there. */
const readBefore = new WeakMap<object, Map<string, Promise<Changes>>>();

/** What the version changes of what runs; undefined where that is the same, or is not known in time. */
export async function changesFor(
  known: Known,
  { service, environment, version }: Chosen & { version?: string | undefined },
  running: { version: string | null } | undefined,
): Promise<Changes | undefined> {
  const from = running?.version;
  if (service === undefined || environment === undefined || version === undefined) return undefined;
  if (from === undefined || from === null || from === version) return undefined;
  const reading = readChanges(known, { service, environment }, from, version);
  if (reading === undefined) return undefined;
  return quietly(known, { service, environment }, () => reading, CHANGES_WITHIN);
}

/** Somebody who looks again a moment later finds it read. */
function readChanges(
  known: Known,
  place: { service: string; environment: string },
  from: string,
  to: string,
): Promise<Changes> | undefined {
  const backend = known.conductor.backendFor(place.service);
  if (backend.changes === undefined) return undefined;
  const read = readBefore.get(known.conductor) ?? new Map<string, Promise<Changes>>();
  readBefore.set(known.conductor, read);
  const key = JSON.stringify([place.service, place.environment, from, to]);
  const before = read.get(key);
  if (before !== undefined) return before;
  const reading = within(READ_WITHIN, 'the backend', (signal) =>
    (backend.changes as NonNullable<DeployBackend['changes']>)(place, from, to, signal),
  );
  read.set(key, reading);
  for (const oldest of [...read.keys()].slice(0, Math.max(0, read.size - REMEMBERED))) read.delete(oldest);
  // What could not be read is asked for again; who waits for it hears why.
  reading.catch(() => read.delete(key));
  return reading;
}

async function quietly<T>(
  known: Known,
  place: Chosen,
  ask: (signal: AbortSignal) => Promise<T>,
  limit = BACKEND_ANSWERS_WITHIN,
): Promise<T | undefined> {
  try {
    return await within(limit, 'the backend', ask);
  } catch (error) {
    known.log.warn({ err: error, ...place }, 'what the backend knows was not there in time, and is left out');
    return undefined;
  }
}

type Planned = Chosen &
  Change & {
    version?: string | undefined;
    strategy?: string | undefined;
    lead?: string | undefined;
  };

/** The same, and not before the version has run for long enough where it bakes first (GT-8). */
export async function earliestStart(known: Known, state: Planned): Promise<Instant | undefined> {
  if (state.environment === undefined) return undefined;
  const announced = earliestOf(known, state.environment, state);
  const baked = await bakedFrom(known, state);
  return announced === undefined || baked === undefined ? (announced ?? baked) : Math.max(announced, baked);
}

/** Undefined where it need not wait for that, or nothing known would end the wait. */
async function bakedFrom(
  known: Known,
  { service, environment, version, changeType }: Planned,
): Promise<Instant | undefined> {
  if (service === undefined || environment === undefined || version === undefined) return undefined;
  const policy = known.policy();
  const bake = bakeFor(policy, { service, environment });
  if (bake === undefined || baseTypeOf(policy, changeType) === 'emergency') return undefined;
  const at = bakedAt(bake, await bakingIn(known.stores.events, bake, { service, version }));
  return at === undefined || at <= known.clock.now() ? undefined : at;
}

/**
 * The next start that neither a window, a freeze nor somebody's lock forbids; undefined where nothing is chosen yet,
 * where the place is always open, or where nothing known ever opens it.
 */
export async function nextStartAt(known: Known, state: Planned): Promise<Instant | undefined> {
  const next = await openingOf(known, state);
  return next === 'always' ? undefined : next;
}

/** The first start that a form can offer; undefined where it may start at any time, or never. Where no window says when, people are there then. */
export async function offeredStartAt(known: Known, state: Planned): Promise<Instant | undefined> {
  const next = await openingOf(known, state);
  if (next !== 'always') return next;
  const earliest = await earliestStart(known, state);
  return earliest === undefined ? undefined : nextWorkingMoment(earliest, known.policy().workdays);
}

/** When it opens next after what kind of change it is lets it; `always` where nothing ever closes it. */
async function openingOf(known: Known, state: Planned): Promise<Instant | 'always' | undefined> {
  const policy = known.policy();
  const { service, environment, strategy } = state;
  const plan = policy.strategies.get(strategy ?? '')?.plan;
  if (service === undefined || environment === undefined || plan === undefined) return undefined;
  const place = { service, environment };
  const now = known.clock.now();
  const { freezes, locks } = await known.stores.calendar.standing(now);
  const { windows, mayOverride, planAhead } = policy.calendar;
  const planned = plannedFreezes(policy.calendar, now, now + planAhead);
  const closed =
    windowsAt(windows, place).length > 0 || freezesAt([...planned, ...freezes], place, now).length > 0;
  if (!closed) return 'always';
  const earliest = await earliestStart(known, state);
  return nextStart(
    {
      windows,
      freezes: [...planned, ...freezes],
      locks,
      conflicts: [],
      windowOverrides: mayOverride,
      planAhead,
    },
    {
      ...place,
      needed: { rollout: plannedDuration(plan), rollback: safeguardsFor(policy, place).rollbackWithin },
      people: state.lead === undefined ? [] : [state.lead],
      overridden: [],
    },
    Math.max(now, earliest ?? now),
  );
}
