import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { genesis, linkHash } from '../../db/hash-chain.ts';
import { openToRead } from '../../db/open.ts';
import type { Proof, VerifiedRecord } from '../../src/conductor/ports/verification.ts';
import { contractIn, SMALLEST } from '../contract/documents.ts';
import { CANCELLED, commitOf, goOf, REMARK, requestOf, SCHEDULED, T0, TOM } from './examples.ts';
import { forge, tamper } from './forger.ts';
import { freshFile, open, rawly } from './places.ts';

const KEY = 'the key that only the bot and the auditor have';
const KEYS = { current: KEY, earlier: [] };

interface Recorded {
  file: string;
  /** The checkpoint that was published when all of it was there. */
  head: string;
}

/** What was recorded once with a key and once without, for each test in a file of its own. */
const recordedOnce = new Map<string | undefined, Promise<{ content: Buffer; head: string }>>();

/** Three events of D-1001, an untouched D-1002 beside it, a D-1003 that ended, and a row in every other stream. */
async function recorded(keys?: typeof KEYS): Promise<Recorded> {
  const once = recordedOnce.get(keys?.current) ?? record(keys);
  recordedOnce.set(keys?.current, once);
  const { content, head } = await once;
  const file = freshFile();
  writeFileSync(file, content, { mode: 0o600 });
  return { file, head };
}

async function record(keys?: typeof KEYS): Promise<{ content: Buffer; head: string }> {
  const file = freshFile();
  const { events, calendar, releases, contracts, close, checkpoint } = await withCheckpoint(file, keys);
  const request = requestOf('D-1001');
  await events.commit(request);
  const freeze = { reason: 'year end', from: T0, until: T0 + 9e9, overrides: ['tech_lead'], by: TOM };
  await calendar.freeze(freeze, T0);
  await calendar.freeze(freeze, T0);
  await calendar.lift('F-1', TOM, 'all done', T0 + 1);
  await calendar.lock({ service: 'search', holder: TOM, reason: 'load', from: T0, until: T0 + 9e9 }, []);
  await releases.register(
    { service: 'checkout', version: 'v2.1.0', sha: 'a', digest: 'd', at: T0, by: 'ci' },
    T0,
  );
  await releases.register(
    { service: 'checkout', version: 'v2.1.0', sha: 'b', digest: 'e', at: T0, by: 'ci' },
    T0,
  );
  await releases.report(
    { service: 'checkout', version: 'v2.1.0' },
    { gate: 'tests', status: 'passed', at: T0, by: 'ci' },
    T0,
  );
  await contracts.import(
    { source: SMALLEST, contract: contractIn(SMALLEST), service: 's', environment: 'e', by: TOM },
    T0,
  );
  await events.commit(commitOf(request.after, [goOf(request.after, 'tech_lead'), SCHEDULED], { by: TOM }));
  await events.commit(requestOf('D-1002', { service: 'search' }));
  const third = requestOf('D-1003', { service: 'basket' });
  await events.commit(third);
  await events.commit(commitOf(third.after, [CANCELLED]));
  const head = await checkpoint();
  await close();
  return { content: readFileSync(file), head };
}

async function withCheckpoint(file: string, keys?: typeof KEYS) {
  const stores = await open(file, keys === undefined ? {} : { keys });
  return { ...stores, checkpoint: () => stores.events.checkpoint() };
}

async function audited(file: string, proof: Proof = {}): Promise<VerifiedRecord> {
  const record = await openToRead(file);
  try {
    return await record.verify(proof);
  } finally {
    await record.close();
  }
}

describe('AU-3: the database itself', () => {
  const COPY = 'select deployment, seq, type, version, at, by, body, hash from events where seq = 2';
  it.each([
    ['an event is changed', "update events set body = '{}'", 'none is ever changed'],
    ['an event is deleted', 'delete from events', 'none is ever deleted'],
    ['an event is replaced', `insert or replace into events ${COPY}`, 'their numbers follow each other'],
    ['a number is left out', `insert into events ${COPY.replace(', seq,', ', 9,')}`, 'follow each other'],
    ['a seal is changed', "update seals set digest = 'x'", 'seals is append-only'],
    ['a seal is deleted', 'delete from seals', 'seals is append-only'],
    ['a deployment is deleted', "delete from deployments where id = 'D-1001'", 'FOREIGN KEY'],
    ['a column gets what it is not for', "update deployments set wake_at = 'soon'", 'INTEGER column'],
  ])('refuses when %s', async (_what, statement, refusal) => {
    const database = rawly((await recorded()).file);
    expect(() => database.exec(statement)).toThrow(refusal);
  });
});

