/**
 * docs/record.md: every table of the record and what its columns mean, read from `db/schema.ts`, which is the data dictionary.
 * `node --import tsx scripts/record-page.ts` writes it; a test looks whether it is fresh.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const PAGE = fileURLToPath(new URL('../docs/record.md', import.meta.url));
const SCHEMA = fileURLToPath(new URL('../db/schema.ts', import.meta.url));

export interface Column {
  name: string;
  type: string;
  /** Empty where its name says all. */
  means: string;
}

export interface TableOfRecord {
  name: string;
  means: string;
  columns: Column[];
}

const words = (comment: string | undefined): string =>
  (comment ?? '')
    .replace(/^\s*\*\s?/gm, '')
    .replace(/\s+/g, ' ')
    .trim();

const INTERFACE = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport interface (\w+)Table \{\n([\s\S]*?)\n\}/g;
const COLUMN = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?^ {2}(\w+)\??: ([^;]+);/gm;
const TABLE = /^ {2}(\w+): (\w+)Table;$/gm;

/** In the order in which the schema lists them. */
export function tablesOfRecord(): TableOfRecord[] {
  const schema = readFileSync(SCHEMA, 'utf8');
  const described = new Map(
    [...schema.matchAll(INTERFACE)].map(([, means, name = '', body = '']) => [name, { means, body }]),
  );
  return [...schema.matchAll(TABLE)].map(([, name = '', type = '']) => {
    const { means, body = '' } = described.get(type) ?? {};
    return { name, means: words(means), columns: columnsIn(body) };
  });
}

const columnsIn = (body: string): Column[] =>
  [...body.matchAll(COLUMN)].map(([, means, name = '', type = '']) => ({
    name,
    type: typeWords(type.replace(/\s+/g, ' ').trim()),
    means: words(means),
  }));

/** `Generated<number>` is a number with a default; a JSON text says of what. */
function typeWords(type: string): string {
  return type
    .replace(/Generated<(.*)>/, '$1')
    .replace(/Json<'([^']+)'>/g, 'JSON of $1')
    .replace(/\bInstant\b/g, 'instant')
    .replace(/\b(EventType|Status|Stream)\b/g, (name) => `text (${name})`)
    .replace(/\bstring\b/g, 'text')
    .replaceAll('|', 'or')
    .replaceAll("'", '');
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

export function recordPage(): string {
  const tables = tablesOfRecord().flatMap(({ name, means, columns }) => [
    `## ${name}`,
    '',
    means,
    '',
    '| column | type | |',
    '|---|---|---|',
    ...columns.map((one) => `| \`${one.name}\` | ${cell(one.type)} | ${cell(one.means)} |`),
    '',
  ]);
  return [
    '# The record, table by table',
    '',
    'Written from `db/schema.ts`; `node --import tsx scripts/record-page.ts` writes it again.',
    '',
    'Instants are whole milliseconds since 1970-01-01T00:00:00Z in UTC, JSON is text, and NULL in an `_at` column means not yet or',
    'never. `events`, `calendar_log`, `gate_reports`, `artifact_refusals` and `seals` only grow, and triggers see to it. What people decide is',
    'in `events`; `gonogo audit export` gives it out, and nothing else need read the file.',
    '',
    ...tables,
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, recordPage());
