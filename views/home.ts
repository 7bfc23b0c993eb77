/** A person's Home (K-7): what waits for them, what is rolling out, what is scheduled, what has ended. */

import type { HomeView, KnownBlock } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import { actions, button, context, DIVIDER, header, section } from './blocks.ts';
import { type CalendarContent, dayLines, sections, standingLines } from './calendar.ts';
import { owedButtons } from './card-buttons.ts';
import {
  goButton,
  heldButtons,
  holdButton,
  noGoButton,
  promoteButtons,
  rollBackButton,
} from './deployment-actions.ts';
import { changeWords, goesWords, name, title } from './deployment-words.ts';
import { lookSentence } from './look-words.ts';
import { allOwedWords } from './owed-words.ts';
import { stageBar } from './stage-bar.ts';
import { statusSince, statusWords } from './status-words.ts';
import { capitalised, code, dateTime, inline, quote } from './text.ts';
import { startsWords, waitingWords } from './waiting-words.ts';

export const HOME_ACTIONS = { schedule: 'home.schedule' } as const;

/** Some of a list, and how long all of it is. */
export interface Some {
  deployments: readonly Deployment[];
  total: number;
}

export interface HomeContent {
  /** The oldest first. */
  waiting: Some;
  /** Emergencies and rollbacks that owe what this person can give, or sees to as the lead. */
  owed: Some;
  /** Traffic is moving, held or going back. */
  underWay: Some;
  /** The next one first. */
  scheduled: Some;
  /** Two weeks of windows, starts, freezes and locks. */
  calendar?: CalendarContent;
  /** The newest first. */
  recent: Some;
}

/** With these, all parts together stay far below the 100 blocks of a Home. */
const MAX_ROWS = { waiting: 8, owed: 6, underWay: 8, scheduled: 10, recent: 8 } as const;

/** For somebody who may see nothing here. */
export function renderClosedHome(why: string): HomeView {
  return { type: 'home', callback_id: 'home', blocks: [section(inline(why, 500))] };
}

export function renderHome(content: HomeContent): HomeView {
  return {
    type: 'home',
    callback_id: 'home',
    blocks: [
      ...actions('home.top', [
        button({
          action: HOME_ACTIONS.schedule,
          text: 'Schedule a deployment',
          style: 'primary',
          value: 'new',
        }),
      ]),
      ...part('Waiting for you', content.waiting, MAX_ROWS.waiting, waitingFor, 'Nothing waits for you.'),
      ...(content.owed.deployments.length === 0
        ? []
        : part('Owed after an emergency or a rollback', content.owed, MAX_ROWS.owed, owed, '')),
      ...part('Rolling out now', content.underWay, MAX_ROWS.underWay, rollingOut, 'Nothing is rolling out.'),
      ...part('Scheduled', content.scheduled, MAX_ROWS.scheduled, scheduled, 'Nothing is scheduled.'),
      ...calendarPart(content.calendar),
      ...part('Recently finished', content.recent, MAX_ROWS.recent, finished, 'Nothing has finished yet.'),
    ],
  };
}

function calendarPart(content: CalendarContent | undefined): KnownBlock[] {
  if (content === undefined) return [];
  const days = dayLines(content);
  const standing = standingLines(content);
  return [
    DIVIDER,
    header('Next two weeks'),
    ...(days.length === 0 ? [context('No window, nothing scheduled.')] : sections(days)),
    DIVIDER,
    header('Freezes and locks'),
    ...(standing.length === 0 ? [context('Nothing is frozen or locked.')] : sections(standing)),
  ];
}

function part(
  heading: string,
  { deployments, total }: Some,
  most: number,
  draw: (d: Deployment) => KnownBlock[],
  none: string,
): KnownBlock[] {
  const shown = deployments.slice(0, most);
  const left = Math.max(total, deployments.length) - shown.length;
  return [
    DIVIDER,
    header(heading),
    ...(shown.length === 0 ? [context(none)] : shown.flatMap(draw)),
    ...(left > 0 ? [context(`and ${left} more: ${code('/deploy list')}`)] : []),
  ];
}

function waitingFor(d: Deployment): KnownBlock[] {
  const summary = inline(d.terms.details.summary, 200);
  const said = summary === '' ? '' : `: ${quote(d.terms.details.summary, 200)}`;
  return [
    section(
      `*${title(d)}*  ·  ${d.id}`,
      `${waitingWords(d)} · ${startsWords(d)}`,
      `Asked for by ${name(d.requestedBy)}${said}`,
    ),
    context(changeWords(d)),
    ...actions(`home.waiting.${d.id}`, [goButton(d), noGoButton(d)]),
  ];
}

function owed(d: Deployment): KnownBlock[] {
  return [
    section(`*${title(d)}*  ·  ${d.id}  ·  ${statusWords(d)}`, `Owed: ${allOwedWords(d)}`),
    ...actions(`home.owed.${d.id}`, owedButtons(d)),
  ];
}

function rollingOut(d: Deployment): KnownBlock[] {
  const look = d.rollout?.stages.at(-1)?.lastLook;
  const state =
    d.status === 'rolling_out' || d.status === 'verifying'
      ? [stageBar(d), ...(look ? [lookSentence(look)] : [])]
      : d.status === 'held'
        ? [
            `✋ Held since ${dateTime(d.rollout?.hold?.at ?? d.requestedAt)}: ${inline(d.rollout?.hold?.reason ?? '', 200) || 'no reason given'}`,
            stageBar(d),
          ]
        : [
            `⏪ Going back to ${inline(d.previous ?? 'no version at all', 60)} since ${dateTime(statusSince(d))}`,
          ];
  return [
    section(`*${title(d)}*  ·  ${d.id}  ·  lead ${name(d.terms.details.lead)}`, ...state),
    ...actions(`home.rolling.${d.id}`, buttons(d)),
  ];
}

function buttons(d: Deployment) {
  if (d.status === 'rolling_out') return [...promoteButtons(d), holdButton(d), rollBackButton(d)];
  if (d.status === 'held') return heldButtons(d);
  return d.status === 'verifying' ? [holdButton(d), rollBackButton(d)] : [];
}

function scheduled(d: Deployment): KnownBlock[] {
  const when = d.start.at === undefined ? startsWords(d) : `starts ${dateTime(d.start.at)}`;
  const ready = d.status === 'scheduled' ? goesWords(d) : waitingWords(d);
  return [section(`*${title(d)}*  ·  ${d.id}`, `${ready} · ${when} · lead ${name(d.terms.details.lead)}`)];
}

function finished(d: Deployment): KnownBlock[] {
  const why = d.rollback?.why ?? (d.status === 'handed_over' ? undefined : d.ending?.reason);
  const reason = why === undefined ? '' : ` · ${inline(why, 150)}`;
  return [
    section(
      `*${title(d)}*  ·  ${d.id}`,
      `${capitalised(statusWords(d))} · ${dateTime(statusSince(d))}${reason}`,
    ),
  ];
}
