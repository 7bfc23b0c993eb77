/** What is asked besides when a backend says what runs: whether it may start there now, and whose a strange version is. */

import type { Deployment } from '../../deployment/deployment.ts';
import type { Facts } from '../../deployment/intents.ts';
import { strangerIn } from '../../deployment/rollout/drift.ts';
import type { Instant } from '../../time.ts';
import { leftBy, newestLeft } from '../left-there.ts';
import type { FactsContext, Found, IntentOf } from './context.ts';
import { occupantAt, occupiedBy } from './place.ts';

export async function ofObserved(
  context: FactsContext,
  intent: IntentOf<'observed'>,
  before: Deployment | undefined,
  now: Instant,
): Promise<Found> {
  if (before === undefined) return {};
  return before.status === 'scheduled' ? ofStart(context, before, now) : ofStranger(context, intent, before);
}

async function ofStart(context: FactsContext, d: Deployment, now: Instant): Promise<Found> {
  const { events } = context.stores;
  const { service, environment } = d.terms.envelope;
  const history = await events.judgeHistory({ service, environment });
  const [goingBack] = await events.inEnvironment(environment, [service], ['rolling_back']);
  const found = { history, ...occupiedBy(goingBack) };
  if (d.start.at === undefined || d.start.at > now) return found;
  return { ...found, ...(await context.ask.planProblem(d.terms, 'start')), ...(await leftAt(context, d)) };
}

async function leftAt({ stores }: FactsContext, { terms }: Deployment): Promise<Pick<Facts, 'left'>> {
  const newest = await newestLeft(stores.events, terms.envelope);
  return newest === undefined ? {} : { left: leftBy(newest) };
}

/** What has traffic there beside it may be the deployment after it, which is not behind anybody's back. */
async function ofStranger(
  context: FactsContext,
  { observation }: IntentOf<'observed'>,
  d: Deployment,
): Promise<Found> {
  if (strangerIn(d, observation) === undefined) return {};
  const occupant = await occupantAt(context, d.terms.envelope);
  return occupiedBy(occupant?.id === d.id ? undefined : occupant);
}
