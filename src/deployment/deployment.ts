/** A deployment: one version to one environment of one service, as its events left it. */

import type { JudgePlan, JudgeState, Look } from '../judge/types.ts';
import type { GateReport } from '../policy/gates.ts';
import type { ChangeRequestPart } from '../terms/change-request.ts';
import type { Hours, Workdays } from '../terms/hours.ts';
import type { By } from '../terms/person.ts';
import type { Plan } from '../terms/plan.ts';
import type { ChecklistItem, Gate } from '../terms/requirements.ts';
import type { Duration, Instant } from '../time.ts';
import type { Status } from './lifecycle.ts';
import type { PlannedEnd } from './rollout/state.ts';
import type { Waiting } from './start/state.ts';

export interface PersonRef {
  /** Slack user id. */
  id: string;
  /** Their name when it was recorded. */
  name: string;
}

/** When it may start: as soon as it is ready, or not before an instant. */
export type Start = { kind: 'when_ready' } | { kind: 'at'; at: Instant };

/** What a sign-off signs (CH-7). Change any of it and the sign-offs that named it fall. */
export interface Envelope {
  service: string;
  environment: string;
  version: string;
  sha: string;
  /** The git tree of the commit, where it is known: a rebase that leaves it the same has changed nothing. */
  tree?: string;
  digest: string;
  plan: Plan;
  start: Start;
}

export const CHANGE_TYPES = ['standard', 'normal', 'emergency'] as const;
export const DEPLOYMENT_TYPES = [
  'feature',
  'bug_fix',
  'security',
  'performance',
  'infrastructure',
  'major_release',
] as const;
export const RISKS = ['low', 'medium', 'high'] as const;
export const DATABASE_CHANGES = ['none', 'additive', 'breaking', 'data_migration'] as const;

export interface Details {
  changeType: (typeof CHANGE_TYPES)[number];
  deploymentType: (typeof DEPLOYMENT_TYPES)[number];
  risk: (typeof RISKS)[number];
  database: (typeof DATABASE_CHANGES)[number];
  summary: string;
  lead: PersonRef;
  onCall: PersonRef;
  /** Where its card lives: a Slack channel id. */
  channel: string;
}

export interface RequiredSignOff {
  role: string;
  /** How the role is called where people read it: "Tech lead". */
  name: string;
  /** How many different people of the role must say go. */
  quorum: number;
  /** Who was asked, by Slack user id; who may sign is asked again at the click. */
  asked: PersonRef[];
}

/** When its sign-offs are asked for, how long they count, and what happens while they are missing; frozen like the rest. */
export interface Approval {
  /** `none`: nobody is asked · `before`: it waits for its sign-offs · `afterwards`: it starts, and then owes them. */
  when: 'none' | 'before' | 'afterwards';
  /** Business days between the request and the earliest start (CH-1). */
  leadTime: number;
  workdays: Workdays;
  /** What is owed after a start without sign-offs, and until when, counted from the start. */
  owed?: { within: Duration; remindEvery: Duration; documentation: boolean };
  /** How long a go counts (CH-8). */
  goLasts?: Duration;
  /** How long a go may be missing before it is asked for again, each time. */
  remindAfter?: Duration;
  /** How long a go may be missing before these are told. */
  escalateAfter?: Duration;
  escalateTo?: { role: string; name: string; people: PersonRef[] };
}

/** A gate that the deployment hears of, and what it must have passed before; `evidence` only ticks checklist items. */
export type RequiredGate = Gate & { before: 'start' | 'hand_over' | 'evidence' };

/** What must be true besides the sign-offs (GT-1 to GT-7, CH-5); frozen like the rest. */
export interface Requirements {
  gates: RequiredGate[];
  checklist: ChecklistItem[];
  /** Whether a change request must be written: before the start, or after it where it is approved afterwards. */
  changeRequest: boolean;
}

/** The newest report of a gate about this release, as the frozen rule judges it. */
export interface GateResult {
  report: GateReport;
  passed: boolean;
  says: string;
  /** It was measured too long ago to count. */
  expired?: true;
}

