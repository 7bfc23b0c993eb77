/** Everything that @slack/types knows is known here: its compiler fills in every field of every block and element. */
import type {
  ActionsBlock,
  AlertBlock,
  Button,
  CardBlock,
  CarouselBlock,
  ChannelsSelect,
  Checkboxes,
  ConfirmationDialog,
  ContainerBlock,
  ContextActionsBlock,
  ContextBlock,
  ConversationsSelect,
  DataTableBlock,
  Datepicker,
  DateTimepicker,
  DividerBlock,
  EmailInput,
  ExternalSelect,
  FeedbackButtons,
  FileBlock,
  FileInput,
  HeaderBlock,
  HomeView,
  IconButton,
  ImageBlock,
  ImageElement,
  InputBlock,
  KnownBlock,
  MarkdownBlock,
  ModalView,
  MrkdwnElement,
  MultiChannelsSelect,
  MultiConversationsSelect,
  MultiExternalSelect,
  MultiStaticSelect,
  MultiUsersSelect,
  NumberInput,
  Overflow,
  PlainTextElement,
  PlainTextInput,
  PlainTextOption,
  PlanBlock,
  RadioButtons,
  RichTextBlock,
  RichTextElement,
  RichTextInput,
  RichTextList,
  RichTextPreformatted,
  RichTextQuote,
  SectionBlock,
  StaticSelect,
  TableBlock,
  TaskCardBlock,
  Timepicker,
  URLInput,
  UsersSelect,
  VideoBlock,
  WorkflowButton,
} from '@slack/types';
import { describe, expect, it } from 'vitest';
import { checkMessage, checkView } from '../../local-slack/block-kit/index.ts';

const text: Required<PlainTextElement> = { type: 'plain_text', text: 'Text', emoji: true };
const mrkdwn: Required<MrkdwnElement> = { type: 'mrkdwn', text: '*Text*', verbatim: true };
const confirm: Required<ConfirmationDialog> = {
  title: text,
  text: mrkdwn,
  confirm: text,
  deny: text,
  style: 'danger',
};
const url = 'https://a.test/x';
const option: Omit<Required<PlainTextOption>, 'url'> = { text, value: 'v', description: text };
const option_groups = [{ label: text, options: [option] }];
const dispatch_action_config = {
  trigger_actions_on: ['on_enter_pressed', 'on_character_entered'],
} satisfies Required<NonNullable<PlainTextInput['dispatch_action_config']>>;
const filter = {
  include: ['public'],
  exclude_bot_users: true,
  exclude_external_shared_channels: true,
} satisfies Required<NonNullable<ConversationsSelect['filter']>>;

const act = { action_id: 'a', confirm };
const menu = { ...act, focus_on_load: false, placeholder: text };
const typing = { action_id: 'a', focus_on_load: false, placeholder: text, dispatch_action_config };

const style = { bold: true, code: true, italic: true, strike: true, underline: true };
const pieces: { [T in RichTextElement['type']]: Required<Extract<RichTextElement, { type: T }>> } = {
  broadcast: { type: 'broadcast', range: 'here', style },
  channel: { type: 'channel', channel_id: 'C1', style },
  color: { type: 'color', value: '#a1b2c3', style },
  date: { type: 'date', timestamp: 1_700_000_000, format: '{date}', url, fallback: 'then', style },
  emoji: { type: 'emoji', name: 'wave', unicode: '1f44b', url, style },
  link: { type: 'link', url, text: 'here', unsafe: false, style },
  team: { type: 'team', team_id: 'T1', style },
  text: { type: 'text', text: 'x', style },
  user: { type: 'user', user_id: 'U1', style },
  usergroup: { type: 'usergroup', usergroup_id: 'S1', style },
};
const section = { type: 'rich_text_section' as const, elements: Object.values(pieces) };
const rich_list: Required<RichTextList> = {
  type: 'rich_text_list',
  elements: [section],
  style: 'ordered',
  indent: 1,
  border: 1,
};
const quote: Required<RichTextQuote> = { type: 'rich_text_quote', elements: section.elements, border: 1 };
const code: Required<RichTextPreformatted> = {
  type: 'rich_text_preformatted',
  elements: [pieces.text, pieces.link],
  border: 0,
};
const rich: Required<RichTextBlock> = {
  type: 'rich_text',
  block_id: 'rich',
  elements: [section, rich_list, quote, code],
};
const { block_id: _, ...inner } = rich;

