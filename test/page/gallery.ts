/** One of each block and element, in messages and in a modal: what the page must draw. */
import type { KnownBlock, RichTextBlock } from '@slack/types';

const plain = (text: string) => ({ type: 'plain_text' as const, text, emoji: true });
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text });
const option = (value: string, text = value) => ({ text: plain(text), value });
const OPTIONS = [option('low', 'Low'), option('medium', 'Medium'), option('high', 'High')];

/** Drawn in the page, so that nothing is fetched from elsewhere. */
const IMAGE = 'http://127.0.0.1:9/none.png';

const RICH: RichTextBlock = {
  type: 'rich_text',
  block_id: 'rich_text',
  elements: [
    {
      type: 'rich_text_section',
      elements: [
        { type: 'text', text: 'Rich ', style: { bold: true } },
        { type: 'text', text: 'text', style: { italic: true, strike: true } },
        { type: 'text', text: ' for ' },
        { type: 'user', user_id: 'U0DANA00001' },
        { type: 'text', text: ' of ' },
        { type: 'usergroup', usergroup_id: 'S0OPS000001' },
        { type: 'text', text: ' in ' },
        { type: 'channel', channel_id: 'C0CHECKOUT2' },
        { type: 'text', text: ' ' },
        { type: 'broadcast', range: 'here' },
        { type: 'text', text: ' ' },
        { type: 'emoji', name: 'rocket', unicode: '1f680' },
        { type: 'text', text: ' ' },
        { type: 'link', url: 'https://example.com/', text: 'a link' },
        { type: 'text', text: ' on ' },
        { type: 'date', timestamp: 1_700_000_000, format: '{date_num} {time}', fallback: 'a date' },
        { type: 'text', text: ' ' },
        { type: 'color', value: '#3366cc' },
      ],
    },
    {
      type: 'rich_text_list',
      style: 'ordered',
      elements: [
        { type: 'rich_text_section', elements: [{ type: 'text', text: 'first' }] },
        { type: 'rich_text_section', elements: [{ type: 'text', text: 'second' }] },
      ],
    },
    { type: 'rich_text_quote', elements: [{ type: 'text', text: 'A quote.' }] },
    { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'code {\n  as typed\n}' }] },
  ],
};

const words = (text: string): RichTextBlock => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});

