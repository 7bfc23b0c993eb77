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
