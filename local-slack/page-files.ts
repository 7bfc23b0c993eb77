/** Serves the page: built once, when first asked for. */
import type { FastifyInstance } from 'fastify';

interface Page {
  files: Map<string, { body: string | Uint8Array; type: string }>;
}

export async function servePage(server: FastifyInstance): Promise<void> {
  let built: Promise<Page> | undefined;
  const page = (): Promise<Page> => {
    built ??= build();
    return built;
  };
  server.get('/*', async (request, reply) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname).slice(1);
    const { files } = await page();
    const isAsset = path.startsWith('assets/') || files.has(path);
    const file = files.get(isAsset ? path : 'index.html');
    if (file === undefined) return reply.code(404).type('text/plain').send('not found');
    reply.header('cache-control', 'no-store');
    return reply.type(file.type).send(typeof file.body === 'string' ? file.body : Buffer.from(file.body));
  });
}

async function build(): Promise<Page> {
  const { buildPage } = await import('./page/bundle.ts');
  return buildPage();
}
