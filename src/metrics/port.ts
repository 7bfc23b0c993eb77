/** The port of a metric source: one window of time, read for both arms, or "no data". */

import type { Finding } from '../adapters/finding.ts';
import type { Change, Target } from '../backends/port.ts';
import type { Reading } from '../judge/types.ts';
import type { Instant } from '../time.ts';

export interface MetricsSource {
  readonly name: string;
  /**
   * Errors as counts (`errors`: requests and failed ones); `p50` and `p99` in ms, `cpu` and `memory` in percent,
   * `queue_depth` as a number. A fault of the source rejects; that it has nothing to say is a reading with `noData`.
   */
  read(change: Change, from: Instant, to: Instant, signal?: AbortSignal): Promise<Reading>;
  /** Tries what a look will need there and changes nothing; for `gonogo doctor`. */
  check?(target: Target, signal?: AbortSignal): Promise<Finding[]>;
  /** The program ends: what is open is closed. */
  close?(): Promise<void>;
}
