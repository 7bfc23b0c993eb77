/** The text of a contract as it comes: bytes, line ends, and what a wrong encoding left in it. */

/** What a text says that was written in UTF-8 and read as Windows-1252, and what it said before. */
const MISREAD: readonly (readonly [string, string])[] = [
  ['Â±', '±'],
  ['Â\u00A0', ' '],
  ['Â·', '·'],
  ['Â°', '°'],
  ['Ã—', '×'],
  ['â€™', '’'],
  ['â€˜', '‘'],
  ['â€œ', '“'],
  ['â€\u009D', '”'],
  ['â€“', '–'],
  ['â€”', '—'],
  ['â€¦', '…'],
  ['â€¢', '•'],
  ['â‰¤', '≤'],
  ['â‰¥', '≥'],
  ['â†’', '→'],
];

/** Undefined where the bytes are not text in UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

export const bytesIn = (text: string): number => new TextEncoder().encode(text).length;

export function linesOf(source: string): string[] {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  return MISREAD.reduce((so, [wrong, right]) => so.replaceAll(wrong, right), text).split(/\r\n|\r|\n/);
}

/** Without these characters, and white space, at its ends. */
export function stripped(text: string, characters: string): string {
  const goes = (at: number): boolean => characters.includes(text.charAt(at)) || /\s/.test(text.charAt(at));
  let from = 0;
  let to = text.length;
  while (from < to && goes(from)) from += 1;
  while (to > from && goes(to - 1)) to -= 1;
  return text.slice(from, to);
}