describe('AU-3: verify', () => {
  it('finds nothing in a record nobody touched, and says what it could not prove', async () => {
    const { file, head } = await recorded();
    expect(await audited(file)).toEqual({
      deployments: 3,
      events: 6,
      checkpoint: head,
      problems: [],
      unproven: [expect.stringContaining('No key seals this record'), expect.stringContaining('--head')],
    });
  });

  it('AU-7: leaves nothing unproven with the key and the newest checkpoint', async () => {
    const { file, head } = await recorded(KEYS);
    expect(await audited(file, { keys: [KEY], heads: [head] })).toMatchObject({ problems: [], unproven: [] });
  });

  it('AU-7: says so where the key was not given', async () => {
    const { file, head } = await recorded(KEYS);
    const { problems, unproven } = await audited(file, { heads: [head] });
    expect(problems).toEqual([]);
    expect(unproven).toEqual([expect.stringContaining('was not given')]);
  });

  it('AU-7: changes not a byte of the file, and migrates nothing', async () => {
    const { file } = await recorded();
    const before = readFileSync(file);
    await audited(file);
    expect(readFileSync(file).equals(before)).toBe(true);
    rawly(file).exec(`delete from kysely_migration where name = '0007-seals'`);
    await expect(openToRead(file)).rejects.toThrow('written by an older GoNoGo (it lacks 0007-seals)');
  });

  it('reads beside a bot that goes on writing', async () => {
    const { file } = await recorded();
    const { events } = await open(file);
    const record = await openToRead(file);
    await events.commit(requestOf('D-1004', { service: 'mail' }));
    expect(await record.verify({})).toMatchObject({ deployments: 4, problems: [] });
    await record.close();
  });

  it('says so of a deployment that is not there', async () => {
    const { events } = await open((await recorded()).file);
    expect(await events.verify('D-7')).toEqual({ ok: false, seq: 0, problem: 'D-7 is not in the record' });
  });

  it('does not take the chain of one deployment for that of another', async () => {
    const link = { seq: 1, type: 'started', version: 1, at: 0, by: '{}', body: '{}' };
    const hashes = ['D-1', 'D-2'].map((id) => linkHash({ ...link, deployment: id, prev: genesis(id) }));
    expect(new Set(hashes).size).toBe(2);
  });

  it('does not take the end of one column for the beginning of the next', () => {
    const link = { deployment: 'D-1', seq: 1, type: 'started', version: 1, at: 0, prev: '' };
    expect(linkHash({ ...link, by: '{}{', body: '}' })).not.toBe(linkHash({ ...link, by: '{}', body: '{}' }));
  });
});

