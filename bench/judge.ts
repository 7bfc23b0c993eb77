/** How often the judge is right, and how soon, beside the rules that others use; every figure against its target. */

import { measureLooks } from './judge/looks.ts';
import {
  checkPeers,
  flaggerRule,
  kayentaRule,
  mannWhitneyAtElevenLooks,
  type Peer,
  zAtEachLook,
} from './judge/peers.ts';
import { type Found, oneStage, peerRuns, type Rollouts, rollouts, valueRuns } from './judge/runs.ts';
import type { World } from './judge/world.ts';
import { printTable, quantile } from './table.ts';

const FULL = 2_000;
const QUICK = 200;
/** Two hundred runs cannot tell a figure from its target within this many points. */
const QUICK_SLACK = 4;

/** A shock that both arms share is around 1 in the middle; rises are looked for in the same weather. */
const SHOCKS = { shocks: 0.5 };
const EVEN: World = { perMinute: [200, 200], errors: 0.01 };
const THIN: World = { perMinute: [10, 10], errors: 0.01 };

interface Row {
  name: string;
  world: World;
  /** Share of runs in percent, and the median minute, with history and without. */
  target: (history: boolean) => { atMost?: number; atLeast?: number; median?: number };
}

const ROWS: readonly Row[] = [
  { name: 'H1 healthy', world: EVEN, target: () => ({ atMost: 3 }) },
  { name: 'H2 shared shocks', world: { ...EVEN, ...SHOCKS }, target: () => ({ atMost: 3 }) },
  {
    name: 'H3 + arms wandering',
    world: { ...EVEN, ...SHOCKS, wander: 0.3 },
    target: (history) => ({ atMost: history ? 5.5 : 8 }),
  },
  { name: 'H4 10 requests/min', world: THIN, target: () => ({ atMost: 1 }) },
  {
    name: 'A1 1 → 2 %',
    world: { ...EVEN, ...SHOCKS, times: 2 },
    target: (history) => ({ atLeast: 99, median: history ? 11 : 16 }),
  },
  {
    name: 'A2 1 → 1.5 %',
    world: { ...EVEN, ...SHOCKS, times: 1.5 },
    target: (history) => ({ atLeast: history ? 84 : 81, median: history ? 28 : 34 }),
  },
  {
    name: 'A3 1 → 5 %',
    world: { ...EVEN, ...SHOCKS, times: 5 },
    target: (history) => ({ atLeast: 100, median: history ? 2 : 3 }),
  },
  {
    name: 'A4 10/min, 1 → 5 %',
    world: { ...THIN, ...SHOCKS, times: 5 },
    target: () => ({ atLeast: 93, median: 29 }),
  },
  { name: 'A2 without shocks', world: { ...EVEN, times: 1.5 }, target: () => ({}) },
];

const missed: string[] = [];
let slack = 0;

export async function benchJudge(): Promise<void> {
  checkPeers();
  const quick = process.argv.includes('--quick');
  const runs = quick ? QUICK : FULL;
  slack = quick ? QUICK_SLACK : 0;
  printTable(
    `The judge beside other rules: 200 requests/min/arm, 1 % errors, 60 looks, α = .05, ${runs} runs each; rises under shared shocks (sd .5 around 1). Share called worse, median minute`,
    [
      '',
      'z, each look',
      'Mann-Whitney, 11 looks',
      'Flagger rule',
      'Kayenta rule',
      'judge, history',
      'judge, none',
    ],
    ROWS.map((row, index) => rowOf(row, index, runs)),
  );
  printTable('What a stage and a value tell', ['', 'history', 'none', 'target'], tellings(runs));
  printTable(
    `Whole rollouts: 5 % 30 min → 25 % 60 → 75 % 120, history of 10 h, α = .05 for all, ${runs} runs each`,
    ['', ...SERVICES.map(({ perMinute, errors }) => `${perMinute}/min, ${100 * errors} %`), 'target'],
    wholeRollouts(runs),
  );
  printTable('What a look costs the judge: six metrics, the rules of gold-standard', LOOKS_HEAD, looksRows());
  for (const each of missed) process.stdout.write(`missed: ${each}\n`);
  process.stdout.write(missed.length === 0 ? 'Every target is met.\n' : '');
  if (missed.length > 0) process.exitCode = 1;
}

