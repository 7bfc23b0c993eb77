/** Messages, modals and Homes that Slack takes, and ones with exactly one rule broken at a known place. */
import fc from 'fast-check';
import { EDGES, type Json, type Kind } from './edges.ts';

type Arb<T = Json> = fc.Arbitrary<T>;

/** Characters, not UTF-16 units: emoji and other scripts come up as often as letters. */
const chars = (max: number): Arb<string> =>
  fc.string({ unit: 'binary', minLength: 1, maxLength: Math.min(max, 30) });
const plain = (max: number): Arb =>
  fc.record(
    { type: fc.constant('plain_text'), text: chars(max), emoji: fc.boolean() },
    { requiredKeys: ['type', 'text'] },
  );
const mrkdwn = (max: number): Arb =>
  fc.record(
    { type: fc.constant('mrkdwn'), text: chars(max), verbatim: fc.boolean() },
    { requiredKeys: ['type', 'text'] },
  );
const text = (max: number): Arb => fc.oneof(plain(max), mrkdwn(max));
const url: Arb<string> = fc.webUrl();
const id = (letter: string): Arb<string> => fc.stringMatching(/^[A-Z0-9]{8}$/).map((rest) => letter + rest);

/** An object of a type with all of `must` and any of `may`. */
function typed(
  type: string,
  must: Record<string, Arb<unknown>>,
  may: Record<string, Arb<unknown>> = {},
): Arb {
  const model: Record<string, Arb<unknown>> = { type: fc.constant(type), ...must, ...may };
  return fc.record(model, { requiredKeys: ['type', ...Object.keys(must)] });
}

function untyped(must: Record<string, Arb<unknown>>, may: Record<string, Arb<unknown>> = {}): Arb {
  return fc.record({ ...must, ...may }, { requiredKeys: Object.keys(must) });
}

/** One to `max` of something, told apart by a number. */
function numbered(max: number, one: Arb, field: string, prefix: string): Arb<Json[]> {
  return fc
    .array(one, { minLength: 1, maxLength: Math.min(max, 6) })
    .map((all) => all.map((item, i) => ({ ...item, [field]: `${prefix}${i}` })));
}

const confirm = untyped(
  { text: text(300) },
  { title: plain(100), confirm: plain(30), deny: plain(30), style: fc.constantFrom('primary', 'danger') },
);
const options = (max: number, label: Arb = plain(75)): Arb<Json[]> =>
  numbered(max, untyped({ text: label, value: fc.constant('') }, { description: plain(75) }), 'value', 'v');
const groups: Arb<Json[]> = fc.array(untyped({ label: plain(75), options: options(100) }), {
  minLength: 1,
  maxLength: 3,
});
const date = fc.date({ min: new Date(0), max: new Date('9000-01-01'), noInvalidDate: true });
const day = date.map((at) => at.toISOString().slice(0, 10));
const clock = date.map((at) => at.toISOString().slice(11, 16));

const acts = { action_id: chars(255), confirm };
const menu = { ...acts, focus_on_load: fc.constant(false), placeholder: plain(150) };
const multi = { ...menu, max_selected_items: fc.integer({ min: 1, max: 100 }) };
const typing = {
  action_id: chars(255),
  focus_on_load: fc.constant(false),
  placeholder: plain(150),
  dispatch_action_config: untyped({
    trigger_actions_on: fc.constantFrom(['on_enter_pressed'], ['on_character_entered']),
  }),
};

/** A static menu whose initial choice, if any, is among its options. */
function choosing(
  type: string,
  from: Arb<Json[]>,
  more: Record<string, Arb<unknown>>,
  initial: 'one' | 'some' | 'none',
): Arb {
  return fc.tuple(typed(type, {}, more), from, fc.nat(), fc.boolean()).map(([menuOnly, all, pick, start]) => {
    const chosen = all[pick % all.length];
    if (!start || initial === 'none') return { ...menuOnly, options: all };
    return {
      ...menuOnly,
      options: all,
      ...(initial === 'one' ? { initial_option: chosen } : { initial_options: [chosen] }),
    };
  });
}

const filter = untyped(
  { include: fc.subarray(['im', 'mpim', 'private', 'public'], { minLength: 1 }) },
  { exclude_bot_users: fc.boolean() },
);
const picture = { alt_text: chars(2000) };
const source = fc.oneof(
  url.map((image_url): Json => ({ image_url })),
  fc
    .oneof(
      id('F').map((file): Json => ({ id: file })),
      url.map((at): Json => ({ url: at })),
    )
    .map((slack_file): Json => ({ slack_file })),
);
const imageElement: Arb = fc
  .tuple(typed('image', picture), source)
  .map(([image, from]) => ({ ...image, ...from }));

const button = typed(
  'button',
  { text: plain(75) },
  {
    ...acts,
    value: fc.string({ maxLength: 30 }),
    url,
    style: fc.constantFrom('primary', 'danger'),
    accessibility_label: chars(75),
  },
);

