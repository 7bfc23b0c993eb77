/** GitHub's REST API as this backend asks it: bounded in time and size, and never sent twice. */

import type { z } from 'zod';
import type { AdapterContext } from '../../adapters/kind.ts';
import { createFetch } from './bounded-fetch.ts';
import { ANSWERS_WITHIN, GithubError, understood } from './refusals.ts';
import type { GithubActionsSettings } from './settings.ts';

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

/** What fills the braces of each route. */
export interface RepositoryName {
  owner: string;
  repo: string;
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
