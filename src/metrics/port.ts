/** The port of a metric source: one window of time, read for both arms, or "no data". */

import type { Change } from '../backends/port.ts';
import type { Reading } from '../judge/types.ts';
import type { Instant } from '../time.ts';

export interface MetricsSource {
  readonly name: string;
  /**
   * Errors as counts (`errors`: requests and failed ones); `p50` and `p99` in ms, `cpu` and `memory` in percent,
   * `queue_depth` as a number. A fault of the source rejects; that it has nothing to say is a reading with `noData`.
   */
  read(change: Change, from: Instant, to: Instant, signal?: AbortSignal): Promise<Reading>;
}
