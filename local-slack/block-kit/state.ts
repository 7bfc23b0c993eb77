/** What an element holds and sends: its part of `state.values`, and its entry in the `actions` of a `block_actions`. */
import {
  aDate,
  aFile,
  aMoment,
  aNumber,
  anEmail,
  anId,
  anOption,
  aText,
  aTime,
  aUrl,
  type Given,
  mostFiles,
  mostSelected,
  oneOrNothing,
  type Reader,
  several,
  someRichText,
} from './given.ts';
import { isObject, type Json } from './rule.ts';
import { type Element, interactiveElements } from './tree.ts';

/** An element's state or action, or the sentence that says why a person cannot give this. */
export type Answer = { ok: true; value: Record<string, unknown> } | { ok: false; error: string };

export type StateValues = Record<string, Record<string, Record<string, unknown>>>;

interface Stateful {
  /** The field of the state object that holds the value. */
  holds: string;
  /** The field of the element that it starts from. */
  starts?: string;
  empty: null | readonly [];
  read: Reader;
}

const single = (holds: string, starts: string, read: Reader): Stateful => ({
  holds,
  starts,
  empty: null,
  read: oneOrNothing(read),
});

const multiple = (holds: string, starts: string, read: Reader): Stateful => ({
  holds,
  starts,
  empty: [],
  read: several(read, mostSelected),
});

const STATEFUL: ReadonlyMap<string, Stateful> = new Map<string, Stateful>([
  ['plain_text_input', single('value', 'initial_value', aText)],
  ['email_text_input', single('value', 'initial_value', anEmail)],
  ['url_text_input', single('value', 'initial_value', aUrl)],
  ['number_input', single('value', 'initial_value', aNumber)],
  ['rich_text_input', single('rich_text_value', 'initial_value', someRichText)],
  ['static_select', single('selected_option', 'initial_option', anOption)],
  ['external_select', single('selected_option', 'initial_option', anOption)],
  ['radio_buttons', single('selected_option', 'initial_option', anOption)],
  ['users_select', single('selected_user', 'initial_user', anId)],
  ['conversations_select', single('selected_conversation', 'initial_conversation', anId)],
  ['channels_select', single('selected_channel', 'initial_channel', anId)],
  ['datepicker', single('selected_date', 'initial_date', aDate)],
  ['timepicker', single('selected_time', 'initial_time', aTime)],
  ['datetimepicker', single('selected_date_time', 'initial_date_time', aMoment)],
  ['checkboxes', multiple('selected_options', 'initial_options', anOption)],
  ['multi_static_select', multiple('selected_options', 'initial_options', anOption)],
  ['multi_external_select', multiple('selected_options', 'initial_options', anOption)],
  ['multi_users_select', multiple('selected_users', 'initial_users', anId)],
  ['multi_conversations_select', multiple('selected_conversations', 'initial_conversations', anId)],
  ['multi_channels_select', multiple('selected_channels', 'initial_channels', anId)],
  ['file_input', { holds: 'files', empty: [], read: several(aFile, mostFiles) }],
]);

function stateOf(element: Element, stateful: Stateful, value: unknown): Record<string, unknown> {
  const zone =
    element.type === 'timepicker' && element.timezone !== undefined ? { timezone: element.timezone } : {};
  return { type: element.type, [stateful.holds]: value, ...zone };
}

/** `state.values` before anyone touched anything. */
export function initialState(blocks: unknown): StateValues {
  const values: StateValues = {};
  for (const { block_id, action_id, element } of interactiveElements(blocks)) {
    const stateful = STATEFUL.get(element.type);
    if (!stateful) continue;
    const start = stateful.starts === undefined ? undefined : element[stateful.starts];
    const state = stateOf(element, stateful, start === undefined ? copyOf(stateful.empty) : start);
    values[block_id] = { ...values[block_id], [action_id]: state };
  }
  return values;
}

const copyOf = (empty: Stateful['empty']): null | unknown[] => (empty === null ? null : [...empty]);

/** `offered` are the options an external menu showed last; its own element names none. */
export function stateValue(element: Element, given: unknown, offered: readonly unknown[] = []): Answer {
  const stateful = STATEFUL.get(element.type);
  if (!stateful) return { ok: false, error: `A ${element.type} holds no value.` };
  const result = stateful.read(given, element, offered);
  return result.ok ? { ok: true, value: stateOf(element, stateful, result.value) } : result;
}

/** Whether a state object holds something, as an input that is not optional must. */
export function isFilled(state: Json | undefined): boolean {
  const stateful = state && typeof state.type === 'string' ? STATEFUL.get(state.type) : undefined;
  if (!state || !stateful) return false;
  const value = state[stateful.holds];
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== '';
}

export interface RequiredInput {
  block_id: string;
  action_id: string;
  label: string;
}

/** The inputs without which a client does not submit a view. */
export function requiredInputs(view: { blocks: unknown }): RequiredInput[] {
  return interactiveElements(view.blocks)
    .filter(({ block }) => block.type === 'input' && block.optional !== true)
    .map(({ block_id, action_id, block }) => {
      const label = isObject(block.label) && typeof block.label.text === 'string' ? block.label.text : '';
      return { block_id, action_id, label };
    });
}

/** What of the element itself its action repeats. */
const REPEATED = [
  'text',
  'value',
  'url',
  'style',
  'icon',
  'workflow',
  'accessibility_label',
  'confirm',
  'placeholder',
  'initial_value',
  'initial_option',
  'initial_options',
  'initial_date',
  'initial_time',
  'initial_date_time',
  'initial_user',
  'initial_users',
  'initial_conversation',
  'initial_conversations',
  'initial_channel',
  'initial_channels',
];

/** An entry of `actions`, but for its `block_id` and `action_ts`. A button needs nothing given. */
export function actionPayload(element: Element, given: unknown, offered: readonly unknown[] = []): Answer {
  const effect = effectOf(element, given, offered);
  if (!effect.ok) return effect;
  const repeated = REPEATED.filter((name) => element[name] !== undefined).map((name) => [
    name,
    element[name],
  ]);
  const value = { type: element.type, action_id: element.action_id ?? '', ...Object.fromEntries(repeated) };
  return { ok: true, value: { ...value, ...effect.value } };
}

function effectOf(element: Element, given: unknown, offered: readonly unknown[]): Answer {
  switch (element.type) {
    case 'button':
    case 'workflow_button':
    case 'icon_button':
      return { ok: true, value: {} };
    case 'overflow':
      return named('selected_option', anOption(given, element, offered));
    case 'feedback_buttons':
      return chosenFeedback(element, given);
    default:
      return stateValue(element, given, offered);
  }
}

function named(name: string, given: Given): Answer {
  return given.ok ? { ok: true, value: { [name]: given.value } } : given;
}

/** The two buttons share one action; what tells them apart is the value. */
function chosenFeedback(element: Element, given: unknown): Answer {
  const buttons = [element.positive_button, element.negative_button].filter(isObject);
  const chosen = buttons.find(({ value }) => value === given);
  if (!chosen) return { ok: false, error: `There is no feedback ${JSON.stringify(given)}.` };
  return { ok: true, value: { text: chosen.text, value: chosen.value } };
}
