/** The port of a metric source: one window of time, read for both arms, or "no data". */

import type { Finding } from '../adapters/finding.ts';
import type { Change, Target } from '../backends/port.ts';
import type { Reading } from '../judge/types.ts';
import type { Duration, Instant } from '../time.ts';

export interface MetricsSource {
  readonly name: string;
  /**
   * Errors as counts (`errors`: requests and failed ones); `p50` and `p99` in ms, `cpu` and `memory` in percent,
   * `queue_depth` as a number. A fault of the source rejects; that it has nothing to say is a reading with `noData`.
   */
  read(change: Change, from: Instant, to: Instant, signal?: AbortSignal): Promise<Reading>;
  /**
   * One metric of a whole service over time, both arms together, where the source keeps a history: for what has no
   * second arm. Counts come as the share of bad ones in percent; a step without data is left out. Oldest first.
   */
  series?(
    target: Target,
    metric: string,
    range: { from: Instant; to: Instant; step: Duration },
    signal?: AbortSignal,
  ): Promise<Point[]>;
  /** Tries what a look will need there and changes nothing; for `gonogo doctor`. */
  check?(target: Target, signal?: AbortSignal): Promise<Finding[]>;
  /** The program ends: what is open is closed. */
  close?(): Promise<void>;
}

export interface Point {
  at: Instant;
  value: number;
}

/** The source failed, in words for a person; it says nothing about the service. */
export class MetricsError extends Error {
  override readonly name = 'MetricsError';
  /** How long the source asks to be left alone; unset where it asks for nothing. */
  readonly retryAfter: Duration | undefined;

  constructor(message: string, options: { cause?: unknown; retryAfter?: Duration | undefined } = {}) {
    super(message, { cause: options.cause });
    this.retryAfter = options.retryAfter;
  }
}
