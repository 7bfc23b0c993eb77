/** What deploys a service that is only watched, handed to the deployment that it speaks of. */

import type { Watching } from '../conductor/watching.ts';
import type { WatchReporting } from '../http/api/options.ts';

export function createWatchReports(report: Watching['report']): WatchReporting {
  return async (said, reporter) => {
    const { service, environment, version } = said;
    const reported = await report(said, reporter);
    switch (reported.kind) {
      case 'taken': {
        const { id, status } = reported.deployment;
        return { kind: 'taken', deployment: id, live: status === 'watched_only' };
      }
      case 'driven':
        return notTaken(
          `GoNoGo conducts ${service} itself: ask for a deployment with /deploy, or set mode: watch in gonogo.yml.`,
        );
      case 'occupied':
        return notTaken(
          `${reported.by.id} was asked for in Slack and is on its way in ${environment}: report this again when it is over.`,
        );
      case 'nothing_there':
        return notTaken(
          `Nothing of ${service} ${version} is watched in ${environment} that could have failed.`,
        );
    }
  };
}

const notTaken = (why: string) => ({ kind: 'not_taken' as const, why });
