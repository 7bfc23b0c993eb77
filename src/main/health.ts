/** What `/readyz` says of each part. */

import type { Conductor } from '../conductor/conductor.ts';
import type { Stores } from '../conductor/ports/stores.ts';
import type { Health } from '../http/server.ts';
import type { AdapterInstance, Policy } from '../policy/policy.ts';
import type { Door } from './door.ts';
import type { SlackConnection } from './slack-connection.ts';

export interface Parts {
  stores: Stores;
  door: Door;
  slack: SlackConnection;
  conductor: Conductor;
  policy: Policy;
}

export async function healthOf({
  stores,
  door,
  slack: connection,
  conductor,
  policy,
}: Parts): Promise<Health> {
  const slack = connection.problem();
  const database = await stores.problem();
  return {
    ready: slack === undefined && database === undefined,
    parts: {
      database: database ?? 'answers',
      engine: conductor.busy() ? 'at work' : 'waits for what is due',
      slack: slack ?? door.describe(),
      backends: namesIn(policy.backends),
      metrics: namesIn(policy.metrics),
    },
  };
}

function namesIn(instances: ReadonlyMap<string, AdapterInstance>): string {
  return [...instances.values()]
    .map(({ name, kind }) => (name === kind ? name : `${name} (${kind})`))
    .join(', ');
}
