/** What the buttons of a deployment are called where they are clicked, and what each carries. */

import type { Button } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import { type Duration, HOUR, MINUTE } from '../src/time.ts';
import { type ButtonOptions, button } from './blocks.ts';
import { type ButtonValue, encodeButton } from './button-value.ts';

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

/** A button about a deployment; `more` is what it carries beside which one that is. */
export function deploymentButton(
  d: Deployment,
  action: keyof typeof CARD_ACTIONS,
  { more = {}, ...options }: Omit<ButtonOptions, 'action' | 'value'> & { more?: Omit<ButtonValue, 'd'> },
): Button {
  return button({ action: CARD_ACTIONS[action], value: stamp(d, more), ...options });
}

export const shown = (d: Deployment): { h?: string } => {
  const hash = d.envelopeHash.slice(0, 12);
  return /^[0-9a-f]{12}$/.test(hash) ? { h: hash } : {};
};

export const ofRole = (role: string | undefined): { r?: string } => (role === undefined ? {} : { r: role });
