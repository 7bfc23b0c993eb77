/** What elements hold before and after a person used them, and what their actions carry. */
import { describe, expect, it } from 'vitest';
import {
  actionPayload,
  type Element,
  initialState,
  interactiveElements,
  isFilled,
  requiredInputs,
  stateValue,
  withBlockIds,
} from '../../local-slack/block-kit/index.ts';
import { type Json, plain } from './edge.ts';

const option = (value: string): Json => ({ text: plain(value.toUpperCase()), value });
const a = option('a');
const b = option('b');
const c = option('c');
const rich = (text: string): Json => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});
const groups = [{ label: plain('G'), options: [c] }];

/** Per element: its extra fields, where it starts, what is given, and the field of the state that then holds what. */
const KINDS: [string, Json, [string, unknown], unknown, string, unknown, null | unknown[]][] = [
  ['plain_text_input', {}, ['initial_value', 'old'], 'new', 'value', 'new', null],
  ['email_text_input', {}, ['initial_value', 'a@b.test'], 'c@d.test', 'value', 'c@d.test', null],
  [
    'url_text_input',
    {},
    ['initial_value', 'https://a.test'],
    'https://b.test',
    'value',
    'https://b.test',
    null,
  ],
  ['number_input', { is_decimal_allowed: true }, ['initial_value', '1'], 2.5, 'value', '2.5', null],
  ['rich_text_input', {}, ['initial_value', rich('old')], 'new', 'rich_text_value', rich('new'), null],
  ['static_select', { options: [a, b] }, ['initial_option', a], 'b', 'selected_option', b, null],
  ['static_select', { option_groups: groups }, ['initial_option', c], 'c', 'selected_option', c, null],
  ['radio_buttons', { options: [a, b] }, ['initial_option', a], 'b', 'selected_option', b, null],
  ['external_select', {}, ['initial_option', a], 'a', 'selected_option', a, null],
  ['users_select', {}, ['initial_user', 'U1'], 'U2', 'selected_user', 'U2', null],
  ['conversations_select', {}, ['initial_conversation', 'C1'], 'C2', 'selected_conversation', 'C2', null],
  ['channels_select', {}, ['initial_channel', 'C1'], 'C2', 'selected_channel', 'C2', null],
  ['datepicker', {}, ['initial_date', '2026-01-01'], '2026-02-28', 'selected_date', '2026-02-28', null],
  ['timepicker', {}, ['initial_time', '09:00'], '13:05', 'selected_time', '13:05', null],
  [
    'datetimepicker',
    {},
    ['initial_date_time', 1_700_000_000],
    1_800_000_000,
    'selected_date_time',
    1_800_000_000,
    null,
  ],
  [
    'checkboxes',
    { options: [a, b, c] },
    ['initial_options', [a]],
    ['b', 'c'],
    'selected_options',
    [b, c],
    [],
  ],
  [
    'multi_static_select',
    { options: [a, b, c] },
    ['initial_options', [a]],
    ['c'],
    'selected_options',
    [c],
    [],
  ],
  ['multi_external_select', {}, ['initial_options', [a, b]], ['b'], 'selected_options', [b], []],
  ['multi_users_select', {}, ['initial_users', ['U1']], ['U2', 'U3'], 'selected_users', ['U2', 'U3'], []],
  [
    'multi_conversations_select',
    {},
    ['initial_conversations', ['C1']],
    ['C2'],
    'selected_conversations',
    ['C2'],
    [],
  ],
  ['multi_channels_select', {}, ['initial_channels', ['C1']], ['C2'], 'selected_channels', ['C2'], []],
];

const inputBlock = (element: Json, more: Json = {}): Json => ({
  type: 'input',
  block_id: 'block',
  label: plain('Label'),
  element: { action_id: 'act', ...element },
  ...more,
});

describe.each(KINDS)('%s', (type, more, [startField, start], given, holds, expected, empty) => {
  const bare: Element = { type, action_id: 'act', ...more };
  const started: Element = { ...bare, [startField]: start };

  it('starts from what it was given, or empty', () => {
    expect(initialState([inputBlock(started)])).toEqual({ block: { act: { type, [holds]: start } } });
    expect(initialState([inputBlock(bare)])).toEqual({ block: { act: { type, [holds]: empty } } });
  });

  it('holds what a person gives, and nothing once it is cleared', () => {
    expect(stateValue(started, given)).toEqual({ ok: true, value: { type, [holds]: expected } });
    expect(stateValue(started, null)).toEqual({ ok: true, value: { type, [holds]: empty } });
    expect(stateValue(started, '')).toEqual({ ok: true, value: { type, [holds]: empty } });
  });

  it('refuses what a person could not give', () => {
    expect(stateValue(bare, { not: 'this' })).toEqual({ ok: false, error: expect.stringMatching(/\.$/) });
  });

  it('is filled when it holds something', () => {
    expect(isFilled({ type, [holds]: expected })).toBe(true);
    expect(isFilled({ type, [holds]: empty })).toBe(false);
    expect(isFilled(undefined)).toBe(false);
  });

  it('sends the same in its action, beside where it started', () => {
    expect(actionPayload(started, given)).toEqual({
      ok: true,
      value: { type, action_id: 'act', [startField]: start, [holds]: expected },
    });
  });
});

