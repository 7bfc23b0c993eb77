/** Gates: what machines report of a release, and what the policy asks of it (GT-1, GT-2, GT-7). */

import { type Gate, type GateRule, SEVERITIES, type Severity } from '../terms/requirements.ts';
import type { Instant } from '../time.ts';
import { percentWords, placesOf, reaches, shareWords } from './percent.ts';

/** The gate that GoNoGo reports itself: the version completed in the environment before (GT-8). */
export const STAGED_GATE = 'staging_deployed';

/** The gate that a drill of the rollback answers, whoever else may report it (RB-5). */
export const REHEARSAL_GATE = 'rollback_rehearsal';

/** Gates that nobody reports, by what answers them: our own record, or the registered artifact itself (GT-3, GT-8). */
const ANSWERED_BY: ReadonlyMap<string, 'record' | 'artifact'> = new Map([
  [STAGED_GATE, 'record'],
  ['artifact_version', 'artifact'],
  ['artifact_tag', 'artifact'],
  ['artifact_checksum', 'artifact'],
]);

/** What answers a gate in place of a reporter; undefined where somebody has to report it. */
export function answeredBy(gate: string): 'record' | 'artifact' | undefined {
  return ANSWERED_BY.get(gate);
}

/** One report of one gate, about one release. */
export interface GateReport {
  gate: string;
  /** The reporter's own word: `failed` is never a pass, and where the rule judges a figure, the figure must satisfy it too. */
  status: 'passed' | 'failed';
  tests?: { passed: number; failed: number; skipped: number };
  /** 0 … 100. */
  percent?: number;
  findings?: Record<Severity, number>;
  /** The commit it is about, where the reporter names it: a report about another one is not about this release. */
  sha?: string;
  /** The artifact it is about, `sha256:…`; the same holds. */
  digest?: string;
  /** When it was measured. */
  at: Instant;
  /** Where a person reads more. */
  url?: string;
  /** Who reported it: the name of an API key, of a backend, or GoNoGo. */
  by: string;
}

export interface GateVerdict {
  passed: boolean;
  /** `97 % of 412 tests, at least 95 %` */
  says: string;
}

/** What a report must bring for a rule to judge it; undefined where it has it. */
export function lacks(rule: GateRule, report: GateReport): 'tests' | 'percent' | 'findings' | undefined {
  switch (rule.kind) {
    case 'passed':
      return undefined;
    case 'pass_rate':
      return report.tests === undefined ? 'tests' : undefined;
    case 'percent':
      return report.percent === undefined ? 'percent' : undefined;
    case 'findings':
      return report.findings === undefined ? 'findings' : undefined;
  }
}

/** A figure that is missing is never a pass, and neither is what its own reporter calls failed. */
export function judgeGate(rule: GateRule, report: GateReport): GateVerdict {
  const verdict = judgeFigures(rule, report);
  if (report.status === 'passed' || !verdict.passed) return verdict;
  return { passed: false, says: `reported as failed, with ${verdict.says}` };
}

function judgeFigures(rule: GateRule, report: GateReport): GateVerdict {
  const missing = lacks(rule, report);
  if (missing !== undefined) return { passed: false, says: `its report brings no ${missing}` };
  switch (rule.kind) {
    case 'passed':
      return { passed: report.status === 'passed', says: report.status };
    case 'pass_rate':
      return judgePassRate(rule.atLeast, report.tests ?? { passed: 0, failed: 0 });
    case 'percent': {
      const percent = report.percent ?? 0;
      return {
        passed: percent >= rule.atLeast,
        says: `${percentWords(percent, placesOf(rule.atLeast))} %, at least ${rule.atLeast} %`,
      };
    }
    case 'findings':
      return judgeFindings(rule.atMost, report.findings ?? {});
  }
}

function judgePassRate(atLeast: number, tests: { passed: number; failed: number }): GateVerdict {
  const ran = tests.passed + tests.failed;
  if (ran === 0) return { passed: false, says: 'no test ran' };
  const passed = reaches(tests.passed, ran, atLeast);
  return {
    passed,
    says: `${shareWords(tests.passed, ran, placesOf(atLeast))} % of ${ran} tests${passed ? '' : `, at least ${atLeast} %`}`,
  };
}

function judgeFindings(
  atMost: Partial<Record<Severity, number>>,
  found: Partial<Record<Severity, number>>,
): GateVerdict {
  const limited = SEVERITIES.filter((severity) => atMost[severity] !== undefined);
  const passed = limited.every((severity) => (found[severity] ?? 0) <= (atMost[severity] ?? 0));
  return { passed, says: limited.map((severity) => `${found[severity] ?? 0} ${severity}`).join(', ') };
}

/** When a report stops counting; undefined for never. */
export function countsUntil(gate: Gate, report: GateReport): Instant | undefined {
  return gate.lasts === undefined ? undefined : report.at + gate.lasts;
}

/** What a release is made of. */
export interface Build {
  sha: string;
  digest: string;
}

/** A report that names neither commit nor digest is about whatever build the version has. */
export function isAbout({ sha, digest }: GateReport, build: Build): boolean {
  return (sha === undefined || sha === build.sha) && (digest === undefined || digest === build.digest);
}

/** Of all reports of a gate, the one that counts for a build: the newest about it, of equals the last in order (GT-1). */
export function countingReport(
  gate: string,
  reports: readonly GateReport[],
  build: Build,
): GateReport | undefined {
  return reports
    .filter((report) => report.gate === gate && isAbout(report, build))
    .reduce<GateReport | undefined>(
      (best, report) => (best === undefined || report.at >= best.at ? report : best),
      undefined,
    );
}
