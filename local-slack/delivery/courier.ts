/** Brings commands, interactions and events to the app, waits three seconds for the ack, and brings events again. */
import { randomUUID } from 'node:crypto';
import type { Timers } from '../clock.ts';
import type { Fault, Faults } from '../faults.ts';
import type { Json } from '../json.ts';
import type { Delivery } from '../protocol.ts';
import type { Ring } from '../ring.ts';
import type { Stream } from '../stream.ts';

export type Kind = Delivery['kind'];

/** What went wrong, in the code that Slack shows for it. */
export type DeliveryError = 'operation_timeout' | 'dispatch_failed' | 'http_service_error';

export type Outcome =
  | { ok: true; ack_ms: number; payload: unknown }
  | { ok: false; ack_ms: number; error: DeliveryError };

export interface Parcel {
  envelopeId: string;
  kind: Kind;
  payload: Json;
  /** 0 for the first, then 1, 2, 3. */
  retry: number;
  reason: string;
}

export type Settle = (
  outcome: { payload: unknown } | { error: DeliveryError; reason: string; noRetry?: boolean },
) => void;

/** A way to the app: sockets that it opened, or its request address. */
export interface Transport {
  isConnected(): boolean;
  send(parcel: Parcel, settle: Settle): void;
  /** Cuts the connection that the parcel went over, or any. */
  cut(envelopeId?: string): void;
  close(): Promise<void>;
}

export interface CourierParts {
  timers: Timers;
  now: () => number;
  faults: Faults;
  stream: Stream;
  deliveries: Ring<Delivery>;
}

const ACK_WITHIN_MS = 3_000;
/** After the first try: at once, after a minute, after five. */
const REDELIVER_AFTER_MS = [0, 60_000, 300_000];

interface Attempt {
  outcome: Outcome;
  reason: string;
  noRetry: boolean;
}

export class Courier {
  readonly #parts: CourierParts;
  readonly #transport: Transport;
  readonly #waiting = new Set<unknown>();
  #closed = false;

  constructor(parts: CourierParts, transport: Transport) {
    this.#parts = parts;
    this.#transport = transport;
  }

  isConnected(): boolean {
    return this.#transport.isConnected();
  }

  /** Commands and interactions come once. */
  async deliver(kind: 'slash_commands' | 'interactive', what: string, payload: Json): Promise<Outcome> {
    return (await this.#attempt(kind, what, payload, 0, '')).outcome;
  }

  /** Answers what became of the first try; the further ones follow by themselves. */
  async event(what: string, payload: Json): Promise<Outcome> {
    return (await this.#tryEvent(what, payload, 0, '')).outcome;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#waiting) this.#parts.timers.clearTimeout(timer);
    await this.#transport.close();
  }

  async #tryEvent(what: string, payload: Json, retry: number, reason: string): Promise<Attempt> {
    const attempt = await this.#attempt('events_api', what, payload, retry, reason);
    const pause = REDELIVER_AFTER_MS[retry];
    if (attempt.outcome.ok || attempt.noRetry || pause === undefined) return attempt;
    const again = (): void => void this.#tryEvent(what, payload, retry + 1, attempt.reason);
    if (pause === 0) again();
    else this.#later(pause, again);
    return attempt;
  }

  #attempt(kind: Kind, what: string, payload: Json, retry: number, reason: string): Promise<Attempt> {
    const { timers, faults } = this.#parts;
    const started = timers.now();
    const log = this.#log(kind, what, payload, retry);
    const struck = faults.take([kind, what]);
    const parcel: Parcel = { envelopeId: randomUUID(), kind, payload, retry, reason };
    return new Promise((resolve) => {
      const end = (outcome: Outcome, why: string, noRetry: boolean): void => {
        timers.clearTimeout(deadline);
        this.#waiting.delete(deadline);
        resolve({ outcome, reason: why, noRetry });
      };
      const passed = (): number => Math.round((timers.now() - started) * 1_000) / 1_000;
      let settled = false;
      const deadline = this.#later(ACK_WITHIN_MS, () => {
        settled = true;
        log({ error: 'operation_timeout' });
        end({ ok: false, ack_ms: passed(), error: 'operation_timeout' }, 'timeout', false);
      });
      const settle: Settle = (answer) => {
        const ack_ms = passed();
        if ('error' in answer) log({ error: answer.error });
        else log({ ack_ms });
        if (settled) return;
        settled = true;
        if ('error' in answer) {
          end({ ok: false, ack_ms, error: answer.error }, answer.reason, answer.noRetry ?? false);
        } else end({ ok: true, ack_ms, payload: answer.payload }, '', false);
      };
      this.#send(parcel, struck, settle);
    });
  }

  #send(parcel: Parcel, struck: readonly Fault[], settle: Settle): void {
    const has = (kind: Fault['do']): boolean => struck.some((fault) => fault.do === kind);
    if (has('drop') || has('hang')) return;
    const answered: Settle = has('lose-answer') ? () => undefined : settle;
    const go = (): void => {
      if (this.#closed) return;
      this.#transport.send(parcel, answered);
      if (has('duplicate')) this.#transport.send(parcel, answered);
      if (has('cut')) this.#transport.cut(parcel.envelopeId);
    };
    const delay = struck.find((fault) => fault.do === 'delay');
    if (delay === undefined) go();
    else this.#later(delay.ms ?? 0, go);
  }

  #later(ms: number, run: () => void): unknown {
    if (this.#closed) return undefined;
    const timer = this.#parts.timers.setTimeout(() => {
      this.#waiting.delete(timer);
      run();
    }, ms);
    this.#waiting.add(timer);
    return timer;
  }

  #log(kind: Kind, what: string, payload: Json, retry: number): (change: Partial<Delivery>) => void {
    const { deliveries, stream, now } = this.#parts;
    const at = new Date(now()).toISOString();
    let entry = deliveries.add((id) => ({ id, at, kind, what, payload, attempt: retry + 1 }));
    stream.publish({ type: 'delivery', delivery: entry });
    return (change) => {
      entry = { ...entry, ...change };
      deliveries.replace(entry);
      stream.publish({ type: 'delivery', delivery: entry });
    };
  }
}
