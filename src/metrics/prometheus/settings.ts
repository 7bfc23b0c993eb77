/** What stands in gonogo.yml for a metric source of the kind `prometheus`. */

import { z } from 'zod';
import { secretRef } from '../../adapters/secrets.ts';
import { DURATION_PATTERN } from '../../config/durations.ts';

const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const SELECTOR = /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[^{}]*\})?$/;

const label = z.string().regex(LABEL).meta({ description: 'the name of a label' });

const placeholders = '{{service}}, {{environment}}, {{version}}, {{previous}} and {{number}} are filled in';

const matchers = z
  .string()
  .min(1)
  .max(1_000)
  .meta({ description: `label matchers, e.g. 'job="{{service}}"'; ${placeholders}` });

/** `{{…}}` would end the selector for the pattern, so it is checked with something in its place. */
const selector = z
  .string()
  .max(1_000)
  .refine((text) => SELECTOR.test(text.replace(/\{\{\w+\}\}/g, 'x')), 'not a metric with its labels')
  .meta({ description: `a metric and its labels, e.g. http_requests_total{code=~"5.."}; ${placeholders}` });

const unit = z.enum(['ms', '%', '']).meta({ description: 'ms, % or nothing' });
const scale = z
  .number()
  .gt(0)
  .meta({ description: 'what its figure is multiplied by, e.g. 1000 from seconds to ms' });

const metric = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('ratio'),
      total: selector.meta({ description: 'a counter of all tries' }),
      bad: selector.meta({ description: 'a counter of the bad ones among them' }),
    }),
    z.strictObject({
      kind: z.literal('slower'),
      histogram: selector.meta({ description: 'a histogram by its name without _bucket' }),
      over: z.number().gt(0).meta({ description: 'one of its buckets, in its own unit' }),
    }),
    z.strictObject({
      kind: z.literal('quantile'),
      histogram: selector.meta({ description: 'a histogram by its name without _bucket' }),
      quantile: z.number().gt(0).lt(1),
      unit: unit.optional(),
      scale: scale.optional(),
    }),
    z.strictObject({
      kind: z.literal('value'),
      query: z
        .string()
        .min(1)
        .max(2_000)
        .meta({
          description: `PromQL for one number; {{arm}} stands for the matchers of an arm, {{window}} for the time, ${placeholders}`,
        }),
      unit: unit.optional(),
      scale: scale.optional(),
    }),
  ])
  .meta({
    description:
      'ratio: bad ones of all, as counts · slower: requests over a bucket of a histogram, as counts · quantile of a histogram · value: any query',
  });

export const TEMPLATES = ['http', 'istio', 'nginx-ingress', 'haproxy', 'none'] as const;

/** Where it answers, and what it is shown. */
export const connectionSettings = {
  url: z.url({ protocol: /^https?$/ }).meta({
    description: 'where Prometheus answers, without /api/v1; Thanos, Mimir and VictoriaMetrics as well',
  }),
  bearer: secretRef.optional(),
  basic: z.strictObject({ user: z.string().min(1), password: secretRef }).optional(),
  headers: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/), z.string().max(200))
    .meta({ description: 'further headers that are no secrets, e.g. X-Scope-OrgID' })
    .optional(),
  ca: z.string().min(1).meta({ description: 'a file with the certificates to trust' }).optional(),
  insecure: z
    .strictObject({
      plain_http: z.boolean().meta({ description: 'send credentials without TLS' }).optional(),
      any_certificate: z.boolean().meta({ description: 'believe whoever answers' }).optional(),
    })
    .meta({ description: 'what is given up; said at each start and by gonogo check' })
    .optional(),
};

export const prometheusSettings = z.strictObject({
  ...connectionSettings,
  template: z
    .enum(TEMPLATES)
    .default('http')
    .meta({ description: 'the metrics to begin with; none: only those under metrics' }),
  match: matchers
    .default('job="{{service}}"')
    .meta({ description: `matchers that every metric of the template gets; ${placeholders}` }),
  names: z
    .strictObject({
      requests: z.string().optional(),
      duration: z.string().optional(),
      code: label.optional(),
      version: label.optional(),
    })
    .meta({ description: 'how the metrics and labels of the template are called here, where they differ' })
    .optional(),
  arms: z
    .strictObject({ baseline: matchers, canary: matchers })
    .meta({
      description: 'what tells the old version from the new one; by the label of the version where not said',
    })
    .optional(),
  servers_by: z
    .strictObject({
      info: selector,
      label,
      server: label.default('server'),
      version: label.default('version'),
    })
    .meta({
      description:
        'where only servers are told apart: a metric of the app that says which of them runs which version, and the labels of both',
    })
    .optional(),
  slower_than: z
    .number()
    .gt(0)
    .meta({
      description:
        'a bucket of the template\'s histogram in its own unit: requests slower are counted as "slow"',
    })
    .optional(),
  scrape_interval: z
    .string()
    .regex(DURATION_PATTERN)
    .default('15s')
    .meta({ description: 'how often Prometheus asks the service; windows are read that much later' }),
  metrics: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
      metric.nullable().meta({ description: 'a metric, or nothing to leave out the one of the template' }),
    )
    .meta({ description: 'metrics beside those of the template or in their place, by name' })
    .optional(),
});

export type PrometheusSettings = z.output<typeof prometheusSettings>;
export type MetricSettings = z.output<typeof metric>;

/** Where Prometheus answers and what it is shown. */
export type PrometheusConnection = Pick<PrometheusSettings, keyof typeof connectionSettings>;

/** Throws where credentials would go over the wire in the clear, or it is not said which to send. */
export function refuseUnsafe({
  url,
  bearer,
  basic,
  insecure,
}: Pick<PrometheusConnection, 'url' | 'bearer' | 'basic' | 'insecure'>): void {
  if (bearer !== undefined && basic !== undefined) throw new Error('bearer or basic, not both');
  const secret = bearer !== undefined || basic !== undefined;
  if (secret && !isSafe(url) && insecure?.plain_http !== true) {
    throw new Error(
      `${new URL(url).host} would be sent credentials without TLS: use https, or say insecure: { plain_http: true }`,
    );
  }
}

function isSafe(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
