/** Alerts and errors in logs as people read them (MV-1). */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { EventOf } from '../src/deployment/evolver.ts';
import type { FiredAlert } from '../src/terms/signals.ts';
import { count, inline, listOf, timeOfDay } from './text.ts';

/** Undefined where it only says that it can be told again. */
export function signalNote(
  _d: Deployment,
  { alerts, criticalErrors }: EventOf<'signalled'>,
): string | undefined {
  const lines = [
    ...alerts.slice(0, 10).map(alertWords),
    ...(alerts.length > 10 ? [`and ${alerts.length - 10} more alerts`] : []),
    ...(criticalErrors > 0
      ? [`💥 ${count(criticalErrors)} critical ${criticalErrors === 1 ? 'error' : 'errors'} in the log`]
      : []),
  ];
  return lines.length === 0 ? undefined : lines.join('\n');
}

function alertWords({ name, critical, at, says }: FiredAlert): string {
  const own = says === undefined ? '' : `: ${inline(says, 200)}`;
  return `🔔 ${critical ? 'Critical alert' : 'Alert'} ${inline(name, 80)} fires since ${timeOfDay(at)}${own}`;
}

/** What fired and what stood in logs, all in all; nothing where no source was asked. */
export function signalLines(d: Deployment): string[] {
  if ((d.terms.adapters.signals ?? []).length === 0) return [];
  const { alerts = [], unknown } = d.signals ?? {};
  const names = [...new Set(alerts.map(({ name }) => inline(name, 60)))];
  const fired = names.length === 0 ? 'none' : listOf(names.slice(0, 10));
  const lost = unknown === undefined ? '' : ', as far as anybody can say';
  return [`Alerts that fired since its start: ${fired}${lost}${logWords(d)}`];
}

function logWords({ rollout }: Deployment): string {
  const stages = (rollout?.stages ?? []).map(({ logErrors }) => logErrors).filter((n) => n !== undefined);
  const since = rollout?.finalWatch?.logErrors;
  if (stages.length === 0 && since === undefined) return '';
  const during = stages.reduce((sum, n) => sum + n, 0);
  if (during === 0 && (since ?? 0) === 0) return ' · errors in the log: none';
  if (since === undefined) return ` · errors in the log: ${count(during)}`;
  return ` · errors in the log: ${count(during)} while it rolled out, ${count(since)} since`;
}
