/** What the API does with a request that is authentic and well-formed. */

import { isDeepStrictEqual } from 'node:util';
import type { ReleaseName } from '../../conductor/ports/release-store.ts';
import { nearest } from '../../config/nearest.ts';
import { defined } from '../../defined.ts';
import { type Artifact, reportsFromArtifact } from '../../policy/artifacts.ts';
import { answeredBy, type Build, countingReport, type GateReport, lacks } from '../../policy/gates.ts';
import type { Gate } from '../../terms/requirements.ts';
import { type Duration, type Instant, MINUTE } from '../../time.ts';
import type { ApiOptions } from './options.ts';
import { Problem } from './problem.ts';
import type {
  DeploymentBody,
  DeploymentView,
  GateBody,
  GateView,
  KnownView,
  ReleaseBody,
  ReleaseView,
  SmokeBody,
  SmokeView,
} from './schemas.ts';
import { requireScope } from './scope.ts';
import { invalid } from './validation.ts';
import { artifactOf, gateView, iso, refusalView, releaseView, reportOf } from './wire.ts';

/** Clocks of other machines may run a little ahead. */
const MAX_AHEAD: Duration = 5 * MINUTE;

/** A report without a time that says what was said this recently is the same one, sent again. */
const RETRIED_WITHIN: Duration = 10 * MINUTE;

export interface Answers {
  register(
    body: ReleaseBody,
    key: string,
  ): Promise<{ result: 'created' | 'completed' | 'same'; release: ReleaseView; gates: GateView[] }>;
  report(
    body: GateBody,
    key: string,
  ): Promise<{ result: 'new' | 'same' | 'older'; service: string; version: string; gate: GateView }>;
  smoke(body: SmokeBody, key: string): Promise<SmokeView>;
  deployment(body: DeploymentBody, key: string): Promise<DeploymentView>;
  known(of: ReleaseName, key: string): Promise<KnownView>;
}

