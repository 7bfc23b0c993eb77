/** Going back: one click, no approval, no reason asked beforehand (RB-1). The shortest way in the core. */

import { accepted, notAllowed, refused, title } from './decision.ts';
import type { Deployment } from './deployment.ts';
import type { EventBody } from './events.ts';
import type { Decision, Facts, Intent } from './intents.ts';
import { CAN_ROLL_BACK } from './lifecycle.ts';

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

export function decideRollBack(d: Deployment, intent: IntentOf<'roll_back'>, facts: Facts): Decision {
  const denied = notAllowed(d, 'roll_back', facts);
  if (denied) return denied;
  if (CAN_ROLL_BACK.has(d.status)) return accepted(rollback(d, intent.why));
  return refused('wrong_status', whyNot(d));
}

/** The event that takes everything back to what ran before. */
export function rollback(d: Deployment, why: string): EventBody {
  return { type: 'rollback_started', to: d.previous, why };
}

/** The reason comes after the command, and may come when the rollback is long over. */
export function decideExplainRollback(
  d: Deployment,
  intent: IntentOf<'explain_rollback'>,
  facts: Facts,
): Decision {
  const denied = notAllowed(d, 'roll_back', facts);
  if (denied) return denied;
  if (d.rollback === undefined) return refused('wrong_status', `${title(d)} was not rolled back.`);
  const reason = intent.reason.trim();
  return reason === ''
    ? refused('reason_needed', 'Say in a few words why.')
    : accepted({ type: 'rollback_explained', reason });
}

function whyNot(d: Deployment): string {
  if (d.rollback) {
    const by = d.rollback.by.kind === 'person' ? d.rollback.by.name : 'GoNoGo';
    const state = d.rollback.endedAt === undefined ? 'is under way' : 'is done';
    return `Someone was faster: the rollback of ${title(d)}, started by ${by}, ${state}.`;
  }
  if (d.status === 'handed_over') {
    return `${title(d)} was handed over to operations. Deploy ${d.previous ?? 'another version'} to take its place.`;
  }
  return `${title(d)} has no traffic, so there is nothing to roll back.`;
}
