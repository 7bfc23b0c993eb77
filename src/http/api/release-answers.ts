/** What the API answers to whoever registers a release, or asks what is known of one. */

import type { ReleaseName } from '../../conductor/ports/release-store.ts';
import { reportsFromArtifact } from '../../policy/artifacts.ts';
import { gateViewsOf } from './gate-answers.ts';
import type { ApiOptions } from './options.ts';
import { Problem } from './problem.ts';
import { requireRelease, requireService, timeOf } from './require.ts';
import type { GateView, KnownView, ReleaseBody, ReleaseView } from './schemas.ts';
import { requireScope } from './scope.ts';
import { artifactOf, refusalView, releaseView } from './wire.ts';

/** The one build of a version; another one is refused, and people are told. */
export async function registerRelease(
  options: ApiOptions,
  body: ReleaseBody,
  key: string,
): Promise<{ result: 'created' | 'completed' | 'same'; release: ReleaseView; gates: GateView[] }> {
  const { releases, clock } = options;
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
  return { result, release: releaseView(artifact), gates: await gateViewsOf(options, artifact, [artifact]) };
}

/** What is known of a release, and what is missing. */
export async function getRelease(
  options: ApiOptions,
  { service, version }: ReleaseName,
  key: string,
): Promise<KnownView> {
  const { releases } = options;
  requireScope(key, options.keys.get(key), { service, gates: [] });
  requireService(service, options.services());
  const of = { service, version };
  const { artifact, builds } = await requireRelease(options, of);
  const gates = await gateViewsOf(options, of, builds);
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