export function answersOf(options: ApiOptions): Answers {
  const { releases, clock } = options;

  const gatesBy = (service: string): Map<string, Gate> =>
    new Map(options.gatesOf(service).map((gate) => [gate.id, gate]));

  async function viewsOf(of: ReleaseName, builds: readonly Build[]): Promise<GateView[]> {
    const reports = await releases.reports(of);
    return reports.map((report) => viewOf(of, report, { reports, builds }));
  }

  function viewOf(
    { service }: ReleaseName,
    report: GateReport,
    { reports, builds }: { reports: readonly GateReport[]; builds: readonly Build[] },
  ): GateView {
    const counting = builds.map((build) => countingReport(report.gate, reports, build));
    return gateView(report, {
      gate: gatesBy(service).get(report.gate),
      builds,
      isNewest: counting.some((one) => isDeepStrictEqual(one, report)),
      now: clock.now(),
    });
  }

  return {
    async register(body, key) {
      const said = artifactOf(body, timeOf(body.at, clock.now()), key);
      const patterns = options.versionPatternsOf(body.service);
      const gates = reportsFromArtifact(said).map(({ gate }) => gate);
      requireScope(key, options.keys.get(key), { service: body.service, gates });
      requireService(body.service, options.services());
      const now = clock.now();
      const registered = await releases.register(said, now, patterns);
      if (registered.kind === 'refused') {
        if (!registered.again) tell(options, registered);
        throw anotherBuild(registered);
      }
      const { kind: result, artifact } = registered;
      if (registered.kind !== 'same' || registered.judgedAnew) options.onReported();
      return { result, release: releaseView(artifact), gates: await viewsOf(artifact, [artifact]) };
    },

    async report(body, key) {
      requireScope(key, options.keys.get(key), { service: body.service, gates: [body.gate] });
      requireService(body.service, options.services());
      const now = clock.now();
      requireReporter(body.gate);
      const gate = requireGate(body, gatesBy(body.service));
      const report = reportOf(body, timeOf(body.at, now), key);
      requireFigures(gate, report);
      const { builds } = await requireRelease(options, body);
      if (!isPast(body.at, now)) report.at = firstSaidAt(report, await releases.reports(body));
      const { service, version } = body;
      const of = { service, version };
      const result = await releases.report(of, report, now);
      if (result === 'new') options.onReported();
      const reports = await releases.reports(of);
      return { result, ...of, gate: viewOf(of, report, { reports, builds }) };
    },

    async smoke({ results, ...of }, key) {
      requireScope(key, options.keys.get(key), { service: of.service, gates: [SMOKE_SCOPE] });
      requireService(of.service, options.services());
      const said = results.map(({ took_ms: took, ...result }) => defined({ ...result, took }));
      const reported = await options.reportSmoke(of, said, key);
      if (reported.kind === 'taken') {
        requireAsked(of.service, results, reported.asked);
        const { deployment, waitingFor, verdict } = reported;
        return { deployment, waiting_for: waitingFor, verdict: verdict ?? null };
      }
      const why =
        reported.kind === 'not_asked'
          ? reported.message
          : `No deployment of ${of.service} ${of.version} in ${of.environment} is on its way or watched.`;
      throw new Problem('not_asked', why);
    },

    async deployment(body, key) {
      const { service, environment } = body;
      requireScope(key, options.keys.get(key), { service, gates: [DEPLOYMENT_SCOPE] });
      requireService(service, options.services());
      requireEnvironment(environment, options.environmentsOf(service));
      const reported = await options.reportDeployment(defined(body), key);
      if (reported.kind === 'not_taken') throw new Problem('not_watched', reported.why);
      return { deployment: reported.deployment, watched: reported.live };
    },

    async known({ service, version }, key) {
      requireScope(key, options.keys.get(key), { service, gates: [] });
      requireService(service, options.services());
      const of = { service, version };
      const { artifact, builds } = await requireRelease(options, of);
      const gates = await viewsOf(of, builds);
      const reported = new Set(gates.map(({ gate }) => gate));
      return {
        ...of,
        release: artifact === undefined ? null : releaseView(artifact),
        gates,
        missing: options
          .gatesOf(service)
          .filter(({ id }) => !reported.has(id))
          .map(({ id, name }) => ({ gate: id, name })),
        refusals: (await releases.refusals(of)).map(refusalView),
      };
    },
  };
}

/** What a key's `gates` must name for it to report smoke tests. */
const SMOKE_SCOPE = 'smoke_tests';

/** The same for it to report deployments. */
const DEPLOYMENT_SCOPE = 'deployments';

/** Those that are asked for counted; a name that nobody asks for is a mistake that somebody must hear of. */
function requireAsked(service: string, results: SmokeBody['results'], asked: readonly string[]): void {
  const errors = results.flatMap(({ test }, index) =>
    asked.includes(test)
      ? []
      : [
          {
            path: `/results/${index}/test`,
            message: `is not asked of a pipeline: ${test}.${meant(test, asked)} The policy asks ${service} for ${asked.join(', ') || 'none'}`,
          },
        ],
  );
  if (errors.length > 0) throw invalid(errors);
}

/** Whether it has a time of its own, by which a report that is sent again is known. */
const isPast = (at: string | undefined, now: Instant): boolean => at !== undefined && Date.parse(at) <= now;

function timeOf(at: string | undefined, now: Instant): Instant {
  if (at === undefined) return now;
  const time = Date.parse(at);
  // Nothing is measured later than it is said: a pass from a clock that runs ahead hides no failure that comes after it.
  if (time - now <= MAX_AHEAD) return Math.min(time, now);
  throw invalid([
    { path: '/at', message: `is more than five minutes in the future: here it is ${iso(now)}` },
  ]);
}

function requireService(service: string, known: Iterable<string>): void {
  const services = [...known];
  if (services.includes(service)) return;
  throw new Problem(
    'unknown_service',
    `No service is called ${service}.${meant(service, services)} The policy has ${services.join(', ')}.`,
  );
}

function requireEnvironment(environment: string, known: readonly string[]): void {
  if (known.includes(environment)) return;
  const message = `is not known: ${environment}.${meant(environment, known)} It is deployed to ${known.join(', ')}`;
  throw invalid([{ path: '/environment', message }]);
}