describe('what a person could not give', () => {
  it.each<[string, Element, unknown, string]>([
    ['too short', { type: 'plain_text_input', min_length: 3 }, 'ab', 'Give at least 3 characters.'],
    ['too long', { type: 'plain_text_input', max_length: 3 }, '🚀🚀🚀🚀', 'Give at most 3 characters.'],
    [
      'too long for any input',
      { type: 'plain_text_input' },
      'x'.repeat(3001),
      'Give at most 3000 characters.',
    ],
    ['no number', { type: 'number_input' }, 'nine', 'Enter a valid number.'],
    ['a fraction', { type: 'number_input', is_decimal_allowed: false }, '1.5', 'Enter a whole number.'],
    ['too small', { type: 'number_input', min_value: '9' }, '8', 'Enter a number that is at least 9.'],
    ['too large', { type: 'number_input', max_value: '9' }, '10', 'Enter a number that is at most 9.'],
    ['no address', { type: 'email_text_input' }, 'dana', 'Enter a valid email address.'],
    ['no link', { type: 'url_text_input' }, 'a.test', 'Enter a valid URL.'],
    ['no day', { type: 'datepicker' }, '2026-02-30', 'Give a date as YYYY-MM-DD.'],
    ['no time', { type: 'timepicker' }, '25:00', 'Give a time as HH:mm.'],
    [
      'milliseconds',
      { type: 'datetimepicker' },
      1_700_000_000_000,
      'Give a time as ten digits of Unix seconds.',
    ],
    [
      'a second too early',
      { type: 'datetimepicker' },
      999_999_999,
      'Give a time as ten digits of Unix seconds.',
    ],
    [
      'half a second',
      { type: 'datetimepicker' },
      1_700_000_000.5,
      'Give a time as ten digits of Unix seconds.',
    ],
    ['another option', { type: 'static_select', options: [a] }, 'z', 'There is no option "z".'],
    ['an option not offered', { type: 'external_select' }, 'a', 'There is no option "a".'],
    [
      'one option too many',
      { type: 'multi_static_select', options: [a, b], max_selected_items: 1 },
      ['a', 'b'],
      'Choose at most 1.',
    ],
    ['one file too many', { type: 'file_input', max_files: 1 }, ['F1', 'F2'], 'Choose at most 1.'],
    [
      'one wrong among right ones',
      { type: 'checkboxes', options: [a, b] },
      ['a', 'z'],
      'There is no option "z".',
    ],
    ['anything, to a button', { type: 'button' }, 'x', 'A button holds no value.'],
  ])('%s is answered in a sentence', (_, element, given, error) => {
    expect(stateValue(element, given)).toEqual({ ok: false, error });
  });

  it('lengths are counted in characters', () => {
    expect(stateValue({ type: 'plain_text_input', max_length: 3 }, '🚀🚀🚀')).toMatchObject({ ok: true });
  });
});

describe('what a person can give', () => {
  it.each<[string, Element, unknown, Json]>([
    ['the shortest text', { type: 'plain_text_input', min_length: 3 }, 'abc', { value: 'abc' }],
    ['the longest text', { type: 'plain_text_input', max_length: 3 }, 'abc', { value: 'abc' }],
    ['the smallest number', { type: 'number_input', min_value: '9' }, '9', { value: '9' }],
    ['the largest number', { type: 'number_input', max_value: '9' }, 9, { value: '9' }],
    ['a whole number', { type: 'number_input', is_decimal_allowed: false }, '-7', { value: '-7' }],
    [
      'as many as allowed',
      { type: 'multi_users_select', max_selected_items: 2 },
      ['U1', 'U2'],
      { selected_users: ['U1', 'U2'] },
    ],
    ['one, where several are allowed', { type: 'multi_users_select' }, 'U1', { selected_users: ['U1'] }],
    ['ten digits', { type: 'datetimepicker' }, '1700000000', { selected_date_time: 1_700_000_000 }],
    [
      'the first ten digits',
      { type: 'datetimepicker' },
      1_000_000_000,
      { selected_date_time: 1_000_000_000 },
    ],
    ['the last ten digits', { type: 'datetimepicker' }, 9_999_999_999, { selected_date_time: 9_999_999_999 }],
  ])('%s', (_, element, given, value) => {
    expect(stateValue(element, given)).toEqual({ ok: true, value: { type: element.type, ...value } });
  });

  it('to an external menu is what it offered last', () => {
    expect(stateValue({ type: 'external_select' }, 'b', [a, b])).toEqual({
      ok: true,
      value: { type: 'external_select', selected_option: b },
    });
    expect(stateValue({ type: 'multi_external_select' }, ['a', 'b'], [a, b])).toMatchObject({
      value: { selected_options: [a, b] },
    });
  });

  it('to a file input are files by id', () => {
    expect(stateValue({ type: 'file_input' }, ['F1'])).toMatchObject({ value: { files: [{ id: 'F1' }] } });
  });

  it('to a time picker keeps its zone', () => {
    expect(stateValue({ type: 'timepicker', timezone: 'Europe/Berlin' }, '09:00')).toMatchObject({
      value: { selected_time: '09:00', timezone: 'Europe/Berlin' },
    });
  });
});

