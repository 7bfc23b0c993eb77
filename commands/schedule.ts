/** Asking for a deployment (K-1, K-2): `/deploy …` and the modal it opens, for a new one, the same again, or a change of one. */

import { defined } from '../src/defined.ts';
import { NOT_STARTED } from '../src/deployment/lifecycle.ts';
import { beganFrom } from '../src/deployment/request/lost-update.ts';
import { whereFrom } from '../src/policy/watching.ts';
import type { Click, CommandCall, Feature, Origin } from '../src/slack/feature.ts';
import { renderWatchedOnly } from '../views/answers.ts';
import type { Usage } from '../views/command-answers.ts';
import { CARD_ACTIONS, MORE } from '../views/deployment-actions.ts';
import { HOME_ACTIONS } from '../views/home.ts';
import { SCHEDULE_FIELDS, SCHEDULE_REDRAWS } from '../views/schedule-fields.ts';
import type { ScheduleContext } from '../views/schedule-form.ts';
import { SCHEDULE_BUTTONS } from '../views/schedule-lines.ts';
import { renderScheduleModal, SCHEDULE_MODAL } from '../views/schedule-modal.ts';
import { BLANK_SCHEDULE, comparedValues, type ScheduleState, scheduleOf } from '../views/schedule-state.ts';
import { type CommandContext, clicked, openModal } from './context.ts';
import { scheduleShown } from './schedule-context.ts';
import { suggestServices, suggestVersions } from './schedule-options.ts';
import { redraw } from './schedule-redraw.ts';
import { nothingChangedYet } from './schedule-saving.ts';
import { submitSchedule } from './schedule-submission.ts';
import { readWords } from './schedule-words.ts';

export function scheduling(context: CommandContext): Feature {
  const redraws = [...SCHEDULE_REDRAWS, ...Object.values(SCHEDULE_BUTTONS)].map(
    (action) => [action, (click: Click) => redraw(context, click)] as const,
  );
  return {
    clicks: {
      ...Object.fromEntries(redraws),
      [CARD_ACTIONS.again]: (click) => again(context, click),
      [HOME_ACTIONS.schedule]: (click) =>
        openSchedule(context, click, { ...BLANK_SCHEDULE, lead: click.userId }),
    },
    choices: { [MORE.edit]: (click) => edit(context, click) },
    options: {
      [SCHEDULE_FIELDS.service]: (query) => suggestServices(context, query),
      [SCHEDULE_FIELDS.version]: (query) => suggestVersions(context, query),
    },
    submissions: { [SCHEDULE_MODAL.callback]: (submission) => submitSchedule(context, submission) },
  };
}

/** `/deploy` with no sub-command: the modal, filled in with what was typed. */
export async function schedule(
  context: CommandContext,
  call: CommandCall,
  subCommands: ReadonlyMap<string, Usage>,
): Promise<void> {
  const read = await readWords(context, call, subCommands);
  if (!read.ok) return call.answer(read.answer);
  await openSchedule(context, call, read.state, defined({ notice: read.notice }));
}

export async function openSchedule(
  context: CommandContext,
  origin: Origin,
  asked: ScheduleState,
  known: Partial<Pick<ScheduleContext, 'notice' | 'saving'>> = {},
): Promise<void> {
  const watched = [...context.policy().services.values()];
  const [first] = watched;
  if (first !== undefined && watched.every(({ mode }) => mode === 'watch'))
    return origin.answer(renderWatchedOnly('Every service', whereFrom(first)));
  const { state, about } = await scheduleShown(context, asked, origin.userId);
  await openModal(context, origin, renderScheduleModal(state, { ...about, ...known }));
}

async function edit(context: CommandContext, click: Click): Promise<void> {
  const found = await clicked(context, click);
  if (!found) return;
  const { deployment } = found;
  if (!NOT_STARTED.has(deployment.status)) {
    return click.answer({
      text: `${deployment.id} can't be changed any more: it has started or ended. The card shows where it is.`,
    });
  }
  const { id, seq, terms } = deployment;
  const state = scheduleOf(deployment);
  const revises = { d: id, s: seq, began: beganFrom(comparedValues(state)) };
  // Who opens it wants to change something: nothing lies folded away.
  const metadata = { channel: terms.details.channel, unfolded: true as const, revises };
  await openSchedule(context, click, { ...state, metadata }, { saving: nothingChangedYet(deployment) });
}

/** Deploying again begins from what was asked before, its contract with it, with a start of its own. */
async function again(context: CommandContext, click: Click): Promise<void> {
  const found = await clicked(context, click);
  if (!found) return;
  const { at: _at, ...state } = scheduleOf(found.deployment);
  const { contract, details } = found.deployment.terms;
  const { channel } = details;
  await openSchedule(context, click, {
    ...state,
    when: 'ready',
    metadata: { channel, ...defined({ contract: contract?.id }) },
  });
}
