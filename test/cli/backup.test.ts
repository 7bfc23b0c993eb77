/** A backup that can be restored (OP-2): what the two commands say, and what is there afterwards. */

import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, it, vi } from 'vitest';
import { migrate } from '../../db/migrate.ts';
import { migrations } from '../../db/migrations/registry.ts';
import { openSqlite, sqliteDdl } from '../../db/sqlite.ts';
import { audit } from '../../src/cli/audit.ts';
import { backup, restore } from '../../src/cli/backup.ts';
import { EXIT } from '../../src/cli/command.ts';
import type { Stores } from '../../src/conductor/ports/stores.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { CANCELLED, commitOf, REMARK, requestOf, T0 } from '../db/examples.ts';
import { tamper } from '../db/forger.ts';
import { freshFile, open } from '../db/places.ts';
import { listening } from './listening.ts';

const terminal = listening();

/** A record with one request, which stays open as the bot has it, and a backend's journal beside it. */
async function running() {
  const file = freshFile();
  const stores = await open(file);
  const request = requestOf('D-1001');
  await stores.events.commit(request);
  const folder = `${file}.adapters/backends/eu`;
  mkdirSync(folder, { recursive: true });
  const journal = new SQLite(join(folder, 'journal.db'));
  journal.pragma('journal_mode = WAL');
  journal.exec(`create table told (key text); insert into told values ('D-1001:1')`);
  return { file, stores, request, journal, copy: join(dirname(file), 'copy.db') };
}

type Pending = Awaited<ReturnType<Stores['effects']['ready']>>['ready'][number];

/** The next command of a deployment, as its backend would be told it. */
async function commandOf({ events, effects }: Stores, before: Deployment): Promise<[Deployment, Pending]> {
  const key = `${before.id}:${before.seq + 1}`;
  const commit = commitOf(before, [REMARK], { effects: [{ kind: 'apply', key, step: 0 }] });
  await events.commit(commit);
  const { ready } = await effects.ready(T0, new Set(), 10, 'rest');
  const told = ready.find((one) => one.key === key);
  if (told === undefined) throw new Error(`no ${key}`);
  return [commit.after, told];
}

const namesIn = (file: string): string[] => readdirSync(dirname(file)).sort();

