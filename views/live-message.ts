/** A live message's kind → the view that draws it. */

import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { LiveMessage } from '../src/deployment/effects.ts';
import type { DeploymentEvent } from '../src/deployment/events.ts';
import { lastStartOf } from '../src/deployment/start/waiting.ts';
import type { Policy } from '../src/policy/policy.ts';
import type { Instant } from '../src/time.ts';
import type { Rendered } from './blocks.ts';
import { renderCard } from './card.ts';
import { renderChangeRequest } from './change-request.ts';
import { renderDm } from './dm.ts';
import { renderNote } from './notes.ts';
import { renderNudge } from './nudge.ts';
import { renderStageReport } from './stage-report.ts';

export interface LiveContext {
  policy: Pick<Policy, 'strategies'> & { calendar: Pick<Policy['calendar'], 'windows'> };
  /** An uploaded picture that belongs to the message. */
  picture?: { file: string; alt: string } | undefined;
  /** Where the record stood when the deployment ended. */
  checkpoint?: string | undefined;
  /** Environments where the version of a card that was rolled back still runs. */
  stillIn?: readonly string[] | undefined;
  /** Where the card is in a browser. */
  card?: string | undefined;
  /** It may not be brought up to date for a while: it says how old it is. */
  asOf?: Instant | undefined;
}

/** `event` is the one that a note is about. Undefined where there is nothing to show. */
export function renderLive(
  message: LiveMessage,
  deployment: Deployment,
  event: DeploymentEvent | undefined,
  { policy, picture, checkpoint, stillIn, card, asOf }: LiveContext,
): Rendered | undefined {
  switch (message.kind) {
    case 'card': {
      const strategyName = policy.strategies.get(deployment.terms.envelope.plan.strategy)?.name;
      const lastStart = lastStartOf(deployment, policy.calendar.windows);
      return renderCard(deployment, {
        ...defined({ strategyName, lastStart, stillIn, asOf }),
      });
    }
    case 'stage':
      return renderStageReport(deployment, message.stage, picture && { chart: picture });
    case 'note':
      return event && renderNote(deployment, event, checkpoint);
    case 'dm':
      return renderDm(deployment, message.user, { card });
    case 'change_request':
      return renderChangeRequest(deployment);
    case 'nudge':
      return event && renderNudge(deployment, event, message.user, card);
  }
}
