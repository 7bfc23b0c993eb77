/** How the server answers: with an object, with a status in its own words, or not at all. */

import type { IncomingMessage, ServerResponse } from 'node:http';

/** What became of a request. */
export type Sent = 'sent' | 'cut';

export function cut({ socket }: IncomingMessage | ServerResponse): Sent {
  socket?.destroy();
  return 'cut';
}

export function failed(code: number, reason: string, message: string): unknown {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
}

export async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const part of request) text += String(part);
  return text === '' ? undefined : JSON.parse(text);
}

export function send(
  answer: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Sent {
  answer.writeHead(status, { 'content-type': 'application/json', ...headers });
  answer.end(typeof body === 'string' ? body : JSON.stringify(body));
  return 'sent';
}
