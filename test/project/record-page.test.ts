import { readFileSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { PAGE, recordPage, tablesOfRecord } from '../../scripts/record-page.ts';
import { DATABASE_FAULTS } from '../../src/conductor/ports/faults.ts';
import { freshFile, open } from '../db/places.ts';

it('OP-6: docs/record.md is what db/schema.ts says (node --import tsx scripts/record-page.ts writes it)', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(recordPage());
});

it('OP-6: it has every table and column that a database has, and no other', async () => {
  const file = freshFile();
  await open(file);
  const database = new SQLite(file, { readonly: true });
  const there = database
    .prepare("select name from sqlite_schema where type = 'table' and name not like '%kysely%'")
    .pluck()
    .all()
    .filter((name) => !String(name).startsWith('sqlite_'))
    .map((name) => [name, database.pragma(`table_info(${String(name)})`) as { name: string }[]] as const)
    .map(([name, columns]) => [name, columns.map((column) => column.name).sort()]);
  database.close();
  const told = tablesOfRecord().map(({ name, columns }) => [name, columns.map((one) => one.name).sort()]);
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(there));
  expect(tablesOfRecord().filter(({ means }) => means === '')).toEqual([]);
});

it('OP-5: docs/running.md says of each trouble with the record, in the words that people are told, what to do', () => {
  const page = readFileSync(new URL('../../docs/running.md', import.meta.url), 'utf8');
  expect(Object.values(DATABASE_FAULTS).filter((words) => !page.includes(`| ${words} |`))).toEqual([]);
});
