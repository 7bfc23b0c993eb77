/** A question to a person does not wait for the card, which the channel may refuse: it gets its link to it afterwards. */

import type { LiveMessages, MessageRow } from '../conductor/ports/live-messages.ts';

export interface LinksToCard {
  /** It went out without a link. */
  missing(row: MessageRow): Promise<void>;
  /** The card is there now. */
  cardPosted(deployment: string): Promise<void>;
}

export function createLinksToCard(
  messages: Pick<LiveMessages, 'again'>,
  cardLink: (deployment: string) => Promise<string | undefined>,
): LinksToCard {
  /** By deployment. */
  const withoutCard = new Map<string, MessageRow[]>();
  return {
    async missing(row) {
      if ((await cardLink(row.deployment)) !== undefined) return messages.again(row);
      withoutCard.set(row.deployment, [...(withoutCard.get(row.deployment) ?? []), row]);
    },
    async cardPosted(deployment) {
      const rows = withoutCard.get(deployment) ?? [];
      withoutCard.delete(deployment);
      for (const row of rows) await messages.again(row);
    },
  };
}
