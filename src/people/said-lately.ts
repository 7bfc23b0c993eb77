/**
 * What Slack said of people in the last minute. Somebody who clicks again a moment later is known without the record, and
 * the same is not written into it once more.
 */

import { type Clock, type Duration, type Instant, MINUTE } from '../time.ts';
import type { SlackUser } from './slack-user.ts';

export interface SaidLately {
  of(userId: string): { user: SlackUser; at: Instant } | undefined;
  /** Answers whether the record has to be told. */
  add(userId: string, user: SlackUser): boolean;
  /** The record was not told after all. */
  forget(userId: string): void;
}

interface Said {
  user: SlackUser;
  at: Instant;
  text: string;
  /** When the record was told. */
  toldAt: Instant;
}

const LATELY: Duration = MINUTE;
/** So many people click within a minute; of more the record knows. */
const MOST = 500;

export function createSaidLately(clock: Pick<Clock, 'now'>): SaidLately {
  /** Who was spoken of last stands last. */
  const said = new Map<string, Said>();

  const isOld = (at: Instant): boolean => clock.now() - at >= LATELY;

  function tidy(): void {
    for (const [userId, { at }] of said) {
      if (!isOld(at) && said.size <= MOST) return;
      said.delete(userId);
    }
  }

  return {
    of(userId) {
      const known = said.get(userId);
      return known === undefined || isOld(known.at) ? undefined : { user: known.user, at: known.at };
    },
    add(userId, user) {
      const [at, text] = [clock.now(), JSON.stringify(user)];
      const before = said.get(userId);
      const isKnown = before?.text === text && !isOld(before.toldAt);
      said.delete(userId);
      said.set(userId, { user, at, text, toldAt: isKnown ? before.toldAt : at });
      tidy();
      return !isKnown;
    },
    forget: (userId) => void said.delete(userId),
  };
}
