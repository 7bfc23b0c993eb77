/** A log with a bounded length: the newest entries by a rising id, the oldest forgotten. */

export class Ring<T extends { id: number }> {
  readonly #entries: (T | undefined)[];
  readonly #most: number;
  #last = 0;

  constructor(most: number) {
    this.#most = most;
    this.#entries = new Array<T | undefined>(most);
  }

  add(make: (id: number) => T): T {
    const id = ++this.#last;
    const entry = make(id);
    this.#entries[id % this.#most] = entry;
    return entry;
  }

  /** Takes the place of the entry with the same id, unless that is forgotten. */
  replace(entry: T): void {
    const at = entry.id % this.#most;
    if (this.#entries[at]?.id === entry.id) this.#entries[at] = entry;
  }

  /** Entries with an id above `id`, oldest first. */
  since(id: number): T[] {
    const found: T[] = [];
    for (let at = Math.max(id, this.#last - this.#most) + 1; at <= this.#last; at++) {
      const entry = this.#entries[at % this.#most];
      if (entry !== undefined) found.push(entry);
    }
    return found;
  }

  get last(): number {
    return this.#last;
  }
}
