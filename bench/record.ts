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
import { type Asked, countStatements } from './statements.ts';
import { fixed, median, printTable, quantile } from './table.ts';

interface Cost extends Asked {
  cpu: number;
}

/** What a look that changes nothing may ask of the record at most. */
const LOOK_STATEMENTS = 6;
const LOOK_LOADS = 1;

let counts: Readonly<Asked> = { statements: 0, transactions: 0, loads: 0, bytes: 0 };

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
  const counting = countStatements();
  counts = counting.asked;
  const file = join(folder, 'gonogo.db');
  const rig = await createRig({ file });
  try {
    await costs(rig, file);
    await verifying(rig);
    await pruning(rig, file);
    await lists(rig);
  } finally {
    counting.stop();
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
  if (waking.statements > LOOK_STATEMENTS || waking.loads > LOOK_LOADS) process.exitCode = 1;
  printTable(
    `Go and look in conductor and record, without Slack (Node ${process.versions.node})`,
    ['what', 'CPU', 'statements', 'transactions', 'loads', 'written'],
    [
      ['a go', ...inCells(go)],
      [
        `a look that changes nothing, with its waking (at most ${LOOK_STATEMENTS} statements, ${LOOK_LOADS} load)`,
        ...inCells(waking),
      ],
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
