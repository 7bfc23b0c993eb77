/** The real HAProxy in front of small servers that run what they are told, for each test anew. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { createRuntimeApi } from '../../src/backends/haproxy/runtime-api.ts';
import { haproxySettings } from '../../src/backends/haproxy/settings.ts';
import { createHaproxy } from '../../src/backends/haproxy.ts';
import type { Release } from '../../src/backends/port.ts';
import { freePorts, programAt, type Running, run, until } from '../../src/cli/real/processes.ts';
import { adapterContext } from '../adapter-context.ts';

/** Requests at once; how many are sent is a multiple of it. */
const AT_ONCE = 10;

export type Haproxy = ReturnType<typeof createHaproxy>;

export interface App {
  name: string;
  runs: { version: string; digest: string };
  healthy: boolean;
  /** It answers HAProxy's check, and nothing else. */
  hangs?: boolean;
  /** Requests of people that it answered. */
  answered: number;
  server: Server;
}

export interface HaproxyRig {
  haproxy: Haproxy;
  apps: App[];
  /** Calls of the hook that puts a version on a server. */
  activations: { server: string; version: string; digest: string; key: string }[];
  /** What the hook answers instead. */
  refuseActivation(words: string | undefined): void;
  folder: string;
  socket: string;
  /** The same runtime API over TCP. */
  address: string;
  url: string;
  /** As they stand in gonogo.yml. */
  settings(more?: Record<string, unknown>, through?: string): object;
  /** Where each opening finds what the others left. */
  state: string;
  /** Another opening of the same backend. */
  open(more?: Record<string, unknown>, through?: string): Haproxy;
  /** As `systemctl reload haproxy` does: the new process takes the ports over. */
  reload(): Promise<void>;
  /** It takes connections and answers none, until the returned function is called. */
  hangHaproxy(): () => void;
  /** Out of its configuration, for the next start. */
  removeServer(name: string): void;
  stopHaproxy(): Promise<void>;
  startHaproxy(): Promise<void>;
  /** A command on the socket, as a person types it. */
  byHand(...commands: string[]): Promise<void>;
  /** How many of so many requests each version answered. */
  split(requests: number): Promise<Record<string, number>>;
  close(): Promise<void>;
}

export interface HaproxyRigOptions {
  groups?: Record<string, string[]>;
  /** Whether HAProxy reads the state file after a reload. */
  keepsState?: boolean;
}

const hex = (character: string, length: number) => character.repeat(length);

const RELEASES: (Omit<Release, 'builtAt'> & { built_at: string })[] = [
  ['v2.1.1', '2', '2026-01-04T10:00:00Z'],
  ['v2.1.0', '2', '2026-01-03T10:00:00Z'],
  ['v2.0.4', '1', '2026-01-02T10:00:00Z'],
].map(([version = '', digit = '', built_at = '']) => ({
  version,
  sha: hex(digit, 40),
  digest: `sha256:${hex(digit, 64)}`,
  built_at,
}));

export const release = (version: string) => {
  const found = RELEASES.find((one) => one.version === version);
  if (found === undefined) throw new Error(`no release ${version}`);
  return found;
};

