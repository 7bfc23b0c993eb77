/** A strict reader of small XML: whatever is not well-formed ends the test. */

export interface XmlElement {
  name: string;
  attributes: Record<string, string | undefined>;
  /** Its own text, entities read. */
  text: string;
  children: XmlElement[];
  /** As it stands in the file. */
  source: string;
  /** Every element of this name inside, in order. */
  all(name: string): XmlElement[];
}

const TAG = /<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/y;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };

export function parseXml(xml: string): XmlElement {
  const open: { element: XmlElement; from: number }[] = [];
  let root: XmlElement | undefined;
  for (let at = 0; at < xml.length; ) {
    if (xml[at] !== '<') {
      const end = xml.indexOf('<', at);
      const text = xml.slice(at, end === -1 ? undefined : end);
      const inside = open.at(-1)?.element;
      if (inside === undefined) throw new Error(`text outside of everything: ${text}`);
      inside.text += unescaped(text);
      at += text.length;
      continue;
    }
    TAG.lastIndex = at;
    const tag = TAG.exec(xml);
    if (tag === null) throw new Error(`no tag: ${xml.slice(at, at + 60)}`);
    at = TAG.lastIndex;
    const [whole, closes, name = '', attributes = '', empty] = tag;
    if (closes) {
      const last = open.pop();
      if (last?.element.name !== name) throw new Error(`</${name}> closes ${last?.element.name}`);
      last.element.source = xml.slice(last.from, at);
      continue;
    }
    const element = elementOf(name, attributes, whole);
    const parent = open.at(-1)?.element;
    if (parent === undefined && root !== undefined) throw new Error('two roots');
    root ??= element;
    parent?.children.push(element);
    if (!empty) open.push({ element, from: at - whole.length });
  }
  if (root === undefined || open.length > 0) throw new Error('not closed');
  return root;
}

function elementOf(name: string, attributes: string, source: string): XmlElement {
  const read: Record<string, string> = {};
  for (const [, key = '', value = ''] of attributes.matchAll(/([\w:-]+)="([^"]*)"/g)) {
    if (key in read) throw new Error(`${key} twice`);
    read[key] = unescaped(value);
  }
  const element: XmlElement = {
    name,
    attributes: read,
    text: '',
    children: [],
    source,
    all: (wanted) =>
      element.children.flatMap((child) => [...(child.name === wanted ? [child] : []), ...child.all(wanted)]),
  };
  return element;
}

function unescaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold
  if (/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/.test(text))
    throw new Error('a forbidden character');
  return text.replace(/&([^;]*;)?/g, (whole, name?: string) => {
    const read = ENTITIES[name?.slice(0, -1) ?? ''];
    if (read === undefined) throw new Error(`not an entity: ${whole}`);
    return read;
  });
}
