/** How a team tags its versions: `v{semver}`, `checkout@{semver}`, `{date}.{number}`, `{sha}`. */

const NUMBER = '(?:0|[1-9]\\d*)';
const PART = `(?:${NUMBER}|\\d*[a-zA-Z-][0-9a-zA-Z-]*)`;

/** What stands in braces, as a regular expression without anchors. */
const PLACES = {
  /** As semver.org defines it, a pre-release and build metadata included. */
  semver: `${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-${PART}(?:\\.${PART})*)?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?`,
  /** 2026.11.27, 2026-11-27 or 20261127. */
  date: '(?:19|20)\\d\\d([.-]?)(?:0?[1-9]|1[0-2])\\1(?:0?[1-9]|[12]\\d|3[01])',
  number: '\\d{1,18}',
  sha: '[0-9a-f]{7,64}',
} as const;

export const VERSION_PLACES = Object.keys(PLACES) as (keyof typeof PLACES)[];
/** What a version is where the policy says nothing of it. */
const USUAL_VERSION = 'v{semver}';
/** Characters of a version wherever one is taken: what a Git tag, a path and a person can write. */
export const VERSION_SHAPE = /^[A-Za-z0-9][A-Za-z0-9._+@/-]{0,99}$/;

const PLACE = /\{([a-z]+)\}/g;
const LITERAL = /^[A-Za-z0-9._+@/-]*$/;

/** One place at least, none unknown, and nothing around them that a version cannot have. */
export function isVersionPattern(pattern: string): boolean {
  const places = [...pattern.matchAll(PLACE)].map(([, place = '']) => place);
  const isKnown = places.every((place) => Object.hasOwn(PLACES, place));
  return places.length > 0 && isKnown && LITERAL.test(pattern.replace(PLACE, ''));
}

/** Whether the whole of it is written in one of these ways. */
export function isTagged(version: string, patterns: readonly string[] = [USUAL_VERSION]): boolean {
  return VERSION_SHAPE.test(version) && patterns.some((pattern) => expressionOf(pattern).test(version));
}

const made = new Map<string, RegExp>();

function expressionOf(pattern: string): RegExp {
  const before = made.get(pattern);
  if (before !== undefined) return before;
  const expression = new RegExp(`^${sourceOf(pattern)}$`);
  made.set(pattern, expression);
  return expression;
}

function sourceOf(pattern: string): string {
  let groups = 0;
  return pattern
    .split(/(\{[a-z]+\})/)
    .map((piece) => {
      const place = VERSION_PLACES.find((one) => piece === `{${one}}`);
      if (place === undefined) return piece.replace(/[.+/-]/g, '\\$&');
      if (place !== 'date') return PLACES[place];
      groups += 1;
      return PLACES.date.replace('\\1', `\\${groups}`);
    })
    .join('');
}
