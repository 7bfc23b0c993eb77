/** The record and what adapters keep beside it, copied as one: by a backup, and back by a restore (OP-2). */

import {
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { copySqlite, isSqlite } from '../../db/copy.ts';

/** What a file of SQLite may leave beside it; another file of the name would take it for its own. */
const LEFT_BESIDE = ['-wal', '-shm', '-journal'] as const;
/** Where adapters keep what they were told. */
const ADAPTERS = '.adapters';
/** Rollbacks that could not be recorded yet: of another record they would take back whatever has their number here. */
const KEPT_ROLLBACKS = '.rollbacks';

/** What stands where `file` is to be written, and would be lost or be taken for a part of it. */
export function inTheWay(file: string): string | undefined {
  return ['', ...LEFT_BESIDE, ADAPTERS, KEPT_ROLLBACKS]
    .map((end) => `${file}${end}`)
    .find((path) => existsSync(path));
}

/**
 * The record first: what adapters were told after that they then know already, and the record asks for it with the same
 * key. The file is there under its name last, so that where it is there it is whole; `check` may still refuse it.
 */
export async function copyRecord(
  from: string,
  to: string,
  check: (copy: string) => Promise<void>,
): Promise<void> {
  const part = `${to}.${process.pid}.part`;
  try {
    await copySqlite(from, part);
    await check(part);
    await copyFolder(`${from}${ADAPTERS}`, `${part}${ADAPTERS}`);
    takeName(part, to);
  } finally {
    for (const end of ['', ...LEFT_BESIDE, ADAPTERS])
      rmSync(`${part}${end}`, { recursive: true, force: true });
  }
}

/** Neither takes the place of what came meanwhile. */
function takeName(part: string, to: string): void {
  const hasFolder = existsSync(`${part}${ADAPTERS}`);
  if (hasFolder) renameSync(`${part}${ADAPTERS}`, `${to}${ADAPTERS}`);
  try {
    linkSync(part, to);
  } catch (error) {
    if (hasFolder) rmSync(`${to}${ADAPTERS}`, { recursive: true });
    throw error;
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return;
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    const source = join(entry.parentPath, entry.name);
    if (!entry.isFile() || LEFT_BESIDE.some((end) => source.endsWith(end))) continue;
    const target = join(to, source.slice(from.length));
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    if (isSqlite(beginningOf(source))) await copySqlite(source, target);
    else copyFileSync(source, target);
  }
}

function beginningOf(file: string): Buffer {
  const beginning = Buffer.alloc(16);
  const opened = openSync(file, 'r');
  try {
    readSync(opened, beginning, 0, beginning.length, 0);
  } finally {
    closeSync(opened);
  }
  return beginning;
}
