/** A HANDOFF/V1 contract: what one party hands to another, and what must be true before it counts as done (HO-4). */

import type { Target } from './figures.ts';

/** The parts of the document, in their order, and the heading each one has. */
export const SECTIONS = {
  schema: 'Schema',
  details: 'Handoff Details',
  objective: 'Objective',
  context: 'Context',
  inputs: 'Inputs',
  acceptanceCriteria: 'Acceptance Criteria',
  artifacts: 'Artifacts',
  dependencies: 'Dependencies',
  successMetrics: 'Success Metrics',
  risks: 'Risk Assessment',
  communicationPlan: 'Communication Plan',
  timeline: 'Timeline',
  qualityGates: 'Quality Gates',
  nextSteps: 'Next Steps',
} as const;

export type SectionKey = keyof typeof SECTIONS;

export const SECTION_KEYS = Object.keys(SECTIONS) as SectionKey[];

/** Without these a document is no contract. */
export const REQUIRED: readonly SectionKey[] = [
  'schema',
  'details',
  'objective',
  'acceptanceCriteria',
  'successMetrics',
  'timeline',
];

/** An item of a list: `- **Name**: text`. */
export interface Entry {
  /** Empty where the item has no name of its own. */
  name: string;
  /** Markdown; lines that continue the item follow after a line break. */
  text: string;
  /** Of the document that was read, from 1. */
  line: number;
  /** Where the item has a box. */
  checked?: boolean;
  /** What stands indented below it. */
  items?: Entry[];
}

export interface Criterion extends Entry {
  checked: boolean;
}

export interface Metric extends Entry {
  /** Unset where no figure was understood. */
  figure?: Target;
}

export interface Risk {
  risk: string;
  /** Empty where the document names none. */
  mitigation: string;
  impact: string;
  line: number;
  checked?: boolean;
  /** What is said of it besides. */
  items?: Entry[];
}

/** What stands under one heading of a part; without a name what stands before the first heading. */
export interface Group<T> {
  name: string;
  /** Words beside the list. */
  text: string;
  items: T[];
}

export interface Contract {
  schema: 'HANDOFF/V1';
  /** The heading of the document; empty where it has none. */
  title: string;
  id: string;
  from: string;
  to: string;
  /** As it is written, an ISO 8601 time. */
  timestamp?: string;
  /** What the hand-off details say besides. */
  details: Entry[];
  /** Markdown. */
  objective: string;
  context: { paragraphs: string[]; facts: Entry[] };
  inputs: Entry[];
  acceptanceCriteria: Group<Criterion>[];
  artifacts: Group<Entry>[];
  dependencies: Entry[];
  successMetrics: Metric[];
  risks: Group<Risk>[];
  communicationPlan: Entry[];
  timeline: Entry[];
  qualityGates: Entry[];
  nextSteps: Entry[];
  /** Words that stand in a part beside its list, and (`before`) ahead of the first part; Markdown. */
  remarks: Partial<Record<SectionKey | 'before', string>>;
  /** Parts that the schema does not know; Markdown. */
  other: { title: string; text: string }[];
  /** What a reader might take for a criterion, and is not read as one. */
  doubts: Doubt[];
}

export interface Doubt {
  /** The heading of the part. */
  section: string;
  text: string;
  line: number;
  why: string;
}

/** Real contracts have some 7 KB and 200 lines; reading one of these holds everybody else up no longer than OP-9 allows. */
export const LIMITS = { bytes: 64 * 1024, lines: 2_000, criteria: 200, checklist: 400, id: 60 } as const;

export const isSaid = ({ name, text }: Entry): boolean => name !== '' || text !== '';
