/** Signatures of API requests that were accepted, remembered across restarts so that none is accepted twice. */

import type { SignatureStore } from '../src/conductor/ports/signature-store.ts';
import type { Connection } from './connection.ts';

export class SqlSignatures implements SignatureStore {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async use(signature: string): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#connection.transaction((db) =>
      db
        .insertInto('api_signatures')
        .values({ signature, used_at: this.#connection.now() })
        .onConflict((c) => c.column('signature').doNothing())
        .executeTakeFirstOrThrow(),
    );
    return numInsertedOrUpdatedRows === 1n;
  }
}
