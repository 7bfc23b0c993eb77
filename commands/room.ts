/** What every feature works with, and the way from a click to the core. */

import type { Conductor } from '../src/conductor/conductor.ts';
import type { Outcome } from '../src/conductor/handle.ts';
import type { Stores } from '../src/conductor/ports.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Actor, Intent } from '../src/deployment/intents.ts';
import type { Log } from '../src/log.ts';
import type { People, Resolved } from '../src/people/people.ts';
import type { Policy } from '../src/policy/policy.ts';
import type { Clients } from '../src/slack/clients.ts';
import type { Click, Origin } from '../src/slack/feature.ts';
import type { Clock } from '../src/time.ts';
import { type ButtonValue, decodeButton } from '../views/button-value.ts';

export interface Room {
  conductor: Conductor;
  stores: Stores;
  people: People;
  policy(): Policy;
  clients: Clients;
  clock: Pick<Clock, 'now'>;
  log: Log;
}

type Somebody = Extract<Resolved, { ok: true }>;

/** Who did this, asked afresh; a refusal is answered here, and undefined comes back. */
export async function whoIs(room: Room, origin: Origin): Promise<Somebody | undefined> {
  const resolved = await room.people.resolve(origin.userId);
  if (resolved.ok) return resolved;
  await origin.answer({ text: resolved.message });
  return undefined;
}

export function actorOf({ person, roles }: Somebody): Actor {
  return { kind: 'person', person: { id: person.id, name: person.name }, roles };
}

/** Hands an intent to the core as the person who clicked; a refusal is answered. The cards show what came of it. */
export async function carryOut(
  room: Room,
  origin: Origin,
  deployment: string,
  intent: Intent,
): Promise<Outcome | undefined> {
  const somebody = await whoIs(room, origin);
  if (somebody === undefined) return undefined;
  const outcome = await room.conductor.handle({ deployment, intent, actor: actorOf(somebody) });
  if (outcome.kind === 'refused') await origin.answer({ text: outcome.message });
  return outcome;
}

/** The deployment a button is about, and what else it carries; where there is none the person is told. */
export async function clicked(
  room: Room,
  click: Click,
): Promise<{ deployment: Deployment; value: ButtonValue } | undefined> {
  const value = decodeButton(click.value);
  const deployment = value && (await room.stores.events.load(value.d));
  if (value && deployment) return { deployment, value };
  await click.answer({
    text: 'That button is from another time: its deployment is not in the record. `/deploy list` shows those there are.',
  });
  return undefined;
}
