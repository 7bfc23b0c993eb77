/** Which event shows where: every event changes the card; what else it changes stands here, once. */

import { owes } from './approval/sign-offs.ts';
import type { Deployment } from './deployment.ts';
import { type LiveMessage, NEWS, type News } from './effects.ts';
import type { DeploymentEvent, EventType } from './events.ts';
import type { EventOf } from './evolver.ts';
import { NOT_STARTED } from './lifecycle.ts';
import {
  aboutActions,
  aboutCall,
  aboutEscalation,
  aboutObservation,
  aboutOverride,
  aboutReason,
  aboutReminders,
  aboutReview,
  type Notices,
} from './notices.ts';
import { tickedWith } from './readiness/readiness.ts';
import { shortNotice } from './request/notice.ts';

/** A line in the timeline: none, one in the thread, or one that the channel sees as well, for milestones. */
export type Line = 'none' | 'thread' | 'channel';

export interface Surfaces<E extends DeploymentEvent = DeploymentEvent> {
  note: Line | ((d: Deployment, event: E) => Line);
  /** What the report of the last stage says or offers. */
  stage?: true;
  /** What approvers are asked, or read of it: all of them, or only whoever it can read differently for. */
  approvers?: true | ((d: Deployment) => boolean) | { only(d: Deployment, event: E): readonly string[] };
  /** The approvers' table of the change request, or what it repeats of the deployment. */
  changeRequest?: true;
  /** Messages of their own that it begins, or that it takes back. */
  notices?: Notices<E>;
  /** How urgent it is that people hear of it; a milestone unless said. */
  news?: News;
}

const isNotStarted = (d: Deployment): boolean => NOT_STARTED.has(d.status);

