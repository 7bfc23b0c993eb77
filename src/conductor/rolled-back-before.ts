/** What became of versions at a place: which was rolled back and not well there since (RB-8), and which came after another. */

import type { Deployment } from '../deployment/deployment.ts';
import { wentBackAsDrill } from '../deployment/drill/drill.ts';
import { CAN_ROLL_BACK, type Status } from '../deployment/lifecycle.ts';
import type { RolledBackBefore } from '../terms/comes-back.ts';
import type { Envelope } from '../terms/envelope.ts';
import { every } from './every.ts';
import type { EventStore } from './ports/event-store.ts';

/** What became of a version that had traffic. */
const ENDED: readonly Status[] = ['rolling_back', 'rolled_back', 'failed', 'observing', 'handed_over'];
/** And what has it. */
export const HAD_TRAFFIC: readonly Status[] = [
  ...CAN_ROLL_BACK,
  'rolling_back',
  'rolled_back',
  'failed',
  'handed_over',
];

/** By its newest deployment there: one that stayed is no reason to ask. */
export async function rolledBackBefore(
  events: Pick<EventStore, 'list'>,
  { service, environment, version }: Pick<Envelope, 'service' | 'environment' | 'version'>,
): Promise<RolledBackBefore | undefined> {
  for await (const one of every(events, { service, environment, version, statuses: ENDED }))
    if (!wentBackAsDrill(one)) return rollbackOf(one);
  return undefined;
}

/** Of those that were asked for last: one of them was rolled back last. */
const LOOKED_THROUGH = 3;
const ROLLED_BACK: readonly Status[] = ['rolling_back', 'rolled_back', 'failed'];

/** The last rollback at a place, of whatever version. */
export async function lastRollback(
  events: Pick<EventStore, 'list'>,
  { service, environment }: Pick<Envelope, 'service' | 'environment'>,
): Promise<RolledBackBefore | undefined> {
  const all = await events.list({ service, environment, statuses: ROLLED_BACK, limit: LOOKED_THROUGH });
  return all
    .flatMap((d) => (wentBackAsDrill(d) ? [] : (rollbackOf(d) ?? [])))
    .reduce<RolledBackBefore | undefined>(
      (last, one) => (last === undefined || one.at > last.at ? one : last),
      undefined,
    );
}

/** The newest deployment with traffic there, where another than this one is. */
export async function newestAfter(
  events: Pick<EventStore, 'list'>,
  { id, terms: { envelope } }: Deployment,
): Promise<Deployment | undefined> {
  const { service, environment } = envelope;
  const [newest] = await events.list({ service, environment, statuses: HAD_TRAFFIC, limit: 1 });
  return newest?.id === id ? undefined : newest;
}

function rollbackOf({ id, rollback, terms: { envelope } }: Deployment): RolledBackBefore | undefined {
  if (rollback === undefined) return undefined;
  const { startedAt: at, by, reason, why } = rollback;
  return { deployment: id, version: envelope.version, at, by, why: reason ?? why };
}
