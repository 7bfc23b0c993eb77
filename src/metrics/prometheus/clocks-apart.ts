/** Whether this machine's clock and that of Prometheus say the same. */

import { type Duration, SECOND } from '../../time.ts';
import type { PrometheusClient } from './client.ts';

/** Windows are of our clock, samples of Prometheus': far apart, they miss each other. */
const CLOCKS_APART: Duration = 10 * SECOND;

export function skewIn(client: PrometheusClient): string {
  const skew = client.skew();
  if (skew === undefined || Math.abs(skew) < CLOCKS_APART) return '';
  const [by, way] = [Math.abs(skew) / SECOND, skew > 0 ? 'ahead of' : 'behind'];
  return `; its clock is ${by} s ${way} ours`;
}
