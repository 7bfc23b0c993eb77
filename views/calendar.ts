/** The calendar as people see it: what stands now, and two weeks by day, in the reader's own zone. */

import type { KnownBlock } from '@slack/types';
import { DateTime } from 'luxon';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Freeze } from '../src/policy/calendar/freezes.ts';
import type { Lock } from '../src/policy/calendar/locks.ts';
import type { Place, Scope } from '../src/policy/calendar/scope.ts';
import type { Instant } from '../src/time.ts';
import { context, inWords, type Rendered, section, sectionsOf } from './blocks.ts';
import { name, title } from './deployment-words.ts';
import { statusWords } from './status-words.ts';
import { code, dateTime, inline, listOf, quote } from './text.ts';

export interface WindowShown extends Scope {
  name: string;
  from: Instant;
  to: Instant;
}

export interface CalendarContent {
  now: Instant;
  until: Instant;
  /** IANA zone of who reads. */
  zone: string;
  windows: readonly WindowShown[];
  scheduled: readonly Deployment[];
  freezes: readonly Freeze[];
  locks: readonly Lock[];
}

/** More of a day than this is counted. */
const MAX_PER_DAY = 12;

export function renderCalendar(content: CalendarContent, about?: string): Rendered {
  const heading = `The next two weeks${about === undefined ? '' : ` of ${inline(about, 60)}`}`;
  const days = dayLines(content);
  const lines = days.length === 0 ? ['No window, nothing scheduled, no freeze and no lock.'] : days;
  const zone = `Times are in your zone, ${inline(content.zone, 60)}.`;
  return {
    text: inWords([heading, ...lines, zone]).replaceAll('*', ''),
    blocks: [section(`*${heading}*`), ...sections(lines), context(zone)],
  };
}

/** When each place may be deployed to next; unset where no time comes in three weeks. */
export function renderNextWindows(
  chances: readonly { place: Place; open: { from: Instant; to?: Instant } | undefined }[],
  now: Instant,
): Rendered {
  const lines = chances
    .slice(0, MAX_PER_DAY * 3)
    .map(
      ({ place, open }) =>
        `${inline(place.service, 40)} in ${inline(place.environment, 40)}: ${openWords(open, now)}`,
    );
  const left = chances.length - lines.length;
  const more = left > 0 ? [`and ${left} more: name a service to see them`] : [];
  const heading = 'The next window';
  return {
    text: inWords([heading, ...lines, ...more]),
    blocks: [section(`*${heading}*`), ...sections([...lines, ...more])],
  };
}

function openWords(open: { from: Instant; to?: Instant } | undefined, now: Instant): string {
  if (open === undefined) return 'none in the next three weeks';
  const until = open.to === undefined ? '' : ` until ${dateTime(open.to)}`;
  if (open.from <= now) return `open now${until || ', at any time'}`;
  return `from ${dateTime(open.from)}${until}`;
}

/** Freezes and locks that stand or will, with how to end them. */
export function standingLines({ freezes, locks }: Pick<CalendarContent, 'freezes' | 'locks'>): string[] {
  return [
    ...freezes.map(
      (freeze) =>
        `🧊 ${scope(freeze)} frozen from ${dateTime(freeze.from)} until ${dateTime(freeze.until)} · ${freeze.by === undefined ? 'planned' : name(freeze.by)}: ${quote(freeze.reason)} · ${endOf(freeze)}`,
    ),
    ...locks.map(
      (lock) =>
        `🔒 ${lockedPlace(lock)} locked until ${dateTime(lock.until)} · ${name(lock.holder)}: ${quote(lock.reason)}`,
    ),
  ];
}

const endOf = ({ id, by }: Freeze): string =>
  by === undefined ? 'in gonogo.yml' : code(`/deploy unfreeze ${id}`);

/** A heading per day with what happens on it. */
export function dayLines(content: CalendarContent): string[] {
  const entries = [
    ...content.windows.map((window) => windowEntry(window, content)),
    ...content.scheduled.map((d) => deploymentEntry(d, content)),
    ...content.freezes.map((freeze) => freezeEntry(freeze, content)),
    ...content.locks.map((lock) => lockEntry(lock, content)),
  ].filter(({ at }) => at < content.until);
  const days = new Map<string, Entry[]>();
  for (const entry of entries.toSorted((a, b) => a.at - b.at)) {
    const day = dayOf(entry.at, content.zone);
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days].flatMap(([day, all]) => [
    `*${day}*`,
    ...all.slice(0, MAX_PER_DAY).map(({ words }) => words),
    ...(all.length > MAX_PER_DAY ? [`and ${all.length - MAX_PER_DAY} more`] : []),
  ]);
}

/** As much of them as Home has room for. */
export function sections(lines: readonly string[]): KnownBlock[] {
  return sectionsOf(lines).slice(0, 4);
}

interface Entry {
  at: Instant;
  words: string;
}

function windowEntry(window: WindowShown, { now, zone }: CalendarContent): Entry {
  const at = Math.max(window.from, now);
  return {
    at,
    words: `🟢 ${timeOf(at, zone)}–${timeOf(window.to, zone)} ${inline(window.name, 60)}: ${scope(window)}`,
  };
}

function deploymentEntry(d: Deployment, { now, zone }: CalendarContent): Entry {
  const { start } = d.terms.envelope;
  const at = Math.max(now, d.start.waiting?.until ?? d.start.at ?? (start.kind === 'at' ? start.at : now));
  return { at, words: `🚀 ${timeOf(at, zone)} ${title(d)} · ${d.id} · ${inline(statusWords(d), 60)}` };
}

function freezeEntry(freeze: Freeze, { now, zone }: CalendarContent): Entry {
  const at = Math.max(freeze.from, now);
  const by = freeze.by === undefined ? 'planned' : name(freeze.by);
  return {
    at,
    words: `🧊 ${timeOf(at, zone)} ${scope(freeze)} frozen until ${dayOf(freeze.until, zone)} ${timeOf(freeze.until, zone)} · ${by}: ${quote(freeze.reason)}`,
  };
}

function lockEntry(lock: Lock, { now, zone }: CalendarContent): Entry {
  const at = Math.max(lock.from, now);
  return {
    at,
    words: `🔒 ${timeOf(at, zone)} ${lockedPlace(lock)} locked until ${dayOf(lock.until, zone)} ${timeOf(lock.until, zone)} · ${name(lock.holder)}: ${quote(lock.reason)}`,
  };
}

/** Escaped. */
export function scope({ services, environments }: Scope): string {
  const what = services === undefined ? 'everything' : listOf(services.map((one) => inline(one, 40)));
  return environments === undefined
    ? what
    : `${what} in ${listOf(environments.map((one) => inline(one, 40)))}`;
}

/** Escaped. */
export function lockedPlace({ service, environment }: Pick<Lock, 'service' | 'environment'>): string {
  return environment === undefined
    ? inline(service, 40)
    : `${inline(service, 40)} in ${inline(environment, 40)}`;
}

const dayOf = (at: Instant, zone: string): string =>
  DateTime.fromMillis(at, { zone, locale: 'en' }).toFormat('ccc d LLL');
const timeOf = (at: Instant, zone: string): string => DateTime.fromMillis(at, { zone }).toFormat('HH:mm');
