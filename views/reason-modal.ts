/** The modal that asks for one reason: why hold, why was it rolled back, why cancel, why stop trying. */

import type { InputBlock, ModalView } from '@slack/types';
import { defined, given } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { unseenBeforePromote, unseenBeforeResume } from '../src/deployment/rollout/evidence.ts';
import { expectedWeight } from '../src/deployment/rollout/progress.ts';
import { plain, section } from './blocks.ts';
import { type ButtonValue, decodeButton, encodeButton } from './button-value.ts';
import { byName, release, title } from './deployment-words.ts';
import { nextWords } from './rollout-buttons.ts';
import { inline, momentsIn, traffic } from './text.ts';
import { type FilledView, fieldsOf } from './view-values.ts';

export const REASON_PURPOSES = [
  'hold',
  'explain',
  'cancel',
  'give_up',
  'override',
  'hand_over',
  'promote',
  'resume',
] as const;
export type ReasonPurpose = (typeof REASON_PURPOSES)[number];

export const REASON_MODAL = {
  callback: {
    hold: 'reason.hold',
    explain: 'reason.explain',
    cancel: 'reason.cancel',
    give_up: 'reason.give_up',
    override: 'reason.override',
    hand_over: 'reason.hand_over',
    promote: 'reason.promote',
    resume: 'reason.resume',
  },
  block: 'reason',
  action: 'reason.text',
} as const satisfies { callback: Record<ReasonPurpose, string>; block: string; action: string };

/** More than this is a document, not a reason. */
const MAX_REASON_LENGTH = 500;

interface Wording {
  title: string;
  submit: string;
  label: string;
  placeholder: string;
  /** What stands in the field already. */
  initial?: string;
  /** What is true now, and what happens. */
  says: string;
  optional?: boolean;
}

/** `what` are the ids of the button that opened it. */
export function renderReasonModal(purpose: ReasonPurpose, d: Deployment, what: ButtonValue): ModalView {
  const wording = WORDINGS[purpose](d);
  return {
    type: 'modal',
    callback_id: REASON_MODAL.callback[purpose],
    private_metadata: encodeButton(what),
    title: plain(wording.title, 24),
    submit: plain(wording.submit, 24),
    close: plain('Back', 24),
    blocks: [section(wording.says), reasonInput(REASON_MODAL.block, REASON_MODAL.action, wording)],
  };
}

export function reasonInput(
  block: string,
  action: string,
  {
    label,
    placeholder,
    optional = false,
    initial,
  }: Pick<Wording, 'label' | 'placeholder' | 'optional' | 'initial'>,
): InputBlock {
  return {
    type: 'input',
    block_id: block,
    optional,
    label: plain(label, 100),
    element: {
      type: 'plain_text_input',
      action_id: action,
      multiline: true,
      max_length: MAX_REASON_LENGTH,
      focus_on_load: true,
      placeholder: plain(placeholder, 150),
      ...defined({ initial_value: given(initial, (initial) => initial.slice(0, MAX_REASON_LENGTH)) }),
    },
  };
}

export type ReadReason =
  | { ok: true; button: ButtonValue; reason?: string }
  | { ok: false; errors: Record<string, string> };

export function readReasonModal(purpose: ReasonPurpose, view: FilledView): ReadReason {
  return readReason(view, REASON_MODAL.action, { block: REASON_MODAL.block, needed: purpose !== 'cancel' });
}

export function readReason(
  view: FilledView,
  action: string,
  field: { block: string; needed: boolean },
): ReadReason {
  const button = decodeButton(view.privateMetadata);
  const reason = fieldsOf(view).get(action)?.value;
  if (!button)
    return {
      ok: false,
      errors: { [field.block]: 'This form is from another time. Close it and start again from the card.' },
    };
  if (reason === undefined) {
    return field.needed
      ? { ok: false, errors: { [field.block]: 'Say why in a few words.' } }
      : { ok: true, button };
  }
  return { ok: true, button, reason };
}

const WORDINGS: Record<ReasonPurpose, (d: Deployment) => Wording> = {
  hold: (d) => ({
    title: 'Why is it held?',
    submit: 'Record',
    label: 'Why does it wait?',
    placeholder: 'What you saw, and who is looking at it',
    says: `*${release(d)}* is held already, and stays at ${traffic(d.rollout?.stages.at(-1)?.percent ?? 0)} of traffic until someone resumes it, promotes it or rolls it back. It stays watched.`,
  }),
  explain: (d) => ({
    title: 'Why was it rolled back?',
    submit: 'Record',
    label: 'What happened?',
    placeholder: 'What broke, for whom, and what to look at',
    says: `The rollback of *${release(d)}*${d.rollback ? ` by ${byName(d.rollback.by)}` : ''} needs no reason to run. Those who mend it need one.`,
  }),
  cancel: (d) => ({
    title: 'Cancel this deployment',
    submit: 'Cancel deployment',
    label: 'Why?',
    placeholder: 'For those who were asked for a go',
    says: `*${title(d)}* (${d.id}) ends here, and its sign-offs with it. Nothing has been deployed.`,
    optional: true,
  }),
  give_up: (d) => ({
    title: 'Stop the rollback',
    submit: 'Stop trying',
    label: 'What runs there now, and who put it right?',
    placeholder: 'For example: traffic switched to the old version by hand',
    says: `The backend does not take *${release(d)}* back${d.trouble ? `: ${inline(d.trouble.message, 200)}` : ''}. GoNoGo stops trying and records the rollback as failed. It changes no traffic.`,
  }),
  promote: (d) => ({
    title: 'Promote it',
    submit: 'Promote now',
    label: 'Why can it go on all the same?',
    placeholder: 'What you looked at, and what you saw',
    says: `${inline(unseenBeforePromote(d) ?? 'It passes', 300)}. After this, *${release(d)}* ${nextWords(d)}. It stays watched and can be rolled back.`,
  }),
  resume: (d) => ({
    title: 'Resume it',
    submit: 'Resume',
    label: 'Why can it go on all the same?',
    placeholder: 'What you looked at, and what you saw',
    says: `${inline(unseenBeforeResume(d) ?? 'It passes', 300)}. After this, *${release(d)}* is watched on at ${traffic(expectedWeight(d))} of traffic, and goes on by itself when its stage is over.`,
  }),
  hand_over: (d) => ({
    title: 'Hand it over',
    submit: 'Hand over',
    label: 'Why is it well all the same?',
    placeholder: 'What you looked at instead, and what you saw',
    says: `*${release(d)}* was not seen to be well: ${inline(d.rollout?.finalWatch?.unsettled?.because ?? 'it is still watched', 300)}. After the hand-over GoNoGo stops watching it; /deploy rollback can still take it back.`,
  }),
  override: (d) => ({
    title: 'Start in spite of it',
    submit: 'Override',
    label: 'Why can it not wait?',
    placeholder: 'The record keeps this beside your name',
    says: `*${release(d)}* does not wait any more for: ${(d.start.waiting?.for ?? []).map(({ says }) => momentsIn(inline(says, 400))).join('; ') || 'nothing'}. Locks, and others on their way, stand all the same.`,
  }),
};
