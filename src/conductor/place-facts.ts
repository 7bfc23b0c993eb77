/** What is known of a place when somebody asks: what runs, what is built, and when it may start next. */

import type { DeployBackend, Release } from '../backends/port.ts';
import { offeredStart } from '../deployment/request/lead-time.ts';
import type { Log } from '../log.ts';
import { approvalFor, type Change } from '../policy/approvals.ts';
import { nextStart } from '../policy/calendar/blockers.ts';
import { freezesAt } from '../policy/calendar/freezes.ts';
import { windowsAt } from '../policy/calendar/windows.ts';
import type { Policy } from '../policy/policy.ts';
import { plannedDuration } from '../terms/plan.ts';
import type { Clock, Duration, Instant } from '../time.ts';
import { within } from './deadline.ts';
import type { Stores } from './ports/stores.ts';

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

/** Newest first; none where the backend does not say: the version then says so itself. */
export async function releasesOf(known: Known, { service, environment }: Chosen): Promise<Release[]> {
  const at = environment ?? known.policy().services.get(service ?? '')?.environments[0];
  if (service === undefined || at === undefined) return [];
  const releases = await quietly(known, { service, environment: at }, () =>
    known.conductor.backendFor(service).versions({ service, environment: at }),
  );
  return releases ?? [];
}

async function quietly<T>(
  known: Known,
  place: Chosen,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await within(BACKEND_ANSWERS_WITHIN, 'the backend', ask);
  } catch (error) {
    known.log.warn({ err: error, ...place }, 'what the backend knows was not there in time, and is left out');
    return undefined;
  }
}

/**
 * The next start that neither a window, a freeze nor somebody's lock forbids; undefined where nothing is chosen yet,
 * where the place is always open, or where nothing known ever opens it.
 */
export async function nextStartAt(
  known: Known,
  {
    service,
    environment,
    strategy,
    ...state
  }: Chosen & Change & { strategy?: string | undefined; lead?: string | undefined },
): Promise<Instant | undefined> {
  const policy = known.policy();
  const plan = policy.strategies.get(strategy ?? '')?.plan;
  if (service === undefined || environment === undefined || plan === undefined) return undefined;
  const place = { service, environment };
  const now = known.clock.now();
  const { freezes, locks } = await known.stores.calendar.standing(now);
  const { windows, freezes: planned, mayOverride, planAhead } = policy.calendar;
  const closed =
    windowsAt(windows, place).length > 0 || freezesAt([...planned, ...freezes], place, now).length > 0;
  if (!closed) return undefined;
  const earliest = earliestOf(known, environment, state);
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
      needed: { rollout: plannedDuration(plan), rollback: policy.safeguards.rollbackWithin },
      people: state.lead === undefined ? [] : [state.lead],
      overridden: [],
    },
    Math.max(now, earliest ?? now),
  );
}
