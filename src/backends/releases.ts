/** What can be deployed, where a backend does not know it by itself: a JSON list that CI keeps, in a file or behind a URL. */

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { AdapterContext } from '../adapters/kind.ts';
import { secretRef } from '../adapters/secrets.ts';
import { defined } from '../defined.ts';
import { SECOND } from '../time.ts';
import { BackendError, type Release } from './port.ts';

const MAX_RELEASES_BYTES = 2_000_000;

export const releasesSetting = z
  .union([
    z.strictObject({ file: z.string().startsWith('/').meta({ description: 'a path from the root: /…' }) }),
    z.strictObject({ url: z.url({ protocol: /^https?$/ }), bearer: secretRef.optional() }),
  ])
  .meta({ description: 'a JSON list of what can be deployed: version, sha, digest, built_at, title' });

export type ReleasesSetting = z.output<typeof releasesSetting>;

const releasesSchema = z.array(
  z.object({
    version: z.string().min(1).max(100),
    sha: z.string().regex(/^[0-9a-f]{40}$/),
    digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
    built_at: z.iso.datetime({ offset: true }),
    title: z.string().max(300).optional(),
  }),
);

/** Newest first. */
export async function readReleases(
  releases: ReleasesSetting,
  context: AdapterContext,
  signal?: AbortSignal,
): Promise<Release[]> {
  const where = 'file' in releases ? releases.file : releases.url;
  const text = await readText(releases, context, signal).catch((error: unknown) => {
    throw new BackendError(`the list of releases ${where} cannot be read: ${describe(error)}`, {
      final: false,
      cause: error,
    });
  });
  const read = releasesSchema.safeParse(json(text));
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new BackendError(
      `the list of releases ${where} is not as it should be: ${issue?.path.join('.') || 'it'}: ${issue?.message}`,
      { final: false },
    );
  }
  return read.data
    .map(({ built_at, title, ...one }) => ({
      ...one,
      builtAt: Date.parse(built_at),
      ...defined({ title }),
    }))
    .sort((a, b) => b.builtAt - a.builtAt);
}

async function readText(
  from: ReleasesSetting,
  context: AdapterContext,
  signal?: AbortSignal,
): Promise<string> {
  if ('file' in from) return readFile(from.file, { encoding: 'utf8', ...defined({ signal }) });
  const answer = await context.fetch(from.url, {
    redirect: 'error',
    ...(from.bearer === undefined
      ? {}
      : { headers: { authorization: `Bearer ${context.secret(from.bearer)}` } }),
    signal: AbortSignal.any([AbortSignal.timeout(10 * SECOND), ...(signal === undefined ? [] : [signal])]),
  });
  if (!answer.ok) throw new Error(`it answers ${answer.status}`);
  return bounded(answer, MAX_RELEASES_BYTES);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function bounded(answer: Response, most: number): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > most) throw new Error(`its answer is larger than ${most} bytes`);
  }
  return text;
}

export function describe(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError' || (cause as Error | undefined)?.name === 'TimeoutError')
    return 'it took too long';
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
