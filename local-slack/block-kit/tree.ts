/** Walks a message's or view's blocks: which blocks are there, and which elements in them a person can use. */
import type { Block } from '../protocol.ts';
import { INTERACTIVE } from './elements.ts';
import { isObject } from './rule.ts';

export type Element = { type: string; action_id?: string; [key: string]: unknown };

export interface Interactive {
  block_id: string;
  action_id: string;
  element: Element;
  /** The block it stands in. */
  block: Block;
}

export interface PlacedBlock {
  block: Block;
  path: (string | number)[];
}

/** Where a block keeps other blocks. */
const CHILD_BLOCKS: ReadonlyMap<string, string> = new Map([
  ['container', 'child_blocks'],
  ['carousel', 'elements'],
  ['plan', 'tasks'],
]);

/** Where a block keeps its elements. */
const ELEMENTS: ReadonlyMap<string, string> = new Map([
  ['actions', 'elements'],
  ['context_actions', 'elements'],
  ['card', 'actions'],
  ['section', 'accessory'],
  ['input', 'element'],
]);

const isTyped = (value: unknown): value is { type: string; [key: string]: unknown } =>
  isObject(value) && typeof value.type === 'string';

/** Blocks in the order a person reads them, with those inside containers after their container. */
export function placedBlocks(blocks: unknown, at: (string | number)[] = []): PlacedBlock[] {
  if (!Array.isArray(blocks)) return [];
  return blocks.flatMap((block: unknown, i) => {
    if (!isTyped(block)) return [];
    const path = [...at, i];
    const children = CHILD_BLOCKS.get(block.type);
    if (children === undefined) return [{ block, path }];
    return [{ block, path }, ...placedBlocks(block[children], [...path, children])];
  });
}

function elementsOf(block: Block): Element[] {
  const name = ELEMENTS.get(block.type);
  const held = name === undefined ? [] : block[name];
  return (Array.isArray(held) ? held : [held]).filter(
    (one): one is Element => isTyped(one) && INTERACTIVE.has(one.type),
  );
}

/** Expects blocks that have their ids (see `withBlockIds`); a missing one reads as an empty string. */
export function interactiveElements(blocks: unknown): Interactive[] {
  return placedBlocks(blocks).flatMap(({ block }) =>
    elementsOf(block).map((element) => ({
      block_id: block.block_id ?? '',
      action_id: element.action_id ?? '',
      element,
      block,
    })),
  );
}

/** A copy in which every block has a `block_id` and every interactive element an `action_id`, as Slack returns them. */
export function withBlockIds(blocks: readonly Block[], idFor: () => string): Block[] {
  return blocks.map((block) => {
    const children = CHILD_BLOCKS.get(block.type);
    const elements = ELEMENTS.get(block.type);
    return {
      ...block,
      block_id: block.block_id ?? idFor(),
      ...(children !== undefined && Array.isArray(block[children])
        ? { [children]: withBlockIds(block[children].filter(isTyped), idFor) }
        : {}),
      ...(elements !== undefined && block[elements] !== undefined
        ? { [elements]: withActionIds(block[elements], idFor) }
        : {}),
    };
  });
}

function withActionIds(held: unknown, idFor: () => string): unknown {
  if (Array.isArray(held)) return held.map((one: unknown) => withActionIds(one, idFor));
  if (!isTyped(held) || !INTERACTIVE.has(held.type) || held.action_id !== undefined) return held;
  return { ...held, action_id: idFor() };
}
