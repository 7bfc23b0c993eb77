/** Programs that run beside this one and are ended with it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { delimiter, join } from 'node:path';

/** Where a program is; undefined where it is not installed. */
export function programAt(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Running {
  child: ChildProcess;
  /** The last of what it printed. */
  output(): string;
  stop(): Promise<void>;
}

const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

export function run(program: string, args: string[], env: Record<string, string> = {}): Running {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: 'pipe' });
  children.add(child);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => {
      printed = (printed + data.toString()).slice(-4_000);
    });
  }
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      printed += error.message;
      resolve();
    });
  }).finally(() => children.delete(child));
  return {
    child,
    output: () => printed,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Asks until it answers yes, in real time, whatever becomes of the date: another program has no other. */
export async function until(what: string, yes: () => Promise<boolean>, within = 15_000): Promise<void> {
  const end = performance.now() + within;
  for (;;) {
    if (await yes().catch(() => false)) return;
    if (performance.now() > end) throw new Error(`${what}: not within ${within / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Below those that a system gives to whoever connects: one of them would be taken before it is used. */
const PORTS = { from: 15_000, before: 32_000 };
const MAX_TRIES = 50;

/** Ports that nobody listens on just now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  for (let tries = 0; servers.length < count && tries < count + MAX_TRIES; tries += 1) {
    const server = await listening(randomInt(PORTS.from, PORTS.before));
    if (server !== undefined) servers.push(server);
  }
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  if (ports.length < count) throw new Error(`no ${count} ports are free`);
  return ports;
}

/** Undefined where the port is taken. */
function listening(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer().listen(port, '127.0.0.1', () => resolve(server));
    server.once('error', () => resolve(undefined));
  });
}
