/** Going back: one click, no approval, no reason asked beforehand (RB-1). The shortest way in the core. */

import { defined } from '../../defined.ts';
import { accepted, isAllowed, isBy, nameOf, notAllowed, refused, title } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import type { Actor, Decision, Facts, Intent } from '../intents.ts';
import { CAN_ROLL_BACK } from '../lifecycle.ts';
import { whatBreaks } from './what-breaks.ts';

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

export function decideRollBack(d: Deployment, intent: IntentOf<'roll_back'>, facts: Facts): Decision {
  const denied = mayRollBack(d, facts.actor) ? undefined : notAllowed(d, 'roll_back', facts);
  if (denied) return denied;
  if (!CAN_ROLL_BACK.has(d.status)) return refused('wrong_status', whyNot(d, facts));
  const breaks = whatBreaks(d);
  if (breaks !== undefined && intent.breaksData === undefined) return asksAgain(d, breaks);
  return accepted({ ...rollback(d, intent.why), ...defined({ breaks }) });
}

/** The same person, a second time; nobody else is waited for (RB-4). */
export function asksAgain(d: Deployment, breaks: string): Decision {
  return refused('breaks_data', `Rolling back ${title(d)} breaks data: ${breaks}.`);
}

/** While Slack cannot say who somebody is, whoever was named at the request is known well enough to go back (RB-1). */
export function mayRollBack(d: Deployment, actor: Actor): boolean {
  if (actor.kind !== 'person') return false;
  const isNamed = d.terms.contacts.some(({ person }) => person.id === actor.person.id);
  return isAllowed(d, 'roll_back', actor) || (actor.remembered === true && isNamed);
}

/** The event that takes everything back to what ran before. */
export function rollback(d: Deployment, why: string): Extract<EventBody, { type: 'rollback_started' }> {
  return { type: 'rollback_started', to: d.previous, why };
}

/** The reason comes after the command, and may come when the rollback is long over. */
export function decideExplainRollback(
  d: Deployment,
  intent: IntentOf<'explain_rollback'>,
  facts: Facts,
): Decision {
  const denied = notAllowed(d, 'roll_back', facts, 'explain the rollback of');
  if (denied) return denied;
  if (d.rollback === undefined) return refused('wrong_status', `${title(d)} was not rolled back.`);
  const reason = intent.reason.trim();
  return reason === ''
    ? refused('reason_needed', 'Say in a few words why.')
    : accepted({ type: 'rollback_explained', reason });
}

/** The way out where the backend never does it and never says so: a record must not stay open for ever. */
export function decideGiveUpRollback(
  d: Deployment,
  intent: IntentOf<'give_up_rollback'>,
  facts: Facts,
): Decision {
  const denied = notAllowed(d, 'roll_back', facts, 'take over the rollback of');
  if (denied) return denied;
  if (d.status !== 'rolling_back')
    return refused('wrong_status', `${title(d)} is not being rolled back. The card shows where it is.`);
  const reason = intent.reason.trim();
  return reason === ''
    ? refused('reason_needed', 'Say what runs there now and who has put it right: GoNoGo stops trying.')
    : accepted({ type: 'rollback_failed', reason });
}

function whyNot(d: Deployment, facts: Facts): string {
  if (d.terms.watched !== undefined)
    return `${title(d)} is only watched (${d.terms.watched.reporter}): take it back where it is deployed. GoNoGo drives nothing there.`;
  if (d.status === 'failed') {
    return `The rollback of ${title(d)} failed: ${d.ending?.reason ?? 'the backend gave no reason'}. Put it right at the backend.`;
  }
  if (d.rollback) {
    const state = d.status === 'rolling_back' ? 'is under way' : 'is done';
    return isBy(d.rollback.by, facts)
      ? `Your rollback of ${title(d)} ${state}. There is nothing more to click.`
      : `Someone was faster: the rollback of ${title(d)}, started by ${nameOf(d.rollback.by)}, ${state}.`;
  }
  if (d.status === 'handed_over') {
    return `${title(d)} was handed over to operations. Deploy ${d.previous ?? 'another version'} to take its place, or take it back: /deploy rollback ${d.id}.`;
  }
  return `${title(d)} has no traffic, so there is nothing to roll back.`;
}
