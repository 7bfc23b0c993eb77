/** What a request must satisfy before the core decides it, whichever door it comes by: names, people, release, steps. */

import type { Release } from '../backends/port.ts';
import { nearest } from '../config/nearest.ts';
import { defined } from '../defined.ts';
import { stepsNobodyTakes } from '../deployment/rollout/steps.ts';
import type { Gone } from '../policy/calendar/blockers.ts';
import { strategiesFor } from '../policy/rollout.ts';
import type { Details } from '../terms/change.ts';
import type { PersonRef } from '../terms/person.ts';
import type { Plan } from '../terms/plan.ts';
import type { Instant } from '../time.ts';
import { contractAsked } from './contract-requests.ts';
import { beforeIt, changesFor, type Known, offeredStartAt, releasesOf, runningAt } from './place-facts.ts';
import type { Asked } from './plan-request.ts';

/** What a request is made of, as it was asked for. */
export interface Given extends Omit<Details, 'lead' | 'onCall' | 'channel'> {
  service: string;
  environment: string;
  version: string;
  strategy: string;
  when: 'ready' | 'window' | 'at';
  at?: Instant | undefined;
  /** Ids. */
  lead: string;
  onCall: string;
  /** The accepted contract that it is to carry out. */
  contract?: string | undefined;
  /** Why a version is right now that was rolled back there before. */
  again?: string | undefined;
}

export type RequestField = 'service' | 'environment' | 'version' | 'strategy' | 'when' | 'lead' | 'onCall';

export interface RequestContext extends Known {
  people: {
    resolve(id: string): Promise<{ ok: true; person: PersonRef } | { ok: false; why: Gone['why'] }>;
    gone(id: string): Promise<Gone['why'] | undefined>;
    known(id: string): Promise<PersonRef>;
  };
}

export type CheckedRequest =
  | { ok: true; asked: Asked }
  | { ok: false; problems: Partial<Record<RequestField, string>> };

/**
 * What the policy, the people and the backend say of what was asked for; the core decides the rest. `unseen` stands for the version
 * where the backend does not say which there are.
 */
export async function checkRequest(
  known: RequestContext,
  given: Given,
  unseen?: Release,
): Promise<CheckedRequest> {
  const policy = known.policy();
  const service = policy.services.get(given.service);
  if (service === undefined)
    return { ok: false, problems: { service: `There is no service ${given.service} any more.` } };
  if (!service.environments.includes(given.environment)) {
    return {
      ok: false,
      problems: { environment: `${given.service} is deployed to ${service.environments.join(', ')}.` },
    };
  }
  const bound = await contractAsked(known.stores.contracts, given);
  if (!bound.ok) return bound;
  const strategy = policy.strategies.get(given.strategy);
  const problem = strategyProblem(known, given, strategy?.plan);
  if (strategy === undefined || problem !== undefined)
    return {
      ok: false,
      problems: { strategy: problem ?? 'There is no such strategy any more. Choose another.' },
    };
  const next = given.when === 'window' ? await offeredStartAt(known, given) : undefined;
  if (given.when === 'window' && next === undefined)
    return { ok: false, problems: { when: 'No window is long enough for this strategy. Choose another.' } };
  const releases = await releasesOf(known, given);
  const release =
    releases.find(({ version }) => version === given.version) ?? (releases.length === 0 ? unseen : undefined);
  if (release === undefined) return { ok: false, problems: { version: noRelease(given, releases) } };
  const runs = runningAt(known, given);
  const [lead, onCall, changes, before] = await Promise.all([
    involved(known, given.lead),
    involved(known, given.onCall),
    runs.then((running) => changesFor(known, given, running)),
    runs.then((running) => beforeIt(known, given, release, running)),
  ]);
  if (!lead.ok || !onCall.ok) {
    return {
      ok: false,
      problems: {
        ...(lead.ok ? {} : { lead: lead.problem }),
        ...(onCall.ok ? {} : { onCall: onCall.problem }),
      },
    };
  }
  const escalation = await escalationOf(known, service.escalation);
  const asked = askedFor(
    next === undefined ? given : { ...given, when: 'at', at: next },
    service.channel,
    release,
    lead.person,
    onCall.person,
  );
  return {
    ok: true,
    asked: {
      ...asked,
      ...defined({ escalation, contract: bound.contract, changes, before, again: given.again }),
    },
  };
}

function strategyProblem(known: Known, given: Given, plan: Plan | undefined): string | undefined {
  if (plan === undefined) return undefined;
  const allowed = strategiesFor(known.policy(), given);
  if (!allowed.some(({ id }) => id === given.strategy)) return notAllowedWords(given, allowed);
  const backend = known.conductor.backendFor(given.service);
  const unable = stepsNobodyTakes(plan, backend.steps);
  return unable.length === 0
    ? undefined
    : `The backend ${backend.name} cannot ${unable.join(' or ')}. Choose another.`;
}

function notAllowedWords({ strategy, environment }: Given, allowed: readonly { id: string }[]): string {
  return `${environment} does not allow ${strategy}. Choose ${allowed.map(({ id }) => id).join(', ') || 'another environment'}.`;
}

function noRelease({ service, version }: Given, releases: readonly Release[]): string {
  if (releases.length === 0)
    return 'The backend does not say which versions there are. Try again in a moment.';
  const versions = releases.map((release) => release.version);
  const near = nearest(version, versions);
  const meant = near === undefined ? '' : ` Did you mean ${near}?`;
  return `There is no ${version} of ${service}.${meant} The newest are ${versions.slice(0, 3).join(', ')}.`;
}

type Involved = { ok: true; person: { id: string; name: string } } | { ok: false; problem: string };

/** Lead and on-call must be people who can act. */
async function involved(known: RequestContext, userId: string): Promise<Involved> {
  const resolved = await known.people.resolve(userId);
  if (resolved.ok) return { ok: true, person: { id: resolved.person.id, name: resolved.person.name } };
  const problems: Record<typeof resolved.why, string> = {
    unknown: 'Slack does not know this person.',
    deactivated: 'This account is deactivated.',
    bot: 'A bot cannot answer for a deployment.',
    guest: 'A guest cannot answer for a deployment.',
    foreign: 'This person belongs to another workspace.',
    unreachable: 'Slack did not say who this is. Try again in a moment.',
  };
  return { ok: false, problem: problems[resolved.why] };
}

/** Whoever the service names and who has left is nobody to escalate to: those who know of missing sign-offs are. */
async function escalationOf(
  known: RequestContext,
  userId: string | undefined,
): Promise<Asked['escalation'] | undefined> {
  if (userId === undefined) return undefined;
  const why = await known.people.gone(userId);
  if (why !== undefined && why !== 'unreachable') {
    known.log.warn({ user: userId, why }, 'the escalation of a service can take no part and is left out');
    return undefined;
  }
  return { id: userId, name: (await known.people.known(userId)).name };
}

function askedFor(
  given: Given,
  channel: string,
  release: Release,
  lead: Asked['details']['lead'],
  onCall: Asked['details']['onCall'],
): Asked {
  const {
    service,
    environment,
    strategy,
    version: _v,
    when,
    at,
    contract: _c,
    again: _a,
    ...details
  } = given;
  return {
    service,
    environment,
    strategy,
    release,
    start: when === 'at' && at !== undefined ? { kind: 'at', at } : { kind: 'when_ready' },
    details: { ...details, lead, onCall, channel },
  };
}
