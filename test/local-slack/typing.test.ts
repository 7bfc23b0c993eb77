/** What people type and share: mentions, escaping, unknown commands, and files from people and from the app. */
import { describe, expect, it } from 'vitest';
import { appOn, DANA, DEPLOYS, manifest, refusalOf, SCOPES, settled, stage } from './stage.ts';

describe('what people type', () => {
  it('Names in a command become mentions with ids, and the rest is escaped', async () => {
    const { slack, driver } = await stage();
    const text = settled<string>();
    await appOn(slack, (app) =>
      app.command('/deploy', async ({ ack, body }) => {
        await ack();
        text.give(body.text);
      }),
    );
    await driver.command('dana', 'deploys', '/deploy  lead @tom in #checkout & <b> @ops, @nobody ');
    expect(await text.value).toBe(
      'lead <@U0TOM000002|tom> in <#C0CHECKOUT2|checkout> &amp; &lt;b&gt; <!subteam^S0OPS000001|@ops>, @nobody',
    );
  });

  it('A command without should_escape gets its text as it was typed', async () => {
    const { slack, driver } = await stage();
    const text = settled<string>();
    await appOn(slack, (app) =>
      app.command('/raw', async ({ ack, body }) => {
        await ack();
        text.give(body.text);
      }),
    );
    await driver.command('dana', 'deploys', '/raw @tom & <b>');
    expect(await text.value).toBe('@tom & <b>');
  });

  it('A message is escaped too, so that nobody can fake a mention of everyone', async () => {
    const { driver } = await stage();
    await driver.say('dana', 'deploys', '<script> & @tom, see #checkout.');
    expect(await driver.messages({ channel: 'deploys' })).toMatchObject([
      { text: '&lt;script&gt; &amp; <@U0TOM000002>, see <#C0CHECKOUT2>.' },
    ]);
  });

  it('An unknown command gets Slack’s own answer, which only its person sees', async () => {
    const { driver } = await stage();
    const answer = await driver.command('dana', 'deploys', '/nope');
    expect(answer).toMatchObject({ ok: false, error: expect.stringContaining('not a valid command') });
    expect(await driver.messages({ channel: 'deploys', user: 'dana' })).toMatchObject([{ ephemeral: DANA }]);
    expect(await driver.deliveries()).toEqual([]);
  });

  it('An ack may answer by itself, to the person or to the channel', async () => {
    const { slack, driver } = await stage();
    await appOn(slack, (app) => {
      app.command('/deploy', async ({ ack }) => ack('only you'));
      app.command('/raw', async ({ ack }) => ack({ response_type: 'in_channel', text: 'all of you' }));
    });
    expect(await driver.command('dana', 'deploys', '/deploy')).toMatchObject({
      reply: { text: 'only you', ephemeral: DANA },
    });
    await driver.command('dana', 'deploys', '/raw');
    expect(await driver.messages({ channel: 'deploys', user: 'tom' })).toMatchObject([
      { text: 'all of you' },
    ]);
  });

  it('Nobody can write to a bot whose messages are turned off', async () => {
    const { driver } = await stage();
    expect(await driver.say('dana', `dm:${DANA}:bot`, 'hello')).toMatchObject({ ok: false });
    expect(await driver.command('dana', `dm:${DANA}:bot`, '/deploy')).toMatchObject({
      ok: false,
      code: 'messages_disabled',
    });
    expect(await driver.messages({ channel: `dm:${DANA}:bot` })).toEqual([]);
  });
});

describe('files', () => {
  it('An upload takes an address, the bytes and a place, and people load it', async () => {
    const { client, driver } = await stage();
    await client.filesUploadV2({
      channel_id: DEPLOYS,
      filename: 'chart.svg',
      file: Buffer.from('<svg/>'),
      alt_text: 'a chart',
      initial_comment: 'the canary',
    });
    const [message] = await driver.messages({ channel: 'deploys' });
    expect(message).toMatchObject({
      text: 'the canary',
      files: [{ name: 'chart.svg', mimetype: 'image/svg+xml', size: 6, alt_text: 'a chart' }],
    });
    const loaded = await fetch(message?.files?.[0]?.url_private ?? '');
    expect(await loaded.text()).toBe('<svg/>');
    expect(loaded.headers.get('content-security-policy')).toContain('sandbox');
  });

  it('A file that was announced but not sent cannot be completed', async () => {
    const { client } = await stage();
    const { file_id = '' } = await client.files.getUploadURLExternal({ filename: 'a.txt', length: 3 });
    const done = client.files.completeUploadExternal({ files: [{ id: file_id }] });
    expect((await refusalOf(done)).error).toBe('file_update_failed');
  });

  it('An uploaded file can stand in an image block', async () => {
    const { client, driver } = await stage();
    const done = (await client.filesUploadV2({ filename: 'a.png', file: Buffer.from('png') })) as {
      files: { files: { id: string }[] }[];
    };
    const id = done.files[0]?.files[0]?.id;
    const blocks = [{ type: 'image', alt_text: 'chart', slack_file: { id } }] as never;
    await client.chat.postMessage({ channel: DEPLOYS, text: 'chart', blocks });
    expect(await driver.messages({ channel: 'deploys' })).toMatchObject([
      { blocks: [{ slack_file: { id } }] },
    ]);
  });

  it('A person’s file stands in the channel', async () => {
    const { driver } = await stage();
    const sent = await driver.upload('dana', { channel: 'deploys', filename: 'notes.md', content: '# hi' });
    expect(sent).toMatchObject({ ok: true, file: { name: 'notes.md', size: 4 } });
    expect(await driver.messages({ channel: 'deploys' })).toMatchObject([
      { user: DANA, files: [{ mimetype: 'text/markdown' }] },
    ]);
  });

  it('A download is given to an app with its token and files:read, and to nobody else', async () => {
    const download = async (scopes: readonly string[], token?: string): Promise<string> => {
      const { driver } = await stage({ manifest: manifest({ scopes }) });
      const sent = await driver.upload('dana', { channel: 'deploys', filename: 'a.txt', content: 'hi' });
      if (!sent.ok) throw new Error(sent.error);
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return (await fetch(`${sent.file.url_private}?download=1`, { headers })).text();
    };
    const all = [...SCOPES, 'files:read'];
    expect(await download(all, 'xoxb-local-bot-token')).toBe('hi');
    for (const page of [
      await download(all),
      await download(all, 'xoxb-another'),
      await download(SCOPES, 'xoxb-local-bot-token'),
    ])
      expect(page).toContain('Sign in');
  });
});
