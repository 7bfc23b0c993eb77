/** The rules that are no limits, one example each: what Slack says, and where it points. */
import { describe, expect, it } from 'vitest';
import { checkMessage, checkSuggestions, checkView } from '../../local-slack/block-kit/index.ts';
import type { Violation } from '../../local-slack/protocol.ts';
import { type Json, marked, plain } from './edges.ts';

const said = (violations: Violation[]): [string, string][] =>
  violations.map(({ pointer, message }) => [pointer, message]);
const inMessage = (...blocks: unknown[]): [string, string][] =>
  said(checkMessage({ text: 'Fallback', blocks }));
const inModal = (...blocks: unknown[]): [string, string][] =>
  said(checkView({ type: 'modal', title: plain('T'), submit: plain('OK'), blocks }, 'modal'));
const inHome = (...blocks: unknown[]): [string, string][] =>
  said(checkView({ type: 'home', blocks }, 'home'));

const section = (more: Json = {}): Json => ({ type: 'section', text: marked('What'), ...more });
const accessory = (type: string, more: Json = {}): Json => section({ accessory: { type, ...more } });
const input = (type: string, more: Json = {}): Json => ({
  type: 'input',
  label: plain('L'),
  element: { type, ...more },
});
const button = (more: Json = {}): Json => ({ type: 'button', text: plain('Go'), ...more });
const option = (value: string, more: Json = {}): Json => ({ text: plain(value), value, ...more });
const image = (more: Json): Json => ({ type: 'image', alt_text: 'A chart', ...more });
const raw = { type: 'raw_text', text: 'x' };
const grid = (more: Json): Json => ({ type: 'data_table', caption: 'All', rows: [[raw], [raw]], ...more });
const picture = 'https://a.test/c.png';

describe('text objects', () => {
  it('must be plain where only plain text is drawn', () => {
    expect(inMessage({ type: 'header', text: marked('T') })).toEqual([
      ['/blocks/0/text/type', 'must be a valid enum value'],
    ]);
    expect(inMessage(accessory('button', { text: marked('Go') }))).toEqual([
      ['/blocks/0/accessory/text/type', 'must be a valid enum value'],
    ]);
    expect(inMessage(accessory('overflow', { options: [{ text: marked('x'), value: 'x' }] }))).toEqual([
      ['/blocks/0/accessory/options/0/text/type', 'must be a valid enum value'],
    ]);
  });

  it('may be formatted in radio buttons and checkboxes', () => {
    expect(inMessage(accessory('radio_buttons', { options: [{ text: marked('*x*'), value: 'x' }] }))).toEqual(
      [],
    );
  });

  it('must not be empty, but may be a space', () => {
    expect(inMessage(section({ text: marked('') }))).toEqual([
      ['/blocks/0/text/text', 'must be more than 0 characters'],
    ]);
    expect(inMessage(section({ text: marked(' ') }))).toEqual([]);
  });

  it('take `emoji` only when plain and `verbatim` only when formatted', () => {
    expect(inMessage(section({ text: { ...plain('x'), emoji: true } }))).toEqual([]);
    expect(inMessage(section({ text: { ...marked('x'), verbatim: true } }))).toEqual([]);
    expect(inMessage(section({ text: { ...marked('x'), emoji: true } }))).toEqual([
      ['/blocks/0/text', 'invalid additional property: emoji'],
    ]);
    expect(inMessage(section({ text: { ...plain('x'), verbatim: true } }))).toEqual([
      ['/blocks/0/text', 'invalid additional property: verbatim'],
    ]);
  });

  it('must be objects, not strings', () => {
    expect(inMessage({ type: 'header', text: 'T' })).toEqual([['/blocks/0/text', 'must provide an object']]);
    expect(inMessage({ type: 'section', text: 'T' })).toEqual([['/blocks/0/text', 'must provide an object']]);
  });
});

