/** A Slack that takes so many updates a minute in all and one post a second in each channel, and counts what it is told. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, type Instant, MINUTE, SECOND } from '../../src/time.ts';

export interface Told {
  method: string;
  at: Instant;
  channel: string;
  /** The message that is updated, or that was posted. */
  ts: string;
  text: string;
}

export interface LimitedSlack {
  url: string;
  /** What it took, in order. */
  took: Told[];
  /** Calls that it refused, by method. */
  refused: Map<string, number>;
  /** Refuses everything for so long, whatever it has taken. */
  refuseFor(duration: number): void;
  /** From now on so many updates a minute. */
  allow(updates: number): void;
  close(): Promise<void>;
}

export async function startLimitedSlack(
  clock: Pick<Clock, 'now'>,
  given: { updates: number },
): Promise<LimitedSlack> {
  const took: Told[] = [];
  const refused = new Map<string, number>();
  const taken = new Map<string, Instant[]>();
  let closedUntil = 0;
  let posted = 0;
  let { updates } = given;

  /** How long to wait, or 0. */
  function waitFor(name: string, most: number, within: number): number {
    const now = clock.now();
    if (closedUntil > now) return closedUntil - now;
    const lately = (taken.get(name) ?? []).filter((at) => at + within > now);
    const [first] = lately;
    taken.set(name, lately.length < most ? [...lately, now] : lately);
    return lately.length < most || first === undefined ? 0 : first + within - now;
  }

  function answer(method: string, args: Record<string, string>): { wait: number } | object {
    const channel = args.channel ?? '';
    const wait =
      method === 'chat.update'
        ? waitFor(method, updates, MINUTE)
        : method === 'chat.postMessage'
          ? waitFor(`${method}:${channel}`, 1, SECOND)
          : waitFor(method, 50, MINUTE);
    if (wait > 0) {
      refused.set(method, (refused.get(method) ?? 0) + 1);
      return { wait };
    }
    if (method === 'conversations.open') return { ok: true, channel: { id: `D${args.users}` } };
    if (method === 'chat.postMessage') posted += 1;
    const ts = args.ts ?? `1.${String(posted).padStart(6, '0')}`;
    took.push({ method, at: clock.now(), channel, ts, text: args.text ?? '' });
    return { ok: true, channel, ts, messages: [] };
  }

  const server = createServer((request, response) => {
    const method = (request.url ?? '').split('/').at(-1) ?? '';
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      const isJson = request.headers['content-type']?.includes('json');
      const args = isJson ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
      const said = answer(method, args as Record<string, string>);
      if ('wait' in said)
        response
          .writeHead(429, { 'retry-after': String(Math.ceil(said.wait / SECOND)) })
          .end('{"ok":false,"error":"ratelimited"}');
      else response.setHeader('content-type', 'application/json').end(JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    took,
    refused,
    refuseFor(duration) {
      closedUntil = clock.now() + duration;
    },
    allow(more) {
      updates = more;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
