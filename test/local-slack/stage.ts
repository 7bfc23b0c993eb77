/** A stage for the tests: a local Slack, a real Bolt app connected to it, and a driver that acts as people. */
import { App, LogLevel } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import { createManualTimers, type ManualTimers } from '../../local-slack/clock.ts';
import { connectDriver, type Driver } from '../../local-slack/driver-client.ts';
import { type LocalSlack, type LocalSlackOptions, startLocalSlack } from '../../local-slack/index.ts';
import type { Delivery, StreamEvent, View } from '../../local-slack/protocol.ts';

export const DANA = 'U0DANA00001';
export const TOM = 'U0TOM000002';
export const GUEST = 'U0GUEST0006';
export const GONE = 'U0LEFT00007';
export const DEPLOYS = 'C0DEPLOYS01';
export const GENERAL = 'C0GENERAL04';
export const BOT = 'U0LOCALBOT1';

export const SCOPES = [
  ...['commands', 'chat:write', 'app_mentions:read', 'users:read', 'users:read.email', 'usergroups:read'],
  ...['im:write', 'files:write', 'channels:history', 'channels:read', 'im:history', 'reactions:write'],
];

export const EVENTS = ['app_home_opened', 'app_mention', 'message.channels', 'user_change'];

export function manifest({
  scopes = SCOPES,
  events = EVENTS,
}: {
  scopes?: readonly string[];
  events?: readonly string[];
} = {}): object {
  return {
    display_information: { name: 'Tester' },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
      bot_user: { display_name: 'tester' },
      slash_commands: [
        { command: '/deploy', description: 'Deploys', should_escape: true },
        { command: '/raw', description: 'Takes text as it is' },
      ],
      shortcuts: [
        { name: 'Look', type: 'message', callback_id: 'look', description: 'Looks at a message' },
        { name: 'Start', type: 'global', callback_id: 'start', description: 'Starts something' },
      ],
    },
    oauth_config: { scopes: { bot: scopes } },
    settings: { event_subscriptions: { bot_events: events }, interactivity: { is_enabled: true } },
  };
}

export interface Stage {
  slack: LocalSlack;
  driver: Driver;
  timers: ManualTimers;
  /** A client that neither retries nor waits. */
  client: WebClient;
}

/** Deadlines stand still until a test moves them. */
export async function stage(options: Partial<LocalSlackOptions> = {}): Promise<Stage> {
  const timers = createManualTimers();
  const slack = await startLocalSlack({ manifest: manifest(), timers, page: false, ...options });
  const driver = await connectDriver(slack.url);
  onTestFinished(async () => {
    await driver.close();
    await slack.close();
  });
  return { slack, driver, timers, client: clientOf(slack) };
}

export const clientOf = (slack: LocalSlack, token = slack.workspace.bot.token): WebClient =>
  new WebClient(token, {
    slackApiUrl: slack.api,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
    timeout: 10_000,
    logger: quiet,
  });

const silent = (): void => undefined;

/** What a test provokes on purpose need not be read in its output. */
export const quiet = {
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  setLevel: silent,
  getLevel: (): LogLevel => LogLevel.ERROR,
  setName: silent,
};

/** A Bolt app over Socket Mode; registered by `set`, connected when this resolves. */
export async function appOn(slack: LocalSlack, set: (app: App) => void): Promise<App> {
  const { bot } = slack.workspace;
  const app = new App({
    token: bot.token,
    appToken: bot.app_token,
    socketMode: true,
    clientOptions: { slackApiUrl: slack.api, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
    logger: quiet,
  });
  set(app);
  await app.start();
  onTestFinished(async () => {
    await app.stop();
  });
  return app;
}

/** A promise and the way to fulfil it. */
export function settled<T>(): { value: Promise<T>; give: (value: T) => void } {
  let give: (value: T) => void = () => undefined;
  const value = new Promise<T>((resolve) => {
    give = resolve;
  });
  return { value, give };
}

/** What Slack answered to a call that it refused. */
export async function refusalOf(
  call: Promise<unknown>,
): Promise<Record<string, unknown> & { error: string }> {
  try {
    await call;
  } catch (error) {
    const data = (error as { data?: { error?: string } }).data;
    return { ...data, error: data?.error ?? String(error) };
  }
  throw new Error('Slack took it.');
}

export const isDelivery =
  (what: string, attempt?: number) =>
  (event: StreamEvent): event is StreamEvent & { type: 'delivery'; delivery: Delivery } =>
    event.type === 'delivery' &&
    event.delivery.what === what &&
    (attempt === undefined || event.delivery.attempt === attempt);

export const button = (action_id: string, value = 'yes'): object => ({
  type: 'actions',
  block_id: 'buttons',
  elements: [{ type: 'button', action_id, value, text: { type: 'plain_text', text: 'Go' } }],
});

export const section = (text: string): object => ({ type: 'section', text: { type: 'mrkdwn', text } });

export const input = (block_id: string, element: object = {}, rest: object = {}): object => ({
  type: 'input',
  block_id,
  label: { type: 'plain_text', text: 'Field' },
  element: { type: 'plain_text_input', action_id: 'field', ...element },
  ...rest,
});

export const modal = (callback_id: string, blocks: object[], rest: object = {}): never =>
  ({
    type: 'modal',
    callback_id,
    title: { type: 'plain_text', text: 'Modal' },
    submit: { type: 'plain_text', text: 'Send' },
    blocks,
    ...rest,
  }) as never;

/** A stage on which `/deploy` opens the modal and Dana has it before her. */
export async function opened(
  view: never,
  { set = () => undefined, ...options }: { set?: (app: App) => void } & Partial<LocalSlackOptions> = {},
): Promise<Stage & { view: View; open: () => Promise<View> }> {
  const on = await stage(options);
  await appOn(on.slack, (app) => {
    app.command('/deploy', async ({ ack, body, client }) => {
      await ack();
      await client.views.open({ trigger_id: body.trigger_id, view });
    });
    set(app);
  });
  const open = (): Promise<View> => openFor(on.driver);
  return { ...on, view: await open(), open };
}

async function openFor(driver: Driver): Promise<View> {
  const from = driver.mark();
  await driver.command('dana', 'deploys', '/deploy');
  const event = await driver.event((one) => one.type === 'view' && one.view !== null, { from });
  if (event.type !== 'view' || event.view === null) throw new Error('nothing opened');
  return event.view;
}
