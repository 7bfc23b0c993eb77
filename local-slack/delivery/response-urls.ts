/** The addresses at which an app may answer an interaction: five times, within thirty minutes. */
import type { Timers } from '../clock.ts';
import { secret } from '../ids.ts';
import type { Ts } from '../protocol.ts';

export interface ResponseTarget {
  user: string;
  channel: string;
  thread: Ts | undefined;
  /** The message that was used, if any: what `replace_original` and `delete_original` mean. */
  original: Ts | undefined;
}

interface Kept extends ResponseTarget {
  expires: number;
  left: number;
}

const GOOD_FOR_MS = 30 * 60_000;
const USES = 5;
const REMEMBERED = 5_000;

export class ResponseUrls {
  readonly #kept = new Map<string, Kept>();
  readonly #timers: Timers;
  readonly #strict: boolean;

  constructor(timers: Timers, strict: boolean) {
    this.#timers = timers;
    this.#strict = strict;
  }

  /** The last part of the address. */
  issue(target: ResponseTarget): string {
    const id = secret();
    this.#kept.set(id, { ...target, expires: this.#timers.now() + GOOD_FOR_MS, left: USES });
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > REMEMBERED && !oldest.done) this.#kept.delete(oldest.value);
    return id;
  }

  use(id: string): ResponseTarget | 'unknown_url' | 'used_url' | 'expired_url' {
    const kept = this.#kept.get(id);
    if (kept === undefined) return 'unknown_url';
    if (this.#strict && this.#timers.now() > kept.expires) return 'expired_url';
    if (this.#strict && kept.left <= 0) return 'used_url';
    kept.left -= 1;
    return kept;
  }
}
