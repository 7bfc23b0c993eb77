/** What an environment of the file begins from: the one it is like, or the preset's of its name (PR-2). */

import type { Preset } from './schema.ts';
import type { Path } from './yaml-text.ts';

export type EnvironmentSettings = NonNullable<Preset['environments']>[string];
type Environments = NonNullable<Preset['environments']>;
type Report = (path: Path, found: string, allowed: string) => void;

/** A file that names environments means exactly these, in its order: so teams drop, add and rename. */
export function mergeEnvironments(preset: Environments, file: Environments | undefined): Environments {
  if (!file) return preset;
  return Object.fromEntries(Object.keys(file).map((id) => [id, resolve(id, preset, file, new Set())]));
}

/** `above`: those that were asked for it on the way here, so that a ring of them ends. */
function resolve(
  id: string,
  preset: Environments,
  file: Environments,
  above: ReadonlySet<string>,
): EnvironmentSettings {
  if (above.has(id) || !Object.hasOwn(file, id)) return own(preset, id);
  const { like, ...given } = withApproval(own(file, id)) ?? {};
  if (like === undefined) return { ...own(preset, id), ...given };
  // Called by its own name: two of one name could not be told apart.
  const { name: _name, ...base } = resolve(like, preset, file, new Set([...above, id])) ?? {};
  return { ...base, ...given };
}

const own = (environments: Environments, id: string): EnvironmentSettings =>
  Object.hasOwn(environments, id) ? (environments[id] ?? {}) : {};

/** A list of sign-offs says by itself whether there is an approval. */
function withApproval(given: EnvironmentSettings): EnvironmentSettings {
  if (given?.sign_offs === undefined || given.approval !== undefined) return given;
  return { ...given, approval: given.sign_offs.length === 0 ? 'none' : 'manual' };
}

/** A name that the preset does not know says nothing: left like that, nobody would be asked there and nothing checked. */
export function checkLikes(preset: Environments, file: Environments | undefined, report: Report): void {
  const presets = Object.keys(preset);
  for (const [id, given] of Object.entries(file ?? {})) {
    const { like, approval, sign_offs: signOffs } = given ?? {};
    const known = [...new Set([...presets, ...Object.keys(file ?? {})])].filter((one) => one !== id);
    const path = ['environments', id];
    if (like === undefined) {
      if (Object.hasOwn(preset, id) || approval !== undefined || signOffs !== undefined) continue;
      const found = `no approval, and the preset has no ${id}`;
      report(
        path,
        found,
        `like: ${presets.join(' or ')}, to be as the preset has that one; or an approval of its own`,
      );
    } else if (!known.includes(like)) {
      report([...path, 'like'], JSON.stringify(like), known.join(', '));
    } else if (isRing(id, file ?? {})) {
      report([...path, 'like'], `${id} like itself, by way of ${like}`, presets.join(', '));
    }
  }
}

function isRing(id: string, file: Environments): boolean {
  const seen = new Set<string>();
  for (let at: string | undefined = id; at !== undefined; at = own(file, at)?.like) {
    if (seen.has(at)) return true;
    seen.add(at);
  }
  return false;
}
