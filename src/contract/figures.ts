/** Figures in a contract's sentences: one duration or one share, and on which side of it is right. */

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

/** On which side of its figure a sentence is right; `exact` where it does not say. */
type Side = 'below' | 'at_most' | 'at_least' | 'above' | 'about' | 'exact';

const SIDES: readonly (readonly [RegExp, Side])[] = [
  [/(?:<=|≤|\b(?:at most|up to|no more than|not more than|max(?:imum)?(?: of)?)) *$/, 'at_most'],
  [/(?:>=|≥|\b(?:at least|no less than|min(?:imum)?(?: of)?)) *$/, 'at_least'],
  [/(?:<|\b(?:under|below|less than|fewer than)) *$/, 'below'],
  [/(?:>|\b(?:over|above|more than)) *$/, 'above'],
  [/(?:±|\+\/-|\+-) *$/, 'about'],
  [/\bwithin *$/, 'at_most'],
];

const UNITS: readonly (readonly [RegExp, Duration])[] = [
  [/^s(?:ec(?:ond)?s?)?$/, SECOND],
  [/^m(?:in(?:ute)?s?)?$/, MINUTE],
  [/^h(?:(?:ou)?rs?)?$/, HOUR],
  [/^d(?:ays?)?$/, DAY],
  [/^w(?:eeks?)?$/, 7 * DAY],
];

const DURATION = /(?<![\d.,\w])(\d{1,6}(?:\.\d{1,3})?)[ -]?([a-z]{1,7})(?![\w%])/g;
const SHARE = /(?<![\d.,\w])(\d{1,3}(?:\.\d{1,6})?) ?(?:%|percent\b)/g;

interface Figure {
  value: number;
  side: Side;
}

/** Long sentences are prose: no figure is looked for in them. */
const MAX_LENGTH = 2_000;

/** Two years: whoever writes more of a deployment means something else, and no date may follow from it (OP-9). */
const MAX_DURATION: Duration = 730 * DAY;

/** The one duration of a sentence; undefined where it names none or several. */
export function durationIn(text: string): Figure | undefined {
  return only(text, DURATION, (figure, unit) => {
    const size = UNITS.find(([pattern]) => pattern.test(unit))?.[1];
    const length = size === undefined ? undefined : Math.round(figure * size);
    return length !== undefined && length <= MAX_DURATION ? length : undefined;
  });
}

export function shareIn(text: string): Figure | undefined {
  return only(text, SHARE, (figure) => (figure <= 100 ? figure : undefined));
}

function only(
  text: string,
  pattern: RegExp,
  valueIn: (figure: number, unit: string) => number | undefined,
): Figure | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const words = text.toLowerCase();
  const found = [...words.matchAll(pattern)].flatMap((match): Figure[] => {
    const value = valueIn(Number(match[1]), match[2] ?? '');
    if (value === undefined) return [];
    const ahead = words.slice(Math.max(0, match.index - 20), match.index);
    return [{ value, side: SIDES.find(([side]) => side.test(ahead))?.[1] ?? 'exact' }];
  });
  const [first, ...more] = found;
  return first !== undefined && more.every(({ value, side }) => value === first.value && side === first.side)
    ? first
    : undefined;
}

/** A limit from above: `<60 minutes`, `within 60 minutes`, `60 minutes`. */
export const isUpper = ({ side }: Figure): boolean => ['below', 'at_most', 'exact'].includes(side);
export const isLower = ({ side }: Figure): boolean => ['at_least', 'exact'].includes(side);
