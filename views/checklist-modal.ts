/** The readiness checklist in a modal (GT-5): what is there and by whom, and boxes for what this person may tick. */

import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import { isAllowed, whoMay } from '../src/deployment/decision.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { NOT_STARTED, TERMINAL } from '../src/deployment/lifecycle.ts';
import { gateState, itemState, type Milestone } from '../src/deployment/readiness/readiness.ts';
import {
  CHECKLIST_GROUPS,
  type ChecklistGroup,
  type ChecklistItem,
  type RequiredGate,
} from '../src/terms/requirements.ts';
import { boundedSections, context, header, plain, section } from './blocks.ts';
import { type Box, boxesOf, boxKey, CHECKLIST_MODAL, type Looking, writeShown } from './checklist-boxes.ts';
import { doneLine, folded, isDone, isLater, laterLine, unfolded } from './checklist-fold.ts';
import { boxesBlocks, boxesWithRoom, setsOf } from './checklist-sets.ts';
import { gateLine, itemLine } from './checklist-words.ts';
import { title } from './deployment-words.ts';
import { gatesBefore, gateWords, itemsBefore } from './readiness.ts';
import { statusWords } from './status-words.ts';
import { capitalised, inline, link } from './text.ts';
import { waitingWords } from './waiting-words.ts';

const GROUP_NAMES: Record<ChecklistGroup, string> = {
  prerequisites: 'Prerequisites',
  artifacts: 'Artifacts',
  documentation: 'Documentation',
  approvals: 'Approvals',
  environment: 'Environment',
};

/**
 * Slack takes 100 blocks: 12 headings at most (the gates and five groups, before the start and before the hand-over),
 * each with so many sections of lines, a count of what is left and what is folded; 4 around them, and 36 for boxes.
 */
const MAX_SECTIONS = 2;
const MAX_NOTE_LENGTH = 500;

export interface Viewer extends Looking {
  /** IANA zone. */
  zone: string;
}

interface Drawing {
  viewer: Viewer;
  /** Keys of the boxes that there is room for. */
  room: ReadonlySet<string>;
  /** The sets of boxes that are drawn so far. */
  sets: Box[][];
}

