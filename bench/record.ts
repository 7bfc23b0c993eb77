/** What a deployment costs the record: a go, a look that changes nothing, its size at the end, an audit, a pruning. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import SQLite from 'better-sqlite3';
import { LIVE } from '../src/deployment/lifecycle.ts';
import { DAY, HOUR, MINUTE } from '../src/time.ts';
import { createRig, PEOPLE, type Rig } from '../test/conductor/rig.ts';
import { commitOf, REMARK, requestOf } from '../test/db/examples.ts';
import { fixed, median, printTable, quantile } from './table.ts';

const counts = { statements: 0, transactions: 0, loads: 0, bytes: 0 };
const LOAD = /^select .*"state".* from "deployments" where (?:"deployments"\.)?"id" = \?/;
const SIMULATED = / commands /;
const WRITES = /^(insert|update)/;

/** Every statement that reads or writes, whoever prepared it. */
function countStatements(): () => void {
  const probe = new SQLite(':memory:');
  const prototype = Object.getPrototypeOf(probe.prepare('select 1')) as Record<
    'run' | 'all' | 'get',
    (...args: unknown[]) => unknown
  >;
  const originals = { run: prototype.run, all: prototype.all, get: prototype.get };
  for (const name of ['run', 'all', 'get'] as const) {
    prototype[name] = function (this: SQLite.Statement, ...args) {
      if (this.source.startsWith('begin')) counts.transactions += 1;
      // The simulated world has a record of its own, and the end of a transaction goes with its begin.
      else if (this.source !== 'commit' && !SIMULATED.test(this.source)) counts.statements += 1;
      if (LOAD.test(this.source)) counts.loads += 1;
      if (WRITES.test(this.source))
        counts.bytes += args.flat().reduce<number>((sum, one) => sum + sizeOf(one), 0);
      return originals[name].apply(this, args);
    };
  }
  probe.close();
  return () => void Object.assign(prototype, originals);
}

const sizeOf = (value: unknown): number =>
  typeof value === 'string' ? Buffer.byteLength(value) : value === null ? 0 : 8;

interface Cost {
  cpu: number;
  statements: number;
  transactions: number;
  loads: number;
  /** Of text and numbers that statements were given to write. */
  bytes: number;
}

/** `shares`: what one time does is this many of what is counted. */
async function costOf(times: number, act: (index: number) => Promise<unknown>, shares = 1): Promise<Cost> {
  const each = times * shares;
  const [before, counted] = [process.cpuUsage(), { ...counts }];
  for (let index = 0; index < times; index += 1) await act(index);
  const { user, system } = process.cpuUsage(before);
  return {
    cpu: (user + system) / 1_000 / each,
    statements: (counts.statements - counted.statements) / each,
    transactions: (counts.transactions - counted.transactions) / each,
    loads: (counts.loads - counted.loads) / each,
    bytes: (counts.bytes - counted.bytes) / each,
  };
}

const say = (what: string, figure: string): void => void process.stdout.write(`| ${what} | ${figure} |\n`);

const inCells = ({ cpu, statements, transactions, loads, bytes }: Cost): string[] => [
  `${fixed(cpu, 2)} ms`,
  fixed(statements, 1),
  fixed(transactions, 1),
  fixed(loads, 1),
  `${fixed(bytes / 1_000, 1)} kB`,
];

function bytesOf(file: string, id: string): number {
  const database = new SQLite(file, { readonly: true });
  const sum = (table: string, key: string): number => {
    const columns = database.pragma(`table_info(${table})`) as { name: string }[];
    if (columns.length === 0) return 0;
    const length = columns.map(({ name }) => `coalesce(length("${name}"), 0)`).join('+');
    return database
      .prepare(`select coalesce(sum(${length}), 0) from ${table} where ${key} = ?`)
      .pluck()
      .get(id) as number;
  };
  const bytes =
    sum('events', 'deployment') +
    sum('deployments', 'id') +
    sum('watches', 'deployment') +
    sum('seals', 'subject');
  database.close();
  return bytes;
}

