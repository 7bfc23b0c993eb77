/** Counts what the record is asked: statements, transactions, whole loads of a deployment, and what is given to write. */

import SQLite from 'better-sqlite3';

export interface Asked {
  statements: number;
  transactions: number;
  /** Of a deployment with its state. */
  loads: number;
  /** Of text and numbers that statements were given to write. */
  bytes: number;
}

const LOAD = /^select .*"state".* from "deployments" where (?:"deployments"\.)?"id" = \?/;
const SIMULATED = / commands /;
const WRITES = /^(insert|update)/;

/** Every statement of this process that reads or writes, whoever prepared it. */
export function countStatements(): { asked: Readonly<Asked>; stop(): void } {
  const asked: Asked = { statements: 0, transactions: 0, loads: 0, bytes: 0 };
  const probe = new SQLite(':memory:');
  const prototype = Object.getPrototypeOf(probe.prepare('select 1')) as Record<
    'run' | 'all' | 'get',
    (...args: unknown[]) => unknown
  >;
  const originals = { run: prototype.run, all: prototype.all, get: prototype.get };
  for (const name of ['run', 'all', 'get'] as const) {
    prototype[name] = function (this: SQLite.Statement, ...args) {
      count(asked, this.source, args);
      return originals[name].apply(this, args);
    };
  }
  probe.close();
  return { asked, stop: () => void Object.assign(prototype, originals) };
}

function count(asked: Asked, source: string, args: readonly unknown[]): void {
  if (source.startsWith('begin')) asked.transactions += 1;
  // The simulated world has a record of its own, and the end of a transaction goes with its begin.
  else if (source !== 'commit' && !SIMULATED.test(source)) asked.statements += 1;
  if (LOAD.test(source)) asked.loads += 1;
  if (WRITES.test(source)) asked.bytes += args.flat().reduce<number>((sum, one) => sum + sizeOf(one), 0);
}

const sizeOf = (value: unknown): number =>
  typeof value === 'string' ? Buffer.byteLength(value) : value === null ? 0 : 8;
