/** Markdown as far as a contract uses it: headings, paragraphs and lists. Every line of text ends up in one of them. */

import { defined } from '../defined.ts';
import { boxOf } from './boxes.ts';
import type { Item } from './item.ts';
import { stripped } from './source.ts';
import { cellsOf, isDivider, isRow, type Table } from './tables.ts';

export type Block =
  | { kind: 'paragraph'; text: string; line: number }
  | { kind: 'list'; items: Item[]; line: number }
  | ({ kind: 'table' } & Table);

/** A heading and what stands below it, up to the next heading of any level. */
export interface Part {
  title: string;
  level: number;
  line: number;
  blocks: Block[];
}

export interface Outline {
  /** What stands before the first heading. */
  before: Block[];
  parts: Part[];
  /** What begins and never ends, and where. */
  unclosed?: { what: 'code block' | 'comment'; line: number };
  /** Boxes in code: examples or criteria, nobody can tell. */
  boxesInCode: { line: number; text: string }[];
}

/** What lists begin their items with, also where they were pasted from a document that is no Markdown. */
const ITEM = /^([-*+•‣◦●▪∙·–—]|\d{1,9}[.)]|\((?:\d{1,3}|[a-z])\)|[a-z]\))(?:[ \t]+|$)/;
/** The bars of a quotation: what it says counts as if it stood there itself. */
const QUOTE = /^(\s*)>(?:\s*>)*\s?/;
/** Code in a line goes before a comment: what stands in it begins none. */
const CODE_OR_COMMENT = /`[^`]*`|<!--/g;
const HEADING = /^(#{1,6})(?=[ \t]|$)/;
const FENCE = /^(`{3,}|~{3,})/;
const RULE = /^(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const UNDERLINE = /^(?:={3,}|-{3,})$/;

/** Further in than its parent by this much, an item or a line belongs to it. */
const INDENT = 2;

type Text = { text: string };
interface Fence {
  mark: string;
  indent: number;
  into: Text;
  line: number;
}

/** One line after the other; what a line is hangs on it and on what is open, never on what follows. */
class Reading {
  readonly before: Block[] = [];
  readonly parts: Part[] = [];
  readonly boxesInCode: { line: number; text: string }[] = [];
  fence: Fence | undefined;
  /** The line in which a comment began. */
  comment: number | undefined;
  #table: Table | undefined;
  #blocks: Block[] = this.before;
  #paragraph: Extract<Block, { kind: 'paragraph' }> | undefined;
  readonly #open: { indent: number; item: Item }[] = [];
  #blank = false;

  take(written: string, line: number): void {
    if (this.fence !== undefined) {
      this.#code(written, this.fence, line);
      return;
    }
    const raw = this.#withoutComments(written.replace(QUOTE, '$1'), line);
    const text = raw.trim();
    // A line that is all comment is none, not an empty one.
    if (text === '' && written.trim() !== '') return;
    if (text === '') {
      this.#paragraph = undefined;
      this.#table = undefined;
    } else this.#line(text, indentOf(raw), line);
    this.#blank = text === '';
  }

  #withoutComments(raw: string, line: number): string {
    let kept = '';
    let at = 0;
    for (;;) {
      if (this.comment !== undefined) {
        const end = raw.indexOf('-->', at);
        if (end < 0) return kept;
        at = end + 3;
        this.comment = undefined;
      }
      const begins = commentIn(raw, at);
      kept += raw.slice(at, begins);
      if (begins === undefined) return kept;
      at = begins + 4;
      this.comment = line;
    }
  }

  #line(text: string, indent: number, line: number): void {
    const hashes = HEADING.exec(text)?.[1]?.length;
    const mark = ITEM.exec(text)?.[0].length ?? (boxOf(text) === undefined ? undefined : 0);
    if (this.#isTableRow(text, line)) return;
    this.#table = undefined;
    if (hashes !== undefined) this.#heading(titleOf(text.slice(hashes).trim()), hashes, line);
    else if (UNDERLINE.test(text) && this.#isTitle()) this.#underlined(text);
    else if (isRule(text)) this.#close();
    else if (mark !== undefined) this.#item(text.slice(mark), indent, line);
    else this.#text(text, indent, line);
  }

  /** A table begins with a row in bars, or with a line that a divider makes its head. */
  #isTableRow(text: string, line: number): boolean {
    if (this.#table !== undefined && text.includes('|')) {
      const [first, ...more] = this.#table.rows;
      if (first !== undefined && more.length === 0 && this.#table.head === undefined && isDivider(text)) {
        this.#table.head = first.cells;
        this.#table.rows.length = 0;
      } else this.#table.rows.push({ cells: cellsOf(text), line });
      this.#table.text += `\n${text}`;
      return true;
    }
    if (this.#open.length > 0 && !this.#blank) return false;
    if (isRow(text)) this.#newTable({ text, rows: [{ cells: cellsOf(text), line }] }, line);
    else if (isDivider(text) && this.#isTitle()) {
      const { text: head, line: at } = this.#paragraph ?? { text: '', line };
      if (cellsOf(head).length !== cellsOf(text).length) return false;
      this.#blocks.pop();
      this.#newTable({ text: `${head}\n${text}`, head: cellsOf(head), rows: [] }, at);
    } else return false;
    return true;
  }

  #newTable(table: Omit<Table, 'line'>, line: number): void {
    this.#close();
    const block = { kind: 'table', ...table, line } as const;
    this.#table = block;
    this.#blocks.push(block);
  }

  #heading(title: string, level: number, line: number): void {
    this.#close();
    const part: Part = { title, level, line, blocks: [] };
    this.parts.push(part);
    this.#blocks = part.blocks;
  }

  #isTitle(): boolean {
    return this.#paragraph !== undefined && !this.#paragraph.text.includes('\n');
  }

  /** The paragraph that is open was a heading. */
  #underlined(text: string): void {
    const { text: title, line } = this.#paragraph ?? { text: '', line: 0 };
    this.#blocks.pop();
    this.#heading(title, text.startsWith('=') ? 1 : 2, line);
  }

  #close(): void {
    this.#paragraph = undefined;
    this.#open.length = 0;
  }

  #item(rest: string, indent: number, line: number): void {
    this.#paragraph = undefined;
    while (indent < (this.#open.at(-1)?.indent ?? Number.NEGATIVE_INFINITY) + INDENT) this.#open.pop();
    const box = boxOf(rest.trim());
    const text = rest
      .trim()
      .slice(box?.length ?? 0)
      .trim();
    const item: Item = {
      line,
      ...defined({ checked: box?.checked }),
      text: isFence(text) ? '' : text,
      items: [],
    };
    (this.#open.at(-1)?.item.items ?? this.#list(line)).push(item);
    this.#open.push({ indent, item });
    if (isFence(text)) this.#fenceInto(item, text, indent + INDENT, line);
  }

  #list(line: number): Item[] {
    const last = this.#blocks.at(-1);
    if (last?.kind === 'list') return last.items;
    const items: Item[] = [];
    this.#blocks.push({ kind: 'list', items, line });
    return items;
  }

  #text(text: string, indent: number, line: number): void {
    const into = this.#continued(indent);
    if (isFence(text)) this.#fenceInto(into ?? this.#newParagraph(line), text, indent, line);
    else if (into !== undefined) append(into, text);
    else {
      this.#paragraph ??= this.#newParagraph(line);
      append(this.#paragraph, text);
    }
  }

  /** The item that a line goes on with, if it does. */
  #continued(indent: number): Item | undefined {
    if (this.#blank)
      while (indent < (this.#open.at(-1)?.indent ?? Number.NEGATIVE_INFINITY) + INDENT) this.#open.pop();
    return this.#open.at(-1)?.item;
  }

  #newParagraph(line: number): Extract<Block, { kind: 'paragraph' }> {
    const paragraph = { kind: 'paragraph', text: '', line } as const;
    this.#blocks.push(paragraph);
    return paragraph;
  }

  #fenceInto(into: Text, text: string, indent: number, line: number): void {
    this.#paragraph = undefined;
    append(into, text);
    this.fence = { mark: FENCE.exec(text)?.[1] ?? '', indent, into, line };
  }

  #code(raw: string, { mark, indent, into }: Fence, line: number): void {
    const text = raw.trim();
    if (boxOf(text.replace(ITEM, '')) !== undefined) this.boxesInCode.push({ line, text });
    const ends = text.length >= mark.length && stripped(text, mark.charAt(0)) === '';
    into.text += `\n${ends ? text : withoutIndent(raw, indent)}`;
    if (ends) this.fence = undefined;
  }
}

