/** Instants and durations as plain numbers; zones exist only at the edges. */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** Milliseconds. */
export type Duration = number;

export const SECOND: Duration = 1_000;
export const MINUTE: Duration = 60 * SECOND;
export const HOUR: Duration = 60 * MINUTE;
export const DAY: Duration = 24 * HOUR;

/** Where the time comes from, so that days can pass in seconds. */
export interface Clock {
  now(): Instant;
  /** Calls `wake` once, at or soon after `at`; the returned function takes it back. */
  at(at: Instant, wake: () => void): () => void;
  /** What is recorded is this late already: it goes on from there where it can. */
  notBefore?(at: Instant): void;
}

/** A moment inside a sentence: whoever shows the sentence draws it in the reader's own zone (see `withMoments`). */
export function moment(at: Instant): string {
  return `{t:${at}}`;
}

/** The sentence with each of its moments drawn by `draw`. */
export function withMoments(sentence: string, draw: (at: Instant) => string): string {
  return sentence.replace(/\{t:(\d{1,15})\}/g, (_, at: string) => draw(Number(at)));
}
