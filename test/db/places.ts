/** Database files in a folder of their own, closed and removed after each test. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterEach } from 'vitest';
import { type OpenOptions, openDatabase } from '../../db/open.ts';
import type { Stores } from '../../src/conductor/ports/stores.ts';

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A path that does not exist yet. */
export function freshFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gonogo-db-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'gonogo.db');
}

/** Closed with the test, if not before. SQLite's own wait is short: two connections here share one process. */
export async function open(file: string, options: Omit<OpenOptions, 'file'> = {}): Promise<Stores> {
  const stores = await openDatabase({ busyTimeoutMs: 1, ...options, file });
  undo.push(() => stores.close());
  return stores;
}

/** Another process's hand on the file, past all stores. */
export function rawly(file: string): SQLite.Database {
  const database = new SQLite(file, { timeout: 1 });
  undo.push(() => database.close());
  return database;
}
