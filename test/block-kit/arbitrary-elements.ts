/** Everything that stands inside blocks, as Slack takes it: text, options, menus, inputs, rich text. */
import fc from 'fast-check';
import type { Json } from './edge.ts';

export type Arb<T = Json> = fc.Arbitrary<T>;

/** Characters, not UTF-16 units: emoji and other scripts come up as often as letters. */
export const chars = (max: number): Arb<string> =>
  fc.string({ unit: 'binary', minLength: 1, maxLength: Math.min(max, 30) });
export const plain = (max: number): Arb =>
  fc.record(
    { type: fc.constant('plain_text'), text: chars(max), emoji: fc.boolean() },
    { requiredKeys: ['type', 'text'] },
  );
const mrkdwn = (max: number): Arb =>
  fc.record(
    { type: fc.constant('mrkdwn'), text: chars(max), verbatim: fc.boolean() },
    { requiredKeys: ['type', 'text'] },
  );
export const text = (max: number): Arb => fc.oneof(plain(max), mrkdwn(max));
export const url: Arb<string> = fc.webUrl();
const id = (letter: string): Arb<string> => fc.stringMatching(/^[A-Z0-9]{8}$/).map((rest) => letter + rest);

/** An object of a type with all of `must` and any of `may`. */
export function typed(
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
export function numbered(max: number, one: Arb, field: string, prefix: string): Arb<Json[]> {
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
export const typing = {
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
export const picture = { alt_text: chars(2000) };
export const source = fc.oneof(
  url.map((image_url): Json => ({ image_url })),
  fc
    .oneof(
      id('F').map((file): Json => ({ id: file })),
      url.map((at): Json => ({ url: at })),
    )
    .map((slack_file): Json => ({ slack_file })),
);
export const imageElement: Arb = fc
  .tuple(typed('image', picture), source)
  .map(([image, from]) => ({ ...image, ...from }));

export const button = typed(
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

export const selects: Arb[] = [
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

export const pickers: Arb[] = [
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

export const moment = typed(
  'datetimepicker',
  {},
  { ...acts, initial_date_time: fc.integer({ min: 1e9, max: 9_999_999_999 }) },
);
export const workflowButton = typed('workflow_button', {
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
export const richText = typed('rich_text', {
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
