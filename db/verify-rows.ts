/** The streams beside the events: each row is what its last seal says, none is gone, and none was slipped in. */

import type { Findings } from './findings.ts';
import { digestOf } from './hash-chain.ts';
import type { Db, SealsTable } from './schema.ts';
import { isNumbered, ROW_STREAMS, type RowStream, tableOf } from './stream-names.ts';
import { rowOfSeal, sealed } from './streams.ts';
import { yieldToOthers } from './yield-to-others.ts';

const PAGE = 500;

/** How many rows there are, by stream. */
export async function verifyRows(db: Db, findings: Findings): Promise<Record<RowStream, number>> {
  const there = {} as Record<RowStream, number>;
  for (const stream of ROW_STREAMS) {
    await verifyStream(db, stream, findings);
    there[stream] = await countOf(db, stream);
  }
  return there;
}

async function verifyStream(db: Db, stream: RowStream, findings: Findings): Promise<void> {
  let after = { subject: '', seq: 0 };
  let last: SealsTable | undefined;
  for (;;) {
    const page = await sealsOf(db, stream, after);
    for (const seal of page) {
      // Of a row that changed, its last seal speaks of it as it is.
      const isLast = isNumbered(stream) || last?.subject !== seal.subject;
      if (last !== undefined && isLast) await verifyRow(db, stream, last, findings);
      last = seal;
    }
    const end = page.at(-1);
    if (end === undefined || page.length < PAGE) break;
    after = end;
    await yieldToOthers();
  }
  if (last !== undefined) await verifyRow(db, stream, last, findings);
}

const sealsOf = (db: Db, stream: RowStream, { subject, seq }: { subject: string; seq: number }) =>
  db
    .selectFrom('seals')
    .selectAll()
    .where('stream', '=', stream)
    .where(({ eb, refTuple, tuple }) => eb(refTuple('subject', 'seq'), '>', tuple(subject, seq)))
    .orderBy('subject')
    .orderBy('seq')
    .limit(PAGE)
    .execute();

async function verifyRow(db: Db, stream: RowStream, seal: SealsTable, findings: Findings): Promise<void> {
  const where = `${stream.replace('_', ' ')} ${isNumbered(stream) ? seal.seq : seal.subject}`;
  const row = await rowOfSeal(db, stream, seal);
  if (row === undefined) findings.problem(where, 'it is missing');
  else if (digestOf(sealed(stream, row as never)) !== seal.digest)
    findings.problem(where, 'it is not what was recorded');
}

async function countOf(db: Db, stream: RowStream): Promise<number> {
  const { rows } = await db
    .selectFrom(tableOf(stream))
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();
  return rows;
}
