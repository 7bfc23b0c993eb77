/**
 * Events are never changed, but their shape may: each carries the version of its shape, and an old one is brought to
 * today's when it is read. A new shape is one line in `UPCASTS`; nothing else knows that there was an old one.
 */

import type { EventType } from '../src/deployment/events.ts';

/** The facts of an event as they were written. */
export type Facts = Record<string, unknown>;

/** Of each type, what brings version 1 to 2, 2 to 3, and so on; a type that is not here is in its first version. */
export type Upcasts = Partial<Record<EventType, readonly ((facts: Facts) => Facts)[]>>;

const UPCASTS: Upcasts = {};

/** The version that is written today. */
export function versionOf(type: EventType, upcasts: Upcasts = UPCASTS): number {
  return 1 + (upcasts[type]?.length ?? 0);
}

/** Today's shape. Throws for a version that is not known: a newer GoNoGo wrote it. */
export function upcast(type: EventType, version: number, facts: Facts, upcasts: Upcasts = UPCASTS): Facts {
  if (!Number.isInteger(version) || version < 1 || version > versionOf(type, upcasts))
    throw new Error(`${type} of version ${version} is not known to this version of GoNoGo`);
  return (upcasts[type] ?? []).slice(version - 1).reduce((old, toNext) => toNext(old), facts);
}
