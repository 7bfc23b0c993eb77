/** Modals and Homes: limits, the stack, hashes, and what stays of what a person filled in. */
import type { App } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { appOn, BOT, DANA, input, modal, opened, refusalOf, section, settled, stage } from './stage.ts';

const TWO = ['one', 'two'].map((value) => ({ text: { type: 'plain_text', text: value }, value }));
const select = (extra: object = {}): object => ({ type: 'static_select', options: TWO, ...extra });

describe('limits of a view', () => {
  it('Private metadata over 3,000 characters is refused with a pointer', async () => {
    const refusal = settled<unknown>();
    const on = await stage();
    await appOn(on.slack, (app) =>
      app.command('/deploy', async ({ ack, body, client }) => {
        await ack();
        const view = modal('m', [section('hi')], { private_metadata: 'x'.repeat(3001) });
        refusal.give(await refusalOf(client.views.open({ trigger_id: body.trigger_id, view })));
      }),
    );
    await on.driver.command('dana', 'deploys', '/deploy');
    expect(await refusal.value).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: [expect.stringContaining('[json-pointer:/view/private_metadata]')] },
    });
  });

  it('An external id is taken once', async () => {
    const on = await opened(modal('m', [section('hi')], { external_id: 'mine' }));
    const view = modal('m', [section('new')]);
    await on.client.views.update({ external_id: 'mine', view });
    expect((await on.driver.view('dana'))?.blocks).toMatchObject([section('new')]);
  });
});

describe('the stack', () => {
  const pushing = (results: (client: WebClient, trigger: string) => Promise<void>) => (app: App) => {
    app.action('more', async ({ ack, body, client }) => {
      await ack();
      await results(client as unknown as WebClient, 'trigger_id' in body ? body.trigger_id : '');
    });
  };
  const more = {
    type: 'actions',
    elements: [{ type: 'button', action_id: 'more', text: { type: 'plain_text', text: 'More' } }],
  };

  it('Three modals stand on each other, and the fourth is refused', async () => {
    const refused = settled<string>();
    const on = await opened(modal('m', [more]), {
      set: pushing(async (client, trigger_id) => {
        try {
          await client.views.push({ trigger_id, view: modal('next', [more]) });
        } catch (error) {
          refused.give((error as { data: { error: string } }).data.error);
        }
      }),
    });
    let top = on.view;
    for (const depth of [2, 3]) {
      await on.driver.action('dana', { view_id: top.id }, { action_id: 'more' });
      top = await on.driver.until(async () => {
        const view = await on.driver.view('dana');
        return view?.stack.length === depth ? view : null;
      });
      expect(top.callback_id).toBe('next');
    }
    await on.driver.action('dana', { view_id: top.id }, { action_id: 'more' });
    expect(await refused.value).toBe('push_limit_reached');
    expect((await on.driver.view('dana'))?.stack).toHaveLength(3);
  });

  it('Only the modal on top can be used', async () => {
    const on = await opened(modal('m', [more]), {
      set: pushing(async (client, trigger_id) => {
        await client.views.push({ trigger_id, view: modal('next', [section('hi')]) });
      }),
    });
    await on.driver.action('dana', { view_id: on.view.id }, { action_id: 'more' });
    await on.driver.until(async () => (await on.driver.view('dana'))?.callback_id === 'next');
    const below = on.driver.action('dana', { view_id: on.view.id }, { action_id: 'more' });
    await expect(below).rejects.toMatchObject({ status: 404, path: 'view_id' });
  });

  it('A modal opens in place of what was open', async () => {
    const on = await opened(modal('m', [section('hi')]));
    const again = await on.open();
    expect(again.stack).toEqual([again.id]);
    const stale = on.client.views.update({ view_id: on.view.id, view: modal('m', [section('no')]) });
    expect((await refusalOf(stale)).error).toBe('not_found');
  });

  it('Closing tells the app only where it asked to be told', async () => {
    const closed = settled<object>();
    const on = await opened(
      modal('m', [section('hi')], { notify_on_close: true, private_metadata: 'mine' }),
      {
        set: (app) => {
          app.view({ callback_id: 'm', type: 'view_closed' }, async ({ ack, body }) => {
            await ack();
            closed.give(body);
          });
        },
      },
    );
    await on.driver.closeView('dana', on.view.id);
    expect(await closed.value).toMatchObject({
      type: 'view_closed',
      is_cleared: false,
      view: { id: on.view.id, private_metadata: 'mine' },
    });
    expect(await on.driver.view('dana')).toBeNull();
    await expect(on.driver.closeView('dana', on.view.id)).rejects.toMatchObject({ status: 404 });
  });
});

