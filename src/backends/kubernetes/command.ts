/** A command is told to the cluster once, whoever tells it: by its key, the object's version, and who came last. */

import { BackendError, type Commanded } from '../port.ts';
import { KubeError } from './api.ts';
import type { Journal, Order } from './journal.ts';

/** While pods come and go the object changes every second or so; each time it is read again. */
const TRIES = 12;

/** A newer command came meanwhile: this one is over, and nobody is told of it. */
class Overtaken extends Error {}

export interface Told {
  journal: Journal;
  /** `checkout/production` */
  place: string;
  key: string;
  command: Commanded;
  order: Order;
}

/**
 * `attempt` reads the object, asks `still()`, and patches it only as it was read. A conflict has it begin again: a
 * process that stood still meanwhile finds its key there, or that it was overtaken.
 */
export async function tellOnce(
  { journal, place, key, command, order }: Told,
  signal: AbortSignal | undefined,
  attempt: (still: () => void) => Promise<void>,
): Promise<void> {
  if (signal?.aborted === true) throw new BackendError('it was given up', { final: false });
  const { ticket, isOver } = journal.begin(key, place, command, order);
  if (isOver) return;
  const still = (): void => {
    if (journal.isOvertaken(place, key, ticket)) {
      throw new Overtaken();
    }
  };
  for (let tried = 1; ; tried += 1) {
    try {
      await attempt(still);
      journal.done(key);
      return;
    } catch (error) {
      if (error instanceof Overtaken) return;
      if (!(error instanceof KubeError && error.code === 409) || tried === TRIES) throw error;
    }
  }
}

/** A rollback goes on being tried: meanwhile a token may be renewed, or a permission given. */
export async function stillTried(rollback: Promise<void>): Promise<void> {
  try {
    await rollback;
  } catch (error) {
    if (!(error instanceof KubeError && error.isOfCredentials)) throw error;
    throw new BackendError(error.message, { final: false, cause: error });
  }
}