const button: Required<Button> = {
  type: 'button',
  ...act,
  text,
  value: 'v',
  url,
  style: 'primary',
  accessibility_label: 'Go',
};
const picture: ImageElement = { type: 'image', alt_text: 'A', image_url: url };
const workflowButton: Required<WorkflowButton> = {
  type: 'workflow_button',
  ...act,
  text,
  style: 'danger',
  accessibility_label: 'Run',
  workflow: { trigger: { url, customizable_input_parameters: [{ name: 'a', value: 'b' }] } },
};
const overflow: Required<Overflow> = { type: 'overflow', ...act, options: [{ ...option, url }] };
const checkboxes: Required<Checkboxes> = {
  type: 'checkboxes',
  ...act,
  focus_on_load: false,
  options: [option],
  initial_options: [option],
};
const radio: Required<RadioButtons> = {
  type: 'radio_buttons',
  ...act,
  focus_on_load: false,
  options: [option],
  initial_option: option,
};
const staticSelect: Required<Omit<StaticSelect, 'option_groups'>> = {
  type: 'static_select',
  ...menu,
  options: [option],
  initial_option: option,
};
const grouped: Required<Omit<StaticSelect, 'options'>> = {
  type: 'static_select',
  ...menu,
  option_groups,
  initial_option: option,
};
const external: Required<ExternalSelect> = {
  type: 'external_select',
  ...menu,
  initial_option: option,
  min_query_length: 1,
};
const users: Required<UsersSelect> = { type: 'users_select', ...menu, initial_user: 'U1' };
const conversations: Required<Omit<ConversationsSelect, 'response_url_enabled'>> = {
  type: 'conversations_select',
  ...menu,
  initial_conversation: 'C1',
  default_to_current_conversation: true,
  filter,
};
const channels: Required<ChannelsSelect> = {
  type: 'channels_select',
  ...menu,
  initial_channel: 'C1',
  response_url_enabled: true,
};
const multi = { ...menu, max_selected_items: 2 };
const multiStatic: Required<Omit<MultiStaticSelect, 'option_groups'>> = {
  type: 'multi_static_select',
  ...multi,
  options: [option],
  initial_options: [option],
};
const multiExternal: Required<MultiExternalSelect> = {
  type: 'multi_external_select',
  ...multi,
  initial_options: [option],
  min_query_length: 1,
};
const multiUsers: Required<MultiUsersSelect> = {
  type: 'multi_users_select',
  ...multi,
  initial_users: ['U1'],
};
const multiConversations: Required<MultiConversationsSelect> = {
  type: 'multi_conversations_select',
  ...multi,
  initial_conversations: ['C1'],
  default_to_current_conversation: false,
  filter,
};
const multiChannels: Required<MultiChannelsSelect> = {
  type: 'multi_channels_select',
  ...multi,
  initial_channels: ['C1'],
};
const datepicker: Required<Datepicker> = { type: 'datepicker', ...menu, initial_date: '2026-02-28' };
const timepicker: Required<Timepicker> = {
  type: 'timepicker',
  ...menu,
  initial_time: '09:30',
  timezone: 'Europe/Berlin',
};
const moment: Required<DateTimepicker> = {
  type: 'datetimepicker',
  ...act,
  focus_on_load: false,
  initial_date_time: 1_700_000_000,
};
const plainInput: Required<PlainTextInput> = {
  type: 'plain_text_input',
  ...typing,
  initial_value: 'x',
  multiline: true,
  min_length: 1,
  max_length: 10,
};
const email: Required<EmailInput> = { type: 'email_text_input', ...typing, initial_value: 'a@b.test' };
const link: Required<URLInput> = { type: 'url_text_input', ...typing, initial_value: url };
const number: Required<NumberInput> = {
  type: 'number_input',
  ...typing,
  is_decimal_allowed: true,
  initial_value: '1',
  min_value: '0.5',
  max_value: '2',
};
const richInput: Required<RichTextInput> = {
  type: 'rich_text_input',
  ...typing,
  initial_value: inner,
  min_lines: 1,
  max_lines: 9,
};
const fileInput: Required<FileInput> = {
  type: 'file_input',
  action_id: 'a',
  filetypes: ['pdf'],
  max_files: 3,
};
const answer = { text, value: 'v', accessibility_label: 'x' };
const feedback: Required<FeedbackButtons> = {
  type: 'feedback_buttons',
  action_id: 'f',
  positive_button: answer,
  negative_button: answer,
};
const icon: Required<IconButton> = {
  type: 'icon_button',
  ...act,
  icon: 'trash',
  text,
  accessibility_label: 'x',
  value: 'v',
  visible_to_user_ids: ['U1'],
};

