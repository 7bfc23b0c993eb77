/** Live messages are projections of the record: posted once, and re-rendered when the record has moved past them. */

import { createHash } from 'node:crypto';
import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { MessageRow, Stores } from '../conductor/ports.ts';
import { createPump, type Pump } from '../conductor/pump.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { type LiveMessage, messageKey } from '../deployment/effects.ts';
import type { DeploymentEvent } from '../deployment/events.ts';
import type { Log } from '../log.ts';
import { type Clock, type Duration, MINUTE, SECOND } from '../time.ts';
import { rateLimitWait, slackErrorCode } from './slack-error.ts';

export interface Rendered {
  text: string;
  blocks: KnownBlock[];
}

export interface RendererOptions {
  stores: Stores;
  client: WebClient;
  log: Log;
  /** Real time: Slack's limits know no other. */
  clock: Clock;
  /** What a message shows now; undefined where it has nothing to show. */
  render(
    message: LiveMessage,
    deployment: Deployment,
    event: DeploymentEvent | undefined,
  ): Rendered | undefined;
  /** A message can never be shown: somebody has to know. */
  onGivenUp(deployment: Deployment, message: LiveMessage, problem: string): void;
  point?(name: string): void;
}

interface Place {
  channel: string;
  thread?: string;
}

/** The same message is not sent more often than this: a burst of events costs one update. */
const AT_MOST_EVERY: Duration = SECOND;
const LONGEST_WAIT: Duration = 30 * SECOND;
/** Slack's clock and ours may differ by this much where we look for a message that may have been posted. */
const CLOCK_SKEW: Duration = 5 * MINUTE;
const METADATA_TYPE = 'gonogo_message';
/** Trying again would give the same answer. */
const HOPELESS = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'restricted_action',
  'user_not_found',
  'user_disabled',
  'cannot_dm_bot',
  'account_inactive',
  'missing_scope',
]);

