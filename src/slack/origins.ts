/** How an answer reaches whoever clicked, typed or mentioned: beside the message, as a modal, or directly. */

import type { RespondFn } from '@slack/bolt';
import type { z } from 'zod';
import { within } from '../conductor/deadline.ts';
import { defined } from '../defined.ts';
import { type Duration, SECOND } from '../time.ts';
import type { Answer, Origin } from './feature.ts';
import type { mentionPayload } from './payloads.ts';
import type { SubmissionOptions } from './submissions.ts';

/** With what an answer is given. */
export type Answering = Pick<SubmissionOptions, 'interactive' | 'answerView' | 'log'>;

/** Bolt waits for a response_url as long as the network does. */
const ANSWERED_WITHIN: Duration = 2.5 * SECOND;

export function originOf(
  payload: { user: { id: string; team_id?: string | undefined }; trigger_id?: string | undefined },
  options: Answering,
  respond?: RespondFn,
): Origin {
  const triggerId = payload.trigger_id;
  const userId = payload.user.id;
  /** Its trigger is good for 3 s and once; after that a direct message is the way that is left. */
  const inModal = async (answer: Answer): Promise<void> => {
    try {
      if (triggerId === undefined) throw new Error('it came without a trigger');
      await options.interactive.views.open({ trigger_id: triggerId, view: options.answerView(answer) });
    } catch (error) {
      options.log.warn(
        { err: error, user: userId },
        'an answer did not open as a modal; it is sent directly',
      );
      await options.interactive.chat.postMessage({ channel: userId, ...answer });
    }
  };
  return {
    userId,
    ...defined({ teamId: payload.user.team_id, triggerId }),
    answer: async (answer) => {
      if (respond === undefined) return inModal(answer);
      try {
        await privately(respond, answer);
      } catch (error) {
        options.log.warn(
          { err: error },
          'an answer did not go out beside the message; it is shown as a modal',
        );
        await inModal(answer);
      }
    },
  };
}

/** A mention brings neither a trigger nor a response_url: the person is told beside it, in its thread. */
export function mentionOrigin(
  { user, user_team: team, channel, thread_ts: thread }: z.infer<typeof mentionPayload>,
  options: Answering,
): Origin {
  return {
    userId: user,
    ...defined({ teamId: team }),
    answer: async (answer) => {
      const at = thread === undefined ? {} : { thread_ts: thread };
      await options.interactive.chat.postEphemeral({ channel, user, ...at, ...answer });
    },
  };
}

async function privately(respond: RespondFn, answer: Answer): Promise<void> {
  const saying = respond({ response_type: 'ephemeral', replace_original: false, ...answer });
  await within(ANSWERED_WITHIN, 'the response_url', () => Promise.resolve(saying));
}
