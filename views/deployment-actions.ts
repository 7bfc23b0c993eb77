/** The buttons of a deployment, the same on its card, in its thread, in a DM and on Home. */

import type { Button, Overflow } from '@slack/types';
import { lacksChangeRequest } from '../src/deployment/approval/change-request.ts';
import { owesChangeRequest, owesWriteUp } from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { owesReview } from '../src/deployment/review/owed.ts';
import { unseenBeforePromote, unseenBeforeResume } from '../src/deployment/rollout/evidence.ts';
import { currentStep, duringStep, mayBePromoted, stagesBegun } from '../src/deployment/rollout/progress.ts';
import { stagesOf } from '../src/terms/plan.ts';
import { type Duration, HOUR, MINUTE } from '../src/time.ts';
import { button, confirmation, overflow } from './blocks.ts';
import { type ButtonValue, encodeButton } from './button-value.ts';
import { databaseOnRollback, plainRelease, rollbackVerb } from './deployment-words.ts';
import { wayBackWords } from './step-words.ts';
import { oneLine, traffic } from './text.ts';

export const CARD_ACTIONS = {
  go: 'card.go',
  noGo: 'card.no_go',
  withdraw: 'card.withdraw',
  ask: 'card.ask',
  promote: 'card.promote',
  hold: 'card.hold',
  explainHold: 'card.explain_hold',
  resume: 'card.resume',
  acceptDrift: 'card.accept_drift',
  rollBack: 'card.roll_back',
  breakData: 'card.break_data',
  problem: 'card.problem',
  explain: 'card.explain',
  giveUp: 'card.give_up',
  review: 'card.review',
  incident: 'card.incident',
  takePage: 'card.take_page',
  handOver: 'card.hand_over',
  writeUp: 'card.write_up',
  checklist: 'card.checklist',
  changeRequest: 'card.change_request',
  again: 'card.again',
  details: 'card.details',
  more: 'card.more',
} as const;

/** The `a` of a choice in the overflow menu. */
export const MORE = {
  details: 'details',
  edit: 'edit',
  override: 'override',
  cancel: 'cancel',
  go: 'go',
  noGo: 'no_go',
  delegate: 'delegate',
  writeUp: 'write_up',
  checklist: 'checklist',
  changeRequest: 'change_request',
  explainHold: 'explain_hold',
  problem: 'problem',
  review: 'review',
  incident: 'incident',
  extendShort: 'extend_30',
  extendLong: 'extend_60',
  judgeAgain: 'judge_again',
} as const;

/** How much longer a stage is watched for each choice. */
export const EXTEND_BY: Record<typeof MORE.extendShort | typeof MORE.extendLong, Duration> = {
  extend_30: 30 * MINUTE,
  extend_60: HOUR,
};

export function stamp(d: Deployment, more: Omit<ButtonValue, 'd'> = {}): string {
  return encodeButton({ d: d.id, ...more });
}

export const shown = (d: Deployment): { h?: string } => {
  const hash = d.envelopeHash.slice(0, 12);
  return /^[0-9a-f]{12}$/.test(hash) ? { h: hash } : {};
};

const ofRole = (role: string | undefined): { r?: string } => (role === undefined ? {} : { r: role });

/** Plain, and short enough for a button. */
function roleName({ terms: { required } }: Deployment, role: string): string {
  return oneLine(required.find((one) => one.role === role)?.name ?? role).slice(0, 40);
}

/** A role only where the surface was made for one, as in a DM; on the card the click decides. */
export function goButton(d: Deployment, role?: string): Button {
  return button({
    action: CARD_ACTIONS.go,
    text: role === undefined ? 'Go' : `Go as ${roleName(d, role)}`,
    style: 'primary',
    value: stamp(d, { ...shown(d), ...ofRole(role) }),
    label: `Go${role === undefined ? '' : ` as ${roleName(d, role)}`} for ${plainRelease(d)}`,
  });
}

