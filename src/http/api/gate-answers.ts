/** What the API answers to the report of a gate, and how a release's gates look. */

import { isDeepStrictEqual } from 'node:util';
import type { ReleaseName } from '../../conductor/ports/release-store.ts';
import { type Build, countingReport, type GateReport } from '../../policy/gates.ts';
import type { Gate } from '../../terms/requirements.ts';
import { type Duration, type Instant, MINUTE } from '../../time.ts';
import type { ApiOptions } from './options.ts';
import {
  requireFigures,
  requireGate,
  requireRelease,
  requireReporter,
  requireService,
  timeOf,
} from './require.ts';
import type { GateBody, GateView } from './schemas.ts';
import { requireScope } from './scope.ts';
import { gateView, reportOf } from './wire.ts';

/** A report without a time that says what was said this recently is the same one, sent again. */
const RETRIED_WITHIN: Duration = 10 * MINUTE;

/** What a pipeline says of one gate. */
export async function reportGate(
  options: ApiOptions,
  body: GateBody,
  key: string,
): Promise<{ result: 'new' | 'same' | 'older'; service: string; version: string; gate: GateView }> {
  const { releases, clock } = options;
  requireScope(key, options.keys.get(key), { service: body.service, gates: [body.gate] });
  requireService(body.service, options.services());
  const now = clock.now();
  requireReporter(body.gate);
  const gate = requireGate(body, gatesBy(options, body.service));
  const report = reportOf(body, timeOf(body.at, now), key);
  requireFigures(gate, report);
  const { builds } = await requireRelease(options, body);
  if (!isPast(body.at, now)) report.at = firstSaidAt(report, await releases.reports(body));
  const { service, version } = body;
  const of = { service, version };
  const result = await releases.report(of, report, now);
  if (result === 'new') options.onReported();
  const reports = await releases.reports(of);
  return { result, ...of, gate: gateViewOf(options, of, report, { reports, builds }) };
}

/** Whether it has a time of its own, by which a report that is sent again is known. */
const isPast = (at: string | undefined, now: Instant): boolean => at !== undefined && Date.parse(at) <= now;

function firstSaidAt(report: GateReport, reports: readonly GateReport[]): Instant {
  const same = reports.find(
    (one) =>
      isDeepStrictEqual({ ...one, at: 0 }, { ...report, at: 0 }) && report.at - one.at < RETRIED_WITHIN,
  );
  return same?.at ?? report.at;
}

const gatesBy = (options: ApiOptions, service: string): Map<string, Gate> =>
  new Map(options.gatesOf(service).map((gate) => [gate.id, gate]));

/** Every gate that was reported of a release, as it stands now. */
export async function gateViewsOf(
  options: ApiOptions,
  of: ReleaseName,
  builds: readonly Build[],
): Promise<GateView[]> {
  const reports = await options.releases.reports(of);
  return reports.map((report) => gateViewOf(options, of, report, { reports, builds }));
}

function gateViewOf(
  options: ApiOptions,
  { service }: ReleaseName,
  report: GateReport,
  { reports, builds }: { reports: readonly GateReport[]; builds: readonly Build[] },
): GateView {
  const counting = builds.map((build) => countingReport(report.gate, reports, build));
  return gateView(report, {
    gate: gatesBy(options, service).get(report.gate),
    builds,
    isNewest: counting.some((one) => isDeepStrictEqual(one, report)),
    now: options.clock.now(),
  });
}
