/** Where a live message belongs, and how it gets there: once, also where the answer to an earlier try was lost. */

import type { MessageRow } from '../conductor/ports/live-messages.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { messageKey } from '../deployment/effects.ts';
import type { Budgets } from './budgets.ts';
import { CONVERSATIONS } from './message-order.ts';
import { createFindPosted, type Place, type PostedAs } from './posted-before.ts';
import { rateLimitWait } from './rate-limit.ts';
import type { Rendered, RendererOptions } from './renderer-options.ts';

export interface MessagePosting {
  /** `later` and `never`: as its card is not there yet, or not shown either. */
  placeOf(row: MessageRow, deployment: Deployment): Promise<Place | 'later' | 'never'>;
  /** Where it is, if an earlier post of it has arrived after all. */
  postedBefore(row: MessageRow, place: Place): Promise<{ channel: string; ts: string } | undefined>;
  post(row: MessageRow, place: Place, rendered: Rendered): Promise<{ channel: string; ts: string }>;
}

const METADATA_TYPE = 'gonogo_message';

export function createMessagePosting(
  { stores, client, clock, point }: Pick<RendererOptions, 'stores' | 'client' | 'clock' | 'point'>,
  budgets: Budgets,
): MessagePosting {
  const { messages } = stores;
  const findPosted = createFindPosted({ client });
  /** With people; they stay the same. */
  const conversations = new Map<string, string>();

  async function conversationWith(user: string): Promise<string> {
    const known = conversations.get(user);
    if (known !== undefined) return known;
    try {
      const { channel } = await budgets.use(CONVERSATIONS, () => client.conversations.open({ users: user }));
      if (channel?.id === undefined) throw new Error('Slack opened a conversation and did not say which');
      conversations.set(user, channel.id);
      return channel.id;
    } catch (error) {
      const wait = rateLimitWait(error);
      if (wait !== undefined) budgets.refused(CONVERSATIONS, wait);
      throw error;
    }
  }

  async function send(row: MessageRow, place: Place, rendered: Rendered) {
    const key = messageKey(row.message);
    await messages.sending(row, clock.now());
    point?.(`message:before:${row.deployment}:${key}`);
    const answer = await client.chat.postMessage({
      channel: place.channel,
      ...rendered,
      ...threadOf(row, place),
      unfurl_links: false,
      unfurl_media: false,
      metadata: postedAs(row),
    });
    point?.(`message:after:${row.deployment}:${key}`);
    if (answer.ts === undefined) throw new Error('Slack posted a message and did not say where');
    return { channel: answer.channel ?? place.channel, ts: answer.ts };
  }

  return {
    async placeOf({ deployment: id, message }, { terms }) {
      if ('user' in message) return { channel: await conversationWith(message.user) };
      if (message.kind === 'card') return { channel: terms.details.channel };
      const card = await messages.find(id, 'card');
      if (card?.channel === undefined || card.ts === undefined) return card?.givenUp ? 'never' : 'later';
      return { channel: card.channel, thread: card.ts };
    },
    async postedBefore(row, place) {
      if (row.sendingSince === undefined) return undefined;
      const ts = await findPosted(place, postedAs(row), row.sendingSince);
      return ts === undefined ? undefined : { channel: place.channel, ts };
    },
    post: (row, place, rendered) => budgets.use(row.place, () => send(row, place, rendered)),
  };
}

function threadOf({ message }: MessageRow, { thread }: Place) {
  if (thread === undefined) return {};
  const broadcast = message.kind === 'note' && message.broadcast;
  return broadcast ? { thread_ts: thread, reply_broadcast: true } : { thread_ts: thread };
}

const postedAs = ({ deployment, message }: MessageRow): PostedAs => ({
  event_type: METADATA_TYPE,
  event_payload: { deployment, key: messageKey(message) },
});
