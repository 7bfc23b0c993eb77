/** The example server of the contract, as a process of its own in a folder of its own. */

import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { SecretRef } from '../../src/adapters/secrets.ts';
import { freePorts, type Running, run, until } from '../../src/cli/real/processes.ts';

const SERVER = fileURLToPath(new URL('../../examples/webhook-server.mjs', import.meta.url));
export const SECRET = 'a secret that is long enough to be one';
export const VARIABLES = { DEPLOY_SECRET: SECRET };

export interface WebhookRig {
  settings: { url: string; secret: SecretRef };
  process(): Running;
  stop(): Promise<void>;
  start(): Promise<void>;
  state(): { keys: string[]; digests: Record<string, string> };
  /** From now on the server cannot deploy this version, and says why. */
  breakVersion(version: string, why: string): Promise<void>;
  /** From now on the server knows no place. */
  forgetPlace(): Promise<void>;
  log(lines: readonly object[]): void;
  close(): Promise<void>;
}

const stateSchema = z.object({
  newest: z.record(z.string(), z.object({ keys: z.array(z.string()) })),
  places: z.record(z.string(), z.object({ digests: z.record(z.string(), z.string()).optional() })),
});

export function digestOf(version: string): string {
  return `sha256:${Buffer.from(version).toString('hex').padEnd(64, '0')}`;
}

const VERSIONS = ['v2.1.1', 'v2.1.0', 'v2.0.4'];

export async function createWebhookRig(): Promise<WebhookRig> {
  const folder = mkdtempSync(join(tmpdir(), 'webhook-'));
  const releases: Record<string, string>[] = VERSIONS.map((version, index) => ({
    version,
    sha: String(index).repeat(40),
    digest: digestOf(version),
    built_at: new Date(Date.UTC(2026, 0, 5 - index)).toISOString(),
  }));
  let places: Record<string, string> = { 'checkout/production': 'v2.0.4' };
  const write = (): void =>
    writeFileSync(join(folder, 'releases.json'), JSON.stringify({ running: places, releases }));
  write();
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  let running: Running;
  const start = async (): Promise<void> => {
    running = run(process.execPath, [SERVER, folder], { GONOGO_WEBHOOK_SECRET: SECRET, PORT: String(port) });
    await until(
      'the example server answers',
      async () => (await fetch(url, { method: 'POST' })).status === 401,
    );
  };
  await start();
  return {
    settings: { url, secret: 'env:DEPLOY_SECRET' as SecretRef },
    process: () => running,
    stop: () => running.stop(),
    start,
    state() {
      const { newest, places } = stateSchema.parse(
        JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')),
      );
      return {
        keys: Object.values(newest).flatMap(({ keys }) => keys),
        digests: places['checkout/production']?.digests ?? {},
      };
    },
    async breakVersion(version, why) {
      const found = releases.find((release) => release.version === version);
      if (found === undefined) throw new Error(`no ${version}`);
      found.broken = why;
      write();
      await running.stop();
      await start();
    },
    async forgetPlace() {
      places = {};
      write();
      await running.stop();
      await start();
    },
    log(lines) {
      appendFileSync(join(folder, 'access.log'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    },
    async close() {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
