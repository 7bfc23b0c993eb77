/** `gonogo check` on a broken setup of each kind of adapter: a table in which no kind may be left out (PR-7). */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { BACKENDS } from '../../src/backends/index.ts';
import { check } from '../../src/cli/check.ts';
import { EXIT } from '../../src/cli/command.ts';
import { METRICS } from '../../src/metrics/index.ts';
import { NOTIFIERS } from '../../src/notifiers/index.ts';
import { SIGNALS } from '../../src/signals/index.ts';

const REGISTRIES = { backends: BACKENDS, metrics: METRICS, signals: SIGNALS, notifiers: NOTIFIERS };
type List = keyof typeof REGISTRIES;

/** Of each kind, what its example cannot be opened with here, and what is said of it; of those that need nothing, why. */
interface Broken {
  settings: Record<string, unknown>;
  says: string;
}

const NOT_SET = 'env:NOT_SET_HERE';
const says = (settings: Record<string, unknown>, words: string): Broken => ({ settings, says: words });
const cluster = says(
  { connection: { server: 'https://k8s.example.com', token: NOT_SET } },
  `${NOT_SET} is not set`,
);
/** A secret that is read at the first call alone. */
const place = {
  namespace: 'shop',
  deployment: 'checkout',
  containers: ['app'],
  image: 'r.example/c@{digest}',
};
const releases = { url: 'https://ci.example.com/releases', bearer: NOT_SET };
const deep = says(
  { services: { checkout: { production: { ...place, releases } } } },
  `${NOT_SET} is not set`,
);
const plain = says(
  { url: 'http://far.example.com', bearer: 'env:TOKEN_OF_TEST' },
  'sent credentials without TLS',
);
const NEEDS_NOTHING = 'it has no settings, no secrets and no address';

const KINDS: Record<List, Record<string, Broken | typeof NEEDS_NOTHING>> = {
  backends: {
    'argo-rollouts': cluster,
    'github-actions': says({ auth: { token: NOT_SET } }, `${NOT_SET} is not set`),
    haproxy: says({ state_file: '/nowhere/at/all/state' }, '/nowhere/at/all cannot be written by this user'),
    kubernetes: deep,
    simulator: NEEDS_NOTHING,
    webhook: says({ secret: NOT_SET }, `${NOT_SET} is not set`),
  },
  metrics: {
    prometheus: plain,
    simulator: NEEDS_NOTHING,
    webhook: says({ secret: NOT_SET }, `${NOT_SET} is not set`),
  },
  signals: { alertmanager: plain, prometheus: plain, simulator: NEEDS_NOTHING },
  notifiers: {
    log: NEEDS_NOTHING,
    pagerduty: says({ routing_key: NOT_SET }, `${NOT_SET} is not set`),
    webhook: says({ secret: NOT_SET }, `${NOT_SET} is not set`),
  },
};

const lists = Object.keys(REGISTRIES) as List[];
const kinds = lists.flatMap((list) => REGISTRIES[list].kinds.map((kind) => ({ list, kind })));

let folder = '';
let said = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gonogo-broken-'));
  said = '';
  vi.stubEnv('TOKEN_OF_TEST', 'a-token');
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** What `check` says of a policy that it takes, with one adapter more of each kind. */
async function checked(more: (list: List, kind: string) => Record<string, unknown>): Promise<number> {
  const file = join(folder, 'gonogo.yml');
  const adapters = Object.fromEntries(
    lists.map((list) => [
      list,
      Object.fromEntries(
        REGISTRIES[list].kinds.map((kind) => [
          `my-${kind}`,
          { kind, ...REGISTRIES[list].exampleOf(kind), ...more(list, kind) },
        ]),
      ),
    ]),
  );
  const policy = {
    preset: 'handoff-v1',
    team: 'Shop',
    time_zone: 'UTC',
    roles: { sre: ['U0OMAR00004'] },
    ...adapters,
    defaults: { backend: 'my-simulator', metrics: 'my-simulator' },
    services: { checkout: { channel: 'C0CHECKOUT2', lead: 'U0DANA00001' } },
  };
  writeFileSync(file, stringify(policy));
  return check.run([file]);
}

it('PR-7: the table of broken setups knows every kind that there is', () => {
  for (const list of lists)
    expect(Object.keys(KINDS[list]).sort()).toEqual([...REGISTRIES[list].kinds].sort());
});

it('PR-7: check names a setting that there is not with its line, of every kind, and does not take it', async () => {
  expect(await checked(() => ({ sockett: 'no' }))).toBe(EXIT.config);
  for (const { list, kind } of kinds)
    expect(said).toMatch(new RegExp(`line \\d+: ${list}\\.my-${kind}\\b.*sockett`));
});

it('PR-7: check says of every kind that cannot be opened here why, and what to do', async () => {
  const brokenIn = (list: List, kind: string): Broken | undefined => {
    const broken = KINDS[list][kind];
    return broken === NEEDS_NOTHING ? undefined : broken;
  };
  expect(await checked((list, kind) => brokenIn(list, kind)?.settings ?? {})).toBe(EXIT.ok);
  for (const { list, kind } of kinds) {
    const line = said.split('\n').find((one) => one.startsWith(`${list}.my-${kind} `)) ?? '';
    const broken = brokenIn(list, kind);
    if (broken === undefined) expect(line).toContain('its settings and secrets are there');
    else {
      expect(line).toContain(`cannot be opened here: `);
      expect(line).toContain(broken.says);
      expect(line).toContain(`Correct ${list}.my-${kind}`);
    }
  }
});
