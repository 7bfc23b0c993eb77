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

interface Try {
  kind: Kind;
  what: string;
  payload: Json;
  retry: number;
  reason: string;
}

interface Ended {
  outcome: Outcome;
  reason: string;
  noRetry: boolean;
}

const failed = (ack_ms: number, error: DeliveryError, reason: string, noRetry = false): Ended => ({
  outcome: { ok: false, ack_ms, error },
  reason,
  noRetry,
});

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
  deliver(kind: 'slash_commands' | 'interactive', what: string, payload: Json): Promise<Outcome> {
    const first = { kind, what, payload, retry: 0, reason: '' };
    return new Promise((resolve) => this.#attempt(first, ({ outcome }) => resolve(outcome)));
  }

  /** Answers what became of the first try; the further ones follow by themselves. */
  event(what: string, payload: Json): Promise<Outcome> {
    const first: Try = { kind: 'events_api', what, payload, retry: 0, reason: '' };
    return new Promise((resolve) => this.#tryEvent(first, resolve));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#waiting) this.#parts.timers.clearTimeout(timer);
    await this.#transport.close();
  }

  #tryEvent(attempt: Try, ended?: (outcome: Outcome) => void): void {
    this.#attempt(attempt, ({ outcome, reason, noRetry }) => {
      ended?.(outcome);
      const pause = REDELIVER_AFTER_MS[attempt.retry];
      if (outcome.ok || noRetry || pause === undefined) return;
      const again = (): void => this.#tryEvent({ ...attempt, retry: attempt.retry + 1, reason });
      if (pause === 0) again();
      else this.#later(pause, again);
    });
  }

  #attempt({ kind, what, payload, retry, reason }: Try, ended: (end: Ended) => void): void {
    const { timers, faults } = this.#parts;
    const started = timers.now();
    const passed = (): number => Math.round((timers.now() - started) * 1_000) / 1_000;
    const log = this.#log(kind, what, payload, retry);
    const struck = faults.take([kind, what]);
    let waits = true;
    const end = (how: Ended): void => {
      if (!waits) return;
      waits = false;
      timers.clearTimeout(deadline);
      this.#waiting.delete(deadline);
      ended(how);
    };
    const deadline = this.#later(ACK_WITHIN_MS, () => {
      log({ error: 'operation_timeout' });
      end(failed(passed(), 'operation_timeout', 'timeout'));
    });
    this.#send({ envelopeId: randomUUID(), kind, payload, retry, reason }, struck, (answer) => {
      const ack_ms = passed();
      if ('error' in answer) {
        if (waits) log({ error: answer.error });
        end(failed(ack_ms, answer.error, answer.reason, answer.noRetry));
        return;
      }
      log({ ack_ms });
      end({ outcome: { ok: true, ack_ms, payload: answer.payload }, reason: '', noRetry: false });
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
