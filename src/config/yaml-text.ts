/** YAML with its line numbers: the value, and where in the text a path of it stands. */

import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

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
  if (document.errors.length > 0) {
    return {
      ok: false,
      faults: document.errors.map((error) => ({ ...place(error.pos[0]), message: error.message })),
    };
  }
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
