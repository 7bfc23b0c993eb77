/** From the start of the process until Slack's deliveries are taken: `gonogo start` against a bare app. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { ROOT, type Running, start } from './processes.ts';
import type { SlackPlace } from './slack.ts';
import { gonogoEnv, slackEnv } from './subjects.ts';
import { fixed, median, printTable, ratio } from './table.ts';

const RUNS = 7;
const LOOK_AGAIN_MS = 5;

export async function benchStart(): Promise<void> {
  const slack: Running<SlackPlace[]> = await start('bench/slack.js', { given: ['2'] });
  const [bare, gonogo] = slack.ready;
  if (bare === undefined || gonogo === undefined)
    throw new Error('the local Slack opened too few workspaces');
  try {
    const took: Record<'bare' | 'gonogo', number[]> = { bare: [], gonogo: [] };
    for (let run = 0; run < RUNS; run += 1) {
      took.bare.push(await bareReady(bare));
      took.gonogo.push(await gonogoReady(gonogo));
    }
    const shown = (values: readonly number[]): string => `${fixed(median(values) / 1_000, 2)} s`;
    const range = (values: readonly number[]): string =>
      `${fixed(Math.min(...values) / 1_000, 2)} – ${fixed(Math.max(...values) / 1_000, 2)} s`;
    printTable(
      `Start to ready (${RUNS} runs, Node ${process.versions.node})`,
      ['app', 'median', 'range', 'to bare'],
      [
        ['bare', shown(took.bare), range(took.bare), ratio(1, 1)],
        ['GoNoGo', shown(took.gonogo), range(took.gonogo), ratio(median(took.gonogo), median(took.bare))],
      ],
    );
  } finally {
    await slack.stop();
  }
}

async function bareReady(place: SlackPlace): Promise<number> {
  const began = performance.now();
  const running = await start('bench/bare-app.js', { env: slackEnv(place) });
  const took = performance.now() - began;
  await running.stop();
  return took;
}

/** The program as it is installed, on a new record; ready is what its own `/readyz` says. */
async function gonogoReady(place: SlackPlace): Promise<number> {
  const port = await freePort();
  const env = { ...slackEnv(place), ...gonogoEnv({ services: 0 }), GONOGO_PORT: String(port) };
  const began = performance.now();
  const child = fork(`${ROOT}/dist/src/cli.js`, ['start'], {
    cwd: ROOT,
    execArgv: [],
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
  });
  while (!(await isReady(port))) {
    if (child.exitCode !== null) throw new Error(`gonogo ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  const took = performance.now() - began;
  child.kill('SIGTERM');
  await once(child, 'exit');
  return took;
}

async function isReady(port: number): Promise<boolean> {
  try {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}/readyz`);
    await body.dump();
    return statusCode === 200;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return false;
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
