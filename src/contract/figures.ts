/**
 * Figures in a contract's sentences: one duration or one share, and on which side of it is right. A sentence whose
 * words could turn the figure round, limit it from elsewhere or make it relative has none: it stays text.
 */

import { DAY, type Duration, HOUR, MINUTE, SECOND } from '../time.ts';

/** What a contract promises in figures. Shares are in percent. */
export type Target =
  /** From the start to all of the traffic. */
  | { kind: 'deployment_time'; within: Duration }
  | { kind: 'downtime'; atMost: Duration }
  | { kind: 'error_rate'; limit: number; bound: 'below' | 'at_most' }
  /** Measured values stay this near to their targets, up or down. */
  | { kind: 'performance'; tolerance: number }
  /** From the hand-over of traffic on, nobody reports an issue for so long. */
  | { kind: 'user_issues'; noneWithin: Duration }
  | { kind: 'monitoring_coverage'; atLeast: number }
  /** The deployment begins so soon after the contract was accepted. */
  | { kind: 'window'; within: Duration }
  | { kind: 'validation'; lasts: Duration }
  | { kind: 'watching'; lasts: Duration }
  | { kind: 'rollback'; within: Duration }
  /** Stakeholders know so long before the start. */
  | { kind: 'notice'; ahead: Duration }
  /** They are told so soon after the end that all is well. */
  | { kind: 'all_clear'; within: Duration };

export type TargetKind = Target['kind'];

/** On which side of its figure a sentence is right; `exact` where it does not say, `roughly` where it is no limit. */
type Side = 'below' | 'at_most' | 'at_least' | 'above' | 'about' | 'roughly' | 'exact';

/** What may stand between a limit and its figure: `within the next 48 hours`. */
const FILLER = '(?: (?:a|an|the|of|next|first|full|total|maximum|minimum|whole))*';

const ahead = (words: string, signs = ''): RegExp =>
  new RegExp(`(?:${signs === '' ? '' : `(?:${signs})|`}\\b(?:${words})${FILLER}) *$`);

/** Words ahead of a figure, the longest first: `no later than` is not `later than`. */
const AHEAD: readonly (readonly [RegExp, Side])[] = [
  [
    ahead(
      "(?:no|not|never) (?:more|later|longer|greater|higher|slower) than|(?:not|never|mustn't|must not|may not|cannot) exceed|not (?:over|above|beyond|exceeding)|without exceeding",
    ),
    'at_most',
  ],
  [
    ahead(
      '(?:no|not|never) (?:less|fewer|earlier|sooner|shorter|lower) than|not (?:under|below|before)|no (?:less|fewer)',
    ),
    'at_least',
  ],
  [ahead('at most|at the most|up to|max(?:imum)?|limited to|capped at|within|inside', '<=|≤'), 'at_most'],
  [ahead('at least|min(?:imum)?', '>=|≥'), 'at_least'],
  [ahead('under|below|(?:less|fewer|sooner|shorter|lower|earlier|faster) than', '<'), 'below'],
  [
    ahead('over|above|beyond|exceed(?:s|ing)?|(?:more|longer|later|greater|higher|slower) than|after', '>'),
    'above',
  ],
  [/(?:±|\+\/-|\+-) *$/, 'about'],
  [ahead('about|around|approx(?:imately)?\\.?|roughly|circa|ca\\.?|nearly|almost|some', '~|≈'), 'roughly'],
];

