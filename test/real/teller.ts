/** A process that tells a backend one command, as often as it takes: what its parent stops with SIGSTOP in the middle. */

import { BACKENDS } from '../../src/backends/index.ts';
import { BackendError, type Commanded, type DeployBackend } from '../../src/backends/port.ts';
import type { AdapterInstance } from '../../src/policy/policy.ts';
import type { BackendStep } from '../../src/terms/plan.ts';
import { adapterContext } from '../adapter-context.ts';

export interface Telling {
  instance: Pick<AdapterInstance, 'kind' | 'settings'>;
  folder: string;
  variables: Record<string, string>;
  change: Commanded;
  step: BackendStep;
  key: string;
}

const { instance, folder, variables, change, step, key } = JSON.parse(process.argv[2] ?? '') as Telling;

/** As the engine does it: what is not final is told again, under the same key. */
async function tell(backend: DeployBackend): Promise<void> {
  for (;;) {
    try {
      return await backend.apply(change, step, key);
    } catch (error) {
      if (!(error instanceof BackendError) || error.final) throw error;
    }
  }
}

const backend = BACKENDS.open(instance, adapterContext({ folder, variables }));
await tell(backend);
// What it began goes on beside the call.
for (let times = 0; times < 10; times += 1) {
  await backend.observe(change).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 100));
}
await backend.close?.();
process.exit(0);
