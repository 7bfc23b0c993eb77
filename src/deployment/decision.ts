/** The three answers a decision can have, and the checks that several decisions share. */

import type { By } from '../terms/person.ts';
import type { Action } from '../terms/safeguards.ts';
import type { Deployment } from './deployment.ts';
import type { EventBody } from './events.ts';
import type { Actor, Decision, Facts, RefusalCode } from './intents.ts';

export const UNCHANGED: Decision = { kind: 'unchanged' };

export function accepted(...events: EventBody[]): Decision {
  return { kind: 'accepted', events };
}

export function acceptedIfAny(events: EventBody[]): Decision {
  return events.length === 0 ? UNCHANGED : accepted(...events);
}

export function refused(code: RefusalCode, message: string): Decision {
  return { kind: 'refused', code, message };
}

/** Refuses, and records who tried what they may not (CH-6). */
export function refusedAttempt(code: RefusalCode, attempt: string, message: string): Decision {
  return { kind: 'refused', code, message, remark: { type: 'attempt_refused', attempt, code } };
}

/** `checkout v2.1.0` */
export function title(deployment: Deployment): string {
  return `${deployment.terms.envelope.service} ${deployment.terms.envelope.version}`;
}

type Person = Extract<Actor, { kind: 'person' }>;

/** The roles a person holds for this deployment: their own, and those it gives them. */
export function rolesIn(deployment: Deployment, actor: Person): Set<string> {
  const roles = new Set(actor.roles);
  if (deployment.terms.details.lead.id === actor.person.id) roles.add('lead');
  if (deployment.terms.details.onCall.id === actor.person.id) roles.add('on_call');
  if (deployment.requestedBy.id === actor.person.id) roles.add('requester');
  return roles;
}

const VERBS: Record<Action, string> = {
  promote: 'promote',
  hold: 'hold',
  resume: 'resume',
  extend: 'extend',
  roll_back: 'roll back',
  revise: 'change',
  cancel: 'cancel',
  tick: 'tick items of',
};

/** A refusal where the person may not do this; undefined where they may. `verb`: what they do, in their words. */
export function notAllowed(
  deployment: Deployment,
  action: Action,
  facts: Facts,
  verb: string = VERBS[action],
): Decision | undefined {
  const { actor } = facts;
  if (actor.kind !== 'person') return refused('not_allowed', `Only a person can ${verb} a deployment.`);
  if (isAllowed(deployment, action, actor)) return undefined;
  return refusedAttempt(
    'not_allowed',
    action,
    `You can't ${verb} ${title(deployment)}: ask ${whoMay(deployment, action)}. Nothing was recorded but this try.`,
  );
}

export function isAllowed(deployment: Deployment, action: Action, actor: Person): boolean {
  const allowed = allowedTo(deployment, action);
  const mine = rolesIn(deployment, actor);
  const anyRole = allowed.includes('any_role') && actor.roles.length > 0;
  return anyRole || allowed.includes('anyone') || allowed.some((role) => mine.has(role));
}

/** Records from before an action existed give it to nobody. */
function allowedTo({ terms: { safeguards } }: Deployment, action: Action): readonly string[] {
  return safeguards.permissions[action] ?? [];
}

/** The deployment's own people where they may, by name; else the roles that may. Not escaped. */
export function whoMay(deployment: Deployment, action: Action): string {
  const {
    requestedBy,
    terms: { details, required },
  } = deployment;
  const allowed = allowedTo(deployment, action);
  const named = new Set([
    ...(allowed.includes('lead') ? [details.lead.id] : []),
    ...(allowed.includes('on_call') ? [details.onCall.id] : []),
  ]);
  const own = [
    allowed.includes('lead') ? `${details.lead.name} (lead)` : '',
    allowed.includes('on_call') ? `${details.onCall.name} (on call)` : '',
    allowed.includes('requester') && !named.has(requestedBy.id) ? `${requestedBy.name} (asked for it)` : '',
  ].filter((name) => name !== '');
  const roles = allowed.map(
    (id) => `anyone in the role ${required.find(({ role }) => role === id)?.name ?? id}`,
  );
  return (own.length > 0 ? own : roles).join(' or ') || 'whoever keeps the policy: it lets nobody';
}

/** Who or what an event is recorded as done by. */
export function byOf(actor: Actor): By {
  return actor.kind === 'person' ? { kind: 'person', id: actor.person.id, name: actor.person.name } : actor;
}

/** Did this person do it themselves. */
export function isBy(by: By | undefined, { actor }: Facts): boolean {
  return by?.kind === 'person' && actor.kind === 'person' && by.id === actor.person.id;
}

/** `Tom`, or the engine's own name. */
export function nameOf(by: By | undefined): string {
  return by?.kind === 'person' ? by.name : 'GoNoGo';
}
