/** The judge's input, checked where it comes in: a figure that cannot be is no figure, and is never judged (AN-5). */

import type { MetricReading, Reading } from '../judge/types.ts';

export interface SoundReading {
  reading: Reading;
  /** Why figures were left out. */
  faults: string[];
}

type Arm = 'canary' | 'baseline';
const ARMS: readonly Arm[] = ['canary', 'baseline'];

/** What a reading of another time than the one that was asked for says: an old answer once more, or a clock that is off. */
const OF_ANOTHER_TIME = 'the source answered for another time than it was asked for';

/** What is left of a reading of a window. Without the canary's counts a window says nothing, unless a critical error was seen in it. */
export function soundReading(reading: Reading, asked: Pick<Reading, 'from' | 'to'>): SoundReading {
  if (reading.from !== asked.from || reading.to !== asked.to) return noData(asked, [OF_ANOTHER_TIME]);
  if ('noData' in reading) return { reading, faults: [] };
  const { from, to, criticalErrors: critical = 0 } = reading;
  const twice = reading.metrics.find(({ metric }, index, all) =>
    all.slice(0, index).some((one) => one.metric === metric),
  );
  if (twice !== undefined) return noData(asked, [`${twice.metric} comes twice in one answer`]);
  const checked = reading.metrics.map(checkedMetric);
  const faults = checked.flatMap((one) => one.faults);
  const lost = checked.find((one) => one.metric === undefined);
  const metrics = checked.flatMap(({ metric }) => (metric === undefined ? [] : [metric]));
  if (!isCount(critical)) return noData({ from, to }, [`${critical} critical errors cannot be`, ...faults]);
  if (lost !== undefined && critical === 0) return noData({ from, to }, [...lost.faults, ...faults]);
  return { reading: faults.length === 0 ? reading : { ...reading, metrics }, faults };
}

function noData({ from, to }: Pick<Reading, 'from' | 'to'>, faults: string[]): SoundReading {
  return { reading: { from, to, noData: faults[0] ?? '' }, faults: [...new Set(faults)] };
}

interface Checked {
  /** Unset where nothing of it can be used. */
  metric?: MetricReading;
  faults: string[];
}

function checkedMetric(metric: MetricReading): Checked {
  const wrong = new Map(ARMS.map((arm) => [arm, faultIn(metric, arm)]));
  const faults = [...wrong].flatMap(([arm, fault]) =>
    fault === undefined ? [] : [`${metric.metric} of the ${arm}: ${fault}`],
  );
  const [canary, baseline] = ARMS.map((arm) => wrong.get(arm) !== undefined);
  if (metric.kind === 'values') {
    const figures = { ...(canary ? { canary: null } : {}), ...(baseline ? { baseline: null } : {}) };
    return { metric: { ...metric, ...figures }, faults };
  }
  if (canary) return { faults };
  return { metric: baseline ? { ...metric, baseline: { n: 0, x: 0 } } : metric, faults };
}

function faultIn(metric: MetricReading, arm: Arm): string | undefined {
  if (metric.kind === 'values') {
    const value = metric[arm];
    return value === null || isMeasure(value) ? undefined : cannotBe(value);
  }
  const { n, x } = metric[arm];
  if (!isCount(n)) return cannotBe(n, 'requests');
  if (!isCount(x)) return cannotBe(x, 'failures');
  return x > n ? `${x} failures of ${n} requests cannot be` : undefined;
}

/** A counter that began anew gives less than nothing, and says nothing about the time before. */
function cannotBe(value: number, of = ''): string {
  const reset = value < 0 ? '; a counter that began anew?' : '';
  return `${value}${of === '' ? '' : ` ${of}`} cannot be${reset}`;
}

/** What is larger no clock and no counter shows, and a few of them have no sum. */
const isMeasure = (value: number): boolean => value >= 0 && value <= Number.MAX_SAFE_INTEGER;

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
