/** What the stages of the chosen strategy will be able to tell: at the traffic that the policy names, or that was measured last. */

import { safeguardsOf } from '../src/conductor/plan-request.ts';
import { judgeStateOf } from '../src/deployment/rollout/progress.ts';
import { forecast, forecastWords, measuredTraffic, type UsualTraffic } from '../src/judge/forecast.ts';
import type { Policy } from '../src/policy/policy.ts';
import { stagesOf } from '../src/terms/plan.ts';
import type { ScheduleState } from '../views/schedule-fields.ts';
import type { Room } from './room.ts';

/** How far back a deployment is looked for that measured something. */
const RECENT = 5;

export async function powerWords(room: Room, state: ScheduleState): Promise<string[] | undefined> {
  const policy = room.policy();
  const { service, environment, strategy } = state;
  const plan = policy.strategies.get(strategy ?? '')?.plan;
  if (service === undefined || environment === undefined || plan === undefined) return undefined;
  const place = { service, environment };
  const traffic = declared(policy, service) ?? (await measured(room, place));
  if (traffic === undefined) return undefined;
  const { judge } = safeguardsOf(policy, service);
  const history = await room.stores.events.judgeHistory(place);
  return forecast({ ...judge, history }, traffic, stagesOf(plan)).map((stage) => forecastWords(judge, stage));
}

function declared({ services }: Policy, service: string): UsualTraffic | undefined {
  const own = services.get(service)?.traffic;
  return own && { perMinute: own.per_minute, errors: own.errors };
}

async function measured(
  { stores }: Room,
  place: { service: string; environment: string },
): Promise<UsualTraffic | undefined> {
  const deployments = await stores.events.list({ ...place, limit: RECENT });
  for (const deployment of deployments) {
    const traffic = measuredTraffic(judgeStateOf(deployment));
    if (traffic !== undefined) return traffic;
  }
  return undefined;
}
