/** What Slack said about people, kept across restarts. */

import type { Kysely } from 'kysely';
import type { PeopleCache } from '../src/conductor/ports/people-cache.ts';
import { type Duration, type Instant, MINUTE } from '../src/time.ts';
import type { Connection } from './connection.ts';
import { prepared } from './prepared.ts';
import * as queries from './queries/people-cache.ts';
import type { PeopleCacheTable, Tables } from './schema.ts';

const SAME_MOMENT: Duration = MINUTE;

export class SqlPeopleCache implements PeopleCache {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async get(id: string): Promise<{ json: unknown; fetchedAt: Instant } | undefined> {
    const row = await this.#connection.run((db) => queries.cachedPerson(db, id));
    return row && { json: JSON.parse(row.json) as unknown, fetchedAt: row.fetched_at };
  }

  async put(id: string, json: unknown, at: Instant): Promise<void> {
    const row = { id, json: JSON.stringify(json), fetched_at: at };
    await this.#connection.run((db) => keep(db, row, at - SAME_MOMENT));
  }
}

/** Said again a moment later it is the same: nothing is written. */
const keep = prepared((db: Kysely<Tables>, row: PeopleCacheTable, before: Instant) =>
  db
    .insertInto('people_cache')
    .values(row)
    .onConflict((c) =>
      c
        .column('id')
        .doUpdateSet((eb) => ({
          json: eb.ref('excluded.json'),
          fetched_at: eb.ref('excluded.fetched_at'),
        }))
        .where((eb) =>
          eb.or([
            eb('people_cache.json', '<>', eb.ref('excluded.json')),
            eb('people_cache.fetched_at', '<=', before),
          ]),
        ),
    ),
);