export async function createHaproxyRig(options: HaproxyRigOptions = {}): Promise<HaproxyRig> {
  const { groups = { blue: ['blue1'], green: ['green1'] }, keepsState = true } = options;
  const folder = mkdtempSync(join(tmpdir(), 'haproxy-'));
  const socket = join(folder, 'admin.sock');
  const stateFile = join(folder, 'state');
  const activations: HaproxyRig['activations'] = [];
  let refusing: string | undefined;

  const apps = await Promise.all(Object.values(groups).flat().map(startApp));
  async function startApp(name: string): Promise<App> {
    const { version, digest } = release('v2.0.4');
    const app: App = {
      name,
      runs: { version, digest },
      healthy: true,
      answered: 0,
      server: createServer((request, response) => void answer(app, request, response)),
    };
    await new Promise<void>((resolve) => app.server.listen(0, '127.0.0.1', resolve));
    return app;
  }

  async function answer(app: App, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (app.hangs === true && request.url !== '/health') return;
    if (request.url === '/version') return void response.end(JSON.stringify(app.runs));
    if (request.url === '/health') return void response.writeHead(app.healthy ? 200 : 503).end();
    if (request.url === '/activate') {
      let text = '';
      for await (const chunk of request) text += String(chunk);
      const told = JSON.parse(text) as HaproxyRig['activations'][number];
      activations.push(told);
      if (refusing !== undefined) return void response.writeHead(500).end(refusing);
      app.runs = { version: told.version, digest: told.digest };
      return void response.end();
    }
    app.answered += 1;
    response.end(app.runs.version);
  }

  const [port = 0, tcp = 0] = await freePorts(2);
  const portOf = (name: string): number => {
    const address = apps.find((one) => one.name === name)?.server.address();
    return (address as AddressInfo).port;
  };
  const config = join(folder, 'haproxy.cfg');
  writeFileSync(
    config,
    `global
  stats socket ${socket} level admin mode 600 expose-fd listeners
  stats socket ipv4@127.0.0.1:${tcp} level admin
  ${keepsState ? `server-state-file ${stateFile}` : ''}
defaults
  mode http
  timeout connect 2s
  timeout check 5s
  timeout client 10s
  timeout server 10s
  ${keepsState ? 'load-server-state-from-file global' : ''}
frontend people
  bind 127.0.0.1:${port}
  default_backend be_checkout
backend be_checkout
  balance roundrobin
  option httpchk GET /health
  default-server check inter 80ms rise 1 fall 2 weight 100
${Object.values(groups)
  .flat()
  .map((name) => `  server ${name} 127.0.0.1:${portOf(name)}`)
  .join('\n')}
`,
  );
  writeFileSync(stateFile, '');
  writeFileSync(join(folder, 'releases.json'), JSON.stringify(RELEASES));

  const url = `http://127.0.0.1:${port}/`;
  let running: Running;
  const startHaproxy = async (...more: string[]): Promise<void> => {
    running = run(programAt('haproxy') ?? 'haproxy', ['-db', '-f', config, ...more]);
    await until('HAProxy', async () => {
      const { ok } = await fetch(url);
      return ok && running.child.exitCode === null;
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}: ${running.output()}`);
    });
  };
  await startHaproxy();

  const opened: Haproxy[] = [];
  const state = join(folder, 'adapter');
  mkdirSync(state);
  const settings: HaproxyRig['settings'] = (more = {}, through = socket) => ({
    socket: through,
    state_file: stateFile,
    services: {
      checkout: {
        production: {
          backend: 'be_checkout',
          groups,
          releases: { file: join(folder, 'releases.json') },
          activate: { url: 'http://{address}:{port}/activate' },
          drain: '1s',
          ready_within: '2s',
          ...more,
        },
      },
    },
  });
  const open: HaproxyRig['open'] = (more, through) => {
    const parsed = haproxySettings.parse(settings(more, through));
    const haproxy = createHaproxy(parsed, adapterContext({ folder: state }));
    opened.push(haproxy);
    return haproxy;
  };

  const api = createRuntimeApi(socket);
  await until('every server up', async () =>
    (await api.servers('be_checkout')).every(({ health }) => health === 'up'),
  );
  const first = open();
  return {
    haproxy: first,
    apps,
    activations,
    refuseActivation: (words) => {
      refusing = words;
    },
    folder,
    socket,
    address: `127.0.0.1:${tcp}`,
    url,
    settings,
    state,
    open,
    async reload() {
      const old = running;
      const before = await api.incarnation();
      await startHaproxy('-x', socket, '-sf', String(old.child.pid));
      await until('the new HAProxy', async () => (await api.incarnation()) !== before);
      await old.stop();
    },
    hangHaproxy() {
      running.child.kill('SIGSTOP');
      return () => void running.child.kill('SIGCONT');
    },
    removeServer(name) {
      const lines = readFileSync(config, 'utf8').split('\n');
      writeFileSync(config, lines.filter((line) => !line.startsWith(`  server ${name} `)).join('\n'));
    },
    stopHaproxy: () => running.stop(),
    startHaproxy: () => startHaproxy(),
    byHand: (...commands) => api.send(commands),
    async split(requests) {
      const counts: Record<string, number> = {};
      const dispatcher = new Agent({ connections: AT_ONCE });
      for (let sent = 0; sent < requests; sent += AT_ONCE) {
        const asking = Array.from({ length: AT_ONCE }, async () =>
          (await request(url, { dispatcher })).body.text(),
        );
        for (const version of await Promise.all(asking)) counts[version] = (counts[version] ?? 0) + 1;
      }
      await dispatcher.close();
      return counts;
    },
    async close() {
      await Promise.all(opened.map((haproxy) => haproxy.close?.()));
      await running.stop();
      for (const { server } of apps) {
        server.closeAllConnections();
        server.close();
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
