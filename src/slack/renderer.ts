/** Live messages are projections of the record: posted once, and re-rendered when the record has moved past them. */

import { createHash } from 'node:crypto';
import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { MessageRow } from '../conductor/ports/live-messages.ts';
import type { Stores } from '../conductor/ports/stores.ts';
import { createPump, type Pump } from '../conductor/pump.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { type LiveMessage, messageKey } from '../deployment/effects.ts';
import type { DeploymentEvent } from '../deployment/events.ts';
import type { Log } from '../log.ts';
import { type Clock, type Duration, type Instant, MINUTE, SECOND } from '../time.ts';
import { createBudgets } from './budgets.ts';
import type { Picture } from './charts.ts';
import { failureOf } from './failure.ts';
import { budgetsOf, CONVERSATIONS, createMessageOrder, KEPT_FOR_URGENT, UPDATES } from './message-order.ts';
import { createFindPosted, type Place, type PostedAs } from './posted-before.ts';
import { rateLimitWait } from './rate-limit.ts';
import { slackErrorCode } from './slack-error.ts';

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
  /** The time of the record, which a message names. */
  record: Pick<Clock, 'now'>;
  /** What a message shows now; undefined where it has nothing to show. */
  render(
    message: LiveMessage,
    deployment: Deployment,
    event: DeploymentEvent | undefined,
    more: {
      picture: Picture | undefined;
      checkpoint: string | undefined;
      stillIn: readonly string[] | undefined;
      card: string | undefined;
      asOf?: Instant;
    },
  ): Rendered | undefined;
  /** Other environments that run the version of a deployment now. */
  stillIn(deployment: Deployment): Promise<string[]>;
  /** Where the card is in a browser; undefined until it is posted. */
  cardLink(deployment: string): Promise<string | undefined>;
  /** Why this person may be told nothing, now; undefined where they may (CH-6). */
  mayNotRead(userId: string): Promise<string | undefined>;
  /** An uploaded picture that belongs to the message. */
  pictureOf(row: MessageRow): Promise<Picture | undefined>;
  /** A message cannot be shown where it belongs: somebody has to know. Said once. */
  onUnshown(deployment: Deployment, message: LiveMessage, problem: string): void;
  /** Somebody was asked in a message of their own, which Slack takes for whoever has left as well. */
  onAsked(deployment: Deployment, message: Extract<LiveMessage, { kind: 'nudge' }>): Promise<void>;
  point?(name: string): void;
}

/** The same message is not sent more often than this: a burst of events costs one update. */
const AT_MOST_EVERY: Duration = SECOND;
const MAX_WAIT: Duration = 30 * SECOND;
const METADATA_TYPE = 'gonogo_message';
/** A person can mend the place, by an invitation: a channel is tried again after this long. */
const MENDED_WITHIN: Duration = MINUTE;
/** So many that wait behind it, while Slack refuses some, and a card says how old it is. */
const MANY = 10;
const OLD = ':as-of';

