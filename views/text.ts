/** Words and figures for Slack: what people typed made harmless, times in the reader's zone, units with their numbers. */

import { DateTime } from 'luxon';
import { type Duration, HOUR, type Instant, MINUTE, SECOND, withMoments } from '../src/time.ts';

/** Control characters, lone surrogates, and the marks that turn the direction of writing round. */
const HARMFUL = /[\p{Cc}\p{Surrogate}\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text for mrkdwn: also defuses `<!channel>` and `<@U…>`. */
function escapeText(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}

/** One line already, of letters that are never harmful: what nearly all is. */
const PLAIN_LINE = /^[!-~]+(?: [!-~]+)*$/;

/** One line: white space collapsed, invisible and unpaired characters gone. Not escaped. */
export function oneLine(text: string): string {
  if (PLAIN_LINE.test(text)) return text;
  return text.replace(/\s+/g, ' ').replace(HARMFUL, '').trim();
}

/** Text with its line breaks, as a person typed it; at most one empty line in a row. Not escaped. */
export function paragraphs(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.replace(/\t/g, ' ').replace(HARMFUL, '').trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** At most `max` UTF-16 units, the last one an ellipsis where something is missing; no character is cut in two. */
export function truncate(text: string, max: number): string {
  return clip(text, max, (characters) => characters);
}

/** What a person typed, on one line of mrkdwn; the limit counts what Slack counts, escapes included. */
export function inline(text: string, max = 200): string {
  return clip(oneLine(text), max, escapeText);
}

/** As inline code; backticks cannot be escaped, so they go. */
export function code(text: string, max = 80): string {
  return `\`${clip(oneLine(text.replaceAll('`', '')), max, escapeText) || '—'}\``;
}

/** What a person typed, in quotation marks. */
export function quote(text: string, max = 200): string {
  return `“${inline(text, max)}”`;
}

/** At most `max` units of mrkdwn that is escaped already: no entity, mention, date or character is cut in two. */
export function truncateEscaped(text: string, max: number): string {
  if (text.length <= max) return text;
  const whole = text.slice(0, max - 1).replace(/(?:&[a-z]{0,4}|<[^>]*|[\uD800-\uDBFF])$/, '');
  return `${whole.trimEnd()}…`;
}

/** `written` is how each character is written, and so how all of them are. */
function clip(text: string, max: number, written: (text: string) => string): string {
  if (text.length <= max) {
    const whole = written(text);
    if (whole.length <= max) return whole;
  }
  let kept = '';
  for (const character of text) {
    const next = written(character);
    if (kept.length + next.length > max - 1) break;
    kept += next;
  }
  return `${kept.trimEnd()}…`;
}

/** A mention notifies: only for a person who must act. */
export function mention(person: { id: string }): string {
  return `<@${person.id}>`;
}

/**
 * Time and day in the reader's own zone: `14:00 today`, `14:00 January 12th`. Slack writes a day that comes first with
 * a capital, wherever in the sentence it stands.
 */
export function dateTime(at: Instant): string {
  return dateToken(at, '{time} {date_pretty}');
}

/** Moments in a sentence that is escaped already, each in the reader's own zone. */
export function momentsIn(sentence: string): string {
  return withMoments(sentence, dateTime);
}

/** The same as plain text in a zone, for where Slack draws no dates: `Mon 5 Jan 14:00`. */
export function momentsInZone(sentence: string, zone: string): string {
  return withMoments(sentence, (at) => inZone(at, zone));
}

export function inZone(at: Instant, zone: string): string {
  return DateTime.fromMillis(at, { zone, locale: 'en' }).toFormat('ccc d LLL HH:mm');
}

/** The time of day in the reader's own zone. */
export function timeOfDay(at: Instant): string {
  return dateToken(at, '{time}');
}

/** How long ago or how far ahead, as it reads at the moment somebody looks: `3 hours ago`. */
export function ago(at: Instant): string {
  return dateToken(at, '{ago}');
}

/** More than this is no address that a person would open. */
const MAX_URL_LENGTH = 1_000;

/** A link, where the address is one that a browser opens; empty otherwise. */
export function link(address: string | undefined, words: string): string {
  if (address === undefined || !URL.canParse(address)) return '';
  const { protocol, href } = new URL(address);
  const safe = escapeText(href.replaceAll('|', '%7C'));
  const opens = (protocol === 'https:' || protocol === 'http:') && safe.length <= MAX_URL_LENGTH;
  return opens ? `<${safe}|${words}>` : '';
}

function dateToken(at: Instant, format: string): string {
  return `<!date^${Math.floor(at / SECOND)}^${format}|${utc(at)}>`;
}

/** `2026-01-31 14:00 UTC`, where Slack draws no date of its own. */
export function utc(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `45 s`, `12 min`, `3 h 30 min`, `2 days 4 h`: the two largest units that matter. */
export function duration(length: Duration): string {
  const seconds = Math.round(Math.max(0, length) / SECOND);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 600) return units(seconds, 60, 'min', 's');
  const minutes = Math.round((seconds * SECOND) / MINUTE);
  if (minutes < 48 * 60) return units(minutes, 60, 'h', 'min');
  const hours = Math.round((minutes * MINUTE) / HOUR);
  const rest = hours % 24;
  return `${plural(Math.floor(hours / 24), 'day')}${rest === 0 ? '' : ` ${rest} h`}`;
}

function units(total: number, size: number, large: string, small: string): string {
  const most = Math.floor(total / size);
  const rest = total % size;
  return [most === 0 ? '' : `${most} ${large}`, rest === 0 ? '' : `${rest} ${small}`]
    .filter(Boolean)
    .join(' ');
}

/** A measured share in percent: `0.21 %`, `1.9 %`, `47 %`. */
export function percent(share: number): string {
  return `${figure(share)} %`;
}

/** A share of the traffic as the plan says it: `12.5 %`. */
export function traffic(share: number): string {
  return `${Number(share.toFixed(1))} %`;
}

/** `2.1×`, `1.0×` */
export function ratio(times: number): string {
  return `${timesFigure(times)}×`;
}

/** How many times: one decimal below ten, so that a 1 that was measured looks measured. */
export function timesFigure(times: number): string {
  return times >= 0.05 && times < 9.95 ? times.toFixed(1) : figure(times);
}

/** Two digits that matter, more for large numbers: `0.21`, `1.9`, `310`, `4,812`. */
export function figure(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return '—';
  if (size >= 1e12) return value.toPrecision(2);
  if (size >= 10) return count(Math.round(value));
  return String(Number(size >= 1 ? value.toFixed(1) : value.toPrecision(2)));
}

/** One for all: to make one takes longer than the rest of a message's words. */
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `4,812` */
export function count(value: number): string {
  return WHOLE.format(value);
}

/** `1 stage`, `4 stages`. */
export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** `Tom`, `Tom and Sana`, `Tom, Sana and Omar`; long lists end in "and 4 more". */
export function listOf(words: readonly string[], last: 'and' | 'or' = 'and', max = 5): string {
  const shown =
    words.length > max ? [...words.slice(0, max - 1), `${words.length - max + 1} more`] : [...words];
  const end = shown.pop() ?? '';
  return shown.length === 0 ? end : `${shown.join(', ')} ${words.length > max ? 'and' : last} ${end}`;
}

export function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** A reason behind what was done, where one was given. */
export const because = (reason: string | undefined): string => {
  const said = inline(reason ?? '', 300);
  return said === '' ? '' : `: ${said}`;
};
