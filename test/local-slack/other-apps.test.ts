/** Other apps and incoming webhooks: what they post, in Slack's words, and what the app under test hears of it. */
import { describe, expect, it } from 'vitest';
import {
  appOn,
  BOT,
  button,
  clientOf,
  isDelivery,
  manifest,
  refusalOf,
  type Stage,
  section,
  stage,
} from './stage.ts';

const ALERTS = 'C0ALERTS005';

/** An alert in the shape in which Alertmanager's default template posts it. */
const FIRING = {
  color: 'danger',
  title: '[FIRING:1] HighErrorRate (checkout production critical)',
  title_link: 'http://alertmanager.example/#/alerts',
  fallback: '[FIRING:1] HighErrorRate',
  text: 'Errors of *checkout* are at 4 %.',
  fields: [
    { title: 'Service', value: 'checkout', short: true },
    { title: 'Severity', value: 'critical', short: true },
  ],
  footer: 'Alertmanager',
  ts: 1_700_000_000,
};

const hookOf = ({ slack }: Stage, channel = 'alerts'): string => {
  const hook = slack.workspace.webhooks.find((one) => one.channel === channel);
  if (hook === undefined) throw new Error(`no webhook of ${channel}`);
  return hook.url;
};

/** As `@slack/webhook` posts: JSON, and the answer is text. */
async function postTo(
  url: string,
  body: object | string,
  type = 'application/json',
): Promise<[number, string]> {
  const sent = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body: sent });
  return [response.status, await response.text()];
}

const eventsOf = async ({ driver }: Stage): Promise<unknown[]> =>
  (await driver.deliveries())
    .filter(({ attempt, kind }) => attempt === 1 && kind === 'events_api')
    .map(({ payload }) => payload.event);

