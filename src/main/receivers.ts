/** Which backend hears what is posted at `/webhooks/SENDER/NAME`. */

import type { Conductor } from '../conductor/conductor.ts';
import type { Receiver } from '../http/webhook-door.ts';
import type { Adapters } from './adapters.ts';

/** The kinds of backends that post of their own, by the word in the address that they post to. */
const SENDERS: ReadonlyMap<string, string> = new Map([['github', 'github-actions']]);

export function receiverOf(
  { backends }: Adapters,
  conductor: Pick<Conductor, 'happenedAt'>,
  { sender, name }: { sender: string; name: string },
): Receiver | undefined {
  const kind = SENDERS.get(sender);
  const backend = kind === undefined ? undefined : backends.find({ name, kind })?.adapter;
  if (backend?.receive === undefined) return undefined;
  return async (posted) => {
    const received = await backend.receive?.(posted);
    if (received === undefined || received.kind === 'refused') return received;
    conductor.happenedAt(received.wake);
    return undefined;
  };
}
