/** Fetch as GitHub is asked with it: answers kept by their ETag, and huge ones not read. */

const MAX_ANSWER_BYTES = 10_000_000;

/** Answers that are asked for again with their ETag: those do not count against the limit. */
const REMEMBERED = 200;

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

export class TooLarge extends Error {}

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
