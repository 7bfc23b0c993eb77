/** Reads what a client sent, whichever way it wrote it: form, JSON or multipart, JSON inside strings decoded. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isJson, type Json } from '../json.ts';
import { asMessages, SlackError } from '../slack-error.ts';

/** Arguments that are JSON in a string wherever the body is not JSON itself, and Slack's code for a broken one. */
const JSON_ARGUMENTS: Readonly<Record<string, string>> = {
  blocks: 'invalid_blocks_format',
  attachments: 'invalid_attachments',
  view: 'invalid_arguments',
  metadata: 'invalid_metadata_format',
  files: 'invalid_arguments',
  message: 'invalid_arguments',
};

const MAX_BYTES = 64 * 1024 * 1024;

/** Keeps bodies as bytes; `readArguments` makes sense of them, so that nonsense gets Slack's own answer. */
export function keepBodiesRaw(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_BYTES }, (_request, body, done) =>
    done(null, body),
  );
}

export async function readArguments(request: FastifyRequest): Promise<Json> {
  const query = isJson(request.query) ? request.query : {};
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  return { ...query, ...(await fieldsOf(request.headers['content-type'] ?? '', body)) };
}

async function fieldsOf(type: string, body: Buffer): Promise<Json> {
  if (body.length === 0) return {};
  if (type.startsWith('application/json')) return fromJson(body);
  if (type.startsWith('multipart/form-data')) {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    return Object.fromEntries([...form.entries()]);
  }
  return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
}

function fromJson(body: Buffer): Json {
  const read = parsed(body.toString('utf8'));
  if (!isJson(read)) throw new SlackError('invalid_json');
  return read;
}

export function decodeJson(args: Json): Json {
  const decoded: Json = {};
  for (const [name, value] of Object.entries(args)) {
    const code = JSON_ARGUMENTS[name];
    if (code === undefined || typeof value !== 'string') decoded[name] = value;
    else decoded[name] = parsed(value) ?? refuse(name, code);
  }
  return decoded;
}

function refuse(name: string, code: string): never {
  const violation = { pointer: `/${name}`, code, message: 'must be valid JSON' };
  throw new SlackError(code, asMessages([violation]), [violation]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
