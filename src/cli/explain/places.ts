/** What is said of environments: once for all of which the same is true. */

export interface Alike<T> {
  environments: string[];
  value: T;
}

/** Environments with the same value (compared as JSON) together, in their order. */
export function alike<T>(environments: readonly string[], of: (environment: string) => T): Alike<T>[] {
  const groups = new Map<string, Alike<T>>();
  for (const environment of environments) {
    const value = of(environment);
    const key = JSON.stringify(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { environments: [environment], value });
    else group.environments.push(environment);
  }
  return [...groups.values()];
}
