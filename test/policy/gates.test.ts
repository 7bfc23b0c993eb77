/** Gates by table: the policy's figures at their boundaries, and reports that bring none. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countingReport,
  countsUntil,
  type GateReport,
  isAbout,
  judgeGate,
  lacks,
} from '../../src/policy/gates.ts';
import type { Gate, GateRule } from '../../src/terms/requirements.ts';
import { DAY } from '../../src/time.ts';

const REPORT: GateReport = { gate: 'g', status: 'passed', at: 1_000, by: 'github' };
const judge = (rule: GateRule, figures: Partial<GateReport>) => judgeGate(rule, { ...REPORT, ...figures });

describe('GT-1: a rate of passed tests', () => {
  it.each<[number, number, number, number, boolean, string]>([
    [100, 412, 0, 0, true, '100 % of 412 tests'],
    [100, 999, 1, 0, false, '99.9 % of 1000 tests, at least 100 %'],
    [100, 99_999, 1, 0, false, '99.9 % of 100000 tests, at least 100 %'],
    [100, 1, 0, 500, true, '100 % of 1 tests'],
    [100, 0, 0, 0, false, 'no test ran'],
    [100, 0, 0, 12, false, 'no test ran'],
    [100, 0, 1, 0, false, '0 % of 1 tests, at least 100 %'],
    [95, 950, 50, 0, true, '95 % of 1000 tests'],
    [95, 949, 51, 0, false, '94.9 % of 1000 tests, at least 95 %'],
    [95, 19, 1, 0, true, '95 % of 20 tests'],
    [95, 18, 1, 0, false, '94.7 % of 19 tests, at least 95 %'],
    [95, 9_499_999, 500_001, 0, false, '94.9 % of 10000000 tests, at least 95 %'],
    [99.93, 9_993, 7, 0, true, '99.93 % of 10000 tests'],
    [99.93, 9_992, 8, 0, false, '99.92 % of 10000 tests, at least 99.93 %'],
    [99.999, 999_989, 11, 0, false, '99.998 % of 1000000 tests, at least 99.999 %'],
    [0.1, 1, 999, 0, true, '0.1 % of 1000 tests'],
    [0, 0, 5, 0, true, '0 % of 5 tests'],
  ])(
    'of at least %d %: %d passed, %d failed, %d skipped → %s, "%s"',
    (atLeast, passed, failed, skipped, ok, says) => {
      expect(judge({ kind: 'pass_rate', atLeast }, { tests: { passed, failed, skipped } })).toEqual({
        passed: ok,
        says,
      });
    },
  );

  it('of 100 % is never reached by any number with one failure', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000_000), (passed) => {
        const verdict = judge(
          { kind: 'pass_rate', atLeast: 100 },
          { tests: { passed, failed: 1, skipped: 0 } },
        );
        expect(verdict.passed).toBe(false);
        expect(verdict.says).not.toMatch(/^100 %/);
      }),
    );
  });

  it('is reached exactly where the counts reach it, with no error of rounding', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: 1, max: 5 }), (share, factor) => {
        const atLeast = Number(`${Math.floor(share / 1000)}.${String(share % 1000).padStart(3, '0')}`);
        const ran = 100_000 * factor;
        const of = (passed: number) =>
          judge({ kind: 'pass_rate', atLeast }, { tests: { passed, failed: ran - passed, skipped: 0 } });
        expect(of(share * factor).passed).toBe(true);
        expect(of(share * factor - 1).passed).toBe(false);
      }),
    );
  });
});

describe('GT-2: a share in percent', () => {
  it.each<[number, boolean, string]>([
    [80, true, '80 %, at least 80 %'],
    [79.96, false, '79.9 %, at least 80 %'],
    [79.999_999, false, '79.9 %, at least 80 %'],
    [80.000_001, true, '80 %, at least 80 %'],
    [0, false, '0 %, at least 80 %'],
    [100, true, '100 %, at least 80 %'],
    [1e-7, false, '0 %, at least 80 %'],
  ])('of %d % where 80 are needed → %s, "%s"', (percent, passed, says) => {
    expect(judge({ kind: 'percent', atLeast: 80 }, { percent })).toEqual({ passed, says });
  });
});

describe('GT-1: findings', () => {
  const rule: GateRule = { kind: 'findings', atMost: { critical: 0, high: 0 } };
  it.each<[number, number, number, number, boolean, string]>([
    [0, 0, 0, 0, true, '0 critical, 0 high'],
    [0, 0, 40, 400, true, '0 critical, 0 high'],
    [1, 0, 0, 0, false, '1 critical, 0 high'],
    [0, 1, 0, 0, false, '0 critical, 1 high'],
  ])('of %d critical, %d high, %d medium, %d low → %s', (critical, high, medium, low, passed, says) => {
    expect(judge(rule, { findings: { critical, high, medium, low } })).toEqual({ passed, says });
  });

  it('may be some where the policy lets them', () => {
    const some: GateRule = { kind: 'findings', atMost: { critical: 0, medium: 3 } };
    expect(judge(some, { findings: { critical: 0, high: 9, medium: 3, low: 0 } })).toEqual({
      passed: true,
      says: '0 critical, 3 medium',
    });
    expect(judge(some, { findings: { critical: 0, high: 9, medium: 4, low: 0 } }).passed).toBe(false);
  });
});

describe("GT-1: the reporter's own word", () => {
  it('decides where the policy asks for nothing else', () => {
    expect(judge({ kind: 'passed' }, { status: 'passed' })).toEqual({ passed: true, says: 'passed' });
    expect(judge({ kind: 'passed' }, { status: 'failed' })).toEqual({ passed: false, says: 'failed' });
  });

  it.each<[GateRule, Partial<GateReport>, string]>([
    [
      { kind: 'pass_rate', atLeast: 90 },
      { tests: { passed: 95, failed: 5, skipped: 0 } },
      'reported as failed, with 95 % of 100 tests',
    ],
    [
      { kind: 'pass_rate', atLeast: 95 },
      { tests: { passed: 90, failed: 10, skipped: 0 } },
      '90 % of 100 tests, at least 95 %',
    ],
    [{ kind: 'percent', atLeast: 80 }, { percent: 99 }, 'reported as failed, with 99 %, at least 80 %'],
    [
      { kind: 'findings', atMost: { critical: 0 } },
      { findings: { critical: 0, high: 1, medium: 0, low: 0 } },
      'reported as failed, with 0 critical',
    ],
  ])('of failed is never a pass, whatever the figures: %j with %j → "%s"', (rule, figures, says) => {
    expect(judge(rule, { status: 'failed', ...figures })).toEqual({ passed: false, says });
  });

  it('of passed does not help figures that the policy refuses', () => {
    const tests = { passed: 9, failed: 1, skipped: 0 };
    expect(judge({ kind: 'pass_rate', atLeast: 95 }, { status: 'passed', tests }).passed).toBe(false);
  });

  it.each<[GateRule, 'tests' | 'percent' | 'findings' | undefined]>([
    [{ kind: 'passed' }, undefined],
    [{ kind: 'pass_rate', atLeast: 0 }, 'tests'],
    [{ kind: 'percent', atLeast: 0 }, 'percent'],
    [{ kind: 'findings', atMost: {} }, 'findings'],
  ])('alone lacks for %j: %s, and without it nothing passes', (rule, figure) => {
    expect(lacks(rule, REPORT)).toBe(figure);
    expect(judge(rule, {}).passed).toBe(figure === undefined);
    if (figure !== undefined) expect(judge(rule, {}).says).toBe(`its report brings no ${figure}`);
  });
});

it('GT-7: a report counts for as long as its gate says, from when it was measured', () => {
  const gate: Gate = { id: 'staging_data', name: 'staging data', rule: { kind: 'passed' } };
  expect(countsUntil(gate, REPORT)).toBeUndefined();
  expect(countsUntil({ ...gate, lasts: 7 * DAY }, REPORT)).toBe(1_000 + 7 * DAY);
});

describe('GT-1: what a report is about', () => {
  const build = { sha: 'a'.repeat(40), digest: `sha256:${'a'.repeat(64)}` };
  const other = { sha: 'b'.repeat(40), digest: `sha256:${'b'.repeat(64)}` };
  it.each<[string, Partial<GateReport>, boolean]>([
    ['neither commit nor artifact', {}, true],
    ['its commit', { sha: build.sha }, true],
    ['its artifact', { digest: build.digest }, true],
    ['both of them', build, true],
    ['another commit', { sha: other.sha }, false],
    ['another artifact', { digest: other.digest }, false],
    ['its commit, and another artifact', { sha: build.sha, digest: other.digest }, false],
    ['its artifact, and another commit', { sha: other.sha, digest: build.digest }, false],
  ])('naming %s', (_, of, counts) => {
    const report = { ...REPORT, ...of };
    expect(isAbout(report, build)).toBe(counts);
    expect(countingReport('g', [report], build)).toEqual(counts ? report : undefined);
  });

  it('of those about it the newest counts, of equals the one that came last, and of another gate none', () => {
    const older = { ...REPORT, at: 999 };
    const same = { ...REPORT, status: 'failed' as const };
    const newer = { ...REPORT, sha: other.sha, at: 2_000 };
    expect(countingReport('g', [REPORT, older, newer], build)).toBe(REPORT);
    expect(countingReport('g', [REPORT, same], build)).toBe(same);
    expect(countingReport('h', [REPORT, same], build)).toBeUndefined();
  });
});