/** Messages, each a list of blocks that Slack takes together. */
export const MESSAGES: Record<string, KnownBlock[]> = {
  texts: [
    { type: 'header', block_id: 'header', text: plain('Header :tada:') },
    {
      type: 'section',
      block_id: 'section',
      text: mrkdwn(
        '*bold* _italic_ ~strike~ `code` <https://example.com/?a=1&amp;b=2|a link> <@U0TOM000002> :rocket: 1 &lt; 2',
      ),
      fields: [
        mrkdwn('*Risk*\nMedium'),
        mrkdwn('*Lead*\nDana'),
        plain('plain *field*'),
        mrkdwn('• one\n• two'),
      ],
      accessory: { type: 'button', action_id: 'accessory', text: plain('Open'), value: 'open' },
    },
    { type: 'divider', block_id: 'divider' },
    { type: 'context', block_id: 'context', elements: [mrkdwn('by *Dana*'), plain('in 35 min')] },
    RICH,
    {
      type: 'markdown',
      block_id: 'markdown',
      text: '## A heading\n\n**bold**, *italic*, ~~gone~~ and `code`\n\n1. one\n2. two\n\n- [x] done\n- [ ] open\n\n> quoted\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n<img src=x onerror=alert(1)>',
    },
  ],
  controls: [
    {
      type: 'actions',
      block_id: 'actions',
      elements: [
        {
          type: 'button',
          action_id: 'go',
          text: plain('Go'),
          style: 'primary',
          value: 'go',
          accessibility_label: 'Go for checkout v2.1.0',
        },
        {
          type: 'button',
          action_id: 'roll-back',
          text: plain('Roll back to v2.0.4'),
          style: 'danger',
          value: 'back',
          confirm: {
            title: plain('Roll checkout back?'),
            text: mrkdwn('From *v2.1.0* to *v2.0.4*: 25 % of traffic moves at once.'),
            confirm: plain('Roll back'),
            deny: plain('Leave it'),
            style: 'danger',
          },
        },
        { type: 'button', action_id: 'compare', text: plain('Compare'), url: 'https://example.com/compare' },
        {
          type: 'overflow',
          action_id: 'more',
          options: [option('details', 'Details'), option('edit', 'Edit'), option('cancel', 'Cancel')],
        },
        { type: 'static_select', action_id: 'risk', placeholder: plain('Risk'), options: OPTIONS },
        { type: 'users_select', action_id: 'lead', placeholder: plain('Lead') },
        { type: 'datepicker', action_id: 'day', initial_date: '2026-11-20' },
        { type: 'timepicker', action_id: 'hour', initial_time: '14:00' },
        { type: 'datetimepicker', action_id: 'start', initial_date_time: 1_795_000_000 },
        {
          type: 'checkboxes',
          action_id: 'gates',
          options: [option('unit', 'Unit tests'), option('scan', 'Scan')],
        },
        {
          type: 'radio_buttons',
          action_id: 'strategy',
          options: [option('canary', 'Canary'), option('blue', 'Blue-green')],
        },
      ],
    },
    {
      type: 'context_actions',
      block_id: 'context_actions',
      elements: [
        {
          type: 'feedback_buttons',
          action_id: 'useful',
          positive_button: { text: plain('Useful'), value: 'yes', accessibility_label: 'This was useful' },
          negative_button: {
            text: plain('Not useful'),
            value: 'no',
            accessibility_label: 'This was not useful',
          },
        },
        { type: 'icon_button', action_id: 'delete', icon: 'trash', text: plain('Delete'), value: 'delete' },
      ],
    },
  ],
  media: [
    {
      type: 'image',
      block_id: 'image',
      image_url: IMAGE,
      alt_text: 'Error rate of both arms',
      title: plain('Errors'),
    },
    {
      type: 'video',
      block_id: 'video',
      title: plain('A video'),
      title_url: 'https://example.com/video',
      video_url: 'https://example.com/video',
      thumbnail_url: 'https://127.0.0.1:9/none.png',
      alt_text: 'How a canary works',
      provider_name: 'Example',
    },
  ],
  table: [
    {
      type: 'table',
      block_id: 'table',
      column_settings: [{ align: 'left' }, { align: 'right' }, { is_wrapped: true }],
      rows: [
        [
          { type: 'raw_text', text: 'metric' },
          { type: 'raw_text', text: 'canary' },
          { type: 'raw_text', text: 'verdict' },
        ],
        [{ type: 'raw_text', text: 'errors' }, { type: 'raw_text', text: '0.19 %' }, words('no worse')],
      ],
    },
  ],
  data_table: [
    {
      type: 'data_table',
      block_id: 'data_table',
      caption: 'Deployments',
      page_size: 3,
      rows: [
        [
          { type: 'raw_text', text: 'Service' },
          { type: 'raw_text', text: 'Minutes' },
        ],
        ...['checkout', 'payments', 'search', 'mail', 'auth'].map((name, index) => [
          { type: 'raw_text' as const, text: name },
          { type: 'raw_number' as const, value: 90 - index * 11, text: String(90 - index * 11) },
        ]),
      ],
    },
  ],
  tasks: [
    {
      type: 'plan',
      block_id: 'plan',
      title: 'Roll out v2.1.0',
      tasks: [
        { type: 'task_card', task_id: 't1', title: 'Staging', status: 'complete' },
        {
          type: 'task_card',
          task_id: 't2',
          title: '5 % of traffic',
          status: 'in_progress',
          details: words('22 of 60 min'),
        },
        { type: 'task_card', task_id: 't3', title: '25 % of traffic', status: 'pending' },
        { type: 'task_card', task_id: 't4', title: 'Scan', status: 'error', output: words('1 high') },
      ],
    },
    {
      type: 'task_card',
      block_id: 'task_card',
      task_id: 't5',
      title: 'Build',
      status: 'complete',
      sources: [{ type: 'url', url: 'https://example.com/build/7', text: 'Build 7' }],
    },
  ],
  cards: [
    {
      type: 'card',
      block_id: 'card',
      title: mrkdwn('*checkout* v2.1.0'),
      subtitle: mrkdwn('production'),
      body: mrkdwn('Waiting for 2 of 3 sign-offs.'),
      actions: [{ type: 'button', action_id: 'card-go', text: plain('Go'), value: 'go' }],
    },
    {
      type: 'carousel',
      block_id: 'carousel',
      elements: ['one', 'two', 'three'].map((name) => ({
        type: 'card' as const,
        title: mrkdwn(name),
        body: mrkdwn(`The card called ${name}.`),
        actions: [
          { type: 'button' as const, action_id: `card-${name}`, text: plain(`Open ${name}`), value: name },
        ],
      })),
    },
    {
      type: 'container',
      block_id: 'container',
      title: plain('A container'),
      subtitle: mrkdwn('with *blocks* in it'),
      is_collapsible: true,
      child_blocks: [{ type: 'section', text: mrkdwn('Inside the container.') }],
    },
  ],
};

