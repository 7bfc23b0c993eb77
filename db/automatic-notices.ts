/** The last notice of each place about a release that does not go there by itself. */

import type { AutomaticNotices, Place } from '../src/conductor/ports/automatic-notices.ts';
import type { Instant } from '../src/time.ts';
import type { Connection } from './connection.ts';

export class SqlAutomaticNotices implements AutomaticNotices {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async last({ service, environment }: Place): ReturnType<AutomaticNotices['last']> {
    const row = await this.#connection.run((db) =>
      db
        .selectFrom('automatic_notices')
        .select(['about', 'begun', 'said'])
        .where('service', '=', service)
        .where('environment', '=', environment)
        .executeTakeFirst(),
    );
    return row && { about: row.about, begun: row.begun, said: row.said === 1 };
  }

  async begin({ service, environment }: Place, about: string, at: Instant): Promise<void> {
    const notice = { about, begun: at, said: 0 };
    await this.#connection.transaction((db) =>
      db
        .insertInto('automatic_notices')
        .values({ service, environment, ...notice })
        .onConflict((c) => c.columns(['service', 'environment']).doUpdateSet(notice))
        .execute(),
    );
  }

  async said({ service, environment }: Place): Promise<void> {
    await this.#connection.transaction((db) =>
      db
        .updateTable('automatic_notices')
        .set({ said: 1 })
        .where('service', '=', service)
        .where('environment', '=', environment)
        .execute(),
    );
  }
}
