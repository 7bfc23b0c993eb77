/** What whoever deploys a service that is only watched says of it: who hears of it, or what of it is new. */

import { defined } from '../defined.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Intent } from '../deployment/intents.ts';
import type { Policy } from '../policy/policy.ts';
import type { Watched, WatchReport } from '../terms/watched.ts';
import { newestLeft } from './left-there.ts';
import type { Brought } from './plan-watch.ts';
import { isOver, nameOfPlace, type WatchedPlaces, type WatchedPlacesContext } from './watched-places.ts';

export type WatchReported =
  | { kind: 'taken'; deployment: Deployment }
  /** GoNoGo conducts the service itself. */
  | { kind: 'driven' }
  /** What was asked for here is still under way there. */
  | { kind: 'occupied'; by: Deployment }
  /** Nothing of this version is watched that could have failed. */
  | { kind: 'nothing_there' };

export type TakeWatchReport = (report: WatchReport, reporter: string) => Promise<WatchReported>;

export function createTakeWatchReport(
  { events, policy }: Pick<WatchedPlacesContext, 'events' | 'policy'>,
  { tell, begin, ranBefore }: Omit<WatchedPlaces, 'look'>,
): TakeWatchReport {
  return async (report, reporter) => {
    const { service, environment, version } = report;
    if (policy().services.get(service)?.mode !== 'watch') return { kind: 'driven' };
    const there = await events.occupant(service, environment);
    if (there === undefined) return ofNothingThere(report, reporter);
    if (there.status !== 'watched_only') return { kind: 'occupied', by: there };
    if (there.terms.envelope.version === version)
      return { kind: 'taken', deployment: (await tell(there, saidOf(report))) ?? there };
    return ofAnother(there, report, reporter);
  };

  async function ofNothingThere(report: WatchReport, reporter: string): Promise<WatchReported> {
    const newest = await newestLeft(events, report);
    if (newest !== undefined && isOver(newest, { version: report.version, percent: shareOf(report) }))
      return { kind: 'taken', deployment: newest };
    return report.state === 'failed' ? { kind: 'nothing_there' } : beginIt(report, reporter, newest);
  }

  /** Another version than the one that is watched. */
  async function ofAnother(there: Deployment, report: WatchReport, reporter: string): Promise<WatchReported> {
    const newest = await newestLeft(events, report);
    if (report.state === 'failed') return { kind: 'nothing_there' };
    const reason = `${report.version} takes its place`;
    await tell(there, { kind: 'end_watch', how: 'superseded', reason });
    return beginIt(report, reporter, newest);
  }

  async function beginIt(
    report: WatchReport,
    reporter: string,
    newest: Deployment | undefined,
  ): Promise<WatchReported> {
    const { service, environment, version, sha, digest } = report;
    const place = { service, environment };
    const brought: Brought = {
      version,
      percent: shareOf(report),
      previous: ranBefore(place, newest) ?? null,
      ...defined({ sha, digest }),
    };
    const outcome = await begin(place, brought, newest, { by: watcherOf(policy(), service), reporter });
    if (outcome.kind !== 'refused') return { kind: 'taken', deployment: outcome.deployment };
    const taken = await events.occupant(service, environment);
    if (taken === undefined)
      throw new Error(`${nameOfPlace(place)} ${version} is not watched: ${outcome.message}`);
    return { kind: 'occupied', by: taken };
  }
}

const saidOf = ({ state, percent, reason }: WatchReport): Intent => ({
  kind: 'reported',
  state,
  ...defined({ percent, reason }),
});

const shareOf = ({ state, percent }: WatchReport): number => (state === 'done' ? 100 : (percent ?? 0));

const watcherOf = (policy: Policy, service: string): Watched['by'] =>
  policy.services.get(service)?.watchedBy === 'reports' ? 'report' : 'backend';
