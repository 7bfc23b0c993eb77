/** Before the start, in words: what each stage will be able to tell at the service's traffic, and what would do where it cannot. */

import type { Duration } from '../time.ts';
import { HOUR, MINUTE } from '../time.ts';
import { type Outlook, outlook } from './power.ts';
import type { JudgePlan, JudgeState } from './types.ts';
import { span, timesWords } from './words.ts';

export interface UsualTraffic {
  perMinute: number;
  /** Failed requests in percent. */
  errors: number;
}

export interface PlannedStage {
  percent: number;
  watchFor: Duration;
}

export interface StageForecast extends Outlook {
  percent: number;
  watchFor: Duration;
}

/** Of the stages that are watched with a baseline beside them. */
export function forecast(
  plan: JudgePlan,
  traffic: UsualTraffic,
  stages: readonly PlannedStage[],
): StageForecast[] {
  const history = plan.history?.errors?.counts;
  const service = { perMinute: traffic.perMinute, errors: traffic.errors / 100 };
  const terms = {
    alpha: plan.alpha / metricsThatFail(plan),
    harm: plan.harm,
    ...(history === undefined ? {} : { history }),
  };
  return stages
    .filter(({ percent, watchFor }) => percent < 100 && watchFor > 0)
    .map(({ percent, watchFor }) => ({
      percent,
      watchFor,
      ...outlook(service, { percent, minutes: watchFor / MINUTE }, terms),
    }));
}

/** Each takes its part of alpha: the errors, and the values that evidence judges. */
function metricsThatFail({ criteria, metrics }: JudgePlan): number {
  const relative = criteria.filter(({ kind }) => kind === 'ratio').map(({ metric }) => metric);
  return new Set(['errors', ...relative, ...metrics.map(({ name }) => name)]).size;
}

/** "at 5 % a doubling of errors takes 31 min to exclude, the stage is 30 min; 10 % would take 16 min". */
export function forecastWords(plan: Pick<JudgePlan, 'harm'>, stage: StageForecast): string {
  const { percent, watchFor, needs, decides, shareThatDoes } = stage;
  const rise = plan.harm === 2 ? 'a doubling of errors' : `${timesWords(plan.harm)} the errors`;
  const at = `at ${share(percent)}`;
  const length = `the stage is ${span(watchFor)}`;
  if (needs === undefined || needs > TOO_LONG) return `${at} ${rise} cannot be excluded at this traffic`;
  const takes = `${at} ${rise} takes ${span(needs * MINUTE)} to exclude`;
  if (decides) return `${takes}, ${length}`;
  const instead =
    shareThatDoes === undefined
      ? ''
      : `; ${share(shareThatDoes.percent)} would take ${span(shareThatDoes.needs * MINUTE)}`;
  return `${takes}, and ${length}${instead}`;
}

/** In minutes: what takes longer than a week is no plan. */
const TOO_LONG = (7 * 24 * HOUR) / MINUTE;

const share = (percent: number): string => `${Number(percent.toFixed(1))} %`;

/** What an earlier deployment's arms had together, while there were two; undefined where it measured too little. */
export function measuredTraffic(state: JudgeState | undefined): UsualTraffic | undefined {
  const own = state?.counts.errors;
  if (own === undefined || own.dispersion.minutes <= 0) return undefined;
  const { baseline, canary } = own.all;
  // Without an error among them, how rare they are is not known.
  if (baseline.x === 0 || baseline.n === 0) return undefined;
  return {
    perMinute: (baseline.n + canary.n) / own.dispersion.minutes,
    errors: (100 * baseline.x) / baseline.n,
  };
}