describe('views.update', () => {
  it('A stale hash is a conflict', async () => {
    const on = await opened(modal('m', [section('one')]));
    const { id: view_id, hash } = on.view;
    await on.client.views.update({ view_id, hash, view: modal('m', [section('two')]) });
    const late = on.client.views.update({ view_id, hash, view: modal('m', [section('three')]) });
    expect((await refusalOf(late)).error).toBe('hash_conflict');
    expect((await on.driver.view('dana'))?.blocks).toMatchObject([section('two')]);
  });

  it('What a person filled in stays where block and action keep their ids', async () => {
    const on = await opened(modal('m', [input('a'), input('b')]));
    const { id: view_id } = on.view;
    const type = (block_id: string): Promise<unknown> =>
      on.driver.action('dana', { view_id }, { action_id: 'field', block_id, value: `typed in ${block_id}` });
    await type('a');
    await type('b');
    await on.client.views.update({ view_id, view: modal('m', [input('a'), input('c')]) });
    const view = await on.driver.view('dana');
    expect(view?.values).toEqual({
      a: { field: { type: 'plain_text_input', value: 'typed in a' } },
      c: { field: { type: 'plain_text_input', value: null } },
    });
    expect((await on.driver.deliveries()).filter(({ what }) => what === 'block_actions')).toEqual([]);
  });

  it('An input tells the app of a change only where it dispatches', async () => {
    const body = settled<object>();
    const dispatching = input('kind', select(), { dispatch_action: true });
    const on = await opened(modal('m', [dispatching]), {
      set: (app) => {
        app.action('field', async ({ ack, body: sent }) => {
          await ack();
          body.give(sent);
        });
      },
    });
    const { id: view_id } = on.view;
    await on.driver.action('dana', { view_id }, { action_id: 'field', value: 'two' });
    const selected_option = { text: { type: 'plain_text', text: 'two' }, value: 'two' };
    expect(await body.value).toMatchObject({
      type: 'block_actions',
      container: { type: 'view', view_id },
      actions: [
        {
          type: 'static_select',
          block_id: 'kind',
          action_id: 'field',
          selected_option,
          action_ts: expect.any(String),
        },
      ],
      view: {
        id: view_id,
        state: { values: { kind: { field: { type: 'static_select', selected_option } } } },
      },
      trigger_id: expect.any(String),
    });
    expect(await body.value).not.toHaveProperty('response_url');
  });
});

describe('Home', () => {
  const home = (text: string): never => ({ type: 'home', blocks: [section(text)] }) as never;

  it('Opening Home tells the app, and shows what it publishes', async () => {
    const on = await stage();
    const event = settled<object>();
    await appOn(on.slack, (app) =>
      app.event('app_home_opened', async ({ event: sent, client }) => {
        event.give(sent);
        await client.views.publish({ user_id: sent.user, view: home('yours') });
      }),
    );
    expect(await on.driver.home('dana')).toMatchObject({
      type: 'home',
      blocks: [section('yours')],
      stack: [],
    });
    expect(await event.value).toMatchObject({
      user: DANA,
      tab: 'home',
      channel: expect.stringMatching(/^D/),
    });
    const again = await on.driver.home('dana', { wait: true });
    expect(again).toMatchObject({ blocks: [section('yours')] });
    expect(await on.driver.home('tom', { wait: true })).toMatchObject({ blocks: [section('yours')] });
  });

  it('A stale hash is a conflict, and a Home belongs to a person', async () => {
    const { client } = await stage();
    const { view } = await client.views.publish({ user_id: DANA, view: home('one') });
    const hash = view?.hash ?? '';
    await client.views.publish({ user_id: DANA, view: home('two'), hash });
    const stale = client.views.publish({ user_id: DANA, view: home('three'), hash });
    expect((await refusalOf(stale)).error).toBe('hash_conflict');
    const bot = client.views.publish({ user_id: BOT, view: home('four') });
    expect((await refusalOf(bot)).error).toBe('invalid_arguments');
  });
});
