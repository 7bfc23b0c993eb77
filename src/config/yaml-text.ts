/** YAML with its line numbers: the value, and where in the text a path of it stands. */

import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  type Scalar,
  visit,
  YAMLParseError,
} from 'yaml';
import { atOnce, type InParts } from './in-parts.ts';

export type Path = readonly (string | number)[];

export interface Place {
  line: number;
  column: number;
}

export type YamlText =
  | { ok: true; value: unknown; locate: (path: Path) => Place | undefined }
  | { ok: false; faults: Fault[] };

/** `remedy`: what would be right. */
type Fault = Place & { message: string; remedy: string };

/** No policy is as long as this; reading more would keep everybody waiting. */
const MAX_LENGTH = 128 * 1024;
/** Milliseconds of work between two rests, a few. */
const LEXEMES_AT_ONCE = 2_000;
/** Nor of as many marks and words: the longest that fits is half of them. */
const MAX_LEXEMES = 80_000;
/** Nor as deep. */
const MAX_DEPTH = 50;
/** An alias stands for as much as it names: so often in one file, they are a bomb. */
const MAX_ALIASES = 100;
/** In all lists together: each of them that is wrong is a mistake of its own, and they are found all at once. */
const MAX_LISTED = 8_000;
const MAX_FAULTS = 100;

export const readYaml = (text: string): YamlText => atOnce(readingYaml(text));

/** The same in parts, for whoever has others to serve (OP-9). */
export function* readingYaml(text: string): InParts<YamlText> {
  if (text.length > MAX_LENGTH) return fault(`more than ${MAX_LENGTH / 1024} KiB`);
  if (deepest(text) > MAX_DEPTH) return fault(`lists and mappings more than ${MAX_DEPTH} deep`);
  const lines = new LineCounter();
  const tokens = yield* tokensIn(text, lines);
  if (tokens === undefined) return fault(`more than ${MAX_LEXEMES} words and marks`);
  const document = documentOf(tokens, text);
  yield;
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  if (listedIn(document) > MAX_LISTED) return fault(`lists with more than ${MAX_LISTED} entries in all`);
  const faults: Fault[] = [
    ...document.errors.map((error) => ({ ...place(error.pos[0]), ...faultOf(error) })),
    ...wrongKeys(document).map(({ key, says }) => ({ ...place(key.range?.[0] ?? 0), ...says })),
    ...unknownAliases(document).map((alias) => ({
      ...place(alias.range?.[0] ?? 0),
      message: `the alias *${alias.source}, which nothing before it is called`,
      remedy: `&${alias.source} before what it stands for, above this line`,
    })),
  ];
  if (faults.length > 0) return { ok: false, faults: fewOf(faults) };
  yield;
  const root = document.contents;
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    // The library's word for too many, or for one that names nothing.
    if (!(error instanceof ReferenceError)) throw error;
    return fault(`aliases (*name) that stand for too much: ${error.message}`);
  }
  return {
    ok: true,
    value,
    locate: (path) => {
      const offset = offsetOf(root, path);
      return offset === undefined ? undefined : place(offset);
    },
  };
}

/** As `parseDocument` reads, which does all at once; undefined for too many. */
function* tokensIn(text: string, lines: LineCounter): InParts<CST.Token[] | undefined> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    lexemes += 1;
    if (lexemes > MAX_LEXEMES) return undefined;
    if (lexemes % LEXEMES_AT_ONCE === 0) yield;
  }
  tokens.push(...parser.end());
  yield;
  return tokens;
}

function documentOf(tokens: readonly CST.Token[], text: string): Document.Parsed {
  const composer = new Composer({ prettyErrors: false, merge: true, uniqueKeys: false });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) throw new Error('a text without a document: the composer makes one of any');
  if (second !== undefined)
    document.errors.push(
      new YAMLParseError([second.range[0], second.range[1]], 'MULTIPLE_DOCS', 'a second document'),
    );
  return document;
}

const faultOf = ({ code, message }: { code: string; message: string }): Pick<Fault, 'message' | 'remedy'> =>
  FAULTS[code] ?? { message, remedy: 'YAML' };

const QUOTED = 'quotation marks around a text that has ": ", " #" or brackets in it, or begins with a mark';

