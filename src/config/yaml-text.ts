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

export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const faults = [
    ...document.errors.map((error) => ({ ...place(error.pos[0]), message: error.message })),
    ...hiddenKeys(document).map((key) => ({ ...place(key.range?.[0] ?? 0), message: HIDDEN })),
  ];
  if (faults.length > 0) return { ok: false, faults };
  const root = document.contents;
  return {
    ok: true,
    value: document.toJS() as unknown,
    locate: (path) => {
      const offset = offsetOf(root, path);
      return offset === undefined ? undefined : place(offset);
    },
  };
}

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
