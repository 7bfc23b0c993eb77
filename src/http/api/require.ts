/** What a well-formed request must name; what it names wrongly is refused with what would have been right. */

import type { ReleaseName } from '../../conductor/ports/release-store.ts';
import { nearest } from '../../config/nearest.ts';
import type { Artifact } from '../../policy/artifacts.ts';
import { answeredBy, type Build, type GateReport, lacks } from '../../policy/gates.ts';
import type { Gate } from '../../terms/requirements.ts';
import { type Duration, type Instant, MINUTE } from '../../time.ts';
import type { ApiOptions } from './options.ts';
import { Problem } from './problem.ts';
import type { GateBody, SmokeBody } from './schemas.ts';
import { invalid } from './validation.ts';
import { iso } from './wire.ts';

/** Those that are asked for counted; a name that nobody asks for is a mistake that somebody must hear of. */
export function requireAsked(service: string, results: SmokeBody['results'], asked: readonly string[]): void {
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

export function requireService(service: string, known: Iterable<string>): void {
  const services = [...known];
  if (services.includes(service)) return;
  throw new Problem(
    'unknown_service',
    `No service is called ${service}.${meant(service, services)} The policy has ${services.join(', ')}.`,
  );
}

export function requireEnvironment(environment: string, known: readonly string[]): void {
  if (known.includes(environment)) return;
  const message = `is not known: ${environment}.${meant(environment, known)} It is deployed to ${known.join(', ')}`;
  throw invalid([{ path: '/environment', message }]);
}

export function requireGate({ gate: id, service }: GateBody, gates: ReadonlyMap<string, Gate>): Gate {
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

export function requireFigures({ name, rule }: Gate, report: GateReport): void {
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

export function requireReporter(gate: string): void {
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
export async function requireRelease(
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

/** Clocks of other machines may run a little ahead. */
const MAX_AHEAD: Duration = 5 * MINUTE;

export function timeOf(at: string | undefined, now: Instant): Instant {
  if (at === undefined) return now;
  const time = Date.parse(at);
  // Nothing is measured later than it is said: a pass from a clock that runs ahead hides no failure that comes after it.
  if (time - now <= MAX_AHEAD) return Math.min(time, now);
  throw invalid([
    { path: '/at', message: `is more than five minutes in the future: here it is ${iso(now)}` },
  ]);
}
