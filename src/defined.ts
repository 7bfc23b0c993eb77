/** Fields that may be undefined as fields that may be missing, for types that tell the two apart. */

type Defined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The same without the keys whose value is undefined. */
export function defined<T extends object>(fields: T): { [K in keyof Defined<T>]: Defined<T>[K] } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof Defined<T>]: Defined<T>[K] };
}

/** What is made of a value where there is one. */
export function given<T, R>(value: T | undefined, make: (value: T) => R): R | undefined {
  return value === undefined ? undefined : make(value);
}

/** What stands under a name that comes from outside: never what every object has, as `constructor`. */
export function own<T>(
  record: Readonly<Record<string, T>> | undefined,
  name: string | undefined,
): T | undefined {
  return record !== undefined && name !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
