/** `gonogo doctor` against the local Slack: a whole setup, and one broken setup of each kind (PR-7). */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { type LocalSlack, startLocalSlack } from '../../local-slack/index.ts';
import { BACKENDS } from '../../src/backends/index.ts';
import { EXIT } from '../../src/cli/command.ts';
import { doctor } from '../../src/cli/doctor.ts';
import { examine } from '../../src/main/doctor/doctor.ts';
import type { Row } from '../../src/main/doctor/row.ts';
import { METRICS } from '../../src/metrics/index.ts';
import { NOTIFIERS } from '../../src/notifiers/index.ts';
import { SIGNALS } from '../../src/signals/index.ts';

const MANIFEST = readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8');

const WHOLE = `
preset: handoff-v1
team: Shop
time_zone: UTC
roles: { sre: [U0OMAR00004] }
backends: { simulator: { kind: simulator } }
metrics: { simulator: { kind: simulator } }
services: { checkout: { channel: C0CHECKOUT2, lead: U0DANA00001 } }
`;

let slack: LocalSlack;
let narrow: LocalSlack;
let answering = '';
const server = createServer((_request, response) => response.writeHead(404).end());
const folder = mkdtempSync(join(tmpdir(), 'gonogo-doctor-'));
const file = join(folder, 'gonogo.yml');

