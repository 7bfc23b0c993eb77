/** What a request must satisfy before the core decides it, whichever door it comes by: names, people, release, steps. */

import type { Release } from '../backends/port.ts';
import { nearest } from '../config/nearest.ts';
import { defined } from '../defined.ts';
import { stepsNobodyTakes } from '../deployment/rollout/steps.ts';
import type { Gone } from '../policy/calendar/blockers.ts';
import type { ServicePolicy } from '../policy/policy.ts';
import { strategiesFor } from '../policy/rollout.ts';
import { whereFrom } from '../policy/watching.ts';
import type { Details } from '../terms/change.ts';
import type { PersonRef } from '../terms/person.ts';
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

interface Wrong {
  ok: false;
  problems: Partial<Record<RequestField, string>>;
}

export type CheckedRequest = { ok: true; asked: Asked } | Wrong;

/**
 * What the policy, the people and the backend say of what was asked for; the core decides the rest. `unseen` stands for the version
 * where the backend does not say which there are.
 */
export async function checkRequest(
  known: RequestContext,
  given: Given,
  unseen?: Release,
): Promise<CheckedRequest> {
  const place = servedPlace(known, given);
  if (!place.ok) return place;
  const bound = await contractAsked(known.stores.contracts, given);
  if (!bound.ok) return bound;
  const problem = strategyProblem(known, given);
  if (problem !== undefined) return wrong({ strategy: problem });
  const start = await startAsked(known, given);
  if (!start.ok) return start;
  const releases = await releasesOf(known, given);
  const release =
    releases.find(({ version }) => version === given.version) ?? (releases.length === 0 ? unseen : undefined);
  if (release === undefined) return wrong({ version: noRelease(given, releases) });
  const runs = runningAt(known, given);
  const [people, changes, before] = await Promise.all([
    whoAnswersForIt(known, given),
    runs.then((running) => changesFor(known, given, running)),
    runs.then((running) => beforeIt(known, given, release, running)),
  ]);
  if (!people.ok) return people;
  const { channel, escalation } = place.service;
  const more = { escalation: await escalationOf(known, escalation), contract: bound.contract };
  const asked = askedFor({ ...given, ...start.at }, channel, release, people);
  return { ok: true, asked: { ...asked, ...defined({ ...more, changes, before, again: given.again }) } };
}

const wrong = (problems: Wrong['problems']): Wrong => ({ ok: false, problems });

function servedPlace(known: Known, given: Given): { ok: true; service: ServicePolicy } | Wrong {
  const service = known.policy().services.get(given.service);
  if (service === undefined) return wrong({ service: `There is no service ${given.service} any more.` });
  if (service.mode === 'watch')
    return wrong({ service: `${service.name} is only watched. ${whereFrom(service)}` });
  return service.environments.includes(given.environment)
    ? { ok: true, service }
    : wrong({ environment: `${given.service} is deployed to ${service.environments.join(', ')}.` });
}

/** A window that was asked for is the next one that is long enough. */
async function startAsked(
  known: Known,
  given: Given,
): Promise<{ ok: true; at?: Pick<Given, 'when' | 'at'> } | Wrong> {
  if (given.when !== 'window') return { ok: true };
  const at = await offeredStartAt(known, given);
  return at === undefined
    ? wrong({ when: 'No window is long enough for this strategy. Choose another.' })
    : { ok: true, at: { when: 'at', at } };
}

function strategyProblem(known: Known, given: Given): string | undefined {
  const policy = known.policy();
  const strategy = policy.strategies.get(given.strategy);
  if (strategy === undefined) return 'There is no such strategy any more. Choose another.';
  const allowed = strategiesFor(policy, given);
  if (!allowed.some(({ id }) => id === given.strategy)) return notAllowedWords(given, allowed);
  const backend = known.conductor.backendFor(given.service);
  const unable = stepsNobodyTakes(strategy.plan, backend.steps);
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

/** Its lead and its on-call. */
async function whoAnswersForIt(
  known: RequestContext,
  given: Given,
): Promise<({ ok: true } & AnswerForIt) | Wrong> {
  const [lead, onCall] = await Promise.all([involved(known, given.lead), involved(known, given.onCall)]);
  if (lead.ok && onCall.ok) return { ok: true, lead: lead.person, onCall: onCall.person };
  return wrong({
    ...(lead.ok ? {} : { lead: lead.problem }),
    ...(onCall.ok ? {} : { onCall: onCall.problem }),
  });
}

type AnswerForIt = Pick<Asked['details'], 'lead' | 'onCall'>;

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

function askedFor(given: Given, channel: string, release: Release, { lead, onCall }: AnswerForIt): Asked {
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