describe('types and properties', () => {
  it('that Slack does not know are refused', () => {
    expect(inMessage({ type: 'foo' })).toEqual([['/blocks/0/type', 'unsupported type: foo']]);
    expect(inMessage(accessory('plain_text_input'))).toEqual([
      ['/blocks/0/accessory/type', 'unsupported type: plain_text_input'],
    ]);
    expect(inMessage({ type: 'actions', elements: [button({ disabled: true })] })).toEqual([
      ['/blocks/0/elements/0', 'invalid additional property: disabled'],
    ]);
  });

  it('that are missing are named', () => {
    expect(inMessage({})).toEqual([['/blocks/0', 'missing required field: type']]);
    expect(inMessage({ type: 'header' })).toEqual([['/blocks/0', 'missing required field: text']]);
    expect(inModal(input('number_input'))).toEqual([
      ['/view/blocks/0/element', 'missing required field: is_decimal_allowed'],
    ]);
  });

  it('that are undefined count as absent, and null does not', () => {
    expect(inMessage({ type: 'divider', block_id: undefined })).toEqual([]);
    expect(inMessage({ type: 'divider', block_id: null })).toEqual([
      ['/blocks/0/block_id', 'must provide a string'],
    ]);
  });

  it('of the wrong kind are refused in the words of that kind', () => {
    expect(inMessage(section({ expand: 'yes', fields: {}, accessory: null, block_id: 3 }))).toEqual([
      ['/blocks/0/expand', 'must provide a boolean'],
      ['/blocks/0/fields', 'must provide an array'],
      ['/blocks/0/accessory', 'must provide an object'],
      ['/blocks/0/block_id', 'must provide a string'],
    ]);
    expect(inModal(input('plain_text_input', { min_length: 1.5 }))).toEqual([
      ['/view/blocks/0/element/min_length', 'must provide an integer'],
    ]);
  });

  it('all come to light at once', () => {
    expect(inMessage({ type: 'header' }, { type: 'foo' }, section({ text: marked('') }))).toHaveLength(3);
  });
});

describe('either, or', () => {
  it('a section has text or fields', () => {
    expect(inMessage({ type: 'section' })).toEqual([['/blocks/0', 'must define either `text` or `fields`']]);
    expect(inMessage({ type: 'section', fields: [] })).toEqual([
      ['/blocks/0/fields', 'must provide at least 1 items'],
    ]);
  });

  it('an image has a url or a file of Slack, not both', () => {
    expect(inMessage(image({ image_url: picture }), image({ slack_file: { id: 'F1' } }))).toEqual([]);
    expect(inMessage(image({}))).toEqual([['/blocks/0', 'must define either `image_url` or `slack_file`']]);
    expect(inMessage(image({ image_url: picture, slack_file: { id: 'F1' } }))).toEqual([
      ['/blocks/0', 'must define only one of `image_url` or `slack_file`'],
    ]);
    expect(
      inMessage({ type: 'context', elements: [image({ image_url: picture, slack_file: { id: 'F1' } })] }),
    ).toHaveLength(1);
    expect(inMessage(image({ slack_file: { id: 'F1', url: picture } }))).toEqual([
      ['/blocks/0/slack_file', 'must define only one of `id` or `url`'],
    ]);
  });

  it('a select has options or option groups, not both', () => {
    const groups = [{ label: plain('G'), options: [option('a')] }];
    expect(inMessage(accessory('static_select', { option_groups: groups }))).toEqual([]);
    expect(inMessage(accessory('static_select'))).toEqual([
      ['/blocks/0/accessory', 'must define either `options` or `option_groups`'],
    ]);
    expect(inMessage(accessory('static_select', { options: [option('a')], option_groups: groups }))).toEqual([
      ['/blocks/0/accessory', 'must define only one of `options` or `option_groups`'],
    ]);
  });

  it('a container is collapsed only when it can be', () => {
    const container = (more: Json): Json => ({
      type: 'container',
      title: plain('T'),
      child_blocks: [{ type: 'divider' }],
      ...more,
    });
    expect(inMessage(container({ is_collapsible: true, default_collapsed: true }))).toEqual([]);
    expect(inMessage(container({ default_collapsed: true }))).toEqual([
      ['/blocks/0/default_collapsed', 'requires `is_collapsible` to be true'],
    ]);
  });

  it('a card shows something, and a container has a title', () => {
    expect(inMessage({ type: 'card', subtitle: marked('alone') })).toHaveLength(1);
    expect(inMessage({ type: 'container', child_blocks: [{ type: 'divider' }] })).toEqual([
      ['/blocks/0', 'must define either `title` or `rich_text_title`'],
    ]);
  });

  it('a conversation filter filters by something', () => {
    expect(inMessage(accessory('conversations_select', { filter: {} }))).toHaveLength(1);
    expect(inMessage(accessory('conversations_select', { filter: { include: ['public'] } }))).toEqual([]);
  });
});

