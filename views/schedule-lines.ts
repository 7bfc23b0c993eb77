/** What the schedule form says beside its fields: of the version, of the start, and of what comes of it when it is sent. */

import type { KnownBlock } from '@slack/types';
import { changeTypeWords } from '../src/terms/change.ts';
import { inEnvironmentBefore } from './before-words.ts';
import { button, context, section } from './blocks.ts';
import { changesInFull } from './changes-words.ts';
import { rolledBackWords } from './comes-back-words.ts';
import { criteriaLines } from './criteria.ts';
import { noticeWords } from './notice-words.ts';
import { guardLines } from './rule-words.ts';
import type { Form, ScheduleContext } from './schedule-form.ts';
import { capitalised, dateTime, duration, inline, listOf, plural, truncateEscaped } from './text.ts';

/** Slack takes 3,000 characters in one element. */
const MAX_GUARDS = 2_900;

export const SCHEDULE_BUTTONS = {
  /** Shows what lies behind it. */
  unfold: 'schedule.unfold',
  /** Asks for the version where it can go first. */
  goThereFirst: 'schedule.go_there_first',
} as const;

/** What runs there, what the version is, and how far it has come. */
export function aboutVersion(form: Form): KnownBlock[] {
  const { about } = form;
  const lines = [
    ...runningLines(form),
    ...releaseLines(about),
    ...(about.changes === undefined ? [] : changesInFull(about.changes, form.chosen.database)),
    ...cameFromLines(form),
  ];
  return [...(lines.length === 0 ? [] : [context(...lines)]), ...notYet(form)];
}

function runningLines({ chosen: { environment }, about: { running: now } }: Form): string[] {
  if (now === undefined || environment === undefined) return [];
  const where = inline(environment, 40);
  if (now.version === null) return [`Nothing runs in ${where} yet`];
  const since = now.since === undefined ? '' : ` since ${dateTime(now.since)}`;
  return [`Running in ${where} now: ${inline(now.version, 60)}${since}`];
}

function releaseLines({ release }: ScheduleContext): string[] {
  if (release === undefined) return [];
  const title = inline(release.title ?? '', 100);
  return [
    `${inline(release.version, 60)} was built ${dateTime(release.builtAt)}${title === '' ? '' : ` · ${title}`}`,
  ];
}

function cameFromLines({ chosen: { version = '' }, about: { cameFrom } }: Form): string[] {
  if (cameFrom === undefined || (cameFrom.since === undefined && cameFrom.isRequired)) return [];
  return [
    inEnvironmentBefore(cameFrom) ??
      `${inline(version, 60)} has not completed in ${inline(cameFrom.environment, 40)}`,
  ];
}

/** Why it cannot go there, with the way to where it can (GT-8); what is broken does not wait for that. */
function notYet({ chosen, about }: Form): KnownBlock[] {
  const { version, environment, metadata } = chosen;
  const { cameFrom } = about;
  if (cameFrom === undefined || !cameFrom.isRequired || cameFrom.since !== undefined) return [];
  if (version === undefined || environment === undefined || about.base === 'emergency') return [];
  const [before, here] = [inline(cameFrom.environment, 40), inline(environment, 40)];
  const line = `⛔ ${inline(version, 60)} has not completed in ${before} yet, so ${here} is closed to it.`;
  if (metadata.revises !== undefined) return [section(line)];
  return [
    {
      ...section(line),
      block_id: `notYet:${cameFrom.environment}`.slice(0, 255),
      accessory: button({
        action: SCHEDULE_BUTTONS.goThereFirst,
        text: `Deploy it to ${cameFrom.environment}`,
        value: cameFrom.environment,
        label: `Deploy ${version} to ${cameFrom.environment} first`,
      }),
    },
  ];
}

/** What happened stands above the field that asks why it is right now. */
export function rolledBackLine({ about: { rolledBack } }: Form): KnownBlock[] {
  return rolledBack === undefined ? [] : [section(`⏪ ${rolledBackWords(rolledBack)}`)];
}

