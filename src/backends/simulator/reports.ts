/** What the simulated world's pipeline says of a release: it has passed, by figures that differ from release to release. */

import { createHash } from 'node:crypto';
import type { GateReport } from '../../policy/gates.ts';
import { type Instant, MINUTE } from '../../time.ts';

type Said = Omit<GateReport, 'sha' | 'at' | 'by' | 'status'>;

/** The gates in the order in which a pipeline reaches them, three minutes each. */
export function reportsOf(release: { version: string; sha: string; builtAt: Instant }): GateReport[] {
  const dice = createHash('sha1').update(release.sha).digest();
  const tests = 380 + (dice[0] ?? 0);
  const integration = 90 + ((dice[1] ?? 0) % 60);
  const said: Said[] = [
    { gate: 'build' },
    { gate: 'unit_tests', tests: { passed: tests, failed: 0, skipped: (dice[2] ?? 0) % 5 } },
    {
      gate: 'security_scan',
      findings: { critical: 0, high: 0, medium: (dice[3] ?? 0) % 3, low: (dice[4] ?? 0) % 7 },
    },
    // Two of at least 90: never under 95 %.
    { gate: 'integration_tests', tests: { passed: integration - 2, failed: 2, skipped: 0 } },
    { gate: 'staging_smoke' },
    { gate: 'artifact_signature' },
  ];
  return said.map((one, index) => ({
    ...one,
    status: 'passed',
    sha: release.sha,
    at: release.builtAt + (index + 1) * 3 * MINUTE,
    by: 'simulator',
  }));
}
