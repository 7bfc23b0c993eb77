/** Which series belong to the old version and which to the new one, as label matchers. */

import type { Change } from '../../backends/port.ts';
import type { Instant } from '../../time.ts';
import type { PrometheusClient } from './client.ts';
import { escaped, fillIn, type Names, withMatchers } from './fill-in.ts';
import type { PrometheusSettings } from './settings.ts';

/** Null where an arm has no series to look for. */
export interface Arms {
  baseline: string | null;
  canary: string | null;
}

export function namesOf({ service, environment, version, previous }: Change): Names {
  return {
    service,
    environment,
    version,
    number: version.replace(/^v/, ''),
    ...(previous === null ? {} : { previous, previous_number: previous.replace(/^v/, '') }),
  };
}

export function armsByLabel(arms: { baseline: string; canary: string }, change: Change): Arms {
  const names = namesOf(change);
  return {
    baseline: change.previous === null ? null : fillIn(arms.baseline, names),
    canary: fillIn(arms.canary, names),
  };
}

/** Asks the app which of its servers run which of the two versions. */
export async function armsByServer(
  client: PrometheusClient,
  by: NonNullable<PrometheusSettings['servers_by']>,
  change: Change,
  at: Instant,
  signal?: AbortSignal,
): Promise<Arms> {
  const info = withMatchers(fillIn(by.info, namesOf(change)), []);
  const { series } = await client.query(`last_over_time(${info}[1m])`, at, signal);
  const serversOf = (version: string | null): string | null => {
    const servers = series
      .filter(({ labels }) => labels[by.version] === version)
      .flatMap(({ labels }) => labels[by.server] ?? []);
    if (version === null || servers.length === 0) return null;
    const pattern = [...new Set(servers)].sort().map(literally).join('|');
    return `${by.label}=~"${escaped(pattern)}"`;
  };
  return { baseline: serversOf(change.previous), canary: serversOf(change.version) };
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
