/** `gonogo audit export`: the audit trail as CSV or JSON, of one deployment or of a period (AU-3). */

import { once } from 'node:events';
import type { RecordReader } from '../../db/open.ts';
import { defined } from '../defined.ts';
import { complain, EXIT } from './command.ts';
import { readInstant } from './instant.ts';

type Entry = ReturnType<RecordReader['export']> extends AsyncGenerator<infer E> ? E : never;

interface Asked {
  deployment?: string;
  from?: string;
  until?: string;
  format: string;
}

export async function auditExport(record: RecordReader, asked: Asked): Promise<number> {
  const format = FORMATS[asked.format];
  if (format === undefined) {
    complain(`--format takes csv or json, not "${asked.format}".`);
    return EXIT.usage;
  }
  const [from, until] = [readInstant('--from', asked.from), readInstant('--until', asked.until)];
  if (from === 'wrong' || until === 'wrong') return EXIT.usage;
  const entries = record.export({
    ...defined({ deployment: asked.deployment, from, until }),
  });
  let first = true;
  await write(format.begin);
  for await (const entry of entries) {
    await write(first ? format.entry(entry) : `${format.between}${format.entry(entry)}`);
    first = false;
  }
  await write(format.end);
  return EXIT.ok;
}

const COLUMNS = [
  'stream',
  'subject',
  'seq',
  'at',
  'by_kind',
  'by_id',
  'by_name',
  'what',
  'facts',
  'hash',
] as const;

function flat({
  by,
  at,
  facts,
  hash = '',
  ...entry
}: Entry): Record<(typeof COLUMNS)[number], string | number> {
  return {
    ...entry,
    at: new Date(at).toISOString(),
    by_kind: by.kind,
    by_id: by.kind === 'person' ? by.id : '',
    by_name: by.name,
    facts: JSON.stringify(facts),
    hash,
  };
}

/** RFC 4180; a text that a spreadsheet would take for a formula is kept from it by an apostrophe. */
function csvField(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const FORMATS: Record<string, { begin: string; entry(entry: Entry): string; between: string; end: string }> =
  {
    json: {
      begin: '[\n',
      entry: (entry) => JSON.stringify({ ...entry, at: new Date(entry.at).toISOString() }),
      between: ',\n',
      end: '\n]\n',
    },
    csv: {
      begin: `${COLUMNS.join(',')}\r\n`,
      entry: (entry) => COLUMNS.map((column) => csvField(flat(entry)[column])).join(','),
      between: '\r\n',
      end: '\r\n',
    },
  };

/** Waits where whoever reads is slower than we are. */
async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
