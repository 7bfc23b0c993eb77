/** What is declared of a change of the database beside its kind (RB-4). */

import type { Details } from './change.ts';
import { VERSION_SHAPE } from './version-pattern.ts';

export type DatabasePlan = Pick<Details, 'database' | 'compatible' | 'reverseScript'>;

/** The versions that are said to work with the changed database; undefined where nothing is said, or nothing changes. */
export function compatibleVersions({ database, compatible = '' }: DatabasePlan): string[] | undefined {
  const versions = compatible.split(/[\s,;]+/).filter(Boolean);
  return database === 'none' || versions.length === 0 ? undefined : versions;
}

/** Of what was typed as versions, the first that cannot be one. */
export function notAVersion(compatible: string): string | undefined {
  const versions = compatibleVersions({ database: 'breaking', compatible }) ?? [];
  return versions.find((version) => !VERSION_SHAPE.test(version));
}

/** Only a data migration has one. */
export function reverseScriptOf({ database, reverseScript = '' }: DatabasePlan): string | undefined {
  return database === 'data_migration' ? reverseScript.trim() || undefined : undefined;
}
