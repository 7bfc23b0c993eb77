/**
 * The fields of the schedule form (K-2), in the order in which they stand: all that asking for a deployment, changing one
 * and asking again know of a field is its entry in one of these tables.
 */

import type { z } from 'zod';
import { CHANGE_FIELDS } from './schedule-fields/change.ts';
import { RELEASE_FIELDS } from './schedule-fields/release.ts';
import { ROLLOUT_FIELDS } from './schedule-fields/rollout.ts';
import { START_FIELDS } from './schedule-fields/start.ts';
import type { Field } from './schedule-form.ts';

export const FIELDS = { ...RELEASE_FIELDS, ...START_FIELDS, ...CHANGE_FIELDS, ...ROLLOUT_FIELDS };

export type ScheduleField = keyof typeof FIELDS;
export const FIELD_NAMES = Object.keys(FIELDS) as ScheduleField[];

/** The entry of a field, whatever it holds. */
export const entryOf = (name: ScheduleField): Field => FIELDS[name] as unknown as Field;

/** Action ids. */
export const SCHEDULE_FIELDS = Object.fromEntries(
  FIELD_NAMES.map((name) => [name, `schedule.${name}`]),
) as Record<ScheduleField, string>;

/** Changing one of these draws the form anew. */
export const SCHEDULE_REDRAWS: readonly string[] = FIELD_NAMES.filter((name) => entryOf(name).redraws).map(
  (name) => SCHEDULE_FIELDS[name],
);

type ValueOf<N extends ScheduleField> = (typeof FIELDS)[N] extends { shape: z.ZodType<infer V> } ? V : never;
/** Those that are never empty. */
type FilledField = {
  [N in ScheduleField]: (typeof FIELDS)[N] extends { blank: unknown } ? N : never;
}[ScheduleField];
type OptionalField = { [N in ScheduleField]: undefined extends ValueOf<N> ? N : never }[ScheduleField];

/** What each field holds, those aside that hold nothing yet. */
export type ScheduleValues = { [N in FilledField]: ValueOf<N> } & {
  [N in Exclude<ScheduleField, FilledField>]?: Exclude<ValueOf<N>, undefined>;
};

/** What each field holds in a form that can be sent. */
export type CompleteValues = { [N in Exclude<ScheduleField, OptionalField>]: ValueOf<N> } & {
  [N in OptionalField]?: Exclude<ValueOf<N>, undefined>;
};
