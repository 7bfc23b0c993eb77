/** Steering a rollout (ST-6): promote, hold, resume, watch longer, hand over, cancel; by button or by word. */

import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Intent } from '../src/deployment/intents.ts';
import { CAN_HOLD, NOT_STARTED, type Status } from '../src/deployment/lifecycle.ts';
import { stagesBegun } from '../src/deployment/rollout/progress.ts';
import type {
  Click,
  CommandCall,
  Feature,
  SubCommand,
  Submission,
  SubmissionEnd,
} from '../src/slack/feature.ts';
import type { ButtonValue } from '../views/button-value.ts';
import { CARD_ACTIONS, EXTEND_BY, MORE } from '../views/deployment-actions.ts';
import {
  REASON_MODAL,
  type ReasonPurpose,
  readReasonModal,
  renderReasonModal,
} from '../views/reason-modal.ts';
import { quote } from '../views/text.ts';
import { type CommandContext, carryOut, clicked, openModal, submit } from './context.ts';
import { findDeployment } from './find.ts';

export function rollout(context: CommandContext): Feature {
  const on = (intent: (deployment: Deployment, value: ButtonValue) => Intent) => async (click: Click) => {
    const found = await clicked(context, click);
    if (found) await carryOut(context, click, found.deployment.id, intent(found.deployment, found.value));
  };
  /** Where what was seen does not speak for it, why is asked first. */
  const orAsk =
    (purpose: ReasonPurpose, intent: (deployment: Deployment, value: ButtonValue) => Intent) =>
    async (click: Click) => {
      const found = await clicked(context, click);
      if (!found) return;
      const { deployment, value } = found;
      const ask = () => openModal(context, click, renderReasonModal(purpose, deployment, value));
      await carryOut(context, click, deployment.id, intent(deployment, value), ask);
    };
  return {
    clicks: {
      [CARD_ACTIONS.promote]: orAsk('promote', (d, { n }) => ({
        kind: 'promote',
        stage: n ?? stagesBegun(d).length,
      })),
      [CARD_ACTIONS.resume]: orAsk('resume', () => ({ kind: 'resume' })),
      [CARD_ACTIONS.acceptDrift]: on((_d, { n = 0 }) => ({ kind: 'accept_drift', seen: n })),
      [CARD_ACTIONS.handOver]: orAsk('hand_over', () => ({ kind: 'hand_over' })),
      // It acts at once: while a reason is typed, traffic would go on.
      [CARD_ACTIONS.hold]: on(() => ({ kind: 'hold', reason: '' })),
      [CARD_ACTIONS.explainHold]: (click) => askWhy(context, click, 'hold'),
    },
    choices: {
      [MORE.explainHold]: (click) => askWhy(context, click, 'hold'),
      [MORE.cancel]: (click) => askWhy(context, click, 'cancel'),
      [MORE.override]: (click) => askWhy(context, click, 'override'),
      [MORE.extendShort]: on(() => ({ kind: 'extend', by: EXTEND_BY[MORE.extendShort] })),
      [MORE.extendLong]: on(() => ({ kind: 'extend', by: EXTEND_BY[MORE.extendLong] })),
    },
    submissions: {
      [REASON_MODAL.callback.promote]: (submission) =>
        reasoned(context, submission, 'promote', (reason, { n = 0 }) => ({
          kind: 'promote',
          stage: n,
          ...defined({ reason }),
        })),
      [REASON_MODAL.callback.resume]: (submission) =>
        reasoned(context, submission, 'resume', (reason) => ({ kind: 'resume', ...defined({ reason }) })),
      [REASON_MODAL.callback.hand_over]: (submission) =>
        reasoned(context, submission, 'hand_over', (reason) => ({
          kind: 'hand_over',
          ...defined({ reason }),
        })),
      [REASON_MODAL.callback.override]: (submission) =>
        reasoned(context, submission, 'override', (reason) => ({ kind: 'override', reason: reason ?? '' })),
      [REASON_MODAL.callback.hold]: (submission) =>
        reasoned(context, submission, 'hold', (reason) => ({ kind: 'explain_hold', reason: reason ?? '' })),
      [REASON_MODAL.callback.cancel]: (submission) =>
        reasoned(context, submission, 'cancel', (reason) => ({
          kind: 'cancel',
          ...defined({ reason }),
        })),
    },
    subCommands: {
      promote: subCommand(
        context,
        'promote',
        'go on to the next stage now',
        new Set(['rolling_out', 'held']),
        (d, reason) => ({ kind: 'promote', stage: stagesBegun(d).length, reason }),
        'promote',
      ),
      hold: subCommand(context, 'hold', 'stop where it is, and keep watching', CAN_HOLD, (_d, reason) => ({
        kind: 'hold',
        reason,
      })),
      resume: subCommand(
        context,
        'resume',
        'go on after a hold',
        new Set(['held']),
        (_d, reason) => ({ kind: 'resume', reason }),
        'resume',
      ),
      withdraw: subCommand(context, 'withdraw', 'take your go back before the start', NOT_STARTED, () => ({
        kind: 'withdraw',
      })),
      cancel: subCommand(context, 'cancel', 'take back what has not started', NOT_STARTED, (_d, reason) => ({
        kind: 'cancel',
        ...(reason === '' ? {} : { reason }),
      })),
    },
  };
}