/** What speaks for the start that is chosen or offered, in one place. */
export function aboutStart({ about: { nextStart, shortNotice, criteria, approval } }: Form): KnownBlock[] {
  const offered = criteria === undefined || criteria.at === nextStart;
  // What is announced ahead says so where it says what comes of it.
  const isOpening = nextStart !== undefined && nextStart !== approval?.earliest;
  const next = isOpening ? `Next open: ${dateTime(nextStart)}` : '';
  const lines = [
    ...(next === '' ? [] : [offered ? `*${next}*` : next]),
    ...(criteria === undefined || offered ? [] : [`*Start ${dateTime(criteria.at)}*`]),
    ...(criteria === undefined ? [] : criteriaLines(criteria).map((line) => `• ${line}`)),
    ...(shortNotice === undefined ? [] : [noticeWords(shortNotice)]),
  ];
  return lines.length === 0 ? [] : [context(...lines)];
}

/** What happens when this is sent. */
export function consequences(form: Form): string[] {
  const { chosen, about } = form;
  const { power } = about;
  return [
    ...(about.approval === undefined
      ? []
      : approvalWords(chosen, about.approval, about.needs?.changeRequest === true)),
    ...needsWords(about.needs),
    ...(power === undefined || power.length === 0
      ? []
      : [`At its usual traffic, ${listOf(power, 'and', 8)}.`]),
    watchWords(form),
    ...(chosen.metadata.revises === undefined
      ? []
      : [
          'A go falls, and is asked for again, with another version, plan, start outside its window, kind of change, risk or database. Who changes one of these will not be able to sign it.',
        ]),
  ];
}

function watchWords(form: Form): string {
  const watched = `Watched for ${duration(form.about.guarded.safeguards.observeFor)} after the last stage`;
  return showsGuards(form) ? `${watched}.` : `${watched}; rolled back by itself if it gets worse.`;
}

/** At which figures it acts by itself, where everything is open: the strategy is chosen with them in sight (AN-2, AN-3). */
export function aboutGuards(form: Form): KnownBlock[] {
  if (!showsGuards(form)) return [];
  const lines = guardLines(form.about.guarded).map((line) => `• ${line}`);
  return [context(truncateEscaped(['*By itself*', ...lines].join('\n'), MAX_GUARDS))];
}

const showsGuards = ({ chosen: { metadata, service, environment } }: Form): boolean =>
  metadata.unfolded === true && service !== undefined && environment !== undefined;

function approvalWords(
  { when, environment, changeType }: Form['chosen'],
  approval: NonNullable<ScheduleContext['approval']>,
  isWrittenFirst: boolean,
): string[] {
  const roles = listOf(
    approval.signOffs.map((role) => inline(role, 40)),
    'and',
    8,
  );
  const start = when === 'ready' ? 'at once' : 'at that time';
  const words = {
    none: `No sign-off is needed in ${inline(environment ?? '', 40)}: it starts ${start}.`,
    before: `Needs a go from ${roles} before it starts. They are asked when ${isWrittenFirst ? 'its lead has written the change request' : 'you send this'}.`,
    afterwards: `It starts ${start} without a go. ${capitalised(roles)} are asked now, and owe theirs once it has started.`,
  };
  const { earliest } = approval;
  return [
    ...(earliest === undefined
      ? []
      : [
          `A ${changeTypeWords(changeType)} change is announced ahead: it can start from ${dateTime(earliest)} on.`,
        ]),
    words[approval.when],
  ];
}

function needsWords(needs: ScheduleContext['needs']): string[] {
  if (needs === undefined) return [];
  const { gates, changeRequest, required, optional } = needs;
  const waited = [
    ...(gates === 0 ? [] : [plural(gates, 'gate')]),
    ...(changeRequest ? ['a change request'] : []),
    ...(required === 0 ? [] : [plural(required, 'checklist item')]),
  ];
  const shown = `${plural(optional, 'checklist item is', 'checklist items are')} not waited for`;
  const words = [
    ...(waited.length === 0 ? [] : [`it waits for ${listOf(waited)}`]),
    ...(optional === 0 ? [] : [shown]),
  ];
  return words.length === 0 ? [] : [`${capitalised(words.join('; '))}.`];
}
