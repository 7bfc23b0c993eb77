/** Waits for an object to be as it should, by a watch: it resumes where it was cut, and lists again where that is too long ago. */

import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type Duration, SECOND } from '../../time.ts';
import { BackendError } from '../port.ts';
import { type KubeApi, KubeError } from './api.ts';

const PAUSE: Duration = SECOND / 5;
/** The server ends a watch after this; the next one goes on from there. */
const WATCH_FOR: Duration = 30 * SECOND;

const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(z.unknown()),
});

const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']), object: versioned() }),
  z.object({
    type: z.literal('ERROR'),
    object: z.looseObject({ code: z.int().optional(), message: z.string().optional() }),
  }),
]);

function versioned() {
  return z.looseObject({ metadata: z.looseObject({ resourceVersion: z.string() }) });
}

export interface Watched {
  /** The list that it is in: `/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts` */
  path: string;
  name: string;
}

type Seen = { found: true } | { from: string } | { again: true };

/** Resolves when it is so; throws as the signal says, and for good where the object is gone. */
export async function until(
  api: KubeApi,
  { path, name }: Watched,
  isSo: (object: unknown) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const query = { fieldSelector: `metadata.name=${name}` };
  for (;;) {
    const { metadata, items } = listSchema.parse(await api.call({ path, query }, signal));
    if (items.length === 0) throw gone(name);
    if (items.some(isSo)) return;
    let seen: Seen = { from: metadata.resourceVersion };
    while ('from' in seen) seen = await watchFrom(seen.from);
    if ('found' in seen) return;
    await pause(signal);
  }

  async function watchFrom(from: string): Promise<Seen> {
    let last = from;
    const more = {
      resourceVersion: from,
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(WATCH_FOR / SECOND),
    };
    try {
      for await (const sent of api.watch(path, { ...query, ...more }, signal)) {
        const event = eventSchema.parse(sent);
        if (event.type === 'ERROR') return refused(event.object);
        if (event.type === 'DELETED') throw gone(name);
        last = event.object.metadata.resourceVersion;
        if (event.type !== 'BOOKMARK' && isSo(event.object)) return { found: true };
      }
    } catch (error) {
      if (signal.aborted) throw givenUp(signal);
      if (error instanceof KubeError && error.code === 410) return { again: true };
      if (error instanceof BackendError) throw error;
    }
    await pause(signal);
    return { from: last };
  }
}

function refused({
  code,
  message = 'without a word',
}: {
  code?: number | undefined;
  message?: string | undefined;
}): Seen {
  if (code === 410) return { again: true };
  throw new BackendError(`the watch ended: ${message}`, { final: false });
}

async function pause(signal: AbortSignal): Promise<void> {
  try {
    await sleep(PAUSE, undefined, { signal });
  } catch {
    throw givenUp(signal);
  }
}

function gone(name: string): BackendError {
  return new BackendError(`${name} was deleted`, { final: true });
}

function givenUp({ reason }: AbortSignal): BackendError {
  return new BackendError('it did not come about in time', { final: false, cause: reason });
}
