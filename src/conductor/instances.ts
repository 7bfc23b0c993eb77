/** The opened adapters, as the conductor asks for them. */

import type { AdapterRef } from '../terms/adapters.ts';

export interface Instance<T> {
  adapter: T;
  /** Calls to it that may be under way at once. */
  limit: number;
}

export interface Instances<T> {
  /** Undefined where the configuration lost it. */
  find(of: AdapterRef): Instance<T> | undefined;
  /** All that are open. */
  all(): Iterable<readonly [AdapterRef, Instance<T>]>;
}
