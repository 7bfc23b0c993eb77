/** GoNoGo as `gonogo start` runs it, in a world that has the services the bench asks for. */

import SQLite from 'better-sqlite3';
import { createSimulatedWorld, defaultCatalogue } from '../src/backends/simulator.ts';
import { createFastClock } from '../src/clock.ts';
import { readEnvironment } from '../src/config/environment.ts';
import { createLog } from '../src/log.ts';
import { startGonogo } from '../src/main.ts';
import { answerParent } from './child.ts';
import { countStatements } from './statements.ts';

const read = readEnvironment(process.env);
if (!read.ok) throw new Error(read.problems.join('\n'));
const { environment } = read;
const clock = createFastClock({ speed: Number(process.env.BENCH_SPEED ?? 1), from: Date.now() });
const { checkout } = defaultCatalogue;
if (checkout === undefined) throw new Error('the catalogue has no checkout');
const services = Number(process.env.BENCH_SERVICES ?? 0);
const more = Array.from({ length: services }, (_, index) => [`service-${index + 1}`, checkout] as const);
const world = createSimulatedWorld({
  seed: 1,
  clock,
  catalogue: { ...defaultCatalogue, ...Object.fromEntries(more) },
  file: `${environment.GONOGO_DB}.world`,
});

function counted(rows: string): number {
  const record = new SQLite(environment.GONOGO_DB, { readonly: true });
  const rowsThere = record.prepare(`select count(*) from ${rows}`).pluck().get() as number;
  record.close();
  return rowsThere;
}

let counting: ReturnType<typeof countStatements> | undefined;

const log = createLog({ level: environment.LOG_LEVEL });
const gonogo = await startGonogo({ environment, log, clock, world: () => world });
answerParent(
  { url: gonogo.url },
  {
    async settle() {
      await gonogo.idle();
      return {};
    },
    /** What the record was asked since the first of these: counting costs, so none is counted before. */
    asked() {
      counting ??= countStatements();
      return { ...counting.asked };
    },
    /** So many looks have left their figures. */
    looks: () => ({ looks: counted('measurements') }),
    /** So many versions are on their way. */
    moving: () => ({
      moving: counted(`deployments where status in ('scheduled', 'rolling_out', 'held', 'verifying')`),
    }),
  },
);
