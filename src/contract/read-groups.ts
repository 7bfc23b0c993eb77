/** Parts with groups: a heading each, and the list under it. */

import { defined } from '../defined.ts';
import type { Criterion, Entry, Group, Risk } from './contract.ts';
import { entryOf, headingName, itemsIn, named, paragraphsIn, withName } from './entries.ts';
import type { Item } from './item.ts';
import { entryWords } from './markdown.ts';
import type { Block } from './outline.ts';
import { type Section, wordsOf } from './sections.ts';

type Grouped = Pick<Section, 'blocks' | 'below'>;

export function readGroups<T>({ blocks, below }: Grouped, read: (item: Item) => T): Group<T>[] {
  const groups = [
    ...(blocks.length === 0 ? [] : [{ name: '', blocks }]),
    ...below.map(({ title, blocks: own }) => ({ name: headingName(title), blocks: own })),
  ];
  return groups
    .map(({ name, blocks: own }: { name: string; blocks: Block[] }) => ({
      name,
      text: paragraphsIn(own).join('\n\n'),
      items: itemsIn(own).map(read),
    }))
    .filter(({ name, text, items }) => name !== '' || text !== '' || items.length > 0);
}

/** A criterion has a name: where none is set apart, all of it is. An item that says nothing is none. */
export function readCriteria(section: Grouped): Group<Criterion>[] {
  return readGroups(section, criterionOf).map((group) => ({
    ...group,
    items: group.items.filter(({ name, text, items }) => name !== '' || text !== '' || items !== undefined),
  }));
}

const criterionOf = (item: Item): Criterion => ({
  ...withName(entryOf(item)),
  checked: item.checked ?? false,
});

export function readRisks(section: Grouped): Group<Risk>[] {
  return readGroups(section, riskOf);
}

const isNamed = (name: string, ...words: string[]): boolean => words.includes(wordsOf(name));

function riskOf(item: Item): Risk {
  const { line } = item;
  const risk = named(item.text);
  const rest: Entry[] = [];
  const found: { mitigation?: string; impact?: string } = {};
  for (const entry of item.items.map((below) => entryOf(below))) {
    const key = isNamed(entry.name, 'mitigation')
      ? 'mitigation'
      : isNamed(entry.name, 'impact')
        ? 'impact'
        : undefined;
    if (key === undefined || found[key] !== undefined || entry.items !== undefined) rest.push(entry);
    else found[key] = entry.text;
  }
  return {
    risk: risk !== undefined && isNamed(risk.name, 'risk') ? risk.text : entryWords(entryOf(item, 'bold')),
    mitigation: found.mitigation ?? '',
    impact: found.impact ?? '',
    line,
    ...defined({ checked: item.checked }),
    ...(rest.length === 0 ? {} : { items: rest }),
  };
}
