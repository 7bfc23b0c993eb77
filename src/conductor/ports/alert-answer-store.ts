/** Answers in the threads of alerts. */

import type { PersonRef } from '../../terms/person.ts';
import type { Duration, Instant } from '../../time.ts';

/** An answer in the thread of an alert, with what it suspected. */
export interface AlertAnswer {
  channel: string;
  /** The alert's own message. */
  ts: string;
  service: string;
  suspects: readonly { deployment: string; score: number }[];
  /** Why whoever asked for a rollback wanted it, in their words. */
  reason?: string;
  /** Who said that no deployment caused it. */
  notADeployment?: PersonRef;
}

/** So many alerts about the same are answered in one channel within so long. */
export interface AnswerLimit {
  answers: number;
  within: Duration;
}

export interface AlertAnswerStore {
  /** False where this alert is answered, or being answered, already; or where a limit says that others answer for it, which is remembered. */
  claim(answer: AlertAnswer, at: Instant, limits?: readonly AnswerLimit[]): Promise<boolean>;
  answered(at: Pick<AlertAnswer, 'channel' | 'ts'>, answerTs: string): Promise<void>;
  release(at: Pick<AlertAnswer, 'channel' | 'ts'>): Promise<void>;
  /** By the place of the answer. */
  find(channel: string, answerTs: string): Promise<AlertAnswer | undefined>;
  /** By the place of the alert itself. */
  to(channel: string, ts: string): Promise<AlertAnswer | undefined>;
  /** The first who says so is remembered. */
  notADeployment(at: Pick<AlertAnswer, 'channel' | 'ts'>, by: PersonRef, when: Instant): Promise<void>;
}
