/** What someone or something wants of a deployment; the only door into the core. */

import type { Observation } from '../backends/port.ts';
import type { ComparedMetric } from '../judge/before-after.ts';
import type { History, Reading } from '../judge/types.ts';
import type { Artifact, ArtifactRefusal } from '../policy/artifacts.ts';
import type { Calendar } from '../policy/calendar/blockers.ts';
import type { GateReport } from '../policy/gates.ts';
import type { Flakiness, SmokeResult } from '../policy/smoke.ts';
import type { ChangeRequest } from '../terms/change-request.ts';
import type { RolledBackBefore } from '../terms/comes-back.ts';
import type { PersonRef, SystemName } from '../terms/person.ts';
import type { BackendStepKind } from '../terms/plan.ts';
import type { Review } from '../terms/review.ts';
import type { Signals } from '../terms/signals.ts';
import type { SmokeTester } from '../terms/smoke.ts';
import type { RevisedTerms, Terms } from '../terms/terms.ts';
import type { Duration, Instant } from '../time.ts';
import type { EventBody } from './events.ts';
import type { Impact } from './problem/impact.ts';
import type { TakeBackFacts } from './rollback/take-back-facts.ts';

export type Actor =
  | {
      kind: 'person';
      person: PersonRef;
      /** Roles the person holds right now, resolved server-side at the click. */
      roles: readonly string[];
      /** Slack did not say who they are in time, and what was last known of them is all there is: good for a rollback only. */
      remembered?: true;
    }
  | { kind: 'system'; name: SystemName };

export type Intent =
  | {
      kind: 'request';
      terms: Terms;
      /** What the backend knows of the release's gates. */
      reports?: readonly GateReport[];
      /** Why a version is right now that was rolled back there before. */
      again?: string;
    }
  /** Without a role it is the one that is open to the person; whoever holds several is asked which (CH-10). */
  | { kind: 'sign'; role?: string; decision: 'go' | 'no_go'; reason?: string; envelopeHash: string }
  /** `envelopeHash`: what the person saw when they began to change it; unset where they saw nothing older. */
  | {
      kind: 'revise';
      /** What it should be instead; what it leaves out stays. */
      terms: RevisedTerms;
      envelopeHash?: string;
      /** The same of what is not signed: summary, lead and on-call, as `wordsHash` has them. */
      wordsHash?: string;
      reports?: readonly GateReport[];
      /** As at a request. */
      again?: string;
    }
  /** Items as a person wants them: ticked or open. Without a role it is the one that the person holds. */
  | { kind: 'tick'; items: readonly { item: string; ticked: boolean; role?: string }[]; note?: string }
  /**
   * Without a request somebody wants to begin to write, and only asks whether they may. `seen`: when the one that they
   * began from was written; null where there was none.
   */
  | { kind: 'write_change_request'; request?: ChangeRequest; seen?: Instant | null }
  /** Without a role it is the missing one that the person may sign for; whoever may for several is asked which. */
  | { kind: 'delegate'; role?: string; to: PersonRef }
  /** Without a role, every go of theirs. */
  | { kind: 'withdraw'; role?: string }
  | { kind: 'write_up'; text: string }
  /** Whoever is to decide wants to know something of its lead. */
  | { kind: 'ask'; question: string }
  /** Start in spite of a freeze or a closed window. */
  | { kind: 'override'; reason: string }
  | { kind: 'promote'; stage: number; reason?: string }
  /** It acts at once; an empty reason is asked for afterwards. */
  | { kind: 'hold'; reason: string }
  | { kind: 'explain_hold'; reason: string }
  | { kind: 'resume'; reason?: string }
  | { kind: 'extend'; by: Duration; reason?: string }
  /** `breaksData`: the person was told what it breaks, and asked a second time (RB-4). */
  | { kind: 'roll_back'; why: string; breaksData?: 'accepted' }
  /** "I have it": the pager may stop. */
  | { kind: 'take_page' }
  /** A pager took a call. */
  | { kind: 'pager_called'; call: number; notifier: string }
  /** A pager could not be told; it is being tried again. */
  | { kind: 'pager_failed'; call: number; notifier: string; problem: string }
  /** What was handed over before, as a deployment of its own; `of` is its id. */
  | { kind: 'take_back'; of: string; why: string; breaksData?: 'accepted'; drill?: true }
  /** Corruption and security incidents are rolled back at once. */
  | { kind: 'report_problem'; impact: Impact; what: string }
  | { kind: 'explain_rollback'; reason: string }
  /** What those who had to roll back have learnt (RB-6). */
  | { kind: 'review'; review: Review }
  /** People put it right by hand, because the backend does not. */
  | { kind: 'give_up_rollback'; reason: string }
  | { kind: 'cancel'; reason?: string }
  /** Ends the observation early, or although its data is missing. */
  | { kind: 'hand_over'; reason?: string }
  /** A newer deployment of the same service and environment has started. */
  | { kind: 'supersede'; by: string }
  /** Where it was to bake, its version goes back; `of` is the deployment that did. */
  | { kind: 'rolled_back_before'; of: string; environment: string; why: string }
  /** Time has passed. */
  | { kind: 'wake' }
  | { kind: 'observed'; observation: Observation }
  | { kind: 'measured'; reading: Reading; logErrors?: number; compared?: ComparedMetric[] }
  /** Alerts and logs of one window; `unknown`: why nobody can say. */
  | { kind: 'signalled'; signals: Signals }
  | { kind: 'signalled'; unknown: string }
  /** What smoke tests found; `run` is that of GoNoGo's own, and unset where others report when they like; `reporter` is the key that did. */
  | {
      kind: 'smoke_reported';
      run?: number;
      from: SmokeTester;
      reporter?: string;
      results: readonly SmokeResult[];
    }
  /** The backend would not do what it was told, for good; trying again is a person's decision. */
  | { kind: 'backend_refused'; doing: 'apply' | 'roll_back'; step?: number; message: string }
  /** The backend could not be reached, to `observe` it or to tell it something; it is being tried again. */
  | { kind: 'backend_unreachable'; doing: string; message: string }
  /** What somebody else brought there may be replaced; `seen`: the number of the event that the person saw. */
  | { kind: 'accept_drift'; seen: number }
  /** Somebody else has begun to deploy it where GoNoGo only watches; `percent`: the share it has already. */
  | { kind: 'watch'; terms: Terms; previous: string | null; percent: number }
  /** What whoever deploys it says of it; without a share it stays as it was. */
  | { kind: 'reported'; state: 'moving' | 'done' | 'failed'; percent?: number; reason?: string }
  | { kind: 'end_watch'; how: 'superseded' | 'not_watched_any_more'; reason: string };