const LOOKS_HEAD = ['', 'among the first hundred', 'among the last of 1,000', 'target'];
/** What a look costs must not grow; a quarter is what a busy machine makes of the same. */
const MAX_GROWTH = 1.25;
const MAX_CORES = 0.5;

function looksRows(): string[][] {
  const { first, last, stateFirst, stateLast, cores } = measureLooks();
  if (last > MAX_GROWTH * first)
    missed.push(`a look takes ${last.toFixed(0)} µs late, ${first.toFixed(0)} early`);
  if (cores > MAX_CORES) missed.push(`10,000 every 10 s take ${cores.toFixed(2)} cores`);
  return [
    ['a look, median', `${first.toFixed(0)} µs`, `${last.toFixed(0)} µs`, `≤ ${MAX_GROWTH} ×`],
    ['its state', `${stateFirst} characters`, `${stateLast} characters`, ''],
    ['10,000 rollouts, each every 10 s', `${cores.toFixed(2)} cores`, '', `≤ ${MAX_CORES}`],
  ];
}

function rowOf({ name, world, target }: Row, index: number, runs: number): string[] {
  const peers: Peer[] = [zAtEachLook(), mannWhitneyAtElevenLooks(), flaggerRule(), kayentaRule()];
  const others = peers.map((peer) => shareAndMedian(peerRuns(index, world, runs, peer), runs));
  const own = [true, false].map((history) => {
    const { minutes } = oneStage(index, world, runs, history);
    const { atMost, atLeast, median } = target(history);
    const said = shareAndMedian(minutes, runs);
    const share = (100 * minutes.length) / runs;
    const label = `${name}, ${history ? 'history' : 'none'}: ${said}`;
    if (atMost !== undefined) expectAtMost(share, atMost, label);
    if (atLeast !== undefined) expectAtLeast(share, atLeast, label);
    if (median !== undefined && quantile(minutes, 0.5) > median + slack / 2) missed.push(`${label}, median`);
    return said;
  });
  return [name, ...others, ...own];
}

function shareAndMedian(minutes: readonly number[], runs: number): string {
  const share = `${((100 * minutes.length) / runs).toFixed(1)} %`;
  return minutes.length === 0 ? share : `${share}, ${quantile(minutes, 0.5)}`;
}

function tellings(runs: number): string[][] {
  const both = (of: (history: boolean) => number): [number, number] => [of(true), of(false)];
  const doubled = both((history) => passedAt30(oneStage(20, { ...EVEN, times: 2 }, runs, history)));
  const healthy = [true, false].map((history) => oneStage(21, EVEN, runs, history));
  const by = (minute: number): [number, number] =>
    healthy.map(({ excludedBy }) => (100 * (excludedBy[minute] ?? 0)) / runs) as [number, number];
  const falsely = both((history) => 100 * valueRuns(22, 1, runs, history));
  const twice = both((history) => 100 * valueRuns(23, 2, runs, history));
  const row = (name: string, [a, b]: [number, number], want: string): string[] => [
    name,
    `${a.toFixed(1)} %`,
    `${b.toFixed(1)} %`,
    want,
  ];
  const check = (
    name: string,
    got: [number, number],
    most: [number, number] | null,
    least: [number, number] | null,
  ) =>
    got.forEach((value, index) => {
      if (most !== null) expectAtMost(value, most[index] ?? 0, name);
      if (least !== null) expectAtLeast(value, least[index] ?? 0, name);
    });
  check('a doubling passes', doubled, [1, 1], null);
  check('excluded by 30', by(30), null, [85, 80]);
  check('excluded by 60', by(60), null, [96, 96]);
  check('values, false', falsely, [1, 2], null);
  check('values, found', twice, null, [98, 80]);
  return [
    row('a real doubling passes a 30-min stage', doubled, '≤ 1 / 1 %'),
    row('healthy, a doubling excluded by 30 min', by(30), '≥ 85 / 80 %'),
    row('healthy, a doubling excluded by 60 min', by(60), '≥ 96 / 96 %'),
    row('values, AR(1) ρ = .9, sd .1: false', falsely, '≤ 1 / 2 %'),
    row('values, AR(1) ρ = .9, sd .1: +100 % found', twice, '≥ 98 / 80 %'),
  ];
}

