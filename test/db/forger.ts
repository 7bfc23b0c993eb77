/** Somebody who may write to the file, knows the schema and has this source code; but not the key. */

import type SQLite from 'better-sqlite3';
import { rowOf } from '../../db/deployment-row.ts';
import { eventOf } from '../../db/event-row.ts';
import { CHAIN_BEGINS, chainHash, digestOf, genesis, linkHash } from '../../db/hash-chain.ts';
import type { SealsTable } from '../../db/schema.ts';
import { isNumbered, ROW_STREAMS, type RowStream, tableOf } from '../../db/stream-names.ts';
import { sealed } from '../../db/streams.ts';
import { canonicalJson } from '../../src/deployment/canonical-json.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { evolve } from '../../src/deployment/evolve.ts';
import { rawly } from './places.ts';

type Row = Record<string, never>;

/** Changes the file past all triggers. */
export function tamper(file: string, ...statements: string[]): SQLite.Database {
  const database = rawly(file);
  database.pragma('foreign_keys = OFF');
  const triggers = database.prepare(`select name from sqlite_master where type = 'trigger'`).pluck().all();
  for (const name of triggers) database.exec(`drop trigger ${name}`);
  for (const statement of statements) {
    const { changes } = database.prepare(statement).run();
    if (changes === 0) throw new Error(`it changed nothing: ${statement}`);
  }
  return database;
}

/** The same, and then every hash is made to fit what is there now. */
export function forge(file: string, ...statements: string[]): void {
  const database = tamper(file, ...statements);
  const seals = database.prepare('select * from seals order by number').all() as SealsTable[];
  const heads = new Map<string, string>();
  for (const id of database.prepare('select distinct deployment from events').pluck().all() as string[])
    rehash(database, id, heads);
  const kept = seals.flatMap((seal): SealsTable[] => {
    const digest = digestNow(database, seal, heads);
    return digest === undefined ? [] : [{ ...seal, digest }];
  });
  database.exec('delete from seals');
  let hash = CHAIN_BEGINS;
  const insert = database.prepare(
    'insert into seals (number, stream, subject, seq, digest) values (:number, :stream, :subject, :seq, :digest)',
  );
  for (const [index, seal] of kept.entries()) {
    const row = { ...seal, number: index + 1 };
    hash = chainHash(hash, row);
    insert.run(row);
  }
  const counts: Record<string, number> = {
    event: count(database, 'events'),
    deployment: count(database, 'deployments'),
  };
  for (const stream of ROW_STREAMS) counts[stream] = count(database, tableOf(stream));
  for (const name of Object.keys(counts)) if (counts[name] === 0) delete counts[name];
  database
    .prepare('update checkpoint set number = ?, hash = ?, counts = ?')
    .run(kept.length, hash, canonicalJson(counts));
}

const count = (database: SQLite.Database, table: string): number =>
  database.prepare(`select count(*) from ${table}`).pluck().get() as number;

function rehash(database: SQLite.Database, id: string, heads: Map<string, string>): void {
  let prev = genesis(id);
  let state: Deployment | undefined;
  for (const row of database
    .prepare('select * from events where deployment = ? order by seq')
    .all(id) as Row[]) {
    prev = linkHash({ ...(row as never as Parameters<typeof linkHash>[0]), prev });
    heads.set(`${id}#${row.seq}`, prev);
    database.prepare('update events set hash = ? where deployment = ? and seq = ?').run(prev, id, row.seq);
    state = evolve(state, eventOf(row as never));
  }
  if (state === undefined) return;
  const { state: text, lead_id, status, version } = rowOf(state, null);
  database
    .prepare('update deployments set state = ?, seq = ?, lead_id = ?, status = ?, version = ? where id = ?')
    .run(text, state.seq, lead_id, status, version, id);
}

/** Undefined where what it sealed is gone. */
function digestNow(
  database: SQLite.Database,
  { stream, subject, seq, digest }: SealsTable,
  heads: Map<string, string>,
): string | undefined {
  if (stream === 'key') return digest;
  if (stream === 'event') return heads.get(`${subject}#${seq}`);
  const row = rowOfSubject(database, stream, subject, seq);
  return row === undefined ? undefined : digestOf(sealed(stream, row as never));
}

function rowOfSubject(database: SQLite.Database, stream: RowStream, subject: string, seq: number): unknown {
  const table = tableOf(stream);
  if (isNumbered(stream)) return database.prepare(`select * from ${table} where seq = ?`).get(seq);
  if (stream !== 'artifact')
    return database
      .prepare(`select * from ${table} where ${stream === 'contract' ? 'key' : 'id'} = ?`)
      .get(subject);
  return database
    .prepare('select * from artifacts where service = ? and version = ?')
    .get(...(JSON.parse(subject) as string[]));
}
