/** Short ways to write the blocks that every Slack client draws, each kept within Slack's limits. */

import type {
  ActionsBlock,
  ActionsBlockElement,
  Button,
  ConfirmationDialog,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  KnownBlock,
  Overflow,
  PlainTextElement,
  PlainTextOption,
  RichTextBlock,
  SectionBlock,
} from '@slack/types';
import { oneLine, paragraphs, truncate, truncateEscaped } from './text.ts';

/** What a surface draws; `text` says the same in words, for notifications and screen readers. */
export interface Rendered {
  text: string;
  blocks: KnownBlock[];
}

/** Slack takes 4,000 characters of text. */
const MAX_TEXT = 3_800;

/** The facts of a message in words, for those who do not see its blocks; escaped already. */
export function inWords(lines: readonly string[]): string {
  return truncateEscaped(lines.join('\n'), MAX_TEXT);
}

export function plain(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: truncate(oneLine(text), max) || '—', emoji: false };
}

/** Lines of mrkdwn that are escaped already. */
export function section(...lines: string[]): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: lines.join('\n') } };
}

/** Characters that a section may hold, with some to spare. */
const MAX_IN_SECTION = 2_800;

/** Lines of mrkdwn in as many sections as their length needs, none of them torn. */
export function sectionsOf(lines: readonly string[]): SectionBlock[] {
  const parts: string[] = [];
  for (const line of lines) {
    const last = parts.at(-1);
    const fitting = truncateEscaped(line, MAX_IN_SECTION);
    if (last !== undefined && last.length + fitting.length < MAX_IN_SECTION)
      parts[parts.length - 1] = `${last}\n${fitting}`;
    else parts.push(fitting);
  }
  return parts.map((part) => section(part));
}

/** As many sections as there is room for; the lines that are left are counted. */
export function boundedSections(lines: readonly string[], max: number): KnownBlock[] {
  const sections = sectionsOf(lines);
  if (sections.length <= max) return sections;
  const shown = sections.slice(0, max);
  const drawn = shown.reduce((sum, { text }) => sum + (text?.text.split('\n').length ?? 0), 0);
  return [...shown, context(`and ${lines.length - drawn} more`)];
}

/** Small print; each line its own row. */
export function context(...lines: string[]): ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: lines.join('\n') }] };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text, 150) };
}

export const DIVIDER: DividerBlock = { type: 'divider' };

/** What a person typed, marked as theirs, in an element that reads no markup. */
export function typed(text: string, max: number): RichTextBlock {
  const shown = truncate(paragraphs(text), max) || '—';
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_quote', elements: [{ type: 'text', text: shown }] }],
  };
}

export function actions(id: string, elements: ActionsBlockElement[]): ActionsBlock[] {
  return elements.length === 0 ? [] : [{ type: 'actions', block_id: id, elements }];
}

export interface ButtonOptions {
  action: string;
  text: string;
  value: string;
  style?: 'primary' | 'danger';
  confirm?: ConfirmationDialog;
  /** Names the service and the version where the words on the button do not. */
  label?: string;
}

export function button({ action, text, value, style, confirm, label }: ButtonOptions): Button {
  return {
    type: 'button',
    action_id: action,
    text: plain(text, 75),
    value,
    ...(style ? { style } : {}),
    ...(confirm ? { confirm } : {}),
    ...(label ? { accessibility_label: truncate(oneLine(label), 75) } : {}),
  };
}

export function overflow(action: string, choices: { text: string; value: string }[]): Overflow {
  return {
    type: 'overflow',
    action_id: action,
    options: choices.map(({ text, value }) => option(text, value)),
  };
}

export function option(text: string, value: string): PlainTextOption {
  return { text: plain(text, 75), value };
}

export function confirmation(question: {
  title: string;
  text: string;
  yes: string;
  no: string;
  danger?: boolean;
}): ConfirmationDialog {
  return {
    title: plain(question.title, 100),
    text: plain(question.text, 300),
    confirm: plain(question.yes, 30),
    deny: plain(question.no, 30),
    ...(question.danger ? { style: 'danger' } : {}),
  };
}
