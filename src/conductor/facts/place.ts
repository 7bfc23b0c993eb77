/** The place that a deployment is about, and what occupies it. */

import type { Deployment } from '../../deployment/deployment.ts';
import type { Facts } from '../../deployment/intents.ts';
import type { Place } from '../../policy/calendar/scope.ts';
import type { FactsContext } from './context.ts';

export function placeOf({ terms: { envelope } }: Deployment): Place {
  const { service, environment } = envelope;
  return { service, environment };
}

export function occupantAt(
  { stores }: FactsContext,
  { service, environment }: Place,
): Promise<Deployment | undefined> {
  return stores.events.occupant(service, environment);
}

export function occupiedBy(occupant: Deployment | undefined): Pick<Facts, 'occupiedBy'> {
  if (occupant === undefined) return {};
  const { id, terms } = occupant;
  return { occupiedBy: { id, version: terms.envelope.version, lead: terms.details.lead } };
}
