/** Which roles somebody must hold before a preset can be used: found out by asking the check itself. */

import { loadPolicy } from '../../config/load-policy.ts';

export function rolesToFill(preset: string, presets: Readonly<Record<string, string>>): string[] {
  const empty = loadPolicy(
    JSON.stringify({ preset, team: 'Nobody', services: { any: { channel: 'C0000000000' } } }),
    presets,
  );
  if (empty.ok) return [];
  return empty.problems.flatMap(({ path }) => /^roles\.([^.]+)$/.exec(path)?.[1] ?? []);
}