describe('incoming webhooks', () => {
  it('K-6: each channel has one, whose messages are nobody’s, with the name they give themselves', async () => {
    const set = await stage();
    expect(set.slack.workspace.webhooks).toHaveLength(5);
    const url = hookOf(set);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/services\/T0ACME00001\/B[A-Z0-9]+\/\w+$/);
    expect(
      await postTo(url, { username: 'Alertmanager', icon_emoji: ':fire:', attachments: [FIRING] }),
    ).toEqual([200, 'ok']);
    const [event] = await eventsOf(set);
    expect(event).toMatchObject({
      type: 'message',
      subtype: 'bot_message',
      bot_id: expect.stringMatching(/^B/),
      app_id: expect.stringMatching(/^A/),
      username: 'Alertmanager',
      icons: { emoji: ':fire:' },
      text: '',
      channel: ALERTS,
      channel_type: 'channel',
      attachments: [{ id: 1, color: 'a30200', title: FIRING.title, fields: FIRING.fields }],
    });
    expect(event).not.toHaveProperty('user');
    expect(await set.driver.messages({ channel: 'alerts' })).toMatchObject([
      { username: 'Alertmanager', subtype: 'bot_message' },
    ]);
  });

  it('K-6: the Web API gives the app the same message, and says whose bot it was', async () => {
    const set = await stage({
      manifest: manifest({ scopes: ['chat:write', 'channels:history', 'users:read'] }),
    });
    await postTo(hookOf(set), { attachments: [FIRING] });
    const { messages = [] } = await set.client.conversations.history({ channel: ALERTS });
    expect(messages).toMatchObject([
      { subtype: 'bot_message', username: 'incoming-webhook', attachments: [{ title: FIRING.title }] },
    ]);
    const { bot } = await set.client.bots.info({ bot: messages[0]?.bot_id ?? '' });
    expect(bot).toMatchObject({ name: 'incoming-webhook', app_id: messages[0]?.app_id });
    const changed = set.client.chat.update({ channel: ALERTS, ts: messages[0]?.ts ?? '', text: 'no' });
    expect((await refusalOf(changed)).error).toBe('cant_update_message');
  });

  it.each([
    ['nothing to say', {}, [400, 'no_text']],
    ['an empty text', { text: '' }, [400, 'no_text']],
    ['an attachment with nothing in it', { attachments: [{ color: 'good' }] }, [400, 'no_text']],
    ['what is no JSON', 'hello', [400, 'invalid_payload']],
    ['JSON that is no object', '[]', [400, 'invalid_payload']],
    ['a text that is no text', { text: 7 }, [400, 'invalid_payload']],
    ['another channel that is not there', { text: 'hi', channel: '#nowhere' }, [404, 'channel_not_found']],
    [
      'a hundred and one attachments',
      { attachments: Array(101).fill(FIRING) },
      [400, 'too_many_attachments'],
    ],
    ['a block that is none', { text: 'hi', blocks: [{ type: 'hologram' }] }, [400, 'invalid_blocks']],
    ['blocks that are no list', { text: 'hi', blocks: {} }, [400, 'invalid_blocks_format']],
    [
      'a broken block in an attachment',
      { attachments: [{ blocks: [{ type: 'header' }] }] },
      [400, 'invalid_attachments'],
    ],
  ])('K-6: refuse %s as Slack does', async (_what, body, answer) => {
    const set = await stage();
    expect(await postTo(hookOf(set), body)).toEqual(answer);
    expect(await eventsOf(set)).toEqual([]);
  });

  it('K-6: take a form with a payload, and any channel by name', async () => {
    const set = await stage();
    const form = new URLSearchParams({ payload: JSON.stringify({ text: 'hi', channel: '#deploys' }) });
    expect(await postTo(hookOf(set), String(form), 'application/x-www-form-urlencoded')).toEqual([200, 'ok']);
    expect(await set.driver.messages({ channel: 'deploys' })).toMatchObject([{ text: 'hi' }]);
  });

  it('K-6: an address that is wrong in any part opens nothing', async () => {
    const set = await stage();
    const url = hookOf(set);
    const [team, bot, secret] = url.split('/services/')[1]?.split('/') ?? [];
    const at = (path: string): string => url.replace(/\/services\/.*/, `/services/${path}`);
    expect(await postTo(at(`T0OTHER/${bot}/${secret}`), { text: 'hi' })).toEqual([404, 'no_team']);
    expect(await postTo(at(`${team}/B0OTHER/${secret}`), { text: 'hi' })).toEqual([404, 'no_service']);
    expect(await postTo(at(`${team}/${bot}/guess`), { text: 'hi' })).toEqual([403, 'invalid_token']);
  });

  it('K-6: an archived channel is closed to webhooks, to other apps and to the bot', async () => {
    const set = await stage();
    await set.driver.channel('alerts', { archived: true });
    expect(await postTo(hookOf(set), { text: 'hi' })).toEqual([410, 'channel_is_archived']);
    await expect(set.driver.appMessage('Grafana', 'alerts', { text: 'hi' })).rejects.toMatchObject({
      status: 400,
    });
    expect((await refusalOf(set.client.chat.postMessage({ channel: ALERTS, text: 'hi' }))).error).toBe(
      'is_archived',
    );
  });

  it('K-12: too many at once are told to wait, without taking from what the bot may post', async () => {
    const set = await stage();
    const answers: unknown[] = [];
    for (let i = 0; i < 7; i += 1) answers.push(await postTo(hookOf(set), { text: `alert ${i}` }));
    expect(answers.at(-1)).toEqual([429, 'rate_limited']);
    expect((await set.client.chat.postMessage({ channel: ALERTS, text: 'mine' })).ok).toBe(true);
  });

  it('K-8: the address is the same after a restart', async () => {
    const path = (url: string): string => new URL(url).pathname;
    expect(path(hookOf(await stage()))).toBe(path(hookOf(await stage())));
  });
});

