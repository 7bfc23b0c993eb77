/** A contract's criteria, inputs, deliverables, dependencies and gates as items of a deployment's checklist (HO-4). */

import { createHash } from 'node:crypto';
import type { ChecklistGroup, ChecklistItem } from '../terms/requirements.ts';
import type { Contract, Entry } from './contract.ts';
import { criteriaGroups, withBoxes } from './criteria.ts';

export type Before = ChecklistItem['before'];

/** By item id: what a person moved. */
export type Moves = Readonly<Record<string, Before>>;

/** Judged only once the new version runs, whatever else is said. */
const AFTERWARDS =
  /\b(?:zero[- ]downtime|in production|end users?|after (?:the )?deployment|post[- ]?deployment)\b/;

/** Can be made ready before anything is deployed. */
const AHEAD =
  /\b(?:roll(?:ed|ing)?[- ]?backs?|revert\w*|ready|readiness|prerequisites?|prepar\w+|pre[- ]?deployment|staging|backups?|builds?|built|review(?:s|ed)?|tests?|tested|configured|provisioned|set up|installed|established|documented|versioned|scheduled|briefed)\b/;

/** The first that fits the name, and where none does the heading above it. */
const GROUPS: readonly (readonly [ChecklistGroup, RegExp])[] = [
  ['approvals', /\b(?:sign[- ]?offs?|approv\w+|user acceptance|compliance)\b/],
  [
    'documentation',
    /\b(?:document\w*|runbooks?|guides?|reports?|notes|communicat\w+|notif\w+|rollback procedures?|procedures)\b/,
  ],
  ['artifacts', /\b(?:artifacts?|artefacts?|images?|packages?|builds?|repositor\w+|code)\b/],
  [
    'environment',
    /\b(?:infrastructure|environments?|database|domain|ssl|cdn|storage|network|access|credentials?|services?|configuration|monitor\w*|alert\w*|tracking|analytics|observability|health|performance|downtime|deployment)\b/,
  ],
];

interface Draft extends Omit<ChecklistItem, 'id'> {
  /** What the id is made of. */
  from: { section: string; name: string; text: string };
}

/**
 * Criteria first, in the order of the document. Every item is required, and `moves` says which ones a person put
 * before the start or before the hand-over instead; ids in it that are none of these are of no effect.
 */
export function contractChecklist(contract: Contract, moves: Moves = {}): ChecklistItem[] {
  const drafts = draftsOf(contract);
  const ids = idsFor(contract.id, drafts);
  return drafts.map(({ from: _from, ...item }, index) => {
    const id = ids[index] ?? '';
    return { id, ...item, before: Object.hasOwn(moves, id) ? (moves[id] ?? item.before) : item.before };
  });
}

function draftsOf(contract: Contract): Draft[] {
  const { inputs, artifacts, dependencies, qualityGates } = contract;
  const all = (
    entries: readonly Entry[],
    section: string,
    group: (entry: Entry) => ChecklistGroup,
    before: Before,
  ) => withBoxes(entries).map((entry) => draft(entry, { section, group: group(entry), before }));
  return [
    ...criteriaGroups(contract).flatMap(({ name, items }) =>
      items.map((entry) =>
        draft(entry, {
          section: `criteria ${name}`,
          group: groupOf(entry.name, name),
          before: beforeOf(entry, name),
        }),
      ),
    ),
    ...all(inputs, 'inputs', () => 'artifacts', 'start'),
    ...all(dependencies, 'dependencies', ({ name, text }) => environmentOr(name || text), 'start'),
    ...artifacts.flatMap(({ name, items }) =>
      all(items, `artifacts ${name}`, () => 'documentation', 'hand_over'),
    ),
    ...all(qualityGates, 'gates', () => 'approvals', 'hand_over'),
  ];
}

function draft(
  { name, text }: Entry,
  { section, group, before }: { section: string; group: ChecklistGroup; before: Before },
): Draft {
  const said = [name, text].filter(Boolean).join(': ');
  return { group, text: plain(said), required: true, before, from: { section, name: name || text, text } };
}

/** Without the marks of Markdown, on one line. */
const plain = (text: string): string =>
  text
    .replace(/\*\*|__|`/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** What is not said to be ready ahead can only be seen when the new version runs. */
function beforeOf({ name, text }: Entry, heading: string): Before {
  const own = `${name} ${text}`.toLowerCase();
  if (AFTERWARDS.test(own)) return 'hand_over';
  return AHEAD.test(`${heading.toLowerCase()} ${own}`) ? 'start' : 'hand_over';
}

function groupOf(name: string, heading: string): ChecklistGroup {
  const fits = (words: string) => GROUPS.find(([, pattern]) => pattern.test(words.toLowerCase()))?.[0];
  return fits(name) ?? fits(heading) ?? 'prerequisites';
}

const environmentOr = (words: string): ChecklistGroup =>
  groupOf(words, '') === 'environment' ? 'environment' : 'prerequisites';

const MAX_ID = 60;
const MAX_PREFIX = 24;

/** `prod-deployment-001-health-checks`; where two would be the same or one too long, its end is a hash of what it says. */
function idsFor(contract: string, drafts: readonly Draft[]): string[] {
  const prefix =
    slug(contract).length <= MAX_PREFIX ? slug(contract) : shortened(contract, MAX_PREFIX, contract);
  const wanted = drafts.map(({ from }) => `${prefix}-${slug(from.name)}`);
  const times = new Map<string, number>();
  for (const id of wanted) times.set(id, (times.get(id) ?? 0) + 1);
  const taken = new Set<string>();
  return drafts.map(({ from }, index) => {
    const id = wanted[index] ?? '';
    const plainId = times.get(id) === 1 && id.length <= MAX_ID && slug(from.name) !== '';
    const words = JSON.stringify([from.section, from.name, from.text]);
    const base = plainId ? id : shortened(id, MAX_ID - 4, words);
    let unique = base;
    for (let number = 2; taken.has(unique); number += 1) unique = `${base}-${number}`;
    taken.add(unique);
    return unique;
  });
}

function slug(text: string): string {
  return (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).join('-');
}

function shortened(text: string, most: number, of: string): string {
  const hash = createHash('sha256').update(of).digest('hex').slice(0, 8);
  const room = slug(text).slice(0, most - 9);
  return room === '' ? hash : `${room}-${hash}`;
}
