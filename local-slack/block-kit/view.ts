/** The rules of a modal and of a Home. */
import type { Violation } from '../protocol.ts';
import { BLOCKS } from './blocks.ts';
import { plainText } from './composition.ts';
import { pointerTo, read } from './interpret.ts';
import { duplicateBlockIds } from './message.ts';
import { boolean, isObject, type Json, list, type ObjectRule, object, string } from './rule.ts';
import { MAX_BLOCKS } from './surfaces.ts';
import { interactiveElements, placedBlocks } from './tree.ts';

const CODE = 'invalid_arguments';
const MAX_BYTES = 250_000;

const everyView = {
  private_metadata: string(3000, { min: 0 }),
  callback_id: string(255, { min: 0 }),
  external_id: string(255, { min: 0 }),
};

const VIEWS: Readonly<Record<'modal' | 'home', ObjectRule>> = {
  modal: object('modal', {
    required: { title: plainText(24), blocks: list(BLOCKS, { max: MAX_BLOCKS.modal }) },
    optional: {
      ...everyView,
      submit: plainText(24),
      close: plainText(24),
      clear_on_close: boolean,
      notify_on_close: boolean,
    },
  }),
  home: object('home', {
    required: { blocks: list(BLOCKS, { max: MAX_BLOCKS.home }) },
    optional: everyView,
  }),
};

export function checkView(view: unknown, surface: 'modal' | 'home'): Violation[] {
  if (view === undefined || view === null) {
    return [{ pointer: '', code: CODE, message: 'missing required field: view' }];
  }
  const found = read(VIEWS[surface], view, { surface, code: CODE, at: ['view'] });
  return found.length > 0 || !isObject(view) ? found : checkTogether(view, surface);
}

/** What only the whole shows. Every part has passed by now. */
function checkTogether(view: Json, surface: 'modal' | 'home'): Violation[] {
  return [
    ...duplicateBlockIds(placedBlocks(view.blocks, ['view', 'blocks']), CODE),
    ...(surface === 'modal' ? inputWithoutSubmit(view) : []),
    ...secondFocus(view),
    ...tooLarge(view),
  ];
}

/** Slack's own pointer ends in `/input`, where there is nothing; this one ends at the block. */
function inputWithoutSubmit(view: Json): Violation[] {
  if (view.submit !== undefined) return [];
  const input = placedBlocks(view.blocks, ['view', 'blocks']).find(({ block }) => block.type === 'input');
  if (!input) return [];
  return [
    { pointer: pointerTo(input.path), code: CODE, message: 'must define `submit` to use `input` block' },
  ];
}

function secondFocus(view: Json): Violation[] {
  const focused = interactiveElements(view.blocks).filter(({ element }) => element.focus_on_load === true);
  if (focused.length < 2) return [];
  return [
    { pointer: '/view/blocks', code: CODE, message: 'only one element can set `focus_on_load` to true' },
  ];
}

function tooLarge(view: Json): Violation[] {
  if (Buffer.byteLength(JSON.stringify(view)) <= MAX_BYTES) return [];
  return [{ pointer: '/view', code: 'view_too_large', message: `must be less than ${MAX_BYTES + 1} bytes` }];
}
