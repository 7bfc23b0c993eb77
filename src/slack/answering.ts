/** Where a handler fails, the person is told, with a reference that finds the log line: a fault is logged here, once. */

import { randomBytes } from 'node:crypto';
import { DatabaseFault } from '../conductor/ports/faults.ts';
import type { Log } from '../log.ts';
import type { Answer, Origin } from './feature.ts';
import { type PassingTrouble, passingTrouble } from './slack-error.ts';

export interface Answering {
  log: Log;
  /** `because`: where it is known and of use to the person. */
  fault(reference: string, because?: string): Answer;
  /** Slack's own trouble, which passes. */
  delay(trouble: PassingTrouble): Answer;
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
    const { answer, reference } = answerTo(options, error, { what, user: origin.userId });
    try {
      await origin.answer(answer);
    } catch (unreachable) {
      options.log.error({ err: unreachable, reference }, 'and the person could not be told');
    }
  }
}

/** Logged here, and what the person is told: of trouble that passes that it does, of a fault how to find it. */
export function answerTo(
  options: Answering,
  error: unknown,
  about: { what: string; user: string },
): { answer: Answer; reference: string } {
  const reference = newReference();
  const trouble = passingTrouble(error);
  if (trouble === undefined) {
    options.log.error({ err: error, reference, ...about }, 'a fault; the person was told');
    return { answer: options.fault(reference, reasonOf(error)), reference };
  }
  options.log.warn(
    { err: error, reference, ...about },
    'Slack was in trouble; the person was told to try again',
  );
  return { answer: options.delay(trouble), reference };
}

/** Trouble with the database is told by name: somebody may be able to mend it, or knows whom to call (OP-3). */
function reasonOf(error: unknown): string | undefined {
  return error instanceof DatabaseFault ? error.message : undefined;
}

function newReference(): string {
  return randomBytes(4).toString('hex');
}
