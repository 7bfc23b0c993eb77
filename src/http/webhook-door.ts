/** What a backend's own side posts, e.g. GitHub its webhooks: the backend itself says whether it is real. */

import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import type { DeployBackend, Target } from '../backends/port.ts';
import type { Log } from '../log.ts';
import { MINUTE } from '../time.ts';

export const WEBHOOKS_PATH = '/webhooks';

export interface WebhookDoorOptions {
  /** By the word in the address and the name in gonogo.yml; undefined where nothing is to be delivered. */
  receiverOf(sender: string, name: string): DeployBackend['receive'] | undefined;
  /** Something happened in these places, or something waits for an answer. */
  onTaken(wake: readonly Target[]): void;
  log: Log;
}

const BODY_LIMIT = 1024 * 1024;
const MAX_PER_MINUTE = 1_200;

export async function addWebhookDoor(server: FastifyInstance, options: WebhookDoorOptions): Promise<void> {
  await server.register(rateLimit, { max: MAX_PER_MINUTE, timeWindow: MINUTE });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
    (_request, body, done) => done(null, body),
  );
  server.post<{ Params: { sender: string; name: string } }>('/:sender/:name', async (request, reply) => {
    const { sender, name } = request.params;
    const receive = options.receiverOf(sender, name);
    if (receive === undefined)
      return reply.code(404).send({ error: 'No backend of this name takes webhooks.' });
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    try {
      const received = await receive({ headers: request.headers, body });
      if (received.kind === 'refused')
        return reply.code(received.status).send({ error: received.problem.slice(0, 500) });
      options.onTaken(received.wake);
      return reply.code(202).send({ accepted: true });
    } catch (error) {
      options.log.error({ err: error, sender, name }, 'a webhook could not be taken; it may be sent again');
      return reply.code(503).send({ error: 'It could not be taken. Send it again.' });
    }
  });
}
