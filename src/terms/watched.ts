/** Somebody else deploys it: GoNoGo shows, judges and measures, and commands nothing. */

export interface Watched {
  /** Seen at the backend, or reported over HTTP and not seen by anybody here. */
  by: 'backend' | 'report';
  /** Who says so, in words: the backend or the API key. */
  reporter: string;
}
