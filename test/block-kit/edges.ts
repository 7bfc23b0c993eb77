/** Slack's limits, each as a message or view that stands exactly at it, or any number beyond. */

export type Json = Record<string, unknown>;
export type Kind = 'message' | 'modal' | 'home';

export interface Edge {
  title: string;
  limit: number;
  on: Kind;
  /** Blocks (or a whole view) in which one thing is `n` long, or there are `n` of it. */
  make: (n: number) => Json[] | Json;
  /** Where Slack points when there is one too many: below the block for blocks, below `/view` for a view. */
  pointer: string;
}

export const plain = (text: string): Json => ({ type: 'plain_text', text });
export const marked = (text: string): Json => ({ type: 'mrkdwn', text });
export const many = <T>(n: number, one: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => one(i));

const chars = (n: number): string => 'x'.repeat(n);
const button = (more: Json = {}): Json => ({ type: 'button', text: plain('Go'), ...more });
const option = (i: number): Json => ({ text: plain(`Option ${i}`), value: `v${i}` });
const withAccessory = (accessory: Json): Json[] => [{ type: 'section', text: marked('What'), accessory }];
const withElement = (element: Json): Json[] => [{ type: 'input', label: plain('Label'), element }];
const select = (more: Json = {}): Json => ({ type: 'static_select', options: [option(0)], ...more });
const withOption = (more: Json): Json => select({ options: [{ text: plain('One'), value: '1', ...more }] });
const confirm = (more: Json): Json => button({ confirm: { text: plain('Sure'), ...more } });
const image = (more: Json = {}): Json => ({
  type: 'image',
  alt_text: 'A chart',
  image_url: 'https://a.test/c.png',
  ...more,
});
const video = (more: Json): Json => ({
  type: 'video',
  alt_text: 'A',
  title: plain('T'),
  thumbnail_url: 'https://a.test/t.png',
  video_url: 'https://a.test/v',
  ...more,
});
const cell = (text: string): Json => ({ type: 'raw_text', text });
const row = (n: number): Json[] => many(n, (i) => cell(`${i}`));
const url = (n: number): string => `https://a.test/${chars(n - 15)}`;
const modal = (more: Json): Json => ({ type: 'modal', title: plain('Title'), blocks: [], ...more });