describe('actions', () => {
  it('of a button carry its text, value, style and url', () => {
    const button = {
      type: 'button',
      action_id: 'go',
      text: plain('Go'),
      value: '7',
      style: 'danger',
      url: 'https://a.test',
    };
    expect(actionPayload(button, undefined)).toEqual({ ok: true, value: button });
  });

  it('of an overflow menu carry the chosen option', () => {
    const overflow = { type: 'overflow', action_id: 'more', options: [a, b] };
    expect(actionPayload(overflow, 'b')).toEqual({
      ok: true,
      value: { type: 'overflow', action_id: 'more', selected_option: b },
    });
    expect(actionPayload(overflow, undefined)).toMatchObject({ ok: false });
    expect(actionPayload(overflow, 'z')).toMatchObject({ ok: false });
  });

  it('of feedback buttons carry the one that was clicked', () => {
    const good = { text: plain('Good'), value: 'good' };
    const feedback = {
      type: 'feedback_buttons',
      action_id: 'f',
      positive_button: good,
      negative_button: { text: plain('Bad'), value: 'bad' },
    };
    expect(actionPayload(feedback, 'good')).toEqual({
      ok: true,
      value: { type: 'feedback_buttons', action_id: 'f', ...good },
    });
    expect(actionPayload(feedback, 'neither')).toMatchObject({ ok: false });
  });

  it('of an icon button carry its icon and value', () => {
    const icon = { type: 'icon_button', action_id: 'i', icon: 'trash', text: plain('Delete'), value: 'x' };
    expect(actionPayload(icon, undefined)).toEqual({ ok: true, value: icon });
  });
});

describe('a view', () => {
  it('requires its inputs but the optional ones', () => {
    const input = (block_id: string, more: Json = {}): Json => ({
      ...inputBlock({ type: 'plain_text_input' }, more),
      block_id,
    });
    const section = { type: 'section', block_id: 's', accessory: { type: 'datepicker', action_id: 'd' } };
    expect(
      requiredInputs({
        blocks: [input('a'), input('b', { optional: true }), input('c', { optional: false }), section],
      }),
    ).toEqual([
      { block_id: 'a', action_id: 'act', label: 'Label' },
      { block_id: 'c', action_id: 'act', label: 'Label' },
    ]);
  });

  it('has state for what holds a value, wherever it stands, and none for buttons', () => {
    const blocks = [
      { type: 'section', block_id: 's', accessory: { type: 'datepicker', action_id: 'd' } },
      {
        type: 'actions',
        block_id: 'a',
        elements: [
          { type: 'button', action_id: 'x' },
          { type: 'checkboxes', action_id: 'y', options: [a] },
          { type: 'users_select', action_id: 'z' },
        ],
      },
      { type: 'container', block_id: 'c', child_blocks: [inputBlock({ type: 'plain_text_input' })] },
      { type: 'section', block_id: 't', accessory: { type: 'image', alt_text: 'x' } },
    ];
    expect(initialState(blocks)).toEqual({
      s: { d: { type: 'datepicker', selected_date: null } },
      a: {
        y: { type: 'checkboxes', selected_options: [] },
        z: { type: 'users_select', selected_user: null },
      },
      block: { act: { type: 'plain_text_input', value: null } },
    });
  });
});

describe('ids', () => {
  it('are given to what lacks one, and kept where they are', () => {
    let count = 0;
    const idFor = (): string => `id${++count}`;
    const blocks = [
      { type: 'divider', block_id: 'kept' },
      { type: 'actions', elements: [{ type: 'button', action_id: 'go' }, { type: 'button' }] },
      { type: 'section', accessory: { type: 'image', alt_text: 'x' } },
      { type: 'container', child_blocks: [{ type: 'input', element: { type: 'datepicker' } }] },
    ];
    const before = structuredClone(blocks);
    const named = withBlockIds(blocks, idFor);
    expect(blocks).toEqual(before);
    expect(named).toEqual([
      { type: 'divider', block_id: 'kept' },
      {
        type: 'actions',
        block_id: 'id1',
        elements: [
          { type: 'button', action_id: 'go' },
          { type: 'button', action_id: 'id2' },
        ],
      },
      { type: 'section', block_id: 'id3', accessory: { type: 'image', alt_text: 'x' } },
      {
        type: 'container',
        block_id: 'id4',
        child_blocks: [{ type: 'input', block_id: 'id5', element: { type: 'datepicker', action_id: 'id6' } }],
      },
    ]);
    expect(interactiveElements(named).map(({ block_id, action_id }) => [block_id, action_id])).toEqual([
      ['id1', 'go'],
      ['id1', 'id2'],
      ['id5', 'id6'],
    ]);
  });
});
