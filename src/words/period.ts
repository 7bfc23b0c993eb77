/** From when until when, and why, in the words of a freeze or a lock: `checkout until tomorrow 9am because …`. */

import { defined } from '../defined.ts';
import type { Duration, Instant } from '../time.ts';
import { type Asked, type ReadMoment, readMoment } from './moment.ts';
import { withDays, withRange } from './range.ts';
import { MAX_TIME_WORDS, readSpan } from './span.ts';
import { isCourtesy, saidBy, type Word, wordsOf } from './word.ts';

export interface Period {
  /** What stands before the times. */
  names: Word[];
  from?: Instant;
  until?: Instant;
  reason: string;
  /** What is not understood, or contradicts itself. */
  problem?: string;
  /** What a person would not expect of what was understood. */
  notes: string[];
}

/** The colon that ends `:fire:` leads to nothing; a dash before a figure may lead to the end of a span of time. */
const BECAUSE =
  /(?:^|\s)(?:because(?: of)?|due to)(?:\s|:\s|$)|(?<!(?:^|\s)(?::[\w+'-]{1,40}:)?:[\w+'-]{1,40}):\s+|;\s+|\s+—\s+|\s+--\s+|\s+[-–]\s+(?!\d)/i;
/** What can only be a time, and is no name. */
const TIME =
  /^(?:today|tonight|tomorrow|yesterday|every|each|next|this|coming|weekends?|\d{1,2}(?:[:.]\d\d)?(?:am|pm|h)?(?:[-–—].*)?|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?(?:[-–—].*)?)$/i;
const WHEN = /(?:^|\s)(from|starting|until|till?|through|for)\s+/i;
/** Who says a time twice may mean it; nobody says more of them (OP-9). */
const MAX_TIMES = 8;
const FILLERS = new Set(['in', 'on', 'of', 'and', 'to', 'the', 'at', '&']);

export function readPeriod(typed: string, asked: Asked): Period {
  const text = withDays(typed, asked);
  const cut = BECAUSE.exec(text);
  const head = plainly(cut === null ? text : text.slice(0, cut.index));
  const reason = cut === null ? '' : text.slice(cut.index + cut[0].length).trim();
  const [places = '', ...times] = withRange(head, asked).split(WHEN);
  const period = new Reading(asked);
  const names = period.withoutTimes(wordsOf(places.replaceAll(',', ' ')));
  if (times.length > 2 * MAX_TIMES)
    period.result.problem = `It says from when or until when ${times.length / 2} times: say it once.`;
  for (let index = 0; index + 1 < Math.min(times.length, 2 * MAX_TIMES); index += 2)
    period.take(times[index]?.toLowerCase() ?? '', times[index + 1]?.trim() ?? '');
  return { ...period.result, names: names.filter(({ lower }) => !FILLERS.has(lower)), reason };
}

const plainly = (text: string): string =>
  saidBy(wordsOf(text.replace(/["“”„«»]/g, ' ')).filter((word) => !isCourtesy(word)));

class Reading {
  readonly result: Omit<Period, 'names' | 'reason'> = { notes: [] };
  private readonly asked: Asked;

  constructor(asked: Asked) {
    this.asked = asked;
  }

  /** A day after the names, with no word before it, is that whole day, and a length is how long it lasts. */
  withoutTimes(words: Word[]): Word[] {
    const time = words.findIndex(({ bare }, index) => index > 0 && TIME.test(bare));
    const earliest = Math.max(1, words.length - MAX_TIME_WORDS);
    for (let first = earliest; first <= (time < 0 ? words.length - 1 : time); first += 1)
      if (this.wholly(saidBy(words.slice(first)))) return words.slice(0, first);
    if (time < 0) return words;
    const said = saidBy(words.slice(time));
    this.result.problem ??= /^(?:every|each)\b/i.test(said)
      ? `"${said}" is not understood: what comes again each week stands in gonogo.yml.`
      : `"${said}" is not understood: say from when until when, such as from tomorrow 9:00 until 17:00, or for 2h.`;
    return words.slice(0, time);
  }

  private wholly(said: string): boolean {
    const span = readSpan(said);
    const day = span === undefined ? readMoment(said, this.asked) : undefined;
    const isDay = day?.ok === true && day.dayEnds !== undefined;
    if (span !== undefined) this.lasts(said, span);
    if (isDay) {
      this.set('from', day);
      this.set('until', { ...day, at: day.dayEnds ?? day.at });
    }
    return span !== undefined || isDay;
  }

  take(kind: string, said: string): void {
    if (kind === 'for') {
      this.lasts(said, readSpan(said));
      return;
    }
    const [begin = '', end] = kind === 'from' || kind === 'starting' ? said.split(/\s+to\s+/i) : [said];
    const bound = kind === 'from' || kind === 'starting' ? 'from' : 'until';
    this.bound(bound, begin);
    if (end !== undefined) this.bound('until', end);
  }

  private bound(bound: 'from' | 'until', said: string): void {
    const after = bound === 'until' ? this.result.from : undefined;
    const read = readMoment(said, { ...this.asked, ...defined({ after }) });
    const whole = read.ok && bound === 'until' ? read.dayEnds : undefined;
    this.set(bound, read.ok && whole !== undefined ? { ...read, at: whole } : read);
  }

  private lasts(said: string, span: Duration | undefined): void {
    const from = this.result.from ?? this.asked.now;
    if (span === undefined)
      this.result.problem ??= `"${said}" is not understood as a length of time: say 2h, or 90 minutes.`;
    else this.set('until', { ok: true, at: from + span });
  }

  private set(bound: 'from' | 'until', read: ReadMoment): void {
    const before = this.result[bound];
    if (!read.ok) this.result.problem ??= read.problem;
    else if (before !== undefined && before !== read.at)
      this.result.problem ??= `It says ${bound === 'from' ? 'from when' : 'until when'} twice, and not the same: say it once.`;
    else {
      this.result[bound] = read.at;
      if (read.note !== undefined) this.result.notes.push(read.note);
    }
  }
}
