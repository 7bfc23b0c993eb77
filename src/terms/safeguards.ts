/** What guards a rollout, and who may act on it. */

import type { JudgePlan } from '../judge/types.ts';
import type { Duration } from '../time.ts';
import type { SignalRules } from './signals.ts';

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

export interface Safeguards {
  judge: JudgePlan;
  lookEvery: Duration;
  /** Looks without data, one after the other, after which the stage holds (AN-5). */
  holdAfterNoData: number;
  /** Observation after the last step. */
  observeFor: Duration;
  observeEvery: Duration;
  /** When people are told that nothing fired since it is complete (MV-3); unset for never. */
  allClearAfter?: Duration;
  /** What alerts and errors in logs bring; unset for what is usual. */
  signals?: SignalRules;
  /** What a regression brings that shows in the observation: people are asked, or it goes back; asked unless said. */
  onRegression?: 'ask' | 'roll_back';
  /** Where going back would break data: the engine does it all the same, or holds and calls people; it goes back unless said. */
  breaking?: 'roll_back' | 'hold_and_page';
  /** A request nobody completes ends after this long. */
  expireAfter: Duration;
  /** The rollback's target (RB-2). */
  rollbackWithin: Duration;
  /** How long after a rollback its review is to be written (RB-6); unset where none is asked for. */
  reviewWithin?: Duration;
  /** When a rollout takes too long (WN-6); unset where nobody watches that. */
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
