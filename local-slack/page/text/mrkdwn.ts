/** Slack's mrkdwn as a tree: a pure parser, so that nothing a person or a bot wrote ever becomes markup by itself. */

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'strike'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; url: string; label: string }
  | { kind: 'user' | 'channel' | 'usergroup'; id: string; label?: string }
  | { kind: 'broadcast'; range: string }
  | { kind: 'date'; seconds: number; format: string; url?: string; fallback: string }
  | { kind: 'emoji'; name: string };

export type Chunk =
  | { kind: 'lines'; lines: Inline[][] }
  | { kind: 'list'; items: { marker: string; indent: number; children: Inline[] }[] }
  | { kind: 'quote'; chunks: Chunk[] }
  | { kind: 'pre'; text: string };

/** Undoes the three escapes Slack knows; every other entity is just text. */
function unescapeText(text: string): string {
  return text.replace(
    /&(amp|lt|gt);/g,
    (_whole, name: string) => ({ amp: '&', lt: '<', gt: '>' })[name] ?? '',
  );
}

/** The three characters that mean something to mrkdwn, `&` first. */
export function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

const optional = (label: string | undefined) => (label ? { label: unescapeText(label) } : {});

/** What stands between `<` and `>`: a link, a mention, a date or a broadcast. */
function angle(inside: string): Inline | undefined {
  const bar = inside.indexOf('|');
  const head = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? undefined : inside.slice(bar + 1);
  if (head.startsWith('@')) return { kind: 'user', id: head.slice(1), ...optional(label) };
  if (head.startsWith('#')) return { kind: 'channel', id: head.slice(1), ...optional(label) };
  if (head.startsWith('!subteam^')) return { kind: 'usergroup', id: head.slice(9), ...optional(label) };
  if (head.startsWith('!date^')) return dateToken(head, label);
  if (head.startsWith('!'))
    return { kind: 'broadcast', range: unescapeText(label ?? head.slice(1)).replace(/^@/, '') };
  if (/^(https?:\/\/|mailto:|tel:)/i.test(head)) {
    return {
      kind: 'link',
      url: unescapeText(head),
      label: unescapeText(label ?? head.replace(/^(mailto:|tel:)/i, '')),
    };
  }
  return undefined;
}

function dateToken(head: string, fallback = ''): Inline | undefined {
  const [, seconds = '', format = '', url] = head.split('^');
  if (!/^-?\d+$/.test(seconds)) return undefined;
  const link = url ? { url: unescapeText(url) } : {};
  return {
    kind: 'date',
    seconds: Number(seconds),
    format: unescapeText(format),
    ...link,
    fallback: unescapeText(fallback),
  };
}

/** Code shows what a link or a mention says, without being one. */
function literal(text: string): string {
  return unescapeText(
    text.replace(/<([^<>\n]+)>/g, (_whole, inside: string) => inside.split('|').at(-1) ?? inside),
  );
}

const MARKS = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
const isMark = (character: string): character is keyof typeof MARKS => character in MARKS;
const isWord = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character);

/** Where the mark opened at `start` closes on this line: not next to a space inside, not inside a word. */
function closing(text: string, start: number): number {
  const mark = text[start];
  if (isWord(text[start - 1]) || /[\s]/.test(text[start + 1] ?? ' ') || text[start + 1] === mark) return -1;
  for (let at = start + 2; at < text.length; at += 1) {
    if (text[at] === '`') {
      const end = text.indexOf('`', at + 1);
      if (end > 0) at = end;
    } else if (text[at] === '<') {
      const end = text.indexOf('>', at + 1);
      if (end > 0) at = end;
    } else if (text[at] === mark && !/\s/.test(text[at - 1] ?? ' ') && !isWord(text[at + 1])) return at;
  }
  return -1;
}

