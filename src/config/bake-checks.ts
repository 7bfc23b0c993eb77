/** A version bakes where somebody looks at it, and where its order counts. */

import { DURATION_PATTERN, parseDuration } from './durations.ts';
import type { Settings } from './merge.ts';
import { show } from './problems.ts';
import type { Path } from './yaml-text.ts';

export function checkBakes(
  settings: Settings,
  report: (path: Path, found: string, allowed: string) => void,
): void {
  for (const [id, own] of Object.entries(settings.environments)) {
    const path = ['environments', id, 'bake'];
    if (own?.bake === undefined || !DURATION_PATTERN.test(own.bake)) continue;
    const bake = parseDuration(own.bake);
    if (bake === 0) report(path, show(own.bake), 'a duration over 0');
    if (settings.promotion === 'any_order')
      report(path, 'bake with promotion: any_order', 'it together with promotion: in_order');
    // After that nobody looks, and what is unknown is not well.
    const short = observedThere(settings, id).find(
      (time) => DURATION_PATTERN.test(time) && bake > parseDuration(time),
    );
    if (short !== undefined)
      report(
        path,
        show(own.bake),
        `at most ${short}, for which it is observed there (safeguards.observe_for)`,
      );
  }
}

/** For how long each service is, and any other that comes. */
function observedThere({ environments, services, safeguards }: Settings, id: string): string[] {
  const usual = environments[id]?.safeguards?.observe_for ?? safeguards?.observe_for;
  const own = Object.values(services).map((service) => service?.in?.[id]?.safeguards?.observe_for);
  return [usual, ...own].filter((time) => time !== undefined);
}