/** Words behind a figure: `48 hours at the latest`. */
const BEHIND: readonly (readonly [RegExp, Side])[] = [
  [
    /^ *(?:\(?(?:at (?:the )?(?:most|latest)|max(?:imum)?|or (?:less|fewer|lower|sooner|earlier|faster|under|below|shorter))\b)/,
    'at_most',
  ],
  [
    /^ *(?:\+|\(?(?:at (?:the )?(?:least|earliest|minimum)|min(?:imum)?|or (?:more|longer|later|above|over|greater|higher))\b)/,
    'at_least',
  ],
  [/^ *(?:or so|give or take|approximately|roughly)\b/, 'roughly'],
];

/** Words that turn a sentence round, bind it to something else or leave it open: where one is left over nothing is guessed. */
const TURNING =
  /\b(?:no|not|never|none|nor|neither|without|unless|until|till|instead|rather|cannot|barring|tbd|tbc|maybe|perhaps|possibly|hopefully|ideally|preferably|(?:except|exclud|forb[ia]d|prohibit|avoid)\w*)\b|n['’]t\b|~~/;
/** Words that make a figure one of something else: `10 % lower than today`, `60 minutes per region`. */
const RELATIVE =
  /\b(?:than|times|twice|half|double|triple|per|compared|relative|versus|vs|baseline|previous|prior|usual|today|yesterday|current(?:ly)?|extra|additional(?:ly)?|another|further|(?:improv|reduc|increas|decreas)\w*|(?:fast|slow|high|low|few|short|long|soon|lat|great|small)er|better|worse|earlier|more|less|growth|drop|rise|business|working|office)\b/;

const UNITS: readonly (readonly [RegExp, Duration])[] = [
  [/^s(?:ec(?:ond)?s?)?$/, SECOND],
  [/^m(?:in(?:ute)?s?)?$/, MINUTE],
  [/^h(?:(?:ou)?rs?)?$/, HOUR],
  [/^d(?:ays?)?$/, DAY],
  [/^w(?:eeks?)?$/, 7 * DAY],
];

/** `1.000 minutes` may be a thousand of them, as some write it. */
const DURATION =
  /(?<![\d.,\w])(?![1-9]\d{0,2}\.\d{3}(?!\d))(\d{1,6}(?:\.\d{1,3})?)[ -]?([a-z]{1,7})(?![\w%])/g;
const SHARE = /(?<![\d.,\w])(\d{1,3}(?:\.\d{1,6})?) ?(?:%|percent\b)/g;

/** The other end of a range, a part of a figure, or one that is added, taken away or repeated: `3–5 days`, `every 24 hours`. */
const COUNTED = '(?:\\d|\\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|half))';
const PART_AHEAD = new RegExp(
  `(?:${COUNTED}[ a-z%]*(?:[-–—/+:]|\\b(?:to|and|or))|(?<![+±<>=≤≥~≈\\w/])[-–—+]|\\b(?:between|from|every|each|plus|minus)) *$`,
);
const PART_BEHIND = /^ *(?:(?:[-–—/:±]|\+\/?-) *\d|(?:to|and|or) +\d|each\b|apiece\b)/;

interface Figure {
  value: number;
  side: Side;
}

/** Long sentences are prose: no figure is looked for in them. */
const MAX_LENGTH = 2_000;

/** Two years: whoever writes more of a deployment means something else, and no date may follow from it (OP-9). */
const MAX_DURATION: Duration = 730 * DAY;

/** The one duration of a sentence; undefined where it names none or several. `meant` are words that turn nothing here. */
export function durationIn(text: string, meant?: RegExp): Figure | undefined {
  return only(text, DURATION, meant, (figure, unit) => {
    const size = UNITS.find(([pattern]) => pattern.test(unit))?.[1];
    const length = size === undefined ? undefined : Math.round(figure * size);
    return length !== undefined && length <= MAX_DURATION ? length : undefined;
  });
}

export function shareIn(text: string): Figure | undefined {
  return only(text, SHARE, undefined, (figure) => (figure <= 100 ? figure : undefined));
}

function only(
  text: string,
  pattern: RegExp,
  meant: RegExp | undefined,
  valueIn: (figure: number, unit: string) => number | undefined,
): Figure | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const words = text.toLowerCase();
  const matches = [...words.matchAll(pattern)].flatMap((match) => {
    const value = valueIn(Number(match[1]), match[2] ?? '');
    return value === undefined ? [] : [{ value, from: match.index, to: match.index + match[0].length }];
  });
  const found = matches.map(({ value, from, to }) => {
    const read = sideOf(words.slice(Math.max(0, from - MAX_AHEAD), from), words.slice(to));
    return read && { value, side: read.side, from: from - read.ahead, to: to + read.behind };
  });
  const [first, ...more] = found;
  if (first === undefined) return undefined;
  if (more.some((other) => other === undefined || other.value !== first.value || other.side !== first.side))
    return undefined;
  const rest = without(
    words,
    found.filter((one) => one !== undefined),
  ).replace(meant ?? /$^/, ' ');
  return TURNING.test(rest) || RELATIVE.test(rest) ? undefined : { value: first.value, side: first.side };
}

/** Of a limit and what may fill it. */
const MAX_AHEAD = 60;

/** What limits a figure, and how many characters around it say so; undefined where it is no figure of its own. */
function sideOf(before: string, after: string): { side: Side; ahead: number; behind: number } | undefined {
  if (PART_AHEAD.test(before) || PART_BEHIND.test(after)) return undefined;
  const ahead = firstOf(AHEAD, before);
  const behind = firstOf(BEHIND, after);
  const side = ahead?.side ?? behind?.side ?? 'exact';
  const agree = ahead === undefined || behind === undefined || side === behind.side;
  if (!agree && !(side === 'below' && behind.side === 'at_most')) return undefined;
  return { side, ahead: ahead?.length ?? 0, behind: behind?.length ?? 0 };
}

function firstOf(
  sides: readonly (readonly [RegExp, Side])[],
  words: string,
): { side: Side; length: number } | undefined {
  for (const [pattern, side] of sides) {
    const [match] = pattern.exec(words) ?? [];
    if (match !== undefined) return { side, length: match.length };
  }
  return undefined;
}

/** From the end on, so that the places of those ahead stay. */
const without = (words: string, parts: readonly { from: number; to: number }[]): string =>
  parts.toReversed().reduce((rest, { from, to }) => `${rest.slice(0, from)} ${rest.slice(to)}`, words);

/** A limit from above: `<60 minutes`, `within 60 minutes`, `60 minutes`. */
export const isUpper = ({ side }: Figure): boolean => ['below', 'at_most', 'exact'].includes(side);
/** A limit from below: `at least 24 hours`, `24 hours`. */
export const isLower = ({ side }: Figure): boolean => ['at_least', 'exact'].includes(side);
