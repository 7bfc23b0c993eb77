/** Gates: what machines report of a release, and what the policy asks of it (GT-1, GT-2, GT-7). */

import { type Gate, type GateRule, SEVERITIES, type Severity } from '../terms/requirements.ts';
import type { Instant } from '../time.ts';

/** The gate that GoNoGo reports itself: the version completed in the environment before (GT-8). */
export const STAGED_GATE = 'staging_deployed';

/** One report of one gate, about one release. */
export interface GateReport {
  gate: string;
  /** The reporter's own word; a rule that judges a figure goes by the figure. */
  status: 'passed' | 'failed';
  tests?: { passed: number; failed: number; skipped: number };
  /** 0 … 100. */
  percent?: number;
  findings?: Record<Severity, number>;
  /** The commit it is about, where the reporter names it: a report about another one is not about this release. */
  sha?: string;
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

/** A figure that is missing is never a pass. */
export function judgeGate(rule: GateRule, report: GateReport): GateVerdict {
  const missing = lacks(rule, report);
  if (missing !== undefined) return { passed: false, says: `its report brings no ${missing}` };
  switch (rule.kind) {
    case 'passed':
      return { passed: report.status === 'passed', says: report.status };
    case 'pass_rate':
      return judgePassRate(rule.atLeast, report.tests ?? { passed: 0, failed: 0 });
    case 'percent': {
      const percent = report.percent ?? 0;
      return { passed: percent >= rule.atLeast, says: `${figure(percent)} %, at least ${rule.atLeast} %` };
    }
    case 'findings':
      return judgeFindings(rule.atMost, report.findings ?? {});
  }
}

function judgePassRate(atLeast: number, tests: { passed: number; failed: number }): GateVerdict {
  const ran = tests.passed + tests.failed;
  if (ran === 0) return { passed: false, says: 'no test ran' };
  // Counts, not the rounded share: 999 of 1,000 is not 100 %.
  const passed = tests.passed * 100 >= atLeast * ran;
  return {
    passed,
    says: `${figure((tests.passed * 100) / ran)} % of ${ran} tests${passed ? '' : `, at least ${atLeast} %`}`,
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

/** One digit after the point, rounded down, so that 99.96 never reads as 100. */
function figure(percent: number): string {
  return String(Math.floor(percent * 10) / 10);
}

/** When a report stops counting; undefined for never. */
export function countsUntil(gate: Gate, report: GateReport): Instant | undefined {
  return gate.lasts === undefined ? undefined : report.at + gate.lasts;
}
