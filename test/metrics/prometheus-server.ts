/** The real Prometheus over a past that a test writes, so that no test has to wait for scrapes. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, programAt, run, until } from '../../src/cli/real/processes.ts';
import { type Duration, type Instant, SECOND } from '../../src/time.ts';

export interface Past {
  metric: string;
  labels: Record<string, string>;
  samples: { at: Instant; value: number }[];
}

export interface PrometheusServer {
  url: string;
  stop(): Promise<void>;
}

/** A counter that grows evenly, scraped at each interval. */
export function steady(
  metric: string,
  labels: Record<string, string>,
  {
    from,
    to,
    every,
    by,
    start = 0,
  }: { from: Instant; to: Instant; every: Duration; by: number; start?: number },
): Past {
  const samples: Past['samples'] = [];
  for (let at = from, value = start; at <= to; at += every, value += by) samples.push({ at, value });
  return { metric, labels, samples };
}

export async function startPrometheus(past: readonly Past[]): Promise<PrometheusServer> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const [port = 0] = await freePorts(1);
  writeFileSync(join(folder, 'past.om'), openMetrics(past));
  writeFileSync(join(folder, 'prometheus.yml'), 'scrape_configs: []\n');
  execFileSync(programAt('promtool') ?? 'promtool', [
    ...['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'past.om'), join(folder, 'data')],
  ]);
  const running = run(programAt('prometheus') ?? 'prometheus', [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--storage.tsdb.retention.time=20y',
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  const url = `http://127.0.0.1:${port}`;
  await until('Prometheus', async () => (await fetch(`${url}/-/ready`)).ok);
  return {
    url,
    async stop() {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One family after the other, as the format wants it; a family is named without `_total` and `_bucket`. */
function openMetrics(past: readonly Past[]): string {
  const families = new Map<string, string[]>();
  for (const { metric, labels, samples } of past) {
    const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
    const lines = families.get(metric) ?? [];
    families.set(metric, lines);
    for (const { at, value } of samples) lines.push(`${metric}{${pairs.join(',')}} ${value} ${at / SECOND}`);
  }
  return `${[...families.values()].flat().join('\n')}\n# EOF\n`;
}
