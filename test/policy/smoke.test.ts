import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flakyTests, judgeSmoke, type SmokeResult, slowPages, testsFor } from '../../src/policy/smoke.ts';
import type { SmokeTerms, SmokeTest } from '../../src/terms/smoke.ts';
import { smokeTest } from './smoke-tests.ts';

const TEN = Array.from({ length: 10 }, (_, index) => smokeTest(`t${index}`));
const CRITICAL = smokeTest('login', { critical: true });
const all = (tests: readonly SmokeTest[], bad: Record<string, SmokeResult['outcome']> = {}): SmokeResult[] =>
  tests.map(({ id }) => ({ test: id, outcome: bad[id] ?? 'passed' }));
const judged = (tests: readonly SmokeTest[], results: readonly SmokeResult[]) =>
  judgeSmoke(tests, results, { holdOver: 10 });

describe('SM-2: what smoke tests ask for', () => {
  it.each<[string, Record<string, SmokeResult['outcome']>, string]>([
    ['all passed', {}, 'pass'],
    ['a critical one failed', { login: 'failed' }, 'roll_back'],
    ['nobody knows of a critical one', { login: 'unknown' }, 'hold'],
    ['10 % of the others failed', { t0: 'failed' }, 'watch'],
    ['10 % of the others are unknown', { t0: 'unknown' }, 'watch'],
    ['more than 10 % of the others failed', { t0: 'failed', t1: 'unknown' }, 'hold'],
    ['a critical one and others failed', { login: 'failed', t0: 'failed', t1: 'failed' }, 'roll_back'],
  ])('%s', (_what, bad, kind) => {
    expect(judged([CRITICAL, ...TEN], all([CRITICAL, ...TEN], bad)).kind).toBe(kind);
  });

  it('names what failed and why, three of them, and counts the rest', () => {
    const results = TEN.map(
      ({ id }): SmokeResult => ({ test: id, outcome: 'failed', problem: 'it answers 500' }),
    );
    expect(judged(TEN, results).because).toMatch(
      /: t0 \(it answers 500\), t1 .*, t2 .* and 7 more; at most 10 % may/,
    );
  });

  it('a test that nobody answered is never as good as one that passed', () => {
    expect(judged([CRITICAL], []).kind).toBe('hold');
    expect(judged(TEN, []).kind).toBe('hold');
  });

  it('one failure more never makes it better', () => {
    const order = ['pass', 'watch', 'hold', 'roll_back'];
    const outcomes = fc.array(fc.constantFrom('passed', 'failed', 'unknown' as const), {
      minLength: 11,
      maxLength: 11,
    });
    const tests = [CRITICAL, ...TEN];
    fc.assert(
      fc.property(outcomes, fc.nat(10), (given, index) => {
        const results = (of: readonly string[]) =>
          tests.map(({ id }, at) => ({ test: id, outcome: of[at] as SmokeResult['outcome'] }));
        const before = judged(tests, results(given)).kind;
        const after = judged(tests, results(given.with(index, 'failed'))).kind;
        expect(order.indexOf(after)).toBeGreaterThanOrEqual(order.indexOf(before));
      }),
    );
  });
});

const TERMS: SmokeTerms = {
  tests: [smokeTest('a'), smokeTest('b', { by: 'ci' }), smokeTest('c', { afterRollback: false })],
  base: 'https://shop.example.com',
  hosts: [],
  secrets: {},
  holdOver: 10,
  within: 1,
  flakyOver: 1,
  baseline: { home: 2_000, p50: 100, p99: 500 },
};

it('SM-1, RB-3: after a rollback the old version is asked what it can do, and no pipeline is waited for', () => {
  const ids = (of: SmokeTerms, how: { arm: boolean; back: boolean }) => testsFor(of, how).map(({ id }) => id);
  expect(ids(TERMS, { arm: true, back: false })).toEqual(['a', 'b', 'c']);
  expect(ids(TERMS, { arm: true, back: true })).toEqual(['a']);
  expect(ids(TERMS, { arm: false, back: false })).toEqual(['b']);
  const { base: _none, ...without } = TERMS;
  expect(ids(without, { arm: true, back: false })).toEqual(['b']);
});

it('SM-4: a test that was flaky in more than 1 % of its runs is named, once there are enough to say so', () => {
  const history = [
    { test: 'a', runs: 200, flaky: 2 },
    { test: 'b', runs: 200, flaky: 3 },
    { test: 'c', runs: 2, flaky: 1 },
  ];
  expect(flakyTests(history, { flakyOver: 1 }).map((one) => one.test)).toEqual(['b']);
});

it('SM-3: a home page of 2 s is over the baseline of under 2 s', () => {
  const home = smokeTest('home', { home: true });
  const took = (ms: number) => slowPages([home], [{ test: 'home', outcome: 'passed', took: ms }], TERMS);
  expect(took(1_999)).toEqual([]);
  expect(took(2_000)).toEqual([{ test: 'home', took: 2_000 }]);
});
