/** What a deployment costs the record: a go, a look that changes nothing, its size at the end, an audit, a pruning. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { DAY, HOUR, MINUTE } from '../src/time.ts';
import { createRig, type Rig } from '../test/conductor/rig.ts';
import { commitOf, REMARK, requestOf } from '../test/db/examples.ts';

const folder = mkdtempSync(join(tmpdir(), 'gonogo-bench-'));
const file = join(folder, 'gonogo.db');
let statements = 0;
countStatements();

/** Every statement that reads or writes, whoever prepared it. */
function countStatements(): void {
  const probe = new SQLite(':memory:');
  const prototype = Object.getPrototypeOf(probe.prepare('select 1')) as Record<
    string,
    (...args: never[]) => unknown
  >;
  for (const name of ['run', 'all', 'get'] as const) {
    const original = prototype[name];
    if (original === undefined) continue;
    prototype[name] = function (this: unknown, ...args: never[]) {
      statements += 1;
      return original.apply(this, args);
    };
  }
  probe.close();
}

interface Cost {
  cpu: number;
  statements: number;
}

async function costOf(times: number, act: (index: number) => Promise<unknown>): Promise<Cost> {
  const [before, counted] = [process.cpuUsage(), statements];
  for (let index = 0; index < times; index += 1) await act(index);
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1_000 / times, statements: (statements - counted) / times };
}

const say = (what: string, figure: string): void => void process.stdout.write(`| ${what} | ${figure} |\n`);
const inWords = ({ cpu, statements: count }: Cost): string =>
  `${cpu.toFixed(2)} ms of CPU, ${count.toFixed(1)} statements`;

function bytesOf(id: string): number {
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

async function begun(rig: Rig): Promise<string> {
  const { id } = await rig.request('v2.1.0');
  return id;
}

const rig = await createRig({ file });
const first = await begun(rig);
// Each is a go of one of three people; the last one schedules it.
const goes = await costOf(1, () => rig.signAll(first));
const go = { cpu: goes.cpu / 3, statements: goes.statements / 3 };
await rig.pass(12 * MINUTE);
const look = await costOf(10, () => rig.pass(MINUTE));
await rig.pass(2 * DAY, async () => (await rig.load(first)).status === 'handed_over');
say('a go, conductor and record', inWords(go));
say('a look that changes nothing, with the waking before it', inWords(look));
say(
  'record of a whole deployment',
  `${(bytesOf(first) / 1_000).toFixed(1)} kB, ${(await rig.stores.events.events(first)).length} events`,
);
for (let number = 5_001; number <= 5_200; number += 1) {
  const { after } = requestOf(`D-${number}`, { service: `s${number}` });
  await rig.stores.events.commit(requestOf(`D-${number}`, { service: `s${number}` }));
  await rig.stores.events.commit(
    commitOf(
      after,
      Array.from({ length: 49 }, () => REMARK),
    ),
  );
}
await rig.stores.events.verifyAll();
const verified = await costOf(3, () => rig.stores.events.verifyAll());
const { events } = await rig.stores.events.verifyAll();
say('audit verify', `${((verified.cpu * 1_000) / events).toFixed(1)} µs an event (${events} events)`);
let longest = 0;
let last = performance.now();
const ticking = setInterval(() => {
  longest = Math.max(longest, performance.now() - last);
  last = performance.now();
}, 1);
fill();
last = performance.now();
await rig.stores.prune(rig.clock.now() + 400 * DAY + HOUR);
clearInterval(ticking);
say('longest that pruning 20,000 effects and deliveries held the process', `${longest.toFixed(1)} ms`);
await rig.close();
rmSync(folder, { recursive: true, force: true });

function fill(): void {
  const database = new SQLite(file);
  database.pragma('foreign_keys = OFF');
  const effect = database.prepare(
    `insert into effects (key, deployment, kind, rank, effect, created_at, seq, ordinal, done_at) values (?, ?, 'apply', 1, ?, 1, 1, 1, 1)`,
  );
  const delivery = database.prepare('insert into inbox (key, deployment, at) values (?, ?, 1)');
  database.transaction(() => {
    for (let index = 0; index < 10_000; index += 1) {
      effect.run(`k${index}`, first, JSON.stringify({ kind: 'apply', key: `k${index}`, step: 0 }));
      delivery.run(`i${index}`, first);
    }
  })();
  database.close();
}
