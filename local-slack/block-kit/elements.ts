/** What stands inside blocks: buttons, menus, pickers, inputs and pictures. */
import {
  confirm,
  conversationFilter,
  dispatchActionConfig,
  formattedOption,
  link,
  option,
  optionGroup,
  overflowOption,
  plainText,
  slackFile,
  style,
  webUrl,
  workflow,
} from './composition.ts';
import {
  exactlyOneOf,
  initialIsAnOption,
  inOrder,
  responseUrlOnlyInModals,
  wholeUnlessDecimal,
} from './exceptions.ts';
import { DATE, DECIMAL, TIME, ZONE } from './forms.ts';
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
const buttonText = plainText(75);
const accessibilityLabel = string(75);
const value = string(2000, { min: 0 });
const fewOptions = list(formattedOption, { min: 1, max: 10 });
const manyOptions = list(option, { min: 1, max: 100 });
const respondable = { response_url_enabled: boolean };

export const button = object('button', {
  required: { text: buttonText },
  optional: {
    ...confirmable,
    value,
    url: link,
    style,
    accessibility_label: accessibilityLabel,
  },
});

export const workflowButton = object('workflow_button', {
  required: { text: buttonText, workflow },
  optional: { ...confirmable, style, accessibility_label: accessibilityLabel },
});

const feedback = object(undefined, {
  required: { text: buttonText, value },
  optional: { accessibility_label: accessibilityLabel },
});

export const feedbackButtons = object('feedback_buttons', {
  required: { positive_button: feedback, negative_button: feedback },
  optional: actionable,
});

export const iconButton = object('icon_button', {
  required: { icon: oneOf('trash'), text: buttonText },
  optional: {
    ...confirmable,
    value,
    accessibility_label: accessibilityLabel,
    visible_to_user_ids: ids,
  },
});

export const overflow = object('overflow', {
  required: { options: list(overflowOption, { min: 1, max: 5 }) },
  optional: confirmable,
});

export const image = object('image', {
  required: { alt_text: string(2000) },
  optional: { image_url: webUrl, slack_file: slackFile },
  exceptions: [exactlyOneOf('image_url', 'slack_file')],
});

export const checkboxes = object('checkboxes', {
  required: { options: fewOptions },
  optional: { ...confirmable, ...focusable, initial_options: fewOptions },
  exceptions: [initialIsAnOption],
});

export const radioButtons = object('radio_buttons', {
  required: { options: fewOptions },
  optional: { ...confirmable, ...focusable, initial_option: formattedOption },
  exceptions: [initialIsAnOption],
});

const listed = {
  options: manyOptions,
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
    optional: { ...multiMenu, ...listed, initial_options: manyOptions },
    exceptions: [exactlyOneOf('options', 'option_groups'), initialIsAnOption],
  }),
  object('multi_external_select', {
    optional: {
      ...multiMenu,
      initial_options: manyOptions,
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
  optional: { ...menu, initial_date: string(undefined, { form: DATE }) },
});

export const timepicker = object('timepicker', {
  optional: {
    ...menu,
    initial_time: string(undefined, { form: TIME }),
    timezone: string(undefined, { form: ZONE }),
  },
});

/** Ten digits of seconds: from 2001 to 2286. */
export const datetimepicker = object('datetimepicker', {
  optional: { ...confirmable, ...focusable, initial_date_time: integer(1_000_000_000, 9_999_999_999) },
});

const plainTextInput = object('plain_text_input', {
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
  required: { url: link, text: string() },
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