const passedAt30 = ({ passedAt30: passed, runs }: Found): number => (100 * passed) / runs;

const SERVICES = [
  { perMinute: 200, errors: 0.01 },
  { perMinute: 1_000, errors: 0.002 },
  { perMinute: 1_000, errors: 0.01 },
  { perMinute: 6_000, errors: 0.001 },
] as const;

function wholeRollouts(runs: number): string[][] {
  const all = (
    row: number,
    times: number,
    from: number,
    more: { shocks?: number; wander?: number } = SHOCKS,
  ) =>
    SERVICES.map((service, index) =>
      rollouts(100 + 10 * row + index, { ...service, ...more }, { times, from }, runs),
    );
  const healthy = all(0, 1, 1);
  const wandering = all(1, 1, 1, { ...SHOCKS, wander: 0.3 });
  const half = all(2, 1.5, 1);
  const twice = all(3, 2, 1);
  const late = all(4, 2, 2);
  const five = all(5, 5, 1);
  return [
    line('healthy, rolled back', healthy, found(3), { atMost: 3 }, '≤ 3 %'),
    line('healthy, arms wandering .3', wandering, found(3), { atMost: 8 }, '≤ 8 %'),
    line('1.5×, found', half, found(3), { atLeast: 85 }, '≥ 85 %'),
    line('1.5×, median minute', half, median, { atMost: 105 }, '≤ 105', ''),
    line('2×, found by the end of stage 2', twice, found(2), { atLeast: 90 }, '≥ 90 %'),
    line('2×, found by the end of stage 3', twice, found(3), { atLeast: 99 }, '≥ 99 %'),
    line('2× from stage 2 on, found by its end', late, found(2), { atLeast: 85 }, '≥ 85 %'),
    line('5×, median minute', five, median, { atMost: 14 }, '≤ 14', ''),
    line(
      'healthy and not rolled back, a doubling excluded by stage 2',
      healthy,
      cleared(2),
      { atLeast: 85 },
      '≥ 85 %',
    ),
    line(
      'healthy and not rolled back, a doubling excluded by stage 3',
      healthy,
      cleared(3),
      { atLeast: 99 },
      '≥ 99 %',
    ),
    line('a real doubling wrongly excluded', twice, excluded(3), { atMost: 5 }, '≤ 5 %'),
  ];
}

const found =
  (stage: 2 | 3) =>
  ({ foundBy, runs }: Rollouts): number =>
    (100 * (foundBy[stage - 1] ?? 0)) / runs;
/** Of those that were not rolled back: what was stopped has no stage to pass. */
const cleared =
  (stage: 2 | 3) =>
  ({ clearedBy, foundBy, runs }: Rollouts): number =>
    (100 * (clearedBy[stage - 1] ?? 0)) / (runs - (foundBy[stage - 1] ?? 0));
/** Of all. */
const excluded =
  (stage: 2 | 3) =>
  ({ excludedBy, runs }: Rollouts): number =>
    (100 * (excludedBy[stage - 1] ?? 0)) / runs;
const median = ({ minutes }: Rollouts): number => quantile(minutes, 0.5);

function line(
  name: string,
  all: readonly Rollouts[],
  figure: (rollouts: Rollouts) => number,
  { atMost, atLeast }: { atMost?: number; atLeast?: number },
  target: string,
  unit = ' %',
): string[] {
  const figures = all.map(figure);
  figures.forEach((value, index) => {
    const label = `${name}, ${SERVICES[index]?.perMinute}/min: ${value.toFixed(1)}`;
    if (atMost !== undefined) expectAtMost(value, atMost, label);
    if (atLeast !== undefined) expectAtLeast(value, atLeast, label);
  });
  return [name, ...figures.map((value) => `${value.toFixed(unit === '' ? 0 : 1)}${unit}`), target];
}

function expectAtMost(value: number, most: number, label: string): void {
  if (!(value <= most + slack)) missed.push(`${label}, at most ${most}`);
}

function expectAtLeast(value: number, least: number, label: string): void {
  if (!(value >= least - slack)) missed.push(`${label}, at least ${least}`);
}
