/** What holds for a message, a view, and the surface they stand on. */
import { describe, expect, it } from 'vitest';
import { checkMessage, checkSuggestions, checkView } from '../../local-slack/block-kit/index.ts';
import { type Json, marked, plain } from './edge.ts';
import { accessory, inHome, inMessage, inModal, input, option, picture, said } from './making.ts';

describe('surfaces', () => {
  const cell = { type: 'raw_text', text: 'x' };
  const blocks: Record<string, [Json, string]> = {
    alert: [{ type: 'alert', text: plain('x') }, 'modal'],
    card: [{ type: 'card', title: marked('x') }, 'message home'],
    carousel: [{ type: 'carousel', elements: [{ type: 'card', title: marked('x') }] }, 'message home'],
    container: [
      { type: 'container', title: plain('x'), child_blocks: [{ type: 'divider' }] },
      'message home',
    ],
    context_actions: [
      { type: 'context_actions', elements: [{ type: 'icon_button', icon: 'trash', text: plain('x') }] },
      'message',
    ],
    data_table: [{ type: 'data_table', caption: 'x', rows: [[cell], [cell]] }, 'message'],
    file: [{ type: 'file', source: 'remote', external_id: 'x' }, ''],
    input: [input('plain_text_input'), 'message modal home'],
    markdown: [{ type: 'markdown', text: 'x' }, 'message'],
    plan: [{ type: 'plan', title: 'x' }, 'message'],
    rich_text: [{ type: 'rich_text', elements: [] }, 'message modal home'],
    table: [{ type: 'table', rows: [[cell]] }, 'message'],
    task_card: [{ type: 'task_card', task_id: 'x', title: 'x', status: 'pending' }, 'message'],
    video: [
      { type: 'video', alt_text: 'A', title: plain('T'), thumbnail_url: picture, video_url: picture },
      'message modal home',
    ],
    datetimepicker: [input('datetimepicker'), 'message modal'],
    email_text_input: [input('email_text_input'), 'modal'],
    file_input: [input('file_input'), 'modal'],
    number_input: [input('number_input', { is_decimal_allowed: false }), 'modal'],
    rich_text_input: [input('rich_text_input'), 'modal home'],
    url_text_input: [input('url_text_input'), 'modal'],
    workflow_button: [
      accessory('workflow_button', { text: plain('x'), workflow: { trigger: { url: picture } } }),
      'message',
    ],
  };

  it.each(Object.entries(blocks))('%s stands where Slack draws it', (type, [block, surfaces]) => {
    const tried = { message: inMessage(block), modal: inModal(block), home: inHome(block) };
    for (const [surface, found] of Object.entries(tried)) {
      if (surfaces.split(' ').includes(surface)) expect(found, surface).toEqual([]);
      else
        expect(found, surface).toMatchObject([
          [expect.stringMatching(/\/type$/), `unsupported type: ${type}`],
        ]);
    }
  });

  it('a response url can be asked for in modals only', () => {
    const block = input('conversations_select', { response_url_enabled: true });
    expect(inModal(block)).toEqual([]);
    expect(inMessage(block)).toMatchObject([['/blocks/0/element/response_url_enabled', expect.anything()]]);
    expect(inMessage(input('channels_select', { response_url_enabled: true }))).toHaveLength(1);
  });
});

