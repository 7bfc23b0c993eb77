/** Checked settings about smoke tests → what a request freezes of them. */

import { defined, given } from '../defined.ts';
import type { KeptFrom, SmokeBody, SmokeHost, SmokeRequest, SmokeTerms, SmokeTest } from '../terms/smoke.ts';
import { type Duration, MINUTE, SECOND } from '../time.ts';
import { parseDuration } from './durations.ts';
import type { Settings } from './merge.ts';

type ServiceSmoke = NonNullable<Settings['services'][string]['smoke']>;
type TestSettings = ServiceSmoke['tests'][string];
type RequestSettings = Omit<
  TestSettings,
  'name' | 'category' | 'critical' | 'by' | 'after_rollback' | 'home' | 'steps'
>;

/** SM-2 and SM-4 as they are given, and SM-3 where nothing else is said. */
const DEFAULTS = {
  holdOver: 10,
  within: 5 * MINUTE,
  flakyOver: 1,
  baseline: { home: 2 * SECOND, p50: 100, p99: 500 },
} as const;

const ANSWERS_WITHIN: Duration = 10 * SECOND;

/** By environment; empty where the service names no tests. */
export function buildSmoke(service: string, settings: Settings): ReadonlyMap<string, SmokeTerms> {
  const own = settings.services[service]?.smoke;
  if (own === undefined) return new Map();
  const { smoke = {}, environments } = settings;
  const tests = Object.entries(own.tests).map(([id, test]) => testOf(id, test));
  return new Map(
    Object.keys(environments).map((environment) => {
      const at = own.environments?.[environment];
      return [
        environment,
        {
          tests,
          ...defined({ base: at?.base }),
          ...(at?.arm === undefined
            ? {}
            : {
                arm: {
                  ...defined({ base: at.arm.base }),
                  headers: at.arm.headers ?? {},
                },
              }),
          hosts: (smoke.hosts ?? []).map(hostOf),
          secrets: own.secrets ?? {},
          holdOver: smoke.hold_over ?? DEFAULTS.holdOver,
          within: smoke.within === undefined ? DEFAULTS.within : parseDuration(smoke.within),
          flakyOver: smoke.flaky_over ?? DEFAULTS.flakyOver,
          baseline: { ...DEFAULTS.baseline, ...waits(smoke.baseline), ...waits(own.baseline) },
        },
      ];
    }),
  );
}

export function hostOf(entry: NonNullable<NonNullable<Settings['smoke']>['hosts']>[number]): SmokeHost {
  const { host: text, private: inside } = typeof entry === 'string' ? { host: entry, private: false } : entry;
  const [, host = text, port] = /^(.*?)(?::(\d+))?$/.exec(text) ?? [];
  return { host: host.toLowerCase(), private: inside, ...defined({ port: given(port, Number) }) };
}

/** Milliseconds. */
export function parseWait(text: string): Duration {
  return text.endsWith('ms') ? Number(text.slice(0, -2)) : parseDuration(text);
}

function waits(given: NonNullable<Settings['smoke']>['baseline'] = {}): Partial<SmokeTerms['baseline']> {
  const pairs = Object.entries(given).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, parseWait(text)]],
  );
  return Object.fromEntries(pairs) as Partial<SmokeTerms['baseline']>;
}

function testOf(id: string, own: TestSettings): SmokeTest {
  const { name, category, critical, by = 'gonogo', after_rollback: back, home, steps } = own;
  return {
    id,
    name: name ?? id,
    category,
    critical: critical ?? (category === 'health' || category === 'authentication'),
    by,
    afterRollback: back ?? true,
    home: home ?? false,
    requests: by === 'gonogo' ? (steps ?? [own]).map(requestOf) : [],
  };
}

export const VERBS = ['get', 'head', 'post', 'put', 'delete'] as const;

function requestOf(own: RequestSettings): SmokeRequest {
  const verb = VERBS.find((one) => own[one] !== undefined) ?? 'get';
  const { status = 200, contains, headers = {}, within } = own.expect ?? {};
  const body = bodyOf(own);
  return {
    method: verb.toUpperCase() as SmokeRequest['method'],
    path: own[verb] ?? '/',
    headers: own.headers ?? {},
    ...defined({ body }),
    expect: {
      status: Array.isArray(status) ? status : [status],
      ...defined({ contains }),
      headers,
      within: within === undefined ? ANSWERS_WITHIN : parseWait(within),
    },
    keep: (own.keep ?? {}) as Record<string, KeptFrom>,
  };
}

function bodyOf({ form, json, body }: RequestSettings): SmokeBody | undefined {
  if (form !== undefined) return { kind: 'form', fields: form };
  if (json !== undefined) return { kind: 'json', value: json };
  return body === undefined ? undefined : { kind: 'text', text: body };
}
