/** The rules of a whole message: its text, its blocks together, and the blocks in its attachments. */
import type { Violation } from '../protocol.ts';
import { BLOCKS } from './blocks.ts';
import { pointerTo, read } from './interpret.ts';
import { characters, readableCharacters } from './measure.ts';
import { isObject, list } from './rule.ts';
import { MAX_BLOCKS } from './surfaces.ts';
import { type PlacedBlock, placedBlocks } from './tree.ts';

export interface MessageArguments {
  text?: unknown;
  blocks?: unknown;
  attachments?: unknown;
}

/**
 * The reference says that Slack cuts text at 40,000 characters; it answers `msg_too_long` from about 4,000 on
 * (seratch/ChatGPT-in-Slack#102).
 */
const MAX_TEXT = 4000;
/** Measured by many, documented nowhere: slackapi/bolt-js#2509. */
const MAX_READABLE = 13_200;
const MAX_MARKDOWN = 12_000;
const MAX_DATA_CELLS = 20_000;
const MAX_ATTACHMENTS = 100;
const MUST_BE_LIST = 'must provide an array';

const messageBlocks = list(BLOCKS, { max: MAX_BLOCKS.message });

type Path = (string | number)[];

const violation = (at: Path, code: string, message: string): Violation => ({
  pointer: pointerTo(at),
  code,
  message,
});
const given = (value: unknown): boolean => value !== undefined && value !== null;
const hasItems = (value: unknown): boolean => given(value) && !(Array.isArray(value) && value.length === 0);

/** An attachment with none of these is drawn as nothing. */
const TO_SEE = [
  ...['pretext', 'author_name', 'title', 'text', 'fallback', 'fields', 'footer', 'blocks'],
  ...['image_url', 'thumb_url', 'actions'],
];
const sayAnything = (attachments: unknown): boolean =>
  Array.isArray(attachments) &&
  attachments.some(
    (one: unknown) => isObject(one) && TO_SEE.some((name) => hasItems(one[name]) && one[name] !== ''),
  );

export function checkMessage({ text, blocks, attachments }: MessageArguments): Violation[] {
  const found = [...checkText(text), ...checkBlocks(blocks), ...checkAttachments(attachments)];
  if (found.length > 0) return found;
  if (!hasItems(blocks) && !sayAnything(attachments) && (!given(text) || text === '')) {
    return [violation(['text'], 'no_text', 'missing required field: text')];
  }
  return checkTogether(blocks, attachments);
}

function checkText(text: unknown): Violation[] {
  if (!given(text)) return [];
  if (typeof text !== 'string') return [violation(['text'], 'invalid_arguments', 'must provide a string')];
  if (text.length <= MAX_TEXT || characters(text) <= MAX_TEXT) return [];
  return [violation(['text'], 'msg_too_long', `must be less than ${MAX_TEXT + 1} characters`)];
}

function checkBlocks(blocks: unknown): Violation[] {
  if (!given(blocks)) return [];
  if (!Array.isArray(blocks)) return [violation(['blocks'], 'invalid_blocks_format', MUST_BE_LIST)];
  return read(messageBlocks, blocks, { surface: 'message', code: 'invalid_blocks', at: ['blocks'] });
}

function checkAttachments(attachments: unknown): Violation[] {
  if (!given(attachments)) return [];
  const code = 'invalid_attachments';
  if (!Array.isArray(attachments)) return [violation(['attachments'], code, MUST_BE_LIST)];
  if (attachments.length > MAX_ATTACHMENTS) {
    return [
      violation(['attachments'], 'too_many_attachments', `no more than ${MAX_ATTACHMENTS} items allowed`),
    ];
  }
  return attachments.flatMap((attachment: unknown, i) => {
    if (!isObject(attachment)) return [violation(['attachments', i], code, 'must provide an object')];
    if (!given(attachment.blocks)) return [];
    return read(messageBlocks, attachment.blocks, {
      surface: 'message',
      code,
      at: ['attachments', i, 'blocks'],
    });
  });
}

/** What only the whole shows. Every part has passed by now. */
function checkTogether(blocks: unknown, attachments: unknown): Violation[] {
  const placed = placedBlocks(blocks, ['blocks']);
  const attached = (Array.isArray(attachments) ? attachments : []).flatMap((one: unknown, i) =>
    placedBlocks(isObject(one) ? one.blocks : [], ['attachments', i, 'blocks']),
  );
  const all = [...placed, ...attached];
  return [
    ...duplicateBlockIds(placed, 'invalid_blocks'),
    ...duplicateBlockIds(attached, 'invalid_attachments'),
    ...secondTable(all),
    ...tooMuch(all, 'markdown', 'text', MAX_MARKDOWN),
    ...tooMuch(all, 'data_table', 'rows', MAX_DATA_CELLS),
    ...tooMuchToRead(blocks),
  ];
}

export function duplicateBlockIds(blocks: readonly PlacedBlock[], code: string): Violation[] {
  const seen = new Set<string>();
  return blocks.flatMap(({ block, path }) => {
    const id = block.block_id;
    if (id === undefined) return [];
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [
      violation(
        [...path, 'block_id'],
        code,
        `\`block_id\` ${JSON.stringify(id)} already exists for another block`,
      ),
    ];
  });
}

/** Slack answers with this code even when the tables stand in `blocks`. */
function secondTable(blocks: readonly PlacedBlock[]): Violation[] {
  const [, second] = blocks.filter(({ block }) => block.type === 'table');
  return second ? [violation(second.path, 'invalid_attachments', 'only_one_table_allowed')] : [];
}

/** Some blocks share one budget among all of their type in a message. */
function tooMuch(blocks: readonly PlacedBlock[], type: string, field: string, limit: number): Violation[] {
  let sum = 0;
  for (const { block, path } of blocks) {
    if (block.type !== type) continue;
    sum += readableCharacters({ [field]: block[field] });
    if (sum > limit) {
      return [violation([...path, field], 'invalid_blocks', `must be less than ${limit + 1} characters`)];
    }
  }
  return [];
}

/** Data tables are left out: their own budget is larger than this one. */
function tooMuchToRead(blocks: unknown): Violation[] {
  const sum = readableCharacters(blocks, (one) => isObject(one) && one.type === 'data_table');
  if (sum <= MAX_READABLE) return [];
  return [violation(['blocks'], 'msg_blocks_too_long', `must be less than ${MAX_READABLE + 1} characters`)];
}
