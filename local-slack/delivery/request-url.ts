/** Delivery by HTTP to the app's request address, signed as Slack signs. */
import { createHmac } from 'node:crypto';
import type { Timers } from '../clock.ts';
import type { Faults } from '../faults.ts';
import type { Json } from '../json.ts';
import type { Parcel, Settle, Transport } from './courier.ts';

export interface RequestUrls {
  url: string;
  commandsUrl?: string;
  interactivityUrl?: string;
  eventsUrl?: string;
}

export interface RequestUrlParts {
  timers: Timers;
  faults: Faults;
  signingSecret: string;
  changed: () => void;
}

/** Slack hangs up when it stops waiting. */
const GIVE_UP_AFTER_MS = 3_000;

export class RequestUrl implements Transport {
  readonly #urls: RequestUrls;
  readonly #parts: RequestUrlParts;
  readonly #open = new Set<AbortController>();
  #connected = true;

  constructor(urls: RequestUrls, parts: RequestUrlParts) {
    this.#urls = urls;
    this.#parts = parts;
  }

  /** As far as the last delivery could tell. */
  isConnected(): boolean {
    return this.#connected;
  }

  send(parcel: Parcel, settle: Settle): void {
    const hangUp = new AbortController();
    this.#open.add(hangUp);
    const timer = this.#parts.timers.setTimeout(() => hangUp.abort(), GIVE_UP_AFTER_MS);
    void this.#post(parcel, hangUp.signal, settle).finally(() => {
      this.#parts.timers.clearTimeout(timer);
      this.#open.delete(hangUp);
    });
  }

  cut(): void {
    for (const request of this.#open) request.abort();
  }

  async close(): Promise<void> {
    this.cut();
  }

  async #post(parcel: Parcel, signal: AbortSignal, settle: Settle): Promise<void> {
    const { type, body } = written(parcel);
    try {
      const response = await fetch(this.#urlFor(parcel), {
        method: 'POST',
        headers: { 'content-type': type, ...this.#signature(body), ...retryHeaders(parcel) },
        body,
        signal,
        redirect: 'manual',
      });
      const answer = await response.text();
      this.#note(true);
      if (response.ok) settle({ payload: readAnswer(response, answer) });
      else {
        const noRetry = response.headers.get('x-slack-no-retry') === '1';
        settle({ error: 'http_service_error', reason: 'http_error', noRetry });
      }
    } catch {
      // The reason does not matter: to Slack, an address that does not answer is one thing.
      if (signal.aborted) return;
      this.#note(false);
      settle({ error: 'dispatch_failed', reason: 'connection_failed' });
    }
  }

  #urlFor({ kind }: Parcel): string {
    const { url, commandsUrl, interactivityUrl, eventsUrl } = this.#urls;
    return { slash_commands: commandsUrl, interactive: interactivityUrl, events_api: eventsUrl }[kind] ?? url;
  }

  /** Signed with the real time: the app checks it against its own clock. A `skew` fault moves it. */
  #signature(body: string): Record<string, string> {
    const skew = this.#parts.faults.take(['http'], ['skew']).reduce((sum, { ms }) => sum + (ms ?? 0), 0);
    const timestamp = String(Math.floor((Date.now() + skew) / 1_000));
    const digest = createHmac('sha256', this.#parts.signingSecret).update(`v0:${timestamp}:${body}`);
    return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest.digest('hex')}` };
  }

  #note(connected: boolean): void {
    if (this.#connected === connected) return;
    this.#connected = connected;
    this.#parts.changed();
  }
}

function written({ kind, payload }: Parcel): { type: string; body: string } {
  if (kind === 'events_api') return { type: 'application/json', body: JSON.stringify(payload) };
  const fields = kind === 'interactive' ? { payload: JSON.stringify(payload) } : formFields(payload);
  return { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(fields).toString() };
}

const formFields = (payload: Json): Record<string, string> =>
  Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, String(value ?? '')]));

function retryHeaders({ kind, retry, reason }: Parcel): Record<string, string> {
  if (kind !== 'events_api' || retry === 0) return {};
  const httpReason = reason === 'timeout' ? 'http_timeout' : reason;
  return { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': httpReason };
}

/** A body that is not JSON is the text of the answer. */
function readAnswer(response: Response, answer: string): unknown {
  if (answer === '') return undefined;
  if (!(response.headers.get('content-type') ?? '').includes('application/json')) return { text: answer };
  try {
    return JSON.parse(answer);
  } catch {
    return { text: answer };
  }
}
