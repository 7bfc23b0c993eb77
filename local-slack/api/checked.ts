/** Holds what the app sends to Slack's limits: refuses it as Slack does, and records what Slack lets pass. */
import { checkMessage, checkView } from '../block-kit/index.ts';
import { isJson, type Json, listOf, textOf } from '../json.ts';
import type { Violation } from '../protocol.ts';
import { asMessages, SlackError } from '../slack-error.ts';
import type { World } from '../world.ts';
import type { Note } from './method.ts';

export interface Content {
  text?: unknown;
  blocks?: unknown;
  attachments?: unknown;
}

const hasItems = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

/** Throws what is wrong with a message, and notes a fallback text that is missing. */
export function checkContent(world: World, content: Content, note: Note): void {
  const found = [...checkMessage(content), ...unknownFiles(world, content.blocks, '/blocks')];
  refuse(world, found, note);
  if (!textOf(content.text)?.trim() && (hasItems(content.blocks) || hasItems(content.attachments))) {
    note({
      pointer: '/text',
      code: 'no_text',
      message: 'no fallback `text`: notifications and screen readers have nothing to say',
    });
  }
}

export function checkedView(world: World, view: unknown, surface: 'modal' | 'home', note: Note): Json {
  const blocks = isJson(view) ? view.blocks : undefined;
  refuse(world, [...checkView(view, surface), ...unknownFiles(world, blocks, '/view/blocks')], note);
  return isJson(view) ? view : {};
}

function refuse(world: World, found: readonly Violation[], note: Note): void {
  const [first] = found;
  if (first === undefined) return;
  if (!world.strict) {
    for (const violation of found) note(violation);
    return;
  }
  const messages = asMessages(found);
  const errors = first.code === 'invalid_blocks' ? { errors: found.map(describe) } : {};
  throw new SlackError(first.code, { ...errors, ...messages }, [...found]);
}

const describe = ({ message, pointer }: Violation): string => `${message} [json-pointer:${pointer}]`;

/** Slack refuses an image whose file it does not hold, or has not processed yet. */
function unknownFiles(world: World, blocks: unknown, at: string): Violation[] {
  return listOf(blocks).flatMap((block, i) => {
    if (!isJson(block) || !isJson(block.slack_file)) return [];
    const id = textOf(block.slack_file.id);
    const file = id === undefined ? undefined : world.files.get(id);
    if (id === undefined || (file?.complete && file.processedAt <= world.now())) return [];
    return [{ pointer: `${at}/${i}/slack_file`, code: 'invalid_blocks', message: 'invalid slack file' }];
  });
}
