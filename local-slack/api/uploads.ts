/** Where files are sent to and loaded from. */
import type { FastifyInstance } from 'fastify';
import { isJson } from '../json.ts';
import type { World } from '../world.ts';
import { keepBodiesRaw } from './body.ts';
import { cut } from './routes.ts';

export function uploads(world: World) {
  return async (server: FastifyInstance): Promise<void> => {
    keepBodiesRaw(server);
    server.post('/upload/v1/:ticket', async (request, reply) => {
      const [fault] = world.faults.take(['upload']);
      if (fault?.do === 'status') return reply.code(fault.status ?? 500).send('the upload failed');
      if (fault !== undefined) return cut(reply);
      const file = world.files.awaiting((request.params as { ticket: string }).ticket);
      const body = Buffer.isBuffer(request.body) ? request.body : undefined;
      const bytes = body && (await contentOf(request.headers['content-type'] ?? '', body));
      if (file === undefined || bytes === undefined) return reply.code(404).send('not found');
      file.body = bytes;
      file.size = bytes.length;
      return reply.type('text/plain').send(`OK - ${bytes.length}`);
    });
    const load = '/files/:id';
    for (const path of [load, `${load}/:name`]) {
      server.get(path, async (request, reply) => {
        const file = world.files.get((request.params as { id: string }).id);
        if (file?.body === undefined) return reply.code(404).send('not found');
        if (isForApps(request.query) && !mayRead(world, request.headers.authorization)) {
          return reply.type('text/html').send('<!doctype html><title>Sign in</title>');
        }
        // What people upload must not run as a page of this address.
        reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
        reply.header('x-content-type-options', 'nosniff');
        return reply.type(file.mimetype).send(Buffer.from(file.body));
      });
    }
  };
}

/** The page shows a file to whoever is signed in there; an app asks for the download, with its token. */
const isForApps = (query: unknown): boolean => isJson(query) && query.download !== undefined;

function mayRead(world: World, authorization: string | undefined): boolean {
  return authorization === `Bearer ${world.app.token}` && world.manifest.scopes.has('files:read');
}

/** A form carries the bytes in whichever field is a file; anything else is the file itself. */
async function contentOf(type: string, body: Buffer): Promise<Uint8Array | undefined> {
  if (!type.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  for (const value of form.values()) {
    if (typeof value !== 'string') return new Uint8Array(await value.arrayBuffer());
  }
  return undefined;
}