describe('AU-3: where one thing was changed by hand, verify names it:', () => {
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
    [3, 'how an event is filed', event(3, `type = 'started'`), 'hash does not fit'],
    [3, 'the version of an event', event(3, 'version = 2'), 'hash does not fit'],
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
    [3, 'the environment in the row', row(`environment = 'staging'`), 'the environment in the row'],
    [3, 'the lead in the row', row(`lead_id = 'U0TOM'`), 'the lead_id in the row'],
    [3, 'the seq of the row', row('seq = 2'), 'stands on event 2 of 3'],
    [3, 'the row itself', `delete from deployments where id = 'D-1001'`, 'the row of D-1001 is missing'],
  ])('#%i for %s', async (seq, _what, statement, problem) => {
    const { file } = await recorded();
    tamper(file, statement);
    const { events } = await open(file);
    const found = { problem: expect.stringContaining(problem) };
    expect(await events.verify('D-1001')).toEqual({ ok: false, seq, ...found });
    const { problems } = await audited(file);
    expect(problems[0]).toEqual({ where: `D-1001 #${seq}`, ...found });
  });

  it.each([
    ['gate report 1', `update gate_reports set report = replace(report, 'passed', 'failed')`],
    ['artifact ["checkout","v2.1.0"]', `update artifacts set digest = 'forged'`],
    ['artifact refusal 1', 'delete from artifact_refusals'],
    ['contract', `update contracts set source = source || ' '`],
    ['contract', `update contracts set accepted_by = '{}', accepted_at = 1, moves = '{}'`],
    ['freeze F-2', `update freezes set lifted_at = 7 where id = 'F-2'`],
    ['freeze F-1', `update freezes set lifted_at = null where id = 'F-1'`],
    ['lock L-1', `update locks set ended_at = 7, ended = 'released'`],
    ['lock L-1', 'delete from locks'],
    ['calendar 1', `update calendar_log set why = 'nothing' where seq = 1`],
    [
      'gate_reports',
      `insert into gate_reports (seq, service, version, gate, sha, digest, at, received_at, report) select seq + 9, service, version, gate, sha, digest, at, received_at, report from gate_reports`,
    ],
    [
      'freezes',
      `insert into freezes select 'F-9', scope, reason, from_at, until_at, overrides, by, lifted_at, lifted_by, lifted_why, notice_at from freezes limit 1`,
    ],
    ['checkpoint', `update seals set digest = 'x' where stream = 'key' or number = 1`],
    ['seal 3', 'delete from seals where number = 3'],
    ['checkpoint', 'delete from checkpoint'],
    ['checkpoint', `update checkpoint set counts = 'none'`],
  ])('%s for: %s', async (where, statement) => {
    const { file } = await recorded();
    tamper(file, statement);
    const { problems } = await audited(file);
    expect(problems.map((one) => one.where)).toContainEqual(expect.stringContaining(where));
  });
});

const deletion = (...ids: string[]) =>
  ['events where deployment', 'waiting_people where deployment', 'deployments where id'].flatMap((table) =>
    table.startsWith('waiting') ? [] : [`delete from ${table} in (${ids.map((id) => `'${id}'`).join()})`],
  );

/** Everything that fits together again after it; so only the key, or a checkpoint published before, can tell. */
const FORGERIES: [string, string[]][] = [
  ['another signer', [`update events set by = replace(by, 'Tom', 'Tim') where seq = 2`]],
  ['the oldest deployment deleted', deletion('D-1001')],
  ['the newest deployment deleted', deletion('D-1003')],
  ['all deployments deleted', deletion('D-1001', 'D-1002', 'D-1003')],
  ['a gate report', [`update gate_reports set report = replace(report, 'passed', 'failed')`]],
  ['an artifact', [`update artifacts set digest = 'forged'`]],
  ['an artifact refusal deleted', ['delete from artifact_refusals']],
  ['a contract', [`update contracts set sha256 = 'x'`]],
  ['a freeze', [`update freezes set lifted_at = 7 where id = 'F-2'`]],
  ['a lock', [`update locks set ended_at = 7, ended = 'released'`]],
  ['the calendar log', [`update calendar_log set why = 'nothing' where seq = 1`]],
];

describe('AU-7: where every hash was computed anew:', () => {
  it.each(FORGERIES)('%s is found by the key', async (_what, statements) => {
    const { file } = await recorded(KEYS);
    forge(file, ...statements);
    const { problems } = await audited(file, { keys: [KEY] });
    expect(problems).toEqual([
      { where: 'checkpoint', problem: expect.stringContaining('does not fit the key') },
    ]);
  });

  it.each(FORGERIES)('%s is found by a published checkpoint', async (_what, statements) => {
    const { file, head } = await recorded();
    forge(file, ...statements);
    // Without either it cannot be, and is not said to be.
    const without = await audited(file);
    expect(without.problems).toEqual([]);
    expect(without.unproven).toHaveLength(2);
    const { problems } = await audited(file, { heads: [head] });
    expect(problems).toEqual([{ where: `checkpoint ${head}`, problem: expect.any(String) }]);
  });

  it('an old copy of the file is found by a checkpoint published since', async () => {
    const { file } = await recorded(KEYS);
    const old = freshFile();
    copyFileSync(file, old);
    const { events } = await open(file, { keys: KEYS });
    await events.commit(requestOf('D-1004', { service: 'mail' }));
    const head = await events.checkpoint();
    expect((await audited(old, { keys: [KEY] })).problems).toEqual([]);
    const { problems } = await audited(old, { keys: [KEY], heads: [head] });
    expect(problems).toEqual([{ where: `checkpoint ${head}`, problem: expect.stringContaining('old copy') }]);
  });

  it('an older checkpoint proves what was before it, and says that it proves no more', async () => {
    const { file, head } = await recorded();
    const { events } = await open(file);
    await events.commit(requestOf('D-1004', { service: 'mail' }));
    const { problems, unproven } = await audited(file, { heads: [head] });
    expect(problems).toEqual([]);
    expect(unproven).toContainEqual(expect.stringContaining(`after checkpoint ${head.split('-')[0]} `));
  });
});

