/** The driver's stream: what happens, as server-sent events, from a given event on or from now. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Sent } from '../stream.ts';
import type { World } from '../world.ts';

export function eventStream(
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
  since: number | undefined,
): void {
  const last = Number(request.headers['last-event-id'] ?? Number.NaN);
  const from = since ?? (Number.isInteger(last) ? last : world.stream.last);
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  // Says how far the stream is, so that its reader can come back without a gap.
  raw.write(`retry: 500\nid: ${from}\n: listening\n\n`);
  const send = ({ id, event }: Sent): void => {
    raw.write(`id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  for (const sent of world.stream.since(from)) send(sent);
  raw.on('close', world.stream.listen(send));
}
