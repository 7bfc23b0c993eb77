/** Where alerts are watched, and how services are found in them (K-6). */

export interface AlertChannel {
  /** Words around `{service}` as alerts here write them: "[{service}]". */
  patterns: readonly string[];
  /** The service that alerts here are about where they name none. */
  service?: string;
}

export interface AlertPolicy {
  /** By Slack channel id; an alert elsewhere is not read. */
  channels: ReadonlyMap<string, AlertChannel>;
  /** Other names of a service, by service. */
  aliases: ReadonlyMap<string, readonly string[]>;
  /** What is said in an alert's thread where nothing was deployed that could explain it. */
  noSuspect: 'say' | 'silent';
}
