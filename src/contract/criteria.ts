/** Every criterion of a contract, wherever it stands: in its part, below another one, or as a box in another part. */

import { type Contract, type Criterion, type Entry, type Group, isSaid, SECTIONS } from './contract.ts';
import { entryOf, itemsIn, withName } from './entries.ts';
import { outlineOf } from './outline.ts';
import { linesOf } from './source.ts';

/** With the heading of each. */
export function criteriaGroups(contract: Contract): Group<Criterion>[] {
  const own = contract.acceptanceCriteria.map(({ items, ...group }) => ({
    ...group,
    items: items.flatMap((item) => [item, ...boxesBelow(item)]).filter(isSaid),
  }));
  return [...own, ...boxesElsewhere(contract).filter(({ items }) => items.length > 0)];
}

export const criteriaOf = (contract: Contract): Criterion[] =>
  criteriaGroups(contract).flatMap(({ items }) => items);

/** With the boxes that stand below them, each as one of its own. */
export const withBoxes = (entries: readonly Entry[]): Entry[] =>
  entries.flatMap((entry) => [entry, ...boxesBelow(entry)]).filter(isSaid);

/** Whatever stands indented below an entry and has a box, however deep, named with what it is a part of. */
function boxesBelow({ name, text, items = [] }: Entry): Criterion[] {
  return items.flatMap((item) => boxesOf({ ...item, ...within(name || text, item) }));
}

function within(whole: string, { name, text }: Entry): { name: string; text: string } {
  const own = [whole, name || text].filter(Boolean).join(' – ');
  return { name: own, text: name === '' ? '' : text };
}

const boxesOf = (entry: Entry): Criterion[] => [
  ...(entry.checked === undefined ? [] : [{ ...withName(entry), checked: entry.checked }]),
  ...boxesBelow(entry),
];

/** Every item of the other lists is on the checklist with or without a box; these are there only with one. */
function boxesElsewhere(contract: Contract): Group<Criterion>[] {
  const { details, objective, context, successMetrics, risks, communicationPlan, timeline, nextSteps } =
    contract;
  const group = (name: string, entries: readonly Entry[], ...texts: readonly string[]): Group<Criterion> => ({
    name,
    text: '',
    items: [...entries, ...texts.filter(Boolean).flatMap(entriesInText)].flatMap(boxesOf).filter(isSaid),
  });
  return [
    group(SECTIONS.details, details),
    group(SECTIONS.objective, [], objective),
    group(SECTIONS.context, context.facts, ...context.paragraphs),
    group(SECTIONS.successMetrics, successMetrics),
    ...risks.map(({ name, items }) =>
      group(
        name || SECTIONS.risks,
        items.map(({ risk, ...entry }) => ({ ...entry, name: '', text: risk })),
      ),
    ),
    group(SECTIONS.communicationPlan, communicationPlan),
    group(SECTIONS.timeline, timeline),
    group(SECTIONS.nextSteps, nextSteps),
    group('', [], ...Object.values(contract.remarks)),
    ...contract.other.map(({ title, text }) => group(title, [], text)),
  ];
}

function entriesInText(text: string): Entry[] {
  const { before, parts } = outlineOf(linesOf(text));
  return [before, ...parts.map(({ blocks }) => blocks)].flatMap(itemsIn).map((item) => entryOf(item));
}
