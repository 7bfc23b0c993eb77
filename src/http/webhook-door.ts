/** What a backend's own side posts, e.g. GitHub its webhooks: the backend itself says whether it is real. */

import type { FastifyInstance } from 'fastify';
import type { Log } from '../log.ts';
import { bytesOf, takeRawJson } from './raw-json.ts';

export const WEBHOOKS_PATH = '/webhooks';

export interface Posted {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As it came: signatures are over the bytes. */
  body: Buffer;
}

/** Answers why it is refused; undefined once it is taken, and rejects where it should be sent again. */
export type Receiver = (posted: Posted) => Promise<{ status: number; problem: string } | undefined>;

export interface WebhookDoorOptions {
  /** By the word in the address and the name in gonogo.yml; undefined where nothing is to be delivered. */
  receiverOf(sender: string, name: string): Receiver | undefined;
  log: Log;
}

const MAX_BODY = 1024 * 1024;
const MAX_PER_MINUTE = 1_200;

export async function addWebhookDoor(server: FastifyInstance, options: WebhookDoorOptions): Promise<void> {
  await takeRawJson(server, { maxPerMinute: MAX_PER_MINUTE, bodyLimit: MAX_BODY });
  server.post<{ Params: { sender: string; name: string } }>('/:sender/:name', async (request, reply) => {
    const { sender, name } = request.params;
    const receive = options.receiverOf(sender, name);
    if (receive === undefined)
      return reply.code(404).send({ error: 'No backend of this name takes webhooks.' });
    const body = bytesOf(request.body);
    try {
      const refusal = await receive({ headers: request.headers, body });
      if (refusal !== undefined)
        return reply.code(refusal.status).send({ error: refusal.problem.slice(0, 500) });
      return reply.code(202).send({ accepted: true });
    } catch (error) {
      options.log.error({ err: error, sender, name }, 'a webhook could not be taken; it may be sent again');
      return reply.code(503).send({ error: 'It could not be taken. Send it again.' });
    }
  });
}
