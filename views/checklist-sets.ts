/** The boxes of the checklist as blocks: which there is room for, and in what sets Slack takes them. */

import type { Checkboxes, InputBlock, KnownBlock, PlainTextOption } from '@slack/types';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Milestone } from '../src/deployment/readiness/readiness.ts';
import { CHECKLIST_GROUPS } from '../src/terms/requirements.ts';
import { option, plain, section } from './blocks.ts';
import { type Box, boxesBlock, boxesOf, boxKey, type Looking } from './checklist-boxes.ts';
import { isDone } from './checklist-fold.ts';
import { boxWords } from './checklist-words.ts';
import { itemsBefore } from './readiness.ts';
import { inline } from './text.ts';

/** Slack takes no more in one set of boxes. */
const MAX_IN_SET = 10;
/** Characters that an option may have; a longer text stands above its box. */
const MAX_OPTION_LENGTH = 75;
/** So many of the 100 blocks that Slack takes are for boxes. */
const MAX_FOR_BOXES = 36;
/** So many fit what a modal may carry; the others are drawn without a box until these are ticked. */
const MAX_BOXES = 200;

/** What is open has its box before what is ticked already, in whichever group: else a long group would close the next. */
export function boxesWithRoom(
  d: Deployment,
  order: readonly Milestone[],
  looking: Looking,
): ReadonlySet<string> {
  const all = order.flatMap((before) =>
    CHECKLIST_GROUPS.flatMap((group) =>
      itemsBefore(d, before)
        .filter((item) => item.group === group)
        .flatMap((item) => boxesOf(d, item, looking))
        .map((box) => ({ box, list: `${before} ${group} ${isDone(d, box.item)}` })),
    ),
  );
  const room = new Set<string>();
  const short = new Map<string, number>();
  let blocks = 0;
  for (const { box, list } of all.toSorted((a, b) => Number(a.box.ticked) - Number(b.box.ticked))) {
    const shared = short.get(list) ?? 0;
    const opensSet = shared % MAX_IN_SET === 0 ? 1 : 0;
    const takes = isLong(box) ? 2 : opensSet;
    if (room.size === MAX_BOXES || blocks + takes > MAX_FOR_BOXES) continue;
    if (!isLong(box)) short.set(list, shared + 1);
    blocks += takes;
    room.add(boxKey(box));
  }
  return room;
}

/** Short ones share a set; a long one stands above a box of its own. */
export function setsOf(boxes: readonly Box[]): Box[][] {
  const short = boxes.filter((box) => !isLong(box));
  const shared = Array.from({ length: Math.ceil(short.length / MAX_IN_SET) }, (_, index) =>
    short.slice(index * MAX_IN_SET, (index + 1) * MAX_IN_SET),
  );
  return [...shared, ...boxes.filter(isLong).map((box) => [box])];
}

const isLong = ({ item }: Box): boolean => item.text.length > MAX_OPTION_LENGTH;

/** A text too long for an option stands above, so that all of it can be read. */
export function boxesBlocks(
  d: Deployment,
  set: Box[],
  { index, zone }: { index: number; zone: string },
): KnownBlock[] {
  const alone = set.find(isLong);
  const options = set.map((box) => boxOption(d, box, { text: alone ? 'Done' : box.item.text, zone }));
  const ticked = options.filter((_, at) => set[at]?.ticked);
  const element: Checkboxes = {
    type: 'checkboxes',
    action_id: boxesBlock(index),
    options,
    ...(ticked.length === 0 ? {} : { initial_options: ticked }),
  };
  const input: InputBlock = {
    type: 'input',
    block_id: boxesBlock(index),
    optional: true,
    label: plain(labelOf(d, set), 100),
    element,
  };
  return alone ? [section(`*${inline(alone.item.text, 300)}*`), input] : [input];
}

function labelOf(d: Deployment, set: Box[]): string {
  if (set.every(({ item }) => isDone(d, item))) return 'Done: untick what is open again';
  return set.some(isLong) ? 'Tick it when it is done' : 'Tick what is done';
}

function boxOption(d: Deployment, box: Box, { text, zone }: { text: string; zone: string }): PlainTextOption {
  const { item, role } = box;
  const words = boxWords(d, item, { zone, ...defined({ role }) });
  const drawn = option(text, boxKey(box));
  return words === '' ? drawn : { ...drawn, description: plain(words, MAX_OPTION_LENGTH) };
}