export function outlineOf(lines: readonly string[]): Outline {
  const reading = new Reading();
  for (const [index, line] of lines.entries()) reading.take(line, index + 1);
  const { before, parts, fence, comment, boxesInCode } = reading;
  const unclosed =
    fence !== undefined
      ? ({ what: 'code block', line: fence.line } as const)
      : comment === undefined
        ? undefined
        : ({ what: 'comment', line: comment } as const);
  return { before, parts, boxesInCode, ...defined({ unclosed }) };
}

function append(into: Text, text: string): void {
  into.text = into.text === '' ? text : `${into.text}\n${text}`;
}

/** `## Title ##`; the sign of `C#` stays. */
export function titleOf(words: string): string {
  let end = words.length;
  for (;;) {
    let before = end;
    while (words.charAt(before - 1) === '#') before -= 1;
    if (before === end || (before > 0 && !/\s/.test(words.charAt(before - 1)))) return words.slice(0, end);
    while (/\s/.test(words.charAt(before - 1))) before -= 1;
    end = before;
  }
}

/** Whether a line divides, and says nothing. */
export const isRule = (text: string): boolean => RULE.test(text);

/** Whether the first line begins a code block; one with backticks further on is inline code. */
export function isFence(text: string): boolean {
  const [line = ''] = text.split('\n', 1);
  const mark = FENCE.exec(line)?.[1];
  return mark !== undefined && !(mark.startsWith('`') && line.includes('`', mark.length));
}

function commentIn(raw: string, from: number): number | undefined {
  CODE_OR_COMMENT.lastIndex = from;
  for (let found = CODE_OR_COMMENT.exec(raw); found !== null; found = CODE_OR_COMMENT.exec(raw))
    if (found[0] === '<!--') return found.index;
  return undefined;
}

/** A tab counts as four. */
function indentOf(raw: string): number {
  let width = 0;
  for (const character of raw) {
    if (character === ' ') width += 1;
    else if (character === '\t') width += 4;
    else break;
  }
  return width;
}

function withoutIndent(raw: string, most: number): string {
  let at = 0;
  while (at < most && raw.charAt(at) === ' ') at += 1;
  return raw.slice(at);
}
