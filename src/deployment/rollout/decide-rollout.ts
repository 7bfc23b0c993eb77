/** What people may do while traffic moves: promote early, hold, resume, watch longer, hand over (ST-6). */

import { accepted, isBy, nameOf, notAllowed, refused, title } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import { onceVerified } from '../drill/drill.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { CAN_HOLD } from '../lifecycle.ts';
import { missingBefore } from '../readiness/readiness.ts';
import { reasonOf } from '../request/decide-cancel.ts';
import { unseenBeforePromote, unseenBeforeResume } from './evidence.ts';
import {
  beginAt,
  completeStep,
  currentStep,
  duringStep,
  handingOverState,
  handOver,
  mayBePromoted,
} from './progress.ts';

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

export function decidePromote(d: Deployment, intent: IntentOf<'promote'>, facts: Facts): Decision {
  const denied = notAllowed(d, 'promote', facts);
  if (denied) return denied;
  if (d.status !== 'rolling_out' && d.status !== 'held') return notRollingOut(d, 'promote');
  if (intent.stage !== d.rollout?.stages.length) {
    return refused(
      'stale',
      `That was for stage ${intent.stage}, and stage ${d.rollout?.stages.length} runs now. Look at the card, then click again.`,
    );
  }
  const promoted = { type: 'promoted' as const, ...reasonOf(intent) };
  if (currentStep(d) !== undefined && !mayBePromoted(d)) {
    if (duringStep(d, 'tests'))
      return refused('wrong_status', 'Its smoke tests run now. They end by themselves within minutes.');
    return refused(
      'wrong_status',
      `Traffic is still moving to ${d.rollout?.stages.at(-1)?.percent ?? 0} %. Promote when it is there.`,
    );
  }
  const unseen = lacksReason(unseenBeforePromote(d), intent, 'go on');
  if (unseen) return unseen;
  return currentStep(d) === undefined
    ? accepted(promoted, { type: 'verification_started' }, ...onceVerified(d))
    : accepted(promoted, ...completeStep(d));
}

/** Nobody goes past what was not seen to be well without a word on it. */
function lacksReason(
  unseen: string | undefined,
  { reason = '' }: { reason?: string },
  what: string,
): Decision | undefined {
  if (unseen === undefined || reason.trim() !== '') return undefined;
  return refused('reason_needed', `${unseen}. Say why it can ${what} all the same, or roll it back.`);
}

export function decideHold(d: Deployment, intent: IntentOf<'hold'>, facts: Facts): Decision {
  const denied = notAllowed(d, 'hold', facts);
  if (denied) return denied;
  if (d.status === 'held') {
    const who = isBy(d.rollout?.hold?.by, facts)
      ? 'You hold'
      : `Someone was faster: ${nameOf(d.rollout?.hold?.by)} holds`;
    return refused('wrong_status', `${who} this rollout already. The card shows why.`);
  }
  if (!CAN_HOLD.has(d.status)) return notRollingOut(d, 'hold');
  return accepted({ type: 'held', reason: intent.reason.trim() });
}

/** The reason comes after the hold, and may come when it is over. */
export function decideExplainHold(d: Deployment, intent: IntentOf<'explain_hold'>, facts: Facts): Decision {
  const denied = notAllowed(d, 'hold', facts, 'explain the hold of');
  if (denied) return denied;
  if (!d.rollout?.actionsNeeded.some(({ about }) => about === 'hold'))
    return refused('wrong_status', `${title(d)} was not held.`);
  const reason = intent.reason.trim();
  return reason === ''
    ? refused('reason_needed', 'Say in a few words why.')
    : accepted({ type: 'hold_explained', reason });
}

export function decideResume(d: Deployment, intent: IntentOf<'resume'>, facts: Facts): Decision {
  const denied = notAllowed(d, 'resume', facts);
  if (denied) return denied;
  if (d.status !== 'held')
    return refused('wrong_status', `${title(d)} is not held. The card shows where it is.`);
  const unseen = lacksReason(unseenBeforeResume(d), intent, 'go on');
  if (unseen) return unseen;
  const resumed = { type: 'resumed' as const, ...reasonOf(intent) };
  return currentStep(d) === undefined
    ? accepted(resumed, beginAt(d, d.terms.envelope.plan.steps.length))
    : accepted(resumed);
}

export function decideExtend(d: Deployment, intent: IntentOf<'extend'>, facts: Facts): Decision {
  const denied = notAllowed(d, 'extend', facts);
  if (denied) return denied;
  if (d.status !== 'rolling_out' && d.status !== 'held') return notRollingOut(d, 'extend');
  if (!duringStep(d, 'mayExtend')) {
    return refused(
      'wrong_status',
      'There is no watch to extend: traffic is still moving. Try again when it is there.',
    );
  }
  const holder = d.status === 'held' ? d.rollout?.hold?.by : undefined;
  if (holder?.kind === 'person' && !isBy(holder, facts))
    return refused(
      'wrong_status',
      `${holder.name} holds this rollout, and watching longer would end that. Ask them, or resume it first.`,
    );
  const extended = { type: 'extended' as const, extension: intent.by, ...reasonOf(intent) };
  return d.status === 'held' ? accepted({ type: 'resumed' }, extended) : accepted(extended);
}

/** Ends the observation before its time, or although what was seen does not settle it: that needs a reason. */
export function decideHandOver(d: Deployment, intent: IntentOf<'hand_over'>, facts: Facts): Decision {
  const denied = notAllowed(d, 'promote', facts, 'hand over');
  if (denied) return denied;
  if (d.status !== 'observing')
    return refused('wrong_status', `${title(d)} is not being observed; there is nothing to hand over.`);
  const state = handingOverState(d);
  if (state === 'under_way') {
    return refused(
      'wrong_status',
      `${title(d)} is being handed over already: ${d.previous ?? 'what was there before'} is being taken down first.`,
    );
  }
  const missing = missingBefore(d, 'hand_over');
  if (missing.length > 0) {
    return refused(
      'not_ready',
      `${title(d)} can't be handed over yet. Still open: ${missing.join(', ')}. The checklist on its card shows who can tick them.`,
    );
  }
  const unsettled = d.rollout?.finalWatch?.unsettled;
  const unseen = unsettled && `${title(d)} was not seen to be well: ${unsettled.because}`;
  const lacking = lacksReason(unseen, intent, 'be handed over');
  if (lacking) return lacking;
  const reason = intent.reason?.trim() || 'handed over before the observation ended';
  // What the backend does not take down is left to people: whoever says so has been told.
  return accepted(state === 'stuck' ? { type: 'handed_over', reason } : handOver(d, reason));
}

export function decideSupersede(d: Deployment, intent: IntentOf<'supersede'>): Decision {
  return d.status === 'observing'
    ? accepted({ type: 'handed_over', supersededBy: intent.by })
    : { kind: 'unchanged' };
}

function notRollingOut(d: Deployment, what: string): Decision {
  const why = d.ending?.at === undefined ? 'it is not rolling out' : 'it has ended';
  return refused('wrong_status', `You can't ${what} ${title(d)}: ${why}. The card shows where it is.`);
}
