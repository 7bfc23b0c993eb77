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

/** One message is updated once a second at most, however many looks it shows: so a look has a quarter of one, or two. */
const MIXTURES = [
  { services: 4, speed: 600 },
  { services: 6, speed: 60 },
] as const;
/** Longer than anything here runs. */
const ONE_STAGE =
  'strategies: { one-stage: { name: One stage, steps: [{ set_weight: 5 }, { watch: 400d }, { set_weight: 100 }] } }\n';
const IDLE_SECONDS = 3;
/** Compiled, its caches full, and past the posts that a stage begins with. */
const WARM_UP_SECONDS = 18;
const ROUNDS = 4;
const SECONDS = 20;
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

interface Measured {
  /** Milliseconds a second, before anything rolls out. */
  idle: number;
  seconds: Seen[];
}

/** What one round says, in milliseconds. */
interface Pair {
  look: number;
  update: number;
}

export async function benchLook(beside?: string): Promise<void> {
  const sides: { name: string; measured: Measured[] }[] = [{ name: 'this one', measured: [] }];
  if (beside !== undefined) sides.push({ name: beside, measured: [] });
  // Both in the same seconds: what else the machine does is the same for them.
  for (const mixture of MIXTURES)
    await Promise.all(
      sides.map(async ({ measured }, index) => {
        measured.push(await secondsOf(mixture, index === 0 ? undefined : beside));
      }),
    );
  const [own, other] = sides.map(({ name, measured }) => print(name, measured));
  if (own !== undefined && other !== undefined)
    process.stdout.write(
      `\nA look with its messages takes ${ratio(own.all, other.all)} of what it takes there.\n`,
    );
  if (!(own !== undefined && own.look <= LOOK_WITHIN_MS)) process.exitCode = 1;
}

/** Answers with what a look takes, and with what it takes with its messages where they are few. */
function print(name: string, measured: readonly Measured[]): { look: number; all: number } {
  const rounds = measured.map(({ seconds }) => inRounds(seconds.filter(hasLooksAndUpdatesOnly)));
  const [few = [], many = []] = rounds;
  const pairs = few.map((one, index) => apart(one, many[index % many.length] ?? NOTHING));
  const looks = pairs.map(({ look }) => look);
  const updates = pairs.map(({ update }) => update);
  const { looks: counted } = sumOf(rounds.flat());
  const whole = few.map(({ cpu, looks: seen }) => cpu / seen);
  const { looks: seen, updates: shown } = sumOf(few);
  const chart = chartIn(measured.at(-1)?.seconds ?? [], { look: median(looks), update: median(updates) });
  const inCells = (figures: readonly number[]): string[] =>
    [median(figures), Math.min(...figures)].map((figure) => `${fixed(figure, 2)} ms`);
  printTable(
    `A look in the running bot, warm: ${name}, ${counted} looks (Node ${process.versions.node})`,
    ['what', `CPU: median of ${pairs.length} rounds`, 'least'],
    [
      [`a look without a message (target: ≤ ${LOOK_WITHIN_MS} ms)`, ...inCells(looks)],
      [`a look with its messages, ${fixed(shown / seen, 2)} of them`, ...inCells(whole)],
      ['a message that it changes, drawn and updated', ...inCells(updates)],
      [
        `a chart, drawn and uploaded: one in ten looks has one (${chart.of})`,
        `${fixed(chart.cpu, 2)} ms`,
        '',
      ],
      ['a second in which nothing happens', ...inCells(measured.map(({ idle }) => idle))],
    ],
  );
  return { look: median(looks), all: median(whole) };
}

/** In seconds in which charts are drawn, without what else they bring. */
function chartIn(seconds: readonly Seen[], { look, update }: Pair): { cpu: number; of: number } {
  const { cpu, looks, updates, charts } = sumOf(
    seconds.filter((one) => drawsCharts(one) && one.others === 0),
  );
  return { cpu: (cpu - looks * look - updates * update) / charts, of: charts };
}

/** Two mixtures of looks and messages, and so what each of them takes; where that is less than nothing, looks took all. */
function apart(one: Seen, other: Seen): Pair {
  const by = one.looks * other.updates - other.looks * one.updates;
  const update = (one.looks * other.cpu - other.looks * one.cpu) / by;
  if (!(update > 0)) return { look: (one.cpu + other.cpu) / (one.looks + other.looks), update: 0 };
  return { look: (one.cpu * other.updates - other.cpu * one.updates) / by, update };
}

async function secondsOf(
  { services, speed }: { services: number; speed: number },
  root: string | undefined,
): Promise<Measured> {
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
    // Where a stage is watched for as long as its strategy says.
    for (const place of atEachPlace(services).filter(({ environment }) => environment === 'production'))
      await rollOut(gonogo.driving, place, 'v2.1.0');
    await passing(WARM_UP_SECONDS);
    const seconds: Seen[] = [];
    while (seconds.length < SECONDS) seconds.push(await seenIn(1, gonogo, looks.count, idle));
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

/** In as many parts as there are rounds, each as one; in fewer where fewer seconds had looks and updates alone. */
function inRounds(seconds: readonly Seen[]): Seen[] {
  const parts = Math.min(ROUNDS, seconds.length);
  const each = seconds.length / parts;
  return Array.from({ length: parts }, (_, index) =>
    sumOf(seconds.slice(Math.floor(index * each), Math.floor((index + 1) * each))),
  );
}

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
