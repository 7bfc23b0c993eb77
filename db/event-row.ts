/** An event as a row, read back in today's shape. */

import type { Selectable } from 'kysely';
import type { DeploymentEvent } from '../src/deployment/events.ts';
import type { EventsTable } from './schema.ts';
import { type Facts, upcast } from './upcast.ts';

/** Checked as lightly as a state, for the same reasons (see `stateOf`). */
export function eventOf(row: Selectable<EventsTable>): DeploymentEvent {
  const { deployment, seq, type, version, at, by, body } = row;
  const facts: unknown = JSON.parse(body);
  if (!isFacts(facts) || facts.type !== type)
    throw new Error(`event ${seq} of ${deployment} does not hold a ${type}`);
  return { ...upcast(type, version, facts), deployment, seq, at, by: JSON.parse(by) } as DeploymentEvent;
}

function isFacts(value: unknown): value is Facts {
  return typeof value === 'object' && value !== null;
}
