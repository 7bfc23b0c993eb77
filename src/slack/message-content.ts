/** What a live message shows: drawn from the record as it stands, and named by a hash, so that the same is not sent again. */

import { createHash } from 'node:crypto';
import type { MessageRow } from '../conductor/ports/live-messages.ts';
import type { Stores } from '../conductor/ports/stores.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { DeploymentEvent } from '../deployment/events.ts';
import type { Picture } from './charts.ts';
import type { Rendered, RendererOptions } from './renderer-options.ts';

export interface Drawn {
  rendered: Rendered;
  /** Names it; only that it says how old it is does not make it another. */
  content: string;
  /** Set where a link to the card would have been shown, and there is none yet. */
  lacksCard: boolean;
  /** It says how old it is. */
  isDated: boolean;
}

export type DrawMessage = (
  row: MessageRow,
  deployment: Deployment,
  /** `dated`: it may not be brought up to date for a while, and says so. */
  how: { picture: Picture | undefined; dated: boolean },
) => Promise<Drawn | undefined>;

const DATED = ':as-of';

export function createDrawMessage({
  stores,
  record,
  render,
  stillIn,
  cardLink,
}: Pick<RendererOptions, 'stores' | 'record' | 'render' | 'stillIn' | 'cardLink'>): DrawMessage {
  return async (row, deployment, { picture, dated }) => {
    const event = await eventOf(stores, row);
    const isDirect = 'user' in row.message;
    const more = {
      picture,
      checkpoint: await checkpointOf(stores, row, deployment),
      stillIn: asksWhereStill(row, deployment) ? await stillIn(deployment) : undefined,
      card: isDirect ? await cardLink(deployment.id) : undefined,
    };
    const rendered = render(row.message, deployment, event, more);
    if (rendered === undefined) return undefined;
    const asOf = dated ? render(row.message, deployment, event, { ...more, asOf: record.now() }) : undefined;
    const hash = createHash('sha256').update(JSON.stringify(rendered)).digest('base64url');
    return {
      rendered: asOf ?? rendered,
      content: dated ? `${hash}${DATED}` : hash,
      lacksCard: isDirect && more.card === undefined,
      isDated: dated,
    };
  };
}

/** A question that the card of what was rolled back answers. */
const asksWhereStill = ({ message }: MessageRow, { status }: Deployment): boolean =>
  message.kind === 'card' && status === 'rolled_back';

/** Only a line of the thread tells it, and only of a deployment that ended. */
async function checkpointOf(
  { events }: Pick<Stores, 'events'>,
  { message }: MessageRow,
  { id, ending }: Deployment,
): Promise<string | undefined> {
  return message.kind === 'note' && ending?.at !== undefined ? events.endedIn(id) : undefined;
}

async function eventOf(
  { events }: Pick<Stores, 'events'>,
  { deployment, message }: MessageRow,
): Promise<DeploymentEvent | undefined> {
  if (!('seq' in message)) return undefined;
  const { seq } = message;
  return (await events.events(deployment, seq)).find((event) => event.seq === seq);
}
