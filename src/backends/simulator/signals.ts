/** Alerts and log errors of the simulated world: what it is told to raise. */

import type { SignalSource } from '../../signals/port.ts';
import type { FiredAlert, Signals } from '../../terms/signals.ts';
import type { Instant } from '../../time.ts';
import type { Target } from '../port.ts';

export interface Raised extends Partial<Signals> {
  at: Instant;
  target: Target;
}

/** `away`: why nobody can say, where that is so; `firing`: what the world itself fires at an instant. */
export function simulatedSignals(
  raised: readonly Raised[],
  {
    away,
    firing,
  }: {
    away: () => string | undefined;
    firing: (target: Target, version: string, at: Instant) => FiredAlert[];
  },
): SignalSource {
  return {
    name: 'simulator',
    async read({ service, environment, version }, from, to, signal) {
      signal?.throwIfAborted();
      const why = away();
      if (why !== undefined) throw new Error(why);
      const here = raised.filter(
        ({ target, at }) => target.service === service && target.environment === environment && at <= to,
      );
      const inWindow = here.filter(({ at }) => at >= from && at < to);
      const count = (what: 'criticalErrors' | 'logErrors') =>
        inWindow.reduce((sum, one) => sum + (one[what] ?? 0), 0);
      return {
        alerts: [
          ...here.flatMap(({ alerts = [] }) => alerts),
          ...firing({ service, environment }, version, to),
        ],
        criticalErrors: count('criticalErrors'),
        logErrors: count('logErrors'),
      };
    },
  };
}
