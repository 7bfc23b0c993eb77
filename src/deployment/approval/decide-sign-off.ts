/** Go and No-go: one click of one person fills one role, for exactly what was shown to them. */

import type { RequiredSignOff } from '../../terms/approval.ts';
import { accepted, refused, refusedAttempt, title } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import type { Actor, Decision, Facts, Intent } from '../intents.ts';
import { NOT_STARTED } from '../lifecycle.ts';
import { withReadiness } from '../readiness/decide-readiness.ts';
import { rolesForNoGo, rolesOpenTo } from './may-sign.ts';
import { isOwn, ownWords, whyOwn } from './own.ts';
import { filledInstead, goesFor, isFilled, mayFill, owedSignOffs, sameVoice } from './sign-offs.ts';

type Sign = Extract<Intent, { kind: 'sign' }>;
type Person = Extract<Actor, { kind: 'person' }>;

export function decideSign(d: Deployment, intent: Sign, facts: Facts): Decision {
  const { actor } = facts;
  if (actor.kind !== 'person') return refused('not_allowed', 'Only a person can sign.');
  const open = intent.decision === 'go' ? rolesOpenTo(d, actor) : rolesForNoGo(d, actor);
  if (intent.role === undefined && open.length > 1)
    return whyNot(d, intent, actor, open[0]) ?? whichRole(d, open, intent.decision);
  const required = roleToSign(d, intent, actor, open);
  const refusal = whyNot(d, intent, actor, required);
  if (refusal || required === undefined) return refusal ?? noRole(d);
  const started = !NOT_STARTED.has(d.status);
  const signed: EventBody = {
    type: started ? 'signed_afterwards' : 'signed',
    role: required.role,
    decision: intent.decision,
    envelopeHash: d.envelopeHash,
    ...(intent.reason ? { reason: intent.reason } : {}),
  };
  if (started) return accepted(signed);
  if (intent.decision === 'no_go') {
    return accepted(signed, { type: 'rejected', reason: intent.reason ?? '' });
  }
  return accepted(...withReadiness(d, facts, signed));
}

/** Whoever holds several says which: one click must not decide it for them (CH-10). */
function whichRole(d: Deployment, open: readonly RequiredSignOff[], decision: Sign['decision']): Decision {
  const names = open.map(({ name }) => name).join(', ');
  return refused(
    'which_role',
    decision === 'go'
      ? `You hold several roles of ${title(d)} that are still missing: ${names}. One person fills one role: say as which you go.`
      : `You hold several roles of ${title(d)}: ${names}. Say as which one you say no-go.`,
  );
}

/** The role named, or one that is open to them; else one they signed, or any they hold. */
function roleToSign(
  d: Deployment,
  intent: Sign,
  actor: Person,
  open: readonly RequiredSignOff[],
): RequiredSignOff | undefined {
  const held = d.terms.required.filter(({ role }) => mayFill(d, role, actor));
  if (intent.role !== undefined) return held.find(({ role }) => role === intent.role);
  return open[0] ?? held.find(({ role }) => hasSaidGo(d, role, actor)) ?? held[0];
}

function hasSaidGo(d: Deployment, role: string, actor: Person): boolean {
  return goesFor(d, role).some(({ person }) => person.id === actor.person.id);
}

function whyNot(
  d: Deployment,
  intent: Sign,
  actor: Person,
  required: RequiredSignOff | undefined,
): Decision | undefined {
  const afterwards = !NOT_STARTED.has(d.status);
  if (afterwards && owedSignOffs(d).length === 0) {
    return refused('wrong_status', `Sign-offs for ${title(d)} are over. The card shows where it is.`);
  }
  if (required === undefined) return noRole(d, intent.role);
  const own = whyOwn(d, actor.person.id);
  if (own !== undefined) {
    return refusedAttempt(
      'own_deployment',
      `sign as ${required.role}`,
      `Nobody approves their own deployment, and ${ownWords(own)}. ${askInstead(d, required, actor)} Nothing was recorded but this try.`,
    );
  }
  if (intent.envelopeHash !== d.envelopeHash) {
    return refused(
      'stale',
      `${title(d)} has changed since this was drawn. The card shows what you would sign now; look, then click again.`,
    );
  }
  if (intent.decision === 'no_go' && !intent.reason?.trim()) {
    return refused('reason_needed', 'A no-go needs its reason: the team must know what to mend.');
  }
  if (intent.decision === 'no_go' && !afterwards) return undefined;
  if (afterwards && !isFilled(d, required) && !owedSignOffs(d).includes(required)) {
    return refused(
      'role_filled',
      `The no-go as ${required.name} is recorded already. The lead must see to it.`,
    );
  }
  return alreadySigned(d, required, actor);
}

function alreadySigned(d: Deployment, required: RequiredSignOff, actor: Person): Decision | undefined {
  if (hasSaidGo(d, required.role, actor)) {
    return refused(
      'already_signed',
      `Your go as ${required.name} is recorded already. There is nothing more to do for you.`,
    );
  }
  const instead = filledInstead(d, required.role, actor.person.id);
  if (instead !== undefined) {
    return refusedAttempt(
      'one_role',
      `sign as ${required.role}`,
      `One person fills one role, and you said go as ${instead.name}. ${askInstead(d, required, actor)} Nothing was recorded but this try.`,
    );
  }
  const same = isFilled(d, required) ? undefined : sameVoice(d, required.role, actor.person.id);
  if (same !== undefined) {
    return refusedAttempt(
      'one_role',
      `sign as ${required.role}`,
      `${same.person.name} said go as ${required.name}, in the same place that was handed on: it counts once. ${askInstead(d, required, actor)} Nothing was recorded but this try.`,
    );
  }
  const other = goesFor(d, required.role).at(-1);
  if (!isFilled(d, required) || other === undefined) return undefined;
  return refused(
    'role_filled',
    `Someone was faster: ${other.person.name} said go as ${required.name}. Nothing more is needed for that role.`,
  );
}

function noRole(d: Deployment, role?: string): Decision {
  const wanted = d.terms.required.filter((required) => role === undefined || required.role === role);
  const missing = wanted.filter((required) => !isFilled(d, required));
  const who = (missing.length > 0 ? missing : wanted)
    .map((required) => `${required.name}: ${names(required)}`)
    .join('; ');
  const sentence = who === '' ? 'no sign-off is asked for.' : `that is for ${who}.`;
  return refusedAttempt(
    'not_your_role',
    `sign as ${role ?? 'any role'}`,
    `You can't sign for ${title(d)}: ${sentence} Nothing was recorded but this try.`,
  );
}

function askInstead(d: Deployment, required: RequiredSignOff, actor: Person): string {
  const others = required.asked.filter(({ id }) => id !== actor.person.id && !isOwn(d, id));
  return others.length === 0
    ? `Nobody else was asked as ${required.name}: someone must be given the role.`
    : `Ask ${others.map(({ name }) => name).join(' or ')}.`;
}

function names(required: RequiredSignOff): string {
  return required.asked.map(({ name }) => name).join(' or ') || 'nobody yet';
}
