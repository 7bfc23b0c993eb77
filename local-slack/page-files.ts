/** Serves the page: built once, when first asked for; any path that is no file opens it. */
import type { FastifyInstance } from 'fastify';
import type { PageFile } from './bundle-page.ts';

type Files = Map<string, PageFile>;

/** Pictures in messages may come from anywhere, all else only from here. */
const POLICY = [
  "default-src 'self'",
  'img-src * data: blob:',
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export async function servePage(server: FastifyInstance): Promise<void> {
  let built: Promise<Files> | undefined;
  const files = async (): Promise<Files> => {
    built ??= build();
    try {
      return await built;
    } catch (error) {
      // Whoever mends the page reloads it; the failure is theirs to see each time.
      built = undefined;
      throw error;
    }
  };
  server.get('/*', async (request, reply) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname).slice(1);
    const page = await files();
    const file = page.get(path) ?? (path.startsWith('assets/') ? undefined : page.get('index.html'));
    if (file === undefined) return reply.code(404).type('text/plain').send('not found');
    reply.header('cache-control', 'no-store').header('content-security-policy', POLICY);
    return reply.type(file.type).send(typeof file.body === 'string' ? file.body : Buffer.from(file.body));
  });
}

/** Loaded only now: who drives without a page needs no bundler. */
async function build(): Promise<Files> {
  const { buildPage } = await import('./bundle-page.ts');
  return (await buildPage()).files;
}