function requireGate({ gate: id, service }: GateBody, gates: ReadonlyMap<string, Gate>): Gate {
  const gate = gates.get(id);
  if (gate !== undefined) return gate;
  const known = [...gates.keys()];
  const are =
    known.length === 0
      ? `the policy asks for no gates of ${service}`
      : `the policy asks ${service} for ${known.join(', ')}`;
  throw invalid([{ path: '/gate', message: `is not known: ${id}.${meant(id, known)} For now ${are}` }]);
}

function meant(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? '' : ` Did you mean ${near}?`;
}

const JUDGED_BY = {
  tests: 'by how many tests passed: { "passed": …, "failed": …, "skipped": … }',
  percent: 'by a share in percent, 0 … 100',
  findings: 'by findings: { "critical": …, "high": …, "medium": …, "low": … }',
} as const;

function requireFigures({ name, rule }: Gate, report: GateReport): void {
  const figure = lacks(rule, report);
  if (figure === undefined) return;
  throw invalid([
    { path: `/${figure}`, message: `is missing: the policy judges ${name} ${JUDGED_BY[figure]}` },
  ]);
}

const ANSWERS = {
  record: 'GoNoGo answers it itself, from its own record: report the gates of your pipeline',
  artifact: 'it is judged from the registered artifact itself: POST /api/v1/releases registers one',
} as const;

function requireReporter(gate: string): void {
  const itself = answeredBy(gate);
  if (itself === undefined) return;
  throw invalid([{ path: '/gate', message: `is not for anybody to report: ${ANSWERS[itself]}` }]);
}

interface KnownRelease {
  /** Unset where others know the release and nobody registered one. */
  artifact?: Artifact;
  builds: readonly Build[];
}

/** What is known of a release that is there. */
async function requireRelease(
  { releases, knownRelease }: ApiOptions,
  { service, version }: ReleaseName,
): Promise<KnownRelease> {
  const artifact = await releases.artifact({ service, version });
  if (artifact !== undefined) return { artifact, builds: [artifact] };
  const known = await knownRelease(service, version);
  if (known !== undefined && known.length > 0) return { builds: known };
  const register = `POST /api/v1/releases registers it`;
  if (known !== undefined) {
    throw new Problem('unknown_release', `Nobody knows ${service} ${version} yet. ${register}.`);
  }
  throw new Problem(
    'backend_silent',
    `No artifact of ${service} ${version} is registered, and whether the backend has it cannot be asked now. ${register}; or send this again in a minute, signed with a new timestamp.`,
    { headers: { 'retry-after': '60' } },
  );
}

function firstSaidAt(report: GateReport, reports: readonly GateReport[]): Instant {
  const same = reports.find(
    (one) =>
      isDeepStrictEqual({ ...one, at: 0 }, { ...report, at: 0 }) && report.at - one.at < RETRIED_WITHIN,
  );
  return same?.at ?? report.at;
}

type Refused = Extract<Awaited<ReturnType<ApiOptions['releases']['register']>>, { kind: 'refused' }>;

function anotherBuild({ registered, refusal }: Refused): Problem {
  const { service, version } = registered;
  const says =
    refusal.digest === registered.digest
      ? 'What was said of it once stays'
      : `It has ${registered.digest}, and this is ${refusal.digest}`;
  return new Problem(
    'another_build',
    `${service} ${version} was registered before with another ${refusal.differs.join(', ')}. ${says}: a version is never built twice. Give the new build a new version.`,
    {
      members: {
        registered: releaseView(registered),
        offered: { digest: refusal.digest, sha: refusal.sha },
        differs: refusal.differs,
      },
    },
  );
}

/** The caller has the answer in any case; that people could not be told is in the log. */
function tell({ onArtifactRefused, log }: ApiOptions, { refusal, registered }: Refused): void {
  const failed = (error: unknown): void =>
    log.error({ err: error, refusal }, 'nobody was told about the refused artifact');
  Promise.resolve()
    .then(() => onArtifactRefused(refusal, registered))
    .catch(failed);
}