export function noGoButton(d: Deployment, role?: string): Button {
  return button({
    action: CARD_ACTIONS.noGo,
    text: 'No-go',
    value: stamp(d, { ...shown(d), ...ofRole(role) }),
    label: `No-go for ${plainRelease(d)}`,
  });
}

/** A question to its lead, from whoever is to decide. */
export function askButton(d: Deployment): Button {
  const lead = oneLine(d.terms.details.lead.name).slice(0, 40);
  return button({
    action: CARD_ACTIONS.ask,
    text: `Ask ${lead}`,
    value: stamp(d),
    label: `Ask ${lead} about ${plainRelease(d)}`,
  });
}

/** Of whoever clicks, whatever was said as which role. */
export function withdrawButton(d: Deployment): Button {
  return button({
    action: CARD_ACTIONS.withdraw,
    text: 'Withdraw my go',
    value: stamp(d),
    label: `Withdraw my go for ${plainRelease(d)}`,
  });
}

/** Empty where there is nothing to promote: traffic is still moving, or the plan is over. What was not seen asks for a reason. */
export function promoteButtons(d: Deployment): Button[] {
  const stage = d.rollout?.stages.at(-1);
  const finishing = isFinishing(d);
  if (!(mayBePromoted(d) || finishing) || (stage === undefined && !duringStep(d, 'tests'))) return [];
  const asks = unseenBeforePromote(d) !== undefined;
  return [
    button({
      action: CARD_ACTIONS.promote,
      text: `${finishing ? 'Accept as complete' : 'Promote now'}${asks ? '…' : ''}`,
      value: stamp(d, stage === undefined ? {} : { n: stage.number }),
      label: `Promote ${plainRelease(d)} now${asks ? ', with a reason' : ''}`,
      ...(asks ? {} : { confirm: confirmPromote(d) }),
    }),
  ];
}

const isFinishing = (d: Deployment): boolean =>
  d.status === 'held' && stagesBegun(d).length > 0 && currentStep(d) === undefined;

function confirmPromote(d: Deployment) {
  return confirmation({
    title: `Promote ${plainRelease(d)} now?`,
    text: `It ${nextWords(d)}. It stays watched and can be rolled back.`,
    yes: 'Promote',
    no: 'Keep watching',
  });
}

/** What a promote does now: "goes from 5 % to 25 % of traffic before its watch is over". */
export function nextWords(d: Deployment): string {
  if (isFinishing(d)) return 'counts as complete, and is then watched as usual';
  const stage = d.rollout?.stages.at(-1);
  const next = stagesOf(d.terms.envelope.plan)[stagesBegun(d).length];
  const to =
    next === undefined
      ? 'to completion'
      : `from ${traffic(stage?.percent ?? 0)} to ${traffic(next.percent)} of traffic`;
  return duringStep(d, 'tests')
    ? `goes ${to} without its smoke tests`
    : `goes ${to} before its watch is over`;
}

export function holdButton(d: Deployment): Button {
  const stage = d.rollout?.stages.at(-1)?.number;
  return button({
    action: CARD_ACTIONS.hold,
    text: 'Hold',
    value: stamp(d, stage === undefined ? {} : { n: stage }),
    label: `Hold ${plainRelease(d)}`,
  });
}

export function problemButton(d: Deployment): Button {
  return button({
    action: CARD_ACTIONS.problem,
    text: 'Report a problem',
    value: stamp(d),
    label: `Report a problem of ${plainRelease(d)}`,
  });
}

/** The reason of a hold is asked after it, never before. */
export function explainHoldButtons(d: Deployment): Button[] {
  if (!lacksReasonOfHold(d)) return [];
  return [
    button({
      action: CARD_ACTIONS.explainHold,
      text: 'Say why',
      value: stamp(d),
      label: `Say why ${plainRelease(d)} is held`,
    }),
  ];
}

export function lacksReasonOfHold({ rollout }: Deployment): boolean {
  return rollout?.hold?.by.kind === 'person' && rollout.hold.reason === '';
}

