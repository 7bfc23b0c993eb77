/** A service that smoke tests are run against, on this machine: what it answers is the test's to say. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Target {
  url: string;
  port: number;
  seen: Seen[];
  close(): Promise<void>;
}

export type Answering = (seen: Seen, response: ServerResponse) => void;

export async function startTarget(answer: Answering): Promise<Target> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const one = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      seen.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    port,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** `Location` is set where a third is given. */
export const say = (
  response: ServerResponse,
  status: number,
  text = '',
  headers: Record<string, string> = {},
) => response.writeHead(status, headers).end(text);
