/**
 * The one boundary between Slack and the features: acks in time, checks the payload, and sees to it that every path a
 * person can take ends in an answer.
 */

import type { App } from '@slack/bolt';
import { defined, given } from '../defined.ts';
import { readVerb } from '../words/aliases.ts';
import { asWritten } from '../words/as-written.ts';
import { answered } from './answering.ts';
import type { Click, CommandCall, Feature, Mention, MessageShortcut, Option, Submission } from './feature.ts';
import { endUnlessRefused, type Refuses, unlessRefused } from './gate.ts';
import { mentionOrigin, originOf } from './origins.ts';
import {
  actionPayload,
  actionValue,
  commandPayload,
  homeOpenedPayload,
  mentionPayload,
  newMessage,
  openView,
  optionsPayload,
  shortcutPayload,
  submissionPayload,
} from './payloads.ts';
import { endSubmission, type SubmissionOptions } from './submissions.ts';
import { createTickQueue, type TickQueue } from './tick-queue.ts';

export interface ListenerOptions extends SubmissionOptions {
  app: App;
  features: readonly Feature[];
  /** Asked before anything is shown or done. */
  refuses: Refuses;
  /** `/deploy`, with whatever follows it. */
  commanded(call: CommandCall): Promise<void>;
  /** A mention whose first word nothing answers to. */
  otherwiseMentioned(mention: Mention): Promise<void>;
}

/** A reason is a sentence or two; what is longer is something else, and reading it would keep others waiting. */
const MAX_COMMAND_LENGTH = 4_000;

const TOO_LONG = `That is too long to be a command: at most ${MAX_COMMAND_LENGTH} characters are read. Nothing was done.`;

const DECLINED_ACTIONS = /^(url|link)\./;

/** The deliveries that a handler still works on: an ack is not the end of a click. */
export interface Deliveries {
  busy(): boolean;
  idle(): Promise<void>;
}

