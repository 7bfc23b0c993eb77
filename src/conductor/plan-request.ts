/** From what a person asked for to the intent that the core decides: the policy's part is filled in and frozen. */

import type { Release } from '../backends/port.ts';
import type { Details, PersonRef, RequiredSignOff, Start } from '../deployment/deployment.ts';
import type { Intent } from '../deployment/intents.ts';
import type { Policy } from '../policy/policy.ts';

export interface Asked {
  service: string;
  environment: string;
  strategy: string;
  release: Release;
  start: Start;
  details: Details;
}

type Request = Extract<Intent, { kind: 'request' }>;

/** `peopleIn` names who holds a role now: those are asked; who may sign is asked again at the click. */
export async function planRequest(
  policy: Policy,
  asked: Asked,
  peopleIn: (role: string) => Promise<PersonRef[]>,
): Promise<Request> {
  const strategy = policy.strategies.get(asked.strategy);
  if (strategy === undefined) throw new Error(`no strategy ${asked.strategy}`);
  return {
    kind: 'request',
    envelope: {
      service: asked.service,
      environment: asked.environment,
      version: asked.release.version,
      sha: asked.release.sha,
      digest: asked.release.digest,
      plan: strategy.plan,
      start: asked.start,
    },
    details: asked.details,
    required: await requiredSignOffs(policy, asked.environment, asked.details.deploymentType, peopleIn),
    safeguards: {
      ...policy.safeguards,
      permissions: Object.fromEntries(
        Object.entries(policy.permissions).map(([action, roles]) => [action, [...roles]]),
      ) as Request['safeguards']['permissions'],
    },
  };
}

/** Which roles must say go, as the policy has it for the environment and the deployment type. */
export function signOffsFor(
  policy: Policy,
  environment: string,
  type: Details['deploymentType'],
): { role: string; name: string; quorum: number }[] {
  const signOffs = policy.environments.find(({ id }) => id === environment)?.signOffs ?? [];
  return signOffs
    .filter(({ only }) => only === undefined || only.includes(type))
    .map(({ role, quorum }) => ({ role, quorum, name: policy.roles.get(role)?.name ?? role }));
}

async function requiredSignOffs(
  policy: Policy,
  environment: string,
  type: Details['deploymentType'],
  peopleIn: (role: string) => Promise<PersonRef[]>,
): Promise<RequiredSignOff[]> {
  return Promise.all(
    signOffsFor(policy, environment, type).map(async (signOff) => ({
      ...signOff,
      asked: await peopleIn(signOff.role),
    })),
  );
}