describe('initial choices', () => {
  const options = [option('a', { description: plain('first') }), option('b')];

  it('must be among the options, whole', () => {
    expect(inMessage(accessory('static_select', { options, initial_option: options[0] }))).toEqual([]);
    expect(inMessage(accessory('static_select', { options, initial_option: option('a') }))).toEqual([
      ['/blocks/0/accessory/initial_option', 'must match one of the options'],
    ]);
    expect(
      inMessage(accessory('checkboxes', { options, initial_options: [options[1], option('c')] })),
    ).toEqual([['/blocks/0/accessory/initial_options/1', 'must match one of the options']]);
  });

  it('are held to it in every kind of menu', () => {
    expect(inMessage(accessory('radio_buttons', { options, initial_option: option('c') }))).toHaveLength(1);
    expect(
      inMessage(accessory('multi_static_select', { options, initial_options: [option('c')] })),
    ).toHaveLength(1);
    expect(inMessage(accessory('multi_static_select', {}))).toHaveLength(1);
  });

  it('may stand in a group', () => {
    const option_groups = [{ label: plain('G'), options }];
    expect(
      inMessage(accessory('multi_static_select', { option_groups, initial_options: [options[1]] })),
    ).toEqual([]);
  });

  it('must not be an empty list', () => {
    expect(inMessage(accessory('checkboxes', { options, initial_options: [] }))).toEqual([
      ['/blocks/0/accessory/initial_options', 'must provide at least 1 items'],
    ]);
  });
});

describe('values with a form', () => {
  it.each([
    [
      'datepicker',
      'initial_date',
      ['2026-02-28', '2024-02-29'],
      ['2026-02-29', '28.02.2026', '2026-2-8', ''],
    ],
    ['timepicker', 'initial_time', ['00:00', '23:59'], ['24:00', '9:30', '09:60', '09:30:00']],
    ['timepicker', 'timezone', ['Europe/Berlin', 'UTC'], ['Mars/Olympus', 'Berlin']],
    ['button', 'style', ['primary', 'danger'], ['default', 'red', '']],
    ['button', 'url', ['https://a.test', 'mailto:a@b.test'], ['a.test', 'https://a b']],
  ])('%s takes some for %s and refuses others', (type, field, good, bad) => {
    const make = (value: string): Json =>
      accessory(type, { ...(type === 'button' && { text: plain('Go') }), [field]: value });
    for (const value of good) expect(inMessage(make(value)), value).toEqual([]);
    for (const value of bad)
      expect(inMessage(make(value)), value).toMatchObject([
        [`/blocks/0/accessory/${field}`, expect.anything()],
      ]);
  });

  it('a picture is fetched from the web, a video by https', () => {
    expect(inMessage(image({ image_url: 'file:///etc/passwd' }))).toEqual([
      ['/blocks/0/image_url', 'must be a valid url'],
    ]);
    const video = {
      type: 'video',
      alt_text: 'A',
      title: plain('T'),
      thumbnail_url: picture,
      video_url: 'http://a.test/v',
    };
    expect(inMessage(video)).toEqual([['/blocks/0/video_url', 'must be a valid https url']]);
  });

  it('a moment has ten digits of seconds', () => {
    const moment = (initial_date_time: number): Json => ({
      type: 'actions',
      elements: [{ type: 'datetimepicker', initial_date_time }],
    });
    expect(inMessage(moment(1_700_000_000))).toEqual([]);
    expect(inMessage(moment(1_700_000_000_000))).toHaveLength(1);
    expect(inMessage(moment(999_999_999))).toHaveLength(1);
  });
});

describe('numbers in order', () => {
  it('of a text input', () => {
    expect(inModal(input('plain_text_input', { min_length: 5, max_length: 5 }))).toEqual([]);
    expect(inModal(input('plain_text_input', { min_length: 6, max_length: 5 }))).toMatchObject([
      ['/view/blocks/0/element/min_length', expect.stringContaining('max_length')],
    ]);
  });

  it('of a number input, compared as numbers', () => {
    const number = (more: Json): Json => input('number_input', { is_decimal_allowed: true, ...more });
    expect(inModal(number({ min_value: '9', initial_value: '9.5', max_value: '10' }))).toEqual([]);
    expect(inModal(number({ min_value: '9', max_value: '8.5' }))).toHaveLength(1);
    expect(inModal(number({ initial_value: '11', max_value: '10' }))).toHaveLength(1);
    expect(inModal(number({ min_value: 'nine' }))).toHaveLength(1);
    expect(inModal(input('number_input', { is_decimal_allowed: false, min_value: '0.5' }))).toEqual([
      ['/view/blocks/0/element/min_value', 'must be a whole number'],
    ]);
  });
});

