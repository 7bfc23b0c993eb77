/** Messages: editing, deleting, threads, ephemerals, history, and what people see of each. */
import { describe, expect, it } from 'vitest';
import {
  appOn,
  button,
  clientOf,
  DANA,
  DEPLOYS,
  GUEST,
  refusalOf,
  type Stage,
  section,
  settled,
  stage,
  TOM,
} from './stage.ts';

const nowhere = '1700000000.000000';

async function card({ client }: Stage, rest: object = {}): Promise<string> {
  const blocks = [section('card'), button('go')];
  const sent = { channel: DEPLOYS, text: 'card', blocks, ...rest } as never;
  return String((await client.chat.postMessage(sent)).ts);
}

describe('editing and deleting', () => {
  it('An edit with text alone removes the blocks', async () => {
    const set = await stage();
    const ts = await card(set);
    await set.client.chat.update({ channel: DEPLOYS, ts, text: 'done' });
    expect(await set.driver.messages({ channel: 'deploys' })).toMatchObject([
      { ts, text: 'done', blocks: [], edited: { user: 'U0LOCALBOT1' } },
    ]);
  });

  it('The driver refuses a button that the message no longer has', async () => {
    const set = await stage();
    const ts = await card(set);
    await set.client.chat.update({ channel: DEPLOYS, ts, text: 'done', blocks: [section('done')] as never });
    const click = set.driver.action('dana', { channel: 'deploys', ts }, { action_id: 'go' });
    await expect(click).rejects.toMatchObject({ status: 404, path: 'action_id' });
    expect(await set.driver.deliveries()).not.toContainEqual(
      expect.objectContaining({ what: 'block_actions' }),
    );
  });

  it('Only its own messages can be changed by an app, and only those that are there', async () => {
    const { client, driver } = await stage();
    const said = await driver.say('dana', 'deploys', 'hello');
    const ts = said.ok ? said.ts : '';
    const update = async (at: string): Promise<string> =>
      (await refusalOf(client.chat.update({ channel: DEPLOYS, ts: at, text: 'no' }))).error;
    expect(await update(ts)).toBe('cant_update_message');
    expect(await update(nowhere)).toBe('message_not_found');
    expect((await refusalOf(client.chat.delete({ channel: DEPLOYS, ts }))).error).toBe('cant_delete_message');
  });

  it('A deleted message is gone, but with replies it leaves a marker', async () => {
    const set = await stage();
    const [first, second] = [await card(set), await card(set)];
    await set.driver.say('dana', 'deploys', 'a reply', { thread_ts: second });
    await set.client.chat.delete({ channel: DEPLOYS, ts: first });
    await set.client.chat.delete({ channel: DEPLOYS, ts: second });
    expect(await set.driver.messages({ channel: 'deploys' })).toMatchObject([
      { ts: second, subtype: 'tombstone', reply_count: 1, blocks: [] },
    ]);
  });
});

describe('ephemerals', () => {
  async function whisper({ client }: Stage): Promise<string> {
    const blocks = [button('go')] as never;
    const sent = await client.chat.postEphemeral({ channel: DEPLOYS, user: DANA, text: 'yours', blocks });
    return String(sent.message_ts);
  }

  it('Only its person sees an ephemeral, and nobody’s history has it', async () => {
    const set = await stage();
    await whisper(set);
    expect(await set.driver.messages({ channel: 'deploys', user: 'dana' })).toMatchObject([
      { text: 'yours', ephemeral: DANA },
    ]);
    expect(await set.driver.messages({ channel: 'deploys', user: 'tom' })).toEqual([]);
    expect((await set.client.conversations.history({ channel: DEPLOYS })).messages).toEqual([]);
  });

  it('An ephemeral cannot be updated or deleted by its ts', async () => {
    const set = await stage();
    const ts = await whisper(set);
    const update = set.client.chat.update({ channel: DEPLOYS, ts, text: 'no' });
    expect((await refusalOf(update)).error).toBe('message_not_found');
    expect((await refusalOf(set.client.chat.delete({ channel: DEPLOYS, ts }))).error).toBe(
      'message_not_found',
    );
  });

  it('An ephemeral is replaced and deleted through the response address of a click on it', async () => {
    const set = await stage();
    await appOn(set.slack, (app) => {
      app.action('go', async ({ ack, respond }) => {
        await ack();
        await respond({ replace_original: true, text: 'sure?', blocks: [button('sure')] as never });
      });
      app.action('sure', async ({ ack, respond }) => {
        await ack();
        await respond({ delete_original: true });
      });
    });
    const ts = await whisper(set);
    const at = { channel: 'deploys', ts };
    await set.driver.action('dana', at, { action_id: 'go' });
    await set.driver.event((event) => event.type === 'message_changed' && event.message.text === 'sure?');
    await set.driver.action('dana', at, { action_id: 'sure' });
    await set.driver.event((event) => event.type === 'message_deleted' && event.ts === ts);
    expect(await set.driver.messages({ channel: 'deploys', user: 'dana' })).toEqual([]);
    const [click] = (await set.driver.deliveries()).filter(({ what }) => what === 'block_actions');
    expect(click?.payload).toMatchObject({ container: { is_ephemeral: true } });
    expect(click?.payload).not.toHaveProperty('message');
  });

  it('Nobody else can click on an ephemeral', async () => {
    const set = await stage();
    const ts = await whisper(set);
    const click = set.driver.action('tom', { channel: 'deploys', ts }, { action_id: 'go' });
    await expect(click).rejects.toMatchObject({ status: 404, path: 'ts' });
  });

  it('An ephemeral goes only to someone who is in the channel', async () => {
    const { client } = await stage();
    const sent = client.chat.postEphemeral({ channel: DEPLOYS, user: GUEST, text: 'hi' });
    expect((await refusalOf(sent)).error).toBe('user_not_in_channel');
  });
});

