/** Which surface takes what; a type that is not listed may stand on all three. */
import type { Surface } from './rule.ts';

export const MAX_BLOCKS: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };

/**
 * Slack's reference names surfaces on each type's own page. Where its pages contradict each other or its SDKs, the
 * narrower reading stands here, so that what passes does pass at Slack: `alert` is for modals only
 * (slackapi/node-slack-sdk#2567), and tables are drawn in messages only.
 */
export const ONLY_ON: ReadonlyMap<string, readonly Surface[]> = new Map<string, readonly Surface[]>([
  ['alert', ['modal']],
  ['card', ['message', 'home']],
  ['carousel', ['message', 'home']],
  ['container', ['message', 'home']],
  ['context_actions', ['message']],
  ['data_table', ['message']],
  // Slack adds it to messages that carry a remote file; an app cannot.
  ['file', []],
  ['markdown', ['message']],
  ['plan', ['message']],
  ['table', ['message']],
  ['task_card', ['message']],

  ['datetimepicker', ['message', 'modal']],
  ['email_text_input', ['modal']],
  ['feedback_buttons', ['message']],
  ['file_input', ['modal']],
  ['icon_button', ['message']],
  ['number_input', ['modal']],
  ['rich_text_input', ['modal', 'home']],
  ['url_text_input', ['modal']],
  ['workflow_button', ['message']],
]);
