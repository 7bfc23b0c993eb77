/** What Slack sends as the person wrote it: escapes undone, the links that Slack made unfolded, odd spaces plain. */

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
const TOKEN = /<([^<>|\s]+)(?:\|([^<>]*))?>/g;
const ODD_SPACES = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/g;
const NO_WIDTH = /[\u00AD\u200B\u2060\uFEFF]/g;

/** For anything that a person typed where Slack escapes it: commands and messages, not the fields of modals. */
export function asWritten(text: string): string {
  return text
    .replace(TOKEN, (token: string, inside: string, label = '') => unfolded(token, inside, label))
    .replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(ODD_SPACES, ' ')
    .replace(NO_WIDTH, '');
}

/** The token comes from Slack alone: what a person types in these brackets arrives escaped. */
function unfolded(token: string, inside: string, label: string): string {
  const [sign, rest] = [inside.slice(0, 1), inside.slice(1)];
  if (sign === '#') return `#${label || rest}`;
  if (sign === '@') return label === '' ? token : `@${label}`;
  if (sign === '!') return label || `@${rest}`;
  return linked(inside, label);
}

/** Where Slack made the link of a word, the word; where the address says more, both. */
function linked(address: string, label: string): string {
  const plain = address.replace(/^(?:https?:\/\/|mailto:|tel:)/, '').replace(/\/$/, '');
  if (label === '') return address;
  return label === plain || label === address ? label : `${label} (${address})`;
}
