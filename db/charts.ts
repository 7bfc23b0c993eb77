/** The charts under stage reports: what each shows, and its files in Slack. */

import type { Kysely, Selectable } from 'kysely';
import type { ChartRow, ChartStore, DrawnChart } from '../src/conductor/ports/chart-store.ts';
import type { Instant } from '../src/time.ts';
import type { Connection } from './connection.ts';
import { prepared } from './prepared.ts';
import * as queries from './queries/charts.ts';
import { AT_ONCE, type ChartsTable, type Tables } from './schema.ts';

type Kept = Pick<
  Selectable<ChartsTable>,
  'file' | 'alt' | 'drawn' | 'enough_until' | 'rests_until' | 'begun' | 'leftover' | 'attempts' | 'problem'
>;

/** After every look, so both are prepared. */
const keepUntil = prepared(
  (db: Kysely<Tables>, deployment: string, stage: number, kept: Kept & { next_at: Instant }) =>
    db.updateTable('charts').set(kept).where('deployment', '=', deployment).where('stage', '=', stage),
);

const keepAsShown = prepared(
  (db: Kysely<Tables>, deployment: string, stage: number, wanted: number, kept: Kept) =>
    db
      .updateTable('charts')
      .set((eb) => ({
        ...kept,
        // What was committed while it was under way is due at once, unless Slack asked us to wait.
        next_at: eb.case().when('wanted', '>', wanted).then(eb.val(AT_ONCE)).else(null).end(),
      }))
      .where('deployment', '=', deployment)
      .where('stage', '=', stage),
);

export class SqlCharts implements ChartStore {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async due(now: Instant, limit: number): ReturnType<ChartStore['due']> {
    const { rows } = await this.#connection.run((db) => queries.dueCharts(db, now, limit));
    const isDue = ({ next_at: at }: { next_at: Instant | null }): boolean => at !== null && at <= now;
    const next = rows.find((row) => !isDue(row))?.next_at;
    return { rows: rows.filter(isDue).map(chartRowOf), next: next ?? undefined };
  }

  async find(deployment: string, stage: number): Promise<ChartRow | undefined> {
    const row = await this.#connection.run((db) => queries.chartOf(db, deployment, stage));
    return row && chartRowOf(row);
  }

  async keep(row: ChartRow, nextAt: Instant | null, problem?: string): Promise<void> {
    const { deployment, stage, wanted } = row;
    const kept = {
      file: row.file ?? null,
      alt: row.alt ?? null,
      drawn: row.drawn === undefined ? null : JSON.stringify(row.drawn),
      begun: row.begun ?? null,
      leftover: JSON.stringify(row.leftover),
      attempts: row.attempts,
      enough_until: row.drawn?.enoughUntil ?? null,
      rests_until: row.drawn?.restsUntil ?? null,
      problem: problem ?? null,
    };
    await this.#connection.run((db) =>
      nextAt === null
        ? keepAsShown(db, deployment, stage, wanted, kept)
        : keepUntil(db, deployment, stage, { ...kept, next_at: nextAt }),
    );
  }
}

function chartRowOf(row: Selectable<ChartsTable>): ChartRow {
  return {
    deployment: row.deployment,
    stage: row.stage,
    wanted: row.wanted,
    leftover: JSON.parse(row.leftover) as string[],
    attempts: row.attempts,
    ...(row.file === null ? {} : { file: row.file }),
    ...(row.alt === null ? {} : { alt: row.alt }),
    ...(row.drawn === null ? {} : { drawn: JSON.parse(row.drawn) as DrawnChart }),
    ...(row.begun === null ? {} : { begun: row.begun }),
  };
}
