/** Trigger ids: good once, for three seconds, for the person who pulled them. */
import type { Timers } from '../clock.ts';
import { secret } from '../ids.ts';
import { invalidArguments, SlackError } from '../slack-error.ts';

export interface Trigger {
  user: string;
  /** Where it was pulled. */
  channel: string | undefined;
  /** The modal it was pulled in. */
  view: string | undefined;
}

interface Kept extends Trigger {
  expires: number;
  used: boolean;
}

const GOOD_FOR_MS = 3_000;
const REMEMBERED = 5_000;

export class Triggers {
  readonly #kept = new Map<string, Kept>();
  readonly #timers: Timers;
  readonly #strict: boolean;
  readonly #team: string;
  #count = 0;

  constructor(timers: Timers, strict: boolean, team: string) {
    this.#timers = timers;
    this.#strict = strict;
    this.#team = team;
  }

  issue(trigger: Trigger): string {
    const id = `${1_000_000_000 + ++this.#count}.${this.#team}.${secret(16)}`;
    this.#kept.set(id, { ...trigger, expires: this.#timers.now() + GOOD_FOR_MS, used: false });
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > REMEMBERED && !oldest.done) this.#kept.delete(oldest.value);
    return id;
  }

  exchange(id: string): Trigger {
    const kept = this.#kept.get(id);
    if (kept === undefined) throw invalidArguments('invalid `trigger_id`', '/trigger_id');
    if (this.#strict && kept.used) throw new SlackError('exchanged_trigger_id');
    if (this.#strict && this.#timers.now() > kept.expires) throw new SlackError('expired_trigger_id');
    kept.used = true;
    return kept;
  }
}
