/** What the simulated world tells those who measure it. */

import type { Instant } from '../../time.ts';
import type { Target } from '../port.ts';
import type { SimulatedService } from './catalogue.ts';
import type { Segment } from './timeline.ts';

/** One service in one environment, with its traffic's past and what is on its way. */
export interface Place {
  service: SimulatedService;
  /** Requests per minute over the day's mean. */
  perMinute: number;
  timeline: readonly [Segment, ...Segment[]];
}

export interface WorldHistory {
  readonly seed: number;
  now(): Instant;
  /** Throws where the catalogue has no such target. */
  find(target: Target): Place;
}
