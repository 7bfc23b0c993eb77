/** Socket Mode: the connections an app opened, and deliveries spread over them. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Timers } from '../clock.ts';
import { secret } from '../ids.ts';
import type { Json } from '../json.ts';
import { SlackError } from '../slack-error.ts';
import type { Parcel, Settle, Transport } from './courier.ts';

const MAX_CONNECTIONS = 10;
const TICKET_GOOD_FOR_MS = 30_000;
const REMEMBERED = 5_000;

const ack = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });

interface Connection {
  socket: WebSocket;
  /** Slack sends nothing more over a connection that it asked to refresh. */
  leaving: boolean;
}

interface Sent {
  settle: Settle;
  connection: Connection;
}

export class Sockets implements Transport {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #connections: Connection[] = [];
  readonly #tickets = new Map<string, number>();
  readonly #sent = new Map<string, Sent>();
  readonly #timers: Timers;
  readonly #appId: string;
  readonly #changed: () => void;
  #next = 0;

  constructor(timers: Timers, appId: string, changed: () => void) {
    this.#timers = timers;
    this.#appId = appId;
    this.#changed = changed;
  }

  /** The path of a new connection, good once. */
  ticket(): string {
    if (this.#connections.length >= MAX_CONNECTIONS) throw new SlackError('too_many_websockets');
    const ticket = secret();
    this.#tickets.set(ticket, this.#timers.now() + TICKET_GOOD_FOR_MS);
    return `/link/?ticket=${ticket}&app_id=${this.#appId}`;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const ticket = url.searchParams.get('ticket') ?? '';
    const expires = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    if (url.pathname !== '/link/' || expires === undefined || expires < this.#timers.now()) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#open(opened));
  }

  isConnected(): boolean {
    return this.#connections.some((connection) => !connection.leaving);
  }

  send(parcel: Parcel, settle: Settle): void {
    const connection = this.#pick();
    if (connection === undefined) {
      settle({ error: 'dispatch_failed', reason: 'timeout' });
      return;
    }
    this.#sent.set(parcel.envelopeId, { settle, connection });
    const oldest = this.#sent.keys().next();
    if (this.#sent.size > REMEMBERED && !oldest.done) this.#sent.delete(oldest.value);
    connection.socket.send(JSON.stringify(envelope(parcel)));
  }

  /** Without an envelope, every connection is cut. */
  cut(envelopeId?: string): void {
    const one = envelopeId === undefined ? undefined : this.#sent.get(envelopeId)?.connection;
    for (const connection of one === undefined ? [...this.#connections] : [one])
      connection.socket.terminate();
  }

  /** Asks connections to come back, as Slack does every few hours: `count` of them, the oldest first. */
  refresh(count = Number.POSITIVE_INFINITY): void {
    for (const connection of this.#connections.slice(0, count)) {
      connection.leaving = true;
      const message = {
        type: 'disconnect',
        reason: 'refresh_requested',
        debug_info: { host: 'local-slack' },
      };
      connection.socket.send(JSON.stringify(message));
    }
    this.#changed();
  }

  async close(): Promise<void> {
    for (const { socket } of this.#connections) socket.terminate();
    this.#server.close();
  }

  #open(socket: WebSocket): void {
    const connection = { socket, leaving: false };
    this.#connections.push(connection);
    socket.on('message', (data) => this.#receive(String(data)));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      this.#connections.splice(this.#connections.indexOf(connection), 1);
      this.#changed();
    });
    socket.send(JSON.stringify(hello(this.#appId, this.#connections.length)));
    this.#changed();
  }

  #receive(data: string): void {
    const read = ack.safeParse(parsed(data));
    if (!read.success) return;
    const sent = this.#sent.get(read.data.envelope_id);
    this.#sent.delete(read.data.envelope_id);
    sent?.settle({ payload: read.data.payload });
  }

  #pick(): Connection | undefined {
    const open = this.#connections.filter((one) => !one.leaving && one.socket.readyState === one.socket.OPEN);
    return open[this.#next++ % open.length];
  }
}

/** What is not JSON is no ack, and Slack does not answer it. */
function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

function hello(appId: string, count: number): Json {
  return {
    type: 'hello',
    num_connections: count,
    debug_info: { host: 'local-slack', build_number: 1, approximate_connection_time: 18_060 },
    connection_info: { app_id: appId },
  };
}

function envelope({ envelopeId, kind, payload, retry, reason }: Parcel): Json {
  return {
    envelope_id: envelopeId,
    type: kind,
    accepts_response_payload: kind !== 'events_api',
    payload,
    ...(kind === 'events_api' && { retry_attempt: retry, retry_reason: reason }),
  };
}
