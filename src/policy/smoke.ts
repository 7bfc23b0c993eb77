/** What the results of smoke tests mean: any critical failure goes back, more than a few others ask, a few are watched (SM-2). */

import type { SmokeTerms, SmokeTest } from '../terms/smoke.ts';
import type { Duration } from '../time.ts';
import { isOver } from './percent.ts';

export interface SmokeResult {
  test: string;
  /** `unknown`: it could not be tried, or nobody said; never as good as passed. */
  outcome: 'passed' | 'failed' | 'unknown';
  took?: Duration;
  /** What was wrong, in words without anything that was answered or sent. */
  problem?: string;
  /** It failed, was tried once more at once, and this is what the second try says. */
  repeated?: true;
}

/** `hold` asks people; `watch` goes on with failures that are few, and names them. */
export type SmokeVerdict = { kind: 'pass' | 'watch' | 'hold' | 'roll_back'; because: string };

/** The tests that are asked in one run; after a rollback only those that the version before can pass. */
export function testsFor(
  { tests, base }: SmokeTerms,
  { arm, back }: { arm: boolean; back: boolean },
): SmokeTest[] {
  const asked = back ? tests.filter(({ afterRollback, by }) => afterRollback && by !== 'ci') : tests;
  return asked.filter(({ by }) => by !== 'gonogo' || (base !== undefined && arm));
}

export function judgeSmoke(
  tests: readonly SmokeTest[],
  results: readonly SmokeResult[],
  { holdOver }: Pick<SmokeTerms, 'holdOver'>,
): SmokeVerdict {
  const found = new Map(results.map((result) => [result.test, result]));
  const outcome = (test: SmokeTest) => found.get(test.id)?.outcome ?? 'unknown';
  const [critical, others] = [tests.filter((one) => one.critical), tests.filter((one) => !one.critical)];
  const broken = critical.filter((test) => outcome(test) === 'failed');
  if (broken.length > 0)
    return { kind: 'roll_back', because: `a critical smoke test failed: ${named(broken, found)}` };
  const open = critical.filter((test) => outcome(test) === 'unknown');
  if (open.length > 0)
    return {
      kind: 'hold',
      because: `nobody knows whether a critical smoke test passes: ${named(open, found)}`,
    };
  const bad = others.filter((test) => outcome(test) !== 'passed');
  if (bad.length === 0) return { kind: 'pass', because: `${tests.length} of ${tests.length} passed` };
  const words = `${bad.length} of ${others.length} that are not critical did not pass: ${named(bad, found)}`;
  return isOver(bad.length, others.length, holdOver)
    ? { kind: 'hold', because: `${words}; at most ${holdOver} % may fail` }
    : { kind: 'watch', because: words };
}

const MAX_NAMED = 3;

/** `Login (answered 500), Search and 3 more` */
function named(tests: readonly SmokeTest[], found: ReadonlyMap<string, SmokeResult>): string {
  const words = tests.slice(0, MAX_NAMED).map(({ id, name }) => {
    const problem = found.get(id)?.problem;
    return problem === undefined ? name : `${name} (${problem})`;
  });
  const more = tests.length - words.length;
  return `${words.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** How often a test failed and passed at once when it was tried again, of all its runs. */
export interface Flakiness {
  test: string;
  runs: number;
  flaky: number;
}

/** A run more: a test that failed and passed when it was tried again at once was flaky in it. */
export function withRun(history: readonly Flakiness[], results: readonly SmokeResult[]): Flakiness[] {
  const before = new Map(history.map((one) => [one.test, one]));
  for (const { test, outcome, repeated } of results) {
    if (outcome === 'unknown') continue;
    const { runs, flaky } = before.get(test) ?? { runs: 0, flaky: 0 };
    const again = repeated === true && outcome === 'passed';
    before.set(test, { test, runs: runs + 1, flaky: flaky + (again ? 1 : 0) });
  }
  return [...before.values()];
}

/** With fewer runs than this a single bad one would name it. */
const FEWEST_RUNS = 20;

export function flakyTests(
  history: readonly Flakiness[],
  { flakyOver }: Pick<SmokeTerms, 'flakyOver'>,
): Flakiness[] {
  return history.filter(({ runs, flaky }) => runs >= FEWEST_RUNS && isOver(flaky, runs, flakyOver));
}

/** What took longer than its baseline says (SM-3), in words. */
export function slowPages(
  tests: readonly SmokeTest[],
  results: readonly SmokeResult[],
  { baseline }: Pick<SmokeTerms, 'baseline'>,
): { test: string; took: Duration }[] {
  return tests.flatMap((test) => {
    const took = results.find((result) => result.test === test.id)?.took;
    return test.home && took !== undefined && took >= baseline.home ? [{ test: test.id, took }] : [];
  });
}
