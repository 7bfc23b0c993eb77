/** Who hands over to whom, under which name: the hand-off details, and the name of the schema. */

import { type Contract, type Entry, LIMITS } from './contract.ts';
import { entriesOf, named, paragraphsIn } from './entries.ts';
import type { Block } from './outline.ts';
import { type ContractProblem, placeOf, shown } from './problems.ts';
import { type Section, schemaIn, wordsOf } from './sections.ts';
import { stripped } from './source.ts';

type Details = Pick<Contract, 'id' | 'from' | 'to' | 'timestamp' | 'details'>;
type ReadDetails = { ok: true; details: Details } | { ok: false; problems: ContractProblem[] };

const KEYS: Record<string, 'id' | 'from' | 'to' | 'timestamp'> = {
  'handoff id': 'id',
  'hand off id': 'id',
  'contract id': 'id',
  id: 'id',
  from: 'from',
  to: 'to',
  timestamp: 'timestamp',
};

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/;

const LINK = /^\[([^\]]+)\]\(\S*\)$|^<[^|>\s]+\|([^>]+)>$|^<([^>\s]+)>$/;

/** Without the marks around it, nor where it leads to. */
function bare(text: string): string {
  const words = stripped(text, '*_`"\u201C\u201D\'');
  const [, markdown, slack, plain] = LINK.exec(words) ?? [];
  const linked = markdown ?? slack ?? plain;
  return linked === undefined ? words : stripped(linked, '*_`"\u201C\u201D\'');
}

export const isSchema = (text: string): boolean => bare(text).toUpperCase() === 'HANDOFF/V1';

export function readDetails(section: Section | undefined, schema: Section | undefined): ReadDetails {
  const problems: ContractProblem[] = schema === undefined ? [] : schemaProblems(schema);
  // That it is missing is said of the part.
  if (section === undefined) return { ok: false, problems };
  const found = new Map<string, Entry>();
  const rest: Entry[] = [];
  const complain = (line: number, what: string, found: string, right: string): void => {
    problems.push({ line, place: `${placeOf('details')}, ${what}`, found, right });
  };
  for (const entry of [...linesAsEntries(section.blocks), ...entriesOf(section)]) {
    const key = KEYS[wordsOf(entry.name)];
    if (key === undefined) rest.push(entry);
    else if (found.has(key)) complain(entry.line, entry.name, 'it is there twice', 'name it once');
    else found.set(key, entry);
  }
  const value = (key: 'id' | 'from' | 'to' | 'timestamp') => oneLine(bare(found.get(key)?.text ?? ''));
  const lineOf = (key: string) => found.get(key)?.line ?? section.line;
  const named = { id: 'Handoff ID', from: 'From', to: 'To' } as const;
  for (const [key, name] of Object.entries(named) as ['id' | 'from' | 'to', string][])
    if (value(key) === '') complain(lineOf(key), name, 'it is missing', `write it as "- **${name}**: …"`);
  const { id, timestamp } = { id: value('id'), timestamp: value('timestamp') };
  if (id !== '' && (!ID.test(id) || id.length > LIMITS.id || id.toLowerCase() === 'list'))
    complain(
      lineOf('id'),
      'Handoff ID',
      `it is ${shown(id)}`,
      `an id is letters, digits, dots, hyphens and underscores, at most ${LIMITS.id}, and not the word "list"`,
    );
  if (timestamp !== '' && (!TIME.test(timestamp) || Number.isNaN(Date.parse(timestamp))))
    complain(lineOf('timestamp'), 'Timestamp', `it is ${shown(timestamp)}`, 'write 2026-01-31T14:00:00Z');
  if (problems.length > 0) return { ok: false, problems };
  const kept = [...found.values()].flatMap(({ items = [] }) => items);
  return {
    ok: true,
    details: {
      id,
      from: value('from'),
      to: value('to'),
      ...(timestamp === '' ? {} : { timestamp }),
      details: [...rest, ...kept],
    },
  };
}

const oneLine = (text: string): string => text.replaceAll('\n', ' ');

/** Details without bullets, a line each. */
function linesAsEntries(blocks: readonly Block[]): Entry[] {
  return blocks.flatMap((block) =>
    block.kind !== 'paragraph'
      ? []
      : block.text.split('\n').map((words, index) => ({
          ...(named(words) ?? { name: '', text: words }),
          line: block.line + index,
        })),
  );
}

function schemaProblems(section: Section): ContractProblem[] {
  const paragraphs = paragraphsIn(section.blocks).flatMap((text) => text.split('\n'));
  const items = entriesOf(section).map(({ name, text }) => (text === '' ? name : text));
  const lines = [schemaIn(section.title) ?? '', ...paragraphs, ...items].filter(Boolean);
  if (lines.some(isSchema)) return [];
  const [first = ''] = lines;
  return [
    {
      line: section.blocks[0]?.line ?? section.line,
      place: placeOf('schema'),
      found: first === '' ? 'it is empty' : `it says ${shown(bare(first))}`,
      right: 'the only schema that is read is HANDOFF/V1',
    },
  ];
}
