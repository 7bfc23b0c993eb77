/** The objects that blocks and elements are put together from: text, options, confirmations, files. */
import { anyOf, exactlyOneOf } from './exceptions.ts';
import { LINK } from './forms.ts';
import {
  boolean,
  type ChoiceRule,
  choice,
  list,
  NOT_IN_ENUM,
  type ObjectRule,
  object,
  oneOf,
  string,
} from './rule.ts';

export const plainText = (max = 3000): ObjectRule =>
  object('plain_text', { required: { text: string(max) }, optional: { emoji: boolean } });

export const mrkdwn = (max = 3000): ObjectRule =>
  object('mrkdwn', { required: { text: string(max) }, optional: { verbatim: boolean } });

export const text = (max = 3000): ChoiceRule => choice([plainText(max), mrkdwn(max)], () => NOT_IN_ENUM);

export const style = oneOf('primary', 'danger');

/** The reference wants every field; Slack fills in all but the text, and its own types make them optional. */
export const confirm = object(undefined, {
  required: { text: text(300) },
  optional: { title: plainText(100), confirm: plainText(30), deny: plainText(30), style },
});

/** Slack's pages give 75 or 150 for the value; 75 passes both. */
const optionValue = string(75);

export const option = object(undefined, {
  required: { text: plainText(75), value: optionValue },
  optional: { description: plainText(75) },
});

/** In an overflow menu an option may open a link. */
export const overflowOption = object(undefined, {
  required: { text: plainText(75), value: optionValue },
  optional: { description: plainText(75), url: string(3000, { form: LINK }) },
});

/** Radio buttons and checkboxes may format their options. */
export const formattedOption = object(undefined, {
  required: { text: text(75), value: optionValue },
  optional: { description: text(75) },
});

export const optionGroup = object(undefined, {
  required: { label: plainText(75), options: list(option, { min: 1, max: 100 }) },
});

export const dispatchActionConfig = object(undefined, {
  optional: {
    trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), { min: 1, max: 2 }),
  },
});

export const conversationFilter = object(undefined, {
  optional: {
    include: list(oneOf('im', 'mpim', 'private', 'public'), { min: 1, max: 4 }),
    exclude_external_shared_channels: boolean,
    exclude_bot_users: boolean,
  },
  exceptions: [anyOf('include', 'exclude_bot_users', 'exclude_external_shared_channels')],
});

export const slackFile = object(undefined, {
  optional: { id: string(), url: string(3000, { form: LINK }) },
  exceptions: [exactlyOneOf('id', 'url')],
});

export const workflow = object(undefined, {
  required: {
    trigger: object(undefined, {
      required: { url: string(3000, { form: LINK }) },
      optional: {
        customizable_input_parameters: list(
          object(undefined, { required: { name: string(), value: string(undefined, { min: 0 }) } }),
        ),
      },
    }),
  },
});
