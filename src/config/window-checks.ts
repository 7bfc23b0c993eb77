/** Strategies that an environment allows and no window of it could ever hold: they would wait for ever (WN-1, ST-8). */

import { nextOpen, type Window, windowsAt } from '../policy/calendar/windows.ts';
import type { Policy } from '../policy/policy.ts';
import { safeguardsFor, strategiesFor } from '../policy/rollout.ts';
import { plannedDuration } from '../terms/plan.ts';
import { type Duration, HOUR, MINUTE } from '../time.ts';
import type { InParts } from './in-parts.ts';
import type { Path } from './yaml-text.ts';

type Report = (path: Path, found: string, allowed: string) => void;

/** A Monday before every holiday that a file may name: windows are what they usually are. */
const USUALLY = Date.UTC(2001, 0, 1);

interface Unfit {
  windows: readonly Window[];
  strategy: string;
  environment: string;
  takes: Duration;
  rollback: Duration;
}

/** Windows of different services may differ; each is named with the first that it does not fit. */
export function* checkFits(policy: Policy, report: Report): InParts<void> {
  const seen = new Set<string>();
  for (const { name, environments, mode } of policy.services.values()) {
    yield;
    if (mode === 'watch') continue;
    for (const environment of environments)
      for (const unfit of unfitAt(policy, { service: name, environment })) {
        const key = `${environment} ${unfit.strategy} ${unfit.windows.map((window) => window.name).join()}`;
        if (!seen.has(key)) report(...wordsFor(name, unfit));
        seen.add(key);
      }
  }
}

function unfitAt(policy: Policy, place: { service: string; environment: string }): Unfit[] {
  const windows = windowsAt(policy.calendar.windows, place);
  if (windows.length === 0) return [];
  const { rollbackWithin: rollback } = safeguardsFor(policy, place);
  return strategiesFor(policy, place).flatMap(({ id, plan }) => {
    const takes = plannedDuration(plan);
    const fits = nextOpen(windows, USUALLY, takes + rollback) !== undefined;
    return fits ? [] : [{ windows, strategy: id, environment: place.environment, takes, rollback }];
  });
}

function wordsFor(service: string, { windows, strategy, environment, takes, rollback }: Unfit) {
  const team = windows.find((window) => window.team !== undefined)?.team;
  const path: Path = team === undefined ? ['windows'] : ['teams', team, 'windows'];
  const names = windows.map(({ name }) => name).join(', ');
  return [
    path,
    `no window of ${service} in ${environment} (${names}) as long as ${strategy}, which takes ${written(takes)}, and a rollback of ${written(rollback)}`,
    `one of at least ${written(takes + rollback)}; or ${strategy} in environments.${environment}.without_strategies`,
  ] as const;
}

function written(time: Duration): string {
  const hours = Math.floor(time / HOUR);
  const minutes = Math.round((time % HOUR) / MINUTE);
  return [hours === 0 ? '' : `${hours}h`, minutes === 0 && hours > 0 ? '' : `${minutes}m`]
    .filter(Boolean)
    .join(' ');
}
