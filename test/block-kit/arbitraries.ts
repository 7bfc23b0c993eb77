/** Messages, modals and Homes that Slack takes. */
import fc from 'fast-check';
import {
  type Arb,
  button,
  chars,
  imageElement,
  moment,
  numbered,
  pickers,
  picture,
  plain,
  richText,
  selects,
  source,
  text,
  typed,
  typing,
  url,
  workflowButton,
} from './arbitrary-elements.ts';
import type { Json, Kind } from './edge.ts';

const cell = fc.oneof(
  typed('raw_text', { text: chars(50) }),
  typed('raw_number', { value: fc.integer(), text: chars(20) }),
);
const grid = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 4 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  );

const task = typed(
  'task_card',
  {
    task_id: chars(30),
    title: chars(30),
    status: fc.constantFrom('pending', 'in_progress', 'complete', 'error'),
  },
  {
    details: richText,
    output: richText,
    sources: fc.array(typed('url', { url, text: chars(30) }), { maxLength: 2 }),
  },
);

const card = fc
  .tuple(
    typed(
      'card',
      { title: text(150) },
      { subtitle: text(150), body: text(200), hero_image: imageElement, icon: imageElement },
    ),
    numbered(2, button, 'action_id', 'a'),
  )
  .map(([one, actions]) => ({ ...one, actions }));

/** Blocks that every surface takes. */
const everywhere: Arb[] = [
  typed(
    'section',
    { text: text(3000) },
    {
      fields: fc.array(text(2000), { minLength: 1, maxLength: 4 }),
      accessory: fc.oneof(button, imageElement, ...pickers),
      expand: fc.boolean(),
    },
  ),
  typed('section', { fields: fc.array(text(2000), { minLength: 1, maxLength: 10 }) }),
  typed('divider', {}),
  typed('header', { text: plain(150) }),
  fc
    .tuple(typed('image', picture, { title: plain(2000) }), source)
    .map(([image, from]) => ({ ...image, ...from })),
  numbered(25, fc.oneof(button, ...pickers), 'action_id', 'a').map((elements) => ({
    type: 'actions',
    elements,
  })),
  typed('context', {
    elements: fc.array(fc.oneof(imageElement, text(3000)), { minLength: 1, maxLength: 10 }),
  }),
  richText,
  typed(
    'video',
    {
      alt_text: chars(200),
      title: plain(199),
      thumbnail_url: url,
      video_url: fc.constant('https://a.test/v'),
    },
    { author_name: chars(49), description: plain(200) },
  ),
];

const inputOf = (...elements: Arb[]): Arb =>
  typed(
    'input',
    { label: plain(2000), element: fc.oneof(...elements) },
    { hint: plain(2000), optional: fc.boolean(), dispatch_action: fc.boolean() },
  );

const plainInput = typed(
  'plain_text_input',
  {},
  {
    ...typing,
    initial_value: fc.string({ maxLength: 40 }),
    multiline: fc.boolean(),
    min_length: fc.nat(100),
    max_length: fc.integer({ min: 100, max: 3000 }),
  },
);
const overflowless = pickers.filter((_, i) => i !== selects.length + 2);

const messageOnly: Arb[] = [
  inputOf(plainInput, moment, ...overflowless),
  typed('actions', {
    elements: fc.array(
      fc.oneof(moment, workflowButton).map(({ action_id: _, ...rest }) => rest),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  typed('markdown', { text: chars(1000) }),
  typed('plan', { title: chars(30) }, { tasks: fc.array(task, { maxLength: 3 }) }),
  task,
  card,
  typed('carousel', { elements: fc.array(card, { minLength: 1, maxLength: 3 }) }),
  typed(
    'data_table',
    { caption: chars(30), rows: grid },
    { page_size: fc.integer({ min: 1, max: 100 }), row_header_column_index: fc.constant(0) },
  ),
  typed(
    'container',
    { title: plain(150), child_blocks: fc.array(fc.oneof(...everywhere), { minLength: 1, maxLength: 3 }) },
    { subtitle: text(150), width: fc.constantFrom('narrow', 'full'), icon: imageElement },
  ),
  typed('context_actions', {
    elements: fc.constant([
      {
        type: 'feedback_buttons',
        positive_button: { text: { type: 'plain_text', text: 'Good' }, value: 'good' },
        negative_button: { text: { type: 'plain_text', text: 'Bad' }, value: 'bad' },
      },
      { type: 'icon_button', icon: 'trash', text: { type: 'plain_text', text: 'Delete' } },
    ]),
  }),
];

const modalOnly: Arb[] = [
  typed(
    'alert',
    { text: text(200) },
    { level: fc.constantFrom('default', 'info', 'warning', 'error', 'success') },
  ),
  inputOf(
    plainInput,
    moment,
    ...overflowless,
    typed('email_text_input', {}, { ...typing, initial_value: fc.emailAddress() }),
    typed('url_text_input', {}, { ...typing, initial_value: url }),
    typed(
      'number_input',
      { is_decimal_allowed: fc.boolean() },
      {
        ...typing,
        min_value: fc.constant('-5'),
        initial_value: fc.constant('0'),
        max_value: fc.constant('12'),
      },
    ),
    typed('rich_text_input', {}, { ...typing, initial_value: richText }),
    typed(
      'file_input',
      {},
      { action_id: chars(255), filetypes: fc.constant(['pdf']), max_files: fc.integer({ min: 1, max: 10 }) },
    ),
  ),
];

const homeOnly: Arb[] = [card, inputOf(plainInput, ...overflowless)];

/** Some blocks have an id, all different. */
function blocksOf(kinds: Arb[], max: number): Arb<Json[]> {
  return fc
    .array(fc.tuple(fc.oneof(...kinds), fc.boolean()), { minLength: 1, maxLength: max })
    .map((all) => all.map(([block, named], i) => (named ? { ...block, block_id: `b${i}` } : block)));
}

const table = typed(
  'table',
  { rows: grid },
  { column_settings: fc.constantFrom([{ align: 'right' }], [null, { is_wrapped: true }]) },
);
const MAX_ELEMENTS = 6;

export const messageBlocks: Arb<Json[]> = fc
  .tuple(blocksOf([...everywhere, ...messageOnly], MAX_ELEMENTS), fc.option(table, { nil: undefined }))
  .map(([blocks, one]) => (one ? [...blocks, one] : blocks));
const message: Arb = messageBlocks.chain((blocks) =>
  fc.record({ text: fc.string(), blocks: fc.constant(blocks) }),
);

const ofView = { private_metadata: fc.string({ maxLength: 50 }), callback_id: fc.string({ maxLength: 50 }) };
const modal: Arb = typed(
  'modal',
  { title: plain(24), submit: plain(24), blocks: blocksOf([...everywhere, ...modalOnly], MAX_ELEMENTS) },
  {
    ...ofView,
    close: plain(24),
    clear_on_close: fc.boolean(),
    notify_on_close: fc.boolean(),
  },
);
const home: Arb = typed('home', { blocks: blocksOf([...everywhere, ...homeOnly], MAX_ELEMENTS) }, ofView);

export const VALID: Readonly<Record<Kind, Arb>> = { message, modal, home };
