/** What alerts and logs leave in the state. */

import type { Evolvers } from '../evolver.ts';

const MAX_ALERTS = 50;

export const SIGNAL_EVOLVERS: Evolvers<'signalled' | 'signals_lost'> = {
  signalled: ({ signals }, { alerts, criticalErrors }) => ({
    signals: {
      alerts: [...(signals?.alerts ?? []), ...alerts].slice(-MAX_ALERTS),
      criticalErrors: (signals?.criticalErrors ?? 0) + criticalErrors,
    },
  }),
  signals_lost: ({ signals }, { because, at }) => ({
    signals: { alerts: [], criticalErrors: 0, ...signals, unknown: { since: at, because } },
  }),
};