const selects: Arb[] = [
  choosing('static_select', options(100), menu, 'one'),
  fc
    .tuple(typed('static_select', {}, menu), groups)
    .map(([one, option_groups]) => ({ ...one, option_groups })),
  typed(
    'external_select',
    {},
    { ...menu, min_query_length: fc.nat(10), initial_option: options(1).map(([one]) => one) },
  ),
  typed('users_select', {}, { ...menu, initial_user: id('U') }),
  typed(
    'conversations_select',
    {},
    { ...menu, initial_conversation: id('C'), filter, default_to_current_conversation: fc.boolean() },
  ),
  typed('channels_select', {}, { ...menu, initial_channel: id('C') }),
  choosing('multi_static_select', options(100), multi, 'some'),
  typed('multi_external_select', {}, { ...multi, initial_options: options(3) }),
  typed('multi_users_select', {}, { ...multi, initial_users: fc.array(id('U'), { maxLength: 3 }) }),
  typed(
    'multi_conversations_select',
    {},
    { ...multi, initial_conversations: fc.array(id('C'), { maxLength: 3 }), filter },
  ),
  typed('multi_channels_select', {}, { ...multi, initial_channels: fc.array(id('C'), { maxLength: 3 }) }),
];

const pickers: Arb[] = [
  ...selects,
  choosing('checkboxes', options(10, text(75)), { ...acts, focus_on_load: fc.constant(false) }, 'some'),
  choosing('radio_buttons', options(10, text(75)), { ...acts, focus_on_load: fc.constant(false) }, 'one'),
  choosing('overflow', options(5), acts, 'none'),
  typed('datepicker', {}, { ...menu, initial_date: day }),
  typed(
    'timepicker',
    {},
    { ...menu, initial_time: clock, timezone: fc.constantFrom('Europe/Berlin', 'America/Chicago', 'UTC') },
  ),
];

const moment = typed(
  'datetimepicker',
  {},
  { ...acts, initial_date_time: fc.integer({ min: 1e9, max: 9_999_999_999 }) },
);
const workflowButton = typed('workflow_button', {
  text: plain(75),
  workflow: untyped({
    trigger: untyped({ url }, { customizable_input_parameters: fc.constant([{ name: 'a', value: 'b' }]) }),
  }),
});

