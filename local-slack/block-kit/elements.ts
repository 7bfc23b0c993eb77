/** What stands inside blocks: buttons, menus, pickers, inputs and pictures. */
import {
  confirm,
  conversationFilter,
  dispatchActionConfig,
  formattedOption,
  option,
  optionGroup,
  overflowOption,
  plainText,
  slackFile,
  style,
  workflow,
} from './composition.ts';
import {
  exactlyOneOf,
  initialIsAnOption,
  inOrder,
  responseUrlOnlyInModals,
  wholeUnlessDecimal,
} from './exceptions.ts';
import { DATE, DECIMAL, LINK, TIME, WEB_URL, ZONE } from './forms.ts';
import { richText } from './rich-text.ts';
import { boolean, integer, list, object, oneOf, string } from './rule.ts';

const actionable = { action_id: string(255) };
const confirmable = { ...actionable, confirm };
const focusable = { focus_on_load: boolean };
const placeholdable = { placeholder: plainText(150) };
const menu = { ...confirmable, ...focusable, ...placeholdable };
const multiMenu = { ...menu, max_selected_items: integer(1, Number.MAX_SAFE_INTEGER) };
const typed = { ...actionable, ...focusable, ...placeholdable, dispatch_action_config: dispatchActionConfig };
const ids = list(string());
const respondable = { response_url_enabled: boolean };

export const button = object('button', {
  required: { text: plainText(75) },
  optional: {
    ...confirmable,
    value: string(2000, { min: 0 }),
    url: string(3000, { form: LINK }),
    style,
    accessibility_label: string(75),
  },
});

export const workflowButton = object('workflow_button', {
  required: { text: plainText(75), workflow },
  optional: { ...confirmable, style, accessibility_label: string(75) },
});

const feedback = object(undefined, {
  required: { text: plainText(75), value: string(2000) },
  optional: { accessibility_label: string(75) },
});

export const feedbackButtons = object('feedback_buttons', {
  required: { positive_button: feedback, negative_button: feedback },
  optional: actionable,
});

export const iconButton = object('icon_button', {
  required: { icon: oneOf('trash'), text: plainText(75) },
  optional: {
    ...confirmable,
    value: string(2000, { min: 0 }),
    accessibility_label: string(75),
    visible_to_user_ids: ids,
  },
});

export const overflow = object('overflow', {
  required: { options: list(overflowOption, { min: 1, max: 5 }) },
  optional: confirmable,
});

export const image = object('image', {
  required: { alt_text: string(2000) },
  optional: { image_url: string(3000, { form: WEB_URL }), slack_file: slackFile },
  exceptions: [exactlyOneOf('image_url', 'slack_file')],
});

export const checkboxes = object('checkboxes', {
  required: { options: list(formattedOption, { min: 1, max: 10 }) },
  optional: { ...confirmable, ...focusable, initial_options: list(formattedOption, { min: 1, max: 10 }) },
  exceptions: [initialIsAnOption],
});

export const radioButtons = object('radio_buttons', {
  required: { options: list(formattedOption, { min: 1, max: 10 }) },
  optional: { ...confirmable, ...focusable, initial_option: formattedOption },
  exceptions: [initialIsAnOption],
});

const listed = {
  options: list(option, { min: 1, max: 100 }),
  option_groups: list(optionGroup, { min: 1, max: 100 }),
};

export const SELECTS = [
  object('static_select', {
    optional: { ...menu, ...listed, initial_option: option },
    exceptions: [exactlyOneOf('options', 'option_groups'), initialIsAnOption],
  }),
  object('external_select', {
    optional: { ...menu, initial_option: option, min_query_length: integer(0, Number.MAX_SAFE_INTEGER) },
  }),
  object('users_select', { optional: { ...menu, initial_user: string() } }),
  object('conversations_select', {
    optional: {
      ...menu,
      ...respondable,
      initial_conversation: string(),
      default_to_current_conversation: boolean,
      filter: conversationFilter,
    },
    exceptions: [responseUrlOnlyInModals],
  }),
  object('channels_select', {
    optional: { ...menu, ...respondable, initial_channel: string() },
    exceptions: [responseUrlOnlyInModals],
  }),
];

export const MULTI_SELECTS = [
  object('multi_static_select', {
    optional: { ...multiMenu, ...listed, initial_options: list(option, { min: 1, max: 100 }) },
    exceptions: [exactlyOneOf('options', 'option_groups'), initialIsAnOption],
  }),
  object('multi_external_select', {
    optional: {
      ...multiMenu,
      initial_options: list(option, { min: 1, max: 100 }),
      min_query_length: integer(0, Number.MAX_SAFE_INTEGER),
    },
  }),
  object('multi_users_select', { optional: { ...multiMenu, initial_users: ids } }),
  object('multi_conversations_select', {
    optional: {
      ...multiMenu,
      initial_conversations: ids,
      default_to_current_conversation: boolean,
      filter: conversationFilter,
    },
  }),
  object('multi_channels_select', { optional: { ...multiMenu, initial_channels: ids } }),
];

export const datepicker = object('datepicker', {
  optional: { ...menu, initial_date: string(10, { form: DATE }) },
});

export const timepicker = object('timepicker', {
  optional: { ...menu, initial_time: string(5, { form: TIME }), timezone: string(undefined, { form: ZONE }) },
});

/** Ten digits of seconds: from 2001 to 2286. */
export const datetimepicker = object('datetimepicker', {
  optional: { ...confirmable, ...focusable, initial_date_time: integer(1_000_000_000, 9_999_999_999) },
});

export const plainTextInput = object('plain_text_input', {
  optional: {
    ...typed,
    initial_value: string(3000, { min: 0 }),
    multiline: boolean,
    min_length: integer(0, 3000),
    max_length: integer(1, 3000),
  },
  exceptions: [inOrder('min_length', 'max_length')],
});

const decimal = string(undefined, { form: DECIMAL });

export const TYPED_INPUTS = [
  plainTextInput,
  object('email_text_input', { optional: { ...typed, initial_value: string() } }),
  object('url_text_input', { optional: { ...typed, initial_value: string() } }),
  object('number_input', {
    required: { is_decimal_allowed: boolean },
    optional: { ...typed, initial_value: decimal, min_value: decimal, max_value: decimal },
    exceptions: [inOrder('min_value', 'initial_value', 'max_value'), wholeUnlessDecimal],
  }),
];

export const richTextInput = object('rich_text_input', {
  optional: { ...typed, initial_value: richText, min_lines: integer(1, 100), max_lines: integer(1, 100) },
  exceptions: [inOrder('min_lines', 'max_lines')],
});

export const fileInput = object('file_input', {
  optional: { ...actionable, filetypes: list(string(), { min: 1 }), max_files: integer(1, 10) },
});

export const urlSource = object('url', {
  required: { url: string(3000, { form: LINK }), text: string() },
});

/** The types of what a person can use; all that have an `action_id`. */
export const INTERACTIVE: ReadonlySet<string> = new Set(
  [
    button,
    workflowButton,
    feedbackButtons,
    iconButton,
    overflow,
    checkboxes,
    radioButtons,
    datepicker,
    timepicker,
    datetimepicker,
    richTextInput,
    fileInput,
    ...SELECTS,
    ...MULTI_SELECTS,
    ...TYPED_INPUTS,
  ].map(({ type }) => type ?? ''),
);
