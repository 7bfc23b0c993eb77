/** What an adapter is opened with, in a test. */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdapterContext } from '../src/adapters/kind.ts';
import { readSecret, type Variables } from '../src/adapters/secrets.ts';
import type { SimulatedWorld } from '../src/backends/simulator.ts';
import { defined } from '../src/defined.ts';
import { createLog } from '../src/log.ts';
import type { Clock } from '../src/time.ts';

export interface TestContextOptions {
  name?: string;
  variables?: Variables;
  clock?: Pick<Clock, 'now'>;
  fetch?: typeof fetch;
  /** Given where a second opening must find what the first one left. */
  folder?: string;
  world?: () => SimulatedWorld;
}

export function adapterContext(options: TestContextOptions = {}): AdapterContext {
  let { folder } = options;
  return {
    name: options.name ?? 'eu',
    secret: (reference) => readSecret(reference, options.variables ?? {}),
    clock: options.clock ?? { now: () => Date.now() },
    log: createLog({ level: 'silent' }),
    fetch: options.fetch ?? fetch,
    folder() {
      folder ??= mkdtempSync(join(tmpdir(), 'adapter-'));
      return folder;
    },
    ...defined({ world: options.world }),
  };
}