/** A type of event without a row does not compile. */
const SURFACES: { [T in EventType]: Surfaces<EventOf<T>> } = {
  // What takes another back says so when it begins, in the same moment.
  requested: {
    note: (d) => (d.terms.takesBack === undefined && d.terms.watched === undefined ? 'thread' : 'none'),
    approvers: true,
  },
  signed: { note: 'thread', approvers: { only: askedForRole }, changeRequest: true },
  signed_afterwards: { note: 'thread', approvers: true, changeRequest: true },
  written_up: { note: 'thread', approvers: true },
  delegated: { note: 'thread', approvers: true, changeRequest: true },
  // The thread calls its lead, and the message of whoever asked says that it did.
  question_asked: { note: 'thread', approvers: true, news: 'action' },
  reminded: { note: 'none', notices: aboutReminders },
  escalated: { note: 'thread', notices: aboutEscalation, news: 'action' },
  got_stuck: { note: 'thread', notices: aboutReminders, news: 'action' },
  sign_offs_expired: { note: 'thread', approvers: true, changeRequest: true },
  sign_offs_lost: { note: 'thread', approvers: true, changeRequest: true },
  sign_off_withdrawn: { note: 'thread', approvers: true, changeRequest: true },
  revised: { note: 'thread', approvers: true, changeRequest: true },
  // A pipeline's passing gates stand on the card.
  gate_reported: { note: (_d, { passed }) => (passed ? 'none' : 'thread'), approvers: isNotStarted },
  other_build_registered: { note: 'channel', news: 'action' },
  artifact_refused: { note: 'channel', news: 'action' },
  // What one person ticks at once is one line.
  item_ticked: { note: (d, event) => (isFirstTick(d, event) ? 'thread' : 'none') },
  // And what one person opens again at once.
  item_unticked: { note: (_d, { said }) => (said ? 'none' : 'thread') },
  evidence_expired: { note: 'thread', approvers: isNotStarted },
  change_request_written: { note: 'thread', approvers: true, changeRequest: true },
  reopened: { note: 'thread', approvers: isNotStarted },
  scheduled: {
    // A start that comes sooner than those who must know were promised (CM-5).
    note: (d) => (shortNotice(d) === undefined ? 'none' : 'thread'),
    approvers: true,
  },
  start_delayed: { note: 'thread' },
  start_cleared: { note: 'thread' },
  calendar_overridden: { note: 'thread', notices: aboutOverride, news: 'action' },
  started: { note: 'channel', approvers: (d) => owes(d) || offersWithdrawal(d), changeRequest: true },
  drifted: { note: 'channel', news: 'action' },
  drift_accepted: { note: 'thread' },
  step_started: { note: 'thread', stage: true },
  step_completed: { note: 'none', stage: true, news: 'look' },
  // On the card and in the stage's report.
  looked: { note: 'none', stage: true, news: 'look' },
  held: { note: 'channel', stage: true, notices: aboutActions, news: 'action' },
  hold_explained: { note: 'thread', stage: true, notices: aboutActions, news: 'action' },
  resumed: { note: 'thread', stage: true, notices: aboutActions, news: 'action' },
  promoted: { note: 'thread', stage: true, notices: aboutActions, news: 'action' },
  extended: { note: 'thread', stage: true },
  overran: { note: (_d, { level }) => (level === 'escalated' ? 'channel' : 'thread'), news: 'action' },
  signalled: {
    note: (_d, { alerts, criticalErrors }) => (alerts.length + criticalErrors > 0 ? 'thread' : 'none'),
    stage: true,
  },
  signals_lost: { note: 'thread', stage: true, news: 'action' },
  problem_reported: { note: 'thread', news: 'action' },
  smoke_started: { note: 'none', stage: true, news: 'look' },
  smoke_skipped: { note: 'thread' },
  smoke_reported: { note: (_d, { verdict }) => (verdict === undefined ? 'none' : 'thread'), stage: true },
  verification_started: { note: 'none', stage: true },
  verified: { note: 'channel' },
  observation_unsettled: { note: 'thread', notices: aboutObservation, news: 'action' },
  all_clear: { note: (_d, { withheld }) => (withheld === undefined ? 'channel' : 'thread') },
  hand_over_started: { note: 'thread', notices: aboutObservation },
  handed_over: { note: 'thread', notices: aboutObservation },
  rollback_started: {
    note: 'thread',
    news: 'rollback',
    stage: true,
    notices: (d, e) => [...aboutObservation(d, e), ...aboutActions(d, e)],
  },
  taken_back: { note: 'channel', news: 'rollback' },
  rollback_repeated: { note: 'none', news: 'rollback' },
  rollback_moved: { note: 'none', stage: true, news: 'rollback' },
  rollback_explained: {
    note: 'thread',
    notices: (d, e) => [...aboutActions(d, e), ...aboutReason(d, e)],
    news: 'rollback',
  },
  reason_reminded: { note: 'none', notices: aboutReason },
  rolled_back: { note: 'channel', stage: true, notices: aboutActions, news: 'rollback' },
  rollback_failed: { note: 'channel', stage: true, notices: aboutActions, news: 'rollback' },
  review_written: { note: 'thread', notices: aboutReview },
  review_reminded: { note: 'none', notices: aboutReview },
  rejected: { note: 'thread', approvers: true, changeRequest: true },
  expired: { note: 'thread', approvers: true, changeRequest: true },
  cancelled: { note: 'thread', approvers: true, changeRequest: true },
  watch_started: { note: 'channel' },
  watch_moved: { note: 'thread' },
  watch_warned: { note: 'channel', news: 'action' },
  watch_ended: { note: 'channel' },
  // Told to the person privately (CH-6).
  attempt_refused: { note: 'none' },
  backend_troubled: { note: 'thread', news: 'action' },
  backend_recovered: { note: 'none' },
  paged: { note: 'thread', notices: aboutActions, news: 'action' },
  // On the card, and in the line that called.
  pager_called: { note: 'none', notices: aboutCall, news: 'action' },
  pager_failed: { note: 'thread', notices: aboutCall, news: 'action' },
  page_taken: { note: 'thread', notices: aboutActions, news: 'action' },
};

export function surfacesOf(event: DeploymentEvent): Surfaces {
  return SURFACES[event.type] as Surfaces;
}

/** While it goes back everything is news of the rollback; whoever is asked has to act, and a line is never only a look. */
export function newsOf(d: Deployment, event: DeploymentEvent, { kind }: LiveMessage): News {
  if (d.status === 'rolling_back') return 'rollback';
  const { news = 'milestone' } = surfacesOf(event);
  const isAsked = kind === 'dm' || kind === 'nudge';
  return moreUrgent(news, isAsked ? 'action' : kind === 'note' ? 'milestone' : 'look');
}

function moreUrgent(one: News, other: News): News {
  return NEWS.indexOf(one) < NEWS.indexOf(other) ? one : other;
}

/** A message of theirs offers what is no longer possible once it has started. */
function offersWithdrawal({ approval: { reminders } }: Deployment): boolean {
  return reminders.some(({ about }) => about === 'change_request' || about === 'words');
}

/** Whoever waits for another role reads what they read before. */
function askedForRole({ terms }: Deployment, { role, by }: EventOf<'signed'>): string[] {
  const others = terms.required.find((one) => one.role === role)?.asked ?? [];
  return [...others.map(({ id }) => id), ...(by.kind === 'person' ? [by.id] : [])];
}

function isFirstTick(d: Deployment, event: EventOf<'item_ticked'>): boolean {
  const [first] = tickedWith(d, event);
  return first?.item === event.item && first.role === event.role;
}