beforeAll(async () => {
  const manifest = parse(MANIFEST);
  const few = structuredClone(manifest);
  few.oauth_config.scopes.bot = few.oauth_config.scopes.bot.filter((scope: string) => scope !== 'users:read');
  const seed = (await import('../../local-slack/seed.ts')).acme;
  const channels = [...seed.channels, { id: 'C0EMPTYARCH', name: 'old', bot: true }];
  const usergroups = [
    ...(seed.usergroups ?? []),
    { id: 'S0NOBODY001', handle: 'nobody', name: 'Nobody', users: [] },
  ];
  slack = await startLocalSlack({
    manifest,
    page: false,
    rateLimits: 'off',
    workspace: { ...seed, channels, usergroups },
  });
  narrow = await startLocalSlack({ manifest: few, page: false, rateLimits: 'off' });
  await fetch(`${slack.url}/driver/channel`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'C0EMPTYARCH', set: { archived: true } }),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  answering = `http://localhost:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await Promise.all([slack.close(), narrow.close()]);
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Broken {
  policy?: string;
  variables?: Record<string, string | undefined>;
  at?: () => LocalSlack;
}

const variablesFor = ({ workspace }: LocalSlack): Record<string, string> => ({
  SLACK_BOT_TOKEN: workspace.bot.token,
  SLACK_APP_TOKEN: workspace.bot.app_token,
  SLACK_API_URL: workspace.api,
});

function examined({ policy = WHOLE, variables = {}, at = () => slack }: Broken): Promise<Row[]> {
  writeFileSync(file, policy);
  return examine({ file, variables: { ...variablesFor(at()), ...variables }, manifest: MANIFEST });
}

const without = (from: string, to: string): string => {
  expect(WHOLE).toContain(from);
  return WHOLE.replace(from, to);
};

/** Nothing listens on port 1. */
const GONE = 'http://127.0.0.1:1';
const SECRET = 'x'.repeat(32);
const webhook = `{ kind: webhook, url: "${GONE}", secret: "env:HOOK" }`;

const deploys = (backend: string): Broken => ({
  policy: without(
    'backends: { simulator: { kind: simulator } }',
    `backends: { real: ${backend} }\ndefaults: { backend: real }`,
  ),
  variables: { TOKEN: SECRET },
});
const workload = `namespace: shop, containers: [app], image: "r.example/c@{digest}", releases: { file: /nowhere.json }`;
const cluster = `connection: { server: "${GONE}", token: "env:TOKEN" }`;
const everywhere = (place: string): string =>
  `services: { checkout: { staging: ${place}, production: ${place}, development: ${place}, test: ${place} } }`;

const BROKEN: [string, Broken, Partial<Row>, string][] = [
  [
    'a Kubernetes that is away',
    deploys(`{ kind: kubernetes, ${cluster}, ${everywhere(`{ deployment: checkout, ${workload} }`)} }`),
    { part: 'backends', place: 'backends.real', says: 'the API server cannot be reached' },
    'see connection in its settings',
  ],
  [
    'a release list that is not there',
    deploys(`{ kind: kubernetes, ${cluster}, ${everywhere(`{ deployment: checkout, ${workload} }`)} }`),
    { part: 'backends', place: 'backends.real', says: '/nowhere.json' },
    'see releases in its settings',
  ],
  [
    'an Argo Rollouts that is away',
    deploys(`{ kind: argo-rollouts, ${cluster}, ${everywhere(`{ rollout: checkout, ${workload} }`)} }`),
    { part: 'backends', place: 'backends.real', says: 'the API server cannot be reached' },
    'see rollout and containers',
  ],
  [
    'an HAProxy whose socket is not there',
    deploys(
      `{ kind: haproxy, socket: /nowhere.sock, state_file: elsewhere, ${everywhere('{ backend: be, groups: { blue: [b1], green: [g1] }, releases: { file: /nowhere.json }, activate: { command: [/bin/true] } }')} }`,
    ),
    { part: 'backends', place: 'backends.real', says: '/nowhere.sock' },
    'see socket, backend and groups in its settings',
  ],
  [
    'a GitHub that is away',
    deploys(
      `{ kind: github-actions, api_url: "${GONE}", auth: { token: "env:TOKEN" }, services: { checkout: { repository: acme/checkout, artifact: { image: ghcr.io/acme/checkout }, environments: { staging: { workflow: d.yml, steps: [replace] }, production: { workflow: d.yml, steps: [replace] } } } } }`,
    ),
    { part: 'backends', place: 'backends.real', says: 'GitHub cannot be reached' },
    'see repository and workflow',
  ],
  [
    'a place that a backend does not know',
    deploys(`{ kind: kubernetes, ${cluster}, services: {} }`),
    { part: 'backends', place: 'backends.real', says: 'does not say which Deployment' },
    'correct backends.real for checkout in',
  ],
  [
    'a Prometheus for alerts that is away',
    {
      policy: `${WHOLE}signals: { prom: { kind: prometheus, url: "${GONE}" } }\ndefaults: { signals: [prom] }\n`,
    },
    { part: 'signals', place: 'signals.prom' },
    'correct signals.prom',
  ],
  [
    'a bot token that Slack does not know',
    { variables: { SLACK_BOT_TOKEN: 'xoxb-wrong' } },
    { place: 'SLACK_BOT_TOKEN', says: 'invalid_auth' },
    'Bot User OAuth Token',
  ],
  [
    'an app-level token that Slack does not know',
    { variables: { SLACK_APP_TOKEN: 'xapp-wrong' } },
    { place: 'SLACK_APP_TOKEN', says: 'invalid_auth' },
    'connections:write',
  ],
  [
    'a bot token of another form',
    { variables: { SLACK_BOT_TOKEN: 'secret' } },
    { part: 'environment', place: 'SLACK_BOT_TOKEN' },
    'set SLACK_BOT_TOKEN',
  ],
  [
    'no app-level token',
    { variables: { SLACK_APP_TOKEN: undefined } },
    { part: 'environment', place: 'SLACK_APP_TOKEN' },
    'set SLACK_APP_TOKEN',
  ],
  [
    'a Slack that is away',
    { variables: { SLACK_API_URL: `${GONE}/` } },
    { place: 'SLACK_BOT_TOKEN' },
    'SLACK_API_URL, proxy, firewall',
  ],
  [
    'a scope that is missing',
    { at: () => narrow },
    { place: 'manifest.yml', says: 'missing: users:read' },
    'install the app again',
  ],
  [
    'people who cannot be read for it',
    { at: () => narrow },
    { part: 'people', says: 'missing_scope: users:read' },
    'the scope users:read is missing',
  ],
  [
    'a channel that is not there',
    { policy: without('C0CHECKOUT2', 'C0NOWHERE99') },
    { place: 'services.checkout.channel', says: 'channel_not_found' },
    'compare the id',
  ],
  [
    'a channel without the bot',
    { policy: without('C0CHECKOUT2', 'C0GENERAL04') },
    { place: 'services.checkout.channel', says: 'the bot is not in #general' },
    '/invite @gonogo',
  ],
  [
    'a channel that is archived',
    { policy: without('C0CHECKOUT2', 'C0EMPTYARCH') },
    { place: 'services.checkout.channel', says: '#old is archived' },
    'unarchive it',
  ],
  [
    'announcements to nowhere',
    { policy: `${WHOLE}announcements: C0NOWHERE99\n` },
    { place: 'announcements' },
    'compare the id',
  ],
  [
    'somebody who is not there',
    { policy: without('U0OMAR00004', 'U0NOBODY999') },
    { place: 'roles.sre', says: 'user_not_found' },
    'Copy member ID',
  ],
  [
    'somebody who has left',
    { policy: without('U0DANA00001', 'U0LEFT00007') },
    { place: 'services.checkout.lead', says: 'Lee is deactivated' },
    'somebody else',
  ],
  ['a guest', { policy: without('U0OMAR00004', 'U0GUEST0006') }, { place: 'roles.sre' }, 'a full member'],
  [
    'a user group that is not there',
    { policy: without('[U0OMAR00004]', '{ usergroup: "@nowhere" }') },
    { place: 'roles.sre', what: '@nowhere' },
    'name a user group',
  ],
  [
    'a user group with nobody in it',
    { policy: without('[U0OMAR00004]', '{ usergroup: "@nobody" }') },
    { place: 'roles.sre', says: 'nobody is in it' },
    'put somebody',
  ],
  [
    'no backend but the simulator that nobody declared',
    { policy: without('backends: { simulator: { kind: simulator } }', '') },
    { part: 'policy', place: 'services' },
    'docs/backends/',
  ],
  [
    'a secret of a backend that is not set',
    {
      policy: without(
        'backends: { simulator: { kind: simulator } }',
        `backends: { hook: ${webhook} }\ndefaults: { backend: hook }`,
      ),
    },
    { place: 'backends.hook', says: 'env:HOOK is not set' },
    'its secrets are set',
  ],
  [
    'a backend that is away',
    {
      policy: without(
        'backends: { simulator: { kind: simulator } }',
        `backends: { hook: ${webhook} }\ndefaults: { backend: hook }`,
      ),
      variables: { HOOK: SECRET },
    },
    { part: 'backends', place: 'backends.hook' },
    'docs/backends/webhook.md',
  ],
  [
    'metrics that are away',
    {
      policy: without(
        'metrics: { simulator: { kind: simulator } }',
        `metrics: { hook: ${webhook} }\ndefaults: { metrics: hook }`,
      ),
      variables: { HOOK: SECRET },
    },
    { part: 'metrics', place: 'metrics.hook' },
    'correct metrics.hook for checkout in',
  ],
  [
    'a Prometheus that is away',
    {
      policy: without(
        'metrics: { simulator: { kind: simulator } }',
        `metrics: { hook: { kind: prometheus, url: "${GONE}" } }\ndefaults: { metrics: hook }`,
      ),
    },
    { part: 'metrics', place: 'metrics.hook', says: 'Prometheus cannot be reached' },
    'see url, bearer and basic in its settings',
  ],
  [
    'signals that are away',
    {
      policy: `${WHOLE}signals: { am: { kind: alertmanager, url: "${GONE}" } }\ndefaults: { signals: [am] }\n`,
    },
    { part: 'signals', place: 'signals.am' },
    'correct signals.am',
  ],
  [
    'a pager that is away',
    {
      policy: `${WHOLE}notifiers: { ops: { kind: pagerduty, routing_key: "env:PD_KEY", url: "${GONE}" } }\ndefaults: { notifiers: [ops] }\n`,
      variables: { PD_KEY: 'a'.repeat(32) },
    },
    { part: 'notifiers', place: 'notifiers.ops' },
    'Integration Key',
  ],
  [
    'a pager whose key is missing',
    { policy: `${WHOLE}notifiers: { ops: { kind: pagerduty, routing_key: "env:PD_NONE" } }\n` },
    { part: 'notifiers', place: 'notifiers.ops' },
    'see that its secrets are set',
  ],
  [
    'a pager of your own that is away',
    {
      policy: `${WHOLE}notifiers: { ops: ${webhook} }\ndefaults: { notifiers: [ops] }\n`,
      variables: { HOOK: SECRET },
    },
    { part: 'notifiers', place: 'notifiers.ops' },
    '',
  ],
  [
    'a file that is no policy',
    { policy: 'team: Shop\n' },
    { part: 'policy', place: file },
    'correct it there',
  ],
];

/** What is simulated or only written down has nothing that could be away. */
const ALWAYS_THERE = ['simulator', 'log'];
const REGISTRIES = { backends: BACKENDS, metrics: METRICS, signals: SIGNALS, notifiers: NOTIFIERS };

describe('gonogo doctor', () => {
  it.each(Object.entries(REGISTRIES))(
    'PR-7: has a broken setup of every kind in the table: %s',
    (part, { kinds }) => {
      const tried = BROKEN.filter(([, , row]) => row.part === part).map(([, { policy = '' }]) => policy);
      const missing = kinds.filter((kind) => !tried.some((policy) => policy.includes(`kind: ${kind},`)));
      expect(missing.filter((kind) => !ALWAYS_THERE.includes(kind))).toEqual([]);
    },
  );

  let out = '';
  beforeEach(() => {
    out = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += String(text);
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  const inEnvironment = (variables: Record<string, string>): void => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  };

  it('PR-7: says that a whole setup works, with names, and ends with 0', async () => {
    writeFileSync(file, WHOLE);
    inEnvironment(variablesFor(slack));
    expect(await doctor.run([file])).toBe(EXIT.ok);
    expect(out).toMatch(/works +slack +SLACK_BOT_TOKEN +the bot token +gonogo in Acme/);
    expect(out).toMatch(/works +channels +services\.checkout\.channel +C0CHECKOUT2 +#checkout/);
    expect(out).toMatch(/, 0 fail, 0 could not be tried\.\n$/);
  });

  it('PR-7: says the same as JSON, and ends with 1 where something fails', async () => {
    writeFileSync(file, without('C0CHECKOUT2', 'C0GENERAL04'));
    inEnvironment(variablesFor(slack));
    expect(await doctor.run([file, '--json'])).toBe(EXIT.failed);
    const said = JSON.parse(out) as { ok: boolean; fails: number; rows: Row[] };
    expect(said).toMatchObject({ ok: false, fails: 1 });
    expect(said.rows).toContainEqual(
      expect.objectContaining({ place: 'services.checkout.channel', result: 'fails' }),
    );
  });

  it.each(BROKEN)('PR-7: %s: the row names the place and what to do', async (_kind, broken, row, remedy) => {
    const rows = await examined(broken);
    const found = rows.filter(({ result }) => result === 'fails');
    const expected = expect.objectContaining(
      row.says === undefined ? row : { ...row, says: expect.stringContaining(row.says) },
    );
    expect(found).toContainEqual(expected);
    expect(found.map((one) => one.remedy ?? '').join('\n')).toContain(remedy);
    expect(found.filter((one) => !one.says || !one.remedy)).toEqual([]);
  });

  const smoke = (base: string, host: string, secret = ''): string =>
    `${without('lead: U0DANA00001', `lead: U0DANA00001, smoke: { environments: { production: { base: "${base}" } }, ${secret} tests: { up: { name: Up, category: health, get: "/${secret && '?k={{k}}'}" } } }`)}smoke: { hosts: ["${host}"] }\n`;

  it('SM-1, PR-7: says which smoke host answers, with any status, which does not, and which secret is not there', async () => {
    const host = answering.replace('http://', '');
    const good = await examined({ policy: smoke(answering, host) });
    expect(good).toContainEqual(
      expect.objectContaining({ part: 'smoke', what: answering, result: 'works', says: 'answers 404' }),
    );
    const bad = await examined({
      policy: smoke('https://localhost:1', 'localhost:1', 'secrets: { k: env:NOT_THERE },'),
    });
    expect(bad.filter(({ part }) => part === 'policy')).toMatchObject([{ result: 'works' }]);
    const refused = bad.filter(({ part, result }) => part === 'smoke' && result === 'fails');
    expect(refused.map(({ says }) => says)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('the connection was refused'),
        'env:NOT_THERE is not set',
      ]),
    );
  });

  it('PR-7: what is refused before is not called good after: people and channels are not tried without a token', async () => {
    const rows = await examined({ variables: { SLACK_BOT_TOKEN: 'xoxb-wrong' } });
    expect(rows).toContainEqual(
      expect.objectContaining({ what: 'people and channels', result: 'not_tried' }),
    );
    expect(rows.some(({ part }) => part === 'channels')).toBe(false);
  });

  it('PR-7: shows no secret, whatever fails', async () => {
    const rows = await examined({ variables: { SLACK_BOT_TOKEN: 'xoxb-very-secret', HOOK: SECRET } });
    expect(JSON.stringify(rows)).not.toMatch(/very-secret|x{32}/);
  });
});
