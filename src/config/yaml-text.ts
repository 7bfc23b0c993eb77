/** YAML with its line numbers: the value, and where in the text a path of it stands. */

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml';

export type Path = readonly (string | number)[];

export interface Place {
  line: number;
  column: number;
}

export type YamlText =
  | { ok: true; value: unknown; locate: (path: Path) => Place | undefined }
  | { ok: false; faults: (Place & { message: string })[] };

/** No policy is as long as this; reading more would keep everybody waiting. */
const MAX_LENGTH = 512 * 1024;
/** Nor as deep. */
const MAX_DEPTH = 50;
/** An alias stands for as much as it names: so often in one file, they are a bomb. */
const MAX_ALIASES = 100;

export function readYaml(text: string): YamlText {
  if (text.length > MAX_LENGTH) return fault(`more than ${MAX_LENGTH / 1024} KiB`);
  if (deepest(text) > MAX_DEPTH) return fault(`lists and mappings more than ${MAX_DEPTH} deep`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const faults = [
    ...document.errors.map((error) => ({ ...place(error.pos[0]), message: faultOf(error) })),
    ...hiddenKeys(document).map((key) => ({ ...place(key.range?.[0] ?? 0), message: HIDDEN })),
  ];
  if (faults.length > 0) return { ok: false, faults };
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

/** What is written twice is said with what to do. */
const faultOf = ({ code, message }: { code: string; message: string }): string =>
  code === 'DUPLICATE_KEY' ? 'a key that stands there already: each key once in a mapping' : message;

const HIDDEN = 'the key "__proto__", which nothing can be called';

/** Whatever reads a mapping may overlook this key, and what stands below it would be left out in silence. */
function hiddenKeys(document: Document.Parsed): Scalar[] {
  const found: Scalar[] = [];
  visit(document, {
    Pair(_, { key }) {
      const name = isAlias(key) ? key.resolve(document) : key;
      if (isScalar(name) && name.value === '__proto__') found.push(name);
    },
  });
  return found;
}

function fault(message: string): YamlText {
  return { ok: false, faults: [{ line: 1, column: 1, message }] };
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
