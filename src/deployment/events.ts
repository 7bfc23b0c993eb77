/** What happened: the record's append-only facts, each with who and when. */

import type { ComparedMetric } from '../judge/before-after.ts';
import type { History, JudgeState, Look } from '../judge/types.ts';
import type { Blocker } from '../policy/calendar/blockers.ts';
import type { GateReport } from '../policy/gates.ts';
import type { Flakiness, SmokeResult, SmokeVerdict } from '../policy/smoke.ts';
import type { ChangeRequest, ChangeRequestPart } from '../terms/change-request.ts';
import type { By, PersonRef } from '../terms/person.ts';
import type { Review } from '../terms/review.ts';
import type { FiredAlert } from '../terms/signals.ts';
import type { RevisedTerms, Terms } from '../terms/terms.ts';
import type { Duration, Instant } from '../time.ts';
import type { DeadEnd, Fall } from './approval/state.ts';
import type { Matter } from './paging/state.ts';
import type { Impact } from './problem/impact.ts';
import type { GateResult, TickedFor } from './readiness/state.ts';
import type { BoundField } from './request/envelope.ts';
import type { PlannedEnd } from './rollout/state.ts';
import type { SmokePhase } from './smoke/state.ts';
import type { WatchEnd } from './watching/state.ts';

export type EventBody =
  | {
      type: 'requested';
      terms: Terms;
      envelopeHash: string;
      /** What was reported of its gates before. */
      gates: Record<string, GateResult>;
      /** What ran there at the request; null where nothing did. */
      previous: string | null;
    }
  | { type: 'signed'; role: string; decision: 'go' | 'no_go'; reason?: string; envelopeHash: string }
  /** The same for a deployment that started without it and owes it; a no-go then ends nothing by itself. */
  | {
      type: 'signed_afterwards';
      role: string;
      decision: 'go' | 'no_go';
      reason?: string;
      envelopeHash: string;
    }
  /** What an emergency owes besides: what was done and why. */
  | { type: 'written_up'; text: string }
  /** `to` may sign for the role in the place of whoever did this. */
  | { type: 'delegated'; role: string; to: PersonRef }
  /** `to` leads it, and is called to the thread. */
  | { type: 'question_asked'; to: PersonRef; question: string }
  | { type: 'reminded'; people: PersonRef[]; about: 'sign_offs' | 'owed' }
  | { type: 'escalated'; to: PersonRef[]; role: string; about: 'sign_offs' | 'owed' }
  /** Whoever gave it takes it back. */
  | { type: 'sign_off_withdrawn'; role: string }
  /** Goes that are older than they may be: they fall, and are asked for again. */
  | { type: 'sign_offs_expired'; roles: string[] }
  /** Whoever gave them lost the role or left before it started: they fall, and are asked for again (CH-7). */
  | { type: 'sign_offs_lost'; falls: Fall[] }
  /** What it waits for and nobody can end any more: all of it, whatever was told before. */
  | { type: 'got_stuck'; on: DeadEnd[] }
  | {
      type: 'revised';
      /** What became another; the rest stays as it was frozen. */
      terms: RevisedTerms;
      envelopeHash: string;
      /** What changed, in words a person reads: "version v2.1.0 → v2.1.1". */
      changes: string[];
      /** Whose go fell with it, and why (CH-6, CH-7). */
      falls: Fall[];
      /** What it changed of what is signed. */
      wrote: BoundField[];
      /** Where the release or the requirements changed: what is reported of it. */
      gates?: Record<string, GateResult>;
      /** Items whose ticks spoke of the release before. */
      unticked?: string[];
    }
  /** What a machine says of the release, judged by the frozen rule. */
  | { type: 'gate_reported'; report: GateReport; passed: boolean; says: string; expired?: true }
  /** What CI registered as the one build of its version is another than what was asked for (GT-3). */
  | { type: 'other_build_registered'; says: string }
  /** Another build of its version was offered, and refused; `key` is the API key that offered it (GT-3). */
  | { type: 'artifact_refused'; digest: string; sha: string; differs: string[]; key: string }
  /** `role`: for whom, where the item asks several. */
  | { type: 'item_ticked'; item: string; role?: string; note?: string }
  /** `also`: what the same person opened again in the same moment; each of those is `said`, in the line of the first. */
  | { type: 'item_unticked'; item: string; role?: string; also?: TickedFor[]; said?: true }
  /** Reports and ticks that are older than they may be. */
  /** `waits`: it was not ready anyhow, so that nothing else says that it waits for it now. */
  | { type: 'evidence_expired'; gates: string[]; items: string[]; waits?: true }
  /** `changed`: what reads differently from before; unset where it was written for the first time. */
  | { type: 'change_request_written'; request: ChangeRequest; changed?: ChangeRequestPart[] }
  /** What was there is missing again: it waits for it before it may start. */
  | { type: 'reopened'; missing: string[] }
  | { type: 'scheduled'; startAt: Instant }
  /** Something keeps it from starting; `until` is when time alone clears it. */
  | { type: 'start_delayed'; blockers: Blocker[]; until?: Instant }
  /** Nothing does any more. */
  | { type: 'start_cleared' }
  /** It may start in spite of these freezes or closed windows; `told` are those who declared them, but for who did it. */
  | { type: 'calendar_overridden'; keys: string[]; says: string[]; reason: string; told: PersonRef[] }
  /** `windowUntil`: when the window closes that it started in. `history`: what earlier stages have taught, to judge it with. */
  | { type: 'started'; previous: string | null; windowUntil?: Instant; history?: History }
  /** Another version runs than when it was asked for, and nobody here brought it: a person must decide before it starts. */
  | { type: 'drifted'; was: string | null; runs: string | null }
  /** It may start from there. */
  | { type: 'drift_accepted'; runs: string | null }
  | { type: 'step_started'; step: number }
  /** `undecided`: its watch ended without a verdict, and what would not have shown by then. */
  | { type: 'step_completed'; step: number; undecided?: string }
  /** `judge` is what the judge carries to the next look, so that a replay never judges again. */
  /** `digest` is that of all looks of the watch so far, which are kept beside the record; so is what the judge carries on. */
  /** `logErrors`: in the window of the look, where a source says so. `compared`: with the time before the start, once. */
  | {
      type: 'looked';
      look: Look;
      judge?: JudgeState;
      digest: string;
      logErrors?: number;
      compared?: ComparedMetric[];
    }
  /** `reason` is empty where the person who held it has not said yet why. */
  /** `drift`: somebody else changed what runs. */
  | { type: 'held'; reason: string; drift?: true }
  | { type: 'hold_explained'; reason: string }
  /** `from`: the step that is done again, because somebody else had undone it. */
  | { type: 'resumed'; reason?: string; from?: number }
  | { type: 'promoted'; reason?: string }
  | { type: 'extended'; extension: Duration; reason?: string }
  /** It takes longer than planned: its lead and on-call are warned, later others are told as well. */
  | {
      type: 'overran';
      level: 'warned' | 'escalated';
      plannedUntil: Instant;
      because: PlannedEnd['because'];
      /** Who is told beside them. */
      to?: PersonRef[];
    }
  /** Smoke tests run from now on; `toArm`: they must reach the new version alone. */
  | { type: 'smoke_started'; phase: SmokePhase; version: string; toArm: boolean; tests: string[] }
  /** A step of smoke tests that nobody could run is passed over, and never counts as passed. */
  | { type: 'smoke_skipped'; because: string }
  /** New results of a run; `verdict` once there is nothing more to wait for, and then what was `slow`. */
  | {
      type: 'smoke_reported';
      run: number;
      reporter?: string;
      results: SmokeResult[];
      verdict?: SmokeVerdict;
      slow?: { test: string; took: Duration }[];
      /** Of all runs at this place so far, this one among them (SM-4). */
      tally?: Flakiness[];
      /** Those of them that are flaky. */
      flaky?: Flakiness[];
    }
  /** What fired since, and critical errors of one window; after a loss, that it can be said again. */
  | { type: 'signalled'; alerts: FiredAlert[]; criticalErrors: number }
  /** Nobody can say whether alerts fired. */
  | { type: 'signals_lost'; because: string }
  /** Somebody says that something is wrong with it. */
  | { type: 'problem_reported'; impact: Impact; what: string }
  | { type: 'verification_started' }
  | { type: 'verified' }
  /** What was seen since is no success, and time alone will not make it one: a person must decide (AN-5, MV-2). */
  | { type: 'observation_unsettled'; because: string }
  /** Nothing fired for a while since it is complete; `withheld`: why that cannot be said (MV-3). */
  | { type: 'all_clear'; withheld?: string }
  /** The observation is over: what was kept as the way back is taken down, and then it is handed over (ST-2). */
  | { type: 'hand_over_started'; reason?: string }
  /** `supersededBy`: a newer deployment started before the observation was over. */
  | { type: 'handed_over'; supersededBy?: string; reason?: string }
  /** `breaks`: what it breaks, which the person who clicked was told and accepted. */
  | { type: 'rollback_started'; to: string | null; why: string; breaks?: string }
  /** What another deployment had handed over goes back, as a deployment of its own. */
  | { type: 'taken_back'; to: string | null; why: string; breaks?: string }
  /** It was not seen to work, so the backend is told again. */
  | { type: 'rollback_repeated'; to: string | null }
  /** Some of the traffic is back already: the share, in percent, that the new version still has. */
  | { type: 'rollback_moved'; percent: number }
  | { type: 'rollback_explained'; reason: string }
  /** Nobody has said why, and those who know are asked once more. */
  | { type: 'reason_reminded'; people: PersonRef[] }
  | { type: 'rolled_back' }
  | { type: 'rollback_failed'; reason: string }
  /** What was learnt of it, as it is worded now; and that somebody was told that this is owed (RB-6). */
  | { type: 'review_written'; review: Review }
  | { type: 'review_reminded'; people: PersonRef[] }
  | { type: 'rejected'; reason: string }
  | { type: 'expired'; reason: string }
  | { type: 'cancelled'; reason?: string }
  /** Somebody else deploys it, and GoNoGo only looks; `percent`: the share that it has already. */
  | { type: 'watch_started'; previous: string | null; percent: number }
  /** Its share is another. */
  | { type: 'watch_moved'; percent: number }
  /** Something speaks against it: its people hear of it, and what they do is theirs. */
  | { type: 'watch_warned'; because: string }
  /** `reason`: what the judge saw, or what became of it. */
  | {
      type: 'watch_ended';
      how: WatchEnd;
      reason: string;
    }
  /** Someone tried what they may not: the attempt is all that is recorded (CH-6). */
  | { type: 'attempt_refused'; attempt: string; code: string }
  | { type: 'backend_troubled'; doing: string; message: string }
  /** Something waits for a person, and its pagers are called. `except`: whose own act it is about. */
  | { type: 'paged'; matter: Matter; says: string; except?: string }
  /** A pager has taken a call, which `call` names by the number of its event. */
  | { type: 'pager_called'; call: number; notifier: string }
  /** It could not be told the first time; it is tried again. */
  | { type: 'pager_failed'; call: number; notifier: string; problem: string }
  /** Somebody has it. */
  | { type: 'page_taken' }
  /** It answers again after it could not be observed. */
  | { type: 'backend_recovered' };

export type EventType = EventBody['type'];

export type DeploymentEvent = EventBody & {
  deployment: string;
  /** 1 for the first; unique per deployment, which is the lock (see the event store). */
  seq: number;
  at: Instant;
  by: By;
};
