/** What the line of one event is made of. */

import type { Deployment } from '../../src/deployment/deployment.ts';
import type { DeploymentEvent, EventType } from '../../src/deployment/events.ts';
import type { EventOf } from '../../src/deployment/evolver.ts';
import type { PersonRef } from '../../src/terms/person.ts';
import { mention } from '../text.ts';

export type Notes<T extends EventType> = {
  [K in T]: (d: Deployment, event: EventOf<K>) => string | undefined;
};

/** Those of one subject. */
export type SomeNotes = Partial<Notes<EventType>>;

/** Another message says it. */
export const SILENT = () => undefined;

/** Calls whoever must act, where no message of their own does; whoever did it themselves knows. */
export const unlessTheirs = (person: PersonRef, { by }: DeploymentEvent, what: string): string =>
  by.kind === 'person' && by.id === person.id ? '' : `\n${mention(person)}: ${what}`;
