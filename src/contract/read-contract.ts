/** Markdown in, a contract out, or what is wrong with it and where. Nothing that stands in the document is dropped. */

import { defined } from '../defined.ts';
import { type Contract, LIMITS, REQUIRED, SECTION_KEYS, SECTIONS, type SectionKey } from './contract.ts';
import { criteriaOf } from './criteria.ts';
import { doubtsIn } from './doubts.ts';
import { entriesOf, entryOf, itemsIn, paragraphsIn } from './entries.ts';
import { blocksMarkdown, partsMarkdown } from './markdown.ts';
import { type Outline, outlineOf } from './outline.ts';
import { type ContractProblem, placeOf } from './problems.ts';
import { readContext } from './read-context.ts';
import { isSchema, readDetails } from './read-details.ts';
import { readCriteria, readGroups, readRisks } from './read-groups.ts';
import { type Section, type Sections, sectionsOf } from './sections.ts';
import { bytesIn, linesOf } from './source.ts';
import { figureOf } from './targets.ts';

export type ReadContract = { ok: true; contract: Contract } | { ok: false; problems: ContractProblem[] };

const MISSING: Partial<Record<SectionKey, string>> = {
  schema: 'a contract says "**HANDOFF/V1**" there',
  details: 'a contract names there its id, from whom it comes and to whom it goes',
  objective: 'a contract says there in a sentence what it is for',
  acceptanceCriteria: 'a contract needs at least one criterion as "- [ ] **Name**: text"',
  successMetrics: 'a contract needs at least one metric as "- **Name**: figure"',
  timeline: 'a contract needs at least one time as "- **Name**: text"',
};

/** Takes any text; the time it takes grows with its length. */
export function readContract(source: string): ReadContract {
  const size = bytesIn(source);
  if (size > LIMITS.bytes)
    return refused({
      line: 1,
      place: 'the document',
      found: `it has ${size.toLocaleString('en-US')} bytes`,
      right: `at most ${LIMITS.bytes.toLocaleString('en-US')} are read`,
    });
  const lines = linesOf(source);
  if (lines.length > LIMITS.lines)
    return refused({
      line: LIMITS.lines + 1,
      place: 'the document',
      found: `it has ${lines.length.toLocaleString('en-US')} lines`,
      right: `at most ${LIMITS.lines.toLocaleString('en-US')} are read`,
    });
  const outline = outlineOf(lines);
  const sections = sectionsOf(outline);
  const problems = [
    ...unclosed(outline),
    ...repeated(sections), // What follows an open code block is part of it, and not missed.
    ...(outline.unclosed === undefined ? missing(sections, lines.length) : []),
  ];
  const by = new Map(
    sections.sections.flatMap((one) => (one.key === undefined ? [] : [[one.key, one] as const])),
  );
  const details = readDetails(by.get('details'), by.get('schema'));
  if (problems.length > 0 || !details.ok)
    return { ok: false, problems: inOrder([...problems, ...(details.ok ? [] : details.problems)]) };
  const contract: Contract = {
    schema: 'HANDOFF/V1',
    title: sections.title,
    ...details.details,
    ...partsOf(by),
    remarks: remarksOf(sections, by),
    other: sections.sections
      .filter(({ key }) => key === undefined)
      .map(({ title, blocks, below }) => ({ title, text: partsMarkdown(blocks, below) })),
    doubts: doubtsIn(outline, sections),
  };
  const wrong = tooMuch(contract, by);
  return wrong.length > 0 ? { ok: false, problems: wrong } : { ok: true, contract };
}

const refused = (problem: ContractProblem): ReadContract => ({ ok: false, problems: [problem] });
const inOrder = (problems: readonly ContractProblem[]) => problems.toSorted((a, b) => a.line - b.line);

const NOTHING: Pick<Section, 'blocks' | 'below'> = { blocks: [], below: [] };

type By = ReadonlyMap<SectionKey, Section>;

function partsOf(by: By) {
  const part = (key: SectionKey) => by.get(key) ?? NOTHING;
  return {
    objective: partsMarkdown(part('objective').blocks, part('objective').below),
    context: readContext(part('context')),
    inputs: entriesOf(part('inputs')),
    acceptanceCriteria: readCriteria(part('acceptanceCriteria')),
    artifacts: readGroups(part('artifacts'), (item) => entryOf(item)),
    dependencies: entriesOf(part('dependencies')),
    successMetrics: entriesOf(part('successMetrics')).map((entry) => {
      const figure = figureOf(entry);
      return { ...entry, ...defined({ figure }) };
    }),
    risks: readRisks(part('risks')),
    communicationPlan: entriesOf(part('communicationPlan')),
    timeline: entriesOf(part('timeline')),
    qualityGates: entriesOf(part('qualityGates')),
    nextSteps: entriesOf(part('nextSteps')),
  };
}

