/** The port of a source of signals: alerts that fired and errors in logs, in one window of time. */

import type { Change } from '../backends/port.ts';
import type { Signals } from '../terms/signals.ts';
import type { Instant } from '../time.ts';

export interface SignalSource {
  readonly name: string;
  /** Rejects where it cannot be said: that is never the same as nothing (AN-5). */
  read(change: Change, from: Instant, to: Instant, signal?: AbortSignal): Promise<Signals>;
  /** The program ends: what is open is closed. */
  close?(): Promise<void>;
}

/** The source failed, in words for a person; it says nothing about the service. */
export class SignalError extends Error {
  override readonly name = 'SignalError';
}
