/** Strategies that do not reach everyone, or cannot be carried out as they stand; names of strategies that lead nowhere. */

import { type Step, shareOf } from '../terms/plan.ts';
import { MAY_BE_NO_TIME, parseDuration } from './durations.ts';
import type { Settings } from './merge.ts';
import { show, unknownWord } from './problems.ts';
import { partsOf, stepProblem, stepsOf } from './strategy-steps.ts';
import type { Path } from './yaml-text.ts';

type Report = (path: Path, found: string, allowed: string) => void;
type StrategySettings = NonNullable<Settings['strategies']>[string];

export function checkStrategies({ strategies = {} }: Settings, report: Report): void {
  for (const [id, strategy] of Object.entries(strategies)) {
    const path = ['strategies', id, 'steps'];
    const share = checkSteps(path, strategy.steps, report);
    if (share !== 100) report(path, `a last share of ${share}`, 'shares that climb to 100');
    checkCapacity(id, strategy, report);
  }
}

/** The share that they come to, in percent. */
function checkSteps(path: Path, steps: StrategySettings['steps'], report: Report): number {
  const before: Step[] = [];
  const share = (): number => before.map(shareOf).findLast((percent) => percent !== undefined) ?? 0;
  steps.forEach((step, index) => {
    const found = stepProblem(step, { index, entries: steps.length, before, share: share() });
    if (found !== undefined) report([...path, index, ...(found.at ?? [])], found.found, found.allowed);
    before.push(...stepsOf(step, undefined));
  });
  return share();
}

/** While a part is replaced, only the others serve (ST-3). */
function checkCapacity(id: string, { capacity, steps }: StrategySettings, report: Report): void {
  if (capacity === undefined) return;
  const path = ['strategies', id, 'capacity'];
  const parts = steps.map(partsOf).find((number) => number !== undefined);
  if (parts === undefined) {
    report(path, show(capacity), 'batches among its steps');
    return;
  }
  const left = 100 - 100 / parts;
  if (left >= capacity) return;
  const least = Math.ceil(100 / (100 - capacity));
  report(
    path,
    `${capacity} %, and with ${parts} batches ${Math.floor(left)} % stays in service`,
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
