/** An event as a row, read back in today's shape. */

import type { Selectable } from 'kysely';
import type { DeploymentEvent } from '../src/deployment/events.ts';
import type { EventsTable } from './schema.ts';
import { type Facts, upcast } from './upcast.ts';

/** Checked as lightly as a state, for the same reasons (see `stateOf`). */
export function eventOf(row: Selectable<EventsTable>): DeploymentEvent {
  return eventFrom(row, JSON.parse(row.by), JSON.parse(row.body));
}

/** Where its JSON has been read already. */
export function eventFrom(row: Selectable<EventsTable>, by: unknown, facts: unknown): DeploymentEvent {
  const { deployment, seq, type, version, at } = row;
  if (!isFacts(facts) || facts.type !== type)
    throw new Error(`event ${seq} of ${deployment} does not hold a ${type}`);
  return { ...upcast(type, version, facts), deployment, seq, at, by } as DeploymentEvent;
}

function isFacts(value: unknown): value is Facts {
  return typeof value === 'object' && value !== null;
}
