/** Keeps strangers out: other machines, and other sites in the browser of someone on this one. */
import type { FastifyReply, FastifyRequest } from 'fastify';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

function isOwn(address: string | undefined, port: number): boolean {
  if (address === undefined || !URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === 'http:' && LOOPBACK.has(url.hostname) && (url.port || '80') === String(port);
}

/** A page elsewhere may link here, but neither read nor write. */
export function guard(port: () => number) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const { host, origin } = request.headers;
    const site = request.headers['sec-fetch-site'];
    const isLink = request.headers['sec-fetch-mode'] === 'navigate' && !request.url.startsWith('/driver/');
    const isForeign = origin !== undefined && !isOwn(origin, port());
    const isCrossSite = site === 'cross-site' && !isLink;
    if (isOwn(`http://${host}`, port()) && !isForeign && !isCrossSite) return undefined;
    return reply.code(403).send({ ok: false, error: 'The local Slack answers only its own page.', path: '' });
  };
}