describe('AU-7: the key', () => {
  it('seals a record that was begun without one from then on, and says since when', async () => {
    const { file } = await recorded();
    await (await open(file, { keys: KEYS })).close();
    const { problems, unproven } = await audited(file, { keys: [KEY] });
    expect(problems).toEqual([]);
    expect(unproven).toContainEqual(expect.stringMatching(/since checkpoint 1\d/));
  });

  it('may be changed while the old one is still given, and then proves all of it', async () => {
    const { file, head } = await recorded(KEYS);
    const current = 'a new key, as long as the old one was, at least';
    await (await open(file, { keys: { current, earlier: [KEY] } })).close();
    expect(await audited(file, { keys: [current], heads: [head] })).toMatchObject({
      problems: [],
      unproven: [],
    });
  });

  it.each([
    ['left as it was', []],
    ['taken away', ['update checkpoint set mac = null']],
    ['taken away with its name', ['update checkpoint set mac = null, key_id = null']],
  ])('finds a forgery that the bot wrote on afterwards, with the seal %s', async (_how, unsealing) => {
    const { file } = await recorded(KEYS);
    forge(file, `update events set by = replace(by, 'Tom', 'Tim') where seq = 2`);
    tamperMore(file, unsealing);
    const { events, close } = await open(file, { keys: KEYS });
    await events.commit(requestOf('D-1004', { service: 'mail' }));
    await close();
    const { problems } = await audited(file, { keys: [KEY] });
    expect(problems).toEqual([
      { where: expect.stringMatching(/^seal \d+$/), problem: expect.stringContaining('did not fit the key') },
    ]);
  });

  it('is missed where the bot went on without it', async () => {
    const { file } = await recorded(KEYS);
    const { events, close } = await open(file);
    await events.commit(requestOf('D-1004', { service: 'mail' }));
    await close();
    const { problems } = await audited(file, { keys: [KEY] });
    expect(problems).toEqual([{ where: 'checkpoint', problem: expect.stringContaining('no key sealed it') }]);
  });

  it('is found to be another one', async () => {
    const { file } = await recorded(KEYS);
    const { problems } = await audited(file, { keys: ['another key, which never sealed this record'] });
    expect(problems).toEqual([
      { where: 'checkpoint', problem: expect.stringContaining('does not fit the key') },
    ]);
  });
});

function tamperMore(file: string, statements: string[]): void {
  const database = rawly(file);
  for (const statement of statements) database.exec(statement);
}

describe('AU-7: the checkpoint of a deployment', () => {
  it('is kept as it was when it ended, whatever is remarked on it later', async () => {
    const { events } = await open(freshFile());
    const request = requestOf('D-1001');
    await events.commit(request);
    expect(await events.endedIn('D-1001')).toBeUndefined();
    const end = commitOf(request.after, [CANCELLED]);
    const checkpoint = await events.commit(end);
    expect(checkpoint).toMatch(/^2-[0-9a-f]{32}$/);
    expect(await events.endedIn('D-1001')).toBe(checkpoint);
    await events.commit(commitOf(end.after, [REMARK]));
    expect(await events.endedIn('D-1001')).toBe(checkpoint);
  });
});
