/** Where people see a deployment in Slack. */

import type { Stores } from '../conductor/ports/stores.ts';
import type { Directory } from '../slack/directory.ts';

/** Where people see the card; undefined until it is posted, and while Slack has not said where it is. */
export async function cardLink(
  { messages }: Pick<Stores, 'messages'>,
  { teamUrl }: Pick<Directory, 'teamUrl'>,
  id: string,
): Promise<string | undefined> {
  const url = teamUrl();
  const card = await messages.find(id, 'card');
  if (url === undefined || card?.channel === undefined || card.ts === undefined) return undefined;
  return `${url.replace(/\/+$/, '')}/archives/${card.channel}/p${card.ts.replace('.', '')}`;
}