/** A person ticked an item of the checklist; for one role, where the item asks several. */
export interface Tick {
  item: string;
  role?: string;
  by: PersonRef;
  at: Instant;
  note?: string;
  /** It was given too long ago to count. */
  expired?: true;
}

export const LEVELS = ['low', 'medium', 'high'] as const;
export type Level = (typeof LEVELS)[number];

/** Why and at what risk (CH-5); its type, risk, summary and approvers are the deployment's own. */
export interface ChangeRequest {
  justification: string;
  /** What it touches, in words. */
  components: string;
  /** Expected downtime, 0 for none. */
  downtime: Duration;
  rollbackTime: Duration;
  risks: { risk: string; likelihood: Level; impact: Level; mitigation: string }[];
}

export const CONTACT_ROLES = ['lead', 'on_call', 'escalation'] as const;

/** Whom a run can turn to, frozen but for the phone: a number in a record that is never erased is nobody's wish. */
export interface Contact {
  role: (typeof CONTACT_ROLES)[number];
  person: PersonRef;
  /** When they are there, where the policy says so. */
  hours?: Hours;
}

/** What those who must know are owed; frozen like the rest. */
export interface Communication {
  /** How long ahead of a start they are meant to hear of it (CM-5). */
  notice: Duration;
}

/** The accepted contract that it carries out (HO-4); its items are in the requirements, its figures in the safeguards. */
export interface ContractTerms {
  id: string;
  acceptedAt: Instant;
  /** The last start it allows; unset where it names none. */
  startBy?: Instant;
}

export const ACTIONS = [
  'promote',
  'hold',
  'resume',
  'extend',
  'roll_back',
  'revise',
  'cancel',
  'tick',
] as const;
export type Action = (typeof ACTIONS)[number];

/** Frozen at the request, so that editing the policy never changes a deployment in flight (PR-3). */
export interface Safeguards {
  judge: JudgePlan;
  lookEvery: Duration;
  /** Looks without data, one after the other, after which the stage holds (AN-5). */
  holdAfterNoData: number;
  /** Observation after the last step. */
  observeFor: Duration;
  observeEvery: Duration;
  /** A request nobody completes ends after this long. */
  expireAfter: Duration;
  /** The rollback's target (RB-2). */
  rollbackWithin: Duration;
  /** When a rollout takes too long (WN-6); unset in records from before this was watched. */
  overrun?: {
    /** From the start to all traffic; unset for the plan's own watches and some grace. */
    within?: Duration;
    grace: Duration;
    /** How long after the warning others are told; unset for never. */
    escalateAfter?: Duration;
  };
  /** Roles that may act; `lead`, `on_call` and `requester` are the deployment's own. */
  permissions: Record<Action, string[]>;
}

/** Which adapters carry it out and measure it; frozen, so that a service that changes its own never changes theirs. */
export interface Adapters {
  backend: AdapterRef;
  metrics: AdapterRef;
}

/** An instance of an adapter by its name in gonogo.yml. Another kind under the same name is another adapter. */
export interface AdapterRef {
  name: string;
  kind: string;
}

export interface SignOff {
  role: string;
  person: PersonRef;
  decision: 'go' | 'no_go';
  reason?: string;
  at: Instant;
  envelopeHash: string;
  /** Why it no longer counts. */
  fallen?: string;
  /** It was given when the deployment had started without it. */
  afterwards?: true;
  /** What of the change request was written or changed since, and when last: it was not there to be read. */
  unread?: { parts: ChangeRequestPart[]; at: Instant };
}

/** Somebody who may sign for a role in another's place (CH-8). */
export interface Delegation {
  role: string;
  from: PersonRef;
  to: PersonRef;
  at: Instant;
}

