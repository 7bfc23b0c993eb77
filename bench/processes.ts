/** Starts the processes that are measured, and asks them over their channel. */

import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Questions } from './child.ts';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface Running<Ready> {
  ready: Ready;
  ask<T = unknown>(question: string, given?: unknown): Promise<T>;
  cpu(): Promise<number>;
  memory(): Promise<Questions['memory']>;
  stop(): Promise<void>;
}

interface StartOptions {
  env?: Record<string, string>;
  node?: string[];
  given?: string[];
  /** The checkout that it is of; this one unless given. */
  root?: string;
}

/** `script` is a path in `dist/`, so that no loader is in the way. */
export async function start<Ready>(
  script: string,
  { root = ROOT, ...options }: StartOptions = {},
): Promise<Running<Ready>> {
  const settings: ForkOptions = {
    execArgv: options.node ?? [],
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...options.env },
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  };
  const child = fork(`${root}/dist/${script}`, options.given ?? [], settings);
  const { ready } = await untilReady<Ready>(child, script);
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  child.on('message', (message: { id?: number; answer?: unknown; error?: string }) => {
    const asked = message.id === undefined ? undefined : waiting.get(message.id);
    if (asked === undefined || message.id === undefined) return;
    waiting.delete(message.id);
    if (message.error === undefined) asked.resolve(message.answer);
    else asked.reject(new Error(`${script}: ${message.error}`));
  });
  let last = 0;
  const ask = <T>(question: string, given?: unknown): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve: (answer) => resolve(answer as T), reject });
      child.send({ id: last, ask: question, given });
    });
  return {
    ready,
    ask,
    cpu: async () => (await ask<Questions['cpu']>('cpu')).cpu,
    memory: () => ask<Questions['memory']>('memory'),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function untilReady<Ready>(child: ChildProcess, script: string): Promise<{ ready: Ready }> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`${script} ended with ${code}`));
    child.once('exit', ended);
    child.once('error', reject);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as { ready: Ready });
    });
  });
}
