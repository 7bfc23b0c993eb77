/** Names of adapters that lead nowhere. */

import { BUILT_IN } from './build-adapters.ts';
import type { Settings } from './merge.ts';
import { show, unknownWord } from './problems.ts';
import type { Path } from './yaml-text.ts';

type Report = (path: Path, found: string, allowed: string) => void;

export function checkAdapters(settings: Settings, report: Report): void {
  const { services, defaults } = settings;
  for (const what of ['backend', 'metrics'] as const) {
    const declared = (what === 'backend' ? settings.backends : settings.metrics) ?? {};
    const list = what === 'backend' ? 'backends' : 'metrics';
    const known = [...new Set([...Object.keys(declared), BUILT_IN])];
    const check = (path: Path, name: string | undefined): void => {
      if (name !== undefined && !known.includes(name)) report(path, show(name), unknownWord(name, known));
    };
    const taken = Object.hasOwn(declared, BUILT_IN) ? declared[BUILT_IN] : undefined;
    if (taken !== undefined && taken.kind !== BUILT_IN)
      report(
        [list, BUILT_IN],
        `a ${taken.kind} of the name ${BUILT_IN}`,
        `another name: ${BUILT_IN} is built in`,
      );
    check(['defaults', what], defaults?.[what]);
    for (const [name, service] of Object.entries(services)) check(['services', name, what], service[what]);
  }
  checkNamed('signals', settings, report);
  checkNamed('notifiers', settings, report);
}

/** None is built in: whoever names one says what it is. */
function checkNamed(list: 'signals' | 'notifiers', settings: Settings, report: Report): void {
  const { services, defaults } = settings;
  const known = Object.keys(settings[list] ?? {});
  const check = (path: Path, names: readonly string[] = []): void => {
    for (const name of names) if (!known.includes(name)) report(path, show(name), unknownWord(name, known));
  };
  check(['defaults', list], defaults?.[list]);
  for (const [name, service] of Object.entries(services)) check(['services', name, list], service[list]);
}
