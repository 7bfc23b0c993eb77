/** Statements that are built and compiled once: for a small one that costs more than running it (see bench/record). */

import type { Compilable, CompiledQuery, QueryResult } from 'kysely';
import type { Db } from './schema.ts';

/** Stands for a value while the statement is built: an argument, or a column of one that is a row. */
class Slot {
  readonly index: number;
  readonly column: string | undefined;

  constructor(index: number, column?: string) {
    this.index = index;
    this.column = column;
  }
}

/**
 * Arguments are values, or rows: objects of them. `build` must only pass them on: it runs once for each set of columns,
 * with something else in their place.
 */
export function prepared<A extends readonly unknown[], R>(
  build: (db: Db, ...args: A) => Compilable<R>,
): (db: Db, ...args: A) => Promise<QueryResult<R>> {
  const compiled = new Map<string, CompiledQuery>();
  return (db, ...args) => {
    const shape = shapeOf(args);
    const query = compiled.get(shape) ?? compileFor(db, build, args);
    compiled.set(shape, query);
    return db.executeQuery<R>({ ...query, parameters: query.parameters.map((one) => valueFor(one, args)) });
  };
}

/** As `prepared`, for one row or none. */
export function preparedFirst<A extends readonly unknown[], R>(
  build: (db: Db, ...args: A) => Compilable<R>,
): (db: Db, ...args: A) => Promise<R | undefined> {
  const run = prepared(build);
  return async (db, ...args) => (await run(db, ...args)).rows[0];
}

function shapeOf(args: readonly unknown[]): string {
  let shape = '';
  for (const arg of args) if (isRow(arg)) shape += `${Object.keys(arg).join()};`;
  return shape;
}

function valueFor(parameter: unknown, args: readonly unknown[]): unknown {
  if (!(parameter instanceof Slot)) return parameter;
  const arg = args[parameter.index];
  return parameter.column === undefined ? arg : isRow(arg) ? arg[parameter.column] : undefined;
}

function compileFor<A extends readonly unknown[], R>(
  db: Db,
  build: (db: Db, ...args: A) => Compilable<R>,
  args: A,
): CompiledQuery {
  const given = args.map((arg, index) => (isRow(arg) ? columnsOf(arg, index) : new Slot(index)));
  const query = build(db, ...(given as unknown as A)).compile();
  const slots = given.flatMap((one) => (one instanceof Slot ? [one] : Object.values(one)));
  if (slots.some((slot) => !query.parameters.includes(slot)))
    throw new Error(`a prepared statement does not use all that it is given: ${query.sql}`);
  return query;
}

const columnsOf = (row: Record<string, unknown>, index: number): Record<string, Slot> =>
  Object.fromEntries(Object.keys(row).map((column) => [column, new Slot(index, column)]));

const isRow = (arg: unknown): arg is Record<string, unknown> => typeof arg === 'object' && arg !== null;
