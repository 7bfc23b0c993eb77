/** What the fields of the schedule form are made of: menus, searches, people and words, and when they are asked for. */

import type { InputBlockElement, PlainTextInput, PlainTextOption, UsersSelect } from '@slack/types';
import { z } from 'zod';
import { defined } from '../../src/defined.ts';
import { option, plain } from '../blocks.ts';
import type { Field, Form } from '../schedule-form.ts';
import { capitalised } from '../text.ts';

/** Options that a menu holds; of more, the person searches. */
export const MAX_OPTIONS = 100;
/** Characters that an option's value may have. */
const MAX_VALUE = 75;

/** With this each entry is checked, and keeps the type of what it holds. */
export const field = <V>(entry: Field<V>): Field<V> => entry;
export const filled = <V>(entry: Field<V> & { blank: V }): Field<V> & { blank: V } => entry;

export const isNew = ({ chosen }: Form): boolean => chosen.metadata.revises === undefined;
export const hasService = ({ chosen }: Form): boolean => chosen.service !== undefined;
export const ofService = ({ chosen }: Form): string => chosen.service?.slice(0, 80) ?? '';

export function menu(
  action: string,
  placeholder: string,
  options: PlainTextOption[],
  chosen: unknown,
): InputBlockElement {
  const initial = options.find(({ value }) => value === chosen);
  return {
    type: 'static_select',
    action_id: action,
    placeholder: plain(placeholder, 150),
    options: options.slice(0, MAX_OPTIONS),
    ...(initial ? { initial_option: initial } : {}),
  };
}

export function search(
  action: string,
  placeholder: string,
  chosen: PlainTextOption | undefined,
): InputBlockElement {
  return {
    type: 'external_select',
    action_id: action,
    min_query_length: 0,
    placeholder: plain(placeholder, 150),
    ...defined({ initial_option: chosen }),
  };
}

/** What is too long for an option cannot be shown as the one that is chosen. */
export const optionOf = (text: string | undefined, value: string | undefined): PlainTextOption | undefined =>
  text === undefined || value === undefined || value.length > MAX_VALUE ? undefined : option(text, value);

export const person = (action: string, chosen: string | undefined): UsersSelect => ({
  type: 'users_select',
  action_id: action,
  placeholder: plain('Choose a person', 150),
  ...defined({ initial_user: chosen }),
});

export const words = (
  action: string,
  value: string | undefined,
  { max, placeholder, lines }: { max: number; placeholder: string; lines?: true },
): PlainTextInput => ({
  type: 'plain_text_input',
  action_id: action,
  ...defined({ multiline: lines }),
  max_length: max,
  placeholder: plain(placeholder, 150),
  ...defined({ initial_value: value?.slice(0, max) }),
});

/** One of a few fixed words. */
export function oneOf<T extends string>(
  entry: Pick<Field<T>, 'label' | 'inShort' | 'of'> & {
    of: NonNullable<Field<T>['of']>;
    values: readonly [T, ...T[]];
    blank: T;
    names?: Readonly<Record<string, string>>;
  } & Partial<Field<T>>,
): Field<T> & { blank: T } {
  const { values, names = {}, ...rest } = entry;
  const shape: z.ZodType<T> = z.enum(values);
  return {
    folded: true,
    redraws: true,
    isAsked: hasService,
    element: (action, chosen) =>
      menu(
        action,
        'Choose',
        values.map((value) => option(names[value] ?? capitalised(value), value)),
        chosen,
      ),
    ...rest,
    shape,
  };
}
