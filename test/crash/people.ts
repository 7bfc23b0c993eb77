/** People at a bot that ends in the middle: what they did and what shows nowhere, they do again. */

import { MINUTE } from '../../src/time.ts';
import { valuesIn } from '../slack/views-in-slack.ts';
import { hasAction, type PlainDriver } from './driver.ts';
import type { MortalBot } from './mortal-bot.ts';
import type { Step } from './orders.ts';

export const CHANNEL = 'C0CHECKOUT2';
const ALERTS = 'C0ALERTS005';
const DANA = 'U0DANA00001';
const OMAR = 'U0OMAR00004';
export const APPROVERS = ['U0TOM000002', 'U0SANA00003', 'U0OMAR00004'];

type Done = (steps: readonly Step[]) => boolean;

const has =
  (what: Step['type']): Done =>
  (steps) =>
    steps.some(({ type }) => type === what);

export class People {
  readonly #bot: MortalBot;
  readonly #slack: PlainDriver;

  constructor(bot: MortalBot, slack: PlainDriver) {
    this.#bot = bot;
    this.#slack = slack;
  }

  async request(version: string, database: string): Promise<void> {
    await this.#until(has('requested'), async () => {
      if ((await this.#slack.view(DANA)) === null)
        await this.#command(DANA, `/deploy checkout ${version} to production`);
      const shown = await this.#slack.view(DANA);
      if (shown === null) return;
      if (database !== 'none') {
        await this.#act('action', { user: DANA, action_id: 'schedule.unfold', view_id: shown.id });
        await this.#bot.rest();
      }
      await this.#submit(DANA, {
        'schedule.summary': 'Adds a way to pay.',
        ...(database !== 'none' && { 'schedule.database': database }),
      });
    });
  }

  async signAll(): Promise<void> {
    for (const user of APPROVERS) {
      const signed: Done = (steps) =>
        steps.some(({ type, by }) => type === 'signed' && by.kind === 'person' && by.id === user);
      await this.#until(signed, () => this.#click(user, 'card.go'));
    }
  }

  /** The second question is only for whoever clicked; where it was lost, they click again. */
  async rollBackTwice(): Promise<void> {
    await this.#until(has('rollback_started'), async () => {
      await this.#click(OMAR, 'card.roll_back');
      await this.#bot.rest();
      await this.#clickOwn(OMAR, 'card.break_data');
    });
  }

  async explain(): Promise<void> {
    await this.#until(has('rollback_explained'), () =>
      this.#answer(OMAR, 'card.explain', { 'reason.text': 'The basket page was empty.' }),
    );
  }

  async review(): Promise<void> {
    await this.#until(has('review_written'), () =>
      this.#answer(DANA, 'card.review', { 'review.cause': 'A slow query.', 'review.actions': 'An index.' }),
    );
  }

  async takeBack(): Promise<void> {
    await this.#until(has('taken_back'), async () => {
      await this.#command(OMAR, '/deploy rollback checkout production');
      await this.#bot.rest();
      await this.#clickOwn(OMAR, 'card.roll_back');
    });
  }

  /** An alert, and time until it is answered in its thread. Answers with what stands there. */
  async alert(): Promise<string[]> {
    const said = { app: 'Monitoring', channel: ALERTS, text: 'checkout answers 503' };
    const { ts } = await this.#act('app-message', said);
    for (let tries = 0; tries < 50; tries += 1) {
      await this.#bot.moveTo(this.#bot.now + MINUTE);
      const [, ...answers] = await this.#slack.messages({ channel: ALERTS, thread_ts: ts });
      // Long enough for whoever would answer it twice.
      if (answers.length > 0 && tries > 8) return answers.map(({ text }) => text);
    }
    throw new Error('the alert was not answered');
  }

  async passUntil(done: Done): Promise<void> {
    await this.#until(done, async () => {
      const { now, nextAt } = this.#bot;
      await this.#bot.moveTo(Math.min(nextAt ?? now + MINUTE, now + MINUTE));
    });
    // Whatever is still on its way to Slack arrives.
    for (let calm = 0; calm < 3; ) calm = (await this.#bot.moveTo(this.#bot.now + 2_000)) ? calm + 1 : 0;
  }

  /** Does it again and again, as people do, until the record shows it. */
  async #until(done: Done, act: () => Promise<unknown>): Promise<void> {
    for (let tries = 0; tries < 500; tries += 1) {
      await this.#bot.settled();
      if (done(this.#bot.steps)) return;
      await act();
    }
    throw new Error('it never came about');
  }

  async #click(user: string, action: string): Promise<void> {
    const messages = await this.#slack.messages({ channel: CHANNEL });
    const card = messages.find(({ blocks }) => hasAction(blocks, action));
    if (card !== undefined)
      await this.#act('action', { user, action_id: action, channel: CHANNEL, ts: card.ts });
  }

  /** On what only they were shown, the newest of it. */
  async #clickOwn(user: string, action: string): Promise<void> {
    const messages = await this.#slack.messages({ channel: CHANNEL, user });
    const shown = messages.findLast(
      ({ ephemeral, blocks }) => ephemeral === user && hasAction(blocks, action),
    );
    if (shown !== undefined)
      await this.#act('action', { user, action_id: action, channel: CHANNEL, ts: shown.ts });
  }

  /** A modal that a button opens, filled in and sent. */
  async #answer(user: string, action: string, values: Record<string, string>): Promise<void> {
    await this.#click(user, action);
    await this.#bot.rest();
    await this.#submit(user, values);
  }

  async #submit(user: string, values: Record<string, string>): Promise<void> {
    const view = await this.#slack.view(user);
    if (view !== null) await this.#act('submit', { user, view_id: view.id, values: valuesIn(view, values) });
  }

  #command(user: string, text: string): Promise<unknown> {
    return this.#act('command', { user, channel: CHANNEL, text });
  }

  // biome-ignore lint/suspicious/noExplicitAny: as the driver
  #act(call: string, body: object): Promise<any> {
    this.#bot.noteDeed();
    return this.#slack.post(call, body);
  }
}
