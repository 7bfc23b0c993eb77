/** Alerts that fired and errors in logs: what each brings is policy, and not to know is never as good as nothing (AN-3, AN-4, AN-5). */

import { type FiredAlert, SIGNAL_DEFAULTS, type SignalAction, type Signals } from '../../terms/signals.ts';
import { accepted, acceptedIfAny, UNCHANGED } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { CAN_ROLL_BACK } from '../lifecycle.ts';
import { goBackByItself } from '../rollback/data-at-risk.ts';
import { asking } from '../smoke/failed-gate.ts';
import { warned } from '../watching/decide-watching.ts';
import { unknownWords } from './unknown-words.ts';

export function decideSignalled(
  d: Deployment,
  intent: Extract<Intent, { kind: 'signalled' }>,
  { now }: Facts,
): Decision {
  if (!CAN_ROLL_BACK.has(d.status) && d.status !== 'watched_only') return UNCHANGED;
  return 'unknown' in intent ? lost(d, intent.unknown, now) : seen(d, intent.signals);
}

function lost(d: Deployment, because: string, now: number): Decision {
  const known = d.signals?.unknown;
  if (known === undefined) return accepted({ type: 'signals_lost', because });
  if (d.status === 'watched_only') return UNCHANGED;
  const { holdAfterNoData, lookEvery, observeEvery } = d.terms.safeguards;
  const patience = holdAfterNoData * (d.status === 'observing' ? observeEvery : lookEvery);
  return now - known.since < patience ? UNCHANGED : acceptedIfAny(asking(d, unknownWords(because)));
}

function seen(d: Deployment, { alerts, criticalErrors = 0 }: Signals): Decision {
  const fresh = alerts.filter((alert) => isNew(d, alert));
  const back = d.signals?.unknown !== undefined;
  if (fresh.length === 0 && criticalErrors === 0 && !back) return UNCHANGED;
  const signalled: EventBody = { type: 'signalled', alerts: fresh, criticalErrors };
  return accepted(signalled, ...consequences(d, fresh, criticalErrors));
}

/** What fired before it started is not its doing. */
function isNew(d: Deployment, { id, at }: FiredAlert): boolean {
  if (at < (d.rollout?.startedAt ?? 0)) return false;
  return !d.signals?.alerts.some((one) => one.id === id && one.at === at);
}

function consequences(d: Deployment, alerts: readonly FiredAlert[], criticalErrors: number): EventBody[] {
  const rules = d.terms.safeguards.signals ?? SIGNAL_DEFAULTS;
  const found: { action: SignalAction; because: string }[] = [
    ...(criticalErrors > 0
      ? [
          {
            action: rules.criticalError,
            because: `${criticalErrors} critical ${criticalErrors === 1 ? 'error' : 'errors'} in the log`,
          },
        ]
      : []),
    ...alerts.map(({ name, critical }) => ({
      action: critical ? rules.criticalAlert : rules.alert,
      because: `${critical ? 'a critical alert' : 'an alert'} fired: ${name}`,
    })),
  ];
  const worst =
    found.find(({ action }) => action === 'roll_back') ?? found.find(({ action }) => action === 'hold');
  if (worst === undefined) return [];
  if (d.status === 'watched_only') return warned(d, worst.because);
  return worst.action === 'roll_back' ? goBackByItself(d, worst.because) : asking(d, worst.because);
}
