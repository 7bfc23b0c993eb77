/** A post whose answer was lost may have arrived: look before posting again, through all that was posted since. */

import type { WebClient } from '@slack/web-api';
import { type Duration, type Instant, MINUTE } from '../time.ts';

/** Names a message for whoever looks for it. The whole workspace can read it: ids, and nothing else. */
export interface PostedAs {
  event_type: string;
  event_payload: Record<string, string>;
}

export interface Place {
  channel: string;
  thread?: string;
}

/** The ts of the message with this metadata. */
export type FindPosted = (place: Place, as: PostedAs, since: Instant) => Promise<string | undefined>;

/** Slack's clock and ours may differ by this much where we look for a message that may have been posted. */
const CLOCK_SKEW: Duration = 5 * MINUTE;

export function createFindPosted({ client }: { client: WebClient }): FindPosted {
  return async (place, as, since) => {
    const payload = JSON.stringify(as.event_payload);
    const isIt = ({ metadata }: { metadata?: { event_type?: string; event_payload?: object } }): boolean =>
      metadata?.event_type === as.event_type && JSON.stringify(metadata.event_payload) === payload;
    let cursor: string | undefined;
    do {
      const answer = await postedSince(client, place, since, cursor);
      const ts = answer.messages?.find(isIt)?.ts;
      if (ts !== undefined) return ts;
      cursor = answer.response_metadata?.next_cursor || undefined;
    } while (cursor !== undefined);
    return undefined;
  };
}

function postedSince(client: WebClient, { channel, thread }: Place, since: Instant, cursor?: string) {
  const oldest = String((since - CLOCK_SKEW) / 1000);
  const page = cursor === undefined ? {} : { cursor };
  const search = { channel, oldest, include_all_metadata: true, limit: 200, ...page };
  return thread === undefined
    ? client.conversations.history(search)
    : client.conversations.replies({ ...search, ts: thread });
}
