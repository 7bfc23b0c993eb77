/** What the simulated world consists of: services, where they run, and the versions whose behaviour is known. */

import { createHash } from 'node:crypto';
import { DAY, type Duration, HOUR, type Instant, MINUTE, SECOND } from '../../time.ts';
import type { Release } from '../port.ts';
import { reportsOf } from './reports.ts';

/** How a version differs from its service's usual figures; 1 or unset means not at all. */
export interface Behaviour {
  errors?: number;
  p50?: number;
  p99?: number;
  cpu?: number;
  /** Its health check fails once it has had traffic for this long. */
  healthFailsAfter?: Duration;
  /** Its metrics never arrive. */
  noMetrics?: true;
  /** What monitoring says of it by itself, once it has had traffic for so long; until it has none any more. */
  alert?: { name: string; says: string; critical: boolean; after: Duration };
}

/** A little over the round figure, so that a rule at the round figure sees it through the noise. */
const BEHAVIOURS = {
  healthy: {},
  'errors-double': { errors: 2.1 },
  'p99-triples': {
    p50: 1.15,
    p99: 3.3,
    cpu: 1.1,
    alert: { name: 'SlowRequests', says: 'p99 is over its objective', critical: false, after: 2 * MINUTE },
  },
  'health-check-fails': { healthFailsAfter: 25 * SECOND },
  'broken-on-start': { errors: 40, healthFailsAfter: 0 },
  'no-metrics': { noMetrics: true },
} as const satisfies Record<string, Behaviour>;

export type BehaviourName = keyof typeof BEHAVIOURS;

export interface SimulatedRelease {
  version: string;
  behaviour: BehaviourName;
  /** How long before the world's start it was built. */
  builtBefore: Duration;
  title: string;
}

export interface SimulatedEnvironment {
  /** What runs when the world starts; null for nothing. */
  running: string | null;
  /** Requests per minute over the day's mean. */
  perMinute: number;
}

export interface SimulatedService {
  environments: Record<string, SimulatedEnvironment>;
  /** Failed requests in percent. */
  errors: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Percent. */
  cpu: number;
  memory: number;
  queueDepth: number;
  releases: SimulatedRelease[];
}

export type Catalogue = Record<string, SimulatedService>;

/** Newest first. */
export function releasesOf(name: string, service: SimulatedService, startedAt: Instant): Release[] {
  return service.releases
    .map(({ version, builtBefore, title }) => ({
      version,
      sha: createHash('sha1').update(`${name}@${version}`).digest('hex'),
      tree: createHash('sha1').update(`tree of ${name}@${version}`).digest('hex'),
      digest: `sha256:${createHash('sha256').update(`${name}@${version}`).digest('hex')}`,
      builtAt: startedAt - builtBefore,
      title,
    }))
    .map((built) => ({ ...built, reports: reportsOf(built) }))
    .sort((a, b) => b.builtAt - a.builtAt);
}

export function behaviourOf(service: SimulatedService, version: string): Behaviour {
  const name = service.releases.find((release) => release.version === version)?.behaviour;
  return name === undefined ? {} : BEHAVIOURS[name];
}

function release(
  version: string,
  behaviour: BehaviourName,
  builtBefore: Duration,
  title: string,
): SimulatedRelease {
  return { version, behaviour, builtBefore, title };
}

/** Every environment that a preset names; what stands by in disaster recovery is tried with the traffic of staging. */
function everywhere(
  running: string,
  { staging, production }: { staging: number; production: number },
): Record<string, SimulatedEnvironment> {
  const perMinute = {
    development: Math.min(staging, 60),
    integration: Math.min(staging, 600),
    staging,
    production,
    disaster_recovery: staging,
  };
  return Object.fromEntries(
    Object.entries(perMinute).map(([name, requests]) => [name, { running, perMinute: requests }]),
  );
}

/** The demo's world: the traffic of a busy shop, enough to see errors double at 5 % within minutes, and one service that is too quiet to judge by statistics. */
export const defaultCatalogue: Catalogue = {
  checkout: {
    environments: everywhere('v2.0.4', { staging: 12_000, production: 48_000 }),
    errors: 0.07,
    p50: 84,
    p99: 310,
    cpu: 45,
    memory: 61,
    queueDepth: 12,
    releases: [
      release('v2.0.3', 'healthy', 19 * DAY, 'Round tax per line, not per order'),
      release('v2.0.4', 'healthy', 6 * DAY, 'Stop charging twice when the card form is sent again'),
      release('v2.1.0', 'healthy', 5 * HOUR, 'Add Apple Pay to the payment step'),
      release('v2.1.1', 'errors-double', 3 * HOUR, 'Retry declined cards on the second acquirer'),
      release('v2.1.2', 'p99-triples', 2 * HOUR, 'Look up vouchers one by one'),
      release('v2.1.3', 'health-check-fails', 40 * MINUTE, 'Read the fraud rules from the new store'),
    ],
  },
  payments: {
    environments: everywhere('v9.3.1', { staging: 6_000, production: 18_000 }),
    errors: 0.06,
    p50: 120,
    p99: 540,
    cpu: 38,
    memory: 55,
    queueDepth: 20,
    releases: [
      release('v9.3.0', 'healthy', 24 * DAY, 'Store the scheme reference with each capture'),
      release('v9.3.1', 'healthy', 9 * DAY, 'Time out the acquirer after 8 seconds'),
      release('v9.4.0', 'healthy', 4 * HOUR, 'Settle refunds in batches of 500'),
    ],
  },
  search: {
    environments: everywhere('v1.8.0', { staging: 9_000, production: 36_000 }),
    errors: 0.05,
    p50: 46,
    p99: 190,
    cpu: 57,
    memory: 70,
    queueDepth: 5,
    releases: [
      release('v1.7.2', 'healthy', 30 * DAY, 'Fold accents in product names'),
      release('v1.8.0', 'healthy', 12 * DAY, 'Rank what is in stock first'),
      release('v1.9.0', 'no-metrics', 6 * HOUR, 'Move the metrics endpoint to its own port'),
    ],
  },
  reports: {
    environments: everywhere('v0.7.0', { staging: 3, production: 3 }),
    errors: 0.08,
    p50: 900,
    p99: 4_200,
    cpu: 12,
    memory: 48,
    queueDepth: 2,
    releases: [
      release('v0.6.3', 'healthy', 51 * DAY, 'Name the quarter in the file name'),
      release('v0.7.0', 'healthy', 16 * DAY, 'Export the ledger as CSV'),
      release('v0.8.0', 'healthy', 8 * HOUR, 'Add the monthly margin report'),
    ],
  },
};
