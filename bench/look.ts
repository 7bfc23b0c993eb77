/**
 * What a look costs in the running bot, warm: rollouts in one long stage under time that runs fast, second by second, without
 * what the process takes when nothing rolls out. A look is its waking, questions, judge, record and all that asks whether
 * something is to be shown; many looks a second beside few messages say what it takes, few beside many what a message does.
 */

import SQLite from 'better-sqlite3';
import { defined } from '../src/defined.ts';
import * as ownDeployments from './deployments.ts';
import { atEachPlace } from './deployments.ts';
import { type Subject, startSubjects } from './subjects.ts';
import { fixed, median, printTable, ratio } from './table.ts';

/** Slack takes one update a second for each message: at so many looks a minute, or with so many rollouts. */
const MIXTURES = [
  { services: 2, speed: 1_200 },
  { services: 6, speed: 60 },
] as const;
/** Longer than anything here runs. */
const ONE_STAGE =
  'strategies: { one-stage: { name: One stage, steps: [{ set_weight: 5 }, { watch: 400d }, { set_weight: 100 }] } }\n';
const IDLE_SECONDS = 4;
/** Compiled, its caches full, and past the posts that a stage begins with. */
const WARM_UP_SECONDS = 20;
const ROUNDS = 4;
const ROUND_SECONDS = 6;
/** Without its messages. */
const LOOK_WITHIN_MS = 5;

/** What one second, or several, took and brought. */
interface Seen {
  /** Milliseconds, without what nothing takes. */
  cpu: number;
  looks: number;
  updates: number;
  charts: number;
  /** Kinds of calls about files, and of all others. */
  files: number;
  others: number;
}

interface Figures {
  look: number;
  update: number;
  chart: number;
  charts: number;
  /** Milliseconds a second. */
  idle: number;
  rounds: Seen[][];
}

export async function benchLook(beside?: string): Promise<void> {
  const sides: { name: string; figures: Figures }[] = [];
  for (const root of beside === undefined ? [undefined] : [undefined, beside])
    sides.push({ name: root ?? 'this one', figures: await figuresOf(root) });
  for (const { name, figures } of sides) print(name, figures);
  const [own, other] = sides.map(({ figures }) => figures.look);
  if (own === undefined) throw new Error('nothing was measured');
  if (other !== undefined)
    process.stdout.write(`\nA look takes ${ratio(own, other)} of what it takes there.\n`);
  if (own > LOOK_WITHIN_MS) process.exitCode = 1;
}

function print(name: string, { look, update, chart, charts, idle, rounds }: Figures): void {
  const looks = rounds.flat().reduce((sum, one) => sum + one.looks, 0);
  printTable(
    `A look in the running bot, warm: ${name}, ${looks} looks (Node ${process.versions.node})`,
    ['what', 'CPU', 'target'],
    [
      ['a look without a message', `${fixed(look, 2)} ms`, `≤ ${LOOK_WITHIN_MS} ms`],
      ['a message that it changes: drawn and updated', `${fixed(update, 2)} ms`, ''],
      [`a chart: drawn and uploaded (${charts} of them)`, `${fixed(chart, 2)} ms`, ''],
      ['a second in which nothing happens', `${fixed(idle, 2)} ms`, ''],
    ],
  );
}

async function figuresOf(root: string | undefined): Promise<Figures> {
  const measured = [];
  for (const mixture of MIXTURES) measured.push(await secondsOf(mixture, root));
  const rounds = measured.map(({ seconds }) =>
    inParts(seconds, ROUND_SECONDS).map((round) => sumOf(round.filter(hasLooksAndUpdatesOnly))),
  );
  const [few = [], many = []] = rounds;
  const pairs = few.map((one, index) => apart(one, many[index] ?? one));
  const look = median(pairs.map((pair) => pair.look));
  const update = median(pairs.map((pair) => pair.update));
  // Where stages are as long as they are in life: of each look that is kept a chart draws a point.
  const drawing = measured.at(-1)?.seconds.filter((one) => drawsCharts(one) && one.others === 0) ?? [];
  const { cpu, looks, updates, charts } = sumOf(drawing);
  return {
    look,
    update,
    chart: (cpu - looks * look - updates * update) / charts,
    charts,
    idle: median(measured.map(({ idle }) => idle)),
    rounds,
  };
}