describe('threads', () => {
  it('Replies count on their parent and stay out of the channel, unless they are broadcast', async () => {
    const set = await stage();
    const ts = await card(set);
    await set.client.chat.postMessage({ channel: DEPLOYS, text: 'quiet', thread_ts: ts });
    await set.driver.say('dana', 'deploys', 'me too', { thread_ts: ts });
    await set.client.chat.postMessage({
      channel: DEPLOYS,
      text: 'loud',
      thread_ts: ts,
      reply_broadcast: true,
    });
    const channel = await set.driver.messages({ channel: 'deploys' });
    expect(channel.map(({ text }) => text)).toEqual(['card', 'loud']);
    expect(channel[0]).toMatchObject({ reply_count: 3, reply_users: ['U0LOCALBOT1', DANA] });
    const thread = await set.driver.messages({ channel: 'deploys', thread_ts: ts });
    expect(thread.map(({ text }) => text)).toEqual(['card', 'quiet', 'me too', 'loud']);
    const { messages = [] } = await set.client.conversations.replies({ channel: DEPLOYS, ts });
    expect(messages.map(({ text }) => text)).toEqual(['card', 'quiet', 'me too', 'loud']);
    expect(messages[0]).toMatchObject({ thread_ts: ts, reply_count: 3 });
  });

  it('A reply to nothing is refused, and a reply to a reply goes to the thread, as a violation', async () => {
    const set = await stage();
    const ts = await card(set);
    const orphan = set.client.chat.postMessage({ channel: DEPLOYS, text: 'hi', thread_ts: nowhere });
    expect((await refusalOf(orphan)).error).toBe('thread_not_found');
    const reply = await set.client.chat.postMessage({ channel: DEPLOYS, text: 'one', thread_ts: ts });
    await set.client.chat.postMessage({ channel: DEPLOYS, text: 'two', thread_ts: String(reply.ts) });
    expect(await set.driver.messages({ channel: 'deploys', thread_ts: ts })).toHaveLength(3);
    const calls = await set.driver.calls({ method: 'chat.postMessage' });
    expect(calls.at(-1)?.violations).toMatchObject([{ pointer: '/thread_ts' }]);
  });

  it('A slash command in a thread is refused before it reaches the app', async () => {
    const set = await stage();
    const ts = await card(set);
    const answer = await set.driver.command('dana', 'deploys', '/deploy status', { thread_ts: ts });
    expect(answer).toMatchObject({ ok: false, error: '/deploy is not supported in threads. Sorry!' });
    const thread = await set.driver.messages({ channel: 'deploys', user: 'dana', thread_ts: ts });
    expect(thread.at(-1)).toMatchObject({ user: 'USLACKBOT', ephemeral: DANA });
    expect((await set.driver.deliveries()).filter(({ kind }) => kind === 'slash_commands')).toEqual([]);
  });

  it('A message shortcut works in a thread, with the message and a trigger', async () => {
    const set = await stage();
    const payload = settled<object>();
    await appOn(set.slack, (app) =>
      app.shortcut('look', async ({ ack, body }) => {
        await ack();
        payload.give(body);
      }),
    );
    const ts = await card(set);
    const said = await set.driver.say('tom', 'deploys', 'what is this', { thread_ts: ts });
    const at = said.ok ? said.ts : '';
    expect(await set.driver.shortcut('dana', 'look', { channel: 'deploys', ts: at })).toMatchObject({
      ok: true,
    });
    expect(await payload.value).toMatchObject({
      type: 'message_action',
      callback_id: 'look',
      channel: { id: DEPLOYS, name: 'deploys' },
      message_ts: at,
      message: { ts: at, thread_ts: ts, user: TOM, text: 'what is this' },
      user: { id: DANA, name: 'dana' },
      trigger_id: expect.any(String),
      response_url: expect.stringContaining('/response/'),
    });
  });
});