/** Parts whose words are read as they stand, or belong to their groups. */
const WITH_WORDS: ReadonlySet<SectionKey> = new Set([
  'objective',
  'context',
  'acceptanceCriteria',
  'artifacts',
  'risks',
]);

function remarksOf({ before }: Sections, by: By): Contract['remarks'] {
  const remarks: Contract['remarks'] = {};
  const start = blocksMarkdown(before);
  if (start !== '') remarks.before = start;
  for (const [key, section] of by) {
    const words = key === 'schema' ? schemaRemark(section) : paragraphsIn(section.blocks).join('\n\n');
    if (!WITH_WORDS.has(key) && key !== 'details' && words !== '') remarks[key] = words;
  }
  return remarks;
}

/** What stands beside the name of the schema. */
function schemaRemark({ blocks, below }: Section): string {
  const [first, ...more] = blocks;
  if (first?.kind === 'paragraph') {
    const rest = first.text.split('\n').filter((line) => !isSchema(line));
    const kept = rest.length === 0 ? more : [{ ...first, text: rest.join('\n') }, ...more];
    return partsMarkdown(kept, below);
  }
  const items = itemsIn(blocks).filter(({ text }) => !isSchema(text));
  const kept = items.length === 0 ? [] : [{ kind: 'list', items, line: 0 } as const];
  const words = blocks.filter(({ kind }) => kind !== 'list');
  return partsMarkdown([...words, ...kept], below);
}

function unclosed({ unclosed: open }: Outline): ContractProblem[] {
  if (open === undefined) return [];
  const { what, line } = open;
  const right = what === 'comment' ? 'end it with "-->"' : 'end it with the line it began with';
  return [{ line, place: `a ${what}`, found: 'it begins here and never ends', right }];
}

function repeated({ sections }: Sections): ContractProblem[] {
  const first = new Map<SectionKey, number>();
  return sections.flatMap(({ key, line }) => {
    if (key === undefined) return [];
    const before = first.get(key);
    if (before === undefined) first.set(key, line);
    return before === undefined
      ? []
      : [
          {
            line,
            place: placeOf(key),
            found: `it stands at line ${before} already`,
            right: 'a contract has one',
          },
        ];
  });
}

/** A required part that is not there, or holds nothing of what it is for. */
function missing({ sections }: Sections, lines: number): ContractProblem[] {
  return REQUIRED.flatMap((key): ContractProblem[] => {
    const section = sections.find((one) => one.key === key);
    const right = MISSING[key] ?? '';
    if (section === undefined)
      return [{ line: lineFor(key, sections, lines), place: placeOf(key), found: 'it is missing', right }];
    if (key === 'schema' || key === 'details') return [];
    const lists = key !== 'objective';
    const found = [section, ...section.below].some(({ blocks }) =>
      lists ? itemsIn(blocks).length > 0 : blocks.length > 0,
    );
    const words = section.blocks.length > 0 ? 'it has words and no list' : 'it is empty';
    return found
      ? []
      : [{ line: section.line, place: placeOf(key), found: lists ? words : 'it is empty', right }];
  });
}

/** Where a part would stand: ahead of the next one that is there. */
function lineFor(key: SectionKey, sections: readonly Section[], lines: number): number {
  const at = SECTION_KEYS.indexOf(key);
  const next = sections.find((one) => one.key !== undefined && SECTION_KEYS.indexOf(one.key) > at);
  return next?.line ?? lines;
}

function tooMuch(contract: Contract, by: By): ContractProblem[] {
  const criteria = criteriaOf(contract).length;
  const { inputs, artifacts, dependencies, qualityGates } = contract;
  const deliverables = artifacts.reduce((sum, { items }) => sum + items.length, 0);
  const all = criteria + inputs.length + deliverables + dependencies.length + qualityGates.length;
  const line = by.get('acceptanceCriteria')?.line ?? 1;
  const place = placeOf('acceptanceCriteria');
  if (criteria > LIMITS.criteria)
    return [
      { line, place, found: `it has ${criteria} criteria`, right: `at most ${LIMITS.criteria} are taken` },
    ];
  if (criteria === 0)
    return [
      { line, place, found: 'none of its items says anything', right: MISSING.acceptanceCriteria ?? '' },
    ];
  if (all > LIMITS.checklist)
    return [
      {
        line,
        place: `${SECTIONS.acceptanceCriteria}, ${SECTIONS.inputs}, ${SECTIONS.artifacts}, ${SECTIONS.dependencies} and ${SECTIONS.qualityGates}`,
        found: `together they have ${all} items`,
        right: `a checklist holds at most ${LIMITS.checklist}`,
      },
    ];
  return [];
}
