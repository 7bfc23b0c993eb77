/** Which event shows where: every event changes the card; what else it changes stands here, once. */

import { owes } from './approval/sign-offs.ts';
import type { Deployment } from './deployment.ts';
import type { DeploymentEvent, EventType } from './events.ts';
import type { EventOf } from './evolver.ts';
import { NOT_STARTED } from './lifecycle.ts';
import {
  aboutActions,
  aboutEscalation,
  aboutObservation,
  aboutOverride,
  aboutReminders,
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
  /** What approvers are asked, or read of it. */
  approvers?: true | ((d: Deployment) => boolean);
  /** The approvers' table of the change request, or what it repeats of the deployment. */
  changeRequest?: true;
  /** Messages of their own that it begins, or that it takes back. */
  notices?: Notices<E>;
}

const isNotStarted = (d: Deployment): boolean => NOT_STARTED.has(d.status);

/** A type of event without a row does not compile. */
const SURFACES: { [T in EventType]: Surfaces<EventOf<T>> } = {
  // What takes another back says so when it begins, in the same moment.
  requested: { note: (d) => (d.terms.takesBack === undefined ? 'thread' : 'none'), approvers: true },
  signed: { note: 'thread', approvers: true, changeRequest: true },
  signed_afterwards: { note: 'thread', approvers: true, changeRequest: true },
  written_up: { note: 'thread', approvers: true },
  delegated: { note: 'thread', approvers: true, changeRequest: true },
  reminded: { note: 'none', notices: aboutReminders },
  escalated: { note: 'thread', notices: aboutEscalation },
  sign_offs_expired: { note: 'thread', approvers: true, changeRequest: true },
  sign_offs_lost: { note: 'thread', approvers: true, changeRequest: true },
  sign_off_withdrawn: { note: 'thread', approvers: true, changeRequest: true },
  revised: { note: 'thread', approvers: true, changeRequest: true },
  // A pipeline's passing gates stand on the card.
  gate_reported: { note: (_d, { passed }) => (passed ? 'none' : 'thread'), approvers: isNotStarted },
  other_build_registered: { note: 'channel' },
  artifact_refused: { note: 'channel' },
  // What one person ticks at once is one line.
  item_ticked: { note: (d, event) => (isFirstTick(d, event) ? 'thread' : 'none') },
  item_unticked: { note: 'thread' },
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
  calendar_overridden: { note: 'thread', notices: aboutOverride },
  started: { note: 'channel', approvers: (d) => owes(d) || offersWithdrawal(d), changeRequest: true },
  step_started: { note: 'thread', stage: true },
  step_completed: { note: 'none', stage: true },
  // On the card and in the stage's report.
  looked: { note: 'none', stage: true },
  held: { note: 'channel', stage: true, notices: aboutActions },
  hold_explained: { note: 'thread', stage: true, notices: aboutActions },
  resumed: { note: 'thread', stage: true, notices: aboutActions },
  promoted: { note: 'thread', stage: true, notices: aboutActions },
  extended: { note: 'thread', stage: true },
  overran: { note: (_d, { level }) => (level === 'escalated' ? 'channel' : 'thread') },
  signalled: {
    note: (_d, { alerts, criticalErrors }) => (alerts.length + criticalErrors > 0 ? 'thread' : 'none'),
    stage: true,
  },
  signals_lost: { note: 'thread', stage: true },
  problem_reported: { note: 'thread' },
  smoke_started: { note: 'none', stage: true },
  smoke_skipped: { note: 'thread' },
  smoke_reported: { note: (_d, { verdict }) => (verdict === undefined ? 'none' : 'thread'), stage: true },
  verification_started: { note: 'none', stage: true },
  verified: { note: 'channel' },
  observation_unsettled: { note: 'thread', notices: aboutObservation },
  all_clear: { note: (_d, { withheld }) => (withheld === undefined ? 'channel' : 'thread') },
  hand_over_started: { note: 'thread', notices: aboutObservation },
  handed_over: { note: 'thread', notices: aboutObservation },
  rollback_started: {
    note: 'thread',
    stage: true,
    notices: (d, e) => [...aboutObservation(d, e), ...aboutActions(d, e)],
  },
  taken_back: { note: 'channel' },
  rollback_repeated: { note: 'none' },
  rollback_explained: { note: 'thread', notices: aboutActions },
  rolled_back: { note: 'channel', notices: aboutActions },
  rollback_failed: { note: 'channel', notices: aboutActions },
  rejected: { note: 'thread', approvers: true, changeRequest: true },
  expired: { note: 'thread', approvers: true, changeRequest: true },
  cancelled: { note: 'thread', approvers: true, changeRequest: true },
  // Told to the person privately (CH-6).
  attempt_refused: { note: 'none' },
  backend_troubled: { note: 'thread' },
  backend_recovered: { note: 'none' },
};

export function surfacesOf(event: DeploymentEvent): Surfaces {
  return SURFACES[event.type] as Surfaces;
}

/** A message of theirs offers what is no longer possible once it has started. */
function offersWithdrawal({ approval: { reminders } }: Deployment): boolean {
  return reminders.some(({ about }) => about === 'change_request' || about === 'words');
}

function isFirstTick(d: Deployment, event: EventOf<'item_ticked'>): boolean {
  const [first] = tickedWith(d, event);
  return first?.item === event.item && first.role === event.role;
}