describe('history', () => {
  it('Pages run from the newest back, and are held by a cursor', async () => {
    const { client, driver } = await stage();
    for (const text of ['1', '2', '3', '4', '5']) await driver.say('dana', 'deploys', text);
    const first = await client.conversations.history({ channel: DEPLOYS, limit: 2 });
    expect(first.messages?.map(({ text }) => text)).toEqual(['5', '4']);
    expect(first.has_more).toBe(true);
    const cursor = first.response_metadata?.next_cursor ?? '';
    await driver.say('dana', 'deploys', '6');
    const second = await client.conversations.history({ channel: DEPLOYS, limit: 2, cursor });
    expect(second.messages?.map(({ text }) => text)).toEqual(['3', '2']);
    const oldest = String(second.messages?.[1]?.ts);
    const since = await client.conversations.history({ channel: DEPLOYS, oldest });
    expect(since.messages?.map(({ text }) => text)).toEqual(['6', '5', '4', '3']);
    const inclusive = await client.conversations.history({
      channel: DEPLOYS,
      latest: oldest,
      inclusive: true,
    });
    expect(inclusive.messages?.map(({ text }) => text)).toEqual(['2', '1']);
  });

  it('Metadata comes back only when it is asked for', async () => {
    const set = await stage();
    const metadata = { event_type: 'deployment', event_payload: { id: 'D-1' } };
    await card(set, { metadata });
    const history = async (more: object): Promise<unknown> =>
      (await set.client.conversations.history({ channel: DEPLOYS, ...more })).messages;
    expect(await history({ include_all_metadata: true })).toMatchObject([{ metadata }]);
    expect(await history({})).not.toMatchObject([{ metadata }]);
    const broken = set.client.apiCall('chat.postMessage', {
      channel: DEPLOYS,
      text: 'x',
      metadata: { no: 1 },
    });
    expect((await refusalOf(broken)).error).toBe('invalid_metadata_format');
  });

  it('Every ts is unique and later than the one before, whatever the clock says', async () => {
    const { driver } = await stage({ now: () => 1_700_000_000_000 });
    for (const text of ['a', 'b', 'c']) await driver.say('dana', 'deploys', text);
    const times = (await driver.messages({ channel: 'deploys' })).map(({ ts }) => ts);
    expect(times).toHaveLength(3);
    expect([...times].sort()).toEqual(times);
    expect(new Set(times).size).toBe(3);
    for (const ts of times) expect(ts).toMatch(/^1700000000\.\d{6}$/);
    const second = await driver.messages({
      channel: 'deploys',
      since: times[0] ?? '',
      before: times[2] ?? '',
    });
    expect(second.map(({ text }) => text)).toEqual(['b']);
  });
});

describe('reactions and links', () => {
  it('A reaction counts once for each who gives it', async () => {
    const set = await stage();
    const timestamp = await card(set);
    await set.client.reactions.add({ channel: DEPLOYS, timestamp, name: 'rocket' });
    const again = set.client.reactions.add({ channel: DEPLOYS, timestamp, name: 'rocket' });
    expect((await refusalOf(again)).error).toBe('already_reacted');
    expect(await set.driver.messages({ channel: 'deploys' })).toMatchObject([
      { reactions: [{ name: 'rocket', count: 1 }] },
    ]);
  });

  it('A permalink leads to the message on this machine', async () => {
    const set = await stage();
    const ts = await card(set);
    const { permalink } = await clientOf(set.slack).chat.getPermalink({ channel: DEPLOYS, message_ts: ts });
    expect(permalink).toBe(`${set.slack.url}/archives/${DEPLOYS}/p${ts.replace('.', '')}`);
  });
});