const BARE_URL = /^https?:\/\/[^\s<>|]*[^\s<>|.,;:!?'")\]*_~]/i;

/** The piece that starts at `at`, and where the next one does; undefined when it is just a character. */
function pieceAt(text: string, at: number): { piece: Inline; next: number } | undefined {
  const character = text[at] ?? '';
  const rest = text.slice(at);
  if (character === '`') {
    const end = text.indexOf('`', at + 1);
    if (end > at + 1)
      return { piece: { kind: 'code', text: literal(text.slice(at + 1, end)) }, next: end + 1 };
  } else if (character === '<') {
    const end = text.indexOf('>', at + 1);
    const piece = end > 0 ? angle(text.slice(at + 1, end)) : undefined;
    if (piece) return { piece, next: end + 1 };
  } else if (character === ':') {
    const name = /^:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/.exec(rest);
    if (name?.[1]) return { piece: { kind: 'emoji', name: name[1] }, next: at + name[0].length };
  } else if (isMark(character)) {
    const end = closing(text, at);
    if (end > 0) {
      return {
        piece: { kind: MARKS[character], children: inlineOf(text.slice(at + 1, end)) },
        next: end + 1,
      };
    }
  } else if ((character === 'h' || character === 'H') && !isWord(text[at - 1])) {
    const url = BARE_URL.exec(rest)?.[0];
    if (url)
      return {
        piece: { kind: 'link', url: unescapeText(url), label: unescapeText(url) },
        next: at + url.length,
      };
  }
  return undefined;
}

/** One line of mrkdwn. */
export function inlineOf(text: string): Inline[] {
  const out: Inline[] = [];
  let plain = '';
  const flush = () => {
    if (plain) out.push({ kind: 'text', text: unescapeText(plain) });
    plain = '';
  };
  for (let at = 0; at < text.length; ) {
    const found = pieceAt(text, at);
    if (found) {
      flush();
      out.push(found.piece);
      at = found.next;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return out;
}

const LIST_ITEM = /^(\s*)([•◦▪‣-]|\d{1,3}[.)])\s+(.*)$/;
const QUOTE = /^(?:&gt;|>)(?!&gt;&gt;|>>) ?/;
const LONG_QUOTE = /^(?:&gt;&gt;&gt;|>>>) ?/;

function proseChunks(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const item = LIST_ITEM.exec(line);
    const last = chunks.at(-1);
    if (LONG_QUOTE.test(line)) {
      const rest = [line.replace(LONG_QUOTE, ''), ...lines.slice(at + 1)].join('\n');
      return [...chunks, { kind: 'quote', chunks: proseChunks(rest) }];
    }
    if (QUOTE.test(line)) {
      const quoted: string[] = [];
      for (; at < lines.length && QUOTE.test(lines[at] ?? ''); at += 1)
        quoted.push((lines[at] ?? '').replace(QUOTE, ''));
      at -= 1;
      chunks.push({ kind: 'quote', chunks: proseChunks(quoted.join('\n')) });
    } else if (item) {
      const [, space = '', marker = '', body = ''] = item;
      const entry = { marker, indent: Math.floor(space.length / 2), children: inlineOf(body) };
      if (last?.kind === 'list') last.items.push(entry);
      else chunks.push({ kind: 'list', items: [entry] });
    } else if (last?.kind === 'lines') last.lines.push(inlineOf(line));
    else chunks.push({ kind: 'lines', lines: [inlineOf(line)] });
  }
  return chunks;
}

/** A whole mrkdwn text: fenced code first, since nothing inside it means anything else. */
export function mrkdwn(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  text.split(/```/).forEach((part, index, parts) => {
    const fenced = index % 2 === 1;
    if (fenced && index < parts.length - 1)
      chunks.push({ kind: 'pre', text: literal(part.replace(/^\n|\n$/g, '')) });
    else if (fenced) chunks.push(...proseChunks(`\`\`\`${part}`));
    else {
      const prose = part
        .replace(index > 0 ? /^\n/ : /^$/, '')
        .replace(index < parts.length - 1 ? /\n$/ : /$^/, '');
      if (prose !== '') chunks.push(...proseChunks(prose));
    }
  });
  return chunks;
}

/** Everyone a text calls by id: people, groups and the broadcasts. */
export function mentionsIn(text: string): string[] {
  return [...text.matchAll(/<(?:@([A-Z0-9]+)|!subteam\^([A-Z0-9]+)|!(here|channel|everyone))[^>]*>/g)].map(
    (found) => found[1] ?? found[2] ?? found[3] ?? '',
  );
}
