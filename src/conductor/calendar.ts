/** The calendar as a decision needs it: windows and freezes of the policy, those that people declared, and who is on the way. */

import type { Deployment } from '../deployment/deployment.ts';
import { MOVING } from '../deployment/lifecycle.ts';
import type { Calendar, Conflict } from '../policy/calendar/blockers.ts';
import type { Place } from '../policy/calendar/scope.ts';
import type { Policy } from '../policy/policy.ts';
import type { Instant } from '../time.ts';
import type { Stores } from './ports.ts';

export async function gatherCalendar(
  stores: Stores,
  policy: Policy,
  place: Place & { id?: string },
  now: Instant,
): Promise<Calendar> {
  const [standing, conflicts] = await Promise.all([
    stores.calendar.standing(now),
    conflictsOf(stores, policy, place),
  ]);
  const { windows, freezes, mayOverride } = policy.calendar;
  return {
    windows,
    freezes: [...freezes, ...standing.freezes],
    locks: standing.locks,
    conflicts,
    windowOverrides: mayOverride,
  };
}

/** More than this move at no time: services are tied to a few others. */
const MOST_MOVING = 100;

/** Deployments that move traffic in the environment, of services that this one needs or that need it (WN-2). */
async function conflictsOf(
  stores: Stores,
  policy: Policy,
  { service, environment, id }: Place & { id?: string },
): Promise<Conflict[]> {
  const tied = tiedTo(policy, service);
  if (tied.size === 0) return [];
  const moving = await stores.events.list({ environment, statuses: MOVING, limit: MOST_MOVING });
  return moving.filter((d) => d.id !== id && tied.has(d.envelope.service)).map(conflictOf);
}

export function tiedTo({ services }: Pick<Policy, 'services'>, service: string): Set<string> {
  const needed = services.get(service)?.dependsOn ?? [];
  const needing = [...services.values()].filter(({ dependsOn }) => dependsOn.includes(service));
  return new Set([...needed, ...needing.map(({ name }) => name)]);
}

function conflictOf({ id, envelope, details }: Deployment): Conflict {
  const { service, environment, version } = envelope;
  return { id, service, environment, version, lead: details.lead };
}
