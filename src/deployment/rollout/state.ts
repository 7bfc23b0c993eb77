/** What a deployment knows of its rollout, once it has started. */

import type { ComparedMetric } from '../../judge/before-after.ts';
import type { History, JudgeState, Look } from '../../judge/types.ts';
import type { By, PersonRef } from '../../terms/person.ts';
import type { Duration, Instant } from '../../time.ts';
import type { ReportedShare } from '../watching/state.ts';

export interface StageRecord {
  number: number;
  percent: number;
  startedAt: Instant;
  /** When its watch began: the share was reached. */
  watchedSince?: Instant;
  /** When its watch ends if nothing happens. */
  watchUntil?: Instant;
  /** Of the time since its watch began, what a hold took that is over: it was not watched for the stage. */
  heldFor?: Duration;
  endedAt?: Instant;
  outcome?: 'passed' | 'went_on' | 'promoted' | 'rolled_back';
  /** It went on without a verdict: what would not have shown. */
  undecided?: string;
  /** Its watch was made longer because it ended undecided; once. */
  extended?: true;
  lastLook?: Look;
  judge?: JudgeState;
  /** Of all looks of its watch so far, SHA-256 in lower-case hex. */
  digest?: string;
  /** Errors in the log during its watch, where a source says so. */
  logErrors?: number;
  /** Looks without data, one after the other, up to the last. */
  noData: number;
}

export interface PlannedEnd {
  /** When all traffic should have moved. */
  at: Instant;
  /** What says so: the plan's own watches, the policy's target, or the end of its window. */
  because: 'plan' | 'target' | 'window';
  /** How long after it nobody is told yet. */
  grace: Duration;
}

/** A hold, or a rollback by itself: who was told, so that their messages say when nothing waits for them any more. */
export interface ActionNeeded {
  /** `failure`: of a rollback. */
  about: 'hold' | 'rollback' | 'failure';
  /** The number of its event. */
  seq: number;
  people: PersonRef[];
  /** What was said of it afterwards. */
  reason?: string;
  done?: { how: 'resumed' | 'promoted' | 'rolled_back' | 'explained'; by: By; at: Instant };
}

export interface FinalWatch {
  since: Instant;
  lastLookAt?: Instant;
  lastLook?: Look;
  judge?: JudgeState;
  digest?: string;
  /** Errors in the log since, where a source says so. */
  logErrors?: number;
  /** Time of which there was no data, all of it: it does not become seen time afterwards. */
  blindFor: Duration;
  /** The observation is over, and the old version is being taken down before it is handed over. */
  handingOver?: { at: Instant; by: By; reason?: string };
  /** What was said some time after it was complete; `withheld`: why it was no all-clear. */
  allClear?: { at: Instant; withheld?: string };
  /** What it came to beside the time before the start, half an hour after it had all traffic. */
  compared?: ComparedMetric[];
  /** Errors that were too rare in single minutes were held against whole days. */
  comparedDays?: true;
  /** Why it is not handed over by itself; `seq` is that of the event that said so. */
  unsettled?: { because: string; at: Instant; seq: number };
}

export interface RolloutState {
  startedAt: Instant;
  /** When the window closes that it started in. */
  windowUntil?: Instant;
  /** What earlier stages had taught the judge when it started; its own stages teach the next one. */
  history?: History;
  /** Index of the step under way, and since when; past the last one when all are done. */
  step: { index: number; since: Instant };
  /** Stages begun so far; the one after the last step (verification, observation) is not a stage of the plan. */
  stages: StageRecord[];
  /** The watch after the last step: verification, then observation. */
  finalWatch?: FinalWatch;
  /** `reason` is empty where none was given yet. */
  hold?: { reason: string; by: By; at: Instant; drift?: true };
  /** By how much people had its stages watched longer. */
  extendedBy: Duration;
  /** It took longer than planned: the end that was planned then, and who was told when. */
  overrun?: {
    plannedUntil: Instant;
    because: PlannedEnd['because'];
    warnedAt?: Instant;
    escalatedAt?: Instant;
  };
  actionsNeeded: ActionNeeded[];
  /** Of what is only watched: the share it has. */
  reported?: ReportedShare;
  /** When the rollout was complete and verified. */
  completedAt?: Instant;
}
