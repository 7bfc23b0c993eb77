/**
 * Seals what a transaction changed: one row per change, and the checkpoint moves to the last of them.
 *
 * It is written in the transaction of the change itself, so no change is ever without its seal. A checkpoint that the
 * key does not fit is never built on in silence: a seal of the stream `key` says where that was found, and stays.
 */

import type { Kysely, Selectable, Transaction } from 'kysely';
import { canonicalJson } from '../src/deployment/canonical-json.ts';
import { chainHash, digestOf, keyId, macOf, published } from './hash-chain.ts';
import { prepared, preparedFirst } from './prepared.ts';
import type { CheckpointTable, SealsTable, Tables } from './schema.ts';
import { isNumbered, type RowStream, type Stream } from './stream-names.ts';
import { sealed } from './streams.ts';

type Trx = Transaction<Tables>;
export type Checkpoint = Pick<CheckpointTable, 'number' | 'hash'>;

export interface Change {
  stream: Stream;
  subject: string;
  seq: number;
  digest: string;
  /** What there is more of by it, by name; see `Counts`. */
  adds?: Counts;
}

/** How many rows there are of each stream, and of deployments. */
export type Counts = Partial<Record<Stream | 'deployment', number>>;

/** The key that seals now, and those that may have sealed before. */
export interface RecordKeys {
  current: string;
  earlier: readonly string[];
}

/** How the record is sealed; without keys it has hashes only. */
export interface Sealing {
  keys?: RecordKeys | undefined;
  onKeyChange?: ((change: KeyChange, checkpoint: string) => void) | undefined;
}

/** What became of the key since the seal before; `misfit` is how a record looks that was changed past the bot. */
const KEY_CHANGES = ['begins', 'changes', 'ends', 'misfit'] as const;
export type KeyChange = (typeof KEY_CHANGES)[number];

const checkpointOf = preparedFirst((db: Kysely<Tables>) =>
  db.selectFrom('checkpoint').selectAll().where('id', '=', 1),
);

const moveCheckpoint = prepared((db: Kysely<Tables>, to: Omit<CheckpointTable, 'id'>) =>
  db.updateTable('checkpoint').set(to).where('id', '=', 1),
);

const insertSeal = prepared((db: Kysely<Tables>, row: SealsTable) => db.insertInto('seals').values(row));

export async function seal(
  trx: Trx,
  { keys, onKeyChange }: Sealing,
  changes: readonly Change[],
): Promise<Checkpoint> {
  const before = await checkpointOf(trx);
  if (before === undefined) throw new Error('the record has no checkpoint');
  const keyed = keyChange(before, keys);
  const noted = keyed === undefined ? [] : [await keySeal(trx, keyed, keys)];
  if (noted.length + changes.length === 0) return before;
  const after = await append(trx, before, [...noted, ...changes]);
  await moveCheckpoint(trx, {
    ...after,
    key_id: keys === undefined ? null : keyId(keys.current),
    mac: keys === undefined ? null : macOf(keys.current, after),
  });
  if (keyed !== undefined) onKeyChange?.(keyed, published(after));
  return after;
}

async function append(trx: Trx, before: Selectable<CheckpointTable>, changes: readonly Change[]) {
  let { number, hash } = before;
  const counts = JSON.parse(before.counts) as Counts;
  const rows: SealsTable[] = [];
  for (const { stream, subject, seq, digest, adds } of changes) {
    number += 1;
    const row = { number, stream, subject, seq, digest };
    hash = chainHash(hash, row);
    rows.push(row);
    for (const [name, more] of Object.entries(adds ?? {}) as [keyof Counts, number][])
      counts[name] = (counts[name] ?? 0) + more;
  }
  for (const row of rows) await insertSeal(trx, row);
  return { number, hash, counts: canonicalJson(counts) };
}

/** Undefined where the checkpoint is sealed as it should be. */
function keyChange(before: Selectable<CheckpointTable>, keys: RecordKeys | undefined): KeyChange | undefined {
  if (keys === undefined) return before.mac === null ? undefined : 'ends';
  if (before.mac === null) return before.key_id === null ? 'begins' : 'misfit';
  if (before.mac === macOf(keys.current, before)) return undefined;
  return keys.earlier.some((key) => before.mac === macOf(key, before)) ? 'changes' : 'misfit';
}

async function keySeal(trx: Trx, change: KeyChange, keys: RecordKeys | undefined): Promise<Change> {
  const { last } = await trx
    .selectFrom('seals')
    .select((eb) => eb.fn.max('seq').as('last'))
    .where('stream', '=', 'key')
    .where('subject', '=', change)
    .executeTakeFirstOrThrow();
  const id = keys === undefined ? '' : keyId(keys.current);
  return { stream: 'key', subject: change, seq: (last ?? 0) + 1, digest: digestOf({ change, key: id }) };
}

/** A row as it is now. `seq` says which change of it this is, where its table does not number its rows. */
export function rowChange<S extends RowStream>(
  stream: S,
  subject: string,
  seq: number,
  row: Parameters<typeof sealed<S>>[1],
): Change {
  const isNew = isNumbered(stream) || seq === 1;
  return {
    stream,
    subject,
    seq,
    digest: digestOf(sealed(stream, row)),
    ...(isNew ? { adds: { [stream]: 1 } } : {}),
  };
}

/** Which change of a subject the next one is. */
export async function nextChange(trx: Trx, stream: RowStream, subject: string): Promise<number> {
  const { last } = await trx
    .selectFrom('seals')
    .select((eb) => eb.fn.max('seq').as('last'))
    .where('stream', '=', stream)
    .where('subject', '=', subject)
    .executeTakeFirstOrThrow();
  return (last ?? 0) + 1;
}
