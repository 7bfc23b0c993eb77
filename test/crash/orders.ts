/** What the crash test and its bot say to each other. */

import type { DeploymentEvent } from '../../src/deployment/events.ts';
import type { Instant } from '../../src/time.ts';

export interface Order {
  /** Move the clock there first; then tell when nothing is due any more. */
  moveTo?: Instant;
  /** Keep what is compiled by now, for the next start. */
  keepCompiled?: true;
}

export interface Report {
  /** When the next waiting thing is due. */
  nextAt: Instant | undefined;
  /** What the record has of the newest deployment. */
  steps: Step[];
}

export type Step = Pick<DeploymentEvent, 'type' | 'by'>;
