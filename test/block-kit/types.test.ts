/** What fields must be: text, types, properties, rich text, and values with a form. */
import { describe, expect, it } from 'vitest';
import { checkView } from '../../local-slack/block-kit/index.ts';
import { type Json, marked, plain } from './edge.ts';
import {
  accessory,
  button,
  grid,
  image,
  inMessage,
  inModal,
  input,
  option,
  picture,
  raw,
  section,
} from './making.ts';

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

  it('that are only inherited count as missing', () => {
    expect(inMessage(Object.create({ type: 'divider' }))).toEqual([
      ['/blocks/0', 'missing required field: type'],
    ]);
    expect(inMessage(Object.assign(Object.create({ text: plain('T') }), { type: 'header' }))).toEqual([
      ['/blocks/0', 'missing required field: text'],
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
    ['a text may start empty', { initial_value: '' }, { initial_value: null }],
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
