/** What the API answers to reports of what is deployed: its smoke tests, and deployments that are only watched. */

import { defined } from '../../defined.ts';
import type { ApiOptions } from './options.ts';
import { Problem } from './problem.ts';
import { requireAsked, requireEnvironment, requireService } from './require.ts';
import type { DeploymentBody, DeploymentView, SmokeBody, SmokeView } from './schemas.ts';
import { requireScope } from './scope.ts';

/** What a key's `gates` must name for it to report smoke tests. */
const SMOKE_SCOPE = 'smoke_tests';

/** The same for it to report deployments. */
const DEPLOYMENT_SCOPE = 'deployments';

/** What a pipeline says of smoke tests that were asked for. */
export async function reportSmoke(
  options: ApiOptions,
  { results, ...of }: SmokeBody,
  key: string,
): Promise<SmokeView> {
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
}

/** What whoever deploys a service says of it that is only watched. */
export async function reportDeployment(
  options: ApiOptions,
  body: DeploymentBody,
  key: string,
): Promise<DeploymentView> {
  const { service, environment } = body;
  requireScope(key, options.keys.get(key), { service, gates: [DEPLOYMENT_SCOPE] });
  requireService(service, options.services());
  requireEnvironment(environment, options.environmentsOf(service));
  const reported = await options.reportDeployment(defined(body), key);
  if (reported.kind === 'not_taken') throw new Problem('not_watched', reported.why);
  return { deployment: reported.deployment, watched: reported.live };
}
