/** The buttons of a deployment, the same on its card, in its thread, in a DM and on Home. */

import type { ActionsBlockElement, Button, Overflow } from '@slack/types';
import { lacksChangeRequest, waitsForChangeRequest } from '../src/deployment/change-request.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { currentStep } from '../src/deployment/progress.ts';
import {
  missingSignOffs,
  owedSignOffs,
  owesChangeRequest,
  owesWriteUp,
} from '../src/deployment/sign-offs.ts';
import { type Duration, HOUR, MINUTE } from '../src/time.ts';
import { button, confirmation, overflow } from './blocks.ts';
import { type ButtonValue, encodeButton } from './button-value.ts';
import { DATABASE_ON_ROLLBACK, plainRelease, rollbackVerb } from './deployment-words.ts';
import { duration, traffic } from './text.ts';

export const CARD_ACTIONS = {
  go: 'card.go',
  noGo: 'card.no_go',
  promote: 'card.promote',
  hold: 'card.hold',
  resume: 'card.resume',
  rollBack: 'card.roll_back',
  explain: 'card.explain',
  giveUp: 'card.give_up',
  handOver: 'card.hand_over',
  writeUp: 'card.write_up',
  changeRequest: 'card.change_request',
  again: 'card.again',
  more: 'card.more',
} as const;

/** The `a` of a choice in the overflow menu. */
export const MORE = {
  edit: 'edit',
  override: 'override',
  cancel: 'cancel',
  go: 'go',
  noGo: 'no_go',
  delegate: 'delegate',
  writeUp: 'write_up',
  changeRequest: 'change_request',
  extendShort: 'extend_30',
  extendLong: 'extend_60',
} as const;

/** How much longer a stage is watched for each choice. */
export const EXTEND_BY: Record<typeof MORE.extendShort | typeof MORE.extendLong, Duration> = {
  extend_30: 30 * MINUTE,
  extend_60: HOUR,
};

/** More stand in the menu. */
const MOST_IN_SIGHT = 3;
/** Slack draws no more in an overflow menu. */
const MOST_CHOICES = 5;

function stamp(d: Deployment, more: Omit<ButtonValue, 'd' | 's'> = {}): string {
  return encodeButton({ d: d.id, s: d.seq, ...more });
}

const shown = (d: Deployment): { h?: string } => {
  const hash = d.envelopeHash.slice(0, 12);
  return /^[0-9a-f]{12}$/.test(hash) ? { h: hash } : {};
};

const ofRole = (role: string | undefined): { r?: string } => (role === undefined ? {} : { r: role });

