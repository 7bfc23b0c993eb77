/** A Slack message of any app as lines of plain words: its text is often empty, so attachments and nested blocks are read too. */

import { z } from 'zod';

/** Nobody writes alerts longer than this; what does is read so far, and cannot hold the loop. */
export const MAX = {
  lines: 300,
  lineLength: 600,
  characters: 40_000,
  attachments: 20,
  nodes: 2_000,
  depth: 12,
} as const;

const text = z.string().optional().catch(undefined);

const attachmentSchema = z.object({
  color: text,
  pretext: text,
  author_name: text,
  title: text,
  title_link: text,
  text,
  fallback: text,
  footer: text,
  fields: z
    .array(z.object({ title: text, value: z.coerce.string().optional().catch(undefined) }).catch({}))
    .catch([]),
  blocks: z.unknown().optional(),
});

/** As far as an alert can stand in it; whatever else is in a message does not matter, and nothing is refused. */
export const slackMessageSchema = z.object({
  user: text,
  bot_id: text,
  username: text,
  bot_profile: z.object({ name: text }).optional().catch(undefined),
  text,
  attachments: z.array(attachmentSchema.catch(attachmentSchema.parse({}))).catch([]),
  blocks: z.unknown().optional(),
});

export type SlackMessage = z.infer<typeof slackMessageSchema>;

export interface MessageWords {
  /** The app's name, as far as the message says it. */
  author: string;
  /** Each attachment's title, or the first line there is. */
  titles: string[];
  lines: string[];
  /** Fields of attachments: their title, their value. */
  fields: [string, string][];
  footers: string[];
  colors: string[];
  /** Addresses that titles lead to, and ids of blocks: they tell who wrote it. */
  hints: string[];
}

export function wordsOf(message: SlackMessage): MessageWords {
  const attachments = message.attachments.slice(0, MAX.attachments);
  const inBlocks = blockWords([message.blocks, ...attachments.map(({ blocks }) => blocks)]);
  // Titles and footers first: they are short, and say the most.
  const titles = attachments.flatMap(({ title }) => linesOf([title], 1));
  const footers = linesOf(attachments.map(({ footer }) => footer));
  const lines = linesOf([
    message.text,
    ...attachments.flatMap((one) => [one.pretext, one.author_name, one.text]),
    ...inBlocks.texts,
  ]);
  // A fallback often says nothing; it is read where there is nothing else.
  const fallbacks =
    titles.length > 0 || lines.length > 0 ? [] : linesOf(attachments.map(({ fallback }) => fallback));
  return {
    author: message.username ?? message.bot_profile?.name ?? '',
    titles,
    lines: [...lines, ...fallbacks],
    fields: attachments.flatMap(({ fields }) =>
      fields.slice(0, 50).map(({ title = '', value = '' }): [string, string] => [plain(title), plain(value)]),
    ),
    footers,
    colors: attachments.flatMap(({ color }) =>
      color === undefined ? [] : [color.replace('#', '').toLowerCase()],
    ),
    hints: [
      ...attachments.flatMap(({ title_link: link }) => (link === undefined ? [] : [link.slice(0, 200)])),
      ...inBlocks.hints,
    ],
  };
}

/** Everything that is a text in blocks of any kind, however they nest. */
function blockWords(blocks: unknown): { texts: string[]; hints: string[] } {
  const found = { texts: [] as string[], hints: [] as string[] };
  const waiting: { value: unknown; depth: number }[] = [{ value: blocks, depth: 0 }];
  for (let seen = 0; seen < MAX.nodes; seen += 1) {
    const next = waiting.pop();
    if (next === undefined) break;
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null || depth > MAX.depth) continue;
    const entries = Object.entries(value).slice(0, 200);
    for (const [name, part] of entries) {
      if (typeof part !== 'string') continue;
      if (name === 'text') found.texts.push(part);
      if (name === 'block_id') found.hints.push(part.slice(0, 200));
    }
    // Reversed, because the last that is put there is read first.
    for (const [, part] of entries.toReversed()) waiting.push({ value: part, depth: depth + 1 });
  }
  return found;
}

/** The lines of several texts together, so many at most. */
function linesOf(texts: readonly (string | undefined)[], most: number = MAX.lines): string[] {
  const lines: string[] = [];
  for (const text of texts) {
    if (lines.length >= most) break;
    // Empty lines count too: nobody gets more work done by sending nothing.
    if (text)
      lines.push(
        ...text
          .slice(0, MAX.characters)
          .split('\n', most - lines.length)
          .map(plain),
      );
  }
  return lines.filter(Boolean);
}

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Slack's markup undone: links and channels by their label, entities, quotes, bold and code. */
function plain(said: string): string {
  return said
    .slice(0, MAX.lineLength)
    .replace(
      /<([^<>|]{0,400})(?:\|([^<>]{0,400}))?>/g,
      (_, target: string, label: string | undefined) => label ?? target,
    )
    .replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/[“”„]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/\u00a0/g, ' ')
    .replace(/[*`~]/g, '')
    .trim();
}