export function renderChecklistModal(d: Deployment, viewer: Viewer): ModalView {
  const order: Milestone[] = NOT_STARTED.has(d.status) ? ['start', 'hand_over'] : ['hand_over', 'start'];
  const sets: Box[][] = [];
  const drawing = { viewer, room: boxesWithRoom(d, order, viewer), sets };
  const list = order.flatMap((before) => milestone(d, before, drawing));
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
      ...whereElse(d),
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

/** Where to read what is folded, as long as the card has its menu. */
function whereElse(d: Deployment): KnownBlock[] {
  const { done, later } = unfolded(d);
  if (done.length + later.length === 0 || TERMINAL.has(d.status)) return [];
  return [context('What is folded here, who ticked it and when: *Details*, in the menu of the card')];
}

/** The gates and the groups of what comes before a milestone; what is open comes first, whichever kind it is of. */
function milestone(d: Deployment, before: Milestone, drawing: Drawing): KnownBlock[] {
  const gates = gatesBefore(d, before);
  const passed = gates.filter(({ id }) => gateState(d, id) === 'done').length;
  const when = whenWords(d, before);
  const items = itemsBefore(d, before);
  const groups = CHECKLIST_GROUPS.map((group) => ({
    name: `${GROUP_NAMES[group]}${when}`,
    items: items.filter((item) => item.group === group),
  })).filter((group) => group.items.length > 0);
  const drawn = groupsOf(d, groups, drawing);
  const ofGates =
    gates.length === 0
      ? []
      : [header(`Gates${when} · ${passed} of ${gates.length} passed`), ...gateBlocks(d, gates)];
  return passed < gates.length ? [...ofGates, ...drawn] : [...drawn, ...ofGates];
}

function whenWords({ status }: Deployment, before: Milestone): string {
  if (before === 'hand_over') return ' · before the hand-over';
  return NOT_STARTED.has(status) ? '' : ' · before the start';
}

interface Group {
  name: string;
  items: ChecklistItem[];
}

/** Those where something is open, then those where this person may take a tick back; the others have one line each. */
function groupsOf(d: Deployment, groups: readonly Group[], drawing: Drawing): KnownBlock[] {
  const later = groups.filter(({ items }) => items.every((item) => isLater(d, item)));
  const passed = groups.filter(({ items }) => items.every((item) => isDone(d, item)));
  const open = groups.filter((group) => !later.includes(group) && !passed.includes(group));
  const ticked = passed.filter(({ items }) => items.some((item) => hasBox(d, item, drawing)));
  const closed = passed.filter((group) => !ticked.includes(group));
  const lines = [
    ...later.map(({ name, items }) => `⬜ *${name}* · ${laterLine(items)}`),
    ...closed.map(({ name, items }) => `✅ *${name}* · ${items.length} of ${items.length}`),
  ];
  return [
    ...[...open, ...ticked].flatMap(({ name, items }) => {
      const done = items.filter((item) => isDone(d, item)).length;
      return [header(`${name} · ${done} of ${items.length}`), ...itemsOf(d, items, drawing)];
    }),
    ...(lines.length === 0 ? [] : [section(...lines)]),
  ];
}

const hasBox = (d: Deployment, item: ChecklistItem, { viewer, room }: Drawing): boolean =>
  boxesOf(d, item, viewer).some((box) => room.has(boxKey(box)));

const passedGate = (d: Deployment, gate: RequiredGate): string =>
  [gateWords(d, gate), link(d.evidence.gates[gate.id]?.report.url, 'report')].filter(Boolean).join(', ');

/** Each that is open on its own line; those that passed together on one. */
function gateBlocks(d: Deployment, gates: readonly RequiredGate[]): KnownBlock[] {
  const [first, ...more] = gates.filter(({ id }) => gateState(d, id) === 'done');
  const open = gates.filter(({ id }) => gateState(d, id) !== 'done').map((gate) => gateLine(d, gate));
  const drawn = boundedSections(open, MAX_SECTIONS);
  if (first === undefined) return drawn;
  const passed =
    more.length === 0
      ? gateLine(d, first)
      : `✅ ${folded([first, ...more].map((gate) => passedGate(d, gate)))}`;
  return [...drawn, section(passed)];
}

/** What is open in full: boxes for what this person may tick, lines for the rest. Then ticks that they may take back. */
function itemsOf(d: Deployment, items: readonly ChecklistItem[], drawing: Drawing): KnownBlock[] {
  const open = boxed(
    d,
    items.filter((item) => !isDone(d, item)),
    drawing,
  );
  const done = boxed(
    d,
    items.filter((item) => isDone(d, item)),
    drawing,
  );
  const later = open.others.filter((item) => isLater(d, item));
  const now = open.others.filter((item) => !later.includes(item));
  const small = [
    ...(done.others.length === 0 ? [] : [doneLine(done.others)]),
    ...(later.length === 0 ? [] : [`⬜ ${laterLine(later)}`]),
  ];
  return [
    ...open.blocks,
    ...boundedSections(
      now.map((item) => itemLine(d, item)),
      MAX_SECTIONS,
    ),
    ...done.blocks,
    ...(small.length === 0 ? [] : [context(...small)]),
  ];
}

/** The boxes of some items as blocks, open ones first, and the items that have none. */
function boxed(
  d: Deployment,
  items: readonly ChecklistItem[],
  { viewer, room, sets }: Drawing,
): { blocks: KnownBlock[]; others: ChecklistItem[] } {
  const boxes = items
    .flatMap((item) => boxesOf(d, item, viewer))
    .filter((box) => room.has(boxKey(box)))
    .toSorted((a, b) => Number(a.ticked) - Number(b.ticked));
  const blocks = setsOf(boxes).flatMap((set) => {
    sets.push(set);
    return boxesBlocks(d, set, { index: sets.length - 1, zone: viewer.zone });
  });
  const drawn = new Set(boxes.map(({ item }) => item));
  return { blocks, others: items.filter((item) => !drawn.has(item)) };
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