const style = untyped(
  {},
  {
    bold: fc.boolean(),
    italic: fc.boolean(),
    strike: fc.boolean(),
    code: fc.boolean(),
    underline: fc.boolean(),
  },
);
const written = typed('text', { text: chars(100) }, { style });
const link = typed('link', { url }, { text: chars(100), unsafe: fc.boolean(), style });
const piece: Arb = fc.oneof(
  written,
  link,
  typed('broadcast', { range: fc.constantFrom('here', 'channel', 'everyone') }),
  typed('channel', { channel_id: id('C') }, { style }),
  typed('color', { value: fc.stringMatching(/^#[0-9a-f]{6}$/) }),
  typed(
    'date',
    { timestamp: fc.nat(), format: fc.constant('{date_short_pretty} {time}') },
    { fallback: chars(30), url },
  ),
  typed('emoji', { name: fc.constant('wave') }, { unicode: fc.constant('1f44b') }),
  typed('team', { team_id: id('T') }),
  typed('user', { user_id: id('U') }, { style }),
  typed('usergroup', { usergroup_id: id('S') }),
);
const few = (one: Arb): Arb<Json[]> => fc.array(one, { maxLength: 3 });
const richSection = typed('rich_text_section', { elements: few(piece) });
const border = fc.constantFrom(0, 1);
const richText = typed('rich_text', {
  elements: few(
    fc.oneof(
      richSection,
      typed(
        'rich_text_list',
        { elements: few(richSection), style: fc.constantFrom('bullet', 'ordered') },
        { indent: fc.nat(8), border },
      ),
      typed('rich_text_quote', { elements: few(piece) }, { border }),
      typed('rich_text_preformatted', { elements: few(fc.oneof(written, link)) }, { border }),
    ),
  ),
});

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
const MOST = 6;

export const messageBlocks: Arb<Json[]> = fc
  .tuple(blocksOf([...everywhere, ...messageOnly], MOST), fc.option(table, { nil: undefined }))
  .map(([blocks, one]) => (one ? [...blocks, one] : blocks));
export const message: Arb = messageBlocks.chain((blocks) =>
  fc.record({ text: fc.string(), blocks: fc.constant(blocks) }),
);

const ofView = { private_metadata: fc.string({ maxLength: 50 }), callback_id: fc.string({ maxLength: 50 }) };
export const modal: Arb = typed(
  'modal',
  { title: plain(24), submit: plain(24), blocks: blocksOf([...everywhere, ...modalOnly], MOST) },
  {
    ...ofView,
    close: plain(24),
    clear_on_close: fc.boolean(),
    notify_on_close: fc.boolean(),
  },
);
export const home: Arb = typed('home', { blocks: blocksOf([...everywhere, ...homeOnly], MOST) }, ofView);

export const VALID: Readonly<Record<Kind, Arb>> = { message, modal, home };

export interface Broken {
  kind: Kind;
  value: Json;
  /** Where the one broken rule is. */
  pointer: string;
  rule: string;
}

type Path = (string | number)[];
const at = (path: Path): string => path.map((step) => `/${step}`).join('');

interface Place {
  path: Path;
  value: unknown;
}

/** Every place below (and with) a value; the gaps that a table's columns may have are left out. */
function places(value: unknown, path: Path = []): Place[] {
  if (typeof value !== 'object' || value === null || path.at(-1) === 'column_settings')
    return [{ path, value }];
  return [
    { path, value },
    ...Object.entries(value).flatMap(([key, one]) =>
      places(one, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

function replaced(value: unknown, [step, ...rest]: Path, change: (old: unknown) => unknown): unknown {
  if (step === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((one: unknown, i) => (i === step ? replaced(one, rest, change) : one));
  return { ...(value as Json), [step]: replaced((value as Json)[step], rest, change) };
}

interface Fault {
  rule: string;
  fits: (place: Place) => boolean;
  change: (old: unknown) => unknown;
  /** Where it shows, from the place it was made at. */
  shows: Path;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const has =
  (field: string) =>
  (place: Place): boolean =>
    isObject(place.value) && Object.hasOwn(place.value, field);
const set =
  (fields: Json) =>
  (old: unknown): unknown => ({ ...(old as Json), ...fields });
const isEmptiable = ({ path, value }: Place): boolean =>
  typeof value === 'string' &&
  ['text', 'alt_text', 'action_id', 'block_id', 'task_id', 'caption'].includes(String(path.at(-1)));

/** Faults that can be made at many places of any valid value. */
const FAULTS: readonly Fault[] = [
  {
    rule: 'no unknown property',
    fits: ({ value }) => isObject(value),
    change: set({ surplus: 1 }),
    shows: [],
  },
  { rule: 'no null', fits: ({ path }) => path.length > 1, change: () => null, shows: [] },
  { rule: 'no unknown type', fits: has('type'), change: set({ type: 'nonsense' }), shows: ['type'] },
  {
    rule: 'a type',
    fits: has('type'),
    change: (old) => {
      const { type: _, ...rest } = old as Json;
      return rest;
    },
    shows: [],
  },
  { rule: 'no empty text', fits: isEmptiable, change: () => '', shows: [] },
  {
    rule: 'style is primary or danger',
    fits: has('accessibility_label'),
    change: set({ style: 'default' }),
    shows: ['style'],
  },
  {
    rule: 'a string where one is due',
    fits: ({ path, value }) => typeof value === 'string' && path.at(-1) !== 'type',
    change: () => 7,
    shows: [],
  },
  {
    rule: 'a list where one is due',
    fits: ({ value }) => Array.isArray(value),
    change: () => ({}),
    shows: [],
  },
  {
    rule: 'an object where one is due',
    fits: ({ value }) => isObject(value),
    change: () => 'text',
    shows: [],
  },
];

/** The part of a call that the faults are made in: its blocks for a message, all of it for a view. */
const rootOf = (kind: Kind): Path => (kind === 'message' ? [] : ['view']);
const within = (kind: Kind, value: Json): unknown => (kind === 'message' ? { blocks: value.blocks } : value);

function faulty(kind: Kind): Arb<Broken> {
  return fc
    .tuple(VALID[kind], fc.constantFrom(...FAULTS), fc.nat())
    .map(([value, fault, pick]): Broken | undefined => {
      const fitting = places(within(kind, value)).filter(
        (place) => place.path.length > 0 && fault.fits(place),
      );
      const place = fitting[pick % fitting.length];
      if (!place) return undefined;
      const broken = replaced(value, place.path, fault.change) as Json;
      return {
        kind,
        value: broken,
        pointer: at([...rootOf(kind), ...place.path, ...fault.shows]),
        rule: fault.rule,
      };
    })
    .filter((broken) => broken !== undefined);
}

/** A limit overstepped by up to twenty, among blocks that are right. */
const overstepped: Arb<Broken> = fc
  .tuple(
    fc.constantFrom(...EDGES.filter(({ limit }) => limit <= 3000)),
    fc.integer({ min: 1, max: 20 }),
    fc.nat(),
  )
  .chain(([edge, by, pick]) =>
    VALID[edge.on].map((value): Broken => {
      const { on: kind, title: rule, pointer } = edge;
      const made = edge.make(edge.limit + by);
      const root = at(rootOf(kind));
      if (!Array.isArray(made))
        return { kind, rule, value: { ...value, ...made }, pointer: `${root}${pointer}` };
      const blocks = (value.blocks as Json[]).filter(({ type }) => type !== 'table');
      const index = pick % (blocks.length + 1);
      return {
        kind,
        rule,
        value: { ...value, blocks: blocks.toSpliced(index, 0, ...made) },
        pointer: `${root}/blocks/${index}${pointer}`,
      };
    }),
  );

export const broken: Arb<Broken> = fc.oneof(faulty('message'), faulty('modal'), faulty('home'), overstepped);
