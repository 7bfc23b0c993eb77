/** HANDOFF/V1 contracts, by their key and newest first. */

import type { Db } from '../schema.ts';

export const contractByKey = (db: Db, key: string) =>
  db.selectFrom('contracts').selectAll().where('key', '=', key);

export const newestContracts = (db: Db, limit: number) =>
  db
    .selectFrom('contracts')
    .selectAll()
    .where('imported_at', '>=', 0)
    .orderBy('imported_at', 'desc')
    .limit(limit);
