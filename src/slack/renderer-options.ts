/** What the renderer of live messages is given, and what each of its parts takes of it. */

import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { MessageRow } from '../conductor/ports/live-messages.ts';
import type { Stores } from '../conductor/ports/stores.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { LiveMessage } from '../deployment/effects.ts';
import type { DeploymentEvent } from '../deployment/events.ts';
import type { Log } from '../log.ts';
import type { Clock, Instant } from '../time.ts';
import type { Picture } from './charts.ts';

export interface Rendered {
  text: string;
  blocks: KnownBlock[];
}

export interface RendererOptions {
  stores: Stores;
  client: WebClient;
  log: Log;
  /** Real time: Slack's limits know no other. */
  clock: Clock;
  /** The time of the record, which a message names. */
  record: Pick<Clock, 'now'>;
  /** What a message shows now; undefined where it has nothing to show. */
  render(
    message: LiveMessage,
    deployment: Deployment,
    event: DeploymentEvent | undefined,
    more: {
      picture: Picture | undefined;
      checkpoint: string | undefined;
      stillIn: readonly string[] | undefined;
      card: string | undefined;
      asOf?: Instant;
    },
  ): Rendered | undefined;
  /** Other environments that run the version of a deployment now. */
  stillIn(deployment: Deployment): Promise<string[]>;
  /** Where the card is in a browser; undefined until it is posted. */
  cardLink(deployment: string): Promise<string | undefined>;
  /** Why this person may be told nothing, now; undefined where they may (CH-6). */
  mayNotRead(userId: string): Promise<string | undefined>;
  /** An uploaded picture that belongs to the message. */
  pictureOf(row: MessageRow): Promise<Picture | undefined>;
  /** A message cannot be shown where it belongs: somebody has to know. Said once. */
  onUnshown(deployment: Deployment, message: LiveMessage, problem: string): void;
  /** Somebody was asked in a message of their own, which Slack takes for whoever has left as well. */
  onAsked(deployment: Deployment, message: Extract<LiveMessage, { kind: 'nudge' }>): Promise<void>;
  point?(name: string): void;
}
