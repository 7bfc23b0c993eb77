import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { readPresets } from '../../src/config/presets.ts';

const EXAMPLE = readFileSync(new URL('../../gonogo.example.yml', import.meta.url), 'utf8');

/** The example, with smoke tests of checkout. */
const load = (smoke: string, top = 'smoke: { hosts: [shop.example.com, "localhost:8080"] }') =>
  loadPolicy(
    EXAMPLE.replace(
      /^services:\n {2}checkout:\n/m,
      `${top}\nservices:\n  checkout:\n    smoke:\n${smoke.replace(/^/gm, '      ')}\n`,
    ),
    readPresets(),
  );

const AT = 'environments: { production: { base: "https://shop.example.com" } }';

function termsOf(loaded: ReturnType<typeof load>) {
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.policy.services.get('checkout')?.smoke.get('production');
}

it('SM-1, SM-3: reads a login flow, with the figures of the standard where nothing else is said', () => {
  const terms = termsOf(
    load(`${AT}
secrets: { password: env:SMOKE_PASSWORD }
baseline: { p50: 80ms }
tests:
  up: { category: health, get: /healthz, expect: { contains: ok, within: 500ms } }
  home: { category: core, get: /, home: true }
  pipeline: { category: data, by: ci, critical: true }
  login:
    category: authentication
    steps:
      - { get: /login, keep: { csrf: { after: 'value="', before: '"' } } }
      - { post: /login, form: { password: "{{password}}", csrf: "{{csrf}}" }, expect: { status: [302, 303] } }`),
  );
  expect(terms).toMatchObject({
    base: 'https://shop.example.com',
    hosts: [{ host: 'shop.example.com' }, { host: 'localhost', port: 8080 }],
    holdOver: 10,
    within: 300_000,
    flakyOver: 1,
    baseline: { home: 2_000, p50: 80, p99: 500 },
  });
  expect(terms?.tests.map(({ id, critical, by, requests }) => [id, critical, by, requests.length])).toEqual([
    ['up', true, 'gonogo', 1],
    ['home', false, 'gonogo', 1],
    ['pipeline', true, 'ci', 0],
    ['login', true, 'gonogo', 2],
  ]);
  expect(terms?.tests[3]?.requests[1]).toMatchObject({ method: 'POST', expect: { status: [302, 303] } });
});

it.each<[string, string, RegExp]>([
  [
    'a host that nobody named',
    `environments: { production: { base: "https://evil.example" } }\ntests: {}`,
    /add evil\.example there/,
  ],
  [
    'a secret without TLS',
    `environments: { production: { base: "http://shop.example.com" } }\nsecrets: { p: env:P }\ntests: {}`,
    /https, because its tests send secrets/,
  ],
  ['a secret that is written down', `${AT}\nsecrets: { p: hunter2 }\ntests: {}`, /^(?!.*hunter2)/s],
  [
    'a value that nobody keeps',
    `${AT}\ntests: { a: { category: core, get: "/{{id}}" } }`,
    /\{\{id\}\}.*version/,
  ],
  ['two requests in one', `${AT}\ntests: { a: { category: core, get: /, post: / } }`, /get and post/],
  ['no request', `${AT}\ntests: { a: { category: core } }`, /no request/],
  ['a body with get', `${AT}\ntests: { a: { category: core, get: /, body: x } }`, /body with get/],
  ['requests of a pipeline', `${AT}\ntests: { a: { category: core, by: ci, get: / } }`, /by: ci/],
  [
    'an arm that leads nowhere',
    `environments: { production: { base: "https://shop.example.com", arm: {} } }\ntests: {}`,
    /neither/,
  ],
  [
    'another environment',
    `environments: { produktion: { base: "https://shop.example.com" } }\ntests: {}`,
    /production/,
  ],
])('PR-1: refuses %s', (_what, smoke, says) => {
  const loaded = load(smoke);
  if (loaded.ok) throw new Error('it was taken');
  expect(
    loaded.problems.map(({ path, found, allowed }) => `${path}: ${found} ${allowed}`).join('\n'),
  ).toMatch(says);
});

it('SM-1: all of them together never have more than 5 minutes', () => {
  const loaded = load(`${AT}\ntests: {}`, 'smoke: { hosts: [shop.example.com], within: 6m }');
  expect(loaded).toMatchObject({ ok: false, problems: [{ path: 'smoke.within' }] });
});