const task: Required<TaskCardBlock> = {
  type: 'task_card',
  block_id: 'task',
  task_id: 't1',
  title: 'Do',
  details: inner,
  output: inner,
  sources: [{ type: 'url', url, text: 'Source' }],
  status: 'complete',
};
const card: Required<CardBlock> = {
  type: 'card',
  block_id: 'card',
  hero_image: picture,
  icon: picture,
  title: mrkdwn,
  subtitle: mrkdwn,
  body: mrkdwn,
  actions: [button],
};
const cell = { type: 'raw_text' as const, text: 'x' };
const figure = { type: 'raw_number' as const, value: 1, text: '1' };

type Whole<T extends KnownBlock['type']> = Required<Extract<KnownBlock, { type: T }>>;

const BLOCKS: { [T in Exclude<KnownBlock['type'], 'image'>]: Whole<T> } = {
  actions: { type: 'actions', block_id: 'b', elements: [button] } satisfies ActionsBlock,
  alert: { type: 'alert', block_id: 'b', text: mrkdwn, level: 'warning' } satisfies AlertBlock,
  card,
  carousel: { type: 'carousel', block_id: 'b', elements: [card] } satisfies CarouselBlock,
  container: {
    type: 'container',
    block_id: 'b',
    title: text,
    rich_text_title: inner,
    subtitle: mrkdwn,
    child_blocks: [{ type: 'divider' }],
    width: 'wide',
    icon: picture,
    is_collapsible: true,
    default_collapsed: true,
    has_header_divider: false,
  } satisfies ContainerBlock,
  context: { type: 'context', block_id: 'b', elements: [picture, text, mrkdwn] } satisfies ContextBlock,
  context_actions: {
    type: 'context_actions',
    block_id: 'b',
    elements: [feedback, icon],
  } satisfies ContextActionsBlock,
  data_table: {
    type: 'data_table',
    block_id: 'b',
    caption: 'All',
    rows: [
      [cell, cell, cell],
      [cell, figure, inner],
    ],
    page_size: 10,
    row_header_column_index: 1,
  } satisfies DataTableBlock,
  divider: { type: 'divider', block_id: 'b' } satisfies DividerBlock,
  file: { type: 'file', block_id: 'b', source: 'remote', external_id: 'x' } satisfies FileBlock,
  header: { type: 'header', block_id: 'b', text } satisfies HeaderBlock,
  input: {
    type: 'input',
    block_id: 'b',
    label: text,
    hint: text,
    optional: true,
    dispatch_action: true,
    element: plainInput,
  } satisfies InputBlock,
  markdown: { type: 'markdown', block_id: 'b', text: '**x**' } satisfies MarkdownBlock,
  plan: { type: 'plan', block_id: 'b', title: 'Plan', tasks: [task] } satisfies PlanBlock,
  rich_text: rich,
  section: {
    type: 'section',
    block_id: 'b',
    text: mrkdwn,
    fields: [text, mrkdwn],
    accessory: button,
    expand: true,
  } satisfies SectionBlock,
  table: {
    type: 'table',
    block_id: 'b',
    rows: [[cell, figure, inner]],
    column_settings: [{ align: 'right', is_wrapped: true }],
  } satisfies TableBlock,
  task_card: task,
  video: {
    type: 'video',
    block_id: 'b',
    video_url: url,
    thumbnail_url: url,
    alt_text: 'A',
    title: text,
    title_url: url,
    author_name: 'Dana',
    provider_name: 'Films',
    provider_icon_url: url,
    description: text,
  } satisfies VideoBlock,
};

