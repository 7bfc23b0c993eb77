/** Whether the adapters of a policy can be opened here: their settings hold together, and their secrets are there. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdapterContext } from '../adapters/kind.ts';
import { readSecret, type Variables } from '../adapters/secrets.ts';
import { BACKENDS } from '../backends/index.ts';
import { createSimulatedWorld } from '../backends/simulator.ts';
import { createLog } from '../log.ts';
import { messageOf } from '../message-of.ts';
import { METRICS } from '../metrics/index.ts';
import type { Policy } from '../policy/policy.ts';
import { SIGNALS } from '../signals/index.ts';

export interface Tried {
  /** `backends.eu` */
  name: string;
  kind: string;
  summary: string;
  /** Why it cannot be opened here; unset where it can. */
  problem?: string;
}

/** Opens each and closes it again; no network is asked. */
export async function tryAdapters(policy: Policy, variables: Variables): Promise<Tried[]> {
  const folder = mkdtempSync(join(tmpdir(), 'gonogo-check-'));
  const world = createSimulatedWorld({ seed: 1, clock: { now: () => Date.now() } });
  const context = (name: string): AdapterContext => ({
    name,
    secret: (reference) => readSecret(reference, variables),
    clock: { now: () => Date.now() },
    log: createLog({ level: 'silent' }),
    fetch,
    folder: () => mkdtempSync(join(folder, 'adapter-')),
    world: () => world,
  });
  const tried: Tried[] = [];
  try {
    for (const [list, registry, instances] of [
      ['backends', BACKENDS, policy.backends],
      ['metrics', METRICS, policy.metrics],
      ['signals', SIGNALS, policy.signals],
    ] as const) {
      for (const instance of [...instances.values()].filter(({ declared }) => declared)) {
        const { kind } = instance;
        const one = { name: `${list}.${instance.name}`, kind, summary: registry.summaryOf(kind) };
        try {
          await registry.open(instance, context(instance.name)).close?.();
          tried.push(one);
        } catch (error) {
          tried.push({ ...one, problem: messageOf(error) });
        }
      }
    }
  } finally {
    world.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return tried;
}