describe('a message', () => {
  it('needs text, blocks or attachments', () => {
    const none = [{ pointer: '/text', code: 'no_text', message: 'missing required field: text' }];
    expect(checkMessage({})).toEqual(none);
    expect(checkMessage({ text: '' })).toEqual(none);
    expect(checkMessage({ text: '', blocks: [] })).toEqual(none);
    expect(checkMessage({ blocks: null, attachments: [] })).toEqual(none);
    expect(checkMessage({ text: 'x' })).toEqual([]);
    expect(checkMessage({ blocks: [{ type: 'divider' }] })).toEqual([]);
    expect(checkMessage({ attachments: [{ text: 'x' }] })).toEqual([]);
  });

  it('answers with the code of what is wrong', () => {
    expect(checkMessage({ text: 7 })).toMatchObject([{ pointer: '/text', code: 'invalid_arguments' }]);
    expect(checkMessage({ blocks: '[]' })).toMatchObject([
      { pointer: '/blocks', code: 'invalid_blocks_format' },
    ]);
    expect(checkMessage({ text: 'x', attachments: {} })).toMatchObject([{ code: 'invalid_attachments' }]);
    expect(checkMessage({ text: 'x', attachments: ['x'] })).toMatchObject([{ pointer: '/attachments/0' }]);
  });

  it('holds the blocks of its attachments to the same rules', () => {
    expect(
      checkMessage({ attachments: [{ color: '#ff0000', blocks: [{ type: 'header', text: plain('') }] }] }),
    ).toEqual([
      {
        pointer: '/attachments/0/blocks/0/text/text',
        code: 'invalid_attachments',
        message: 'must be more than 0 characters',
      },
    ]);
    expect(
      checkMessage({
        attachments: [
          { blocks: [{ type: 'divider', block_id: 'a' }] },
          { blocks: [{ type: 'divider', block_id: 'a' }] },
        ],
      }),
    ).toMatchObject([{ pointer: '/attachments/1/blocks/0/block_id', code: 'invalid_attachments' }]);
  });
});

describe('a view', () => {
  const title = plain('T');

  it('with an input needs a submit button in a modal, not in Home', () => {
    const blocks = [{ type: 'divider' }, input('plain_text_input')];
    expect(checkView({ type: 'modal', title, blocks }, 'modal')).toEqual([
      {
        pointer: '/view/blocks/1',
        code: 'invalid_arguments',
        message: 'must define `submit` to use `input` block',
      },
    ]);
    expect(checkView({ type: 'modal', title, submit: plain('OK'), blocks }, 'modal')).toEqual([]);
    expect(checkView({ type: 'home', blocks }, 'home')).toEqual([]);
  });

  it('of one kind is not taken for the other', () => {
    expect(said(checkView({ type: 'modal', title, blocks: [] }, 'home'))).toEqual([
      ['/view/type', 'must be a valid enum value'],
    ]);
    expect(said(checkView({ type: 'home', blocks: [], title }, 'home'))).toEqual([
      ['/view', 'invalid additional property: title'],
    ]);
    expect(said(checkView({ type: 'modal', title, blocks: [], submit_disabled: true }, 'modal'))).toEqual([
      ['/view', 'invalid additional property: submit_disabled'],
    ]);
  });

  it('has a title, blocks, and one focus at most', () => {
    expect(said(checkView({ type: 'modal' }, 'modal'))).toEqual([
      ['/view', 'missing required field: title'],
      ['/view', 'missing required field: blocks'],
    ]);
    const focused = input('plain_text_input', { focus_on_load: true });
    expect(inModal(focused)).toEqual([]);
    expect(inModal(focused, focused)).toHaveLength(1);
  });

  it('that is missing, or no object, is refused', () => {
    expect(checkView(undefined, 'modal')).toEqual([
      { pointer: '', code: 'invalid_arguments', message: 'missing required field: view' },
    ]);
    expect(said(checkView('{}', 'modal'))).toEqual([['/view', 'must provide an object']]);
  });
});

describe('suggestions for an external menu', () => {
  it('are options or groups of them, or none', () => {
    expect(checkSuggestions({ options: [option('a')] })).toEqual([]);
    expect(checkSuggestions({ option_groups: [{ label: plain('G'), options: [option('a')] }] })).toEqual([]);
    expect(checkSuggestions({ options: [] })).toEqual([]);
    expect(said(checkSuggestions({ options: [option('a'), { text: plain('b') }] }))).toEqual([
      ['/options/1', 'missing required field: value'],
    ]);
    expect(checkSuggestions({})).toHaveLength(1);
  });
});