/** A role only where the surface was made for one, as in a DM; on the card the click decides. */
export function goButton(d: Deployment, role?: string): Button {
  return button({
    action: CARD_ACTIONS.go,
    text: 'Go',
    style: 'primary',
    value: stamp(d, { ...shown(d), ...ofRole(role) }),
    label: `Go for ${plainRelease(d)}`,
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

/** Empty where there is nothing to promote: traffic is still moving, or the plan is over. */
export function promoteButtons(d: Deployment): Button[] {
  const stage = d.stages.at(-1);
  const next = d.envelope.plan.steps
    .slice((d.step?.index ?? 0) + 1)
    .find((step) => step.kind === 'set-weight');
  const watching = currentStep(d)?.kind === 'watch';
  const finishing = d.status === 'held' && d.stages.length > 0 && currentStep(d) === undefined;
  if (!stage || !(watching || finishing)) return [];
  const to =
    next?.kind === 'set-weight'
      ? `from ${traffic(stage.percent)} to ${traffic(next.percent)} of traffic`
      : 'to completion';
  return [
    button({
      action: CARD_ACTIONS.promote,
      text: finishing ? 'Accept as complete' : 'Promote now',
      value: stamp(d, { n: stage.number }),
      label: `Promote ${plainRelease(d)} now`,
      confirm: confirmation({
        title: `Promote ${plainRelease(d)} now?`,
        text: finishing
          ? 'The check after the rollout is skipped. The version is then watched as usual.'
          : `It goes ${to} before its watch is over. It stays watched and can be rolled back.`,
        yes: 'Promote',
        no: 'Keep watching',
      }),
    }),
  ];
}

export function holdButton(d: Deployment): Button {
  const stage = d.stages.at(-1)?.number;
  return button({
    action: CARD_ACTIONS.hold,
    text: 'Hold',
    value: stamp(d, stage === undefined ? {} : { n: stage }),
    label: `Hold ${plainRelease(d)}`,
  });
}

export function resumeButton(d: Deployment): Button {
  return button({
    action: CARD_ACTIONS.resume,
    text: 'Resume',
    style: 'primary',
    value: stamp(d),
    label: `Resume ${plainRelease(d)}`,
  });
}

export function handOverButton(d: Deployment): Button {
  return button({
    action: CARD_ACTIONS.handOver,
    text: 'Hand over now',
    value: stamp(d),
    label: `Hand ${plainRelease(d)} over now`,
    confirm: confirmation({
      title: `Hand ${plainRelease(d)} over now?`,
      text: 'GoNoGo stops watching it, and it can no longer be rolled back from here.',
      yes: 'Hand over',
      no: 'Keep watching',
    }),
  });
}

export function rollBackButton(d: Deployment): Button {
  const { service, version } = d.envelope;
  const stage = d.stages.at(-1);
  const share = `${traffic(stage?.percent ?? 0)} of traffic moves at once.`;
  const title =
    d.previous === null
      ? `Take ${service} ${version} out?`
      : `Roll ${service} back from ${version} to ${d.previous}?`;
  return button({
    action: CARD_ACTIONS.rollBack,
    text: rollbackVerb(d),
    style: 'danger',
    value: stamp(d),
    label:
      d.previous === null
        ? `Take ${service} ${version} out`
        : `Roll back ${service} ${version} to ${d.previous}`,
    confirm: confirmation({
      title,
      text: [share, DATABASE_ON_ROLLBACK[d.details.database]].filter(Boolean).join(' '),
      yes: d.previous === null ? 'Take it out' : 'Roll back',
      no: `Keep ${version}`,
      danger: true,
    }),
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

export function againButton(d: Deployment): Button {
  return button({
    action: CARD_ACTIONS.again,
    text: 'Deploy again',
    value: stamp(d),
    label: `Deploy ${plainRelease(d)} again`,
  });
}

/** A freeze or a closed window; who may override it is asked at the click. */
function mayBeOverridden({ waiting }: Deployment): boolean {
  return waiting?.for.some(({ overrides }) => overrides.length > 0) ?? false;
}

/** Changing and cancelling before the start; a no-go as well once the buttons for it are gone. */
export function beforeStartMenu(d: Deployment): Overflow {
  const noGo = d.status === 'scheduled' && d.required.length > 0;
  return overflow(CARD_ACTIONS.more, [
    { text: 'Change…', value: stamp(d, { a: MORE.edit }) },
    ...(mayBeOverridden(d) ? [{ text: 'Start in spite of it…', value: stamp(d, { a: MORE.override }) }] : []),
    ...(noGo ? [{ text: 'No-go…', value: stamp(d, { a: MORE.noGo, ...shown(d) }) }] : []),
    ...(missingSignOffs(d).length > 0
      ? [{ text: 'Delegate my sign-off…', value: stamp(d, { a: MORE.delegate }) }]
      : []),
    ...changeRequestChoice(d),
    { text: 'Cancel this deployment…', value: stamp(d, { a: MORE.cancel }) },
  ]);
}

/** In sight while it is missing, and where the menu has no room for it: a menu holds five choices. */
function changeRequestButtons(d: Deployment): Button[] {
  const asked = d.requirements?.changeRequest === true || d.changeRequest !== undefined;
  if (!asked || (d.status === 'preparing' && !waitsForChangeRequest(d))) return [];
  return [changeRequestButton(d)];
}

/** Changing it, while the menu has room. */
function changeRequestChoice(d: Deployment): { text: string; value: string }[] {
  return d.changeRequest === undefined || d.status !== 'preparing'
    ? []
    : [{ text: 'Change request…', value: stamp(d, { a: MORE.changeRequest }) }];
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

/** Watching longer, while there is a watch to extend; and what an emergency owes. */
export function onTheWayMenu(d: Deployment): Overflow[] {
  const stage = d.stages.at(-1);
  const moving = d.status === 'rolling_out' || d.status === 'held';
  const watching = moving && currentStep(d)?.kind === 'watch' ? stage : undefined;
  const extend = watching
    ? Object.entries(EXTEND_BY).map(([a, by]) => ({
        text: `Watch ${duration(by)} longer`,
        value: stamp(d, { a, n: watching.number }),
      }))
    : [];
  const owed = owedChoices(d);
  // A menu holds five choices; the shorter extension can be chosen again.
  const choices = [...extend.slice(0, MOST_CHOICES - owed.length), ...owed];
  return choices.length === 0 ? [] : [overflow(CARD_ACTIONS.more, choices)];
}

function owedChoices(d: Deployment): { text: string; value: string }[] {
  return [
    ...(owedSignOffs(d).length > 0
      ? [
          { text: 'Go, afterwards', value: stamp(d, { a: MORE.go, ...shown(d) }) },
          { text: 'No-go, afterwards…', value: stamp(d, { a: MORE.noGo, ...shown(d) }) },
        ]
      : []),
    ...(owesWriteUp(d) ? [{ text: 'Write it up…', value: stamp(d, { a: MORE.writeUp }) }] : []),
    ...(owesChangeRequest(d)
      ? [{ text: 'Write change request…', value: stamp(d, { a: MORE.changeRequest }) }]
      : []),
  ];
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

/** What an emergency owes, as buttons: where nothing else is to be done with it. */
export function owedButtons(d: Deployment): (Button | Overflow)[] {
  const buttons = [...(owedSignOffs(d).length > 0 ? [goButton(d), noGoButton(d)] : []), ...toWrite(d)];
  if (buttons.length <= MOST_IN_SIGHT) return buttons;
  const choice = { text: 'Write change request…', value: stamp(d, { a: MORE.changeRequest }) };
  return [...buttons.slice(0, MOST_IN_SIGHT), overflow(CARD_ACTIONS.more, [choice])];
}

/** What its lead owes in writing. */
export function toWrite(d: Deployment): Button[] {
  return [
    ...(owesWriteUp(d) ? [writeUpButton(d)] : []),
    ...(owesChangeRequest(d) ? [changeRequestButton(d)] : []),
  ];
}

/** What can be done now: the likeliest first, the one that moves all traffic last, the rest in a menu. */
export function cardButtons(d: Deployment): ActionsBlockElement[] {
  switch (d.status) {
    case 'preparing':
      return [...changeRequestButtons(d), goButton(d), noGoButton(d), beforeStartMenu(d)];
    case 'scheduled':
      return [...changeRequestButtons(d), beforeStartMenu(d)];
    case 'rolling_out':
      return [...promoteButtons(d), holdButton(d), rollBackButton(d), ...onTheWayMenu(d)];
    case 'held':
      return [resumeButton(d), ...promoteButtons(d), rollBackButton(d), ...onTheWayMenu(d)];
    case 'verifying':
      return [holdButton(d), rollBackButton(d), ...onTheWayMenu(d)];
    case 'observing':
      return [handOverButton(d), rollBackButton(d), ...onTheWayMenu(d)];
    case 'rolling_back':
      return [...explainButtons(d), ...giveUpButtons(d), ...onTheWayMenu(d)];
    case 'rolled_back':
      return [...explainButtons(d), ...owedButtons(d)];
    case 'failed':
      return [againButton(d), ...owedButtons(d)];
    case 'rejected':
    case 'expired':
    case 'cancelled':
      return [againButton(d)];
    case 'handed_over':
      return owedButtons(d);
  }
}
