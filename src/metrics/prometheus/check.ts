/** Whether Prometheus has what its settings ask it for, one finding each. */

import type { Finding } from '../../adapters/finding.ts';
import type { Target } from '../../backends/port.ts';
import { MINUTE, SECOND } from '../../time.ts';
import { MetricsError } from '../port.ts';
import { skewIn } from './clocks-apart.ts';
import type { SourceOptions } from './options.ts';
import { SCRAPES_OF_A_RATE, shareOrValue } from './queries.ts';
import type { Template } from './templates.ts';

/** Each metric without its arm, as it is just now: what has no series for the service will have none for a version. */
export async function check(
  { client, scrapeInterval, context }: SourceOptions,
  template: Template,
  { service, environment }: Target,
  signal?: AbortSignal,
): Promise<Finding[]> {
  const now = context.clock.now();
  const window = `${Math.ceil(Math.max(MINUTE, SCRAPES_OF_A_RATE * scrapeInterval) / SECOND)}s`;
  const findings: Finding[] = [];
  for (const [metric, settings] of Object.entries(template.metrics)) {
    const what = `read ${metric} of ${service}`;
    const query = shareOrValue(settings, { service, environment }, window);
    try {
      const { series } = await client.query(query, now, signal);
      findings.push(series.length > 0 ? { what, ok: true } : { what, ok: false, ...nothingFor(query) });
    } catch (error) {
      if (!(error instanceof MetricsError)) throw error;
      findings.push({
        what,
        ok: false,
        problem: error.message,
        remedy: 'see url, bearer and basic in its settings',
      });
    }
  }
  const apart = skewIn(client);
  const what = 'compare clocks with Prometheus';
  findings.push(
    apart === ''
      ? { what, ok: true }
      : { what, ok: false, problem: apart.slice(2), remedy: 'let both machines follow the same time (NTP)' },
  );
  return findings;
}

function nothingFor(query: string): Pick<Finding, 'problem' | 'remedy'> {
  return {
    problem: `Prometheus has no series for ${query}`,
    remedy: 'compare match and names in its settings with what is scraped',
  };
}
