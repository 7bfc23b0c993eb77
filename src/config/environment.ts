/** What the process environment says: where things are, and the secrets, which are never printed. */

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { apiKeys } from './api-keys.ts';

const secret = (pattern: RegExp, what: string) => z.string().regex(pattern, `must be ${what}`);

/** One key, or several with the one that seals first: those that sealed before are still known (AU-7). */
const recordKeys = z
  .string()
  .transform((text) => text.split(',').map((key) => key.trim()))
  .refine(
    (keys) => keys.every((key) => key.length >= 32),
    'must be one or more keys of at least 32 characters',
  )
  .transform(([current = '', ...earlier]) => ({ current, earlier }));

const variables = z
  .object({
    SLACK_BOT_TOKEN: secret(/^xoxb-/, 'a bot token (xoxb-…)'),
    SLACK_APP_TOKEN: secret(/^xapp-/, 'an app-level token (xapp-…)').optional(),
    SLACK_SIGNING_SECRET: z.string().min(8, 'must be the signing secret of the app').optional(),
    SLACK_DELIVERY: z.enum(['socket', 'http']).default('socket'),
    SLACK_API_URL: z.url().endsWith('/', 'must end in "/"').optional(),
    GONOGO_CONFIG: z.string().min(1).default('gonogo.yml'),
    GONOGO_DB: z.string().min(1).default('gonogo.db'),
    GONOGO_HOST: z.string().min(1).default('127.0.0.1'),
    GONOGO_API_KEYS: apiKeys.default(new Map()),
    GONOGO_RECORD_KEY: recordKeys.optional(),
    GONOGO_ALERT_TOKEN: z.string().min(24, 'must be at least 24 characters').optional(),
    GONOGO_PAGERDUTY_SECRET: z.string().min(16, 'must be the secret of a PagerDuty webhook').optional(),
    GONOGO_PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  })
  .check((context) => {
    const { SLACK_DELIVERY, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET } = context.value;
    const missing = (name: string, why: string): void => {
      context.issues.push({ code: 'custom', path: [name], message: `is needed ${why}`, input: undefined });
    };
    if (SLACK_DELIVERY === 'socket' && !SLACK_APP_TOKEN)
      missing('SLACK_APP_TOKEN', 'where SLACK_DELIVERY is "socket"');
    if (SLACK_DELIVERY === 'http' && !SLACK_SIGNING_SECRET)
      missing('SLACK_SIGNING_SECRET', 'where SLACK_DELIVERY is "http"');
  });

export type Environment = z.infer<typeof variables>;

/** Variables that may be given as `NAME_FILE`, the path of a file that holds them. */
const FROM_FILES = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'GONOGO_API_KEYS',
  'GONOGO_RECORD_KEY',
  'GONOGO_ALERT_TOKEN',
  'GONOGO_PAGERDUTY_SECRET',
] as const;

export type ReadEnvironment = { ok: true; environment: Environment } | { ok: false; problems: string[] };

/** Problems name the variable and what it must be, never what it holds. */
export function readEnvironment(given: Record<string, string | undefined>): ReadEnvironment {
  const { env, problems } = withFiles(given, FROM_FILES);
  const read = variables.safeParse(env);
  if (read.success && problems.length === 0) return { ok: true, environment: read.data };
  const issues = read.error?.issues ?? [];
  return {
    ok: false,
    problems: [
      ...problems,
      ...issues.map(({ path, message, code }) => `${path.join('.')} ${wording(code, message)}`),
    ],
  };
}

/** What `audit` and `record` need of it: they speak to no Slack. */
export function readRecordKeys(
  given: Record<string, string | undefined>,
): { ok: true; keys: Environment['GONOGO_RECORD_KEY'] } | { ok: false; problems: string[] } {
  const { env, problems } = withFiles(given, ['GONOGO_RECORD_KEY']);
  const read = recordKeys.optional().safeParse(env.GONOGO_RECORD_KEY);
  if (read.success && problems.length === 0) return { ok: true, keys: read.data };
  const issues = read.error?.issues.map(({ message }) => `GONOGO_RECORD_KEY ${message}`) ?? [];
  return { ok: false, problems: [...problems, ...issues] };
}

/** Empty variables count as not set. */
function withFiles(
  given: Record<string, string | undefined>,
  names: readonly string[],
): { env: Record<string, string | undefined>; problems: string[] } {
  const env = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value !== ''),
  );
  const problems: string[] = [];
  for (const name of names) {
    const file = env[`${name}_FILE`];
    if (file === undefined) continue;
    try {
      env[name] = readFileSync(file, 'utf8').trim();
    } catch (error) {
      problems.push(
        `${name}_FILE cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`,
      );
    }
  }
  return { env, problems };
}

function wording(code: string | undefined, message: string): string {
  return code === 'invalid_type' ? 'is not set' : message;
}
