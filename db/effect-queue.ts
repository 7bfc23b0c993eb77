/**
 * The commands that the events asked for and that still have to be carried out. What became of one waits for no disk:
 * after a power cut it is carried out once more under the same key, and that changes nothing (docs/adr/0029).
 */

import type { Kysely, Updateable } from 'kysely';
import type { EffectQueue, PendingEffect } from '../src/conductor/ports/effect-queue.ts';
import type { CommandLane } from '../src/deployment/command-effects.ts';
import type { Instant } from '../src/time.ts';
import type { Connection } from './connection.ts';
import { prepared } from './prepared.ts';
import * as queries from './queries/effects.ts';
import type { Tables } from './schema.ts';

const putOff = prepared((db: Kysely<Tables>, key: string, at: Instant, problem: string) =>
  db
    .updateTable('effects')
    .set((eb) => ({ next_at: at, problem, attempts: eb('attempts', '+', 1) }))
    .where('key', '=', key)
    .where('done_at', 'is', null),
);

type Ended = Pick<Updateable<Tables['effects']>, 'next_at' | 'done_at' | 'problem'>;

const end = prepared((db: Kysely<Tables>, key: string, ended: Ended) =>
  db.updateTable('effects').set(ended).where('key', '=', key).where('done_at', 'is', null),
);

export class SqlEffectQueue implements EffectQueue {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async ready(
    now: Instant,
    except: ReadonlySet<string>,
    limit: number,
    lane: CommandLane,
  ): Promise<{ ready: PendingEffect[]; next: Instant | undefined }> {
    const { rows } = await this.#connection.run((db) =>
      queries.readyEffects[lane](db, now, limit + except.size),
    );
    const ready = rows
      .filter(({ key, at }) => at <= now && !except.has(key))
      .slice(0, limit)
      .map(({ key, deployment, sequence, record, effect, attempts }) => ({
        key,
        deployment,
        sequence,
        record: record.toString(36),
        effect: JSON.parse(effect) as PendingEffect['effect'],
        attempts,
      }));
    return { ready, next: rows.find(({ at }) => at > now)?.at };
  }

  async done(key: string): Promise<void> {
    await this.#end(key, null);
  }

  async drop(key: string, problem: string): Promise<void> {
    await this.#end(key, problem);
  }

  async retryAt(key: string, at: Instant, problem: string): Promise<void> {
    await this.#connection.run((db) => putOff(db, key, at, problem));
  }

  async #end(key: string, problem: string | null): Promise<void> {
    const ended = { next_at: null, done_at: this.#connection.now(), problem };
    await this.#connection.run((db) => end(db, key, ended));
  }
}
