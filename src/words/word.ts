/** Single words of what a person typed, without the marks that people and keyboards put around them. */

export interface Word {
  /** As it was typed. */
  said: string;
  /** Without the marks around it: “Checkout”, is Checkout. */
  bare: string;
  /** The same in small letters. */
  lower: string;
}

const MARKS = `"'“”„‟«»‹›‘’‚‛\`*_~()\\[\\]{}`;
const BEFORE = new RegExp(`^(?:[${MARKS}#]|https?://)+`);
const AFTER = new RegExp(`[${MARKS},.;:!?…]+$`);

export function wordOf(said: string): Word {
  const inner = said.replace(BEFORE, '').replace(AFTER, '');
  // Nothing but marks: they are the word, such as "?".
  const bare = (inner === '' ? said : inner).normalize('NFKC');
  return { said, bare, lower: bare.toLowerCase() };
}

export function wordsOf(text: string): Word[] {
  return text
    .trim()
    .split(/\s+/)
    .filter((said) => said !== '')
    .map(wordOf);
}

/** As it was typed again. */
export function saidBy(words: readonly Word[]): string {
  return words.map(({ said }) => said).join(' ');
}

const POLITE = new Set(['please', 'pls', 'plz', 'thx', 'thanks', 'ty', 'cheers']);
/** As people see it, or as Slack writes it: `:rocket:`, `:+1::skin-tone-2:`. */
const PICTURES =
  /^(?:(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|[\u200D\uFE0F])+|(?::[a-z0-9_+'-]+:)+)$/iu;
const ARROW = /^(?:[→⇒➜➡]\uFE0F?|[-=]+>)$/u;

/** Said to be kind, and meaning nothing: "pls", "thx!", an emoji. */
export const isCourtesy = ({ said, lower }: Word): boolean => POLITE.has(lower) || PICTURES.test(said);

export const isArrow = ({ said }: Word): boolean => ARROW.test(said);

export const withoutCourtesies = (text: string): string =>
  saidBy(wordsOf(text).filter((word) => !isCourtesy(word)));
