/** What became of freezes and locks, to whom it concerns: a freeze to everybody, the rest to one person (WN-3, WN-4). */

import type { WebClient } from '@slack/web-api';
import { renderFreezeAnnounced, renderFreezeEnded } from '../../views/freezes.ts';
import { renderLockNotice } from '../../views/locks.ts';
import type { CalendarNotice } from '../conductor/calendar-notices.ts';
import type { People } from '../people/people.ts';
import type { FreezeNotice } from '../policy/calendar/freezes.ts';
import type { Policy } from '../policy/policy.ts';
import type { Clock } from '../time.ts';

export interface TellCalendarOptions {
  client: WebClient;
  people: Pick<People, 'mayNotRead'>;
  policy(): Policy;
  clock: Pick<Clock, 'now'>;
  onTold(): void;
}

type Message = ReturnType<typeof renderLockNotice>;

export function tellCalendar(options: TellCalendarOptions): (notice: CalendarNotice) => Promise<void> {
  const { client, people, onTold } = options;
  /** Told to everybody, while the message to one person is tried again: the channel does not read it twice. */
  const announced = new Set<string>();

  async function toPerson(users: string, message: Message): Promise<void> {
    if ((await people.mayNotRead(users)) !== undefined) return;
    const { channel } = await client.conversations.open({ users });
    if (channel?.id === undefined) throw new Error('Slack opened a conversation and did not say which');
    await client.chat.postMessage({ channel: channel.id, ...message });
  }

  async function aboutFreeze(notice: FreezeNotice): Promise<void> {
    const { freeze, lifted } = notice;
    const channel = options.policy().announcements;
    if (channel !== undefined && options.clock.now() < freeze.until && !announced.has(freeze.id))
      await client.chat.postMessage({ channel, ...renderFreezeAnnounced(notice) });
    announced.add(freeze.id);
    if (lifted !== undefined && lifted.by.id !== freeze.by.id)
      await toPerson(freeze.by.id, renderFreezeEnded(freeze, lifted));
    announced.delete(freeze.id);
  }

  return async (notice) => {
    await ('lock' in notice
      ? toPerson(notice.lock.holder.id, renderLockNotice(notice))
      : aboutFreeze(notice));
    onTold();
  };
}
