/** Where a handler fails, the person is told, with a reference that finds the log line: a fault is logged here, once. */

import { randomBytes } from 'node:crypto';
import { DatabaseFault } from '../conductor/ports/faults.ts';
import type { Log } from '../log.ts';
import type { Answer, Origin } from './feature.ts';

export interface Answering {
  log: Log;
  /** `because`: where it is known and of use to the person. */
  fault(reference: string, because?: string): Answer;
}

export async function answered(
  options: Answering,
  origin: Origin,
  what: string,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    const reference = newReference();
    options.log.error({ err: error, reference, what, user: origin.userId }, 'a fault; the person was told');
    try {
      await origin.answer(options.fault(reference, reasonOf(error)));
    } catch (unreachable) {
      options.log.error({ err: unreachable, reference }, 'and the person could not be told');
    }
  }
}

/** Trouble with the database is told by name: somebody may be able to mend it, or knows whom to call (OP-3). */
export function reasonOf(error: unknown): string | undefined {
  return error instanceof DatabaseFault ? error.message : undefined;
}

export function newReference(): string {
  return randomBytes(4).toString('hex');
}
