/** The dry run (ST-7): `/deploy dry-run …`, the button in the schedule modal, and the way from there to the real request. */

import { randomUUID } from 'node:crypto';
import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { Click, CommandCall, Feature, Origin, Submission, SubmissionEnd } from '../src/slack/feature.ts';
import {
  DRY_RUN,
  readDryRun,
  renderDryRun,
  renderDryRunGaps,
  renderDryRunTrouble,
  renderRehearsing,
} from '../views/dry-run.ts';
import { renderScheduleModal } from '../views/schedule-modal.ts';
import {
  completeSchedule,
  readScheduleState,
  type ScheduleState,
  type SubmittedSchedule,
} from '../views/schedule-state.ts';
import type { CommandContext } from './context.ts';
import { dryRunOf } from './dry-run-content.ts';
import { openSchedule } from './schedule.ts';
import { scheduleShown } from './schedule-context.ts';
import { readWords } from './schedule-words.ts';

export function dryRunning(context: CommandContext): Feature {
  return {
    subCommands: {
      'dry-run': {
        usage: 'dry-run SERVICE VERSION to ENVIRONMENT [at TIME]',
        summary: 'the whole plan, its gates and its messages, with nothing changed',
        run: (call) => typed(context, call),
      },
    },
    clicks: { [DRY_RUN.button]: (click) => pressed(context, click) },
    submissions: { [DRY_RUN.callback]: (submission) => scheduleIt(context, submission) },
  };
}

/** What lacks a word to be rehearsed opens the form, where the rest is chosen. */
async function typed(context: CommandContext, call: CommandCall): Promise<void> {
  const read = await readWords(context, call);
  if (!read.ok) return call.answer(read.answer);
  const { state, notice } = read;
  const complete = completed(state);
  if (!complete.ok || notice !== undefined) {
    const missing = 'Choose what is missing, then press Dry run.';
    const words = notice === undefined ? missing : `${notice} Then press Dry run.`;
    return openSchedule(context, call, state, { notice: words });
  }
  const opened = rehearsing();
  await context.clients.interactive.views.open({ trigger_id: triggerOf(call), view: opened });
  await show(context, call, opened, complete.value, state);
}

async function pressed(context: CommandContext, click: Click): Promise<void> {
  if (click.view === undefined) throw new Error('the button is in a modal, and came without it');
  const complete = completed(readScheduleState(click.view));
  const view = complete.ok ? rehearsing() : renderDryRunGaps(Object.values(complete.problems));
  await context.clients.interactive.views.push({ trigger_id: triggerOf(click), view });
  if (complete.ok) await show(context, click, view, complete.value);
}

/** Named by us: a modal that is open is found again by its name. */
const rehearsing = (): ModalView => ({ ...renderRehearsing(), external_id: `dry-run:${randomUUID()}` });

function triggerOf({ triggerId }: Origin): string {
  if (triggerId === undefined) throw new Error('nothing to open a modal with');
  return triggerId;
}

/** Why it is wanted is for those who approve it: nothing hangs on it here. */
function completed(state: ScheduleState): ReturnType<typeof completeSchedule> {
  return completeSchedule({ ...state, summary: state.summary ?? '' });
}

/** The modal is open already: what takes longer than a trigger lives still finds its place. */
async function show(
  context: CommandContext,
  { userId }: Origin,
  opened: ModalView,
  given: SubmittedSchedule,
  form?: ScheduleState,
): Promise<void> {
  try {
    await update(context, opened, renderDryRun(await dryRunOf(context, userId, given), form));
  } catch (error) {
    await update(context, opened, renderDryRunTrouble());
    throw error;
  }
}

const closed = z.object({ data: z.object({ error: z.literal('not_found') }) });

async function update(
  context: CommandContext,
  { external_id = '' }: ModalView,
  view: ModalView,
): Promise<void> {
  try {
    await context.clients.interactive.views.update({ external_id, view: { ...view, external_id } });
  } catch (error) {
    if (!closed.safeParse(error).success) throw error;
    context.log.debug({ view: external_id }, 'a dry run was closed before it was there');
  }
}

async function scheduleIt(context: CommandContext, { view, userId }: Submission): Promise<SubmissionEnd> {
  const { state, about } = await scheduleShown(context, readDryRun(view), userId);
  return { kind: 'update', view: renderScheduleModal(state, about) };
}
