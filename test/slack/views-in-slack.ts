/** Reading what stands in a view or a message that Slack shows. */

import { z } from 'zod';
import type { Given, GivenValues } from '../../local-slack/driver-client.ts';
import type { Block, Message, View } from '../../local-slack/protocol.ts';

const elementSchema = z.looseObject({
  type: z.string(),
  action_id: z.string(),
  value: z.string().optional(),
  text: z.looseObject({ text: z.string() }).optional(),
  options: z
    .array(z.looseObject({ value: z.string(), text: z.looseObject({ text: z.string() }) }))
    .optional(),
  confirm: z
    .looseObject({ title: z.looseObject({ text: z.string() }), style: z.string().optional() })
    .optional(),
  style: z.string().optional(),
});

export type Element = z.infer<typeof elementSchema> & { block: string };

/** Everything that can be used, in order. */
export function elementsOf({ blocks }: Pick<Message | View, 'blocks'>): Element[] {
  return blocks.flatMap((block) =>
    partsOf(block).flatMap((part) => {
      const read = elementSchema.safeParse(part);
      return read.success ? [{ ...read.data, block: block.block_id ?? '' }] : [];
    }),
  );
}

const partsOf = (block: Block): unknown[] => [block.elements, block.element, block.accessory].flat();

export function elementOf(where: Pick<Message | View, 'blocks'>, actionId: string): Element {
  const found = elementsOf(where).find(({ action_id }) => action_id === actionId);
  if (found === undefined) throw new Error(`there is no ${actionId} here`);
  return found;
}

/** The action ids in sight. */
export function actionsOn(where: Pick<Message | View, 'blocks'>): string[] {
  return elementsOf(where).map(({ action_id }) => action_id);
}

/** What a field of a view holds now; undefined where it is empty or not drawn. */
export function filledWith({ values }: View, actionId: string): unknown {
  const held = Object.values(values).find((actions) => actionId in actions)?.[actionId];
  const option = z.looseObject({ value: z.string() }).safeParse(held?.selected_option).data?.value;
  return held?.value ?? option ?? held?.selected_user ?? held?.selected_date_time ?? undefined;
}

/** What a menu's choice with these words carries. */
export function choice(where: Pick<Message | View, 'blocks'>, actionId: string, words: string): string {
  const { options = [] } = elementOf(where, actionId);
  const found = options.find(({ text }) => text.text.includes(words));
  if (found === undefined)
    throw new Error(`${actionId} offers ${options.map(({ text }) => text.text).join(', ')}, not ${words}`);
  return found.value;
}

/** By block, from by action id. */
export function valuesIn(view: View, values: Record<string, Given>): GivenValues {
  return Object.fromEntries(
    Object.entries(values).map(([action, value]) => [elementOf(view, action).block, { [action]: value }]),
  );
}

/** The action id of the field that a block holds. */
export function fieldIn(view: View, block: string): string {
  return elementsOf(view).find((element) => element.block === block)?.action_id ?? block;
}

/** All that a view says, without markup's structure. */
export function wordsOf({ blocks }: Pick<Message | View, 'blocks'>): string {
  return JSON.stringify(blocks);
}
