/** Rich text: the one block that nests, and the pieces it is written with. */
import { link as url } from './composition.ts';
import { COLOR } from './forms.ts';
import {
  boolean,
  choice,
  integer,
  list,
  type ObjectRule,
  object,
  oneOf,
  type Shape,
  string,
} from './rule.ts';

const textStyle = object(undefined, {
  optional: { bold: boolean, italic: boolean, strike: boolean, code: boolean, underline: boolean },
});

/** Clients add three marks of their own to mentions, and Slack takes them back. */
const mentionStyle = object(undefined, {
  optional: {
    bold: boolean,
    italic: boolean,
    strike: boolean,
    code: boolean,
    underline: boolean,
    highlight: boolean,
    client_highlight: boolean,
    unlink: boolean,
  },
});

function piece(type: string, required: Shape['required'] = {}, optional: Shape['optional'] = {}): ObjectRule {
  return object(type, { required, optional: { style: textStyle, ...optional } });
}

const written = piece('text', { text: string() });
const link = piece('link', { url }, { text: string(), unsafe: boolean });

const PIECES = choice([
  written,
  link,
  piece('broadcast', { range: oneOf('here', 'channel', 'everyone') }, { style: mentionStyle }),
  piece('channel', { channel_id: string() }, { style: mentionStyle }),
  piece('color', { value: string(undefined, { form: COLOR }) }),
  piece(
    'date',
    { timestamp: integer(0, Number.MAX_SAFE_INTEGER), format: string() },
    { url, fallback: string() },
  ),
  piece('emoji', { name: string() }, { unicode: string(), url, skin_tone: integer(1, 6) }),
  piece('team', { team_id: string() }, { style: mentionStyle }),
  piece('user', { user_id: string() }, { style: mentionStyle }),
  piece('usergroup', { usergroup_id: string() }, { style: mentionStyle }),
]);

const border = integer(0, 1);
const section = object('rich_text_section', { required: { elements: list(PIECES) } });

const PARTS = choice([
  section,
  object('rich_text_list', {
    required: { elements: list(section), style: oneOf('bullet', 'ordered') },
    optional: { indent: integer(0, 8), offset: integer(0, Number.MAX_SAFE_INTEGER), border },
  }),
  object('rich_text_quote', { required: { elements: list(PIECES) }, optional: { border } }),
  object('rich_text_preformatted', {
    required: { elements: list(choice([written, link])) },
    optional: { border },
  }),
]);

export const richText = object('rich_text', {
  required: { elements: list(PARTS) },
  optional: { block_id: string(255) },
});
