/** A small real world on this machine: HAProxy in front of two servers of a shop, people in it, and Prometheus. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { createRuntimeApi } from '../../backends/haproxy/runtime-api.ts';
import { fromRoot } from '../from-root.ts';
import { freePorts, programAt, type Running, run, until } from './processes.ts';

export const PACKAGES = ['haproxy', 'prometheus'] as const;

const SERVERS = ['blue1', 'green1'] as const;
type ServerName = (typeof SERVERS)[number];

/** How often each version fails; the last one's errors are doubled. */
const ERROR_RATES: Record<string, number> = { 'v2.0.4': 0.1, 'v2.1.0': 0.1, 'v2.1.1': 0.2 };
const RELEASES = Object.keys(ERROR_RATES).map((version, index) => ({
  version,
  sha: String(index + 1).repeat(40),
  digest: `sha256:${String(index + 1).repeat(64)}`,
  built_at: `2026-01-0${index + 2}T10:00:00Z`,
}));

export interface Shop {
  /** The shop's address, as people know it. */
  url: string;
  prometheus: string;
  /** A policy file under which GoNoGo drives all this. */
  policyFile: string;
  /** As `systemctl reload haproxy`. */
  reloadHaproxy(): Promise<void>;
  /** From now on most requests to its servers fail; its health check goes on passing. */
  breakVersion(version: string): void;
  /** Has Prometheus tell this Alertmanager where more than half of the requests fail. */
  alertTo(alertmanager: string): void;
  stop(): Promise<void>;
}

export interface ShopOptions {
  /** The policy to begin with: its people and channels. */
  policy: string;
  /** Steps of its canary. */
  steps: readonly object[];
  /** Requests a second. */
  rate: number;
}

