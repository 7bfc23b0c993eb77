/** What the judge reads and answers: one look at both arms, as plain data. */

import type { Duration, Instant } from '../time.ts';
import type { CountsState } from './counts.ts';
import type { CountsHistory } from './dispersion.ts';
import type { ValuesHistory, ValuesState } from './values.ts';

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
      /** The least that either figure counts as, so that a ratio of nothing is none; by its unit where unset. */
      floor?: number;
    };

/** One window for both arms, or why there is none. */
export type Reading =
  | { from: Instant; to: Instant; metrics: MetricReading[]; criticalErrors?: number }
  | { from: Instant; to: Instant; noData: string };

export interface Bound {
  metric: string;
  /** `absolute` compares the canary alone, `ratio` with the baseline (2 = twice), `points` adds to a baseline in percent. */
  kind: 'absolute' | 'ratio' | 'points';
  /** The line that the figure must not be over: not under it, where less is worse. */
  over: number;
  worse?: 'lower';
  /** Requests the canary must have seen before the rule may speak: in its window, or in the stage. */
  minSample: number;
}

/** What a stage must show to pass, over all its looks (AN-1); it only ever stands against a pass. */
export type Criterion = Bound;

/** A threshold that acts (AN-2, AN-3), e.g. "errors over 1 %" or "p99 over 300 % of the baseline". */
export interface Trigger extends Bound {
  /** It speaks when `breaches` of the last `of` looks are over. */
  breaches: number;
  of: number;
  action: 'roll_back' | 'hold';
}

/** A metric that evidence judges though no criterion is about it, e.g. orders: lower is worse. */
export interface JudgedMetric {
  name: string;
  worse: 'higher' | 'lower';
  /** What evidence that it is worse asks for. */
  action: 'roll_back' | 'hold';
}

/** What to do where a stage ends undecided. */
export const UNDECIDED = ['go_on', 'extend', 'hold'] as const;
export type Undecided = (typeof UNDECIDED)[number];

/** What one stage has of its own. */
export interface StageTerms {
  /** Number of the stage, 1 for the first. */
  stage: number;
  criteria?: Criterion[];
  triggers?: Trigger[];
  undecided?: Undecided;
}

/** What earlier healthy stages have taught, by metric. */
export type History = Record<string, { counts?: CountsHistory; values?: ValuesHistory }>;

/** Everything the judge is told beforehand; frozen into the deployment at the request. */
export interface JudgePlan {
  /** The chance, over the whole deployment, that a healthy canary is called worse. */
  alpha: number;
  /** A canary whose errors are less than this many times the baseline's is not worth a rollback, e.g. 1.25. */
  margin: number;
  /** The rise that must be excluded for a pass, e.g. 2 for a doubling. */
  harm: number;
  /** A share of errors in percent that is too small to matter; unset where every one counts. */
  negligible?: number;
  criteria: Criterion[];
  triggers: Trigger[];
  metrics: JudgedMetric[];
  /** Where a stage ends undecided; `last` is the last watched one before all traffic. */
  undecided: { usual: Undecided; last: Undecided };
  stages: StageTerms[];
  history?: History;
}

/** One metric at one look, as the report's table shows it. */
export interface MetricLook {
  metric: string;
  kind: 'counts' | 'values';
  unit: 'ms' | '%' | '';
  /** Set where less of it is worse. */
  worse?: 'lower';
  /** The figure per arm over the whole stage; for counts the share of bad ones in percent. */
  baseline: number | null;
  canary: number | null;
  /** The same of the last look alone. */
  last: { baseline: number | null; canary: number | null };
  /** Canary over baseline for the whole stage, with its interval, where both are known. */
  ratio?: number;
  interval?: [number, number];
  /** How many times better "worse" explains the data than "not worse"; 40 means 40 : 1. */
  evidence?: number;
  /** The smallest rise that is excluded so far, e.g. 2 for a doubling; of what is worse when lower, the fall to a half. */
  excluded?: number;
  /** The smallest rise that would have been seen by now in 95 of 100. */
  wouldShow?: number;
  /** How long until it can decide at this traffic; unset when it has, or cannot tell. */
  decidesIn?: Duration;
  verdict: Verdict;
  /** The trigger that spoke. */
  breached?: Trigger;
  /** The criterion that is not met. */
  unmet?: Criterion;
  /** Why the last look says nothing about it. */
  noData?: string;
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
  /** Undecided, and nothing speaks against going on: little evidence of harm, every rule that could speak is met. */
  mayGoOn?: true;
  /** Undecided, and more looks may settle it: every rule that could speak is met, and no figure is missing. */
  mayExtend?: true;
  /** What would not have shown by now, where it goes on undecided: "at this share only 4× and more would have been seen". */
  unseen?: string;
}

/** One look in the windows of the rules: its length, then the figures of the baseline and of the canary. */
export type WindowLook =
  | [length: Duration, nb: number, xb: number, nc: number, xc: number]
  | [length: Duration, baseline: number | null, canary: number | null];

/** What the judge carries from look to look: JSON, of constant size. */
export interface JudgeState {
  /** Number of the stage under way. */
  stage: number;
  /** Of the stage. */
  looks: number;
  noDataLooks: number;
  /** Up to when it has looked. */
  until: Instant;
  counts: Record<string, CountsState>;
  values: Record<string, ValuesState>;
  /** Sums over the stage per metric: requests and bad ones of each arm, whether or not the other had any. */
  totals: Record<string, { baseline: { n: number; x: number }; canary: { n: number; x: number } }>;
  /** Sums over the stage of values, by arm. */
  means: Record<string, { baseline: { n: number; sum: number }; canary: { n: number; sum: number } }>;
  /** The last looks per metric, as many as the rules need. */
  windows: Record<string, WindowLook[]>;
}
