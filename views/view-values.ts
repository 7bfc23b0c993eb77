/** Reading what a person filled in: Slack's `view.state.values`, by the id of the field. */

import { z } from 'zod';

export type ViewValues = Record<string, Record<string, Record<string, unknown>>>;

/** The part of an open view that its reader needs. */
export interface FilledView {
  privateMetadata: string;
  values: ViewValues;
}

const fieldSchema = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_user: z.string().nullish(),
  selected_date_time: z.number().nullish(),
});

export interface Field {
  /** Where an error about it must stand. */
  block: string;
  /** Unset where nothing is filled in. */
  value?: string;
}

/** Every field by its action id: block ids change when a field is drawn anew, action ids do not. */
export function fieldsOf({ values }: Pick<FilledView, 'values'>): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  for (const [block, elements] of Object.entries(values)) {
    for (const [action, state] of Object.entries(elements)) {
      const read = fieldSchema.safeParse(state).data;
      const value =
        read?.value ?? read?.selected_option?.value ?? read?.selected_user ?? read?.selected_date_time;
      const given = value === undefined || value === null ? '' : String(value).trim();
      fields.set(action, given === '' ? { block } : { block, value: given });
    }
  }
  return fields;
}