/** What can be decided while it is held: the dangerous one first, and none of them the obvious one. */
export function heldButtons(d: Deployment): Button[] {
  return [rollBackButton(d), resumeButton(d), ...promoteButtons(d)];
}

/** Somebody else deployed there since it was asked for: it starts from what runs now once somebody says so. */
export function acceptDriftButtons(d: Deployment): Button[] {
  const { drift } = d.start;
  if (d.status !== 'scheduled' || drift === undefined) return [];
  const runs = oneLine(drift.runs ?? 'nothing').slice(0, 40);
  return [
    button({
      action: CARD_ACTIONS.acceptDrift,
      text: `Start from ${runs}`,
      value: stamp(d, { n: drift.seq }),
      label: `Start ${plainRelease(d)} from ${runs}`,
      confirm: confirmation({
        title: `Start from ${runs}?`,
        text: `Somebody else brought ${runs} there, and ${plainRelease(d)} replaces it. A rollback then goes back to ${runs}.`,
        yes: 'Start from there',
        no: 'Wait',
      }),
    }),
  ];
}

function resumeButton(d: Deployment): Button {
  const asks = unseenBeforeResume(d) !== undefined;
  return button({
    action: CARD_ACTIONS.resume,
    text: asks ? 'Resume…' : d.rollout?.hold?.drift ? 'Put it back, go on' : 'Resume',
    value: stamp(d),
    label: `Resume ${plainRelease(d)}${asks ? ', with a reason' : ''}`,
    ...(!asks && d.rollout?.hold?.drift ? { confirm: confirmOverwrite(d) } : {}),
  });
}

function confirmOverwrite(d: Deployment) {
  return confirmation({
    title: `Put ${plainRelease(d)} back?`,
    text: 'Somebody else changed what runs. That is overwritten, and the stage is watched from its beginning.',
    yes: 'Put it back',
    no: 'Leave it as it is',
  });
}

/** Where what was seen does not settle it, a reason is asked for. */
export function handOverButton(d: Deployment): Button {
  if (d.rollout?.finalWatch?.unsettled !== undefined)
    return button({
      action: CARD_ACTIONS.handOver,
      text: 'Hand over…',
      value: stamp(d),
      label: `Hand ${plainRelease(d)} over, with a reason`,
    });
  return button({
    action: CARD_ACTIONS.handOver,
    text: 'Hand over now',
    value: stamp(d),
    label: `Hand ${plainRelease(d)} over now`,
    confirm: confirmation({
      title: `Hand ${plainRelease(d)} over now?`,
      text: 'GoNoGo stops watching it. /deploy rollback can still take it back.',
      yes: 'Hand over',
      no: 'Keep watching',
    }),
  });
}

/** `why` is the reason, where it was said beforehand. */
export function rollBackButton(d: Deployment, why = ''): Button {
  const { service, version } = d.terms.envelope;
  const stage = d.rollout?.stages.at(-1);
  const share =
    stage === undefined ? 'No traffic has moved.' : `${traffic(stage.percent)} of traffic moves at once.`;
  const title =
    d.previous === null
      ? `Take ${service} ${version} out?`
      : `Roll ${service} back from ${version} to ${d.previous}?`;
  return button({
    action: CARD_ACTIONS.rollBack,
    text: rollbackVerb(d),
    style: 'danger',
    value: stamp(d, why === '' ? {} : { w: why }),
    label:
      d.previous === null
        ? `Take ${service} ${version} out`
        : `Roll back ${service} ${version} to ${d.previous}`,
    confirm: confirmation({
      title,
      text: [share, wayBackWords(d), databaseOnRollback(d)].filter(Boolean).join(' '),
      yes: d.previous === null ? 'Take it out' : 'Roll back',
      no: `Keep ${version}`,
      danger: true,
    }),
  });
}

/** The second question has no third. */
export function breakDataButton(d: Deployment, why = ''): Button {
  return button({
    action: CARD_ACTIONS.breakData,
    text: `${rollbackVerb(d)} all the same`,
    style: 'danger',
    value: stamp(d, why === '' ? {} : { w: why }),
    label: `Roll back ${plainRelease(d)} although it breaks data`,
  });
}

