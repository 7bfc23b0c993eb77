/** What was deployed around an alert, as the ranking of suspects reads it. */

import type { Change, Scene } from '../src/alerts/suspects.ts';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Policy } from '../src/policy/policy.ts';
import type { Instant } from '../src/time.ts';
import type { CommandContext } from './context.ts';

/** Newest first; further back nothing is a suspect any more. */
const MAX_OF_A_SERVICE = 10;
const FURTHEST = 2;

export interface SceneOfDeployments extends Scene {
  deployments: ReadonlyMap<string, Deployment>;
}

export async function sceneOf(
  context: CommandContext,
  {
    service,
    environment,
    at,
    said,
  }: { service: string; environment: string | undefined; at: Instant; said?: string | undefined },
): Promise<SceneOfDeployments> {
  const policy = context.policy();
  const dependsOn = (name: string): readonly string[] => policy.services.get(name)?.dependsOn ?? [];
  const near = new Set([service]);
  for (let step = 0; step < FURTHEST; step += 1)
    for (const one of [...near].flatMap(dependsOn)) near.add(one);
  const lists = await Promise.all(
    [...near].map((one) => context.stores.events.list({ service: one, limit: MAX_OF_A_SERVICE })),
  );
  const deployments = lists.flat();
  return {
    service,
    ...defined({ environment, said }),
    at,
    changes: deployments.flatMap((d) => changeOf(d) ?? []),
    dependsOn,
    deployments: new Map(deployments.map((d) => [d.id, d])),
  };
}

/** Nothing where no traffic ever moved. */
function changeOf(d: Deployment): Change | undefined {
  const { rollout, rollback } = d;
  if (rollout === undefined) return undefined;
  const { service, environment, version } = d.terms.envelope;
  const { changes } = d.terms;
  const stage = rollout.stages.at(-1);
  const endedAt = rollback === undefined ? (rollout.completedAt ?? d.ending?.at) : rollback.endedAt;
  return {
    deployment: d.id,
    service,
    environment,
    version,
    startedAt: rollout.startedAt,
    ...defined({ grewAt: rollout.reported?.at ?? stage?.startedAt, endedAt }),
    rolledBack: rollback !== undefined || rollout.reported?.ended === 'went_back',
    ...defined({ changed: changes?.to === version ? changes : undefined }),
    judged: judgedOf(rollout.finalWatch?.lastLook?.verdict ?? stage?.lastLook?.verdict),
  };
}

/** No data and no decision are neither good nor bad. */
function judgedOf(verdict: string | undefined): Change['judged'] {
  if (verdict === 'fail') return 'worse';
  return verdict === 'pass' ? 'no_worse' : 'undecided';
}

const ENVIRONMENT_LABELS = ['environment', 'env', 'stage'];

/** The environment that an alert names, where the policy knows it. */
export function environmentIn(
  policy: Policy,
  { labels, title }: { labels: Readonly<Record<string, string>>; title: string },
): string | undefined {
  const known = new Map(
    policy.environments.flatMap(({ id, name }) => [
      [id, id],
      [name.toLowerCase(), id],
    ]),
  );
  const label = ENVIRONMENT_LABELS.map((name) => known.get((labels[name] ?? '').toLowerCase()));
  const words = title.toLowerCase().split(/[^a-z0-9_-]+/);
  return [...label, ...words.map((word) => known.get(word))].find((one) => one !== undefined);
}