export interface StageRecord {
  number: number;
  percent: number;
  startedAt: Instant;
  /** When its watch began: the share was reached. */
  watchedSince?: Instant;
  /** When its watch ends if nothing happens. */
  watchUntil?: Instant;
  endedAt?: Instant;
  outcome?: 'passed' | 'promoted' | 'rolled_back';
  lastLook?: Look;
  judge?: JudgeState;
  /** Looks without data, one after the other, up to the last. */
  noData: number;
}

export interface Deployment {
  /** `D-1042`. */
  id: string;
  /** Number of events so far. */
  seq: number;
  status: Status;
  envelope: Envelope;
  envelopeHash: string;
  details: Details;
  requestedBy: PersonRef;
  requestedAt: Instant;
  required: RequiredSignOff[];
  signOffs: SignOff[];
  safeguards: Safeguards;
  /** Unset in records from before there were change types: it waits for its sign-offs. */
  approval?: Approval;
  /** Unset in records from before they were frozen: those of the service now. */
  adapters?: Adapters;
  /** Unset in records from before there were any. */
  requirements?: Requirements;
  /** What was reported of each gate, by its id. */
  gates?: Record<string, GateResult>;
  /** How many times another build of its version was offered and refused (GT-3). */
  artifactRefusals?: number;
  /** Items of the checklist that people ticked. */
  ticks?: Tick[];
  changeRequest?: ChangeRequest & { by: PersonRef; at: Instant };
  /** Unset in records from before they were frozen. */
  contacts?: Contact[];
  /** Unset where no notice is planned. */
  communication?: Communication;
  /** Unset where it carries out none. */
  contract?: ContractTerms;
  /** Since when this version and this start are asked for, where that is later than the request. */
  plannedSince?: Instant;
  delegations?: Delegation[];
  /** Since when the sign-offs are asked for, where that is later than the request. */
  askedAt?: Instant;
  /** The last reminder and the escalation of what is missing now. */
  nudges?: { reminded?: Instant; escalated?: Instant };
  /**
   * Every reminder, and every word about a change request that reads differently since a go, by the number of its
   * event: so that its messages can be taken back when nothing waits any more.
   */
  reminders?: { seq: number; people: PersonRef[]; about?: 'change_request' }[];
  /** Who was asked once and is no longer, since it became another kind of change. */
  released?: PersonRef[];
  /** What an emergency owes besides its sign-offs: what was done and why, in words. */
  writeUp?: { text: string; by: PersonRef; at: Instant };
  /** What ran before; what a rollback goes back to. */
  previous: string | null;
  startAt?: Instant;
  startedAt?: Instant;
  /** When the window closes that it started in. */
  windowUntil?: Instant;
  /** By how much people had its stages watched longer. */
  extendedBy?: Duration;
  /** It took longer than planned: the end that was planned then, and who was told when. */
  overrun?: {
    plannedUntil: Instant;
    because: PlannedEnd['because'];
    warnedAt?: Instant;
    escalatedAt?: Instant;
  };
  /** What keeps it from starting, beside its sign-offs. */
  waiting?: Waiting;
  /** Freezes and windows that it may start in spite of (WN-3). */
  overridden?: { keys: string[]; reason: string; by: PersonRef; at: Instant }[];
  /** Index of the step under way, and since when; past the last one when all are done. */
  step?: { index: number; since: Instant };
  /** Stages begun so far; the one after the last step (verification, observation) is not a stage of the plan. */
  stages: StageRecord[];
  /** The watch after the last step. */
  aftermath?: { since: Instant; lastLookAt?: Instant; lastLook?: Look; judge?: JudgeState; noData: number };
  hold?: { reason: string; by: By; at: Instant };
  rollback?: {
    to: string | null;
    why: string;
    by: By;
    startedAt: Instant;
    /** When the backend was told last. */
    toldAt: Instant;
    endedAt?: Instant;
    reason?: string;
  };
  /** The last trouble with the backend that nothing has cleared since. */
  trouble?: { doing: string; message: string; at: Instant };
  /** When the rollout was complete and verified. */
  completedAt?: Instant;
  endedAt?: Instant;
  /** Why it ended where it did, where that needs words. */
  ending?: { reason: string; by: By };
}
