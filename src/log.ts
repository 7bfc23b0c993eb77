/** Structured logs on standard output; what could be a secret never reaches them. */

import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'child'>;

/** Slack's tokens, URLs that let their holder speak, signatures, and what headers carry. */
const SECRET =
  /xox[a-z]-[\w-]+|xapp-[\w-]+|https:\/\/hooks\.slack\.com\/[\w/]+|(?<=Bearer )[\w.~+/-]+=*|(?<=\bv1=)[0-9a-f]{64}/g;
const PATHS = [
  'token',
  'authorization',
  'signing_secret',
  'password',
  'secret',
  'GONOGO_API_KEYS',
  'response_url',
  'trigger_id',
];

export function createLog(options: { level: string; destination?: DestinationStream }): Logger {
  const settings = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: PATHS.flatMap((path) => [path, `*.${path}`, `*.*.${path}`]), censor: '[redacted]' },
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: {
      streamWrite: (line: string) => line.replace(SECRET, '[redacted]'),
    },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}
