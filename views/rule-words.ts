/** What the judge's rules do by themselves, in words and figures: "errors over 1 %", "p99 over 3× baseline" (AN-1 … AN-3). */

import type { Deployment } from '../src/deployment/deployment.ts';
import type { Bound, JudgePlan, StageTerms, Trigger } from '../src/judge/types.ts';
import { beyond, nameOf } from '../src/judge/words.ts';
import type { Safeguards } from '../src/terms/safeguards.ts';
import { SIGNAL_DEFAULTS, type SignalAction } from '../src/terms/signals.ts';
import { duration, inline, listOf } from './text.ts';

const IN_PERCENT: ReadonlySet<string> = new Set(['errors', 'cpu', 'memory']);
/** More rules than this are counted. */
const MAX_RULES = 16;
/** More stages with rules of their own than this are left to the policy. */
const MAX_STAGES = 4;

type Guards = Omit<Safeguards, 'permissions'>;

/** What of it the words are about; a source of alerts is the service's own. */
export interface Guarded {
  safeguards: Guards;
  hearsAlerts: boolean;
}

export const guardedOf = ({ terms: { safeguards, adapters } }: Deployment): Guarded => ({
  safeguards,
  hearsAlerts: (adapters.signals ?? []).length > 0,
});

/** All that acts by itself, one line each, with its figures. Escaped. */
export function guardLines(guarded: Guarded): string[] {
  const { judge } = guarded.safeguards;
  return [
    rollsBackWords(guarded),
    holdsWords(guarded),
    ...(judge.criteria.length === 0 ? [] : [`No stage passes with ${measured(judge.criteria)}`]),
    ...ofStages(judge.stages.slice(0, MAX_STAGES)),
  ];
}

/** What sends it back without anybody being asked. Escaped. */
function rollsBackWords(guarded: Guarded): string {
  const data =
    guarded.safeguards.breaking === 'hold_and_page'
      ? '; where going back would break data it holds and calls people instead'
      : '';
  return `Rolls back by itself on ${listOf(rollbackCauses(guarded), 'or', MAX_RULES)}${data}`;
}

/** What stops it where it is until a person decides. Escaped. */
function holdsWords(guarded: Guarded): string {
  const { judge, holdAfterNoData, lookEvery } = guarded.safeguards;
  const causes = [
    ...holdCauses(guarded),
    `${holdAfterNoData} looks without data (${duration(holdAfterNoData * lookEvery)})`,
    undecidedWords(judge),
  ];
  return `Holds and asks on ${listOf(causes, 'or', MAX_RULES)}`;
}

export function rollbackCauses(guarded: Guarded): string[] {
  const { judge } = guarded.safeguards;
  return [
    ...actsOn(judge, 'roll_back'),
    'a failing health check',
    ...signalCauses(guarded, 'roll_back'),
    `evidence that errors are over ${judge.margin}× baseline`,
  ];
}

export function holdCauses(guarded: Guarded): string[] {
  return [...actsOn(guarded.safeguards.judge, 'hold'), ...signalCauses(guarded, 'hold')];
}

/** Rules, those with the same patience together, and what evidence judges besides. */
function actsOn({ triggers, metrics }: JudgePlan, action: Trigger['action']): string[] {
  return [
    ...withPatience(triggers.filter((rule) => rule.action === action)),
    ...metrics
      .filter((judged) => judged.action === action)
      .map(({ name, worse }) => `evidence that ${inline(nameOf(name), 40)} is ${worse}`),
  ];
}

function withPatience(rules: readonly Trigger[]): string[] {
  const patiences = [...new Set(rules.map(patience))];
  return patiences.flatMap((often) => {
    const words = rules.filter((rule) => patience(rule) === often).map(ruleWords);
    return often === '' ? words : [`${listOf(words, 'or', MAX_RULES)}${often}`];
  });
}

const patience = ({ breaches, of }: Trigger): string => (of === 1 ? '' : ` in ${breaches} of ${of} looks`);

function signalCauses({ safeguards, hearsAlerts }: Guarded, action: SignalAction): string[] {
  const rules = safeguards.signals ?? SIGNAL_DEFAULTS;
  return [
    ...(rules.criticalError === action ? ['a critical error in its log'] : []),
    ...(hearsAlerts && rules.criticalAlert === action ? ['a critical alert'] : []),
    ...(hearsAlerts && rules.alert === action ? ['an alert'] : []),
  ];
}

function undecidedWords({ undecided }: JudgePlan): string {
  if (undecided.usual === 'hold') return 'a watch that ends undecided';
  return 'a suspicion, or a rule that is not met, at the end of a watch';
}

const measured = (criteria: readonly Bound[]): string =>
  `${listOf(criteria.map(ruleWords), 'or', MAX_RULES)} over its whole watch`;

/** Stages that have the same of their own stand in one line. */
function ofStages(stages: readonly StageTerms[]): string[] {
  const said = stages.flatMap((stage) => ofStage(stage).map((words) => ({ number: stage.stage, words })));
  return [...new Set(said.map(({ words }) => words))].map((words) => {
    const numbers = said.filter((one) => one.words === words).map(({ number }) => String(number));
    return `${numbers.length === 1 ? 'Stage' : 'Stages'} ${listOf(numbers)}: ${words}`;
  });
}

function ofStage({ criteria, triggers, undecided }: StageTerms): string[] {
  return [
    ...(criteria === undefined
      ? []
      : [
          criteria.length === 0
            ? 'no rule to pass besides the evidence'
            : `no pass with ${measured(criteria)}`,
        ]),
    ...(triggers === undefined ? [] : [ownTriggers(triggers)]),
    ...(undecided === undefined ? [] : [`where it ends undecided, it ${UNDECIDED_THEN[undecided]}`]),
  ];
}

function ownTriggers(triggers: readonly Trigger[]): string {
  const acts = (action: Trigger['action'], does: string): string[] => {
    const own = withPatience(triggers.filter((rule) => rule.action === action));
    return own.length === 0 ? [] : [`${does} on ${listOf(own, 'or', MAX_RULES)}`];
  };
  const words = [...acts('roll_back', 'rolls back'), ...acts('hold', 'holds')];
  return words.length === 0 ? 'no figure of a rule acts by itself' : `${listOf(words)} instead`;
}

/** What comes of a stage that ends undecided. */
export const UNDECIDED_THEN = {
  go_on: 'goes on while nothing speaks for harm',
  extend: 'is watched once more as long, then held',
  hold: 'holds',
} as const;

/** Escaped. */
export function ruleWords({ metric, kind, over, worse }: Bound): string {
  const name = `${inline(nameOf(metric), 40)} ${beyond({ worse })}`;
  if (kind === 'ratio') return `${name} ${over}× baseline`;
  if (kind === 'points') return `${name} baseline + ${over} points`;
  return `${name} ${over}${IN_PERCENT.has(metric) ? ' %' : ''}`;
}
