/** Handing a sign-off on to somebody else, and writing up what an emergency owes (CH-1, CH-8). */

import { accepted, refused, refusedAttempt, rolesIn, title } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { NOT_STARTED } from '../lifecycle.ts';
import { rolesToDelegate } from './may-sign.ts';
import { ownWords, whyOwn } from './own.ts';
import { filledInstead, goesFor, missingSignOffs, owedSignOffs, sameVoice } from './sign-offs.ts';

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

/** Whoever may sign for a role may name another who then may as well; the deployment's own people may not. */
export function decideDelegate(d: Deployment, intent: IntentOf<'delegate'>, facts: Facts): Decision {
  const { actor } = facts;
  const { to } = intent;
  if (actor.kind !== 'person') return refused('not_allowed', 'Only a person can delegate.');
  const open = NOT_STARTED.has(d.status) ? missingSignOffs(d) : owedSignOffs(d);
  const mine = rolesToDelegate(d, actor);
  const required = intent.role === undefined ? mine[0] : mine.find(({ role }) => role === intent.role);
  if (open.length === 0) return refused('wrong_status', `No sign-off of ${title(d)} is missing any more.`);
  if (required === undefined) {
    return refusedAttempt(
      'not_your_role',
      `delegate ${intent.role ?? 'a sign-off'}`,
      `You can't delegate a sign-off of ${title(d)}: none that is missing is yours. Nothing was recorded but this try.`,
    );
  }
  const own = whyOwn(d, actor.person.id);
  if (own !== undefined) {
    return refusedAttempt(
      'own_deployment',
      `delegate ${required.role}`,
      `Nobody chooses who approves their own deployment, and ${ownWords(own)}. Nothing was recorded but this try.`,
    );
  }
  if (intent.role === undefined && mine.length > 1)
    return refused(
      'which_role',
      `You hold several roles of ${title(d)} that are still missing: ${mine.map(({ name }) => name).join(', ')}. Say as which one somebody else signs.`,
    );
  const spoken = goesFor(d, required.role).find(({ person }) => person.id === actor.person.id);
  if (spoken ?? sameVoice(d, required.role, actor.person.id))
    return refused(
      'already_signed',
      `The go of your place as ${required.name} is recorded already: there is nothing to hand on.`,
    );
  if (to.id === actor.person.id) return refused('own_deployment', 'Choose somebody else than yourself.');
  const theirs = whyOwn(d, to.id);
  if (theirs !== undefined)
    return refused('own_deployment', `${ownWords(theirs, to.name)}, and can't approve it.`);
  const instead = filledInstead(d, required.role, to.id);
  if (instead !== undefined)
    return refused('one_role', `${to.name} said go as ${instead.name}, and one person fills one role.`);
  if (required.asked.some(({ id }) => id === to.id))
    return refused('already_signed', `${to.name} is asked as ${required.name} already.`);
  return accepted({ type: 'delegated', role: required.role, to });
}

export function decideWriteUp(d: Deployment, intent: IntentOf<'write_up'>, facts: Facts): Decision {
  const { actor } = facts;
  if (actor.kind !== 'person') return refused('not_allowed', 'Only a person can write it up.');
  const owed = d.terms.approval.owed?.documentation === true && d.rollout?.startedAt !== undefined;
  if (!owed) return refused('wrong_status', `${title(d)} owes no write-up.`);
  if (rolesIn(d, actor).size === 0) {
    return refusedAttempt(
      'not_allowed',
      'write_up',
      `You can't write ${title(d)} up: ${d.terms.details.lead.name} (lead) or anyone with a role can. Nothing was recorded but this try.`,
    );
  }
  const text = intent.text.trim();
  return text === ''
    ? refused('reason_needed', 'Say what was done, and why it could not wait.')
    : accepted({ type: 'written_up', text });
}
