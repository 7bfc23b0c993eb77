/** The streams of the record: which tables are sealed, what names a row in them, and which columns a seal covers. */

import type { Kysely, Selectable } from 'kysely';
import type { Tables } from './schema.ts';
import { ROWS, type RowStream } from './stream-names.ts';

type RowOf<S extends RowStream> = Selectable<Tables[(typeof ROWS)[S]['table']]>;

/** Columns that say where something stands in Slack, or whom to tell: they are no part of the record. */
const NOT_SEALED: Partial<Record<RowStream, readonly string[]>> = {
  contract: ['card_channel', 'card_ts'],
  freeze: ['notice_at'],
  lock: ['notice_at'],
};

/** What a seal covers of a row. */
export function sealed<S extends RowStream>(stream: S, row: RowOf<S>): Record<string, unknown> {
  const left: readonly string[] = NOT_SEALED[stream] ?? [];
  return Object.fromEntries(Object.entries(row).filter(([column]) => !left.includes(column)));
}

export const artifactSubject = (service: string, version: string): string =>
  JSON.stringify([service, version]);

/** The row that a seal is about, where it is still there. */
export function rowOfSeal(
  db: Kysely<Tables>,
  stream: RowStream,
  { subject, seq }: { subject: string; seq: number },
): Promise<Record<string, unknown> | undefined> {
  switch (stream) {
    case 'calendar':
    case 'gate_report':
    case 'artifact_refusal':
      return db.selectFrom(ROWS[stream].table).selectAll().where('seq', '=', seq).executeTakeFirst();
    case 'freeze':
    case 'lock':
      return db.selectFrom(ROWS[stream].table).selectAll().where('id', '=', subject).executeTakeFirst();
    case 'contract':
      return db.selectFrom('contracts').selectAll().where('key', '=', subject).executeTakeFirst();
    case 'artifact': {
      const [service = '', version = ''] = JSON.parse(subject) as string[];
      return db
        .selectFrom('artifacts')
        .selectAll()
        .where('service', '=', service)
        .where('version', '=', version)
        .executeTakeFirst();
    }
  }
}
