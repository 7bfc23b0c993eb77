/** How versions are tagged, as a setting of a service and of an adapter. */

import { z } from 'zod';
import { isVersionPattern, VERSION_PLACES } from '../terms/version-pattern.ts';

const places = VERSION_PLACES.map((place) => `{${place}}`).join(', ');
const allowed = `how a version is written, with at least one of ${places}, such as "checkout@{semver}"`;

const one = z
  .string()
  .max(100)
  .refine(isVersionPattern, { params: { allowed } })
  .meta({ description: allowed });

export const versionPatterns = z.union([
  one,
  z.array(one).min(1).max(10).meta({ description: 'a list of them, at most 10' }),
]);

export function patternsIn(setting: z.output<typeof versionPatterns> | undefined): string[] | undefined {
  return typeof setting === 'string' ? [setting] : setting;
}
