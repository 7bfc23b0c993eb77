/** The boxes of the checklist modal: which a person may tick now, what they were shown, and what they made of it. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Actor } from '../src/deployment/intents.ts';
import { ticksOpenTo } from '../src/deployment/readiness/decide-readiness.ts';
import { itemState } from '../src/deployment/readiness/readiness.ts';
import type { Tick } from '../src/deployment/readiness/state.ts';
import type { ChecklistItem } from '../src/terms/requirements.ts';
import type { Instant } from '../src/time.ts';
import { type FilledView, fieldsOf } from './view-values.ts';

export const CHECKLIST_MODAL = {
  callback: 'checklist',
  note: { block: 'checklist.note', action: 'checklist.note.words' },
} as const;

/** The block of the so-and-so-manieth set of boxes, and the id of its action. */
export const boxesBlock = (index: number): string => `checklist.boxes.${index}`;

export interface Box {
  item: ChecklistItem;
  /** For which role, where the item asks several. */
  role?: string;
  ticked: boolean;
}

/** Characters that an option's value may have. */
const MAX_VALUE_LENGTH = 75;

/** What the box is called on the wire. */
function keyOf({ item, role }: { item: string; role?: string | undefined }): string {
  const key = role === undefined ? item : `${item}/${role}`;
  return key.length <= MAX_VALUE_LENGTH ? key : `${key.slice(0, MAX_VALUE_LENGTH - 9)}#${short(key)}`;
}

const short = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 8);

/** Who looks, and when. */
export interface Looking {
  actor: Extract<Actor, { kind: 'person' }>;
  now: Instant;
}

/** Those of an item that a person may tick now: by hand, and not where a machine has the word. */
export function boxesOf(d: Deployment, item: ChecklistItem, { actor, now }: Looking): Box[] {
  const { state, ticks, gate } = itemState(d, item);
  const kind = item.evidence?.kind;
  const provedAlready = state === 'done' && gate?.passed === true && gate.expired === undefined;
  const byHand = item.roles !== undefined || kind === undefined || (kind === 'gate' && !provedAlready);
  if (state === 'failed' || !byHand) return [];
  return ticksOpenTo(d, item, actor, now).map((role) => ({
    item,
    ...defined({ role }),
    ticked: standingTick(ticks, { item: item.id, role }) !== undefined,
  }));
}

/** The tick that counts for an item, and for the role where it asks several. */
export function standingTick(
  ticks: readonly Tick[] | undefined,
  wanted: { item: string; role?: string | undefined },
): Tick | undefined {
  return ticks?.find(
    (tick) => tick.item === wanted.item && tick.role === wanted.role && tick.expired === undefined,
  );
}

const shownSchema = z.object({
  /** The deployment. */
  d: z.string(),
  /** The number of its last event when the boxes were drawn. */
  s: z.int(),
  /** The ticked boxes of each block, shortened. */
  t: z.array(z.array(z.string())),
});

export function writeShown(d: Deployment, blocks: readonly (readonly Box[])[]): string {
  const t = blocks.map((boxes) => boxes.filter(({ ticked }) => ticked).map((box) => short(boxKey(box))));
  return JSON.stringify({ d: d.id, s: d.seq, t } satisfies z.infer<typeof shownSchema>);
}

export const boxKey = ({ item, role }: Box): string => keyOf({ item: item.id, role });

/** A box that somebody changed. */
export interface Wish {
  /** `keyOf` of it, or for one that was ticked the short form of that. */
  key: string;
  ticked: boolean;
  /** Where an error about it must stand. */
  block: string;
}

export type ReadChecklist =
  | { ok: true; deployment: string; seq: number; wishes: Wish[]; note?: string }
  | { ok: false; errors: Record<string, string> };

const chosenSchema = z.object({ selected_options: z.array(z.object({ value: z.string() })).default([]) });

export function readChecklistModal(view: FilledView): ReadChecklist {
  const shown = readShown(view.privateMetadata);
  if (shown === undefined) {
    const problem = 'This form is from another time. Close it and open the checklist again.';
    return { ok: false, errors: { [CHECKLIST_MODAL.note.block]: problem } };
  }
  const wishes = shown.t.flatMap((before, index) => {
    const block = boxesBlock(index);
    if (view.values[block] === undefined) return [];
    const chosen = chosenSchema.safeParse(view.values[block]?.[block]).data?.selected_options ?? [];
    const after = chosen.map(({ value }) => value);
    return [
      ...after.filter((key) => !before.includes(short(key))).map((key) => ({ key, ticked: true, block })),
      ...before
        .filter((one) => !after.some((key) => short(key) === one))
        .map((key) => ({ key, ticked: false, block })),
    ];
  });
  const note = fieldsOf(view).get(CHECKLIST_MODAL.note.action)?.value;
  return { ok: true, deployment: shown.d, seq: shown.s, wishes, ...defined({ note }) };
}

function readShown(metadata: string): z.infer<typeof shownSchema> | undefined {
  try {
    return shownSchema.safeParse(JSON.parse(metadata)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The box that a wish is about; undefined where the checklist has it no more. */
export function boxOf(
  { terms: { requirements } }: Deployment,
  { key }: Pick<Wish, 'key'>,
): { item: ChecklistItem; role?: string } | undefined {
  for (const item of requirements?.checklist ?? []) {
    for (const role of item.roles?.map((one) => one.role) ?? [undefined]) {
      const own = keyOf({ item: item.id, role });
      if (own === key || short(own) === key) return { item, ...defined({ role }) };
    }
  }
  return undefined;
}
