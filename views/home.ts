/** A person's Home (K-7): what waits for them, what is rolling out, what is scheduled, what has ended. */

import type { HomeView, KnownBlock } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import { actions, button, context, DIVIDER, header, section } from './blocks.ts';
import { type CalendarContent, dayLines, sections, standingLines } from './calendar.ts';
import { goesWords, name, title } from './deployment-words.ts';
import { noGoRow, owedRow, waitingRow } from './home-waiting.ts';
import { lookSentence } from './look-words.ts';
import { rollBackButton } from './rollback-buttons.ts';
import { heldButtons, holdButton, promoteButtons } from './rollout-buttons.ts';
import { stageBar } from './stage-bar.ts';
import { statusSince, statusWords } from './status-words.ts';
import { capitalised, code, dateTime, inline, listOf } from './text.ts';
import { startsWords, waitingWords } from './waiting-words.ts';
import { watchingLines } from './watched-words.ts';

export const HOME_ACTIONS = { schedule: 'home.schedule' } as const;

/** Some of a list, and how long all of it is. */
export interface Some {
  deployments: readonly Deployment[];
  total: number;
}

export interface HomeContent {
  /** Slack user id of whoever looks. */
  viewer: string;
  /** What this person can end the wait of, as it is to be read. */
  waiting: Some;
  /** Ended lately by a no-go, and asked for by this person. */
  refused: Some;
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
const MAX_ROWS = { waiting: 8, refused: 3, owed: 6, underWay: 8, scheduled: 10, recent: 8 } as const;

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
      ...waitingPart(content),
      ...part('Owed after an emergency or a rollback', content.owed, MAX_ROWS.owed, owedRow),
      ...part('Rolling out now', content.underWay, MAX_ROWS.underWay, rollingOut),
      ...part('Scheduled', content.scheduled, MAX_ROWS.scheduled, scheduled),
      ...calendarPart(content.calendar),
      ...part('Recently finished', content.recent, MAX_ROWS.recent, finished),
      ...quietLine(content),
    ],
  };
}

function waitingPart({ viewer, waiting, refused }: HomeContent): KnownBlock[] {
  const rows = [
    ...part('Waiting for you', waiting, MAX_ROWS.waiting, (d) => waitingRow(d, viewer)),
    ...listed(refused, MAX_ROWS.refused, noGoRow),
  ];
  if (rows.length === 0) return [DIVIDER, header('Waiting for you'), context('Nothing waits for you.')];
  return waiting.deployments.length > 0 ? rows : [DIVIDER, header('Waiting for you'), ...rows];
}

/** Days and standing closures; nothing where there are none. */
function calendarPart(content: CalendarContent | undefined): KnownBlock[] {
  if (content === undefined) return [];
  return [
    ...linesPart('Next two weeks', dayLines(content)),
    ...linesPart('Freezes and locks', standingLines(content)),
  ];
}

function linesPart(heading: string, lines: string[]): KnownBlock[] {
  return lines.length === 0 ? [] : [DIVIDER, header(heading), ...sections(lines)];
}

/** Whatever is empty, in one line in place of a heading each. */
function quietLine({ underWay, scheduled, calendar, recent }: HomeContent): KnownBlock[] {
  const quiet = [
    ...(isEmpty(underWay) ? ['rolling out'] : []),
    ...(isEmpty(scheduled) ? ['scheduled'] : []),
    ...(calendar !== undefined && dayLines(calendar).length === 0 ? ['planned in the next two weeks'] : []),
    ...(calendar !== undefined && standingLines(calendar).length === 0 ? ['frozen', 'locked'] : []),
    ...(isEmpty(recent) ? ['finished lately'] : []),
  ];
  return quiet.length === 0 ? [] : [DIVIDER, context(`Nothing is ${listOf(quiet, 'or', quiet.length)}.`)];
}

const isEmpty = ({ deployments }: Some): boolean => deployments.length === 0;

function part(
  heading: string,
  some: Some,
  most: number,
  draw: (d: Deployment) => KnownBlock[],
): KnownBlock[] {
  return isEmpty(some) ? [] : [DIVIDER, header(heading), ...listed(some, most, draw)];
}

function listed(
  { deployments, total }: Some,
  most: number,
  draw: (d: Deployment) => KnownBlock[],
): KnownBlock[] {
  const rows = deployments.slice(0, most);
  const left = Math.max(total, deployments.length) - rows.length;
  return [...rows.flatMap(draw), ...(left > 0 ? [context(`and ${left} more: ${code('/deploy list')}`)] : [])];
}

function rollingOut(d: Deployment): KnownBlock[] {
  if (d.status === 'watched_only') return [section(`*${title(d)}*  ·  ${d.id}`, ...watchingLines(d))];
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
