/** The readiness checklist in a modal (GT-5): what is there and by whom, and boxes for what this person may tick. */

import type { Checkboxes, InputBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import { defined } from '../src/defined.ts';
import { isAllowed, whoMay } from '../src/deployment/decision.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Actor } from '../src/deployment/intents.ts';
import { NOT_STARTED, TERMINAL } from '../src/deployment/lifecycle.ts';
import { gateState, itemState, type Milestone } from '../src/deployment/readiness/readiness.ts';
import type { ChecklistGroup, ChecklistItem, RequiredGate } from '../src/terms/requirements.ts';
import { context, header, option, plain, section, sectionsOf } from './blocks.ts';
import { type Box, boxesBlock, boxesOf, boxKey, CHECKLIST_MODAL, writeShown } from './checklist-boxes.ts';
import { boxWords, gateLine, itemLine } from './checklist-words.ts';
import { title } from './deployment-words.ts';
import { gatesBefore, gateWords, itemsBefore } from './readiness.ts';
import { statusWords } from './status-words.ts';
import { capitalised, inline, link } from './text.ts';
import { waitingWords } from './waiting-words.ts';

/** In the order in which they are read. */
const GROUP_NAMES: Record<ChecklistGroup, string> = {
  prerequisites: 'Prerequisites',
  artifacts: 'Artifacts',
  documentation: 'Documentation',
  approvals: 'Approvals',
  environment: 'Environment',
};

/** Slack takes no more in one set of boxes. */
const MAX_IN_SET = 10;
/** Characters that an option may have; a longer text stands above its box. */
const MAX_OPTION_LENGTH = 75;
/**
 * Slack takes 100 blocks: 12 headings at most (the gates and five groups, before the start and before the hand-over),
 * each with so many sections of lines and a count of what is left, 3 around them, and so many for boxes.
 */
const MAX_SECTIONS = 3;
const MAX_FOR_BOXES = 36;
/** So many fit what a modal may carry; the others are drawn without a box until these are ticked. */
const MAX_BOXES = 200;
const MAX_NOTE_LENGTH = 500;

export interface Viewer {
  actor: Extract<Actor, { kind: 'person' }>;
  /** IANA zone. */
  zone: string;
}

/** The sets of boxes that are drawn so far. */
type Sets = Box[][];

interface Drawing {
  viewer: Viewer;
  /** Keys of the boxes that there is room for. */
  room: ReadonlySet<string>;
}

export function renderChecklistModal(d: Deployment, viewer: Viewer): ModalView {
  const order: Milestone[] = NOT_STARTED.has(d.status) ? ['start', 'hand_over'] : ['hand_over', 'start'];
  const sets: Sets = [];
  const room = boxesWithRoom(d, order, viewer);
  const list = order.flatMap((before) => milestone(d, before, { viewer, room }, sets));
  const readOnly = sets.length === 0;
  return {
    type: 'modal',
    callback_id: CHECKLIST_MODAL.callback,
    private_metadata: writeShown(d, sets),
    title: plain(`Checklist of ${d.id}`, 24),
    close: plain('Close', 24),
    ...(readOnly ? {} : { submit: plain('Save', 24) }),
    blocks: [
      section(`*${title(d)}*`, heading(d)),
      ...remarks(d, viewer, readOnly),
      ...list,
      ...(readOnly ? [] : [note()]),
    ],
  };
}

function heading(d: Deployment): string {
  return d.status === 'preparing' ? waitingWords(d) : capitalised(inline(statusWords(d), 200));
}

function remarks(d: Deployment, viewer: Viewer, readOnly: boolean): KnownBlock[] {
  const items = d.terms.requirements.checklist ?? [];
  const lines = [
    ...(readOnly ? [whyNothing(d, viewer)] : []),
    ...(items.length > 0 && !items.some(({ required }) => required)
      ? ['All items are optional here: open ones are not waited for.']
      : []),
  ];
  return lines.length === 0 ? [] : [context(...lines)];
}

/** What is open has its box before what is ticked already, in whichever group: else a long group would close the next. */
function boxesWithRoom(d: Deployment, order: readonly Milestone[], { actor }: Viewer): ReadonlySet<string> {
  const all = order.flatMap((before) =>
    Object.keys(GROUP_NAMES).flatMap((group) =>
      itemsBefore(d, before)
        .filter((item) => item.group === group)
        .flatMap((item) => boxesOf(d, item, actor))
        .map((box) => ({ box, list: `${before} ${group}` })),
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

/** Why there is no box, and who has one. */
function whyNothing(d: Deployment, { actor }: Viewer): string {
  if (TERMINAL.has(d.status)) return 'It has ended, and its checklist is closed.';
  const open = (d.terms.requirements.checklist ?? []).filter((item) => itemState(d, item).state !== 'done');
  if (open.length === 0) return 'Nothing is open on its checklist.';
  const roles = open.filter((item) => item.roles !== undefined).length;
  const anybody = open.length > roles && !isAllowed(d, 'tick', actor);
  return [
    ...(anybody ? [`You can look here, and ${inline(whoMay(d, 'tick'), 300)} can tick.`] : []),
    ...(roles > 0 ? ['Items that wait for a role are for its people to tick.'] : []),
    ...(!anybody && roles === 0 ? ['Nothing here is ticked by hand now.'] : []),
  ].join(' ');
}

/** The gates and the groups of what comes before a milestone. */
function milestone(d: Deployment, before: Milestone, drawing: Drawing, sets: Sets): KnownBlock[] {
  const gates = gatesBefore(d, before);
  const items = itemsBefore(d, before);
  const started = !NOT_STARTED.has(d.status);
  const when = before === 'hand_over' ? ' · before the hand-over' : started ? ' · before the start' : '';
  const passed = gates.filter(({ id }) => gateState(d, id) === 'done').length;
  const groups = Object.entries(GROUP_NAMES).flatMap(([group, groupName]) => {
    const own = items.filter((item) => item.group === group);
    const done = own.filter((item) => itemState(d, item).state === 'done').length;
    const heading = header(`${groupName}${when} · ${done} of ${own.length}`);
    return own.length === 0 ? [] : [{ own, heading, isOpen: done < own.length }];
  });
  const drawn = [...groups.filter(({ isOpen }) => isOpen), ...groups.filter(({ isOpen }) => !isOpen)].flatMap(
    ({ own, heading }) => [heading, ...itemsOf(d, own, drawing, sets)],
  );
  const ofGates =
    gates.length === 0
      ? []
      : [header(`Gates${when} · ${passed} of ${gates.length} passed`), ...gateBlocks(d, gates)];
  // What is open comes first, whichever kind it is of.
  return passed < gates.length ? [...ofGates, ...drawn] : [...drawn, ...ofGates];
}

const passedGate = (d: Deployment, gate: RequiredGate): string =>
  [gateWords(d, gate), link(d.evidence.gates[gate.id]?.report.url, 'report')].filter(Boolean).join(', ');

/** Each that is open on its own line; those that passed together on one. */
function gateBlocks(d: Deployment, gates: readonly RequiredGate[]): KnownBlock[] {
  const [first, ...more] = gates.filter(({ id }) => gateState(d, id) === 'done');
  const open = gates.filter(({ id }) => gateState(d, id) !== 'done').map((gate) => gateLine(d, gate));
  if (first === undefined) return lines(open);
  const folded =
    more.length === 0
      ? gateLine(d, first)
      : `✅ ${[first, ...more].map((gate) => passedGate(d, gate)).join(' · ')}`;
  return lines([...open, folded]);
}

/** What this person may tick as boxes, open ones first; below them what they may not, open ones first as well. */
function itemsOf(d: Deployment, items: ChecklistItem[], { viewer, room }: Drawing, sets: Sets): KnownBlock[] {
  const boxes = items
    .flatMap((item) => boxesOf(d, item, viewer.actor))
    .filter((box) => room.has(boxKey(box)))
    .toSorted((a, b) => Number(a.ticked) - Number(b.ticked));
  const drawn: KnownBlock[] = [];
  const boxed = new Set<ChecklistItem>();
  for (const set of setsOf(boxes)) {
    drawn.push(...boxesBlocks(d, set, { index: sets.length, zone: viewer.zone }));
    sets.push(set);
    for (const { item } of set) boxed.add(item);
  }
  const rest = items.filter((item) => !boxed.has(item));
  const open = rest.filter((item) => itemState(d, item).state !== 'done');
  const done = rest.filter((item) => !open.includes(item));
  return [...drawn, ...lines([...open, ...done].map((item) => itemLine(d, item)))];
}

/** As many sections as there is room for; what is left is counted. */
function lines(all: readonly string[]): KnownBlock[] {
  const sections = sectionsOf(all);
  if (sections.length <= MAX_SECTIONS) return sections;
  const shown = sections.slice(0, MAX_SECTIONS);
  const drawn = shown.reduce((sum, { text }) => sum + (text?.text.split('\n').length ?? 0), 0);
  const left = all.length - drawn;
  return [...shown, context(`and ${left} more`)];
}

/** Short ones share a set; a long one stands above a box of its own. */
function setsOf(boxes: readonly Box[]): Box[][] {
  const short = boxes.filter((box) => !isLong(box));
  const shared = Array.from({ length: Math.ceil(short.length / MAX_IN_SET) }, (_, index) =>
    short.slice(index * MAX_IN_SET, (index + 1) * MAX_IN_SET),
  );
  return [...shared, ...boxes.filter(isLong).map((box) => [box])];
}

const isLong = ({ item }: Box): boolean => item.text.length > MAX_OPTION_LENGTH;

/** A text too long for an option stands above, so that all of it can be read. */
function boxesBlocks(
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
    label: plain(alone ? 'Tick it when it is done' : 'Tick what is done', 100),
    element,
  };
  return alone ? [section(`*${inline(alone.item.text, 300)}*`), input] : [input];
}

function boxOption(d: Deployment, box: Box, { text, zone }: { text: string; zone: string }): PlainTextOption {
  const { item, role } = box;
  const words = boxWords(d, item, { zone, ...defined({ role }) });
  const drawn = option(text, boxKey(box));
  return words === '' ? drawn : { ...drawn, description: plain(words, MAX_OPTION_LENGTH) };
}

function note(): InputBlock {
  return {
    type: 'input',
    block_id: CHECKLIST_MODAL.note.block,
    optional: true,
    label: plain('Note', 100),
    hint: plain('Stands in the record beside what you tick', 150),
    element: {
      type: 'plain_text_input',
      action_id: CHECKLIST_MODAL.note.action,
      multiline: true,
      max_length: MAX_NOTE_LENGTH,
    },
  };
}
