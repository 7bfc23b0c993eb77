/** What a key is for: a request about anything else is refused before it says what there is. */

import { type ApiKey, isAmong } from '../../config/api-keys.ts';
import { Problem } from './problem.ts';

export interface Wanted {
  service: string;
  /** Gates that the request would answer; none where it only reads. */
  gates: readonly string[];
}

export function requireScope(name: string, key: ApiKey | undefined, { service, gates }: Wanted): void {
  const { services = [], gates: known = [] } = key ?? {};
  const others = [
    ...(isAmong(services, service) ? [] : [service]),
    ...gates.filter((gate) => !isAmong(known, gate)),
  ];
  if (others.length === 0) return;
  throw new Problem(
    'not_for_this_key',
    `The key ${name} may report ${listed(known, 'every gate')} of ${listed(services, 'every service')}, and not ${others.join(', ')}. GONOGO_API_KEYS says what a key is for.`,
    { members: { key: { services, gates: known } } },
  );
}

function listed(names: readonly string[], all: string): string {
  return names.includes('*') ? all : names.join(', ') || 'nothing';
}