/** Opens the modal that asks for the reason. */
export async function askWhy(context: CommandContext, click: Click, purpose: ReasonPurpose): Promise<void> {
  const found = await clicked(context, click);
  if (found) await openModal(context, click, renderReasonModal(purpose, found.deployment, found.value));
}

/** What the reason was given for is carried out. */
export async function reasoned(
  context: CommandContext,
  submission: Submission,
  purpose: ReasonPurpose,
  intent: (reason: string | undefined, button: ButtonValue) => Intent,
): Promise<SubmissionEnd> {
  const read = readReasonModal(purpose, submission.view);
  if (!read.ok) return { kind: 'errors', errors: read.errors };
  return submit(context, submission, read.button.d, REASON_MODAL.block, intent(read.reason, read.button));
}

/** `/deploy hold checkout looking at a log line`: the service or id first, the rest is the reason. */
function subCommand(
  context: CommandContext,
  verb: string,
  summary: string,
  statuses: ReadonlySet<Status>,
  intent: (deployment: Deployment, reason: string) => Intent,
  /** What is asked for in a modal where a reason is missing. */
  asks?: 'promote' | 'resume',
): SubCommand {
  const keepsReason = verb !== 'withdraw';
  const usage = `${verb} SERVICE [ENVIRONMENT]|D-1042${keepsReason ? ' [because REASON]' : ''}`;
  return {
    usage,
    summary,
    run: (call) =>
      run(context, call, { statuses, usage, that: `you could ${verb}`, asks, keepsReason }, intent),
  };
}

async function run(
  context: CommandContext,
  call: CommandCall,
  search: {
    statuses: ReadonlySet<Status>;
    usage: string;
    that: string;
    asks: 'promote' | 'resume' | undefined;
    keepsReason: boolean;
  },
  intent: (deployment: Deployment, reason: string) => Intent,
): Promise<void> {
  const found = await findDeployment(context, { ...search, text: call.text, typed: call.typed });
  if (!found.ok) return call.answer(found.answer);
  const {
    id,
    terms: { envelope },
  } = found.deployment;
  const { asks } = search;
  const ask =
    asks &&
    (() => openModal(context, call, renderReasonModal(asks, found.deployment, stampOf(found.deployment))));
  const outcome = await carryOut(context, call, id, intent(found.deployment, found.reason), ask);
  if (outcome?.kind === 'accepted') {
    const said =
      found.reason === ''
        ? ''
        : ` ${search.keepsReason ? 'The record says why' : 'This is not kept'}: ${quote(found.reason, 300)}.`;
    await call.answer({
      text: `Done: ${id}, ${envelope.service} ${envelope.version} to ${envelope.environment}. Its card shows it.${said}`,
    });
  }
}

/** What a button of its card would carry. */
function stampOf(d: Deployment): ButtonValue {
  const { length: n } = stagesBegun(d);
  return { d: d.id, ...(n === 0 ? {} : { n }) };
}
