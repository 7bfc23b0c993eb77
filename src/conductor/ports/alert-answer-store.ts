/** Answers in the threads of alerts. */

import type { Alert } from '../../alerts/alert.ts';
import type { PersonRef } from '../../terms/person.ts';
import { type Duration, type Instant, MINUTE } from '../../time.ts';

/** Whoever claimed an answer has said it by then, or will not any more. */
export const SAID_WITHIN: Duration = MINUTE;
/** After that an answer helps nobody who looks at the alert. */
export const WORTH_SAYING_FOR: Duration = 30 * MINUTE;

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

/** What its words are made of, by whichever process says it. */
export interface AnswerToSay extends AlertAnswer {
  /** The thread it belongs in; an alert that monitoring posted itself has none. */
  thread?: string;
  /** Unset where a person asked by a mention. */
  alert?: Alert;
}

/** Claimed, and not known to be said. */
export interface UnsaidAnswer extends AnswerToSay {
  /** When it was claimed at first. */
  at: Instant;
}

/** So many alerts about the same are answered in one channel within so long. */
export interface AnswerLimit {
  answers: number;
  within: Duration;
}

export interface Claim {
  /** When it was claimed before: it may have been said, by a process that ended before it could write that down. */
  earlier?: Instant;
}

/** An answer whose button began a rollback that it has not told the end of. */
export interface BegunRollback {
  channel: string;
  /** The place of the answer, not of the alert. */
  answerTs: string;
  deployment: string;
}

/** A button below an alert that somebody pressed: what came of it is in the record. */
export interface Pressed {
  kind: 'rolls_back' | 'holds' | 'not_a_deployment';
  /** Unset where it says that none did it. */
  deployment?: string;
  by: PersonRef;
  at: Instant;
}

/** Pressed, and not known to be shown. */
export interface UnshownDecision extends AlertAnswer {
  /** The place of the answer, not of the alert. */
  answerTs: string;
  pressed: Pressed;
}

export interface AlertAnswerStore {
  /** False where this alert is answered, or being answered, already; or where a limit says that others answer for it, which is remembered. */
  claim(answer: AnswerToSay, at: Instant, limits?: readonly AnswerLimit[]): Promise<Claim | false>;
  answered(at: Pick<AlertAnswer, 'channel' | 'ts'>, answerTs: string): Promise<void>;
  /** It was not said, perhaps; whoever asked for it asks again. */
  release(at: Pick<AlertAnswer, 'channel' | 'ts'>): Promise<void>;
  /** Those that whoever claimed them will not say any more, while they are worth saying, the oldest first. */
  unsaid(now: Instant): Promise<UnsaidAnswer[]>;
  /** When the next of them is one of those. */
  nextUnsaidAt(now: Instant): Promise<Instant | undefined>;
  /** By the place of the answer. */
  find(channel: string, answerTs: string): Promise<AlertAnswer | undefined>;
  /** By the place of the alert itself. */
  to(channel: string, ts: string): Promise<AlertAnswer | undefined>;
  /** Those that named a suspect, and what people said of them: how right the ranking is. */
  suspected(from: Instant, until: Instant): Promise<Pick<AlertAnswer, 'service' | 'notADeployment'>[]>;
  /** The answer tells how this rollback ends, as soon as it does. */
  began(at: Pick<AlertAnswer, 'channel' | 'ts'>, deployment: string): Promise<void>;
  begun(): Promise<BegunRollback[]>;
  /** Its end is told, or never can be. */
  ended(answer: BegunRollback): Promise<void>;
  /** Written down before anything is done: whoever shows what came of it may end before. */
  pressed(at: Pick<AlertAnswer, 'channel' | 'ts'>, pressed: Pressed): Promise<void>;
  /** Those that were pressed and not shown, by whichever process. */
  unshown(): Promise<UnshownDecision[]>;
  /** The answer tells what was decided, or nothing was. */
  shown(at: Pick<AlertAnswer, 'channel' | 'ts'>): Promise<void>;
  /** The first who says so is remembered. */
  notADeployment(at: Pick<AlertAnswer, 'channel' | 'ts'>, by: PersonRef, when: Instant): Promise<void>;
}
