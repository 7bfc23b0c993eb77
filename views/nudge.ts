/** A reminder, or the word to those who must see to what is missing: messages of their own, because they notify. */

import { missingSignOffs, owes, standingGoes, whoCanSign } from '../src/deployment/approval/sign-offs.ts';
import type { ApprovalState, Fall } from '../src/deployment/approval/state.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { DeploymentEvent } from '../src/deployment/events.ts';
import type { EventOf } from '../src/deployment/evolver.ts';
import { NOT_STARTED } from '../src/deployment/lifecycle.ts';
import { nobodyCanEnd } from '../src/deployment/nobody-can-end.ts';
import { renderActionNeeded } from './action-needed.ts';
import { actions, type Rendered, section } from './blocks.ts';
import { unreadWords } from './change-request-words.ts';
import { byName, name, title } from './deployment-words.ts';
import { renderDm } from './dm.ts';
import { owedWords } from './owed-words.ts';
import { owedReviewWords } from './review-words.ts';
import { rollBackButton, sayWhatHappenedButton } from './rollback-buttons.ts';
import { handOverButton } from './rollout-buttons.ts';
import { withdrawButton } from './sign-off-buttons.ts';
import { stuckLines } from './stuck-words.ts';
import { dateTime, inline, listOf, quote, timeOfDay } from './text.ts';
import { reviewButtons } from './writing-buttons.ts';

/** Undefined for an event that reminds nobody. */
export function renderNudge(
  d: Deployment,
  event: DeploymentEvent,
  userId: string,
  card?: string,
): Rendered | undefined {
  if (event.type === 'escalated') return escalation(d, event.role);
  if (event.type === 'held' || event.type === 'rollback_started' || event.type === 'rollback_failed')
    return renderActionNeeded(d, event, card);
  if (isAskedAgain(d, event, userId)) return again(d, event, userId, card);
  if (event.type === 'change_request_written') return changed(d, event, userId);
  if (event.type === 'revised') return reworded(d, event, userId);
  if (event.type === 'sign_offs_lost') return lost(d, event.falls);
  if (event.type === 'got_stuck') return stuck(d, event);
  if (event.type === 'calendar_overridden')
    return said(
      d,
      `${byName(event.by)} lets it start in spite of your freeze or lock: ${quote(event.reason, 300)}`,
      'For all others it stands as you declared it.',
    );
  if (event.type === 'reason_reminded') return reasonMissing(d);
  if (event.type === 'observation_unsettled') return unsettled(d, event.because);
  if (event.type === 'review_reminded') return reviewOwed(d, event);
  if (event.type !== 'reminded') return undefined;
  if ((newestFor(d, userId) ?? event.seq) > event.seq) return said(d, 'You were reminded again since.');
  return renderDm(d, userId, { lead: 'Reminder', card });
}

const isAskedAgain = (d: Deployment, { seq }: DeploymentEvent, userId: string): boolean =>
  d.approval.reminders.some(
    ({ seq: of, about, people }) => of === seq && about === 'again' && people.some(({ id }) => id === userId),
  );

/** Their go fell, or that of another whose role they hold as well. */
function again(d: Deployment, { seq }: DeploymentEvent, userId: string, card?: string): Rendered | undefined {
  if ((newestFor(d, userId, 'again') ?? seq) > seq) return said(d, 'You were asked again since.');
  return renderDm(d, userId, { lead: 'Asked again', card });
}

/** The number of the event that was last told to them in a message of its own. */
function newestFor(
  d: Deployment,
  userId: string,
  about?: ApprovalState['reminders'][number]['about'],
): number | undefined {
  return d.approval.reminders.findLast(
    (reminder) => reminder.about === about && reminder.people.some(({ id }) => id === userId),
  )?.seq;
}

/** Their go stands; what it was given on reads differently now. */
function changed(d: Deployment, { seq }: DeploymentEvent, userId: string): Rendered {
  if ((newestFor(d, userId, 'change_request') ?? seq) > seq) return said(d, 'It has changed again since.');
  const unread = unreadWords(d, userId);
  if (unread === '' || !NOT_STARTED.has(d.status)) return said(d, 'Nothing waits for you here any more.');
  return withdrawable(
    d,
    unread,
    'Your go stands. Read it in the thread; if you would not sign it now, withdraw it.',
  );
}

/** What it was given on and does not bind: those who read it before hear of it. */
function reworded(d: Deployment, event: EventOf<'revised'>, userId: string): Rendered {
  if ((newestFor(d, userId, 'words') ?? event.seq) > event.seq) return said(d, 'It has changed again since.');
  const mine = standingGoes(d).filter(({ person }) => person.id === userId);
  if (!NOT_STARTED.has(d.status) || mine.length === 0) return said(d, 'Nothing waits for you here any more.');
  const { changes, by } = event;
  const summary = changes.includes('summary') ? [`It says now: ${quote(d.terms.details.summary, 500)}`] : [];
  const what = listOf(
    changes.map((change) => inline(change, 80)),
    'and',
    8,
  );
  return withdrawable(
    d,
    [`Since your go, ${byName(by)} changed: ${what}.`, ...summary].join('\n'),
    'Your go stands. If you would not sign it now, withdraw it.',
  );
}