export function createRenderer(options: RendererOptions): Pump {
  const { stores, clock, log } = options;
  const failures = new Map<string, number>();
  const lastSent = new Map<string, number>();
  const keyOf = (row: MessageRow): string =>
    'user' in row.message ? `${row.deployment}:${messageKey(row.message)}` : row.deployment;

  return createPump<MessageRow>({
    name: 'renderer',
    clock,
    log,
    concurrency: 8,
    // A deployment's channel messages go out one after the other, so that its thread reads in order.
    keyOf,
    due: async (now, except, limit) =>
      (await stores.messages.stale(now, limit + except.size * 4)).filter((row) => !except.has(keyOf(row))),
    nextAt: () => stores.messages.nextAt(),
    run: (row) => show(row),
  });

  async function show(row: MessageRow): Promise<void> {
    const key = `${row.deployment}:${messageKey(row.message)}`;
    const tooSoon = (lastSent.get(key) ?? Number.NEGATIVE_INFINITY) + AT_MOST_EVERY - clock.now();
    if (tooSoon > 0) return stores.messages.retryAt(row, clock.now() + tooSoon, '');
    const deployment = await stores.events.load(row.deployment);
    if (deployment === undefined) throw new Error(`${row.deployment} has messages and is not there`);
    try {
      await bringUpToDate(row, deployment);
      failures.delete(key);
      if (!('seq' in row.message)) lastSent.set(key, clock.now());
      if (deployment.endedAt !== undefined) lastSent.delete(key);
    } catch (error) {
      await failed(row, deployment, key, error);
    }
  }

  async function bringUpToDate(row: MessageRow, deployment: Deployment): Promise<void> {
    const rendered = options.render(row.message, deployment, await eventOf(row));
    if (rendered === undefined) return stores.messages.giveUp(row, 'nothing to show');
    const content = createHash('sha256').update(JSON.stringify(rendered)).digest('base64url');
    const seen = { content, seq: deployment.seq };
    if (row.ts !== undefined && row.channel !== undefined) {
      const place = { channel: row.channel, ts: row.ts };
      if (row.content !== content) await options.client.chat.update({ ...place, ...rendered });
      return stores.messages.shown(row, { ...place, ...seen });
    }
    const place = await placeOf(row, deployment);
    if (place === undefined)
      return stores.messages.retryAt(row, clock.now() + SECOND / 4, 'its card is not there yet');
    const earlier = row.sendingSince === undefined ? undefined : await lookFor(row, place, row.sendingSince);
    if (earlier !== undefined) {
      await stores.messages.shown(row, { channel: place.channel, ts: earlier, seq: row.shown, content: '' });
      return bringUpToDate({ ...row, channel: place.channel, ts: earlier, content: '' }, deployment);
    }
    const posted = await post(row, place, rendered);
    return stores.messages.shown(row, { ...posted, ...seen });
  }

  async function post(
    row: MessageRow,
    place: Place,
    rendered: Rendered,
  ): Promise<{ channel: string; ts: string }> {
    const key = messageKey(row.message);
    await stores.messages.sending(row, clock.now());
    options.point?.(`message:before:${row.deployment}:${key}`);
    const broadcast = row.message.kind === 'note' && row.message.broadcast;
    const answer = await options.client.chat.postMessage({
      channel: place.channel,
      ...rendered,
      ...(place.thread === undefined
        ? {}
        : broadcast
          ? { thread_ts: place.thread, reply_broadcast: true }
          : { thread_ts: place.thread }),
      unfurl_links: false,
      unfurl_media: false,
      metadata: { event_type: METADATA_TYPE, event_payload: { deployment: row.deployment, key } },
    });
    options.point?.(`message:after:${row.deployment}:${key}`);
    if (answer.ts === undefined) throw new Error('Slack posted a message and did not say where');
    return { channel: answer.channel ?? place.channel, ts: answer.ts };
  }

  async function eventOf(row: MessageRow): Promise<DeploymentEvent | undefined> {
    if (!('seq' in row.message)) return undefined;
    const { seq } = row.message;
    return (await stores.events.events(row.deployment, seq)).find((event) => event.seq === seq);
  }

  async function placeOf(row: MessageRow, deployment: Deployment): Promise<Place | undefined> {
    if ('user' in row.message) {
      const opened = await options.client.conversations.open({ users: row.message.user });
      if (opened.channel?.id === undefined)
        throw new Error('Slack opened a conversation and did not say which');
      return { channel: opened.channel.id };
    }
    if (row.message.kind === 'card') return { channel: deployment.details.channel };
    const card = await stores.messages.find(row.deployment, 'card');
    return card?.channel === undefined || card.ts === undefined
      ? undefined
      : { channel: card.channel, thread: card.ts };
  }

  /** A post whose answer was lost may have arrived: look before posting again. */
  async function lookFor(row: MessageRow, place: Place, since: number): Promise<string | undefined> {
    const oldest = String((since - CLOCK_SKEW) / 1000);
    const search = { channel: place.channel, oldest, include_all_metadata: true, limit: 200 };
    const answer =
      place.thread === undefined
        ? await options.client.conversations.history(search)
        : await options.client.conversations.replies({ ...search, ts: place.thread });
    const key = messageKey(row.message);
    return answer.messages?.find(({ metadata }) => {
      const payload = metadata?.event_type === METADATA_TYPE ? metadata.event_payload : undefined;
      return JSON.stringify(payload) === JSON.stringify({ deployment: row.deployment, key });
    })?.ts;
  }

  async function failed(row: MessageRow, deployment: Deployment, key: string, error: unknown): Promise<void> {
    const code = slackErrorCode(error);
    const problem = code ?? (error instanceof Error ? error.message : String(error));
    if (code === 'message_not_found') {
      log.warn({ key }, 'somebody deleted a live message; it is posted again');
      return stores.messages.lost(row);
    }
    if (code !== undefined && HOPELESS.has(code)) {
      log.error({ key, problem }, 'a message cannot be shown');
      await stores.messages.giveUp(row, problem);
      return options.onGivenUp(deployment, row.message, problem);
    }
    const count = (failures.get(key) ?? 0) + 1;
    failures.set(key, count);
    const wait = rateLimitWait(error) ?? Math.min(SECOND * 2 ** (count - 1), LONGEST_WAIT);
    log.warn({ key, problem, wait }, 'a message was not shown; trying again');
    await stores.messages.retryAt(row, clock.now() + wait, problem);
  }
}
