/** What the judge reads and answers: one look at both arms, as plain data. */

import type { Duration, Instant } from '../time.ts';

/** `no_data` is never a pass: the stage holds and asks (AN-5). */
export type Verdict = 'pass' | 'fail' | 'undecided' | 'no_data';

/** What one metric measured in one window. Latencies in ms, shares in percent. */
export type MetricReading =
  | {
      metric: string;
      kind: 'counts';
      /** `n` tries, `x` of them bad. */
      baseline: { n: number; x: number };
      canary: { n: number; x: number };
    }
  | {
      metric: string;
      kind: 'values';
      unit: 'ms' | '%' | '';
      baseline: number | null;
      canary: number | null;
    };

/** One window for both arms, or why there is none. */
export type Reading =
  | { from: Instant; to: Instant; metrics: MetricReading[]; criticalErrors?: number }
  | { from: Instant; to: Instant; noData: string };

/**
 * A threshold rule of the policy, e.g. "errors over 1 %" or "p99 over 300 % of the baseline".
 * `absolute` compares the canary alone, `ratio` with the baseline (2 = twice), `points` adds to a baseline in percent.
 */
export interface ThresholdRule {
  metric: string;
  kind: 'absolute' | 'ratio' | 'points';
  over: number;
  /** Requests the canary must have seen in the window before the rule may speak. */
  minSample: number;
  /** It speaks when `breaches` of the last `of` looks are over. */
  breaches: number;
  of: number;
  action: 'roll_back' | 'hold';
}

/** Everything the judge is told beforehand; frozen into the deployment at the request. */
export interface JudgePlan {
  /** The chance, per stage, that a healthy canary is called worse. */
  alpha: number;
  /** A canary whose errors are less than this many times the baseline's is not worth a rollback, e.g. 1.25. */
  margin: number;
  /** Requests in the canary over the whole stage without which it cannot pass. */
  minRequests: number;
  rules: ThresholdRule[];
}

/** One metric at one look, as the report's table shows it. */
export interface MetricLook {
  metric: string;
  kind: 'counts' | 'values';
  unit: 'ms' | '%' | '';
  /** The window's figure per arm; for counts the share of bad ones in percent. */
  baseline: number | null;
  canary: number | null;
  /** Canary over baseline for the whole stage, with its interval, where both are known. */
  ratio?: number;
  interval?: [number, number];
  /** How many times better "worse than the margin" explains the data than "not worse"; 40 means 40 : 1. */
  evidence?: number;
  verdict: Verdict;
  /** The rule that spoke. */
  breached?: ThresholdRule;
}

export interface Look {
  /** 1 for the stage's first. */
  number: number;
  from: Instant;
  to: Instant;
  verdict: Verdict;
  /** One plain sentence, e.g. "errors 2.1× baseline, 40 : 1 that it is worse". */
  because: string;
  /** What a fail asks for. */
  action?: 'roll_back' | 'hold';
  metrics: MetricLook[];
  /** Requests seen by the canary in the stage so far. */
  sample: number;
  /** How long until it can decide at this traffic; unset when it has, or cannot tell. */
  decidesIn?: Duration;
}

/** What the judge carries from look to look: small, JSON, of constant size. */
export interface JudgeState {
  looks: number;
  noDataLooks: number;
  /** Sums over the stage per metric of counts: tries and bad ones in each arm. */
  totals: Record<string, { baseline: { n: number; x: number }; canary: { n: number; x: number } }>;
  /** Log likelihood ratios of the mixture, per metric of counts. */
  evidence: Record<string, number[]>;
  /** Per rule (by index) the last `of` looks, 1 for over. */
  breaches: number[][];
}
