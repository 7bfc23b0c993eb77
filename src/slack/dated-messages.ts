/**
 * Cards that say how old they are: while Slack refuses updates and many wait, one may not be brought up to date for a
 * while. Once Slack takes what there is, each is drawn again without its date.
 */

import type { LiveMessages, MessageRow } from '../conductor/ports/live-messages.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Instant } from '../time.ts';
import type { Budgets } from './budgets.ts';
import { nameOf } from './message-names.ts';
import { type MessageOrder, UPDATES } from './message-order.ts';

export interface DatedMessages {
  /** It is true now, and may not be brought up to date for a while. */
  mayGrowOld(row: MessageRow, deployment: Deployment): boolean;
  shown(row: MessageRow, isDated: boolean): void;
  /** Where Slack takes what there is again, nothing has to say any more how old it is. */
  freshen(): Promise<void>;
  /** When there may be something to freshen; undefined for never. */
  freshenAt(): Instant | undefined;
}

/** So many that wait behind it, while Slack refuses some, and a card says how old it is. */
const MANY = 10;

export function createDatedMessages(
  messages: Pick<LiveMessages, 'again'>,
  budgets: Budgets,
  order: Pick<MessageOrder, 'waiting'>,
): DatedMessages {
  const dated = new Map<string, MessageRow>();
  return {
    mayGrowOld({ message, ts }, { ending }) {
      const isLive = ts !== undefined && message.kind === 'card' && ending?.at === undefined;
      return isLive && budgets.isScarce(UPDATES) && order.waiting() >= MANY;
    },
    shown({ known: _, ...row }, isDated) {
      if (isDated) dated.set(nameOf(row), row);
      else dated.delete(nameOf(row));
    },
    async freshen() {
      if (dated.size === 0 || budgets.isScarce(UPDATES)) return;
      const rows = [...dated.values()];
      dated.clear();
      for (const row of rows) await messages.again(row);
    },
    freshenAt: () => (dated.size > 0 ? budgets.plentyAt(UPDATES) : undefined),
  };
}
