/** The judge, asked again: what it would have said of a deployment under the settings of now. */

import type { ModalView } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Replay } from '../src/deployment/rollout/replay.ts';
import { context, plain, section } from './blocks.ts';
import { title } from './deployment-words.ts';
import { replayLines } from './replay-words.ts';
import { inline, timeOfDay, truncateEscaped } from './text.ts';

const REPLAY_MODAL = { callback: 'replay' } as const;

/** Slack takes 3,000 characters in one section. */
const MAX_TEXT_LENGTH = 2_900;

export function renderReplayModal(d: Deployment, replay: Replay): ModalView {
  const lines = replayLines(replay, { time: timeOfDay, words: (text) => inline(text, 200) });
  return {
    type: 'modal',
    callback_id: REPLAY_MODAL.callback,
    title: plain(`Judge ${d.id} again`, 24),
    close: plain('Close', 24),
    blocks: [
      section(`*${title(d)}*`),
      section(truncateEscaped(lines.join('\n'), MAX_TEXT_LENGTH)),
      context(
        'Its measurements under the settings of now, with what was known of the service when it started. Nothing changes by this.',
        '`gonogo judge --last 30d --config FILE` does the same for all, and for settings you try out.',
      ),
    ],
  };
}
