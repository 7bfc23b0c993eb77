/** Somebody else deploys it: GoNoGo shows, judges and measures, and commands nothing. */

export interface Watched {
  /** Seen at the backend, or reported over HTTP and not seen by anybody here. */
  by: 'backend' | 'report';
  /** Who says so, in words: the backend or the API key. */
  reporter: string;
}

/** What whoever deploys it says of it. */
export interface WatchReport {
  service: string;
  environment: string;
  version: string;
  state: 'moving' | 'done' | 'failed';
  percent?: number;
  reason?: string;
  sha?: string;
  digest?: string;
}
