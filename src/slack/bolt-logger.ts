/** Bolt's logger on ours, so that its lines are structured and redacted like all others. */

import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../log.ts';

export function boltLogger(log: Log): Logger {
  const line = (parts: unknown[]): string =>
    parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ');
  return {
    debug: (...parts) => log.debug(line(parts)),
    // The packages say at "info" what is only of interest to those who debug them.
    info: (...parts) => log.debug(line(parts)),
    warn: (...parts) => log.warn(line(parts)),
    error: (...parts) => log.error(line(parts)),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}