describe('the least there must be', () => {
  it.each<[string, Json, Json]>([
    [
      'a value of a button may be empty',
      accessory('button', { text: plain('x'), value: '' }),
      accessory('button', { text: plain(''), value: '' }),
    ],
    [
      'a query may start at nothing',
      accessory('external_select', { min_query_length: 0 }),
      accessory('external_select', { min_query_length: -1 }),
    ],
    [
      'one item can be selected',
      accessory('multi_users_select', { max_selected_items: 1 }),
      accessory('multi_users_select', { max_selected_items: 0 }),
    ],
    ['a page has a row', grid({ page_size: 1 }), grid({ page_size: 0 })],
    ['a table has a cell', { type: 'table', rows: [[raw]] }, { type: 'table', rows: [[]] }],
    ['actions have an element', { type: 'actions', elements: [button()] }, { type: 'actions', elements: [] }],
    [
      'a context has an element',
      { type: 'context', elements: [plain('x')] },
      { type: 'context', elements: [] },
    ],
    [
      'a carousel has a card',
      { type: 'carousel', elements: [{ type: 'card', title: plain('x') }] },
      { type: 'carousel', elements: [] },
    ],
    [
      'an option has a value',
      accessory('overflow', { options: [option('x')] }),
      accessory('overflow', { options: [{ text: plain('x'), value: '' }] }),
    ],
    [
      'a moment begins in 2001',
      { type: 'actions', elements: [{ type: 'datetimepicker', initial_date_time: 1_000_000_000 }] },
      { type: 'actions', elements: [{ type: 'datetimepicker', initial_date_time: 999_999_999 }] },
    ],
  ])('%s', (_, good, bad) => {
    expect(inMessage(good)).toEqual([]);
    expect(inMessage(bad)).toHaveLength(1);
  });

  it.each<[string, Json, Json]>([
    ['a text may be of no length', { min_length: 0 }, { min_length: -1 }],
    ['a text may be of one character', { max_length: 1 }, { max_length: 0 }],
  ])('%s', (_, good, bad) => {
    expect(inModal(input('plain_text_input', good))).toEqual([]);
    expect(inModal(input('plain_text_input', bad))).toHaveLength(1);
  });

  it('an input has a line and a file', () => {
    expect(
      inModal(
        input('rich_text_input', { min_lines: 1, max_lines: 1 }),
        input('file_input', { max_files: 1 }),
      ),
    ).toEqual([]);
    expect(
      inModal(input('rich_text_input', { min_lines: 0 }), input('file_input', { max_files: 0 })),
    ).toHaveLength(2);
    expect(inModal(input('rich_text_input', { min_lines: 3, max_lines: 2 }))).toHaveLength(1);
  });

  it('the strings of a view may be empty', () => {
    const empty = { private_metadata: '', callback_id: '', external_id: '' };
    expect(checkView({ type: 'home', blocks: [], ...empty }, 'home')).toEqual([]);
  });
});

describe('ids', () => {
  it('of blocks are unique in a message, a view, and inside containers', () => {
    const divider = (block_id: string): Json => ({ type: 'divider', block_id });
    const expected = '`block_id` "a" already exists for another block';
    expect(inMessage(divider('a'), divider('b'), divider('a'))).toEqual([['/blocks/2/block_id', expected]]);
    expect(inModal(divider('a'), divider('a'))).toEqual([['/view/blocks/1/block_id', expected]]);
    expect(
      inMessage(divider('a'), { type: 'container', title: plain('T'), child_blocks: [divider('a')] }),
    ).toEqual([['/blocks/1/child_blocks/0/block_id', expected]]);
  });

  it('of actions are unique in their block, and only there', () => {
    const actions = (...ids: string[]): Json => ({
      type: 'actions',
      elements: ids.map((action_id) => button({ action_id })),
    });
    expect(inMessage(actions('a', 'b'), actions('a', 'b'))).toEqual([]);
    expect(inMessage(actions('a', 'b', 'a'))).toEqual([
      ['/blocks/0/elements/2/action_id', '`action_id` "a" already exists for another element'],
    ]);
    expect(inMessage({ type: 'actions', elements: [button(), button()] })).toEqual([]);
    const icon = { type: 'icon_button', icon: 'trash', text: plain('Delete'), action_id: 'a' };
    expect(inMessage({ type: 'context_actions', elements: [icon, icon] })).toHaveLength(1);
    expect(
      inMessage({
        type: 'card',
        title: plain('T'),
        actions: [button({ action_id: 'a' }), button({ action_id: 'a' })],
      }),
    ).toHaveLength(1);
  });
});

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

