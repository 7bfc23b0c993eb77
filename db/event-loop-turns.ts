/**
 * SQLite works without ever leaving this thread, and whoever waits for it goes on in the same turn of the event loop: a
 * burst of statements would let no ack out until the last of them. So others have their turn every millisecond: at four, a
 * click among a thousand rollouts that are all due waited twice as long (see bench/rollback).
 */

const MAX_TURN_MS = 1;

export class EventLoopTurns {
  #since = 0;
  #next: Promise<void> | undefined;

  isDue(): boolean {
    return performance.now() - this.#since > MAX_TURN_MS;
  }

  /** Resolves when others have had theirs: for all who wait for it at once, of whom each may use up the next one. */
  pass(): Promise<void> {
    this.#next ??= new Promise((resolve) =>
      setImmediate(() => {
        this.#next = undefined;
        this.#since = performance.now();
        resolve();
      }),
    );
    return this.#next;
  }
}
