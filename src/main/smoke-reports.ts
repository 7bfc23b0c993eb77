/** What a pipeline found in smoke tests, handed to the deployment that they are about. */

import type { Input, Outcome } from '../conductor/handle.ts';
import type { EventStore } from '../conductor/ports/event-store.ts';
import { defined } from '../defined.ts';
import { CAN_ROLL_BACK } from '../deployment/lifecycle.ts';
import type { SmokeReported, SmokeReporting } from '../http/api/options.ts';

export interface SmokeReportsOptions {
  events: Pick<EventStore, 'list'>;
  handle(input: Input): Promise<Outcome>;
}

export function createSmokeReports({ events, handle }: SmokeReportsOptions): SmokeReporting {
  return async ({ service, environment, version }, results, reporter): Promise<SmokeReported> => {
    const [found] = await events.list({ service, environment, version, statuses: CAN_ROLL_BACK, limit: 1 });
    if (found === undefined) return { kind: 'nothing_there' };
    const outcome = await handle({
      deployment: found.id,
      intent: { kind: 'smoke_reported', from: 'ci', reporter, results },
      actor: { kind: 'system', name: 'backend' },
    });
    if (outcome.kind === 'refused') return { kind: 'not_asked', message: outcome.message };
    const { id, smoke, terms } = outcome.deployment;
    const asked = (terms.smoke?.tests ?? []).filter(
      (test) => test.by === 'ci' && smoke?.tests.includes(test.id),
    );
    const known = new Set(smoke?.results.map(({ test }) => test));
    return {
      kind: 'taken',
      deployment: id,
      asked: asked.map((test) => test.id),
      waitingFor: asked.map((test) => test.id).filter((test) => !known.has(test)),
      ...defined({ verdict: smoke?.verdict?.kind }),
    };
  };
}
