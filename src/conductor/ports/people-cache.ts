/** What Slack said about people. */

import type { Instant } from '../../time.ts';

/** What Slack said about people, to ask it less often. */
export interface PeopleCache {
  /** Whoever reads it checks its shape: it is what an older version of GoNoGo may have kept. */
  get(id: string): Promise<{ json: unknown; fetchedAt: Instant } | undefined>;
  put(id: string, json: unknown, at: Instant): Promise<void>;
}