const images: ImageBlock[] = [
  { type: 'image', block_id: 'b', alt_text: 'A', title: text, image_url: url },
  { type: 'image', block_id: 'b', alt_text: 'A', title: text, slack_file: { id: 'F1' } },
  { type: 'image', block_id: 'b', alt_text: 'A', title: text, slack_file: { url } },
];

const inModal = (...blocks: unknown[]): unknown =>
  checkView({ type: 'modal', title: text, submit: text, blocks }, 'modal');

describe('every block that @slack/types knows, with every field', () => {
  it.each(Object.entries(BLOCKS).filter(([type]) => type !== 'file'))('%s passes', (type, block) => {
    expect(type === 'alert' ? inModal(block) : checkMessage({ text: 'F', blocks: [block] })).toEqual([]);
  });

  it('file is known, though no app may send it', () => {
    expect(checkMessage({ blocks: [BLOCKS.file] })).toMatchObject([{ message: 'unsupported type: file' }]);
  });

  it.each(images)('image passes, from wherever it comes', (image) => {
    expect(checkMessage({ text: 'F', blocks: [image] })).toEqual([]);
  });
});

describe('every element that @slack/types knows, with every field', () => {
  const pickers = [overflow, checkboxes, radio, staticSelect, grouped, external, users, conversations];
  const multis = [multiStatic, multiExternal, multiUsers, multiConversations, multiChannels];
  const others = [datepicker, timepicker];
  const both = [...pickers, ...multis, ...others];

  it.each([button, picture, workflowButton, ...both].map((one) => [one.type, one]))(
    '%s passes in a section',
    (_type, accessory) => {
      expect(checkMessage({ text: 'F', blocks: [{ type: 'section', text: mrkdwn, accessory }] })).toEqual([]);
    },
  );

  it.each([button, workflowButton, moment, ...both].map((one) => [one.type, one]))(
    '%s passes in actions',
    (_type, element) => {
      expect(checkMessage({ text: 'F', blocks: [{ type: 'actions', elements: [element] }] })).toEqual([]);
    },
  );

  const inputs = [
    ...both.filter(({ type }) => type !== 'overflow'),
    channels,
    moment,
    plainInput,
    email,
    link,
    number,
    richInput,
    fileInput,
  ];
  it.each(inputs.map((one) => [one.type, one]))('%s passes in an input', (_type, element) => {
    expect(inModal({ type: 'input', label: text, element })).toEqual([]);
  });
});

describe('every view that @slack/types knows, with every field', () => {
  const common = { private_metadata: 'x', callback_id: 'c', external_id: 'e', blocks: [BLOCKS.divider] };

  it('modal passes', () => {
    const view: Required<ModalView> = {
      type: 'modal',
      title: text,
      submit: text,
      close: text,
      clear_on_close: true,
      notify_on_close: true,
      ...common,
    };
    expect(checkView(view, 'modal')).toEqual([]);
  });

  it('home passes', () => {
    const view: Required<HomeView> = { type: 'home', ...common };
    expect(checkView(view, 'home')).toEqual([]);
  });
});
