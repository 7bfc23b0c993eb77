/** What people are called for, in one table: since when it waits, whether it can, when it is over, how bad it is. */

import { type Instant, MINUTE } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import { wentBackAsDrill } from '../drill/drill.ts';
import type { DeploymentEvent } from '../events.ts';
import type { Matter, PagerCall } from './state.ts';

export type Severity = 'critical' | 'error' | 'warning';

interface Waiting {
  /** When whoever is called has to be called. */
  at: Instant;
  says: string;
  /** Whose own act it is about. */
  except?: string;
}

interface Row {
  severity: Severity;
  /** What waits for a person now, and has not been called for; undefined where nothing does, or it is called for elsewhere. */
  waiting(d: Deployment, after: number): Waiting | undefined;
  /** `d` is as the event left it, which came after the call. */
  isOver(d: Deployment, call: PagerCall, event: DeploymentEvent): boolean;
}

export const MATTER: Record<Matter, Row> = {
  held: {
    severity: 'error',
    waiting(d, after) {
      const { hold } = d.rollout ?? {};
      if (d.status !== 'held' || hold === undefined || isSeenTo(d, hold.at)) return undefined;
      return { at: hold.at + after, says: `held, and nobody acts: ${hold.reason}` };
    },
    isOver: (d) => d.status !== 'held',
  },
  unsettled: {
    severity: 'warning',
    waiting(d, after) {
      const unsettled = d.rollout?.finalWatch?.unsettled;
      if (d.status !== 'observing' || unsettled === undefined || isSeenTo(d, unsettled.at)) return undefined;
      return { at: unsettled.at + after, says: `not settled, and nobody decides: ${unsettled.because}` };
    },
    isOver: (d) => d.status !== 'observing',
  },
  // Called for where it is decided that it is left to people.
  data_at_risk: {
    severity: 'critical',
    waiting: () => undefined,
    isOver: (d) => d.status !== 'held' && d.status !== 'observing',
  },
  rolled_back: {
    severity: 'error',
    waiting(d) {
      const { rollback } = d;
      if (rollback === undefined || (d.status !== 'rolling_back' && d.status !== 'rolled_back'))
        return undefined;
      // It goes back to see that it can.
      if (wentBackAsDrill(d)) return undefined;
      const back = `going back to ${rollback.to ?? 'nothing'}`;
      if (rollback.by.kind !== 'person')
        return { at: rollback.startedAt, says: `${back} by itself: ${rollback.why}` };
      if (rollback.breaks === undefined) return undefined;
      const { id: except, name } = rollback.by;
      return {
        at: rollback.startedAt,
        says: `${back}, asked for by ${name}, which breaks data: ${rollback.breaks}`,
        except,
      };
    },
    isOver: (d, { acknowledged }) =>
      d.status === 'failed' || (d.status === 'rolled_back' && acknowledged !== undefined),
  },
  rollback_late: {
    severity: 'critical',
    waiting(d) {
      if (d.status !== 'rolling_back' || d.rollback === undefined) return undefined;
      const { to, startedAt } = d.rollback;
      const { rollbackWithin: within } = d.terms.safeguards;
      return {
        at: startedAt + within,
        says: `${to ?? 'nothing'} is not back within its target of ${Math.round(within / MINUTE)} min`,
      };
    },
    isOver: (d) => d.status !== 'rolling_back',
  },
  rollback_failed: {
    severity: 'critical',
    waiting(d) {
      // Whoever gave it up by hand has put it right.
      if (d.status !== 'failed' || d.ending === undefined || d.ending.by.kind === 'person') return undefined;
      return {
        at: d.ending.at,
        says: `the rollback failed: ${d.ending.reason ?? 'the backend gave no reason'}`,
      };
    },
    isOver: (_d, _call, { type }) => type === 'rollback_explained',
  },
};

/** Somebody acted since it waits, or was called since. */
function isSeenTo({ paging }: Deployment, since: Instant): boolean {
  if ((paging?.actedAt ?? -1) >= since) return true;
  return paging?.calls.some(({ at, over }) => at >= since && over === undefined) ?? false;
}
