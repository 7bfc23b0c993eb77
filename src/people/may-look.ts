/** Who may see anything at all, and to whom anything may be sent: what Slack said lately is good enough. */

import { within } from '../conductor/deadline.ts';
import type { Log } from '../log.ts';
import type { Gone } from '../policy/calendar/blockers.ts';
import { type Clock, type Duration, HOUR, MINUTE, SECOND } from '../time.ts';
import type { SlackSays } from './slack-says.ts';
import { type Refusal, refusals, whyNot } from './slack-user.ts';

const MAY_LOOK_LASTS: Duration = 5 * MINUTE;
const MAY_BE_TOLD_LASTS: Duration = HOUR;
/** A suggestion or a modal waits for it. */
export const SAYS_WITHIN: Duration = SECOND;

export interface MayLookOptions {
  says: SlackSays;
  clock: Pick<Clock, 'now'>;
  log: Log;
  /** Our own workspace: people of another one are guests of a shared channel. */
  teamId(): string | undefined;
}

export interface MayLook {
  refusesToShow(userId: string): Promise<string | undefined>;
  mayNotRead(userId: string): Promise<'guest' | 'foreign' | undefined>;
  gone(userId: string): Promise<Gone['why'] | undefined>;
  /** Guests, bots and whoever has left hold no role, whatever the file says: they are neither asked nor told. */
  isOutsider(userId: string): Promise<boolean>;
}

export function createMayLook({ says, clock, log, teamId }: MayLookOptions): MayLook {
  async function refusalOf(userId: string, lasts: Duration): Promise<Refusal | undefined> {
    const before = await says.userBefore(userId);
    const refusedBefore = before && whyNot(before.user, teamId());
    // Whoever was refused may be back by now: a no is asked for again.
    if (before && refusedBefore === undefined && clock.now() - before.at < lasts) return undefined;
    try {
      const user = await within(SAYS_WITHIN, 'Slack', () => says.user(userId));
      return user === undefined ? refusals.unknown : whyNot(user, teamId());
    } catch (error) {
      log.warn({ err: error, user: userId }, 'whether a person may look could not be asked');
      return before === undefined ? refusals.unreachable : refusedBefore;
    }
  }

  return {
    async refusesToShow(userId) {
      return (await refusalOf(userId, MAY_LOOK_LASTS))?.message;
    },
    async mayNotRead(userId) {
      const why = (await refusalOf(userId, MAY_BE_TOLD_LASTS))?.why;
      if (why === 'unreachable') throw new Error(`Slack does not say whether ${userId} may be told anything`);
      return why === 'guest' || why === 'foreign' ? why : undefined;
    },
    async gone(userId) {
      try {
        const user = await says.user(userId);
        return user === undefined ? 'unknown' : whyNot(user, teamId())?.why;
      } catch (error) {
        log.warn(
          { err: error, user: userId },
          'whether a person is still there could not be asked; what was last known counts',
        );
        const before = await says.userBefore(userId);
        return before === undefined ? 'unreachable' : whyNot(before.user, teamId())?.why;
      }
    },
    async isOutsider(userId) {
      const before = await says.userBefore(userId);
      return before !== undefined && whyNot(before.user, teamId()) !== undefined;
    },
  };
}
