/** Live messages are projections of the record: posted once, and re-rendered when the record has moved past them. */

import type { MessageRow } from '../conductor/ports/live-messages.ts';
import { createPump, type Pump } from '../conductor/pump.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { type Instant, SECOND } from '../time.ts';
import { createBudgets } from './budgets.ts';
import type { Picture } from './charts.ts';
import { createDatedMessages } from './dated-messages.ts';
import { createLinksToCard } from './links-to-card.ts';
import { createDrawMessage, type Drawn } from './message-content.ts';
import { nameOf, queueOf } from './message-names.ts';
import { budgetsOf, createMessageOrder, KEPT_FOR_URGENT, UPDATES } from './message-order.ts';
import { createMessagePace } from './message-pace.ts';
import { createMessagePosting } from './message-posting.ts';
import { createMessageRetries } from './message-retries.ts';
import type { RendererOptions } from './renderer-options.ts';
import { slackErrorCode } from './slack-error.ts';

export function createRenderer(options: RendererOptions): Pump {
  const { stores, clock, log } = options;
  const { messages } = stores;
  const budgets = createBudgets(clock);
  const order = createMessageOrder(messages, budgets, queueOf);
  const dated = createDatedMessages(messages, budgets, order);
  const pace = createMessagePace(clock);
  const retries = createMessageRetries(options, budgets);
  const posting = createMessagePosting(options, budgets);
  const links = createLinksToCard(messages, options.cardLink);
  const draw = createDrawMessage(options);

  return createPump<MessageRow>({
    name: 'renderer',
    clock,
    log,
    concurrency: 8 + KEPT_FOR_URGENT,
    keyOf: queueOf,
    async due(now, except, limit) {
      await dated.freshen();
      const { items, next } = await order.next(now, except, limit);
      return { items, next: soonest(next, budgets.opensAt(now), dated.freshenAt()) };
    },
    run: show,
  });

  async function show(row: MessageRow): Promise<void> {
    const rest = pace.restOf(nameOf(row));
    if (rest > 0) return messages.retryAt(row, clock.now() + rest, '');
    const free = retries.waitsUntil(row);
    if (free !== undefined) return messages.retryAt(row, free, 'waits for the one before it');
    const deployment = row.known ?? (await stores.events.load(row.deployment));
    if (deployment === undefined) throw new Error(`${row.deployment} has messages and is not there`);
    // Slack has begun to refuse them since it was chosen.
    if (budgetsOf(row).some(budgets.isClosed)) return;
    try {
      const outside = 'user' in row.message ? await options.mayNotRead(row.message.user) : undefined;
      if (outside !== undefined) return await retries.unshown(row, deployment, outside);
      if ((await bringUpToDate(row, deployment)) === 'waits') return;
      retries.shown(row);
      if (!('seq' in row.message)) pace.sent(nameOf(row));
    } catch (error) {
      await retries.failed(row, deployment, error);
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
    const drawn = await draw(row, deployment, { picture, dated: dated.mayGrowOld(row, deployment) });
    if (drawn === undefined) return giveUp(row, 'nothing to show');
    const file = picture === undefined ? {} : { file: picture.file };
    const seen = { content: drawn.content, seq: deployment.seq, ...file };
    if (row.ts !== undefined && row.channel !== undefined)
      return update(row, { channel: row.channel, ts: row.ts }, drawn, seen);
    const place = await posting.placeOf(row, deployment);
    if (place === 'never') return giveUp(row, 'its card is not shown either');
    if (place === 'later') {
      await messages.retryAt(row, clock.now() + SECOND, 'its card is not there yet');
      return 'waits';
    }
    const earlier = await posting.postedBefore(row, place);
    if (earlier !== undefined) {
      await messages.shown(row, { ...earlier, seq: row.shown, content: '' });
      return bringUpToDateWith(picture, { ...row, ...earlier, content: '' }, deployment);
    }
    const posted = await posting.post(row, place, drawn.rendered);
    await messages.shown(row, { ...posted, ...seen });
    if (row.message.kind === 'card') await links.cardPosted(deployment.id);
    if (drawn.lacksCard) await links.missing(row);
    if (row.message.kind === 'nudge') await options.onAsked(deployment, row.message);
    return 'settled';
  }

  async function update(
    row: MessageRow,
    place: { channel: string; ts: string },
    { rendered, isDated }: Drawn,
    seen: { content: string; seq: number; file?: string },
  ): Promise<'settled'> {
    if (row.content !== seen.content)
      await budgets.use(UPDATES, () => options.client.chat.update({ ...place, ...rendered }));
    await messages.shown(row, { ...place, ...seen });
    dated.shown(row, isDated);
    return 'settled';
  }

  async function giveUp(row: MessageRow, problem: string): Promise<'settled'> {
    await messages.giveUp(row, problem);
    return 'settled';
  }
}

const soonest = (...times: (Instant | undefined)[]): Instant | undefined =>
  times.reduce(
    (first, at) => (first === undefined || (at !== undefined && at < first) ? at : first),
    undefined,
  );
