/** Attachments as Slack keeps them: numbered, with a fallback, and cut where they are too long. */
import { withBlockIds } from '../block-kit/index.ts';
import { shortId } from '../ids.ts';
import { isJson, type Json, listOf, textOf } from '../json.ts';
import type { Block } from '../protocol.ts';

/** Where Slack has nothing to say, this is what notifications say. */
const NO_PREVIEW = '[no preview available]';

/** In characters. What is longer is cut in silence, not refused (integrations/slack#812, Seldaek/monolog#1311). */
const ATTACHMENT_LIMITS = { text: 8_000, pretext: 8_000, footer: 300, field: 2_000 } as const;

const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${[...text].slice(0, most).join('')}...`;

const cutText = (attachment: Json, name: 'text' | 'pretext' | 'footer'): Json => {
  const text = textOf(attachment[name]);
  return text === undefined ? {} : { [name]: cut(text, ATTACHMENT_LIMITS[name]) };
};

function keptField(field: Json): Json {
  return {
    title: textOf(field.title) ?? '',
    value: cut(String(field.value ?? ''), ATTACHMENT_LIMITS.field),
    short: field.short === true,
  };
}

export function keptAttachments(attachments: unknown): Json[] {
  return listOf(attachments)
    .filter(isJson)
    .map((attachment, i) => {
      const { color, fields, blocks, ...rest } = attachment;
      return {
        ...rest,
        ...cutText(attachment, 'text'),
        ...cutText(attachment, 'pretext'),
        ...cutText(attachment, 'footer'),
        id: i + 1,
        fallback: textOf(attachment.fallback) || NO_PREVIEW,
        ...(typeof color === 'string' && { color: keptColor(color) }),
        ...(Array.isArray(fields) && { fields: fields.filter(isJson).map(keptField) }),
        ...(Array.isArray(blocks) && { blocks: withBlockIds(blocks as Block[], shortId) }),
      };
    });
}

const NAMED: Readonly<Record<string, string>> = { good: '2eb886', warning: 'daa038', danger: 'a30200' };

/** Slack keeps six digits, whatever it was given. */
const keptColor = (color: string): string => NAMED[color] ?? color.replace(/^#/, '').toLowerCase();
