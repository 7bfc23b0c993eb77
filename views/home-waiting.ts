/** What waits for a person, as rows of their Home (K-7): what it is, what to do, and the buttons that do it. */

import type { Button, KnownBlock } from '@slack/types';
import { missingSignOffs, whoCanSign } from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { openOfTheirOwn } from '../src/deployment/readiness/readiness.ts';
import { type Matter, mattersOf } from '../src/deployment/waiting-for.ts';
import { actions, context, section } from './blocks.ts';
import { owedButtons } from './card-buttons.ts';
import { byName, changeRequestId, changeWords, ifItFails, name, release, title } from './deployment-words.ts';
import { allOwedWords } from './owed-words.ts';
import { rollBackButton, sayWhatHappenedButton } from './rollback-buttons.ts';
import { handOverButton, heldButtons } from './rollout-buttons.ts';
import { goButton, noGoButton } from './sign-off-buttons.ts';
import { stageBar } from './stage-bar.ts';
import { statusSince, statusWords } from './status-words.ts';
import { dateTime, inline, listOf, oneLine, plural, quote } from './text.ts';
import { startsWords, waitingWords } from './waiting-words.ts';
import { againButton, changeRequestButton, checklistButton, detailsButton } from './writing-buttons.ts';

/** More items than this are counted. */
const MAX_ITEMS = 3;

interface Row {
  lines(d: Deployment, personId: string): string[];
  buttons(d: Deployment): Button[];
}

/** What moves traffic or is broken comes first, whatever its age. */
const isUrgent = (d: Deployment): boolean =>
  d.status === 'held' || d.status === 'failed' || d.rollout?.finalWatch?.unsettled !== undefined;

const ROWS: Record<Exclude<Matter, 'owed'>, Row> = {
  sign_off: {
    lines: (d, personId) => [
      `Your go is needed as ${rolesOf(d, personId)}`,
      `${waitingWords(d)} · ${startsWords(d)}`,
      `Asked for by ${name(d.requestedBy)}${saidOf(d)}`,
    ],
    buttons: (d) => [goButton(d), noGoButton(d)],
  },
  change_request: {
    lines: (d) => [
      `Write its change request ${changeRequestId(d)}: it is neither asked about nor started before that is there`,
    ],
    buttons: (d) => [changeRequestButton(d)],
  },
  items: { lines: (d) => [itemsWords(d)], buttons: (d) => [checklistButton(d)] },
  hold: {
    lines: (d) => [
      `✋ Held since ${dateTime(d.rollout?.hold?.at ?? d.requestedAt)}: ${inline(d.rollout?.hold?.reason ?? '', 200) || 'no reason given'}`,
      stageBar(d),
      `Decide. It stays like this until somebody does, watched, ${ifItFails(d)}.`,
    ],
    buttons: heldButtons,
  },
  explanation: {
    lines: (d) => [
      d.status === 'failed'
        ? `🛑 The rollback failed: ${inline(d.ending?.reason ?? '', 200)}. Look at the backend now, and say what happened.`
        : `⏪ Rolled back by GoNoGo: ${inline(d.rollback?.why ?? '', 200)}. Look at why, and say what happened.`,
    ],
    buttons: (d) => [detailsButton(d), sayWhatHappenedButton(d)],
  },
  observation: {
    lines: (d) => [
      `🟡 Not settled: ${inline(d.rollout?.finalWatch?.unsettled?.because ?? '', 200)}`,
      'Decide: hand it over with a reason, or roll it back.',
    ],
    buttons: (d) => [handOverButton(d), rollBackButton(d)],
  },
};

export function waitingRow(d: Deployment, personId: string): KnownBlock[] {
  const rows = mattersOf(d, personId).flatMap((matter) => (matter === 'owed' ? [] : [ROWS[matter]]));
  return [
    section(`*${title(d)}*  ·  ${d.id}`, ...rows.flatMap((row) => row.lines(d, personId))),
    context(changeWords(d)),
    ...actions(
      `home.waiting.${d.id}`,
      rows.flatMap((row) => row.buttons(d)),
    ),
  ];
}

/** A no-go on what this person asked for: it ended there, and is theirs to change. */
export function noGoRow(d: Deployment): KnownBlock[] {
  const { ending } = d;
  const why = inline(ending?.reason ?? '', 300) || 'no reason given';
  const who = ending === undefined ? 'an approver' : byName(ending.by);
  return [
    section(
      `*${title(d)}*  ·  ${d.id}`,
      `⛔ No-go from ${who}${ending === undefined ? '' : `, ${dateTime(ending.at)}`}: ${why}`,
      `Change what it needs, then deploy ${release(d)} again.`,
    ),
    ...actions(`home.no_go.${d.id}`, [againButton(d)]),
  ];
}

export function owedRow(d: Deployment): KnownBlock[] {
  return [
    section(`*${title(d)}*  ·  ${d.id}  ·  ${statusWords(d)}`, `Owed: ${allOwedWords(d)}`),
    ...actions(`home.owed.${d.id}`, owedButtons(d)),
  ];
}

/** The oldest first, but what is urgent before all. */
export function inOrder(deployments: readonly Deployment[]): Deployment[] {
  return deployments.toSorted(
    (a, b) => Number(isUrgent(b)) - Number(isUrgent(a)) || statusSince(a) - statusSince(b),
  );
}

function rolesOf(d: Deployment, personId: string): string {
  const mine = missingSignOffs(d).filter((required) =>
    whoCanSign(d, required).some(({ id }) => id === personId),
  );
  return listOf(
    mine.map((required) => inline(required.name, 40) || required.role),
    'or',
  );
}

function saidOf({ terms: { details } }: Deployment): string {
  return oneLine(details.summary) === '' ? '' : `: ${quote(details.summary, 200)}`;
}

function itemsWords(d: Deployment): string {
  const items = openOfTheirOwn(d, d.status === 'observing' ? 'hand_over' : 'start');
  const names = listOf(
    items.map(({ text }) => inline(text, 80)),
    'and',
    MAX_ITEMS,
  );
  const before = d.status === 'observing' ? 'before the hand-over' : 'before the start';
  return `${plural(items.length, 'checklist item')} ${items.length === 1 ? 'is' : 'are'} open ${before}: ${names}`;
}