export type IntentKind = Intent['kind'];

/** What is not in the record and yet decides. */
export interface Facts {
  now: Instant;
  actor: Actor;
  /** What runs at the target now; null where nothing does; undefined where the question was not asked. */
  running?: string | null;
  /** What the newest deployment in the record left there; at a start only. */
  left?: string | null;
  /** Another deployment of the same service and environment: at a request the one that occupies it, at the start one that is still going back. */
  occupiedBy?: { id: string; version: string; lead: PersonRef };
  /** How smoke tests did at the place so far; with results of a run only. */
  smokeTally?: Flakiness[];
  /** What stages that passed have taught the judge about the place; at a start only. */
  history?: History;
  /** What may stand in the way of a start; unset where the intent is none that it concerns. */
  calendar?: Calendar;
  /** The environment in which this version should have completed first, and never did (GT-8). */
  notCompletedIn?: string;
  /** What is reported of this release; unset where the intent is none that it concerns. */
  reports?: readonly GateReport[];
  /** What CI registered as the one build of this version, and what it was refused since. */
  artifact?: { registered?: Artifact; refusals: readonly ArtifactRefusal[] };
  /** The version was rolled back there, and has not been well there since (RB-8). */
  rolledBack?: RolledBackBefore;
  /** Why there can be no drill at the place, in words; unset where there can. */
  noDrill?: string;
  /** At a `take_back`; unset where there is no such deployment. */
  takeBack?: TakeBackFacts;
  /** The kinds of steps that the backend takes; unset where the question was not asked. */
  taken?: ReadonlySet<BackendStepKind>;
  /** Why the backend could not carry out the plan there, though it takes each of its steps, in words; unset where it could or does not say. */
  planProblem?: string;
  /** The strategies that the policy allows there; unset where the question was not asked. */
  strategies?: readonly string[];
  /** May this person ask for deployments at all. */
  mayRequest?: boolean;
  /** Why this person may not ask for this kind of change here, in words; unset where they may. */
  notAdmitted?: string;
  /** The service is only watched, and where its deployments come from; unset where it is conducted from here. */
  watchOnly?: { service: string; from: string };
  /** Whether the policy lets this person declare an emergency of this service. */
  mayDeclare?: boolean;
}

export type RefusalCode =
  | 'not_allowed'
  /** This kind of change is not open to this person, for this deployment. */
  | 'wrong_change_type'
  /** The person has said go for another role. */
  | 'one_role'
  /** The person holds several roles that may sign, and has to say which. */
  | 'which_role'
  | 'own_deployment'
  | 'role_filled'
  | 'not_your_role'
  | 'already_signed'
  | 'stale'
  /** What it would speak of has not happened yet. */
  | 'too_early'
  | 'wrong_status'
  | 'occupied'
  | 'on_call_gone'
  | 'already_running'
  | 'start_in_past'
  | 'start_too_far'
  | 'frozen'
  | 'window_closed'
  | 'locked'
  | 'lead_time'
  | 'not_promoted'
  | 'contract_window'
  | 'not_ready'
  | 'other_build'
  | 'not_supported'
  /** GoNoGo only watches the service. */
  | 'watched_only'
  | 'not_found'
  | 'reason_needed'
  /** The version was rolled back there before, and nobody said why it is right now. */
  | 'rolled_back_before'
  /** Going back would break data: the same person is asked a second time. */
  | 'breaks_data';

/** The events are bodies: the store adds the deployment, the number, the hash. */
export type Decision =
  | { kind: 'accepted'; events: readonly EventBody[] }
  /** `remark` is recorded although the intent was refused. */
  | { kind: 'refused'; code: RefusalCode; message: string; remark?: EventBody }
  | { kind: 'unchanged' };
