/** Services that are only watched: what people are told of where their deployments come from. */

import type { ServicePolicy } from './policy.ts';

/** A sentence for whoever would drive it from here. */
export function whereFrom({ name, watchedBy, backend }: ServicePolicy): string {
  const from =
    watchedBy === 'reports'
      ? 'are reported over HTTP by what deploys it'
      : `are seen at its backend ${backend}`;
  return `Its deployments ${from}: deploy or take back ${name} there. To conduct it from here, set mode: drive in gonogo.yml.`;
}