function withdrawable(d: Deployment, ...lines: string[]): Rendered {
  const { text, blocks = [] } = said(d, ...lines);
  return { text, blocks: [...blocks, ...actions('nudge.actions', [withdrawButton(d)])] };
}

/** To the lead: whoever held the role alone leaves nobody to be asked. */
function lost(d: Deployment, falls: readonly Fall[]): Rendered {
  const missing = missingSignOffs(d).filter(({ role }) => falls.some((fall) => fall.role === role));
  if (d.status !== 'preparing' || missing.length === 0)
    return said(d, 'A go was lost here. Nothing waits for you any more.');
  const why = falls.map(
    ({ person, why }) => `the go of ${name(person)} does not count any more (${inline(why, 120)})`,
  );
  const others = missing
    .flatMap((required) => whoCanSign(d, required))
    .filter(({ id }) => !falls.some(({ person }) => person.id === id));
  const asked =
    others.length === 0
      ? 'nobody else was asked: somebody must be given the role'
      : `ask ${listOf(others.map(name), 'or')}`;
  return said(
    d,
    `⚠️ It can't start: ${listOf(why)}.`,
    `It needs another go as ${listOf(missing.map((required) => inline(required.name, 40)))}: ${asked}.`,
  );
}

/** To the lead, who alone can see to it: as it is now, whatever it was when it was told. */
function stuck(d: Deployment, { seq }: DeploymentEvent): Rendered {
  const newest = d.approval.reminders.findLast(({ about }) => about === 'stuck')?.seq ?? seq;
  const ends = nobodyCanEnd(d);
  if (newest > seq) return said(d, 'You were told again since.');
  if (ends.length === 0) return said(d, 'Nobody could say go or tick here. Nothing waits for you any more.');
  return said(d, "⚠️ It can't start as it is:", ...stuckLines(ends));
}

/** To whoever knows, once. */
function reasonMissing(d: Deployment): Rendered {
  const reason = d.rollback?.reason;
  if (reason !== undefined) return said(d, `Why it was rolled back is in the record: ${quote(reason, 300)}`);
  const { text, blocks = [] } = said(
    d,
    `It was rolled back ${dateTime(d.rollback?.startedAt ?? 0)}, and nobody has said why.`,
    'A few words are enough: whoever asks for this version again reads them.',
  );
  return { text, blocks: [...blocks, ...actions('nudge.actions', [sayWhatHappenedButton(d)])] };
}

/** To the lead, with the two ways on. */
function unsettled(d: Deployment, because: string): Rendered {
  if (d.status !== 'observing')
    return said(d, `It was not settled: ${inline(because, 300)}. It is decided by now.`);
  const asks = 'It is not handed over by itself. Hand it over with a reason, or roll it back.';
  const { text, blocks = [] } = said(d, `🟡 Your decision is needed: ${inline(because, 300)}`, asks);
  return { text, blocks: [...blocks, ...actions('nudge.actions', [handOverButton(d), rollBackButton(d)])] };
}

/** To its lead, and in the end to on-call as well. */
function reviewOwed(d: Deployment, { seq }: DeploymentEvent): Rendered {
  const { written, reminders = [] } = d.review ?? {};
  if (written !== undefined)
    return said(d, `Done: ${name(written.by)} wrote the review at ${timeOfDay(written.at)}.`);
  if ((reminders.at(-1)?.seq ?? seq) > seq) return said(d, 'You were reminded again since.');
  const { text, blocks = [] } = said(
    d,
    `Reminder: it was rolled back, and owes ${owedReviewWords(d)}.`,
    'What happened, why, and what is done about it: anyone with a role can write it.',
  );
  return { text, blocks: [...blocks, ...actions('nudge.actions', reviewButtons(d))] };
}

function escalation(d: Deployment, role: string): Rendered {
  const you = `You are told as ${inline(role, 40)}: remind them, or see that somebody else holds the role.`;
  if (owes(d)) return said(d, `It started without its sign-offs, and still owes: ${owedWords(d)}`, you);
  const missing = missingSignOffs(d).map((required) => {
    const people = listOf(whoCanSign(d, required).map(name), 'or');
    return `${inline(required.name, 40)} (${people === '' ? 'nobody who may sign holds this role' : people})`;
  });
  if (d.status !== 'preparing' || missing.length === 0) return said(d, 'Nothing is missing any more.');
  return said(
    d,
    `A go is missing since ${dateTime(d.approval.askedAt ?? d.requestedAt)}: ${listOf(missing, 'and', 8)}`,
    you,
  );
}

function said(d: Deployment, ...lines: string[]): Rendered {
  const text = [`*${title(d)}* · ${d.id}`, ...lines];
  return { text: text.join('\n').replaceAll('*', ''), blocks: [section(...text)] };
}
