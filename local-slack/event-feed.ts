/** Reads the driver's stream into memory and wakes whoever waits for more of it. */
import type { StreamEvent } from './protocol.ts';

export interface EventFeed {
  /** How many events came since the feed opened. */
  length(): number;
  /** Events from that place on. */
  since(place: number): StreamEvent[];
  /** Resolves once there are more than `count`; fails when the stream ends. */
  moreThan(count: number): Promise<void>;
  /** Fails after `ms`, saying what was waited for and what came last. */
  deadline(ms: number, what: string): { passed: Promise<never>; stop(): void };
  close(): Promise<void>;
}

interface Waiting {
  count: number;
  wake: () => void;
  fail: (reason: Error) => void;
}

export async function openFeed(address: string): Promise<EventFeed> {
  const hangUp = new AbortController();
  const response = await fetch(address, { signal: hangUp.signal });
  if (!response.ok || response.body === null) throw new Error(`No stream at ${address}: ${response.status}`);
  // Most are only counted: each is read when somebody asks for it.
  const texts: string[] = [];
  const events: StreamEvent[] = [];
  const waiting = new Set<Waiting>();
  let ended: Error | undefined;

  const take = (text: string): void => {
    texts.push(text);
    for (const one of waiting) if (texts.length > one.count) settle(one, one.wake);
  };
  const since = (place: number): StreamEvent[] => {
    for (const text of texts.slice(events.length)) events.push(JSON.parse(text) as StreamEvent);
    return events.slice(place);
  };
  const settle = (one: Waiting, how: () => void): void => {
    waiting.delete(one);
    how();
  };
  const reading = read(response.body, take)
    .catch(() => undefined)
    .then(() => {
      const reason = new Error('The stream of the local Slack ended.');
      ended = reason;
      for (const one of waiting) settle(one, () => one.fail(reason));
    });

  return {
    length: () => texts.length,
    since,
    moreThan: (count) =>
      new Promise((wake, fail) => {
        if (ended !== undefined) fail(ended);
        else if (texts.length > count) wake();
        else waiting.add({ count, wake, fail });
      }),
    deadline: (ms, what) => deadline(ms, () => `Waited ${ms} ms for ${what}. Last came:\n${last(texts)}`),
    async close() {
      hangUp.abort();
      await reading;
    },
  };
}

function deadline(ms: number, words: () => string): { passed: Promise<never>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(words())), ms);
  });
  // Whoever waits hears of it; when nobody does any more, it is nothing.
  passed.catch(() => undefined);
  return { passed, stop: () => clearTimeout(timer) };
}

async function read(body: ReadableStream<Uint8Array>, take: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const data = part.split('\n').find((line) => line.startsWith('data: '));
      if (data !== undefined) take(data.slice(6));
    }
  }
}

const last = (texts: readonly string[]): string =>
  texts
    .slice(-8)
    .map((text) => `  ${text.slice(0, 240)}`)
    .join('\n');
