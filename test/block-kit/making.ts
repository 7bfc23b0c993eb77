/** Short ways to make blocks and to say what Slack says about them. */
import { checkMessage, checkView } from '../../local-slack/block-kit/index.ts';
import type { Violation } from '../../local-slack/protocol.ts';
import { type Json, marked, plain } from './edge.ts';

export const said = (violations: Violation[]): [string, string][] =>
  violations.map(({ pointer, message }) => [pointer, message]);
export const inMessage = (...blocks: unknown[]): [string, string][] =>
  said(checkMessage({ text: 'Fallback', blocks }));
export const inModal = (...blocks: unknown[]): [string, string][] =>
  said(checkView({ type: 'modal', title: plain('T'), submit: plain('OK'), blocks }, 'modal'));
export const inHome = (...blocks: unknown[]): [string, string][] =>
  said(checkView({ type: 'home', blocks }, 'home'));

export const section = (more: Json = {}): Json => ({ type: 'section', text: marked('What'), ...more });
export const accessory = (type: string, more: Json = {}): Json => section({ accessory: { type, ...more } });
export const input = (type: string, more: Json = {}): Json => ({
  type: 'input',
  label: plain('L'),
  element: { type, ...more },
});
export const button = (more: Json = {}): Json => ({ type: 'button', text: plain('Go'), ...more });
export const option = (value: string, more: Json = {}): Json => ({ text: plain(value), value, ...more });
export const image = (more: Json): Json => ({ type: 'image', alt_text: 'A chart', ...more });
export const raw = { type: 'raw_text', text: 'x' };
export const grid = (more: Json): Json => ({
  type: 'data_table',
  caption: 'All',
  rows: [[raw], [raw]],
  ...more,
});
export const picture = 'https://a.test/c.png';
