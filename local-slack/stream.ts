/** Tells everyone who listens what a person could see change, and remembers the latest for who joins late. */
import type { StreamEvent } from './protocol.ts';
import { Ring } from './ring.ts';

export interface Sent {
  id: number;
  event: StreamEvent;
}

export type Listener = (sent: Sent) => void;

export class Stream {
  readonly #listeners = new Set<Listener>();
  readonly #sent = new Ring<Sent>(5_000);

  /** Records are replaced, never changed in place, so what is published stays as it was. */
  publish(event: StreamEvent): void {
    const sent = this.#sent.add((id) => ({ id, event }));
    for (const listener of this.#listeners) listener(sent);
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  since(id: number): Sent[] {
    return this.#sent.since(id);
  }

  get last(): number {
    return this.#sent.last;
  }
}
