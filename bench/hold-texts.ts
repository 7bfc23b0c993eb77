/** Texts that take long to read, each as long as it may be. */

import { LIMITS } from '../src/contract/contract.ts';
import { SMALLEST } from '../test/contract/documents.ts';

/** By name: what a text is made of, and the text. */
export type Texts = Readonly<Record<string, string>>;

const repeated = (piece: string, length: number): string =>
  piece.repeat(Math.floor(length / Buffer.byteLength(piece)));

const ofPieces = (pieces: Texts, text: (piece: string) => string): Texts =>
  Object.fromEntries(Object.entries(pieces).map(([name, piece]) => [name, text(piece)]));

const PIECES = {
  bullets: '- a\n',
  headings: '# x\n',
  rows: '| a | b |\n',
  boxes: '- [ ] a\n  ',
  figures: '- **Window**: 1 hour\n',
  comments: '<!---->',
  fences: '```\n',
  'bold names': '**a**',
  hashes: '# ',
  bars: '|',
};

/** A line of it is as long as that many of them may be together. */
function filled(piece: string): string {
  const length = Math.ceil(LIMITS.bytes / (LIMITS.lines - 100));
  const words = 'b '.repeat(length / 2);
  return piece.endsWith('\n')
    ? `${piece.slice(0, -1)}${words}\n`
    : piece.includes('\n')
      ? piece.replace('\n', `${words}\n`)
      : piece;
}

/** Most of them are refused in the end: they are read before. */
export function longContracts(): Texts {
  return ofPieces(PIECES, (piece) => SMALLEST + repeated(filled(piece), LIMITS.bytes - SMALLEST.length));
}

/** As many criteria and items as one may have, each as long as fits. */
export function fullestContract(): string {
  const others = LIMITS.checklist - LIMITS.criteria;
  const each = Math.floor((LIMITS.bytes - SMALLEST.length) / LIMITS.checklist) - 40;
  const words = repeated('tested and signed off within 2 hours, ', each);
  const lines = (count: number, head: string): string =>
    Array.from({ length: count }, (_, n) => `${head}**Item ${n}**: ${words}`).join('\n');
  return `${SMALLEST.replace('- [ ] **Health checks**: All pass', lines(LIMITS.criteria, '- [ ] '))}\n## Inputs\n${lines(others, '- ')}\n`;
}

/** What three fields of the form take. */
export function pastedContract(whole: string, characters: number): string {
  return `${whole}\n## Notes\n`.padEnd(characters, 'As it was agreed upon, see there.\n');
}

const WORDS = {
  'one-letter words': 'a ',
  'names of services': 'checkout ',
  'days and hours': 'tomorrow 9-17 ',
  figures: '1.2 3.4. 5/6 ',
  'lengths of time': '2h and ',
  ids: 'D-1001, ',
  'links and marks': '"checkout/prod@2.1.0" ',
  'one long word': 'x',
  until: 'until tomorrow ',
  dashes: ' - — -',
};

export const longCommands = (characters: number): Texts =>
  ofPieces(WORDS, (piece) => `checkout ${piece.repeat(characters)}`.slice(0, characters));

const LONG_LINES = {
  'a long line': 'x',
  links: '<a|',
  lines: 'a = b\n',
  colons: 'a:',
  'names of services': 'checkout ',
  capitals: 'Aa: ',
};

/** A message with fifty attachments, longer than Slack takes. */
export function longAlerts(): Readonly<Record<string, object>> {
  const alert = (piece: string): object => {
    const long = repeated(piece, 200_000);
    const attachment = { title: long, text: long, footer: long, fields: [{ title: long, value: long }] };
    return {
      text: long,
      attachments: Array.from({ length: 50 }, () => attachment),
      blocks: Array.from({ length: 50 }, () => ({ type: 'section', text: { type: 'mrkdwn', text: long } })),
    };
  };
  return Object.fromEntries(Object.entries(LONG_LINES).map(([name, piece]) => [name, alert(piece)]));
}

/** Nine levels, each with nine of the one before. */
const ALIAS_BOMB = [
  'a0: &a0 [x, x, x, x, x, x, x, x, x]',
  ...Array.from({ length: 9 }, (_, level) => {
    const names = Array.from({ length: 9 }, () => `*a${level}`).join(', ');
    return `a${level + 1}: &a${level + 1} [${names}]`;
  }),
].join('\n');

/** Nobody means them as policies; each is read before it is refused. */
export function wrongPolicies(): Texts {
  const lines = (count: number, line: (n: number) => string): string =>
    Array.from({ length: count }, (_, n) => line(n)).join('\n');
  return {
    'a bomb of aliases': ALIAS_BOMB,
    '4,000 unknown keys': lines(4_000, (n) => `unknown_key_${n}: ${n}`),
    '126 KB in one list': `holidays: [${'a, '.repeat(42_000)}]`,
    '3,500 services with a mistake each': `services:\n${lines(3_500, (n) => `  a${n}: { x: 1 }`)}`,
    '1,500 services with three mistakes each': `services:\n${lines(1_500, (n) => `  a${n}: { on_call: { x: 1 }, approvers: 7, y: 1 }`)}`,
  };
}
