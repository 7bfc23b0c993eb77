/** Which heading is which part of the contract, whatever its level and case. */

import { defined } from '../defined.ts';
import { REQUIRED, SECTION_KEYS, SECTIONS, type SectionKey } from './contract.ts';
import type { Block, Outline, Part } from './outline.ts';

export interface Section {
  /** Unset for a part that the schema does not know. */
  key?: SectionKey;
  title: string;
  line: number;
  blocks: Block[];
  /** Headings below this one, in order, whatever their level. */
  below: Part[];
}

export interface Sections {
  title: string;
  before: Block[];
  sections: Section[];
}

const ALSO: Record<SectionKey, readonly string[]> = {
  schema: [],
  details: ['hand off details', 'details'],
  objective: ['objectives', 'goal'],
  context: ['background'],
  inputs: ['input'],
  acceptanceCriteria: ['acceptance criterion'],
  artifacts: ['artefacts', 'deliverables'],
  dependencies: ['dependency'],
  successMetrics: ['metrics', 'success metric'],
  risks: ['risks', 'risk'],
  communicationPlan: ['communication', 'communications', 'communications plan'],
  timeline: ['schedule'],
  qualityGates: ['gates'],
  nextSteps: ['next step'],
};

/** The words alone: `## 3. **Success metrics:**` is `success metrics`. */
export function wordsOf(title: string): string {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return (/^\d+$/.test(words[0] ?? '') ? words.slice(1) : words).join(' ');
}

/** A heading that says the schema itself: `## Schema: HANDOFF/V1`. */
const SCHEMA_HEADING = /^schema\b.*?\b(handoff\/v\d+)\W*$/i;

export const schemaIn = (title: string): string | undefined =>
  SCHEMA_HEADING.exec(title.replace(/[*_`]/g, '').trim())?.[1];

const keyOfTitle = (title: string): SectionKey | undefined =>
  KNOWN.get(wordsOf(title)) ?? (schemaIn(title) === undefined ? undefined : 'schema');

const KNOWN = new Map(
  SECTION_KEYS.flatMap((key) => [wordsOf(SECTIONS[key]), ...ALSO[key]].map((name) => [name, key] as const)),
);

/**
 * The level of the first heading that is known is that of all parts. Further down only a required part that is
 * missing otherwise is one: any other heading there is a group.
 */
export function sectionsOf({ before, parts }: Outline): Sections {
  const level = parts.find(({ title }) => keyOfTitle(title) !== undefined)?.level ?? 2;
  const taken = new Set(parts.filter((part) => part.level <= level).map(({ title }) => keyOfTitle(title)));
  const keyOf = (part: Part): SectionKey | undefined => {
    if (part.level <= level) return keyOfTitle(part.title);
    const own = REQUIRED.find((key) => wordsOf(SECTIONS[key]) === wordsOf(part.title));
    return own === undefined || taken.has(own) ? undefined : own;
  };
  const [first] = parts;
  const heading =
    first !== undefined && first.level <= level && keyOf(first) === undefined ? first : undefined;
  const sections: Section[] = [];
  const start: Block[] = [...before, ...(heading?.blocks ?? [])];
  for (const part of heading === undefined ? parts : parts.slice(1)) {
    const key = keyOf(part);
    const { title, line, blocks } = part;
    const last = sections.at(-1);
    if (key !== undefined || part.level <= level || last === undefined)
      sections.push({ ...defined({ key }), title, line, blocks, below: [] });
    else last.below.push(part);
  }
  return { title: heading?.title ?? '', before: start, sections };
}