export function createRenderer(options: RendererOptions): Pump {
  const { stores, clock, log } = options;
  /** Tries in a row that came to nothing, by message. */
  const tries = new Map<string, number>();
  const unshowable = new Set<string>();
  /** Until when a deployment's channel takes no new message: what comes after one that failed waits with it. */
  const blocked = new Map<string, Instant>();
  const budgets = createBudgets(clock);
  const findPosted = createFindPosted(options);
  /** The conversations with people, which stay the same. */
  const conversations = new Map<string, string>();
  const lastSent = new Map<string, number>();
  const keyOf = (row: MessageRow): string => ('user' in row.message ? nameOf(row) : row.deployment);
  /** Messages to people that went out before there was a card that they could link to, by deployment. */
  const withoutCard = new Map<string, MessageRow[]>();
  /** Those that say how old they are. */
  const old = new Map<string, MessageRow>();
  const order = createMessageOrder(stores.messages, budgets, keyOf);

  return createPump<MessageRow>({
    name: 'renderer',
    clock,
    log,
    concurrency: 8 + KEPT_FOR_URGENT,
    // A deployment's channel messages go out one after the other, so that its thread reads in order.
    keyOf,
    async due(now, except, limit) {
      await freshen();
      const items = await order.next(now, except, limit);
      const next = soonest(
        await stores.messages.nextAt(now),
        budgets.opensAt(now),
        old.size > 0 ? budgets.plentyAt(UPDATES) : undefined,
      );
      return { items, next };
    },
    run: (row) => show(row),
  });

  /** Slack takes what there is again: nothing has to say any more how old it is. */
  async function freshen(): Promise<void> {
    if (old.size === 0 || budgets.isScarce(UPDATES)) return;
    const rows = [...old.values()];
    old.clear();
    for (const row of rows) await stores.messages.again(row);
  }

  /** What was sent longer ago than a message rests is of no more use. */
  function remember(key: string): void {
    const now = clock.now();
    // They stand in the order in which they were sent.
    for (const [sent, at] of lastSent) {
      if (at + AT_MOST_EVERY > now) break;
      lastSent.delete(sent);
    }
    lastSent.delete(key);
    lastSent.set(key, now);
  }

  async function show(row: MessageRow): Promise<void> {
    const key = nameOf(row);
    const tooSoon = (lastSent.get(key) ?? Number.NEGATIVE_INFINITY) + AT_MOST_EVERY - clock.now();
    if (tooSoon > 0) return stores.messages.retryAt(row, clock.now() + tooSoon, '');
    const free = row.ts === undefined ? blocked.get(keyOf(row)) : undefined;
    if (free !== undefined && free > clock.now())
      return stores.messages.retryAt(row, free, 'waits for the one before it');
    const deployment = await stores.events.load(row.deployment);
    if (deployment === undefined) throw new Error(`${row.deployment} has messages and is not there`);
    // Slack has begun to refuse them since it was chosen.
    if (budgetsOf(row).some(budgets.isClosed)) return;
    try {
      const outside = 'user' in row.message ? await options.mayNotRead(row.message.user) : undefined;
      if (outside !== undefined) return await unshown(row, deployment, outside);
      if ((await bringUpToDate(row, deployment)) === 'waits') return;
      tries.delete(key);
      unshowable.delete(key);
      if (row.ts === undefined) blocked.delete(keyOf(row));
      if (!('seq' in row.message)) remember(key);
    } catch (error) {
      await failed(row, deployment, error);
    }
  }

  async function bringUpToDate(row: MessageRow, deployment: Deployment): Promise<'settled' | 'waits'> {
    const picture = await options.pictureOf(row);
    try {
      return await bringUpToDateWith(picture, row, deployment);
    } catch (error) {
      // Slack has not processed the file yet, or has it no more: the words do not wait for it.
      if (picture === undefined || slackErrorCode(error) !== 'invalid_blocks') throw error;
      return bringUpToDateWith(undefined, row, deployment);
    }
  }

  async function bringUpToDateWith(
    picture: Picture | undefined,
    row: MessageRow,
    deployment: Deployment,
  ): Promise<'settled' | 'waits'> {
    const event = await eventOf(row);
    const more = {
      picture,
      checkpoint: await checkpointOf(row, deployment),
      stillIn: await stillIn(row, deployment),
      card: 'user' in row.message ? await options.cardLink(deployment.id) : undefined,
    };
    const rendered = options.render(row.message, deployment, event, more);
    if (rendered === undefined) return giveUp(row, 'nothing to show');
    const asOf = row.ts !== undefined && mayGrowOld(row, deployment) ? options.record.now() : undefined;
    const shown =
      (asOf === undefined ? rendered : options.render(row.message, deployment, event, { ...more, asOf })) ??
      rendered;
    // Only when it says how old it is does not make it another message.
    const content = `${createHash('sha256').update(JSON.stringify(rendered)).digest('base64url')}${asOf === undefined ? '' : OLD}`;
    const file = picture === undefined ? {} : { file: picture.file };
    const seen = { content, seq: deployment.seq, ...file };
    if (row.ts !== undefined && row.channel !== undefined) {
      const place = { channel: row.channel, ts: row.ts };
      if (row.content !== seen.content)
        await budgets.use(UPDATES, () => options.client.chat.update({ ...place, ...shown }));
      await stores.messages.shown(row, { ...place, ...seen });
      if (asOf !== undefined) old.set(nameOf(row), row);
      else old.delete(nameOf(row));
      return 'settled';
    }
    const place = await placeOf(row, deployment);
    if (place === 'never') return giveUp(row, 'its card is not shown either');
    if (place === 'later') {
      await stores.messages.retryAt(row, clock.now() + SECOND, 'its card is not there yet');
      return 'waits';
    }
    const earlier =
      row.sendingSince === undefined ? undefined : await findPosted(place, postedAs(row), row.sendingSince);
    if (earlier !== undefined) {
      await stores.messages.shown(row, { channel: place.channel, ts: earlier, seq: row.shown, content: '' });
      const found = { ...row, channel: place.channel, ts: earlier, content: '' };
      return bringUpToDateWith(picture, found, deployment);
    }
    const posted = await budgets.use(row.place, () => post(row, place, rendered));
    await stores.messages.shown(row, { ...posted, ...seen });
    if (row.message.kind === 'card') await linkToCard(deployment.id);
    if ('user' in row.message && more.card === undefined) await linkLater(row);
    if (row.message.kind === 'nudge') await options.onAsked(deployment, row.message);
    return 'settled';
  }

  /** A question does not wait for the card, which the channel may refuse: it gets its link afterwards. */
  async function linkLater(row: MessageRow): Promise<void> {
    if ((await options.cardLink(row.deployment)) !== undefined) return stores.messages.again(row);
    withoutCard.set(row.deployment, [...(withoutCard.get(row.deployment) ?? []), row]);
  }

  async function linkToCard(deployment: string): Promise<void> {
    const rows = withoutCard.get(deployment) ?? [];
    withoutCard.delete(deployment);
    for (const row of rows) await stores.messages.again(row);
  }

  /** A question that the card of what was rolled back answers. */
  async function stillIn({ message }: MessageRow, deployment: Deployment): Promise<string[] | undefined> {
    const asks = message.kind === 'card' && deployment.status === 'rolled_back';
    return asks ? options.stillIn(deployment) : undefined;
  }

  async function giveUp(row: MessageRow, problem: string): Promise<'settled'> {
    await stores.messages.giveUp(row, problem);
    return 'settled';
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
      metadata: postedAs(row),
    });
    options.point?.(`message:after:${row.deployment}:${key}`);
    if (answer.ts === undefined) throw new Error('Slack posted a message and did not say where');
    return { channel: answer.channel ?? place.channel, ts: answer.ts };
  }

  /** Only a line of the thread tells it, and only of a deployment that ended. */
  async function checkpointOf(row: MessageRow, deployment: Deployment): Promise<string | undefined> {
    if (row.message.kind !== 'note' || deployment.ending?.at === undefined) return undefined;
    return stores.events.endedIn(deployment.id);
  }

  async function eventOf(row: MessageRow): Promise<DeploymentEvent | undefined> {
    if (!('seq' in row.message)) return undefined;
    const { seq } = row.message;
    return (await stores.events.events(row.deployment, seq)).find((event) => event.seq === seq);
  }

  async function placeOf(row: MessageRow, deployment: Deployment): Promise<Place | 'later' | 'never'> {
    if ('user' in row.message) {
      return { channel: await conversationWith(row.message.user) };
    }
    if (row.message.kind === 'card') return { channel: deployment.terms.details.channel };
    const card = await stores.messages.find(row.deployment, 'card');
    if (card?.channel === undefined || card.ts === undefined) return card?.givenUp ? 'never' : 'later';
    return { channel: card.channel, thread: card.ts };
  }

  async function conversationWith(user: string): Promise<string> {
    const known = conversations.get(user);
    if (known !== undefined) return known;
    try {
      const { channel } = await budgets.use(CONVERSATIONS, () =>
        options.client.conversations.open({ users: user }),
      );
      if (channel?.id === undefined) throw new Error('Slack opened a conversation and did not say which');
      conversations.set(user, channel.id);
      return channel.id;
    } catch (error) {
      const wait = rateLimitWait(error);
      if (wait !== undefined) budgets.refused(CONVERSATIONS, wait);
      throw error;
    }
  }

  /** It is true now, and may not be brought up to date for a while. */
  function mayGrowOld({ message }: MessageRow, { ending }: Deployment): boolean {
    const isLive = message.kind === 'card' && ending?.at === undefined;
    return isLive && budgets.isScarce(UPDATES) && order.waiting() >= MANY;
  }

  /** Twice as long after each try in a row that came to nothing. */
  function waitOf(row: MessageRow): Duration {
    const count = (tries.get(nameOf(row)) ?? 0) + 1;
    tries.set(nameOf(row), count);
    return Math.min(SECOND * 2 ** (count - 1), MAX_WAIT);
  }

  async function retry(
    row: MessageRow,
    wait: Duration,
    problem: string,
    sent: 'no' | 'perhaps',
  ): Promise<void> {
    await waitUntil(row, clock.now() + wait, problem, sent);
  }

  async function waitUntil(
    row: MessageRow,
    at: Instant,
    problem: string,
    sent?: 'no' | 'perhaps',
  ): Promise<void> {
    if (row.ts === undefined) blocked.set(keyOf(row), at);
    await stores.messages.retryAt(row, at, problem, sent);
  }

  async function failed(row: MessageRow, deployment: Deployment, error: unknown): Promise<void> {
    const failure = failureOf(error);
    const { problem } = failure;
    const key = nameOf(row);
    switch (failure.kind) {
      case 'lost':
        log.warn({ key, problem }, 'a live message is gone; it is posted again');
        return stores.messages.lost(row);
      case 'unshowable':
        return unshown(row, deployment, problem);
      case 'passing': {
        const wait = failure.wait ?? waitOf(row);
        log.warn({ key, problem, wait }, 'a message was not shown; trying again');
        if (failure.wait !== undefined) budgets.refused(row.ts === undefined ? row.place : UPDATES, wait);
        return retry(row, wait, problem, failure.sent);
      }
    }
  }

  async function unshown(row: MessageRow, deployment: Deployment, problem: string): Promise<void> {
    const key = nameOf(row);
    if (!unshowable.has(key)) {
      log.error({ key, problem }, 'a message cannot be shown');
      options.onUnshown(deployment, row.message, problem);
    }
    const over = row.message.kind === 'dm' || deployment.ending?.at !== undefined;
    if (over) unshowable.delete(key);
    else unshowable.add(key);
    if (over) await giveUp(row, problem);
    else await retry(row, MENDED_WITHIN, problem, 'no');
  }
}

const postedAs = ({ deployment, message }: MessageRow): PostedAs => ({
  event_type: METADATA_TYPE,
  event_payload: { deployment, key: messageKey(message) },
});

const soonest = (...times: (Instant | undefined)[]): Instant | undefined =>
  times.reduce(
    (first, at) => (first === undefined || (at !== undefined && at < first) ? at : first),
    undefined,
  );

function nameOf(row: MessageRow): string {
  return `${row.deployment}:${messageKey(row.message)}`;
}
