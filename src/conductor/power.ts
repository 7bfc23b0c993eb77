/** What the stages of the chosen strategy will be able to tell: at the traffic that the policy names, or that was measured last. */

import { judgeStateOf } from '../deployment/rollout/progress.ts';
import { forecast, forecastWords, measuredTraffic, type UsualTraffic } from '../judge/forecast.ts';
import type { Policy } from '../policy/policy.ts';
import { type Place, trafficFor } from '../policy/rollout.ts';
import { stagesOf } from '../terms/plan.ts';
import type { Known } from './place-facts.ts';
import { safeguardsOf } from './plan-request.ts';

/** How far back a deployment is looked for that measured something. */
const RECENT = 5;

interface Chosen {
  service?: string | undefined;
  environment?: string | undefined;
  strategy?: string | undefined;
}

type Asks = Pick<Known, 'policy' | 'stores'>;

/** Undefined where a choice is missing, or the traffic is not known. */
export async function powerWords(
  known: Asks,
  { service, environment, strategy }: Chosen,
): Promise<string[] | undefined> {
  const policy = known.policy();
  const plan = policy.strategies.get(strategy ?? '')?.plan;
  if (service === undefined || environment === undefined || plan === undefined) return undefined;
  const place = { service, environment };
  const traffic = declared(policy, place) ?? (await measured(known, place));
  if (traffic === undefined) return undefined;
  const { judge } = safeguardsOf(policy, place);
  const history = await known.stores.events.judgeHistory(place);
  return forecast({ ...judge, history }, traffic, stagesOf(plan)).map((stage) => forecastWords(judge, stage));
}

function declared(policy: Policy, place: Place): UsualTraffic | undefined {
  const own = trafficFor(policy, place);
  return own && { perMinute: own.per_minute, errors: own.errors };
}

async function measured(
  { stores }: Asks,
  place: { service: string; environment: string },
): Promise<UsualTraffic | undefined> {
  const deployments = await stores.events.list({ ...place, limit: RECENT });
  for (const deployment of deployments) {
    const traffic = measuredTraffic(judgeStateOf(deployment));
    if (traffic !== undefined) return traffic;
  }
  return undefined;
}
