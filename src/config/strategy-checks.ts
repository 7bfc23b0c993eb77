/** Strategies that do not reach everyone, or cannot be carried out as they stand; names of strategies that lead nowhere. */

import { MAY_BE_NO_TIME, parseDuration } from './durations.ts';
import type { Settings } from './merge.ts';
import { show, unknownWord } from './problems.ts';
import type { Path } from './yaml-text.ts';

type Report = (path: Path, found: string, allowed: string) => void;
type StrategySettings = NonNullable<Settings['strategies']>[string];
type StepSettings = StrategySettings['steps'][number];

export function checkStrategies({ strategies = {} }: Settings, report: Report): void {
  for (const [id, strategy] of Object.entries(strategies)) {
    const path = ['strategies', id, 'steps'];
    const { steps } = strategy;
    let share = 0;
    steps.forEach((step, index) => {
      const found = problemOf(step, { steps, index, share });
      if (found !== undefined) report([...path, index, ...(found.at ?? [])], found.found, found.allowed);
      share = shareAfter(step) ?? share;
    });
    if (share !== 100) report(path, `a last share of ${share}`, 'shares that climb to 100');
    checkCapacity(id, strategy, report);
  }
}

interface Found {
  at?: Path;
  found: string;
  allowed: string;
}

interface At {
  steps: readonly StepSettings[];
  index: number;
  /** What the steps before give the new version. */
  share: number;
}

function problemOf(step: StepSettings, at: At): Found | undefined {
  if (typeof step === 'string') return problemOfWord(step, at);
  if ('batches' in step) return wholeFrom(at, `${step.batches} batches`) ?? problemOfLength(step.watch);
  if ('watch' in step) return problemOfWatch(step, at);
  return step.set_weight <= at.share
    ? { found: `${step.set_weight} after ${at.share}`, allowed: 'shares that climb' }
    : undefined;
}

function problemOfWatch({ watch }: { watch: string }, { steps, index, share }: At): Found | undefined {
  if (share === 0) return { found: 'a watch before any traffic', allowed: 'set_weight first' };
  const before = steps[index - 1];
  if (typeof before === 'object' && 'watch' in before && !('batches' in before))
    return { found: 'two watches in a row', allowed: 'one watch per share of traffic' };
  return problemOfLength(watch);
}

function problemOfLength(watch: string | undefined): Found | undefined {
  if (watch === undefined || parseDuration(watch) > 0) return undefined;
  return { at: ['watch'], found: show(watch), allowed: 'a duration over 0' };
}

function problemOfWord(step: StepSettings & string, at: At): Found | undefined {
  const { steps, index, share } = at;
  switch (step) {
    case 'stand_up':
      return index === 0 ? undefined : { found: `stand_up as step ${index + 1}`, allowed: 'stand_up first' };
    case 'smoke':
      return index === 0 ? { found: 'smoke tests of nothing', allowed: 'the new version first' } : undefined;
    case 'replace':
      return wholeFrom(at, 'replace');
    default:
      if (index !== steps.length - 1 || share !== 100)
        return { found: 'retire_old on the way', allowed: 'retire_old last, after all traffic' };
      return steps.includes('stand_up')
        ? undefined
        : { found: 'retire_old without stand_up', allowed: 'stand_up first: else no old version is kept' };
  }
}

/** It goes from nothing to all of it: a share before it would be lost. */
const wholeFrom = ({ share }: At, found: string): Found | undefined =>
  share === 0 ? undefined : { found: `${found} after ${share}`, allowed: 'no share of traffic before it' };

function shareAfter(step: StepSettings): number | undefined {
  if (step === 'replace') return 100;
  if (typeof step === 'string') return undefined;
  return 'batches' in step ? 100 : 'set_weight' in step ? step.set_weight : undefined;
}

/** While a part is replaced, only the others serve (ST-3). */
function checkCapacity(id: string, { capacity, steps }: StrategySettings, report: Report): void {
  if (capacity === undefined) return;
  const path = ['strategies', id];
  const parts = steps.find((step) => typeof step === 'object' && 'batches' in step);
  if (typeof parts !== 'object' || !('batches' in parts)) {
    report([...path, 'capacity'], show(capacity), 'batches among its steps');
    return;
  }
  const left = 100 - 100 / parts.batches;
  if (left >= capacity) return;
  const least = Math.ceil(100 / (100 - capacity));
  report(
    [...path, 'capacity'],
    `${capacity} %, and with ${parts.batches} batches ${Math.floor(left)} % stays in service`,
    least > 50 ? 'a capacity of at most 98' : `at least ${least} batches`,
  );
}

/** A strategy that is suggested must be there, and must be allowed. */
export function checkStrategyNames(
  { services, environments, strategies = {}, defaults }: Settings,
  report: Report,
): void {
  const known = Object.keys(strategies);
  const check = (path: Path, id: string | undefined) => {
    if (id !== undefined && !known.includes(id)) report(path, show(id), unknownWord(id, known));
  };
  const checkRule = (path: Path, rule: NonNullable<Settings['environments'][string]>) => {
    rule.strategies?.forEach((id, index) => {
      check([...path, 'strategies', index], id);
    });
    rule.without_strategies?.forEach((id, index) => {
      check([...path, 'without_strategies', index], id);
    });
    for (const key of ['strategy', 'high_risk'] as const) {
      const id = rule[key];
      check([...path, key], id);
      if (id !== undefined && known.includes(id) && rule.strategies?.includes(id) === false)
        report([...path, key], show(id), rule.strategies.join(', '));
    }
    for (const [key, value] of Object.entries(rule.safeguards ?? {})) {
      if (typeof value === 'string' && !MAY_BE_NO_TIME.has(key) && parseDuration(value) === 0)
        report([...path, 'safeguards', key], show(value), 'a duration over 0');
    }
  };
  check(['defaults', 'strategy'], defaults?.strategy);
  for (const [id, own] of Object.entries(environments)) checkRule(['environments', id], own ?? {});
  for (const [name, service] of Object.entries(services)) {
    check(['services', name, 'strategy'], service.strategy);
    for (const [id, rule] of Object.entries(service.in ?? {})) {
      const path = ['services', name, 'in', id];
      if (!Object.hasOwn(environments, id))
        report(path, show(id), unknownWord(id, Object.keys(environments)));
      checkRule(path, rule);
    }
  }
}