describe('other apps', () => {
  it('K-6: post as a bot of their own, edit in place and delete, and the app hears each', async () => {
    const set = await stage();
    const { ts } = await set.driver.appMessage('Grafana', 'alerts', { attachments: [FIRING] });
    await set.driver.appMessage('Grafana', 'alerts', {
      update_ts: ts,
      attachments: [{ ...FIRING, title: '[RESOLVED] HighErrorRate', color: 'good' }],
    });
    await set.driver.appMessage('Grafana', 'alerts', { delete_ts: ts });
    const [posted, edited, deleted] = await eventsOf(set);
    const app = set.slack.workspace.apps.find(({ name }) => name === 'Grafana');
    const author = {
      user: app?.user_id,
      bot_id: app?.bot_id,
      app_id: app?.app_id,
      bot_profile: { name: 'Grafana' },
    };
    expect(posted).toMatchObject({ type: 'message', ts, ...author, attachments: [{ title: FIRING.title }] });
    expect(edited).toMatchObject({
      subtype: 'message_changed',
      hidden: true,
      channel: ALERTS,
      message: { ts, ...author, attachments: [{ title: '[RESOLVED] HighErrorRate', color: '2eb886' }] },
      previous_message: { ts, attachments: [{ title: FIRING.title }] },
    });
    expect(deleted).toMatchObject({ subtype: 'message_deleted', deleted_ts: ts, previous_message: author });
    expect(await set.driver.messages({ channel: 'alerts' })).toEqual([]);
  });

  it('K-6: nothing of them is heard where the app is not, is not subscribed, or lacks the scope', async () => {
    const alerts = async (set: Stage): Promise<unknown[]> => {
      const { ts } = await set.driver.appMessage('Sentry', 'alerts', { text: 'fire' });
      await set.driver.appMessage('Sentry', 'alerts', { text: 'no fire', update_ts: ts });
      return eventsOf(set);
    };
    expect(await alerts(await stage())).toHaveLength(2);
    expect(await alerts(await stage({ manifest: manifest({ events: ['app_mention'] }) }))).toEqual([]);
    expect(await alerts(await stage({ manifest: manifest({ scopes: ['chat:write'] }) }))).toEqual([]);
    const away = await stage();
    await away.driver.channel('alerts', { bot_in: false });
    expect(await alerts(away)).toEqual([]);
  });

  it('K-6: answer in threads, and are answered by the bot in theirs', async () => {
    const set = await stage();
    const { ts } = await set.driver.appMessage('PagerDuty', 'alerts', { text: 'Triggered #12' });
    await set.client.chat.postMessage({ channel: ALERTS, text: 'suspects', thread_ts: ts });
    await set.driver.appMessage('PagerDuty', 'alerts', { text: 'acknowledged', thread_ts: ts });
    const thread = await set.driver.messages({ channel: 'alerts', thread_ts: ts });
    expect(thread.map(({ text }) => text)).toEqual(['Triggered #12', 'suspects', 'acknowledged']);
    expect(thread[0]?.reply_users).toContain(BOT);
  });

  it('K-6: keep what only they may touch: messages of others, and buttons that this app never hears of', async () => {
    const set = await stage();
    await appOn(set.slack, (app) => app.action('ack', async ({ ack }) => ack()));
    const blocks = [section('on fire'), button('ack')];
    const { ts } = await set.driver.appMessage('Opsgenie', 'alerts', { text: 'fire', blocks });
    const click = set.driver.action('dana', { channel: 'alerts', ts }, { action_id: 'ack' });
    await expect(click).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('another app'),
    });
    const edit = set.driver.appMessage('Datadog', 'alerts', { text: 'mine', update_ts: ts });
    await expect(edit).rejects.toMatchObject({ status: 404, path: 'update_ts' });
    expect((await set.driver.deliveries()).some(({ kind }) => kind === 'interactive')).toBe(false);
  });

  it('K-6: are held to the limits of attachments: refused where Slack refuses, cut where it cuts', async () => {
    const set = await stage();
    const many = set.driver.appMessage('CI', 'alerts', { attachments: Array(101).fill(FIRING) });
    await expect(many).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('too_many_attachments'),
    });
    const long = {
      text: 'x'.repeat(9_000),
      footer: 'y'.repeat(400),
      fields: [{ title: 'a', value: 'z'.repeat(3_000) }],
    };
    await set.driver.appMessage('CI', 'alerts', { attachments: [long] });
    const [message] = await set.driver.messages({ channel: 'alerts' });
    const [kept] = (message?.attachments ?? []) as {
      text: string;
      footer: string;
      fallback: string;
      fields: { value: string; short: boolean }[];
    }[];
    expect([kept?.text.length, kept?.footer.length, kept?.fields[0]?.value.length]).toEqual([
      8_003, 303, 2_003,
    ]);
    expect(kept).toMatchObject({ fallback: '[no preview available]', fields: [{ short: false }] });
    await expect(set.driver.appMessage('CI', 'alerts', {})).rejects.toMatchObject({
      message: expect.stringContaining('no_text'),
    });
  });

  it('K-6: a message shortcut works on an alert', async () => {
    const set = await stage();
    await appOn(set.slack, (app) => app.shortcut('look', async ({ ack }) => ack()));
    const { ts } = await set.driver.appMessage('New Relic', 'alerts', { attachments: [FIRING] });
    expect(await set.driver.shortcut('dana', 'look', { channel: 'alerts', ts })).toMatchObject({ ok: true });
    const delivery = await set.driver.event(isDelivery('message_action'));
    expect(delivery.delivery.payload).toMatchObject({
      message: { attachments: [{ title: FIRING.title }], bot_profile: { name: 'New Relic' } },
    });
  });

  it('K-6: a client of another app cannot pass for them: a token is one app’s', async () => {
    const { slack } = await stage();
    expect((await refusalOf(clientOf(slack, 'xoxb-grafana').auth.test())).error).toBe('invalid_auth');
  });
});