/** What the parser says of these is right and helps nobody. */
const FAULTS: Readonly<Record<string, Pick<Fault, 'message' | 'remedy'>>> = {
  TAB_AS_INDENT: { message: 'a tab at the beginning of a line', remedy: 'spaces: YAML takes no tabs there' },
  BAD_INDENT: {
    message: 'a line that begins in another column than those beside it',
    remedy:
      'all keys of a mapping, and all entries of a list, in one column; a bracket closed further in than its key',
  },
  MULTIPLE_DOCS: { message: 'a second document, after ---', remedy: 'one policy: no line ---' },
  BAD_SCALAR_START: { message: 'a text that begins with a mark of YAML', remedy: QUOTED },
  BLOCK_IN_FLOW: { message: 'a ": " inside brackets that begins a mapping', remedy: QUOTED },
  BLOCK_AS_IMPLICIT_KEY: { message: 'a second ": " on one line', remedy: QUOTED },
  MULTILINE_IMPLICIT_KEY: {
    message: 'a key without its ":"',
    remedy: 'each key with ": " behind it, on one line',
  },
  MISSING_CHAR: {
    message: 'a quotation mark, bracket or comma that is missing',
    remedy: 'one for each that was opened, and commas between',
  },
};

const TWICE = { message: 'a key that stands there already', remedy: 'each key once in a mapping' };
const HIDDEN = { message: 'the key "__proto__"', remedy: 'any other: nothing can be called that' };

/** In one walk: looking each one up in the document would take a long file the square of its length. */
function unknownAliases(document: Document.Parsed): Alias[] {
  const found: Alias[] = [];
  const anchors = new Set<string>();
  visit(document, {
    Value: (_, { anchor }) => {
      if (anchor !== undefined) anchors.add(anchor);
    },
    Alias: (_, alias) => {
      if (!anchors.has(alias.source)) found.push(alias);
    },
  });
  return found;
}

type Says = Pick<Fault, 'message' | 'remedy'>;

/** Keys that stand there twice, and the one that whatever reads a mapping may overlook: what stands below it would be left out in silence. */
function wrongKeys(document: Document.Parsed): { key: Scalar; says: Says }[] {
  const found: { key: Scalar; says: Says }[] = [];
  visit(document, {
    // Of all keys of a mapping at once: the library holds each beside every other.
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        const name = isAlias(key) ? key.resolve(document) : key;
        if (!isScalar(name)) continue;
        if (name.value === '__proto__') found.push({ key: name, says: HIDDEN });
        else if (seen.has(name.value) && name.value !== MERGE) found.push({ key: name, says: TWICE });
        seen.add(name.value);
      }
    },
  });
  return found;
}

/** YAML's word for all of another mapping. */
const MERGE = '<<';

function listedIn(document: Document.Parsed): number {
  let listed = 0;
  visit(document, {
    Seq: (_, { items }) => {
      listed += items.length;
    },
  });
  return listed;
}

function fewOf(faults: readonly Fault[]): Fault[] {
  const next = faults[MAX_FAULTS];
  if (next === undefined) return [...faults];
  const more = { message: 'more mistakes than these', remedy: 'these mended first' };
  return [...faults.slice(0, MAX_FAULTS), { ...next, ...more }];
}

function fault(message: string): YamlText {
  return { ok: false, faults: [{ line: 1, column: 1, message, remedy: 'a shorter and simpler file' }] };
}

/** How deep it may go, read without a parser: brackets that are open at once, and steps of indentation. */
function deepest(text: string): number {
  let open = 0;
  let most = 0;
  for (const character of text) {
    if (character === '[' || character === '{') open += 1;
    else if (character === ']' || character === '}') open = Math.max(0, open - 1);
    most = Math.max(most, open);
  }
  const indented = text.matchAll(/^( *)\S/gm);
  for (const [, spaces = ''] of indented) most = Math.max(most, spaces.length / 2);
  // One line may begin several lists: "- - - -".
  for (const [dashes] of text.matchAll(/^[ ]*(?:- )+/gm)) most = Math.max(most, dashes.length / 2);
  return most;
}

/** Where the path stands, or the nearest thing above it that the text has. */
function offsetOf(root: Node | null, path: Path): number | undefined {
  let node: unknown = root;
  let offset: number | undefined;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (!pair) break;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else {
      break;
    }
  }
  return offset;
}
