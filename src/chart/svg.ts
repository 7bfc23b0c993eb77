/** SVG as text: elements, escaped attributes, and paths through points. */

export type Attributes = Record<string, string | number | undefined>;

export function element(name: string, attributes: Attributes, ...inside: string[]): string {
  const given = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) => ` ${key}="${escapeXml(typeof value === 'number' ? rounded(value) : String(value))}"`,
    )
    .join('');
  return inside.length === 0 ? `<${name}${given}/>` : `<${name}${given}>${inside.join('')}</${name}>`;
}

export interface TextStyle {
  size: number;
  fill: string;
  bold?: boolean;
  anchor?: 'start' | 'middle' | 'end';
  /** Lines behind it stay away from the letters. */
  halo?: boolean;
}

export function textAt(x: number, y: number, text: string, style: TextStyle): string {
  return element(
    'text',
    {
      x,
      y,
      'font-size': style.size,
      'font-weight': style.bold ? 600 : 400,
      fill: style.fill,
      'text-anchor': style.anchor ?? 'start',
      ...(style.halo
        ? { stroke: '#ffffff', 'stroke-width': 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke' }
        : {}),
    },
    escapeXml(text),
  );
}

export type Place = readonly [x: number, y: number];

/** `M0 0L10 5`. */
export function path(places: readonly Place[]): string {
  return places.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${rounded(x)} ${rounded(y)}`).join('');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML has no way at all to write most control characters, nor half of a pair. */
export function escapeXml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Surrogate}\uFFFE\uFFFF]/gu, '')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

const rounded = (value: number): string => String(Number(value.toFixed(2)));
