/** One limit of Slack's, as a message or view that stands exactly at it, or any number beyond; and how to make them. */

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

type Make = Edge['make'];

const edge =
  (on: Kind) =>
  (title: string, limit: number, pointer: string, make: Make): Edge => ({ title, limit, on, make, pointer });

export const inMessage = edge('message');
export const inModal = edge('modal');
export const inHome = edge('home');

export const chars = (n: number): string => 'x'.repeat(n);
export const button = (more: Json = {}): Json => ({ type: 'button', text: plain('Go'), ...more });
export const option = (i: number): Json => ({ text: plain(`Option ${i}`), value: `v${i}` });
export const withAccessory = (accessory: Json): Json[] => [
  { type: 'section', text: marked('What'), accessory },
];
export const withElement = (element: Json): Json[] => [{ type: 'input', label: plain('Label'), element }];
export const select = (more: Json = {}): Json => ({ type: 'static_select', options: [option(0)], ...more });
export const withOption = (more: Json): Json =>
  select({ options: [{ text: plain('One'), value: '1', ...more }] });
export const confirm = (more: Json): Json => button({ confirm: { text: plain('Sure'), ...more } });
export const image = (more: Json = {}): Json => ({
  type: 'image',
  alt_text: 'A chart',
  image_url: 'https://a.test/c.png',
  ...more,
});
export const video = (more: Json): Json => ({
  type: 'video',
  alt_text: 'A',
  title: plain('T'),
  thumbnail_url: 'https://a.test/t.png',
  video_url: 'https://a.test/v',
  ...more,
});
export const cell = (text: string): Json => ({ type: 'raw_text', text });
export const row = (n: number): Json[] => many(n, (i) => cell(`${i}`));
export const url = (n: number): string => `https://a.test/${chars(n - 15)}`;
export const modal = (more: Json): Json => ({ type: 'modal', title: plain('Title'), blocks: [], ...more });
