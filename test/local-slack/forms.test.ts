/** Filling a modal in and sending it: what a client checks itself, what the app hears, and what it may answer. */
import type { App, ViewSubmitAction } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { DANA, DEPLOYS, input, modal, opened, section } from './stage.ts';

const TWO = ['one', 'two'].map((value) => ({ text: { type: 'plain_text', text: value }, value }));
const select = (extra: object = {}): object => ({ type: 'static_select', options: TWO, ...extra });

describe('submitting', () => {
  const answering =
    (answer: (view: ViewSubmitAction) => object | undefined, seen: ViewSubmitAction[] = []) =>
    (app: App): void => {
      app.view('m', async ({ ack, body }) => {
        seen.push(body as ViewSubmitAction);
        await ack(answer(body as ViewSubmitAction) as never);
      });
    };

  it('A required input that is empty is the client’s to refuse: the app hears nothing', async () => {
    const seen: ViewSubmitAction[] = [];
    const on = await opened(modal('m', [input('a'), input('b', {}, { optional: true })]), {
      set: answering(() => undefined, seen),
    });
    expect(await on.driver.submit('dana', on.view.id)).toMatchObject({
      ok: false,
      errors: { a: 'Please complete this required field.' },
    });
    expect(seen).toEqual([]);
  });

  it('A text that is too short or too long is refused under its field', async () => {
    const on = await opened(modal('m', [input('a', { min_length: 3, max_length: 5 })]));
    const submit = (text: string): Promise<object> =>
      on.driver.submit('dana', on.view.id, { a: { field: text } });
    expect(await submit('ab')).toMatchObject({ ok: false, errors: { a: expect.stringContaining('3') } });
    expect(await submit('abcdef')).toMatchObject({ ok: false, errors: { a: expect.stringContaining('5') } });
    expect((await on.driver.deliveries()).filter(({ what }) => what === 'view_submission')).toEqual([]);
  });

  it('Initial values, earlier typing and new values go together as state', async () => {
    const seen: ViewSubmitAction[] = [];
    const on = await opened(
      modal('m', [
        input('a', { initial_value: 'from the start' }),
        input('b', select({ initial_option: TWO[0] })),
        input('c'),
        input('d', { type: 'datetimepicker' }),
        input('e', { type: 'multi_users_select' }),
        input('f', { type: 'checkboxes', options: TWO }, { optional: true }),
      ]),
      { set: answering(() => undefined, seen) },
    );
    await on.driver.action(
      'dana',
      { view_id: on.view.id },
      { action_id: 'field', block_id: 'c', value: 'typed' },
    );
    const values = { d: { field: 1_700_000_000 }, e: { field: ['U0TOM000002', DANA] } };
    expect(await on.driver.submit('dana', on.view.id, values)).toMatchObject({ ok: true });
    expect(await on.driver.view('dana')).toBeNull();
    expect(seen[0]).toMatchObject({
      type: 'view_submission',
      user: { id: DANA, name: 'dana', team_id: 'T0ACME00001' },
      response_urls: [],
      view: { id: on.view.id, callback_id: 'm', hash: on.view.hash, root_view_id: on.view.id },
    });
    expect(seen[0]?.view.state.values).toEqual({
      a: { field: { type: 'plain_text_input', value: 'from the start' } },
      b: { field: { type: 'static_select', selected_option: TWO[0] } },
      c: { field: { type: 'plain_text_input', value: 'typed' } },
      d: { field: { type: 'datetimepicker', selected_date_time: 1_700_000_000 } },
      e: { field: { type: 'multi_users_select', selected_users: ['U0TOM000002', DANA] } },
      f: { field: { type: 'checkboxes', selected_options: [] } },
    });
  });

  it('An option that is not offered, a person who does not exist and a field that is not there are 404', async () => {
    const on = await opened(modal('m', [input('a', select()), input('b', { type: 'users_select' })]));
    const submit = (values: Record<string, Record<string, string>>): Promise<object> =>
      on.driver.submit('dana', on.view.id, values);
    await expect(submit({ a: { field: 'three' } })).rejects.toMatchObject({
      status: 404,
      path: 'values.a.field',
    });
    await expect(submit({ b: { field: 'U0NOBODY' } })).rejects.toMatchObject({ status: 404 });
    await expect(submit({ z: { field: 'x' } })).rejects.toMatchObject({
      status: 404,
      path: 'values.z.field',
    });
    const modalOfDana = on.driver.submit('tom', on.view.id);
    await expect(modalOfDana).rejects.toMatchObject({ status: 404, path: 'view_id' });
  });

  it('Errors from the app stand under their fields, and the modal stays', async () => {
    const on = await opened(modal('m', [input('a')]), {
      set: answering(() => ({ response_action: 'errors', errors: { a: 'No such version.' } })),
    });
    const answer = await on.driver.submit('dana', on.view.id, { a: { field: 'v9' } });
    expect(answer).toMatchObject({ ok: false, errors: { a: 'No such version.' }, view: { id: on.view.id } });
    expect((await on.driver.view('dana'))?.values.a?.field?.value).toBe('v9');
  });

  it('Errors on a block that is no input are an error of the app', async () => {
    const on = await opened(modal('m', [input('a')]), {
      set: answering(() => ({ response_action: 'errors', errors: { nowhere: 'No.' } })),
    });
    const answer = await on.driver.submit('dana', on.view.id, { a: { field: 'v9' } });
    expect(answer).toMatchObject({ ok: false, code: 'invalid_errors' });
    const [ack] = await on.driver.calls({ method: 'ack' });
    expect(ack?.violations).toMatchObject([{ pointer: '/errors/nowhere' }]);
  });

  it('The app may update the modal, push one on it, or clear them all', async () => {
    const answers = [
      { response_action: 'update', view: modal('m', [section('updated')]) },
      { response_action: 'push', view: modal('m', [section('pushed')]) },
      { response_action: 'clear' },
    ];
    const on = await opened(modal('m', [section('first')]), { set: answering(() => answers.shift()) });
    const updated = await on.driver.submit('dana', on.view.id);
    expect(updated.view).toMatchObject({ id: on.view.id, blocks: [section('updated')], stack: [on.view.id] });
    const pushed = await on.driver.submit('dana', on.view.id);
    expect(pushed.view?.stack).toEqual([on.view.id, pushed.view?.id]);
    expect(await on.driver.submit('dana', pushed.view?.id ?? '')).not.toHaveProperty('view');
    expect(await on.driver.view('dana')).toBeNull();
  });

  it('A broken view in an ack is refused, and the person sees an error', async () => {
    const on = await opened(modal('m', [section('first')]), {
      set: answering(() => ({ response_action: 'update', view: modal('m', [section('')]) })),
    });
    const answer = await on.driver.submit('dana', on.view.id);
    expect(answer).toMatchObject({
      ok: false,
      code: 'invalid_arguments',
      view: { blocks: [section('first')] },
    });
  });

  it('A modal without a submit button cannot be submitted', async () => {
    const on = await opened(modal('m', [section('hi')], { submit: undefined }));
    await expect(on.driver.submit('dana', on.view.id)).rejects.toMatchObject({ status: 404 });
  });

  it('A conversation that may be answered comes with an address to answer it', async () => {
    const seen: ViewSubmitAction[] = [];
    const where = {
      type: 'conversations_select',
      response_url_enabled: true,
      default_to_current_conversation: true,
    };
    const on = await opened(modal('m', [input('where', where)]), { set: answering(() => undefined, seen) });
    await on.driver.submit('dana', on.view.id);
    const [response] = seen[0]?.response_urls ?? [];
    expect(response).toMatchObject({ block_id: 'where', action_id: 'field', channel_id: DEPLOYS });
    await fetch(response?.response_url ?? '', {
      method: 'POST',
      body: JSON.stringify({ text: 'thanks' }),
      headers: { 'content-type': 'application/json' },
    });
    expect(await on.driver.messages({ channel: 'deploys', user: 'dana' })).toMatchObject([
      { text: 'thanks' },
    ]);
  });
});