export async function startShop(options: ShopOptions): Promise<Shop> {
  const folder = mkdtempSync(join(tmpdir(), 'gonogo-shop-'));
  const running: Running[] = [];
  const ports = await portsOf();
  const servers = createShopServers(ports);
  const activator = await servers.listen();
  const stop = async (): Promise<void> => {
    activator.closeAllConnections();
    activator.close();
    await Promise.all([...running, ...servers.all()].map((one) => one.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const name of SERVERS) await servers.activate(name, RELEASES[0]?.version ?? '');
    const haproxy = await startHaproxy(folder, ports, running);
    const prometheus = await startPrometheus(folder, ports, running);
    const url = `http://127.0.0.1:${ports.people}/`;
    running.push(node('examples/shop/traffic.mjs', { URL: url, RATE: String(options.rate) }));
    const policyFile = join(folder, 'gonogo.yml');
    writeFileSync(join(folder, 'releases.json'), JSON.stringify(RELEASES));
    writeFileSync(
      policyFile,
      policyFor(options, {
        folder,
        prometheus: prometheus.url,
        activator: (activator.address() as AddressInfo).port,
      }),
    );
    return {
      url,
      prometheus: prometheus.url,
      policyFile,
      reloadHaproxy: haproxy.reload,
      breakVersion: servers.breakVersion,
      alertTo: prometheus.alertTo,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Ports = Record<ServerName | 'people' | 'prometheus', number>;

async function portsOf(): Promise<Ports> {
  const [people = 0, prometheus = 0, blue1 = 0, green1 = 0] = await freePorts(4);
  return { people, prometheus, blue1, green1 };
}

function node(file: string, env: Record<string, string>): Running {
  return run(process.execPath, [fromRoot(file)], env);
}

/** What a deployment tool does on a team's own servers: it ends one version and starts another. */
function createShopServers(ports: Ports) {
  const running = new Map<ServerName, Running & { version: string }>();
  const body = z.object({ version: z.string() });

  async function activate(name: ServerName, version: string): Promise<void> {
    const release = RELEASES.find((one) => one.version === version);
    if (release === undefined) throw new Error(`there is no ${version}`);
    await running.get(name)?.stop();
    const env = {
      PORT: String(ports[name]),
      VERSION: version,
      DIGEST: release.digest,
      ERROR_RATE: String(ERROR_RATES[version]),
    };
    const started = node('examples/shop/server.mjs', env);
    running.set(name, { ...started, version });
    const answers = async () => (await fetch(`http://127.0.0.1:${ports[name]}/health`)).ok;
    await until(`${name} with ${version}`, answers).catch((error: unknown) => {
      throw new Error(`${String(error)} ${started.output()}`);
    });
  }

  return {
    activate,
    all: () => [...running.values()],
    breakVersion(version: string): void {
      for (const one of running.values()) if (one.version === version) one.child.kill('SIGUSR2');
    },
    async listen(): Promise<Server> {
      const server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', async () => {
          const name = SERVERS.find((one) => request.url === `/${one}`);
          const told = body.safeParse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
          if (name === undefined || !told.success) return void response.writeHead(404).end();
          try {
            await activate(name, told.data.version);
            response.end();
          } catch (error) {
            response.writeHead(500).end(String(error));
          }
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    },
  };
}

async function startHaproxy(folder: string, ports: Ports, running: Running[]) {
  const config = join(folder, 'haproxy.cfg');
  const socket = join(folder, 'admin.sock');
  const server = (name: ServerName) => `  server ${name} 127.0.0.1:${ports[name]}`;
  writeFileSync(join(folder, 'state'), '');
  writeFileSync(
    config,
    `global
  stats socket ${socket} level admin mode 600 expose-fd listeners
  server-state-file ${join(folder, 'state')}
defaults
  mode http
  timeout connect 2s
  timeout check 5s
  timeout client 10s
  timeout server 10s
  load-server-state-from-file global
frontend people
  bind 127.0.0.1:${ports.people}
  default_backend checkout
backend checkout
  balance roundrobin
  option httpchk GET /health
  default-server check inter 200ms rise 1 fall 2 weight 100
${SERVERS.map(server).join('\n')}
`,
  );
  const api = createRuntimeApi(socket);
  const start = (...more: string[]): Running => {
    const started = run(programAt('haproxy') ?? 'haproxy', ['-db', '-f', config, ...more]);
    running.push(started);
    return started;
  };
  let current = start();
  const up = async () => (await api.servers('checkout')).every(({ health }) => health === 'up');
  await until('HAProxy', up);
  return {
    async reload(): Promise<void> {
      const old = current;
      const before = await api.incarnation();
      current = start('-x', socket, '-sf', String(old.child.pid));
      await until('the reload of HAProxy', async () => (await api.incarnation()) !== before);
      await old.stop();
    },
  };
}

async function startPrometheus(folder: string, ports: Ports, running: Running[]) {
  const config = join(folder, 'prometheus.yml');
  const targets = SERVERS.map((name) => `127.0.0.1:${ports[name]}`);
  const rules = join(folder, 'rules.yml');
  const configure = (more = ''): void =>
    writeFileSync(
      config,
      `global: { scrape_interval: 1s, evaluation_interval: 1s }
scrape_configs:
  - job_name: checkout
    static_configs: [{ targets: ${JSON.stringify(targets)} }]
${more}`,
    );
  configure();
  mkdirSync(join(folder, 'data'));
  const started = run(programAt('prometheus') ?? 'prometheus', [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${ports.prometheus}`,
  ]);
  running.push(started);
  const url = `http://127.0.0.1:${ports.prometheus}`;
  await until('Prometheus', async () => (await fetch(`${url}/-/ready`)).ok);
  return {
    url,
    alertTo(alertmanager: string): void {
      writeFileSync(rules, ALERT);
      const { host } = new URL(alertmanager);
      configure(`rule_files: [${JSON.stringify(rules)}]
alerting:
  alertmanagers:
    - static_configs: [{ targets: ['${host}'] }]
`);
      started.child.kill('SIGHUP');
    },
  };
}

const ALERT = `groups:
  - name: checkout
    rules:
      - alert: HighErrorRate
        expr: sum(rate(http_requests_total{code="500"}[5s])) / sum(rate(http_requests_total[5s])) > 0.5
        for: 2s
        labels: { service: checkout, environment: production, severity: critical }
        annotations: { summary: 'More than half of the requests to checkout fail' }
`;

export interface Places {
  folder: string;
  prometheus: string;
  /** The port of what puts a version on a server. */
  activator: number;
}

export function policyFor(
  { policy, steps }: Pick<ShopOptions, 'policy' | 'steps'>,
  { folder, prometheus, activator }: Places,
): string {
  const document = parseDocument(readFileSync(policy, 'utf8'));
  const set = (path: string[], value: unknown): void => document.setIn(path, document.createNode(value));
  set(['backends'], {
    vms: {
      kind: 'haproxy',
      socket: join(folder, 'admin.sock'),
      state_file: join(folder, 'state'),
      config: join(folder, 'haproxy.cfg'),
      services: {
        checkout: {
          production: {
            backend: 'checkout',
            groups: { blue: ['blue1'], green: ['green1'] },
            releases: { file: join(folder, 'releases.json') },
            activate: { url: `http://127.0.0.1:${activator}/{server}` },
            drain: '2s',
          },
        },
      },
    },
  });
  set(['metrics'], { prom: { kind: 'prometheus', url: prometheus, scrape_interval: '1s' } });
  const checkout = document.getIn(['services', 'checkout']);
  set(['services'], {});
  document.setIn(['services', 'checkout'], checkout);
  set(['services', 'checkout', 'backend'], 'vms');
  set(['services', 'checkout', 'metrics'], 'prom');
  // Nothing tells of alerts here: the example's source is of the simulated world.
  document.delete('signals');
  document.deleteIn(['services', 'checkout', 'signals']);
  set(['services', 'checkout', 'environments'], ['production']);
  set(['environments', 'production'], { gates: [], hand_over_gates: [] });
  set(['strategies'], { canary: { name: 'Canary', steps } });
  set(['safeguards'], { look_every: '2s', observe_for: '2m', observe_every: '10s' });
  // Its healthy versions fail too often for the rules of a preset. Stages of seconds are too short for the judge's
  // evidence, which allows for arms that wander apart over minutes: a rule of their own compares them look by look.
  set(['judge'], {
    criteria: [],
    triggers: [
      {
        metric: 'errors',
        kind: 'ratio',
        over: 1.5,
        min_sample: 200,
        breaches: 3,
        of: 5,
        action: 'roll_back',
      },
    ],
    undecided: { usual: 'go_on', last: 'go_on' },
  });
  return document.toString();
}
