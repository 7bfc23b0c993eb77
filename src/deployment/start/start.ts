/** When a deployment that has all it needs may start. */

import type { Envelope } from '../../terms/envelope.ts';
import type { EventBody } from '../events.ts';
import type { Facts } from '../intents.ts';

export function scheduled(envelope: Envelope, facts: Pick<Facts, 'now'>): EventBody {
  const at = envelope.start.kind === 'at' ? envelope.start.at : facts.now;
  return { type: 'scheduled', startAt: Math.max(at, facts.now) };
}
