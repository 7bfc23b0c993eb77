/** Using the checklist as people do: opening it, and changing boxes in it. */

import { z } from 'zod';
import type { Given } from '../../local-slack/driver-client.ts';
import type { SubmitAnswer, View } from '../../local-slack/protocol.ts';
import { defined } from '../../src/defined.ts';
import { CHECKLIST_MODAL } from '../../views/checklist-boxes.ts';
import type { PersonName } from './people.ts';
import type { Seen, Stage } from './stage.ts';
import { elementsOf } from './views-in-slack.ts';

/** From the button on the card. */
export async function openChecklist(stage: Stage, person: PersonName, id: string): Promise<View> {
  const { modal, told } = await stage.click(person, await stage.card(id), 'card.checklist');
  if (modal === null) throw new Error(`no checklist: ${told.join(' ')}`);
  return modal;
}

/** What the boxes in sight are called, in order. */
export function boxesIn(view: View): string[] {
  return elementsOf(view)
    .filter(({ type }) => type === 'checkboxes')
    .flatMap(({ options = [] }) => options.map(({ value }) => value));
}

const heldSchema = z.object({ selected_options: z.array(z.object({ value: z.string() })).default([]) });

export function tickedIn(view: View): string[] {
  return Object.values(view.values)
    .flatMap((actions) => Object.values(actions))
    .flatMap((held) => heldSchema.safeParse(held).data?.selected_options ?? [])
    .map(({ value }) => value);
}

/** Ticks boxes in the open checklist, and takes ticks away; saves it. */
export async function saveBoxes(
  stage: Stage,
  person: PersonName,
  view: View,
  { tick = [], untick = [], note }: { tick?: string[]; untick?: string[]; note?: string },
): Promise<SubmitAnswer & Seen> {
  const there = boxesIn(view);
  const unknown = [...tick, ...untick].filter((key) => !there.includes(key));
  if (unknown.length > 0) throw new Error(`no box for ${unknown.join(', ')} among ${there.join(', ')}`);
  const before = tickedIn(view);
  const values: Record<string, Given> = note === undefined ? {} : { [CHECKLIST_MODAL.note.action]: note };
  for (const { type, action_id, options = [] } of elementsOf(view)) {
    if (type !== 'checkboxes') continue;
    values[action_id] = options
      .map(({ value }) => value)
      .filter((key) => tick.includes(key) || (before.includes(key) && !untick.includes(key)));
  }
  return stage.submit(person, values);
}

/** Opens it from the card and ticks; ends the test where that is refused. */
export async function tick(
  stage: Stage,
  person: PersonName,
  id: string,
  items: string[],
  note?: string,
): Promise<void> {
  const view = await openChecklist(stage, person, id);
  const sent = await saveBoxes(stage, person, view, { tick: items, ...defined({ note }) });
  if (!sent.ok || sent.modal !== null) throw new Error(`not ticked: ${JSON.stringify(sent)}`);
}