/** What Slack takes in no message of an app's, and the page must draw all the same. */
export const REFUSED: { type: string; [key: string]: unknown }[] = [
  { type: 'alert', block_id: 'alert', level: 'warning', text: mrkdwn('*2 gates* are open.') },
  { type: 'file', block_id: 'file', source: 'remote', external_id: 'report-7' },
  { type: 'hologram', block_id: 'unknown', depth: 3 },
  { type: 'section', block_id: 'broken', fields: 'not a list' },
  {
    type: 'actions',
    block_id: 'odd',
    elements: [
      { type: 'lever', action_id: 'lever' },
      {
        type: 'workflow_button',
        action_id: 'workflow',
        text: plain('Run it'),
        workflow: { trigger: { url: 'https://example.com/workflow' } },
      },
    ],
  },
];

/** Every input, in one modal. */
export const INPUTS: KnownBlock[] = [
  { type: 'alert', block_id: 'alert', level: 'warning', text: mrkdwn('*2 gates* are open.') },
  {
    type: 'input',
    block_id: 'name',
    label: plain('Name'),
    hint: plain('As people say it.'),
    element: { type: 'plain_text_input', action_id: 'name', placeholder: plain('checkout'), max_length: 40 },
  },
  {
    type: 'input',
    block_id: 'why',
    label: plain('What and why'),
    optional: true,
    element: { type: 'plain_text_input', action_id: 'why', multiline: true },
  },
  {
    type: 'input',
    block_id: 'static',
    label: plain('Risk'),
    element: {
      type: 'static_select',
      action_id: 'static',
      options: OPTIONS,
      placeholder: plain('How risky'),
    },
  },
  {
    type: 'input',
    block_id: 'grouped',
    label: plain('Several'),
    optional: true,
    element: {
      type: 'multi_static_select',
      action_id: 'grouped',
      option_groups: [
        { label: plain('Kinds'), options: [option('feature', 'Feature'), option('fix', 'Fix')] },
        { label: plain('Risks'), options: OPTIONS },
      ],
    },
  },
  {
    type: 'input',
    block_id: 'version',
    label: plain('Version'),
    optional: true,
    element: {
      type: 'external_select',
      action_id: 'version',
      min_query_length: 0,
      placeholder: plain('Newest first'),
    },
  },
  {
    type: 'input',
    block_id: 'people',
    label: plain('People'),
    optional: true,
    element: { type: 'multi_users_select', action_id: 'people', initial_users: ['U0OMAR00004'] },
  },
  {
    type: 'input',
    block_id: 'channel',
    label: plain('Channel'),
    optional: true,
    element: { type: 'channels_select', action_id: 'channel' },
  },
  {
    type: 'input',
    block_id: 'where',
    label: plain('Conversation'),
    optional: true,
    element: { type: 'conversations_select', action_id: 'where', default_to_current_conversation: true },
  },
  {
    type: 'input',
    block_id: 'day',
    label: plain('Day'),
    optional: true,
    element: { type: 'datepicker', action_id: 'day' },
  },
  {
    type: 'input',
    block_id: 'hour',
    label: plain('Hour'),
    optional: true,
    element: { type: 'timepicker', action_id: 'hour' },
  },
  {
    type: 'input',
    block_id: 'start',
    label: plain('Start'),
    optional: true,
    element: { type: 'datetimepicker', action_id: 'start' },
  },
  {
    type: 'input',
    block_id: 'kind',
    label: plain('Kind'),
    optional: true,
    element: {
      type: 'radio_buttons',
      action_id: 'kind',
      options: OPTIONS,
      initial_option: option('low', 'Low'),
    },
  },
  {
    type: 'input',
    block_id: 'checks',
    label: plain('Checks'),
    optional: true,
    element: {
      type: 'checkboxes',
      action_id: 'checks',
      options: [
        { text: mrkdwn('*Rollback* rehearsed'), value: 'rollback', description: plain('Within 30 days') },
        { text: mrkdwn('On-call briefed'), value: 'brief' },
      ],
    },
  },
  {
    type: 'input',
    block_id: 'share',
    label: plain('Share of traffic'),
    optional: true,
    element: {
      type: 'number_input',
      action_id: 'share',
      is_decimal_allowed: false,
      min_value: '1',
      max_value: '100',
    },
  },
  {
    type: 'input',
    block_id: 'mail',
    label: plain('E-mail'),
    optional: true,
    element: { type: 'email_text_input', action_id: 'mail' },
  },
  {
    type: 'input',
    block_id: 'page',
    label: plain('Page'),
    optional: true,
    element: { type: 'url_text_input', action_id: 'page' },
  },
  {
    type: 'input',
    block_id: 'note',
    label: plain('Note'),
    optional: true,
    element: { type: 'rich_text_input', action_id: 'note' },
  },
  {
    type: 'input',
    block_id: 'files',
    label: plain('Files'),
    optional: true,
    element: { type: 'file_input', action_id: 'files', max_files: 2 },
  },
];
