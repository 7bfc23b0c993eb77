/** HANDOFF/V1 contracts: imported once under an id, accepted once, and never changed. */

import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { ContractStore, NewContract } from '../src/conductor/ports/contract-store.ts';
import type { Contract } from '../src/contract/contract.ts';
import type { ContractRecord } from '../src/contract/record.ts';
import type { Moves } from '../src/contract/to-checklist.ts';
import { canonicalJson } from '../src/deployment/canonical-json.ts';
import type { PersonRef } from '../src/terms/person.ts';
import type { Instant } from '../src/time.ts';
import type { Connection } from './connection.ts';
import * as queries from './queries/contracts.ts';
import type { ContractsTable } from './schema.ts';
import { rowChange, seal } from './seal.ts';

const keyOf = (id: string): string => id.toLowerCase();

export class SqlContracts implements ContractStore {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  import(asked: NewContract, at: Instant): ReturnType<ContractStore['import']> {
    return this.#connection.transaction(async (trx) => {
      const { source, contract, service, environment, by } = asked;
      const sha256 = createHash('sha256').update(source).digest('hex');
      const there = await queries.contractByKey(trx, keyOf(contract.id)).executeTakeFirst();
      if (there !== undefined)
        return { kind: sameText(there.source, source) ? 'same' : 'other', record: recordOf(there) };
      const row = await trx
        .insertInto('contracts')
        .values({
          key: keyOf(contract.id),
          id: contract.id,
          source,
          sha256,
          contract: canonicalJson(contract),
          service,
          environment,
          imported_by: canonicalJson(by),
          imported_at: at,
          accepted_by: null,
          accepted_at: null,
          moves: null,
          card_channel: null,
          card_ts: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await seal(trx, this.#connection.sealing, [rowChange('contract', row.key, 1, row)]);
      return { kind: 'imported', record: recordOf(row) };
    });
  }

  accept(
    id: string,
    { by, moves }: { by: PersonRef; moves: Moves },
    at: Instant,
  ): ReturnType<ContractStore['accept']> {
    return this.#connection.transaction(async (trx) => {
      const accepted = await trx
        .updateTable('contracts')
        .set({ accepted_by: canonicalJson(by), accepted_at: at, moves: canonicalJson(moves) })
        .where('key', '=', keyOf(id))
        .where('accepted_at', 'is', null)
        .returningAll()
        .executeTakeFirst();
      if (accepted !== undefined)
        await seal(trx, this.#connection.sealing, [rowChange('contract', accepted.key, 2, accepted)]);
      const row = accepted ?? (await queries.contractByKey(trx, keyOf(id)).executeTakeFirst());
      return row && { ok: accepted !== undefined, record: recordOf(row) };
    });
  }

  async posted(id: string, { channel, ts }: { channel: string; ts: string }): Promise<void> {
    await this.#connection.transaction((db) =>
      db
        .updateTable('contracts')
        .set({ card_channel: channel, card_ts: ts })
        .where('key', '=', keyOf(id))
        .execute(),
    );
  }

  async find(id: string): Promise<ContractRecord | undefined> {
    const row = await this.#connection.run((db) => queries.contractByKey(db, keyOf(id)).executeTakeFirst());
    return row && recordOf(row);
  }

  async source(id: string): Promise<string | undefined> {
    const row = await this.#connection.run((db) => queries.contractByKey(db, keyOf(id)).executeTakeFirst());
    return row?.source;
  }

  async list(limit: number): Promise<ContractRecord[]> {
    const rows = await this.#connection.run((db) => queries.newestContracts(db, limit).execute());
    return rows.map(recordOf);
  }
}

/** A form may end its lines in another way than a file, and drop what is empty at the end. */
function sameText(one: string, other: string): boolean {
  const plain = (text: string): string => text.replace(/\r\n?/g, '\n').trim();
  return plain(one) === plain(other);
}

/** Our own text, written in the same shape: its outline is not described a second time (see `stateOf`). */
function recordOf(row: Selectable<ContractsTable>): ContractRecord {
  const { accepted_by: by, accepted_at: at, moves, card_channel: channel, card_ts: ts } = row;
  return {
    id: row.id,
    contract: JSON.parse(row.contract) as Contract,
    sha256: row.sha256,
    service: row.service,
    environment: row.environment,
    imported: { by: JSON.parse(row.imported_by) as PersonRef, at: row.imported_at },
    ...(by === null || at === null
      ? {}
      : { accepted: { by: JSON.parse(by) as PersonRef, at, moves: JSON.parse(moves ?? '{}') as Moves } }),
    ...(channel === null || ts === null ? {} : { card: { channel, ts } }),
  };
}