describe('tables', () => {
  const cell = (text: string): Json => ({ type: 'raw_text', text });
  const rich = {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] }],
  };
  const data = (rows: Json[][], more: Json = {}): Json => ({
    type: 'data_table',
    caption: 'All',
    rows,
    ...more,
  });

  it('take raw text, numbers and rich text, but no empty cell', () => {
    expect(
      inMessage({
        type: 'table',
        rows: [[cell('a'), { type: 'raw_number', value: 1.5, text: '1.5' }, rich]],
      }),
    ).toEqual([]);
    expect(inMessage({ type: 'table', rows: [[cell('')]] })).toEqual([
      ['/blocks/0/rows/0/0/text', 'must be more than 0 characters'],
    ]);
  });

  it('may leave out a column setting', () => {
    expect(
      inMessage({ type: 'table', rows: [[cell('a')]], column_settings: [null, { align: 'right' }] }),
    ).toEqual([]);
    expect(
      inMessage({ type: 'table', rows: [[cell('a')]], column_settings: [{ align: 'top' }] }),
    ).toHaveLength(1);
  });

  it('with data are grids under a header of plain cells', () => {
    expect(inMessage(data([[cell('h')], [rich as Json]]))).toEqual([]);
    expect(inMessage(data([[rich as Json], [cell('a')]]))).toEqual([
      ['/blocks/0/rows/0/0/type', 'unsupported type: rich_text'],
    ]);
    expect(inMessage(data([[cell('h')], [cell('a'), cell('b')]]))).toEqual([
      ['/blocks/0/rows/1', 'all rows must have the same number of cells'],
    ]);
    expect(inMessage(data([[cell('h')]]))).toEqual([['/blocks/0/rows', 'must provide at least 2 items']]);
    expect(inMessage(data([[cell('h')], [cell('a')]], { row_header_column_index: 1 }))).toEqual([
      ['/blocks/0/row_header_column_index', 'must be less than or equal to 0'],
    ]);
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

describe('rich text', () => {
  const rich = (...elements: Json[]): Json => ({ type: 'rich_text', elements });
  const part = (type: string, ...elements: Json[]): Json => ({ type, elements });

  it('nests sections, lists, quotes and code, each with its own pieces', () => {
    const word = { type: 'text', text: 'x', style: { bold: true } };
    const lists = { ...part('rich_text_list', part('rich_text_section', word)), style: 'ordered', indent: 1 };
    expect(
      inMessage(
        rich(
          part('rich_text_section', word),
          lists,
          part('rich_text_quote', word),
          part('rich_text_preformatted', word),
        ),
      ),
    ).toEqual([]);
    expect(inMessage(rich(part('rich_text_preformatted', { type: 'emoji', name: 'wave' })))).toEqual([
      ['/blocks/0/elements/0/elements/0/type', 'unsupported type: emoji'],
    ]);
    expect(inMessage(rich({ ...lists, style: 'numbered' }))).toEqual([
      ['/blocks/0/elements/0/style', 'must be a valid enum value'],
    ]);
    expect(inMessage(rich(part('rich_text_list', word)))).toEqual([
      ['/blocks/0/elements/0', 'missing required field: style'],
      ['/blocks/0/elements/0/elements/0/type', 'must be a valid enum value'],
    ]);
  });

  it('refuses an empty piece of text', () => {
    expect(inMessage(rich(part('rich_text_section', { type: 'text', text: '' })))).toEqual([
      ['/blocks/0/elements/0/elements/0/text', 'must be more than 0 characters'],
    ]);
  });
});
