/** Asks all sources of signals of a deployment about one window: what one of them cannot say, nobody can. */

import type { Deployment } from '../deployment/deployment.ts';
import type { Intent } from '../deployment/intents.ts';
import type { Signals } from '../terms/signals.ts';

type Signalled = Extract<Intent, { kind: 'signalled' }>;

/** Undefined where it has no source. */
export async function askSignals(
  { terms }: Deployment,
  ask: (index: number) => Promise<Signals>,
  failed: (error: unknown) => string,
): Promise<Signalled | undefined> {
  const sources = terms.adapters.signals ?? [];
  if (sources.length === 0) return undefined;
  try {
    const all = await Promise.all(sources.map((_source, index) => ask(index)));
    return { kind: 'signalled', signals: all.reduce(together) };
  } catch (error) {
    return { kind: 'signalled', unknown: failed(error) };
  }
}

function together(a: Signals, b: Signals): Signals {
  return {
    alerts: [...a.alerts, ...b.alerts],
    ...sum('criticalErrors', a, b),
    ...sum('logErrors', a, b),
  };
}

function sum(what: 'criticalErrors' | 'logErrors', a: Signals, b: Signals): Partial<Signals> {
  const known = [a[what], b[what]].filter((count) => count !== undefined);
  return known.length === 0 ? {} : { [what]: known.reduce((total, count) => total + count, 0) };
}
