/** What GitHub refuses or does not answer, in words: whether trying again can help, and what is missing. */

import { readRetryAfter } from '../../adapters/retry-after.ts';
import { type Duration, SECOND } from '../../time.ts';
import { BackendError } from '../port.ts';
import { TooLarge } from './bounded-fetch.ts';

/** Less than the engine waits for, so that the reason is GitHub's and not the engine's. */
export const ANSWERS_WITHIN: Duration = 12 * SECOND;

const MAX_WORDS = 300;

/** What GitHub did not do, or nobody knows whether it did. */
export class GithubError extends BackendError {
  /** Unset where there was no answer. */
  readonly status: number | undefined;
  /** A command may have been carried out all the same. */
  readonly unclear: boolean;
  /** The credentials lack something: a change of them, and not of what was asked, will help. */
  readonly credentials: boolean;

  constructor(
    message: string,
    of: {
      final: boolean;
      status?: number;
      unclear?: boolean;
      credentials?: boolean;
      cause?: unknown;
      retryAfter?: Duration | undefined;
    },
  ) {
    super(message, of);
    this.status = of.status;
    this.unclear = of.unclear ?? false;
    this.credentials = of.credentials ?? false;
  }
}

interface Refusal {
  status?: number;
  message?: string;
  name?: string;
  code?: string;
  cause?: unknown;
  response?: { headers?: Record<string, string | undefined>; data?: unknown };
}

/** The connection was never made, so nothing was carried out. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export function understood(
  route: string,
  parameters: Readonly<Record<string, unknown>>,
  error: unknown,
): Error {
  if (error instanceof BackendError) return error;
  const { status, response, name } = error as Refusal;
  // The client's own word for "no answer" is 500 without a response.
  if (status === undefined || response === undefined) return unanswered(error as Refusal, name);
  const headers = response.headers ?? {};
  const said = saidIn(response.data);
  const where = `${parameters.owner ?? ''}/${parameters.repo ?? ''}`;
  const of = { status, cause: error };
  if (isLimit(status, headers, said)) {
    return new GithubError(`GitHub limits how often it is asked (${status})${again(headers)}`, {
      ...of,
      final: false,
      retryAfter: waitFor(headers),
    });
  }
  if (status === 401) {
    return new GithubError(`GitHub does not take the credentials (401): ${said}`, {
      ...of,
      final: true,
      credentials: true,
    });
  }
  if (status === 403) {
    return new GithubError(`GitHub does not allow it in ${where} (403): ${said}${needs(headers)}`, {
      ...of,
      final: true,
      credentials: true,
    });
  }
  if (status === 404) {
    return new GithubError(
      `GitHub finds nothing at ${filledIn(route, parameters)} (404): the name is wrong, or the credentials may not see it${needs(headers)}`,
      { ...of, final: true, credentials: true },
    );
  }
  if (status === 408 || status >= 500) {
    return new GithubError(`GitHub failed (${status})${said === '' ? '' : `: ${said}`}${again(headers)}`, {
      ...of,
      final: false,
      unclear: true,
      retryAfter: readRetryAfter(headers['retry-after']),
    });
  }
  // What it is in conflict with comes to an end.
  return new GithubError(`GitHub refused it (${status}): ${said}`, { ...of, final: status !== 409 });
}

function unanswered(error: Refusal, name: string | undefined): GithubError {
  const inner = chain(error);
  const code = inner.map((one) => one.code).find((one) => one !== undefined);
  const names = [name, ...inner.map((one) => one.name)];
  const options = { final: false, unclear: code === undefined || !NEVER_SENT.has(code), cause: error };
  if (names.includes('TimeoutError'))
    return new GithubError(`GitHub did not answer within ${ANSWERS_WITHIN / SECOND} s`, options);
  if (names.includes('AbortError'))
    return new GithubError('GitHub had not answered when the call was given up', options);
  const tooLarge = inner.find((one) => one instanceof TooLarge);
  if (tooLarge !== undefined) return new GithubError(`GitHub answers ${tooLarge.message}`, options);
  return new GithubError(`GitHub cannot be reached: ${code ?? error.message}`, options);
}

function chain(error: Refusal): Refusal[] {
  const all: Refusal[] = [];
  for (let one: unknown = error; one instanceof Error && all.length < 5; one = one.cause)
    all.push(one as Refusal);
  return all;
}

function isLimit(status: number, headers: Record<string, string | undefined>, said: string): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    headers['x-ratelimit-remaining'] === '0' ||
    headers['retry-after'] !== undefined ||
    /rate limit/i.test(said)
  );
}

/** Until its hour is over, where it names no time. */
function waitFor(headers: Record<string, string | undefined>): Duration | undefined {
  const reset = Number(headers['x-ratelimit-reset']);
  const until =
    headers['x-ratelimit-remaining'] === '0' && reset > 0 ? reset * SECOND - Date.now() : undefined;
  return readRetryAfter(headers['retry-after']) ?? (until !== undefined && until > 0 ? until : undefined);
}

function again(headers: Record<string, string | undefined>): string {
  const after = headers['retry-after'];
  if (after !== undefined) return `, and asks to wait ${cut(after)} s`;
  const reset = Number(headers['x-ratelimit-reset']);
  return headers['x-ratelimit-remaining'] === '0' && reset > 0
    ? `, until ${new Date(reset * SECOND).toISOString()}`
    : '';
}

/** GitHub names what would have been enough: `actions=write`, alternatives with `;` between. */
function needs(headers: Record<string, string | undefined>): string {
  const permissions = headers['x-accepted-github-permissions'] ?? '';
  if (!/^[a-z_=;, ]{1,200}$/.test(permissions)) return '';
  const words = permissions
    .split(';')
    .map((all) =>
      all
        .trim()
        .split(/, ?/)
        .map((one) => one.replace('=', ': '))
        .join(' and '),
    )
    .join(', or ');
  return `; it needs the permission ${words}`;
}

function saidIn(data: unknown): string {
  if (typeof data !== 'object' || data === null) return typeof data === 'string' ? cut(data) : '';
  const { message, errors } = data as { message?: unknown; errors?: unknown };
  const details = Array.isArray(errors)
    ? errors
        .map((one) => (typeof one === 'string' ? one : ((one as { message?: string }).message ?? '')))
        .filter(Boolean)
    : [];
  return cut([typeof message === 'string' ? message : '', ...details].filter(Boolean).join('; '));
}

function filledIn(route: string, parameters: Readonly<Record<string, unknown>>): string {
  return route
    .replace(/^\w+ /, '')
    .replace(/\{(\w+)\}/g, (_whole, name: string) => String(parameters[name] ?? `{${name}}`));
}

function cut(text: string): string {
  return text.length > MAX_WORDS ? `${text.slice(0, MAX_WORDS)} …` : text;
}
