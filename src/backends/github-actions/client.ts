/** GitHub's REST API as this backend asks it: bounded in time and size, never sent twice, and every refusal in words. */

import type { z } from 'zod';
import type { AdapterContext } from '../../adapters/kind.ts';
import { readRetryAfter } from '../../adapters/retry-after.ts';
import { type Duration, SECOND } from '../../time.ts';
import { BackendError } from '../port.ts';
import type { GithubActionsSettings } from './settings.ts';

/** Less than the engine waits for, so that the reason is GitHub's and not the engine's. */
const ANSWERS_WITHIN: Duration = 12 * SECOND;
const MAX_ANSWER_BYTES = 10_000_000;
const MAX_WORDS = 300;
/** Answers that are asked for again with their ETag: those do not count against the limit. */
const REMEMBERED = 200;

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

export interface Github {
  /** `GET /repos/{owner}/{repo}/…`; what is asked fills the braces, and then the query or the body. */
  ask<T>(
    route: string,
    parameters: Readonly<Record<string, unknown>>,
    answer: z.ZodType<T>,
    signal?: AbortSignal,
  ): Promise<T>;
  /** What the installation of the App may do, by name; undefined for a token, which does not say it. */
  permissions(signal?: AbortSignal): Promise<Record<string, string> | undefined>;
}

type Request = (
  route: string,
  parameters: Record<string, unknown>,
) => Promise<{ status: number; data: unknown }>;

interface Connected {
  request: Request;
  auth(): Promise<unknown>;
}

export function createGithub(settings: GithubActionsSettings, context: AdapterContext): Github {
  const fetchBounded = createFetch(context.fetch);
  let connected: { secret: string; client: Promise<Connected> } | undefined;

  /** Opened again when the secret has changed. */
  function client(): Promise<Connected> {
    const { auth } = settings;
    const secret = context.secret('token' in auth ? auth.token : auth.private_key);
    if (connected?.secret !== secret) connected = { secret, client: connect(settings, secret, fetchBounded) };
    return connected.client;
  }

  async function send(
    route: string,
    parameters: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<unknown> {
    if (signal?.aborted === true) throw new GithubError('the call was given up', { final: false });
    const { request } = await client();
    const within = AbortSignal.any([
      AbortSignal.timeout(ANSWERS_WITHIN),
      ...(signal === undefined ? [] : [signal]),
    ]);
    try {
      return (await request(route, { ...parameters, request: { signal: within } })).data;
    } catch (error) {
      throw understood(route, parameters, error);
    }
  }

  return {
    async ask(route, parameters, answer, signal) {
      const read = answer.safeParse(await send(route, parameters, signal));
      if (read.success) return read.data;
      const [issue] = read.error.issues;
      throw new GithubError(
        `GitHub does not answer ${route} as it is documented: ${issue?.path.join('.') || 'it'}: ${issue?.message}`,
        { final: false, unclear: true },
      );
    },
    async permissions() {
      if ('token' in settings.auth) return undefined;
      try {
        const { permissions } = (await (await client()).auth()) as { permissions?: Record<string, string> };
        return permissions;
      } catch (error) {
        throw understood('POST /app/installations/{installation_id}/access_tokens', {}, error);
      }
    },
  };
}

/** Its own retries and queues stay off: a dispatch that is sent twice deploys twice, and the engine paces its calls itself. */
async function connect(
  { api_url, auth }: GithubActionsSettings,
  secret: string,
  fetchBounded: typeof fetch,
): Promise<Connected> {
  const { App, Octokit } = await import('octokit');
  const Client = Octokit.defaults({
    baseUrl: api_url.replace(/\/+$/, ''),
    userAgent: 'gonogo',
    request: { fetch: fetchBounded },
    retry: { enabled: false },
    throttle: { enabled: false },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  if ('token' in auth) {
    const octokit = new Client({ auth: secret });
    return { request: octokit.request as unknown as Request, auth: async () => ({}) };
  }
  const app = new App({ appId: auth.app_id, privateKey: secret, Octokit: Client });
  const octokit = await app.getInstallationOctokit(auth.installation_id);
  return {
    request: octokit.request as unknown as Request,
    auth: () => octokit.auth({ type: 'installation' }),
  };
}

/** Keeps answers by their ETag, and does not read huge ones. */
export function createFetch(inner: typeof fetch): typeof fetch {
  const known = new Map<string, { etag: string; body: string; headers: [string, string][] }>();
  return async (input, init) => {
    const url = String(input);
    const before = (init?.method ?? 'GET') === 'GET' ? known.get(url) : undefined;
    const headers = new Headers(init?.headers);
    if (before !== undefined) headers.set('if-none-match', before.etag);
    const answer = await inner(input, { ...init, headers, redirect: 'error' });
    if (answer.status === 304 && before !== undefined) {
      return new Response(before.body, { status: 200, headers: before.headers });
    }
    const body = await bounded(answer);
    const etag = answer.headers.get('etag');
    if (answer.status === 200 && etag !== null && (init?.method ?? 'GET') === 'GET') {
      known.delete(url);
      known.set(url, { etag, body, headers: [...answer.headers] });
      for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - REMEMBERED)))
        known.delete(oldest);
    }
    const empty = [204, 205, 304].includes(answer.status);
    return new Response(empty ? null : body, { status: answer.status, headers: plain(answer.headers) });
  };
}

/** Of the body as it was read: unpacked, and of another length. */
function plain(headers: Headers): Headers {
  const copy = new Headers(headers);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) copy.delete(name);
  return copy;
}

class TooLarge extends Error {}

async function bounded(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += (chunk as Uint8Array).length;
    // Leaving the loop ends the connection.
    if (size > MAX_ANSWER_BYTES) throw new TooLarge(`more than ${MAX_ANSWER_BYTES / 1e6} MB`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
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

function understood(route: string, parameters: Readonly<Record<string, unknown>>, error: unknown): Error {
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
