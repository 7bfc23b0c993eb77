/** From when until when, and why, in the words of a freeze or a lock: `checkout until tomorrow 9am because …`. */

import type { Duration, Instant } from '../time.ts';
import { type Asked, type ReadMoment, readMoment } from './moment.ts';
import { readSpan } from './span.ts';
import { saidBy, type Word, wordsOf } from './word.ts';

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

const BECAUSE = /(?:^|\s)(?:because(?: of)?|due to)(?:\s|:\s|$)|:\s+|\s+—\s+|\s+--\s+/i;
const WHEN = /(?:^|\s)(from|starting|until|till?|through|for)\s+/i;
const FILLERS = new Set(['in', 'on', 'of', 'and', 'to', 'the', 'at', '&']);

export function readPeriod(text: string, asked: Asked): Period {
  const cut = BECAUSE.exec(text);
  const head = cut === null ? text : text.slice(0, cut.index);
  const reason = cut === null ? '' : text.slice(cut.index + cut[0].length).trim();
  const [places = '', ...times] = head.trim().split(WHEN);
  const period = new Reading(asked);
  const names = period.withoutDay(wordsOf(places.replaceAll(',', ' ')));
  for (let index = 0; index + 1 < times.length; index += 2)
    period.take(times[index]?.toLowerCase() ?? '', times[index + 1]?.trim() ?? '');
  return { ...period.result, names: names.filter(({ lower }) => !FILLERS.has(lower)), reason };
}

class Reading {
  readonly result: Omit<Period, 'names' | 'reason'> = { notes: [] };
  private readonly asked: Asked;

  constructor(asked: Asked) {
    this.asked = asked;
  }

  /** A day after the names, with no word before it, is that whole day. */
  withoutDay(words: Word[]): Word[] {
    for (let first = 1; first < words.length; first += 1) {
      const read = readMoment(saidBy(words.slice(first)), this.asked);
      if (!read.ok || read.dayEnds === undefined) continue;
      this.set('from', read);
      this.set('until', { ...read, at: read.dayEnds });
      return words.slice(0, first);
    }
    return words;
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
    const read = readMoment(said, { ...this.asked, ...(after === undefined ? {} : { after }) });
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
