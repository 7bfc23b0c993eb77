/** Whether the adapters of a policy can be opened here: their settings hold together, and their secrets are there. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdapterContext } from '../adapters/kind.ts';
import { readSecret, secretRef, type Variables } from '../adapters/secrets.ts';
import { BACKENDS } from '../backends/index.ts';
import type { DeployBackend } from '../backends/port.ts';
import { createSimulatedWorld } from '../backends/simulator.ts';
import { createLog } from '../log.ts';
import { messageOf } from '../message-of.ts';
import { METRICS } from '../metrics/index.ts';
import type { MetricsSource } from '../metrics/port.ts';
import { NOTIFIERS } from '../notifiers/index.ts';
import type { Notifier } from '../notifiers/port.ts';
import type { AdapterInstance, Policy } from '../policy/policy.ts';
import { SIGNALS } from '../signals/index.ts';
import type { SignalSource } from '../signals/port.ts';

export interface Tried {
  /** `backends.eu` */
  name: string;
  kind: string;
  summary: string;
  /** Why it cannot be opened here; unset where it can. */
  problem?: string;
}

type Lists = {
  backends: DeployBackend;
  metrics: MetricsSource;
  signals: SignalSource;
  notifiers: Notifier;
};

/** One that was opened, by the list it stands in. */
export type OpenAdapter = { [L in keyof Lists]: { list: L; adapter: Lists[L] } }[keyof Lists];

type Visit = (
  list: keyof Lists,
  instance: AdapterInstance,
  opened: OpenAdapter | { problem: string },
) => Promise<void>;

/** Opens each and closes it again; no network is asked. */
export async function tryAdapters(policy: Policy, variables: Variables): Promise<Tried[]> {
  const tried: Tried[] = [];
  await visitAdapters(policy, variables, async (list, { name, kind }, opened) => {
    const one = { name: `${list}.${name}`, kind, summary: REGISTRIES[list].summaryOf(kind) };
    tried.push('problem' in opened ? { ...one, problem: opened.problem } : one);
  });
  return tried;
}

const REGISTRIES = {
  backends: BACKENDS,
  metrics: METRICS,
  signals: SIGNALS,
  notifiers: NOTIFIERS,
} as const;

/** Throws for the first that is not there, wherever it stands: some are read at the first call alone. */
function readSecrets(settings: unknown, variables: Variables): void {
  const reference = secretRef.safeParse(settings);
  if (reference.success) readSecret(reference.data, variables);
  else if (typeof settings === 'object' && settings !== null)
    for (const one of Object.values(settings)) readSecrets(one, variables);
}

/** Opens what the file declares one by one, and closes each after the visit; what it would remember is forgotten. */
export async function visitAdapters(policy: Policy, variables: Variables, visit: Visit): Promise<void> {
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
  try {
    for (const list of ['backends', 'metrics', 'signals', 'notifiers'] as const) {
      for (const instance of [...policy[list].values()].filter(({ declared }) => declared)) {
        let opened: OpenAdapter | undefined;
        let problem = '';
        try {
          readSecrets(instance.settings, variables);
          opened = { list, adapter: REGISTRIES[list].open(instance, context(instance.name)) } as OpenAdapter;
        } catch (error) {
          problem = messageOf(error);
        }
        await visit(list, instance, opened ?? { problem });
        await opened?.adapter.close?.();
      }
    }
  } finally {
    world.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
