/** What is written down of a deployment that somebody else conducts: what is known of its version, who answers for it here, and how it is judged. */

import type { DeployBackend, Release, Target } from '../backends/port.ts';
import { defined } from '../defined.ts';
import type { Log } from '../log.ts';
import { onCallPerson } from '../policy/on-call.ts';
import type { Policy, ServicePolicy } from '../policy/policy.ts';
import type { Changes } from '../terms/changes.ts';
import type { PersonRef } from '../terms/person.ts';
import type { Terms } from '../terms/terms.ts';
import type { Watched } from '../terms/watched.ts';
import { type Duration, type Instant, SECOND } from '../time.ts';
import { type Calls, limitedBackend } from './calls.ts';
import { within } from './deadline.ts';
import type { Instance } from './instances.ts';
import { adaptersOf, safeguardsOf } from './plan-request.ts';

export interface Brought {
  version: string;
  /** Its share in percent. */
  percent: number;
  /** What it replaces; null where nothing ran. */
  previous: string | null;
  sha?: string;
  digest?: string;
}

export interface PlanWatchContext {
  policy(): Policy;
  calls: Calls;
  log: Log;
  backendFor(service: string): Instance<DeployBackend>;
  nameOf(personId: string): Promise<string>;
  now(): Instant;
}

const BACKEND_SAYS_WITHIN: Duration = 5 * SECOND;

export async function watchedTerms(
  context: PlanWatchContext,
  place: Target,
  brought: Brought,
  watched: Watched,
): Promise<Terms> {
  const policy = context.policy();
  const service = policy.services.get(place.service);
  const adapters = adaptersOf(policy, place.service);
  if (service === undefined || adapters === undefined) throw new Error(`no service ${place.service}`);
  const [known, people] = await Promise.all([
    watched.by === 'backend' ? knownOf(context, place, brought) : {},
    peopleOf(context, service, place),
  ]);
  const { release, changes } = known as Known;
  return {
    envelope: {
      ...place,
      version: brought.version,
      sha: brought.sha ?? release?.sha ?? '',
      digest: brought.digest ?? release?.digest ?? '',
      ...defined({ tree: release?.tree }),
      plan: { strategy: 'watched', steps: [] },
      start: { kind: 'when_ready' },
    },
    // Nobody said what kind of change it is: what is usual stands there, and nothing is decided on it.
    details: {
      changeType: 'normal',
      deploymentType: 'feature',
      risk: 'medium',
      database: 'none',
      summary: '',
      channel: service.channel,
      ...people,
    },
    required: [],
    approval: { when: 'none', leadTime: 0, workdays: policy.workdays },
    safeguards: safeguardsOf(policy, place),
    adapters,
    requirements: { gates: [], checklist: [], changeRequest: false },
    contacts: [],
    watched,
    ...defined({ changes }),
  };
}

async function peopleOf(
  { nameOf, policy, now }: PlanWatchContext,
  { name, lead }: ServicePolicy,
  place: Target,
): Promise<{ lead: PersonRef; onCall: PersonRef }> {
  if (lead === undefined) throw new Error(`${name} is only watched, and names nobody who leads it`);
  const onCall = onCallPerson(policy(), place, now()) ?? lead;
  const [leads, isOnCall] = await Promise.all([nameOf(lead), nameOf(onCall)]);
  return { lead: { id: lead, name: leads }, onCall: { id: onCall, name: isOnCall } };
}

interface Known {
  release?: Release;
  changes?: Changes;
}

/** What the backend says of the version in time; without it the deployment is watched all the same. */
async function knownOf(
  { calls, backendFor, log }: PlanWatchContext,
  place: Target,
  { version, previous }: Brought,
): Promise<Known> {
  const backend = limitedBackend(calls, backendFor(place.service));
  const [releases, changes] = await Promise.allSettled([
    within(BACKEND_SAYS_WITHIN, 'the backend', (signal) => backend.versions(place, signal)),
    within(BACKEND_SAYS_WITHIN, 'the backend', async (signal) =>
      previous === null ? undefined : backend.changes?.(place, previous, version, signal),
    ),
  ]);
  for (const answer of [releases, changes])
    if (answer.status === 'rejected')
      log.warn({ err: answer.reason, ...place, version }, 'what a watched version is made of is not known');
  const release =
    releases.status === 'fulfilled' ? releases.value.find((one) => one.version === version) : undefined;
  return defined({ release, changes: changes.status === 'fulfilled' ? changes.value : undefined });
}
