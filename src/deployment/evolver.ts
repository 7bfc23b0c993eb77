/** What an event does to the state: one function per type of event, kept with its subject. */

import type { PersonRef } from '../terms/person.ts';
import type { Deployment } from './deployment.ts';
import type { DeploymentEvent, EventType } from './events.ts';

export type EventOf<T extends EventType> = Extract<DeploymentEvent, { type: T }>;
/** A record set to undefined is taken out. */
export type Change = { [K in keyof Deployment]?: Deployment[K] | undefined };
export type Evolvers<T extends EventType> = { [K in T]: (d: Deployment, e: EventOf<K>) => Change };

/** Fields of a record to change; those set to undefined are taken out. */
export type Changed<T> = { [K in keyof T]?: T[K] | undefined };

/** Throws where a person must have done it and none did: that is a fault of ours. */
export function personOf(event: DeploymentEvent): PersonRef {
  if (event.by.kind !== 'person') throw new Error(`${event.type} #${event.seq} needs a person`);
  return { id: event.by.id, name: event.by.name };
}

/** A record with some fields changed. */
export function changed<T extends object>(record: T, change: Changed<T>): T {
  const all = { ...record, ...change };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as T;
}
