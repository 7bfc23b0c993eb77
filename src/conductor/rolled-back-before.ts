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

const ROLLED_BACK: readonly Status[] = ['rolling_back', 'rolled_back', 'failed'];
/** Of those that were asked for last, one was rolled back last: whoever came before them had made room. */
const MAX_COMPARED = 3;

/** The last rollback at a place, of whatever version; drills are none, however many there are. */
export async function lastRollback(
  events: Pick<EventStore, 'list'>,
  { service, environment }: Pick<Envelope, 'service' | 'environment'>,
): Promise<RolledBackBefore | undefined> {
  const found: RolledBackBefore[] = [];
  for await (const one of every(events, { service, environment, statuses: ROLLED_BACK })) {
    const rollback = wentBackAsDrill(one) ? undefined : rollbackOf(one);
    if (rollback !== undefined) found.push(rollback);
    if (found.length === MAX_COMPARED) break;
  }
  return found.toSorted((a, b) => b.at - a.at)[0];
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
