/** The limits of blocks. */
import {
  button,
  cell,
  chars,
  type Edge,
  image,
  inHome,
  inMessage,
  inModal,
  many,
  marked,
  plain,
  row,
  url,
  video,
} from './edge.ts';

export const OF_BLOCKS: readonly Edge[] = [
  inMessage('block_id', 255, '/block_id', (n) => [{ type: 'divider', block_id: chars(n) }]),
  inMessage('the text of a section', 3000, '/text/text', (n) => [
    { type: 'section', text: marked(chars(n)) },
  ]),
  inMessage('the fields of a section', 10, '/fields', (n) => [
    { type: 'section', fields: many(n, (i) => plain(`${i}`)) },
  ]),
  inMessage('the text of a field', 2000, '/fields/0/text', (n) => [
    { type: 'section', fields: [plain(chars(n))] },
  ]),
  inMessage('a header', 150, '/text/text', (n) => [{ type: 'header', text: plain(chars(n)) }]),
  inMessage('the elements of actions', 25, '/elements', (n) => [
    { type: 'actions', elements: many(n, (i) => button({ action_id: `a${i}` })) },
  ]),
  inMessage('the elements of a context', 10, '/elements', (n) => [
    { type: 'context', elements: many(n, (i) => marked(`${i}`)) },
  ]),
  inModal('the label of an input', 2000, '/label/text', (n) => [
    { type: 'input', label: plain(chars(n)), element: { type: 'plain_text_input' } },
  ]),
  inModal('the hint of an input', 2000, '/hint/text', (n) => [
    { type: 'input', label: plain('L'), hint: plain(chars(n)), element: { type: 'plain_text_input' } },
  ]),
  inMessage('the alt text of an image', 2000, '/alt_text', (n) => [image({ alt_text: chars(n) })]),
  inMessage('the url of an image', 3000, '/image_url', (n) => [image({ image_url: url(n) })]),
  inMessage('the title of an image', 2000, '/title/text', (n) => [image({ title: plain(chars(n)) })]),
  inMessage('the alt text in a context', 2000, '/elements/0/alt_text', (n) => [
    { type: 'context', elements: [image({ alt_text: chars(n) })] },
  ]),
  inMessage('the rows of a table', 100, '/rows', (n) => [{ type: 'table', rows: many(n, () => row(2)) }]),
  inMessage('the columns of a table', 20, '/rows/0', (n) => [{ type: 'table', rows: [row(n)] }]),
  inMessage('the column settings of a table', 20, '/column_settings', (n) => [
    { type: 'table', rows: [row(2)], column_settings: many(n, () => ({ align: 'right' })) },
  ]),
  inMessage('the text of a table', 10_000, '/rows', (n) => [{ type: 'table', rows: [[cell(chars(n))]] }]),
  inMessage('the rows of a data table', 201, '/rows', (n) => [
    { type: 'data_table', caption: 'All', rows: many(n, () => row(2)) },
  ]),
  inMessage('the text of a data table', 20_000, '/rows', (n) => [
    { type: 'data_table', caption: 'All', rows: [[cell('h')], [cell(chars(n - 1))]] },
  ]),
  inMessage('the page of a data table', 100, '/page_size', (n) => [
    { type: 'data_table', caption: 'All', rows: [row(2), row(2)], page_size: n },
  ]),
  inMessage('a markdown block', 12_000, '/text', (n) => [{ type: 'markdown', text: chars(n) }]),
  inMessage('the indent of a list', 8, '/elements/0/indent', (n) => [
    { type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', indent: n, elements: [] }] },
  ]),
  inMessage('the elements of context actions', 5, '/elements', (n) => [
    {
      type: 'context_actions',
      elements: many(n, (i) => ({
        type: 'icon_button',
        icon: 'trash',
        text: plain('Delete'),
        action_id: `a${i}`,
      })),
    },
  ]),
  inMessage('the title of a card', 150, '/title/text', (n) => [{ type: 'card', title: marked(chars(n)) }]),
  inHome('the subtitle of a card', 150, '/subtitle/text', (n) => [
    { type: 'card', title: marked('T'), subtitle: marked(chars(n)) },
  ]),
  inMessage('the body of a card', 200, '/body/text', (n) => [{ type: 'card', body: marked(chars(n)) }]),
  inMessage('the cards of a carousel', 10, '/elements', (n) => [
    { type: 'carousel', elements: many(n, () => ({ type: 'card', title: marked('T') })) },
  ]),
  inMessage('the blocks of a container', 10, '/child_blocks', (n) => [
    { type: 'container', title: plain('T'), child_blocks: many(n, () => ({ type: 'divider' })) },
  ]),
  inMessage('the title of a container', 150, '/title/text', (n) => [
    { type: 'container', title: plain(chars(n)), child_blocks: [{ type: 'divider' }] },
  ]),
  inModal('an alert', 200, '/text/text', (n) => [{ type: 'alert', text: plain(chars(n)) }]),
  inMessage('the text of a context', 3000, '/elements/0/text', (n) => [
    { type: 'context', elements: [plain(chars(n)), marked('x')] },
  ]),
  inMessage('the formatted text of a context', 3000, '/elements/1/text', (n) => [
    { type: 'context', elements: [plain('x'), marked(chars(n))] },
  ]),
  inMessage('the url in a context', 3000, '/elements/0/image_url', (n) => [
    { type: 'context', elements: [image({ image_url: url(n) })] },
  ]),
  inMessage('the url of a file', 3000, '/slack_file/url', (n) => [
    { type: 'image', alt_text: 'A', slack_file: { url: url(n) } },
  ]),
  inMessage('the alt text of a video', 2000, '/alt_text', (n) => [video({ alt_text: chars(n) })]),
  inMessage('the title of a video', 199, '/title/text', (n) => [video({ title: plain(chars(n)) })]),
  inMessage('the author of a video', 49, '/author_name', (n) => [video({ author_name: chars(n) })]),
  inMessage('the description of a video', 200, '/description/text', (n) => [
    video({ description: plain(chars(n)) }),
  ]),
  inMessage('the address of a video', 3000, '/video_url', (n) => [video({ video_url: url(n) })]),
  inMessage('the columns of a data table', 20, '/rows/1', (n) => [
    { type: 'data_table', caption: 'All', rows: [row(20), row(n)] },
  ]),
  inMessage('the subtitle of a container', 150, '/subtitle/text', (n) => [
    {
      type: 'container',
      title: plain('T'),
      subtitle: marked(chars(n)),
      child_blocks: [{ type: 'divider' }],
    },
  ]),
  inMessage('the border of a quote', 1, '/elements/0/border', (n) => [
    { type: 'rich_text', elements: [{ type: 'rich_text_quote', border: n, elements: [] }] },
  ]),
  inMessage('the skin tone of an emoji', 6, '/elements/0/elements/0/skin_tone', (n) => [
    {
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'emoji', name: 'wave', skin_tone: n }] }],
    },
  ]),
  inMessage('the block_id of rich text', 255, '/block_id', (n) => [
    { type: 'rich_text', elements: [], block_id: chars(n) },
  ]),
  inMessage('the value of feedback', 2000, '/elements/0/positive_button/value', (n) => [
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
  ]),
];