/** Two mixtures of looks and messages, and so what each of them takes. */
function apart(one: Seen, other: Seen): { look: number; update: number } {
  const by = one.looks * other.updates - other.looks * one.updates;
  return {
    look: (one.cpu * other.updates - other.cpu * one.updates) / by,
    update: (one.looks * other.cpu - other.looks * one.cpu) / by,
  };
}

async function secondsOf(
  { services, speed }: { services: number; speed: number },
  root: string | undefined,
): Promise<{ idle: number; seconds: Seen[] }> {
  const { policyOf, rollOut } = await deploymentsAt(root);
  const rules = { signOffs: ['tech_lead'], strategy: 'one-stage' };
  const policy = policyOf(services, rules) + ONE_STAGE;
  const subjects = await startSubjects(['gonogo'], { services, speed, policy, ...defined({ root }) });
  const [gonogo] = subjects.all;
  if (gonogo?.record === undefined) throw new Error('nothing to measure');
  const looks = countLooks(gonogo.record);
  try {
    await passing(IDLE_SECONDS);
    const nothing = await seenIn(IDLE_SECONDS, gonogo, looks.count, 0);
    const idle = nothing.cpu / IDLE_SECONDS;
    for (const place of atEachPlace(services)) await rollOut(gonogo.driving, place, 'v2.1.0');
    await passing(WARM_UP_SECONDS);
    const seconds: Seen[] = [];
    while (seconds.length < ROUNDS * ROUND_SECONDS) seconds.push(await seenIn(1, gonogo, looks.count, idle));
    return { idle, seconds };
  } finally {
    looks.close();
    await subjects.stop();
  }
}

/** As the checkout asks for them itself. */
async function deploymentsAt(root: string | undefined): Promise<typeof ownDeployments> {
  return root === undefined ? ownDeployments : await import(`${root}/bench/deployments.ts`);
}

async function seenIn(
  seconds: number,
  { running, driving }: Subject,
  looks: () => number,
  idle: number,
): Promise<Seen> {
  const mark = await driving.mark();
  const [cpu, since, before] = [await running.cpu(), performance.now(), looks()];
  await passing(seconds);
  const [used, passed] = [(await running.cpu()) - cpu, performance.now() - since];
  const { 'chat.update': updates = 0, [UPLOADED]: charts = 0, ...others } = await driving.callsSince(mark);
  return {
    cpu: used / 1_000 - (idle * passed) / 1_000,
    looks: looks() - before,
    updates,
    charts,
    files: Object.keys(others).filter((method) => method.startsWith('files.')).length,
    others: Object.keys(others).filter((method) => !method.startsWith('files.')).length,
  };
}

const UPLOADED = 'files.completeUploadExternal';

const drawsCharts = ({ charts, files }: Seen): boolean => charts > 0 || files > 0;
const hasLooksAndUpdatesOnly = (seen: Seen): boolean => !drawsCharts(seen) && seen.others === 0;

/** From outside, so that counting costs the bot nothing. */
function countLooks(file: string): { count(): number; close(): void } {
  const record = new SQLite(file, { readonly: true });
  const isThere =
    record.prepare(`select 1 from sqlite_master where name = 'measurements'`).get() !== undefined;
  // Once every look was an event.
  const from = isThere ? 'measurements' : `events where type = 'looked'`;
  const statement = record.prepare(`select count(*) from ${from}`).pluck();
  return { count: () => statement.get() as number, close: () => void record.close() };
}

const passing = (seconds: number): Promise<unknown> =>
  new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

const inParts = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.floor(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );

const NOTHING: Seen = { cpu: 0, looks: 0, updates: 0, charts: 0, files: 0, others: 0 };

const sumOf = (all: readonly Seen[]): Seen =>
  all.reduce(
    (sum, one) => ({
      cpu: sum.cpu + one.cpu,
      looks: sum.looks + one.looks,
      updates: sum.updates + one.updates,
      charts: sum.charts + one.charts,
      files: sum.files + one.files,
      others: sum.others + one.others,
    }),
    NOTHING,
  );
