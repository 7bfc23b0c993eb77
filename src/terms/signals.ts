/** What tells of trouble beside figures: alerts that fired and what stands in logs, and what each of them brings (AN-1, AN-3, AN-4). */

import type { Instant } from '../time.ts';

export interface FiredAlert {
  /** The same alert has the same id as long as it fires. */
  id: string;
  name: string;
  critical: boolean;
  /** Since when it fires. */
  at: Instant;
  /** What it says of itself: another's words. */
  says?: string;
}

/** What a window of time brought. */
export interface Signals {
  /** Those that fire, or began to and ended in the window. */
  alerts: FiredAlert[];
  criticalErrors?: number;
  logErrors?: number;
}

export const SIGNAL_ACTIONS = ['report', 'hold', 'roll_back'] as const;
export type SignalAction = (typeof SIGNAL_ACTIONS)[number];

export interface SignalRules {
  criticalError: SignalAction;
  criticalAlert: SignalAction;
  alert: SignalAction;
}

/** Where the policy says nothing: a critical error goes back by itself, a critical alert is for people to decide. */
export const SIGNAL_DEFAULTS: SignalRules = {
  criticalError: 'roll_back',
  criticalAlert: 'hold',
  alert: 'report',
};