describe('external menus', () => {
  const options = (values: string[]): object[] =>
    values.map((value) => ({ text: { type: 'plain_text', text: value }, value }));
  const menu = (min: number): never =>
    modal('m', [input('version', { type: 'external_select', min_query_length: min })]);
  const asked: object[] = [];
  const offering = (app: App): void => {
    app.options('field', async ({ ack, body, options: query }) => {
      asked.push(body);
      const found = options(['v2.1.0', 'v2.0.4']).filter((one) => JSON.stringify(one).includes(query.value));
      await ack({ options: found as never });
    });
    app.view('m', async ({ ack }) => ack());
  };

  it('A menu asks the app with what the person typed, and from its shortest query on', async () => {
    const on = await opened(menu(2), { set: offering });
    const at = { view_id: on.view.id };
    expect(await on.driver.suggest('dana', at, { action_id: 'field' }, 'v')).toMatchObject({
      ok: false,
      options: [],
    });
    const found = await on.driver.suggest('dana', at, { action_id: 'field' }, 'v2.1');
    expect(found.options.map(({ value }) => value)).toEqual(['v2.1.0']);
    expect(asked.at(-1)).toMatchObject({
      type: 'block_suggestion',
      action_id: 'field',
      block_id: 'version',
      value: 'v2.1',
      container: { type: 'view', view_id: on.view.id },
      view: { id: on.view.id },
    });
  });

  it('What the menu offers can be picked, and what it does not offer is not there', async () => {
    const on = await opened(menu(0), { set: offering });
    const submit = (value: string): Promise<object> =>
      on.driver.submit('dana', on.view.id, { version: { field: value } });
    await expect(submit('v9')).rejects.toMatchObject({ status: 404, path: 'values.version.field' });
    expect(await submit('v2.0.4')).toMatchObject({ ok: true });
  });

  it('Options over their limits show as none', async () => {
    const on = await opened(menu(0), {
      set: (app) => {
        app.options('field', async ({ ack }) => ack({ options: options(['x'.repeat(151)]) as never }));
      },
    });
    const found = await on.driver.suggest('dana', { view_id: on.view.id }, { action_id: 'field' }, '');
    expect(found).toMatchObject({ ok: false, code: 'invalid_options', options: [] });
  });
});
