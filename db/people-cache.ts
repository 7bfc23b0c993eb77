/** What Slack said about people, kept across restarts. */

import type { PeopleCache } from '../src/conductor/ports/people-cache.ts';
import { type Duration, type Instant, MINUTE } from '../src/time.ts';
import type { Connection } from './connection.ts';
import * as queries from './queries.ts';

const SAME_MOMENT: Duration = MINUTE;

export class SqlPeopleCache implements PeopleCache {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async get(id: string): Promise<{ json: unknown; fetchedAt: Instant } | undefined> {
    const row = await this.#connection.run((db) => queries.cachedPerson(db, id).executeTakeFirst());
    return row && { json: JSON.parse(row.json) as unknown, fetchedAt: row.fetched_at };
  }

  async put(id: string, json: unknown, at: Instant): Promise<void> {
    const fetched = { json: JSON.stringify(json), fetched_at: at };
    await this.#connection.run((db) =>
      db
        .insertInto('people_cache')
        .values({ id, ...fetched })
        .onConflict((c) =>
          c
            .column('id')
            .doUpdateSet(fetched)
            // Said again a moment later it is the same: nothing is written.
            .where((eb) =>
              eb.or([
                eb('people_cache.json', '<>', fetched.json),
                eb('people_cache.fetched_at', '<=', at - SAME_MOMENT),
              ]),
            ),
        )
        .execute(),
    );
  }
}
