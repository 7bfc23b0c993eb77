import type SQLite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { genesis, linkHash } from '../../db/hash-chain.ts';
import { commitOf, goOf, REMARK, requestOf, SCHEDULED, TOM } from './examples.ts';
import { freshFile, open, rawly } from './places.ts';

/** Three events of D-1001, and an untouched D-1002 beside it. */
async function recorded(): Promise<string> {
  const file = freshFile();
  const stores = await open(file);
  const request = requestOf('D-1001');
  await stores.events.commit(request);
  await stores.events.commit(
    commitOf(request.after, [goOf(request.after, 'tech_lead'), SCHEDULED], { by: TOM }),
  );
  await stores.events.commit(requestOf('D-1002', { service: 'search' }));
  await stores.close();
  return file;
}

/** As somebody would who may write to the file and knows its schema. */
function tamper(file: string, change: (database: SQLite.Database) => void): void {
  const database = rawly(file);
  database.pragma('foreign_keys = OFF');
  for (const name of ['events_are_never_changed', 'events_are_never_deleted', 'events_have_no_gap']) {
    database.exec(`drop trigger ${name}`);
  }
  change(database);
}

describe('AU-3: the database itself', () => {
  const COPY = 'select deployment, seq, type, at, by, body, prev_hash, hash from events where seq = 2';
  it.each([
    ['an event is changed', "update events set body = '{}'", 'none is ever changed'],
    ['an event is deleted', 'delete from events', 'none is ever deleted'],
    ['an event is replaced', `insert or replace into events ${COPY}`, 'their numbers follow each other'],
    ['a number is left out', `insert into events ${COPY.replace(', seq,', ', 9,')}`, 'follow each other'],
    ['a deployment is deleted', "delete from deployments where id = 'D-1001'", 'FOREIGN KEY'],
    ['a column gets what it is not for', "update deployments set wake_at = 'soon'", 'INTEGER column'],
  ])('refuses when %s', async (_what, statement, refusal) => {
    const database = rawly(await recorded());
    expect(() => database.exec(statement)).toThrow(refusal);
  });
});

describe('AU-3: verify', () => {
  it('finds nothing in a record nobody touched', async () => {
    const { events } = await open(await recorded());
    expect(await events.verify('D-1001')).toEqual({ ok: true, events: 3 });
    expect(await events.verifyAll()).toEqual({ deployments: 2, events: 4, problems: [] });
  });

  it('says so of a deployment that is not there', async () => {
    const { events } = await open(await recorded());
    expect(await events.verify('D-7')).toEqual({ ok: false, seq: 0, problem: 'D-7 is not in the record' });
  });

  const event = (seq: number, change: string) =>
    `update events set ${change} where deployment = 'D-1001' and seq = ${seq}`;
  const row = (change: string) => `update deployments set ${change} where id = 'D-1001'`;

  it.each([
    [2, 'who signed', event(2, `by = replace(by, 'Tom', 'Tim')`), 'hash does not fit'],
    [2, 'when it was signed', event(2, 'at = at + 1'), 'hash does not fit'],
    [1, 'what was asked for', event(1, `body = replace(body, 'v2.1.0', 'v2.1.1')`), 'hash does not fit'],
    [3, 'the last event', event(3, `body = replace(body, 'startAt', 'startedAt')`), 'hash does not fit'],
    [2, 'a body that is not JSON', event(2, `body = '{'`), 'not JSON'],
    [2, 'a body that is a number', event(2, `body = '7'`), 'not JSON'],
    [3, 'how an event is filed', event(3, `type = 'started'`), 'filed as started'],
    [2, 'what an event follows', event(2, `prev_hash = 'x'`), 'does not follow'],
    [
      2,
      'an event taken out of the middle',
      `delete from events where deployment = 'D-1001' and seq = 2`,
      'event 2 is missing',
    ],
    [
      3,
      'an event taken off the end',
      `delete from events where deployment = 'D-1001' and seq = 3`,
      'event 3 is missing',
    ],
    [1, 'all events', `delete from events where deployment = 'D-1001'`, 'event 1 is missing'],
    [3, 'the state', row(`state = replace(state, 'Dana', 'Omar')`), 'the state of D-1001'],
    [3, 'a column of the row', row(`status = 'handed_over'`), 'the status in the row'],
    [3, 'the seq of the row', row('seq = 2'), 'stands on event 2 of 3'],
    [3, 'the row itself', `delete from deployments where id = 'D-1001'`, 'the row of D-1001 is missing'],
  ])('names %i where somebody changed %s', async (seq, _what, statement, problem) => {
    const file = await recorded();
    tamper(file, (database) => {
      expect(database.prepare(statement).run().changes).toBeGreaterThan(0);
    });
    const { events } = await open(file);
    const found = { seq, problem: expect.stringContaining(problem) };
    expect(await events.verify('D-1001')).toEqual({ ok: false, ...found });
    expect(await events.verifyAll()).toEqual({
      deployments: 2,
      events: 1,
      problems: [{ deployment: 'D-1001', ...found }],
    });
  });

  it('names the event after one that was forged with a hash of its own', async () => {
    const file = await recorded();
    tamper(file, (database) => {
      const second = { deployment: 'D-1001', seq: 2 };
      const { at, by, prev_hash } = database
        .prepare('select at, by, prev_hash from events where deployment = :deployment and seq = :seq')
        .get(second) as { at: number; by: string; prev_hash: string };
      const hash = linkHash({ ...second, at, by: JSON.parse(by), body: REMARK, prev: prev_hash });
      database
        .prepare('update events set type = ?, body = ?, hash = ? where deployment = ? and seq = ?')
        .run(REMARK.type, JSON.stringify(REMARK), hash, 'D-1001', 2);
    });
    const { events } = await open(file);
    expect(await events.verify('D-1001')).toMatchObject({ ok: false, seq: 3 });
  });

  it('does not take the chain of one deployment for that of another', async () => {
    const link = { seq: 1, at: 0, by: {}, body: {} };
    const hashes = ['D-1', 'D-2'].map((id) => linkHash({ ...link, deployment: id, prev: genesis(id) }));
    expect(new Set(hashes).size).toBe(2);
    expect(genesis('D-1')).not.toBe(genesis('D-2'));
  });
});
