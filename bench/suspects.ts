/** How often the first suspect is the deployment that did it, and how often one is blamed that did not. */

import { rankSuspects } from '../src/alerts/suspects.ts';
import { KINDS, type KnownScene, knownScenes } from '../test/alerts/scenes.ts';
import { fixed, printTable } from './table.ts';

export interface Tally {
  scenes: number;
  /** With a cause: it is named first, and not as unlikely. */
  first: number;
  /** With a cause: it is named at all. */
  named: number;
  /** Somebody is named first who did not do it, and not as unlikely. */
  blamed: number;
  /** All that is named is said to be unlikely. */
  unlikely: number;
  causes: number;
}

export function tally(scenes: readonly KnownScene[]): Tally {
  const all = scenes.map(({ scene, cause }) => {
    const ranked = rankSuspects(scene);
    const names = ranked.map(({ change }) => change.deployment);
    const [first] = ranked.filter(({ likely }) => likely);
    return { cause, first: first?.change.deployment, names };
  });
  const causes = all.filter(({ cause }) => cause !== undefined);
  return {
    scenes: all.length,
    causes: causes.length,
    first: causes.filter(({ cause, first }) => cause === first).length,
    named: causes.filter(({ cause, names }) => cause !== undefined && names.includes(cause)).length,
    blamed: all.filter(({ cause, first }) => first !== undefined && first !== cause).length,
    unlikely: all.filter(({ first, names }) => first === undefined && names.length > 0).length,
  };
}

const SEEDS = 20;

export async function benchSuspects(): Promise<void> {
  const scenes = knownScenes();
  const parts: [string, KnownScene[]][] = [
    ...KINDS.map((kind): [string, KnownScene[]] => [kind, scenes.filter((one) => one.kind === kind)]),
    ['all', scenes],
    [`${SEEDS} further sets`, Array.from({ length: SEEDS }, (_, i) => knownScenes(1_000 + i)).flat()],
  ];
  printTable(
    'Suspects of an alert (synthetic scenes with a known cause)',
    [
      'the fault',
      'scenes',
      'cause named first',
      'cause named',
      'a wrong one named first',
      'only unlikely ones',
    ],
    parts.map(([name, some]) => row(name, tally(some))),
  );
}

function row(name: string, { scenes, causes, first, named, blamed, unlikely }: Tally): string[] {
  const share = (part: number, of: number): string => (of === 0 ? '–' : `${fixed((100 * part) / of, 0)} %`);
  return [
    name,
    String(scenes),
    share(first, causes),
    share(named, causes),
    share(blamed, scenes),
    share(unlikely, scenes),
  ];
}