export async function benchRecord(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gonogo-bench-'));
  const stopCounting = countStatements();
  const file = join(folder, 'gonogo.db');
  const rig = await createRig({ file });
  try {
    await costs(rig, file);
    await verifying(rig);
    await pruning(rig, file);
    await lists(rig);
  } finally {
    stopCounting();
    await rig.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function costs(rig: Rig, file: string): Promise<void> {
  const { id } = await rig.request('v2.1.0');
  // Each is a go of one of three people; the last one schedules it.
  const go = await costOf(1, () => rig.signAll(id), 3);
  await rig.pass(12 * MINUTE);
  const waking = await costOf(10, () => rig.pass(MINUTE));
  printTable(
    `Go and look in conductor and record, without Slack (Node ${process.versions.node})`,
    ['what', 'CPU', 'statements', 'transactions', 'loads', 'written'],
    [
      ['a go', ...inCells(go)],
      ['a look that changes nothing, with the waking before and after it', ...inCells(waking)],
    ],
  );
  await rig.pass(2 * DAY, async () => (await rig.load(id)).status === 'handed_over');
  const events = (await rig.stores.events.events(id)).length;
  say('record of a whole deployment', `${fixed(bytesOf(file, id) / 1_000, 1)} kB, ${events} events`);
}

async function verifying(rig: Rig): Promise<void> {
  for (let number = 5_001; number <= 5_200; number += 1) {
    const { after } = requestOf(`D-${number}`, { service: `s${number}` });
    await rig.stores.events.commit(requestOf(`D-${number}`, { service: `s${number}` }));
    const remarks = Array.from({ length: 49 }, () => REMARK);
    await rig.stores.events.commit(commitOf(after, remarks));
  }
  await rig.stores.events.verifyAll();
  const verified = await costOf(3, () => rig.stores.events.verifyAll());
  const { events } = await rig.stores.events.verifyAll();
  say('audit verify', `${fixed((verified.cpu * 1_000) / events, 1)} µs an event (${events} events)`);
}

async function pruning(rig: Rig, file: string): Promise<void> {
  fill(file, 'D-5001');
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  await rig.stores.prune(rig.clock.now() + 400 * DAY + HOUR);
  loop.disable();
  say(
    'longest that pruning 20,000 effects and deliveries held the process',
    `${fixed(loop.max / 1e6, 1)} ms`,
  );
}

/** As Home and the history ask for them, with so many deployments in the record. */
async function lists(rig: Rig): Promise<void> {
  for (let number = 6_001; number <= 7_000; number += 1)
    await rig.stores.events.commit(requestOf(`D-${number}`, { service: `s${number}` }));
  const { events } = rig.stores;
  for (const [what, ask] of [
    ['what is live, 25 of 1,200', () => events.list({ statuses: LIVE, limit: 25 })],
    ['history, a page of 10', () => events.list({ limit: 10 })],
    ['what waits for a person', () => events.list({ waitingFor: PEOPLE.tom.id, limit: 25 })],
  ] as const) {
    const times: number[] = [];
    for (let round = 0; round < 50; round += 1) {
      const since = performance.now();
      await ask();
      times.push(performance.now() - since);
    }
    say(what, `median ${fixed(median(times), 1)} ms, p99 ${fixed(quantile(times, 0.99), 1)} ms`);
  }
}

function fill(file: string, deployment: string): void {
  const database = new SQLite(file);
  database.pragma('foreign_keys = OFF');
  const effect = database.prepare(
    `insert into effects (key, deployment, kind, rank, effect, created_at, seq, ordinal, done_at) values (?, ?, 'apply', 1, ?, 1, 1, 1, 1)`,
  );
  const delivery = database.prepare('insert into inbox (key, deployment, at) values (?, ?, 1)');
  database.transaction(() => {
    for (let index = 0; index < 10_000; index += 1) {
      effect.run(`k${index}`, deployment, JSON.stringify({ kind: 'apply', key: `k${index}`, step: 0 }));
      delivery.run(`i${index}`, deployment);
    }
  })();
  database.close();
}
