/** The form after a choice: what hangs on it is filled in and drawn anew (K-2). */

import { defined } from '../src/defined.ts';
import type { Click } from '../src/slack/feature.ts';
import { SCHEDULE_FIELDS } from '../views/schedule-fields.ts';
import { SCHEDULE_BUTTONS } from '../views/schedule-lines.ts';
import { renderScheduleModal } from '../views/schedule-modal.ts';
import { readScheduleState, type ScheduleState } from '../views/schedule-state.ts';
import type { CommandContext } from './context.ts';
import { scheduleShown } from './schedule-context.ts';
import { savingOf } from './schedule-saving.ts';
import { ofService, suggestsAnew, withOnCallThere, withSuggestion } from './schedule-suggestions.ts';

/** A choice was made: what hangs on it is drawn anew, and only that. */
export async function redraw(context: CommandContext, click: Click): Promise<void> {
  const { view, userId } = click;
  if (view === undefined) return;
  const asked = await changedBy(context, click, readScheduleState(view));
  const suggested = suggestsAnew(context, click, asked) ? withSuggestion(context, asked) : asked;
  return draw(context, view, suggested, userId);
}

/** What a click changes beside what Slack holds of the fields. */
async function changedBy(
  context: CommandContext,
  click: Click,
  state: ScheduleState,
): Promise<ScheduleState> {
  switch (click.actionId) {
    case SCHEDULE_FIELDS.service:
      return ofService(context, state, click.value, click.userId);
    case SCHEDULE_BUTTONS.unfold:
      return { ...state, metadata: { ...state.metadata, unfolded: true } };
    case SCHEDULE_BUTTONS.goThereFirst:
      return withOnCallThere(context, {
        ...state,
        environment: click.value,
        metadata: { ...state.metadata, sentTo: click.value },
      });
    case SCHEDULE_FIELDS.environment:
      return withOnCallThere(context, state);
    default:
      return state;
  }
}

async function draw(
  context: CommandContext,
  view: NonNullable<Click['view']>,
  asked: ScheduleState,
  userId: string,
): Promise<void> {
  const [{ state, about }, saving] = await Promise.all([
    scheduleShown(context, asked, userId),
    savingOf(context, asked, userId),
  ]);
  await context.clients.interactive.views.update({
    view_id: view.id,
    hash: view.hash,
    view: renderScheduleModal(state, { ...about, ...defined({ saving }) }),
  });
}
