/** The objects that blocks and elements are put together from: text, options, confirmations, files. */
import { anyOf, exactlyOneOf } from './exceptions.ts';
import { LINK, SECURE_URL, WEB_URL } from './forms.ts';
import {
  boolean,
  type ChoiceRule,
  choice,
  list,
  NOT_IN_ENUM,
  type ObjectRule,
  object,
  oneOf,
  type Rule,
  type Shape,
  string,
} from './rule.ts';

export const plainText = (max: number): ObjectRule =>
  object('plain_text', { required: { text: string(max) }, optional: { emoji: boolean } });

export const mrkdwn = (max: number): ObjectRule =>
  object('mrkdwn', { required: { text: string(max) }, optional: { verbatim: boolean } });

export const text = (max: number): ChoiceRule => choice([plainText(max), mrkdwn(max)], () => NOT_IN_ENUM);

export const link = string(3000, { form: LINK });
export const webUrl = string(3000, { form: WEB_URL });
export const secureUrl = string(3000, { form: SECURE_URL });

export const style = oneOf('primary', 'danger');

/** The reference wants every field; Slack fills in all but the text, and its own types make them optional. */
export const confirm = object(undefined, {
  required: { text: text(300) },
  optional: { title: plainText(100), confirm: plainText(30), deny: plainText(30), style },
});

/** Slack's pages give 75 or 150 for the value; 75 passes both. */
const optionOf = (words: Rule, more: Shape['optional'] = {}): ObjectRule =>
  object(undefined, {
    required: { text: words, value: string(75) },
    optional: { description: words, ...more },
  });

export const option = optionOf(plainText(75));

/** In an overflow menu an option may open a link. */
export const overflowOption = optionOf(plainText(75), { url: link });

/** Radio buttons and checkboxes may format their options. */
export const formattedOption = optionOf(text(75));

export const optionGroup = object(undefined, {
  required: { label: plainText(75), options: list(option, { min: 1, max: 100 }) },
});

export const dispatchActionConfig = object(undefined, {
  optional: {
    trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), { min: 1 }),
  },
});

export const conversationFilter = object(undefined, {
  optional: {
    include: list(oneOf('im', 'mpim', 'private', 'public'), { min: 1 }),
    exclude_external_shared_channels: boolean,
    exclude_bot_users: boolean,
  },
  exceptions: [anyOf('include', 'exclude_bot_users', 'exclude_external_shared_channels')],
});

export const slackFile = object(undefined, {
  optional: { id: string(), url: link },
  exceptions: [exactlyOneOf('id', 'url')],
});

export const workflow = object(undefined, {
  required: {
    trigger: object(undefined, {
      required: { url: link },
      optional: {
        customizable_input_parameters: list(
          object(undefined, { required: { name: string(), value: string(undefined, { min: 0 }) } }),
        ),
      },
    }),
  },
});
