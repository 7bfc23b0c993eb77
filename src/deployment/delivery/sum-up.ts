/** How a team delivers, summed up over many deployments (MT-1, MT-2). */

import { defined } from '../../defined.ts';
import { DAY, type Duration, type Instant } from '../../time.ts';
import type { Delivery } from './delivery.ts';

export interface Spread {
  median: Duration;
  /** Nine of ten took no longer. */
  nineOfTen: Duration;
  of: number;
}

export interface DeliveryFigures {
  /** What they have in common: an environment, a service; empty for all of them. */
  name: string;
  /** That had all traffic at some time, or went back before. */
  deployments: number;
  perWeek: number;
  underWay: number;
  /** That went back, in their rollout or after it. */
  failed: number;
  /** Of `deployments`, 0 to 100; unset where there were none. */
  failurePercent?: number;
  /** Of those that failed: by a person, by itself; the rest was conducted elsewhere. */
  backBy: { person: number; itself: number };
  /** Of those that failed: the version before did not have all traffic again by its rollback. */
  notRestored: number;
  /** From the request, and from the build where CI registered one, to all traffic. */
  lead?: Spread;
  leadFromBuild?: Spread;
  /** From first to all traffic. */
  rollout?: Spread;
  /** From the word to go back to all traffic on the version before. */
  restore?: Spread;
  signOffs: { role: string; waited: Spread }[];
  waitedForStart?: Spread;
}

/** `period` in milliseconds: what "a week" is a share of. */
export function sumUp(name: string, deliveries: readonly Delivery[], period: Duration): DeliveryFigures {
  const ended = deliveries.filter(({ kind }) => kind === 'deployed' || kind === 'went_back');
  // What is taken back had been deployed and handed over: it is that deployment's failure, and no second one.
  const failed = deliveries.filter(({ kind }) => kind === 'went_back' || kind === 'took_back');
  const backs = failed.flatMap(({ wentBack }) => wentBack ?? []);
  return {
    name,
    deployments: ended.length,
    perWeek: (ended.length * 7 * DAY) / period,
    underWay: deliveries.length - ended.length - failed.filter(({ kind }) => kind === 'took_back').length,
    failed: failed.length,
    ...(ended.length === 0 ? {} : { failurePercent: Math.min(100, (100 * failed.length) / ended.length) }),
    backBy: {
      person: backs.filter(({ by }) => by === 'person').length,
      itself: backs.filter(({ by }) => by === 'itself').length,
    },
    notRestored: backs.filter(({ by, restoredAt }) => by !== undefined && restoredAt === undefined).length,
    signOffs: byRole(deliveries),
    ...defined({
      lead: spreadOf(ended, ({ requestedAt, completedAt }) => since(requestedAt, completedAt)),
      leadFromBuild: spreadOf(ended, ({ builtAt, completedAt }) => since(builtAt, completedAt)),
      rollout: spreadOf(ended, ({ at, completedAt }) => since(at, completedAt)),
      restore: spreadOf(backs, ({ at, restoredAt }) => since(at, restoredAt)),
      waitedForStart: spreadOf(deliveries, ({ waitedForStart }) => waitedForStart),
    }),
  };
}

/** By what they have in common, most deployments first. */
export function sumUpBy(
  key: 'environment' | 'service',
  deliveries: readonly Delivery[],
  period: Duration,
): DeliveryFigures[] {
  return groupsOf(deliveries, (one) => one[key])
    .map(([name, group]) => sumUp(name, group, period))
    .sort((a, b) => b.deployments - a.deployments || (a.name < b.name ? -1 : 1));
}

const since = (from: Instant | undefined, to: Instant | undefined): Duration | undefined =>
  from === undefined || to === undefined ? undefined : Math.max(0, to - from);

/** By the nearest rank: each figure is one that was measured. */
function spreadOf<T>(all: readonly T[], of: (one: T) => Duration | undefined): Spread | undefined {
  const sorted = all.flatMap((one) => of(one) ?? []).sort((a, b) => a - b);
  const at = (share: number): Duration => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return sorted.length === 0 ? undefined : { median: at(0.5), nineOfTen: at(0.9), of: sorted.length };
}

/** In the order in which they come first. */
function groupsOf<T>(all: readonly T[], key: (one: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(key(one));
    if (group === undefined) groups.set(key(one), [one]);
    else group.push(one);
  }
  return [...groups];
}

function byRole(deliveries: readonly Delivery[]): DeliveryFigures['signOffs'] {
  const given = deliveries.flatMap(({ signOffs }) => signOffs);
  return groupsOf(given, ({ role }) => role)
    .flatMap(([role, of]) => {
      const waited = spreadOf(of, (one) => one.waited);
      return waited === undefined ? [] : [{ role, waited }];
    })
    .sort((a, b) => b.waited.median - a.waited.median);
}
