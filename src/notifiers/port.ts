/** The port of a notifier: whoever calls people beyond Slack, and is told of changes that may explain what fails. */

import type { Finding } from '../adapters/finding.ts';
import type { Duration, Instant } from '../time.ts';

export interface Notification {
  /** `change` calls nobody. */
  tells: 'trigger' | 'acknowledge' | 'resolve' | 'change';
  /** The same for all that is said of one call; a second delivery with it has no effect. At most 255 characters. */
  key: string;
  /** When it happened, which may be a while before it is said. */
  at: Instant;
  /** Plain text on one line. */
  summary: string;
  severity: 'critical' | 'error' | 'warning' | 'info';
  /** `held`, `rolled_back`, `started` */
  about: string;
  deployment: string;
  service: string;
  environment: string;
  version: string;
  /** What ran before. */
  previous: string | null;
  lead: string;
  onCall: string;
  /** Who did it, where a person did. */
  by?: string;
  /** Where the deployment is seen. */
  link?: string;
}

export interface Notifier {
  readonly name: string;
  /** Resolves once it is taken. Rejects where it was not, in words for a person; it is tried again with the same key. */
  notify(notification: Notification, signal?: AbortSignal): Promise<void>;
  /** What can be tried without calling anybody. */
  check?(signal?: AbortSignal): Promise<Finding[]>;
  /** The program ends: what is open is closed. */
  close?(): Promise<void>;
}

export class NotifierError extends Error {
  override readonly name = 'NotifierError';
  /** How long it asks to be left alone. */
  readonly retryAfter?: Duration;

  constructor(message: string, { retryAfter, ...options }: { retryAfter?: Duration; cause?: unknown } = {}) {
    super(message, options);
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
  }
}
