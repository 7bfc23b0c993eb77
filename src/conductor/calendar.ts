/** The calendar as a decision needs it: windows and freezes of the policy, those that people declared, and who is on the way. */

import { defined } from '../defined.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { MOVING, NOT_STARTED, type Status } from '../deployment/lifecycle.ts';
import { plannedEnd } from '../deployment/rollout/overrun.ts';
import { plannedStart } from '../deployment/start/waiting.ts';
import type { Calendar, Conflict } from '../policy/calendar/blockers.ts';
import { plannedFreezes } from '../policy/calendar/recurring.ts';
import type { Place } from '../policy/calendar/scope.ts';
import type { Policy } from '../policy/policy.ts';
import { plannedDuration } from '../terms/plan.ts';
import type { Instant } from '../time.ts';
import type { Stores } from './ports/stores.ts';
import { lastRollback } from './rolled-back-before.ts';

export async function gatherCalendar(
  stores: Stores,
  policy: Policy,
  place: Place & { id?: string },
  now: Instant,
): Promise<Calendar> {
  const [standing, conflicts, rolledBack] = await Promise.all([
    stores.calendar.standing(now),
    conflictsOf(stores, policy, place),
    lastRollback(stores.events, place),
  ]);
  const { windows, mayOverride, planAhead } = policy.calendar;
  return {
    windows,
    freezes: [...plannedFreezes(policy.calendar, now, now + planAhead), ...standing.freezes],
    locks: standing.locks,
    conflicts,
    ...defined({ rolledBack }),
    windowOverrides: mayOverride,
    planAhead,
  };
}

/** Deployments that move traffic in the environment, of services that this one needs or that need it (WN-2). */
async function conflictsOf(
  stores: Stores,
  policy: Policy,
  { service, environment, id }: Place & { id?: string },
): Promise<Conflict[]> {
  const tied = tiedTo(policy, service);
  if (tied.size === 0) return [];
  const moving = await stores.events.inEnvironment(environment, tied, MOVING);
  return moving.filter((d) => d.id !== id).map(conflictOf);
}

/**
 * Those of tied services that will be on their way in a span of time, as far as it is known: what moves now and is
 * planned to move then, and what is planned for a time.
 */
export async function conflictsAt(
  stores: Stores,
  policy: Policy,
  { service, environment, id }: Place & { id?: string },
  span: { from: Instant; to: Instant },
  now: Instant,
): Promise<Conflict[]> {
  const tied = tiedTo(policy, service);
  if (tied.size === 0) return [];
  const live = await stores.events.inEnvironment(environment, tied, ON_THE_WAY);
  return live.filter((d) => d.id !== id && isOnTheWayIn(d, span, now)).map(conflictOf);
}

/** What moves, and what may begin to. */
const ON_THE_WAY: ReadonlySet<Status> = new Set([...MOVING, ...NOT_STARTED]);

function isOnTheWayIn(d: Deployment, span: { from: Instant; to: Instant }, now: Instant): boolean {
  const length = plannedDuration(d.terms.envelope.plan);
  if (MOVING.has(d.status)) {
    const end = plannedEnd(d)?.at ?? (d.rollout?.startedAt ?? now) + length;
    // What should be through by now is still there, and may be for a while.
    return Math.max(end, now + 1) > span.from;
  }
  const { start } = d.terms.envelope;
  if (!NOT_STARTED.has(d.status) || (start.kind !== 'at' && d.start.at === undefined)) return false;
  const from = d.start.waiting?.until ?? plannedStart(d, now);
  return from < span.to && from + length + d.terms.safeguards.rollbackWithin > span.from;
}

function tiedTo({ services }: Pick<Policy, 'services'>, service: string): Set<string> {
  const needed = services.get(service)?.dependsOn ?? [];
  const needing = [...services.values()].filter(({ dependsOn }) => dependsOn.includes(service));
  return new Set([...needed, ...needing.map(({ name }) => name)]);
}

function conflictOf({ id, terms: { envelope, details } }: Deployment): Conflict {
  const { service, environment, version } = envelope;
  return { id, service, environment, version, lead: details.lead };
}