export const EDGES: readonly Edge[] = [
  {
    title: 'block_id',
    limit: 255,
    on: 'message',
    make: (n) => [{ type: 'divider', block_id: chars(n) }],
    pointer: '/block_id',
  },
  {
    title: 'action_id',
    limit: 255,
    on: 'message',
    make: (n) => withAccessory(button({ action_id: chars(n) })),
    pointer: '/accessory/action_id',
  },
  {
    title: 'the text of a section',
    limit: 3000,
    on: 'message',
    make: (n) => [{ type: 'section', text: marked(chars(n)) }],
    pointer: '/text/text',
  },
  {
    title: 'the fields of a section',
    limit: 10,
    on: 'message',
    make: (n) => [{ type: 'section', fields: many(n, (i) => plain(`${i}`)) }],
    pointer: '/fields',
  },
  {
    title: 'the text of a field',
    limit: 2000,
    on: 'message',
    make: (n) => [{ type: 'section', fields: [plain(chars(n))] }],
    pointer: '/fields/0/text',
  },
  {
    title: 'a header',
    limit: 150,
    on: 'message',
    make: (n) => [{ type: 'header', text: plain(chars(n)) }],
    pointer: '/text/text',
  },
  {
    title: 'the elements of actions',
    limit: 25,
    on: 'message',
    make: (n) => [{ type: 'actions', elements: many(n, (i) => button({ action_id: `a${i}` })) }],
    pointer: '/elements',
  },
  {
    title: 'the elements of a context',
    limit: 10,
    on: 'message',
    make: (n) => [{ type: 'context', elements: many(n, (i) => marked(`${i}`)) }],
    pointer: '/elements',
  },
  {
    title: 'the text of a button',
    limit: 75,
    on: 'message',
    make: (n) => withAccessory(button({ text: plain(chars(n)) })),
    pointer: '/accessory/text/text',
  },
  {
    title: 'the value of a button',
    limit: 2000,
    on: 'message',
    make: (n) => withAccessory(button({ value: chars(n) })),
    pointer: '/accessory/value',
  },
  {
    title: 'the url of a button',
    limit: 3000,
    on: 'message',
    make: (n) => withAccessory(button({ url: url(n) })),
    pointer: '/accessory/url',
  },
  {
    title: 'an accessibility label',
    limit: 75,
    on: 'message',
    make: (n) => withAccessory(button({ accessibility_label: chars(n) })),
    pointer: '/accessory/accessibility_label',
  },
  {
    title: 'the title of a confirmation',
    limit: 100,
    on: 'message',
    make: (n) => withAccessory(confirm({ title: plain(chars(n)) })),
    pointer: '/accessory/confirm/title/text',
  },
  {
    title: 'the text of a confirmation',
    limit: 300,
    on: 'message',
    make: (n) => withAccessory(confirm({ text: marked(chars(n)) })),
    pointer: '/accessory/confirm/text/text',
  },
  {
    title: 'the confirm button',
    limit: 30,
    on: 'message',
    make: (n) => withAccessory(confirm({ confirm: plain(chars(n)) })),
    pointer: '/accessory/confirm/confirm/text',
  },
  {
    title: 'the deny button',
    limit: 30,
    on: 'message',
    make: (n) => withAccessory(confirm({ deny: plain(chars(n)) })),
    pointer: '/accessory/confirm/deny/text',
  },
  {
    title: 'the options of a select',
    limit: 100,
    on: 'message',
    make: (n) => withAccessory(select({ options: many(n, option) })),
    pointer: '/accessory/options',
  },
  {
    title: 'the text of an option',
    limit: 75,
    on: 'message',
    make: (n) => withAccessory(withOption({ text: plain(chars(n)) })),
    pointer: '/accessory/options/0/text/text',
  },
  {
    title: 'the value of an option',
    limit: 75,
    on: 'message',
    make: (n) => withAccessory(withOption({ value: chars(n) })),
    pointer: '/accessory/options/0/value',
  },
  {
    title: 'the description of an option',
    limit: 75,
    on: 'message',
    make: (n) => withAccessory(withOption({ description: plain(chars(n)) })),
    pointer: '/accessory/options/0/description/text',
  },
  {
    title: 'the option groups of a select',
    limit: 100,
    on: 'modal',
    make: (n) =>
      withAccessory({
        type: 'static_select',
        option_groups: many(n, (i) => ({ label: plain(`${i}`), options: [option(i)] })),
      }),
    pointer: '/accessory/option_groups',
  },
  {
    title: 'the options of a group',
    limit: 100,
    on: 'message',
    make: (n) =>
      withAccessory({
        type: 'static_select',
        option_groups: [{ label: plain('All'), options: many(n, option) }],
      }),
    pointer: '/accessory/option_groups/0/options',
  },
  {
    title: 'the label of a group',
    limit: 75,
    on: 'message',
    make: (n) =>
      withAccessory({
        type: 'static_select',
        option_groups: [{ label: plain(chars(n)), options: [option(0)] }],
      }),
    pointer: '/accessory/option_groups/0/label/text',
  },
  {
    title: 'the options of an overflow menu',
    limit: 5,
    on: 'message',
    make: (n) => withAccessory({ type: 'overflow', options: many(n, option) }),
    pointer: '/accessory/options',
  },
  {
    title: 'the url of an overflow option',
    limit: 3000,
    on: 'message',
    make: (n) => withAccessory({ type: 'overflow', options: [{ ...option(0), url: url(n) }] }),
    pointer: '/accessory/options/0/url',
  },
  {
    title: 'radio buttons',
    limit: 10,
    on: 'message',
    make: (n) => withAccessory({ type: 'radio_buttons', options: many(n, option) }),
    pointer: '/accessory/options',
  },
  {
    title: 'checkboxes',
    limit: 10,
    on: 'message',
    make: (n) => withAccessory({ type: 'checkboxes', options: many(n, option) }),
    pointer: '/accessory/options',
  },
  {
    title: 'a placeholder',
    limit: 150,
    on: 'modal',
    make: (n) => withElement({ type: 'plain_text_input', placeholder: plain(chars(n)) }),
    pointer: '/element/placeholder/text',
  },
  {
    title: 'the label of an input',
    limit: 2000,
    on: 'modal',
    make: (n) => [{ type: 'input', label: plain(chars(n)), element: { type: 'plain_text_input' } }],
    pointer: '/label/text',
  },
  {
    title: 'the hint of an input',
    limit: 2000,
    on: 'modal',
    make: (n) => [
      { type: 'input', label: plain('L'), hint: plain(chars(n)), element: { type: 'plain_text_input' } },
    ],
    pointer: '/hint/text',
  },
  {
    title: 'what an input starts from',
    limit: 3000,
    on: 'modal',
    make: (n) => withElement({ type: 'plain_text_input', initial_value: chars(n) }),
    pointer: '/element/initial_value',
  },
  {
    title: 'the length an input may ask for',
    limit: 3000,
    on: 'modal',
    make: (n) => withElement({ type: 'plain_text_input', max_length: n }),
    pointer: '/element/max_length',
  },
  {
    title: 'the files of an input',
    limit: 10,
    on: 'modal',
    make: (n) => withElement({ type: 'file_input', max_files: n }),
    pointer: '/element/max_files',
  },
  {
    title: 'the alt text of an image',
    limit: 2000,
    on: 'message',
    make: (n) => [image({ alt_text: chars(n) })],
    pointer: '/alt_text',
  },
  {
    title: 'the url of an image',
    limit: 3000,
    on: 'message',
    make: (n) => [image({ image_url: url(n) })],
    pointer: '/image_url',
  },
  {
    title: 'the title of an image',
    limit: 2000,
    on: 'message',
    make: (n) => [image({ title: plain(chars(n)) })],
    pointer: '/title/text',
  },
  {
    title: 'the alt text in a context',
    limit: 2000,
    on: 'message',
    make: (n) => [{ type: 'context', elements: [image({ alt_text: chars(n) })] }],
    pointer: '/elements/0/alt_text',
  },
  {
    title: 'the rows of a table',
    limit: 100,
    on: 'message',
    make: (n) => [{ type: 'table', rows: many(n, () => row(2)) }],
    pointer: '/rows',
  },
  {
    title: 'the columns of a table',
    limit: 20,
    on: 'message',
    make: (n) => [{ type: 'table', rows: [row(n)] }],
    pointer: '/rows/0',
  },
  {
    title: 'the column settings of a table',
    limit: 20,
    on: 'message',
    make: (n) => [{ type: 'table', rows: [row(2)], column_settings: many(n, () => ({ align: 'right' })) }],
    pointer: '/column_settings',
  },
  {
    title: 'the text of a table',
    limit: 10_000,
    on: 'message',
    make: (n) => [{ type: 'table', rows: [[cell(chars(n))]] }],
    pointer: '/rows',
  },
  {
    title: 'the rows of a data table',
    limit: 201,
    on: 'message',
    make: (n) => [{ type: 'data_table', caption: 'All', rows: many(n, () => row(2)) }],
    pointer: '/rows',
  },
  {
    title: 'the text of a data table',
    limit: 20_000,
    on: 'message',
    make: (n) => [{ type: 'data_table', caption: 'All', rows: [[cell('h')], [cell(chars(n - 1))]] }],
    pointer: '/rows',
  },
  {
    title: 'the page of a data table',
    limit: 100,
    on: 'message',
    make: (n) => [{ type: 'data_table', caption: 'All', rows: [row(2), row(2)], page_size: n }],
    pointer: '/page_size',
  },
  {
    title: 'a markdown block',
    limit: 12_000,
    on: 'message',
    make: (n) => [{ type: 'markdown', text: chars(n) }],
    pointer: '/text',
  },
  {
    title: 'the indent of a list',
    limit: 8,
    on: 'message',
    make: (n) => [
      { type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', indent: n, elements: [] }] },
    ],
    pointer: '/elements/0/indent',
  },
  {
    title: 'the elements of context actions',
    limit: 5,
    on: 'message',
    make: (n) => [
      {
        type: 'context_actions',
        elements: many(n, (i) => ({
          type: 'icon_button',
          icon: 'trash',
          text: plain('Delete'),
          action_id: `a${i}`,
        })),
      },
    ],
    pointer: '/elements',
  },
  {
    title: 'the title of a card',
    limit: 150,
    on: 'message',
    make: (n) => [{ type: 'card', title: marked(chars(n)) }],
    pointer: '/title/text',
  },
  {
    title: 'the subtitle of a card',
    limit: 150,
    on: 'home',
    make: (n) => [{ type: 'card', title: marked('T'), subtitle: marked(chars(n)) }],
    pointer: '/subtitle/text',
  },
  {
    title: 'the body of a card',
    limit: 200,
    on: 'message',
    make: (n) => [{ type: 'card', body: marked(chars(n)) }],
    pointer: '/body/text',
  },
  {
    title: 'the cards of a carousel',
    limit: 10,
    on: 'message',
    make: (n) => [{ type: 'carousel', elements: many(n, () => ({ type: 'card', title: marked('T') })) }],
    pointer: '/elements',
  },
  {
    title: 'the blocks of a container',
    limit: 10,
    on: 'message',
    make: (n) => [
      { type: 'container', title: plain('T'), child_blocks: many(n, () => ({ type: 'divider' })) },
    ],
    pointer: '/child_blocks',
  },
  {
    title: 'the title of a container',
    limit: 150,
    on: 'message',
    make: (n) => [{ type: 'container', title: plain(chars(n)), child_blocks: [{ type: 'divider' }] }],
    pointer: '/title/text',
  },
  {
    title: 'an alert',
    limit: 200,
    on: 'modal',
    make: (n) => [{ type: 'alert', text: plain(chars(n)) }],
    pointer: '/text/text',
  },
  {
    title: 'the title of a modal',
    limit: 24,
    on: 'modal',
    make: (n) => modal({ title: plain(chars(n)) }),
    pointer: '/title/text',
  },
  {
    title: 'the submit button of a modal',
    limit: 24,
    on: 'modal',
    make: (n) => modal({ submit: plain(chars(n)) }),
    pointer: '/submit/text',
  },
  {
    title: 'the close button of a modal',
    limit: 24,
    on: 'modal',
    make: (n) => modal({ close: plain(chars(n)) }),
    pointer: '/close/text',
  },
  {
    title: 'the private metadata of a modal',
    limit: 3000,
    on: 'modal',
    make: (n) => modal({ private_metadata: chars(n) }),
    pointer: '/private_metadata',
  },
  {
    title: 'the callback id of a modal',
    limit: 255,
    on: 'modal',
    make: (n) => modal({ callback_id: chars(n) }),
    pointer: '/callback_id',
  },
  {
    title: 'the blocks of a modal',
    limit: 100,
    on: 'modal',
    make: (n) => modal({ blocks: many(n, () => ({ type: 'divider' })) }),
    pointer: '/blocks',
  },
  {
    title: 'the private metadata of a Home',
    limit: 3000,
    on: 'home',
    make: (n) => ({ type: 'home', blocks: [], private_metadata: chars(n) }),
    pointer: '/private_metadata',
  },
  {
    title: 'the callback id of a Home',
    limit: 255,
    on: 'home',
    make: (n) => ({ type: 'home', blocks: [], callback_id: chars(n) }),
    pointer: '/callback_id',
  },
  {
    title: 'the blocks of a Home',
    limit: 100,
    on: 'home',
    make: (n) => ({ type: 'home', blocks: many(n, () => ({ type: 'divider' })) }),
    pointer: '/blocks',
  },
  {
    title: 'the text of a context',
    limit: 3000,
    on: 'message',
    make: (n) => [{ type: 'context', elements: [plain(chars(n)), marked('x')] }],
    pointer: '/elements/0/text',
  },
  {
    title: 'the formatted text of a context',
    limit: 3000,
    on: 'message',
    make: (n) => [{ type: 'context', elements: [plain('x'), marked(chars(n))] }],
    pointer: '/elements/1/text',
  },
  {
    title: 'the url in a context',
    limit: 3000,
    on: 'message',
    make: (n) => [{ type: 'context', elements: [image({ image_url: url(n) })] }],
    pointer: '/elements/0/image_url',
  },
  {
    title: 'the url of a file',
    limit: 3000,
    on: 'message',
    make: (n) => [{ type: 'image', alt_text: 'A', slack_file: { url: url(n) } }],
    pointer: '/slack_file/url',
  },
  {
    title: 'the alt text of a video',
    limit: 2000,
    on: 'message',
    make: (n) => [video({ alt_text: chars(n) })],
    pointer: '/alt_text',
  },
  {
    title: 'the title of a video',
    limit: 199,
    on: 'message',
    make: (n) => [video({ title: plain(chars(n)) })],
    pointer: '/title/text',
  },
  {
    title: 'the author of a video',
    limit: 49,
    on: 'message',
    make: (n) => [video({ author_name: chars(n) })],
    pointer: '/author_name',
  },
  {
    title: 'the description of a video',
    limit: 200,
    on: 'message',
    make: (n) => [video({ description: plain(chars(n)) })],
    pointer: '/description/text',
  },
  {
    title: 'the address of a video',
    limit: 3000,
    on: 'message',
    make: (n) => [video({ video_url: url(n) })],
    pointer: '/video_url',
  },
  {
    title: 'the columns of a data table',
    limit: 20,
    on: 'message',
    make: (n) => [{ type: 'data_table', caption: 'All', rows: [row(20), row(n)] }],
    pointer: '/rows/1',
  },
  {
    title: 'the subtitle of a container',
    limit: 150,
    on: 'message',
    make: (n) => [
      {
        type: 'container',
        title: plain('T'),
        subtitle: marked(chars(n)),
        child_blocks: [{ type: 'divider' }],
      },
    ],
    pointer: '/subtitle/text',
  },
  {
    title: 'the formatted text of an option',
    limit: 75,
    on: 'message',
    make: (n) => withAccessory({ type: 'checkboxes', options: [{ text: marked(chars(n)), value: 'v' }] }),
    pointer: '/accessory/options/0/text/text',
  },
  {
    title: 'the initial options of checkboxes',
    limit: 10,
    on: 'message',
    make: (n) =>
      withAccessory({ type: 'checkboxes', options: [option(0)], initial_options: many(n, () => option(0)) }),
    pointer: '/accessory/initial_options',
  },
  {
    title: 'the initial options of an external menu',
    limit: 100,
    on: 'message',
    make: (n) => withAccessory({ type: 'multi_external_select', initial_options: many(n, option) }),
    pointer: '/accessory/initial_options',
  },
  {
    title: 'the least length of an input',
    limit: 3000,
    on: 'modal',
    make: (n) => withElement({ type: 'plain_text_input', min_length: n }),
    pointer: '/element/min_length',
  },
  {
    title: 'the moment of a picker',
    limit: 9_999_999_999,
    on: 'modal',
    make: (n) => withElement({ type: 'datetimepicker', initial_date_time: n }),
    pointer: '/element/initial_date_time',
  },
  {
    title: 'the least lines of a rich text input',
    limit: 100,
    on: 'modal',
    make: (n) => withElement({ type: 'rich_text_input', min_lines: n }),
    pointer: '/element/min_lines',
  },
  {
    title: 'the most lines of a rich text input',
    limit: 100,
    on: 'modal',
    make: (n) => withElement({ type: 'rich_text_input', max_lines: n }),
    pointer: '/element/max_lines',
  },
  {
    title: 'the border of a quote',
    limit: 1,
    on: 'message',
    make: (n) => [{ type: 'rich_text', elements: [{ type: 'rich_text_quote', border: n, elements: [] }] }],
    pointer: '/elements/0/border',
  },
  {
    title: 'the skin tone of an emoji',
    limit: 6,
    on: 'message',
    make: (n) => [
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'emoji', name: 'wave', skin_tone: n }] }],
      },
    ],
    pointer: '/elements/0/elements/0/skin_tone',
  },
  {
    title: 'the block_id of rich text',
    limit: 255,
    on: 'message',
    make: (n) => [{ type: 'rich_text', elements: [], block_id: chars(n) }],
    pointer: '/block_id',
  },
  {
    title: 'the value of feedback',
    limit: 2000,
    on: 'message',
    make: (n) => [
      {
        type: 'context_actions',
        elements: [
          {
            type: 'feedback_buttons',
            positive_button: { text: plain('Good'), value: chars(n) },
            negative_button: { text: plain('Bad'), value: 'b' },
          },
        ],
      },
    ],
    pointer: '/elements/0/positive_button/value',
  },
  {
    title: 'the external id of a modal',
    limit: 255,
    on: 'modal',
    make: (n) => modal({ external_id: chars(n) }),
    pointer: '/external_id',
  },
];
