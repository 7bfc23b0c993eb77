/** How the fields of one object must fit each other. */
import { describe, expect, it } from 'vitest';
import { type Json, marked, plain } from './edge.ts';
import { accessory, button, image, inMessage, inModal, input, option, picture } from './making.ts';

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
