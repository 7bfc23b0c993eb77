/** The words in which the rules of Block Kit are written down: a small vocabulary of data, read by `interpret.ts`. */

export type Surface = 'message' | 'modal' | 'home';

export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Says what is wrong, at a path below the object the exception was given. */
export type Report = (message: string, ...at: (string | number)[]) => void;

/** A rule that no table can hold. It runs only on an object whose fields all passed, so it may rely on their types. */
export type Exception = (object: Json, report: Report, surface: Surface) => void;

/** How a string must look, and what Slack says when it does not. */
export interface Form {
  holds: (value: string) => boolean;
  message: string;
}

export interface StringRule {
  kind: 'string';
  min: number;
  max: number;
  form?: Form;
}

export interface NumberRule {
  kind: 'number';
  integer: boolean;
  min: number;
  max: number;
}

export interface BooleanRule {
  kind: 'boolean';
}

export interface ListRule {
  kind: 'list';
  of: Rule;
  min: number;
  max: number;
  /** A place in the list may be left out with `null`. */
  gaps: boolean;
}

export interface ObjectRule {
  kind: 'object';
  /** The value its `type` field must have; unset for an object without one. */
  type: string | undefined;
  fields: ReadonlyMap<string, Rule>;
  required: readonly string[];
  exceptions: readonly Exception[];
}

export interface ChoiceRule {
  kind: 'choice';
  of: ReadonlyMap<string, ObjectRule>;
  refusal: (type: string) => string;
}

export type Rule = StringRule | NumberRule | BooleanRule | ListRule | ObjectRule | ChoiceRule;

type Fields = Readonly<Record<string, Rule>>;

export const NOT_IN_ENUM = 'must be a valid enum value';

export const boolean: BooleanRule = { kind: 'boolean' };

/** Lengths are in characters (code points), as Slack counts, and empty strings are refused unless `min` is 0. */
export function string(
  max = Number.POSITIVE_INFINITY,
  { min = 1, form }: { min?: number; form?: Form } = {},
): StringRule {
  return { kind: 'string', min, max, ...(form && { form }) };
}

export function oneOf(...values: string[]): StringRule {
  const allowed = new Set(values);
  return string(undefined, { min: 0, form: { holds: (value) => allowed.has(value), message: NOT_IN_ENUM } });
}

export function integer(min: number, max: number): NumberRule {
  return { kind: 'number', integer: true, min, max };
}

export const number: NumberRule = {
  kind: 'number',
  integer: false,
  min: Number.NEGATIVE_INFINITY,
  max: Number.POSITIVE_INFINITY,
};

export function list(of: Rule, { min = 0, max = Number.POSITIVE_INFINITY, gaps = false } = {}): ListRule {
  return { kind: 'list', of, min, max, gaps };
}

export interface Shape {
  required?: Fields;
  optional?: Fields;
  exceptions?: readonly Exception[];
}

export function object(
  type: string | undefined,
  { required = {}, optional = {}, exceptions = [] }: Shape,
): ObjectRule {
  const fields = new Map(Object.entries({ ...optional, ...required }));
  return { kind: 'object', type, fields, required: Object.keys(required), exceptions };
}

/** One of several objects, told apart by their `type`. */
export function choice(
  objects: readonly ObjectRule[],
  refusal: ChoiceRule['refusal'] = (type) => `unsupported type: ${type}`,
): ChoiceRule {
  return { kind: 'choice', of: new Map(objects.map((one) => [one.type ?? '', one])), refusal };
}