/** The reason of a rollback is asked after it, never before (RB-1). */
export function explainButtons(d: Deployment): Button[] {
  const asked = d.rollback?.by.kind === 'person' && d.rollback.reason === undefined;
  if (!asked) return [];
  return [
    button({
      action: CARD_ACTIONS.explain,
      text: 'Say why',
      value: stamp(d),
      label: `Say why ${plainRelease(d)} was rolled back`,
    }),
  ];
}

/** Of a rollback that nobody asked for. */
export function sayWhatHappenedButton(d: Deployment): Button {
  return button({
    action: CARD_ACTIONS.explain,
    text: 'Say what happened',
    value: stamp(d),
    label: `Say what happened to ${plainRelease(d)}`,
  });
}

/** The way out of a rollback that the backend does not do: only while it is in trouble. */
export function giveUpButtons(d: Deployment): Button[] {
  if (d.status !== 'rolling_back' || d.trouble === undefined) return [];
  return [
    button({
      action: CARD_ACTIONS.giveUp,
      text: 'Put right by hand…',
      value: stamp(d),
      label: `The rollback of ${plainRelease(d)} was put right by hand`,
    }),
  ];
}

/** Empty where no review is owed. */
export function reviewButtons(d: Deployment): Button[] {
  if (!owesReview(d)) return [];
  return [
    button({
      action: CARD_ACTIONS.review,
      text: 'Write the review',
      value: stamp(d),
      label: `Write the review of ${plainRelease(d)}`,
    }),
  ];
}

/** It may be worded anew. */
export function changeReviewButton(d: Deployment): Button {
  return button({
    action: CARD_ACTIONS.review,
    text: 'Review',
    value: stamp(d),
    label: `Change the review of ${plainRelease(d)}`,
  });
}

export function incidentButton(d: Deployment): Button {
  return button({
    action: CARD_ACTIONS.incident,
    text: 'Incident record',
    value: stamp(d),
    label: `Post the incident record of ${plainRelease(d)} in its thread`,
  });
}

export function againButton(d: Deployment): Button {
  return button({
    action: CARD_ACTIONS.again,
    text: 'Deploy again',
    value: stamp(d),
    label: `Deploy ${plainRelease(d)} again`,
  });
}

export function changeRequestButton(d: Deployment): Button {
  const missing = lacksChangeRequest(d);
  return button({
    action: CARD_ACTIONS.changeRequest,
    text: missing ? 'Write change request' : 'Change request',
    value: stamp(d),
    label: `${missing ? 'Write' : 'Change'} the change request of ${plainRelease(d)}`,
  });
}

export function checklistButton(d: Deployment): Button {
  return button({
    action: CARD_ACTIONS.checklist,
    text: 'Checklist',
    value: stamp(d),
    label: `Checklist of ${plainRelease(d)}`,
  });
}

export function detailsButton(d: Deployment): Button {
  return button({
    action: CARD_ACTIONS.details,
    text: 'Details',
    value: stamp(d),
    label: `Details of ${plainRelease(d)}`,
  });
}

/** The menu beside Go and No-go where they were asked of one person. */
export function signerMenu(d: Deployment, role?: string): Overflow {
  return overflow(CARD_ACTIONS.more, [
    { text: 'Delegate…', value: stamp(d, { a: MORE.delegate, ...ofRole(role) }) },
  ]);
}

export function writeUpButton(d: Deployment): Button {
  return button({
    action: CARD_ACTIONS.writeUp,
    text: 'Write it up',
    value: stamp(d),
    label: `Write up ${plainRelease(d)}`,
  });
}

/** What its lead owes in writing. */
export function toWrite(d: Deployment): Button[] {
  return [
    ...(owesWriteUp(d) ? [writeUpButton(d)] : []),
    ...(owesChangeRequest(d) ? [changeRequestButton(d)] : []),
  ];
}
