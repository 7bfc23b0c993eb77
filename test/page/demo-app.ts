/** A small app for the page's tests: it opens the gallery's modals, answers clicks, and notes what it was sent. */
import { App, type Logger, LogLevel } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';
import type { LocalSlack } from '../../local-slack/index.ts';
import { INPUTS } from './gallery.ts';

const silent = (): void => undefined;

/** What a test provokes on purpose, and the end of a socket, need not be read in its output. */
const QUIET: Logger = {
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  setLevel: silent,
  getLevel: () => LogLevel.ERROR,
  setName: silent,
};

const plain = (text: string) => ({ type: 'plain_text' as const, text });

export interface Heard {
  what: string;
  value?: unknown;
  user: string;
}

export interface DemoApp {
  heard: Heard[];
  client: App['client'];
  /** The next thing the app hears that fits. */
  hears: (fits: (heard: Heard) => boolean) => Promise<Heard>;
  stop: () => Promise<void>;
}

const modal = (title: string, blocks: KnownBlock[], callback_id: string): ModalView => ({
  type: 'modal',
  callback_id,
  title: plain(title),
  submit: plain('Schedule'),
  close: plain('Cancel'),
  blocks,
});

const status = (text: string): KnownBlock => ({
  type: 'section',
  block_id: 'status',
  text: { type: 'mrkdwn', text },
});
const DEEPER: KnownBlock = {
  type: 'actions',
  block_id: 'deeper',
  elements: [
    { type: 'button', action_id: 'push', text: plain('Go deeper') },
    { type: 'button', action_id: 'refresh', text: plain('Refresh') },
  ],
};

export async function startDemoApp(slack: LocalSlack): Promise<DemoApp> {
  const { bot } = slack.workspace;
  const app = new App({
    token: bot.token,
    appToken: bot.app_token,
    socketMode: true,
    logger: QUIET,
    clientOptions: { slackApiUrl: slack.api },
  });
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  const note = (one: Heard) => {
    heard.push(one);
    for (const check of waiting) check();
  };

  app.command('/deploy', async ({ command, ack, client, respond }) => {
    await ack();
    note({ what: 'command', value: command.text, user: command.user_id });
    if (command.text.startsWith('gallery')) {
      await client.views.open({
        trigger_id: command.trigger_id,
        view: modal('Schedule', [status('Nothing chosen.'), DEEPER, ...INPUTS], 'gallery'),
      });
    } else await respond({ response_type: 'ephemeral', text: `Heard \`${command.text}\`` });
  });
  app.action('push', async ({ ack, body, client }) => {
    await ack();
    const below: KnownBlock = {
      type: 'input',
      block_id: 'below',
      label: plain('One more thing'),
      element: { type: 'plain_text_input', action_id: 'below' },
    };
    if ('trigger_id' in body)
      await client.views.push({ trigger_id: body.trigger_id, view: modal('Deeper', [below], 'deeper') });
  });
  app.action('refresh', async ({ ack, body, client }) => {
    await ack();
    if (!('view' in body) || !body.view) return;
    note({ what: 'refresh', value: body.view.state.values, user: body.user.id });
    await client.views.update({
      view_id: body.view.id,
      view: modal('Schedule', [status('Refreshed by the app.'), DEEPER, ...INPUTS], 'gallery'),
    });
  });
  app.action(/.*/, async ({ ack, body, action }) => {
    await ack();
    note({ what: 'action', value: action, user: body.user.id });
  });
  app.options('version', async ({ ack, options }) => {
    const all = ['v2.1.0', 'v2.0.4', 'v2.0.3'].filter((version) => version.includes(options.value));
    await ack({ options: all.map((version) => ({ text: plain(version), value: version })) });
  });
  app.view(/.*/, async ({ ack, body, view }) => {
    const name = view.state.values.name?.name?.value;
    if (name === 'chekout')
      await ack({
        response_action: 'errors',
        errors: { name: 'No service "chekout". Did you mean checkout?' },
      });
    else await ack();
    note({ what: 'submit', value: view.state.values, user: body.user.id });
  });
  app.shortcut(/.*/, async ({ ack, shortcut }) => {
    await ack();
    note({ what: 'shortcut', value: shortcut.callback_id, user: shortcut.user.id });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    const blocks: KnownBlock[] = [
      { type: 'header', text: plain('Waiting for you') },
      { type: 'section', text: { type: 'mrkdwn', text: `Nothing waits for <@${event.user}>.` } },
      {
        type: 'actions',
        elements: [{ type: 'button', action_id: 'home-schedule', text: plain('Schedule a deployment') }],
      },
    ];
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
  });

  await app.start();
  return {
    heard,
    client: app.client,
    hears: (fits) =>
      new Promise((resolve) => {
        const check = () => {
          const found = heard.find(fits);
          if (!found) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    stop: async () => {
      await app.stop();
    },
  };
}
