/** What was said in a channel while nobody listened: Slack delivers nothing twice that it has delivered. */

import type { WebClient } from '@slack/web-api';
import type { Instant } from '../time.ts';
import type { Heard } from './feature.ts';
import { newMessage } from './payloads.ts';

/** New messages of others, the newest first; `since` is a time of Slack's. */
export type SaidSince = (channel: string, since: Instant) => Promise<Heard[]>;

/** More than this in half an hour is no channel that somebody reads. */
const MOST = 1_000;

export function createSaidSince(client: WebClient, botId: () => string | undefined): SaidSince {
  return async (channel, since) => {
    const heard: Heard[] = [];
    let seen = 0;
    let cursor: string | undefined;
    do {
      const page = cursor === undefined ? {} : { cursor };
      const oldest = String(since / 1000);
      const answer = await client.conversations.history({ channel, oldest, limit: 200, ...page });
      const messages = answer.messages ?? [];
      for (const message of messages) {
        const said = message.bot_id === botId() ? undefined : newMessage({ ...message, channel });
        if (said !== undefined) heard.push({ ...said, message });
      }
      seen += messages.length;
      cursor = answer.response_metadata?.next_cursor || undefined;
    } while (cursor !== undefined && seen < MOST);
    return heard;
  };
}
