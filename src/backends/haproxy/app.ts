/** What is asked of the app itself: which version a server runs, and to run another. */

import { spawn } from 'node:child_process';
import type { AdapterContext } from '../../adapters/kind.ts';
import { parseDuration } from '../../config/durations.ts';
import { defined, given } from '../../defined.ts';
import { type Duration, SECOND } from '../../time.ts';
import { BackendError } from '../port.ts';
import { bounded, describe } from '../releases.ts';
import type { ServerState } from './runtime-api.ts';
import type { PlaceSettings } from './settings.ts';

export interface Runs {
  version: string;
  digest?: string;
}

export interface Wanted {
  version: string;
  sha: string;
  digest: string;
}

/** How long a server is waited for to say its version. */
export const VERSION_WITHIN: Duration = 3 * SECOND;
/** Less where a rollback waits for it: what a server said before must do then. */
export const VERSION_WITHIN_ROLLBACK: Duration = SECOND / 2;
const MAX_VERSION_BYTES = 65_536;
const MAX_WORDS = 300;

type Spot = Pick<ServerState, 'name' | 'address' | 'port'>;

function fill(text: string, { name, address, port }: Spot): string {
  return text
    .replaceAll('{server}', name)
    .replaceAll('{address}', address.includes(':') ? `[${address}]` : address)
    .replaceAll('{port}', String(port));
}

/** Undefined where it does not say. */
export async function askVersion(
  { version }: PlaceSettings,
  server: Spot,
  context: AdapterContext,
  signal?: AbortSignal,
  within = VERSION_WITHIN,
): Promise<Runs | undefined> {
  try {
    const answer = await context.fetch(fill(version.url, server), {
      redirect: 'error',
      signal: AbortSignal.any([AbortSignal.timeout(within), ...(signal === undefined ? [] : [signal])]),
    });
    if (!answer.ok) return undefined;
    const body: unknown = JSON.parse(await bounded(answer, MAX_VERSION_BYTES));
    const runs = at(body, version.version_at);
    const digest = at(body, version.digest_at);
    if (typeof runs !== 'string') return undefined;
    return { version: runs, ...(typeof digest === 'string' ? { digest } : {}) };
  } catch (error) {
    if (signal?.aborted === true) throw new BackendError('it was given up', { final: false, cause: error });
    context.log.debug({ err: error, server: server.name }, 'a server does not say its version');
    return undefined;
  }
}

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, name) =>
        typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
          ? (inner as Record<string, unknown>)[name]
          : undefined,
      value,
    );
}

/** Puts the version on one server; may be told twice, with the same key. Throws what it said where it did not work. */
export async function activate(
  settings: PlaceSettings,
  { server, wanted, key }: { server: Spot; wanted: Wanted; key: string },
  context: AdapterContext,
  signal: AbortSignal,
): Promise<void> {
  const hook = settings.activate;
  if (hook === undefined) {
    throw new BackendError(
      `${server.name} does not run ${wanted.version}, and no "activate" says how to put it there`,
      { final: true },
    );
  }
  const within = AbortSignal.any([signal, AbortSignal.timeout(parseDuration(settings.activate_within))]);
  const failed =
    'command' in hook ? await command(hook.command, { server, wanted, key }, within) : await post(hook);
  if (failed === undefined) return;
  throw new BackendError(
    `${wanted.version} could not be activated on ${server.name}: ${failed.slice(0, MAX_WORDS)}`,
    {
      final: true,
    },
  );

  async function post(to: { url: string; bearer?: Parameters<AdapterContext['secret']>[0] | undefined }) {
    try {
      const answer = await context.fetch(fill(to.url, server), {
        method: 'POST',
        redirect: 'error',
        headers: {
          'content-type': 'application/json',
          'idempotency-key': key,
          ...defined({ authorization: given(to.bearer, (name) => `Bearer ${context.secret(name)}`) }),
        },
        body: JSON.stringify({ server: server.name, key, ...wanted }),
        signal: within,
      });
      if (answer.ok) return undefined;
      return `it answered ${answer.status}: ${await bounded(answer, MAX_VERSION_BYTES)}`;
    } catch (error) {
      return describe(error);
    }
  }
}

async function command(
  [program = '', ...args]: readonly string[],
  { server, wanted, key }: { server: Spot; wanted: Wanted; key: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  const child = spawn(
    fill(program, server),
    args.map((arg) => fill(arg, server)),
    {
      // The secrets of this process are not the program's.
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        GONOGO_KEY: key,
        GONOGO_SERVER: server.name,
        GONOGO_ADDRESS: server.address,
        GONOGO_PORT: String(server.port),
        GONOGO_VERSION: wanted.version,
        GONOGO_SHA: wanted.sha,
        GONOGO_DIGEST: wanted.digest,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
      signal,
      killSignal: 'SIGKILL',
    },
  );
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said = (said + data.toString()).slice(-MAX_WORDS);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(describe(error)));
    child.once('close', (code, by) =>
      resolve(code === 0 ? undefined : `it ended with ${code ?? by}: ${said.trim()}`),
    );
  });
}