export function listen(options: ListenerOptions): Deliveries {
  const { app, log } = options;
  const running = new Set<Promise<void>>();
  const nextTick = createTickQueue();
  app.use(async ({ next }) => {
    const handling = next();
    running.add(handling);
    await handling.finally(() => running.delete(handling));
  });

  hearCommands(options, nextTick);
  hearClicks(options, nextTick);
  hearSubmissions(options);
  hearSearches(options);
  hearMentions(options);
  hearShortcuts(options);
  hearEvents(options);

  app.error(async (error) => {
    log.error({ err: error }, 'a delivery from Slack failed');
  });

  return {
    busy: () => running.size > 0,
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

function hearCommands(options: ListenerOptions, nextTick: TickQueue): void {
  options.app.command('/deploy', async ({ body, ack, respond }) => {
    await ack();
    await nextTick();
    const payload = commandPayload.parse(body);
    const user = { id: payload.user_id, team_id: payload.team_id };
    const call: CommandCall = {
      ...originOf({ user, trigger_id: payload.trigger_id }, options, respond),
      channelId: payload.channel_id,
      typed: payload.text.trim(),
      text: payload.text.trim(),
    };
    await answered(options, call, `/deploy ${firstWord(call.text)}`, () =>
      call.text.length > MAX_COMMAND_LENGTH
        ? call.answer({ text: TOO_LONG })
        : unlessRefused(options.refuses, call, () => options.commanded(call)),
    );
  });
}

function hearClicks(options: ListenerOptions, nextTick: TickQueue): void {
  const clicks = merged(options.features, 'clicks');
  const urgent = new Set(options.features.flatMap((feature) => feature.urgent ?? []));
  const asked = (click: Click, run: () => Promise<void>): Promise<void> =>
    urgent.has(click.actionId) ? run() : unlessRefused(options.refuses, click, run);
  options.app.action(/^/, async ({ body, ack, respond }) => {
    await ack();
    await nextTick();
    const payload = actionPayload.parse(body);
    for (const action of payload.actions) {
      const click: Click = {
        ...originOf(payload, options, payload.response_url === undefined ? undefined : respond),
        actionId: action.action_id,
        value: actionValue(action),
        ...messageOf(payload.container),
        ...defined({ view: given(payload.view, openView) }),
      };
      const handler = clicks.get(action.action_id);
      if (handler) await answered(options, click, action.action_id, () => asked(click, () => handler(click)));
      else if (!DECLINED_ACTIONS.test(action.action_id))
        options.log.debug({ action: action.action_id }, 'nothing is done on this action');
    }
  });
}

function hearSubmissions(options: ListenerOptions): void {
  const submissions = merged(options.features, 'submissions');
  options.app.view(/^/, async ({ body, ack }) => {
    const payload = submissionPayload.parse(body);
    const submission: Submission = { ...originOf(payload, options), view: openView(payload.view) };
    const handler = submissions.get(payload.view.callback_id);
    if (handler === undefined) throw new Error(`no handler for the modal ${payload.view.callback_id}`);
    const handling = endUnlessRefused(options.refuses, submission, () => handler(submission));
    await endSubmission(options, submission, ack, handling);
  });
}

function hearSearches(options: ListenerOptions): void {
  const suggestions = merged(options.features, 'options');
  options.app.options(/^/, async ({ body, ack }) => {
    const payload = optionsPayload.parse(body);
    const refused = (await options.refuses(payload.user.id)) !== undefined;
    const suggest = refused ? undefined : suggestions.get(payload.action_id);
    const view = payload.view === undefined ? {} : { view: openView(payload.view) };
    const found = (await suggest?.({ userId: payload.user.id, query: payload.value, ...view })) ?? [];
    await ack({ options: found.map(optionOf) });
  });
}

function hearMentions(options: ListenerOptions): void {
  const mentions = merged(options.features, 'mentions');
  options.app.event('app_mention', async ({ event }) => {
    const payload = mentionPayload.parse(event);
    const { verb, rest } = readVerb(wordsAfterMention(payload.text));
    const mention: Mention = {
      ...mentionOrigin(payload, options),
      channel: payload.channel,
      ts: payload.ts,
      thread: payload.thread_ts ?? payload.ts,
      text: rest,
    };
    const handler = mentions.get(verb) ?? options.otherwiseMentioned;
    await answered(options, mention, `a mention: ${verb}`, () => handler(mention));
  });
}

function hearShortcuts(options: ListenerOptions): void {
  const shortcuts = merged(options.features, 'shortcuts');
  options.app.shortcut('roll_back_deploy', async ({ body, ack, respond }) => {
    await ack();
    const payload = shortcutPayload.parse(body);
    const shortcut: MessageShortcut = {
      ...originOf(payload, options, respond),
      channel: payload.channel.id,
      message: payload.message,
    };
    const handler = shortcuts.get(payload.callback_id);
    if (handler === undefined) throw new Error(`no handler for the shortcut ${payload.callback_id}`);
    await answered(options, shortcut, payload.callback_id, () => handler(shortcut));
  });
}

/** What nobody asks anything by. */
function hearEvents(options: ListenerOptions): void {
  options.app.event('app_home_opened', async ({ event }) => {
    const opened = homeOpenedPayload.parse(event);
    if (opened.tab !== 'home') return;
    for (const feature of options.features) await feature.homeOpened?.(opened.user);
  });

  options.app.event('message', async ({ event }) => {
    const said = newMessage(event);
    if (said === undefined) return;
    for (const feature of options.features) await feature.heard?.({ ...said, message: event });
  });
}

/** What was said to the bot: what stands before the mention is said to others. */
function wordsAfterMention(text: string): string {
  const said = text.slice(0, 4_000).replace(/^[\s\S]*?<@[A-Z0-9]+(?:\|[^>]*)?>[\s,:]*/, '');
  return asWritten(said).trim();
}

function messageOf(container: {
  channel_id?: string | undefined;
  message_ts?: string | undefined;
}): Pick<Click, 'message'> {
  const { channel_id: channel, message_ts: ts } = container;
  return channel === undefined || ts === undefined ? {} : { message: { channel, ts } };
}

const firstWord = (text: string): string => text.split(/\s+/, 1)[0] ?? '';

function optionOf(option: Option): {
  text: { type: 'plain_text'; text: string };
  value: string;
  description?: { type: 'plain_text'; text: string };
} {
  return {
    text: { type: 'plain_text', text: option.text },
    value: option.value,
    ...(option.description === undefined
      ? {}
      : { description: { type: 'plain_text', text: option.description } }),
  };
}

function merged<K extends 'clicks' | 'submissions' | 'options' | 'mentions' | 'shortcuts'>(
  features: readonly Feature[],
  kind: K,
): ReadonlyMap<string, NonNullable<Feature[K]>[string]> {
  const all = new Map<string, NonNullable<Feature[K]>[string]>();
  for (const feature of features) {
    for (const [id, handler] of Object.entries(feature[kind] ?? {})) {
      if (all.has(id)) throw new Error(`two features answer ${kind} ${id}`);
      all.set(id, handler as NonNullable<Feature[K]>[string]);
    }
  }
  return all;
}
