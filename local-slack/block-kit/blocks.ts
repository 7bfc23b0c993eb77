/** Every block, as Slack's reference lists them: which fields, how long, how many. */
import { mrkdwn, plainText, secureUrl, slackFile, text, webUrl } from './composition.ts';
import {
  button,
  checkboxes,
  datepicker,
  datetimepicker,
  feedbackButtons,
  fileInput,
  iconButton,
  image,
  MULTI_SELECTS,
  overflow,
  radioButtons,
  richTextInput,
  SELECTS,
  TYPED_INPUTS,
  timepicker,
  urlSource,
  workflowButton,
} from './elements.ts';
import {
  anyOf,
  cellsHoldAtMost,
  collapsedNeedsCollapsible,
  distinctActions,
  exactlyOneOf,
  isGrid,
} from './exceptions.ts';
import { richText } from './rich-text.ts';
import {
  boolean,
  choice,
  integer,
  list,
  number,
  type ObjectRule,
  object,
  oneOf,
  type Shape,
  string,
} from './rule.ts';

function block(type: string, { optional = {}, ...shape }: Shape = {}): ObjectRule {
  return object(type, { ...shape, optional: { block_id: string(255), ...optional } });
}

const PICKERS = [checkboxes, datepicker, overflow, radioButtons, timepicker, ...SELECTS, ...MULTI_SELECTS];

const section = block('section', {
  optional: {
    text: text(3000),
    fields: list(text(2000), { min: 1, max: 10 }),
    accessory: choice([button, image, workflowButton, ...PICKERS]),
    expand: boolean,
  },
  exceptions: [anyOf('text', 'fields')],
});

const divider = block('divider');

const header = block('header', { required: { text: plainText(150) } });

const imageBlock = block('image', {
  required: { alt_text: string(2000) },
  optional: { image_url: webUrl, slack_file: slackFile, title: plainText(2000) },
  exceptions: [exactlyOneOf('image_url', 'slack_file')],
});

const actions = block('actions', {
  required: {
    elements: list(choice([button, workflowButton, datetimepicker, richTextInput, ...PICKERS]), {
      min: 1,
      max: 25,
    }),
  },
  exceptions: [distinctActions('elements')],
});

const context = block('context', {
  required: { elements: list(choice([image, plainText(3000), mrkdwn(3000)]), { min: 1, max: 10 }) },
});

const contextActions = block('context_actions', {
  required: { elements: list(choice([feedbackButtons, iconButton]), { min: 1, max: 5 }) },
  exceptions: [distinctActions('elements')],
});

const input = block('input', {
  required: {
    label: plainText(2000),
    element: choice([
      checkboxes,
      datepicker,
      datetimepicker,
      fileInput,
      radioButtons,
      richTextInput,
      timepicker,
      ...SELECTS,
      ...MULTI_SELECTS,
      ...TYPED_INPUTS,
    ]),
  },
  optional: { hint: plainText(2000), optional: boolean, dispatch_action: boolean },
});

/** The reference wants the title and the author's name shorter than 200 and 50. */
const video = block('video', {
  required: {
    alt_text: string(2000),
    title: plainText(199),
    thumbnail_url: webUrl,
    video_url: secureUrl,
  },
  optional: {
    author_name: string(49),
    description: plainText(200),
    provider_icon_url: webUrl,
    provider_name: string(),
    title_url: secureUrl,
  },
});

const file = block('file', { required: { external_id: string(), source: oneOf('remote') } });

/** Its 12,000 characters are those of all markdown blocks of a message together, as a data table's 20,000: see `message.ts`. */
const markdown = block('markdown', { required: { text: string() } });

const CELLS = choice([
  richText,
  object('raw_text', { required: { text: string() } }),
  object('raw_number', { required: { value: number, text: string() } }),
]);

const table = block('table', {
  required: { rows: list(list(CELLS, { min: 1, max: 20 }), { min: 1, max: 100 }) },
  optional: {
    column_settings: list(
      object(undefined, { optional: { align: oneOf('left', 'center', 'right'), is_wrapped: boolean } }),
      { max: 20, gaps: true },
    ),
  },
  exceptions: [cellsHoldAtMost(10_000)],
});

const dataTable = block('data_table', {
  required: { caption: string(), rows: list(list(CELLS, { min: 1, max: 20 }), { min: 2, max: 201 }) },
  optional: { page_size: integer(1, 100), row_header_column_index: integer(0, Number.MAX_SAFE_INTEGER) },
  exceptions: [isGrid],
});

const taskCard = block('task_card', {
  required: {
    task_id: string(),
    title: string(),
    status: oneOf('pending', 'in_progress', 'complete', 'error'),
  },
  optional: { details: richText, output: richText, sources: list(urlSource) },
});

const plan = block('plan', { required: { title: string() }, optional: { tasks: list(taskCard) } });

/** The 200 is from slackapi/java-slack-sdk#1624; the reference gives none. */
const alert = block('alert', {
  required: { text: text(200) },
  optional: { level: oneOf('default', 'info', 'warning', 'error', 'success') },
});

const card = block('card', {
  optional: {
    hero_image: image,
    icon: image,
    title: text(150),
    subtitle: text(150),
    body: text(200),
    actions: list(button, { min: 1 }),
  },
  exceptions: [anyOf('hero_image', 'title', 'actions', 'body'), distinctActions('actions')],
});

const carousel = block('carousel', { required: { elements: list(card, { min: 1, max: 10 }) } });

const CHILDREN = [
  section,
  divider,
  header,
  imageBlock,
  actions,
  context,
  input,
  richText,
  video,
  table,
  file,
];

const container = block('container', {
  required: { child_blocks: list(choice(CHILDREN), { min: 1, max: 10 }) },
  optional: {
    title: plainText(150),
    rich_text_title: richText,
    subtitle: text(150),
    width: oneOf('narrow', 'standard', 'wide', 'full'),
    icon: image,
    is_collapsible: boolean,
    default_collapsed: boolean,
    has_header_divider: boolean,
  },
  exceptions: [anyOf('title', 'rich_text_title'), collapsedNeedsCollapsible],
});

export const BLOCKS = choice([
  ...CHILDREN,
  alert,
  card,
  carousel,
  container,
  contextActions,
  dataTable,
  markdown,
  plan,
  taskCard,
]);
