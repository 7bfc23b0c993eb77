/** Who is called beyond Slack where nobody acts: a service says who, its environment whether. */

import type { PagingTerms } from '../terms/paging.ts';
import type { Policy } from './policy.ts';

/** Undefined where nobody is. */
export function pagingFor(
  { services, environments, notifiers, pageAfter: after }: Policy,
  { service, environment }: { service: string; environment: string },
): PagingTerms | undefined {
  if (environments.find(({ id }) => id === environment)?.pages !== true) return undefined;
  const named = (services.get(service)?.notifiers ?? []).flatMap((name) => notifiers.get(name) ?? []);
  if (named.length === 0) return undefined;
  return { notifiers: named.map(({ name, kind }) => ({ name, kind })), after };
}
