/** What a look costs the judge: the thousandth beside the first, and ten thousand rollouts that are looked at every ten seconds. */

import { loadPolicy } from '../../src/config/load-policy.ts';
import { readPresets } from '../../src/config/presets.ts';
import { judge } from '../../src/judge/judge.ts';
import type { JudgePlan, JudgeState, MetricReading } from '../../src/judge/types.ts';
import { SECOND } from '../../src/time.ts';
import { median } from '../table.ts';
import { type Random, seeded } from './random.ts';

const EVERY = 10 * SECOND;
const LOOKS = 1_000;
const ROLLOUTS = 10_000;
/** Looks at the beginning and at the end that are held against each other. */
const COMPARED = 100;
/** Rollouts that are played to their last look, of which the middle one counts. */
const PLAYED = 25;

export interface Looks {
  /** Microseconds of one look, among the first hundred and among the last hundred of a thousand. */
  first: number;
  last: number;
  /** Characters of the state as JSON, after as many. */
  stateFirst: number;
  stateLast: number;
  /** Cores that ten thousand rollouts take, each looked at every ten seconds. */
  cores: number;
}

export function measureLooks(): Looks {
  const plan = goldStandard();
  // The first ones are compiled.
  playOne(plan, seeded(900, 0));
  const all = Array.from({ length: PLAYED }, (_, run) => playOne(plan, seeded(901, run)));
  const middle = (of: (one: (typeof all)[number]) => number): number => median(all.map(of));
  return {
    first: middle(({ first }) => first),
    last: middle(({ last }) => last),
    stateFirst: middle(({ stateFirst }) => stateFirst),
    stateLast: middle(({ stateLast }) => stateLast),
    cores: coresFor(plan),
  };
}

function playOne(plan: JudgePlan, random: Random) {
  let state: JudgeState | undefined;
  const took: number[] = [];
  let stateFirst = 0;
  for (let number = 0; number < LOOKS; number += 1) {
    const metrics = healthy(random);
    const began = performance.now();
    state = look(plan, state, number, metrics);
    took.push(1_000 * (performance.now() - began));
    if (number === COMPARED - 1) stateFirst = JSON.stringify(state).length;
  }
  return {
    first: median(took.slice(0, COMPARED)),
    last: median(took.slice(-COMPARED)),
    stateFirst,
    stateLast: JSON.stringify(state).length,
  };
}

/** Each with a state of its own, as they come from the record; three rounds, of which the middle one counts. */
function coresFor(plan: JudgePlan): number {
  const random = seeded(902, 0);
  let states: JudgeState[] = Array.from({ length: ROLLOUTS }, () =>
    look(plan, undefined, 0, healthy(random)),
  );
  const rounds = [1, 2, 3].map((number) => {
    const readings = states.map(() => healthy(random));
    const before = process.cpuUsage();
    states = states.map((state, index) => look(plan, state, number, readings[index] ?? []));
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 / EVERY;
  });
  return median(rounds);
}

function look(plan: JudgePlan, state: JudgeState | undefined, number: number, metrics: MetricReading[]) {
  const reading = { from: number * EVERY, to: (number + 1) * EVERY, metrics };
  return judge(plan, state, reading, {
    stage: { number: 1, of: 3 },
    stageEndsAt: LOOKS * EVERY,
    lookEvery: EVERY,
    beside: true,
  }).state;
}

/** Every metric that the preset has rules about, with nothing amiss. */
function healthy(random: Random): MetricReading[] {
  const arm = (n: number) => ({ n, x: random.poisson(n * 0.0005) });
  const value = (metric: string, mean: number, unit: 'ms' | '%' | ''): MetricReading => {
    const around = (): number => mean * (1 + 0.02 * random.normal());
    return { metric, kind: 'values', unit, baseline: around(), canary: around() };
  };
  return [
    { metric: 'errors', kind: 'counts', baseline: arm(7_600), canary: arm(400) },
    value('p50', 84, 'ms'),
    value('p99', 310, 'ms'),
    value('cpu', 45, '%'),
    value('memory', 61, '%'),
    value('queue_depth', 12, ''),
  ];
}

function goldStandard(): JudgePlan {
  const people = ['tech_lead', 'security', 'operations', 'product_owner', 'cab'];
  const roles = people.map((role, index) => `${role}: [U0PERSON00${index}]`).join(', ');
  const file = `team: T\nroles: { ${roles} }\nservices: { a: { channel: C0CHECKOUT2 } }\n`;
  const loaded = loadPolicy(file, readPresets());
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.policy.safeguards.judge;
}
