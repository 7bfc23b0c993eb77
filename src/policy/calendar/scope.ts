/** Where a window or a freeze applies: services, environments, or everywhere where neither is named. */

export interface Place {
  service: string;
  environment: string;
}

export interface Scope {
  /** Every service where unset. */
  services?: readonly string[];
  /** Every environment where unset. */
  environments?: readonly string[];
}

export function covers({ services, environments }: Scope, { service, environment }: Place): boolean {
  return (
    (services === undefined || services.includes(service)) &&
    (environments === undefined || environments.includes(environment))
  );
}

/** Whether there is a place that both cover. */
export function scopesMeet(a: Scope, b: Scope): boolean {
  return overlap(a.services, b.services) && overlap(a.environments, b.environments);
}

const overlap = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
  a === undefined || b === undefined || a.some((one) => b.includes(one));

/** `checkout and search in production`, `everything in staging`, `everything`. */
export function scopeWords({ services, environments }: Scope): string {
  const what = services === undefined ? 'everything' : listed(services);
  return environments === undefined ? what : `${what} in ${listed(environments)}`;
}

function listed(words: readonly string[]): string {
  return words.length < 2
    ? words.join('')
    : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1] ?? ''}`;
}
