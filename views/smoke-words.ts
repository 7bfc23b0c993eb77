/** Smoke tests as people read them: a line on the card at once, and what failed and why in the thread (SM-1 to SM-4). */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { DeploymentEvent } from '../src/deployment/events.ts';
import type { SmokePhase } from '../src/deployment/smoke/state.ts';
import type { Flakiness, SmokeResult, SmokeVerdict } from '../src/policy/smoke.ts';
import type { SmokeTerms, SmokeTest } from '../src/terms/smoke.ts';
import { figure, inline, listOf, timeOfDay } from './text.ts';

const SIGNS: Record<SmokeVerdict['kind'], string> = { pass: '✅', watch: '🟡', hold: '🟡', roll_back: '❌' };

const WHAT: Record<SmokePhase, string> = {
  step: 'Smoke tests',
  verification: 'Smoke tests',
  rollback: 'Smoke tests of the version before',
};

/** Nothing before the first run. */
export function smokeLine({ smoke }: Deployment): string[] {
  if (smoke === undefined) return [];
  const { verdict, phase, tests, results } = smoke;
  if (verdict === undefined)
    return [
      `🧪 ${WHAT[phase]} run since ${timeOfDay(smoke.since)}: ${results.length} of ${tests.length} done`,
    ];
  return [
    `${SIGNS[verdict.kind]} ${WHAT[phase]} at ${timeOfDay(verdict.at)}: ${inline(verdict.because, 300)}`,
  ];
}

/** Where a run is over: its verdict, every test that did not pass, and what was slow. */
export function smokeNote(
  d: Deployment,
  e: Extract<DeploymentEvent, { type: 'smoke_reported' }>,
): string | undefined {
  const { verdict } = e;
  const { smoke: terms } = d.terms;
  if (verdict === undefined || terms === undefined) return undefined;
  const of = d.smoke?.run === e.run ? d.smoke : undefined;
  const results = of?.results ?? e.results;
  return [
    `${SIGNS[verdict.kind]} ${WHAT[of?.phase ?? 'verification']}: ${inline(verdict.because, 300)}${reporterOf(e.reporter)}`,
    ...(verdict.kind === 'watch' ? ['It goes on, watched.'] : []),
    ...repeatedLine(terms, results),
    ...slowLines(terms, e.slow ?? []),
    ...flakyLines(terms, e.flaky ?? []),
  ].join('\n');
}

const reporterOf = (reporter: string | undefined): string =>
  reporter === undefined ? '' : ` · reported by ${inline(reporter, 40)}`;

function repeatedLine({ tests }: SmokeTerms, results: readonly SmokeResult[]): string[] {
  const names = results
    .filter(({ repeated, outcome }) => repeated && outcome === 'passed')
    .map(({ test }) => nameOf(tests, test));
  return names.length === 0 ? [] : [`Passed only when tried again at once: ${listOf(names)}`];
}

function slowLines(terms: SmokeTerms, slow: readonly { test: string; took: number }[]): string[] {
  return slow.map(
    ({ test, took }) =>
      `🐢 ${nameOf(terms.tests, test)} took ${seconds(took)}; the baseline is under ${seconds(terms.baseline.home)}`,
  );
}

function flakyLines(terms: SmokeTerms, flaky: readonly Flakiness[]): string[] {
  return flaky.map(
    ({ test, runs, flaky: times }) =>
      `🎲 ${nameOf(terms.tests, test)} is flaky: in ${times} of ${runs} runs it passed only when tried again, at most ${figure(terms.flakyOver)} % may`,
  );
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

const nameOf = (tests: readonly SmokeTest[], id: string): string =>
  inline(tests.find((test) => test.id === id)?.name ?? id, 60);
