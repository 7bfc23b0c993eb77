/** Ready metrics of what teams already scrape; each can be renamed, left out or replaced in gonogo.yml. */

import { defined, given } from '../../defined.ts';
import type { MetricSettings, PrometheusSettings, TEMPLATES } from './settings.ts';

export interface Template {
  metrics: Record<string, MetricSettings>;
  /** Matchers of the two arms; unset where servers have to be asked for their version. */
  arms?: { baseline: string; canary: string };
}

type TemplateOf = (settings: PrometheusSettings) => Template;

const SECONDS = { unit: 'ms', scale: 1_000 } as const;

const TEMPLATE: Record<(typeof TEMPLATES)[number], TemplateOf> = {
  http: ({ names = {}, match, slower_than }) => {
    const { requests = 'http_requests_total', duration = 'http_request_duration_seconds' } = names;
    const { code = 'code', version = 'version' } = names;
    return {
      metrics: {
        errors: ratio(`${requests}{${match}}`, `${requests}{${match},${code}=~"5.."}`),
        ...latency(`${duration}{${match}}`, SECONDS, slower_than),
      },
      arms: byLabel(version),
    };
  },
  istio: ({ names = {}, match, slower_than }) => {
    const { requests = 'istio_requests_total', duration = 'istio_request_duration_milliseconds' } = names;
    const { code = 'response_code', version = 'destination_version' } = names;
    // Counted where the request arrives: the caller's side counts it once more.
    const of = `reporter="destination",${match === DEFAULT_MATCH ? 'destination_canonical_service="{{service}}"' : match}`;
    return {
      metrics: {
        errors: ratio(`${requests}{${of}}`, `${requests}{${of},${code}=~"5.."}`),
        ...latency(`${duration}{${of}}`, { unit: 'ms', scale: 1 }, slower_than),
      },
      arms: byLabel(version),
    };
  },
  'nginx-ingress': ({ names = {}, match, slower_than }) => {
    const { requests = 'nginx_ingress_controller_requests' } = names;
    const { duration = 'nginx_ingress_controller_request_duration_seconds', code = 'status' } = names;
    const of = match === DEFAULT_MATCH ? 'ingress=~"{{service}}(-canary)?"' : match;
    return {
      metrics: {
        errors: ratio(`${requests}{${of}}`, `${requests}{${of},${code}=~"5.."}`),
        ...latency(`${duration}{${of}}`, SECONDS, slower_than),
      },
      // The controller names the canary's ingress in this label, and leaves it empty for the other.
      arms: { baseline: 'canary=""', canary: 'canary!=""' },
    };
  },
  haproxy: ({ names = {}, match }) => {
    const { requests = 'haproxy_server_http_responses_total', code = 'code' } = names;
    const of = match === DEFAULT_MATCH ? 'proxy="{{service}}"' : match;
    // HAProxy has averages and no histogram of latencies: p50 and p99 come from the app, under `metrics`.
    return { metrics: { errors: ratio(`${requests}{${of}}`, `${requests}{${of},${code}="5xx"}`) } };
  },
  none: () => ({ metrics: {}, arms: byLabel('version') }),
};

const DEFAULT_MATCH = 'job="{{service}}"';

export function templateOf(settings: PrometheusSettings): Template {
  const { metrics, arms } = TEMPLATE[settings.template](settings);
  const all = { ...metrics, ...settings.metrics };
  const wanted = Object.entries(all).filter((entry): entry is [string, MetricSettings] => entry[1] !== null);
  const chosen = settings.arms ?? arms;
  return { metrics: Object.fromEntries(wanted), ...defined({ arms: chosen }) };
}

function ratio(total: string, bad: string): MetricSettings {
  return { kind: 'ratio', total, bad };
}

function latency(
  histogram: string,
  shown: { unit: 'ms'; scale: number },
  slowerThan: number | undefined,
): Record<string, MetricSettings> {
  return {
    p50: { kind: 'quantile', histogram, quantile: 0.5, ...shown },
    p99: { kind: 'quantile', histogram, quantile: 0.99, ...shown },
    ...defined({
      slow: given(slowerThan, (slowerThan) => ({ kind: 'slower' as const, histogram, over: slowerThan })),
    }),
  };
}

function byLabel(version: string): { baseline: string; canary: string } {
  return { baseline: `${version}="{{previous}}"`, canary: `${version}="{{version}}"` };
}
