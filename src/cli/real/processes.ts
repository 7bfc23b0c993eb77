/** Programs that run beside this one and are ended with it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
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

/** Asks until it answers yes, in real time: another program has no other. */
export async function until(what: string, yes: () => Promise<boolean>, within = 15_000): Promise<void> {
  const end = Date.now() + within;
  for (;;) {
    if (await yes().catch(() => false)) return;
    if (Date.now() > end) throw new Error(`${what}: not within ${within / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Ports that nobody listens on just now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