describe('gonogo backup and gonogo restore', () => {
  it('OP-2: copies the record and what adapters keep while the bot has them open, and proves the copy', async () => {
    const { file, copy, journal } = await running();
    expect(await backup.run([copy, '--db', file])).toBe(EXIT.ok);
    expect(terminal.said.out).toMatch(
      /copy\.db: 1 deployments, 1 events, checkpoint 1-[0-9a-f]{32}: nothing in it was changed/,
    );
    journal.close();
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(namesIn(copy).filter((name) => name.startsWith('copy'))).toEqual(['copy.db', 'copy.db.adapters']);
    const told = new SQLite(`${copy}.adapters/backends/eu/journal.db`, { readonly: true });
    expect(told.prepare('select key from told').pluck().all()).toEqual(['D-1001:1']);
    told.close();
  });

  it('OP-2: the drill: a record that is lost goes on from its backup, and what came after is missing and found so', async () => {
    const { file, copy, stores, request, journal } = await running();
    await backup.run([copy, '--db', file]);
    const head = await stores.events.commit(commitOf(request.after, [CANCELLED], { at: T0 + 1 }));
    await stores.close();
    journal.close();
    const anew = join(dirname(file), 'anew', 'gonogo.db');
    mkdirSync(dirname(anew));
    expect(await restore.run([copy, '--db', anew])).toBe(EXIT.ok);
    expect(terminal.said.out).toContain(
      'What happened since the backup is not in it; the next numbers are 1000 further',
    );
    expect(await audit.run(['verify', '--db', anew, '--head', head])).toBe(EXIT.failed);
    const again = await open(anew);
    expect((await again.events.load('D-1001'))?.status).toBe('preparing');
    // Of what is not in the backup there may be cards with buttons: their numbers are given to nothing else.
    expect(Number((await again.events.nextId()).slice(2))).toBeGreaterThan(1_000);
    await again.events.commit(commitOf(request.after, [CANCELLED], { at: T0 + 2 }));
    expect((await again.events.verifyAll()).problems).toEqual([]);
    expect(readFileSync(`${anew}.adapters/backends/eu/journal.db`).length).toBeGreaterThan(0);
  });

  it('RB-1: a restored record commands with higher numbers than the lost one ever did, and a second restore again', async () => {
    const { file, copy, stores, request, journal } = await running();
    await backup.run([copy, '--db', file]);
    const [, lost] = await commandOf(stores, request.after);
    await stores.close();
    journal.close();
    const before: Pending[] = [lost];
    for (const name of ['first', 'second']) {
      const to = join(dirname(file), name, 'gonogo.db');
      mkdirSync(dirname(to));
      expect(await restore.run([copy, '--db', to])).toBe(EXIT.ok);
      const again = await open(to);
      const [after, first] = await commandOf(again, request.after);
      const [, second] = await commandOf(again, after);
      expect(first.record).toBe(lost.record);
      for (const { sequence } of before) expect(first.sequence).toBeGreaterThan(sequence);
      expect(second.sequence).toBeGreaterThan(first.sequence);
      before.push(first, second);
      await again.close();
    }
  });

  it('OP-2: writes over nothing, and takes no log of another file for its own', async () => {
    const { file, copy, journal } = await running();
    await backup.run([copy, '--db', file]);
    const before = readFileSync(copy);
    expect(await backup.run([copy, '--db', file])).toBe(EXIT.cannotCreate);
    expect(readFileSync(copy)).toEqual(before);
    expect(await restore.run([copy, '--db', file])).toBe(EXIT.cannotCreate);
    expect(terminal.said.err).toContain(`${file} is there already. Stop the bot and move it away first`);
    const other = join(dirname(file), 'other.db');
    writeFileSync(`${other}-wal`, 'left over');
    expect(await restore.run([copy, '--db', other])).toBe(EXIT.cannotCreate);
    expect(terminal.said.err).toContain('other.db-wal is there already');
    const third = join(dirname(file), 'third.db');
    writeFileSync(`${third}.rollbacks`, '');
    expect(await restore.run([copy, '--db', third])).toBe(EXIT.cannotCreate);
    journal.close();
  });

  it('OP-2: takes no file that is damaged, or is no record, and leaves nothing of it', async () => {
    const { file, copy, journal } = await running();
    journal.close();
    await backup.run([copy, '--db', file]);
    const to = join(dirname(file), 'anew.db');
    const damaged = join(dirname(file), 'damaged.db');
    const bytes = readFileSync(copy);
    writeFileSync(damaged, bytes.fill(0x2a, 8_192, 40_960));
    expect(await restore.run([damaged, '--db', to])).toBe(EXIT.badData);
    expect(terminal.said.err).toContain('the file of the record is damaged');
    const strange = join(dirname(file), 'strange.db');
    new SQLite(strange).exec('create table a (b)').close();
    expect(await restore.run([strange, '--db', to])).toBe(EXIT.badData);
    expect(terminal.said.err).toContain('this is no record of GoNoGo');
    const text = join(dirname(file), 'text.db');
    appendFileSync(text, 'services:\n'.repeat(500));
    expect(await restore.run([text, '--db', to])).toBe(EXIT.badData);
    expect(await restore.run([join(dirname(file), 'none.db'), '--db', to])).toBe(EXIT.badData);
    expect(namesIn(file).filter((name) => name.startsWith('anew'))).toEqual([]);
  });

  it('OP-5: takes the record of an older version, which the next start brings up to date', async () => {
    const file = freshFile();
    const copy = join(dirname(file), 'copy.db');
    const db = openSqlite(file);
    await migrate(db, Object.fromEntries(Object.entries(migrations(sqliteDdl)).slice(0, -1)));
    await db.destroy();
    expect(await backup.run([copy, '--db', file])).toBe(EXIT.ok);
    expect(terminal.said.out).toContain('whole, and written by an older GoNoGo');
    const anew = join(dirname(file), 'anew.db');
    expect(await restore.run([copy, '--db', anew])).toBe(EXIT.ok);
    const again = await open(anew);
    expect((await again.events.verifyAll()).problems).toEqual([]);
  });

  it('AU-7: a record that somebody changed is still copied whole, and answered with 1', async () => {
    const { file, copy, journal, stores } = await running();
    journal.close();
    await stores.close();
    tamper(file, `update events set by = replace(by, 'Dana', 'Tim') where seq = 1`).close();
    expect(await backup.run([copy, '--db', file])).toBe(EXIT.failed);
    expect(terminal.said.err).toContain('D-1001 #1: event 1 is not what was recorded');
    expect(statSync(copy).size).toBeGreaterThan(0);
  });

  it('says how it is called, and that a key is too short, before it copies anything', async () => {
    const { file, copy, journal } = await running();
    expect(await backup.run([])).toBe(EXIT.usage);
    vi.stubEnv('GONOGO_RECORD_KEY', 'short');
    expect(await backup.run([copy, '--db', file])).toBe(EXIT.config);
    vi.unstubAllEnvs();
    expect(namesIn(file)).not.toContain('copy.db');
    journal.close();
  });
});
