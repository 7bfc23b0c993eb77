/** What an accepted contract asks of a deployment beside the policy: it adds items and holds to stricter figures, and takes nothing away (HO-4). */

import type { Target, TargetKind } from '../contract/figures.ts';
import { defined, given } from '../defined.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { JudgePlan, Trigger } from '../judge/types.ts';
import type { Communication } from '../terms/communication.ts';
import type { ContractTerms } from '../terms/contract.ts';
import type { ChecklistItem, Requirements } from '../terms/requirements.ts';
import type { Safeguards } from '../terms/safeguards.ts';
import type { Duration, Instant } from '../time.ts';

export interface AcceptedContract {
  id: string;
  acceptedAt: Instant;
  /** With what was moved when it was accepted. */
  checklist: readonly ChecklistItem[];
  /** At most one of a kind. */
  targets: readonly Target[];
}

/** Three looks of five, as the presets have it for errors. */
const BREACHES = { breaches: 3, of: 5 } as const;

function target<K extends TargetKind>(
  { targets }: AcceptedContract,
  kind: K,
): Extract<Target, { kind: K }> | undefined {
  return targets.find((one): one is Extract<Target, { kind: K }> => one.kind === kind);
}

export function termsOf(contract: AcceptedContract): ContractTerms {
  const { id, acceptedAt } = contract;
  const window = target(contract, 'window');
  return { id, acceptedAt, ...defined({ startBy: given(window, (window) => acceptedAt + window.within) }) };
}

/**
 * The policy's items, then the contract's. What both ask for, in the same words or under a name that the policy knows for
 * it, is asked for once, as the stricter of the two; where only the ids are the same, the policy's gets another.
 */
export function withItemsOf(requirements: Requirements, items: readonly ChecklistItem[]): Requirements {
  const asked = new Map(items.map((item) => [wordsOf(item.text), item]));
  // Of two that are called the same, the one that comes before the same as the policy's, else the first.
  const byName = new Map<string, ChecklistItem>();
  for (const item of items.toReversed())
    for (const key of ['', item.before]) byName.set(`${key}|${wordsOf(nameOf(item))}`, item);
  const named = (name: string, before: string): ChecklistItem | undefined =>
    byName.get(`${before}|${wordsOf(name)}`) ?? byName.get(`|${wordsOf(name)}`);
  const sameAs = ({ text, called = [], before }: ChecklistItem): ChecklistItem | undefined =>
    [asked.get(wordsOf(text)), ...called.map((name) => named(name, before))].find(
      (one) => one !== undefined && !shared.has(one),
    );
  const taken = new Set([...requirements.checklist, ...items].map(({ id }) => id));
  const theirs = new Set(items.map(({ id }) => id));
  const shared = new Set<ChecklistItem>();
  const own = requirements.checklist.map((item) => {
    const same = sameAs(item);
    if (same !== undefined) {
      shared.add(same);
      return bothAskFor(item, same);
    }
    if (!theirs.has(item.id)) return item;
    let number = 2;
    while (taken.has(`${item.id}-${number}`)) number += 1;
    taken.add(`${item.id}-${number}`);
    return { ...item, id: `${item.id}-${number}` };
  });
  const added = items.filter((item) => !shared.has(item));
  return {
    ...requirements,
    checklist: [...own, ...added.map((item) => ({ ...item, contract: true as const }))],
  };
}

/** What stands before the colon: `Health Checks: all of them pass`. */
const nameOf = ({ text }: ChecklistItem): string => text.split(':', 1)[0] ?? text;

const wordsOf = (text: string): string => (text.toLowerCase().match(/[\p{L}\p{N}%]+/gu) ?? []).join(' ');

/** In the words that were accepted, by whom and when the policy says. */
const bothAskFor = (item: ChecklistItem, { text, before }: ChecklistItem): ChecklistItem => ({
  ...item,
  text: wordsOf(item.text) === wordsOf(text) ? item.text : text,
  required: true,
  // What can only be seen afterwards is not asked for before.
  before: item.before === 'start' || item.after !== undefined ? item.before : before,
  contract: true,
});

/** What a contract brought to a deployment: another kind of change asks for it as well. */
export function itemsOfContract({ terms: { requirements } }: Pick<Deployment, 'terms'>): ChecklistItem[] {
  return (requirements?.checklist ?? []).filter(({ contract }) => contract === true);
}

export function safeguardsUnder<Guards extends Omit<Safeguards, 'permissions'>>(
  safeguards: Guards,
  contract: AcceptedContract,
): Guards {
  const rollback = target(contract, 'rollback')?.within;
  const within = target(contract, 'deployment_time')?.within;
  const { overrun = { grace: 0 } } = safeguards;
  return {
    ...safeguards,
    observeFor: observedUnder(safeguards.observeFor, contract),
    rollbackWithin: Math.min(safeguards.rollbackWithin, rollback ?? safeguards.rollbackWithin),
    ...(within === undefined
      ? {}
      : { overrun: { ...overrun, within: Math.min(overrun.within ?? within, within) } }),
    judge: judgeUnder(safeguards.judge, contract),
  };
}

/** How long it is watched after the last stage; the contract's validation is a part of that. */
function observedUnder(observeFor: Duration, contract: AcceptedContract): Duration {
  const { lasts: watching = 0 } = target(contract, 'watching') ?? {};
  const { lasts: validation = 0 } = target(contract, 'validation') ?? {};
  return Math.max(observeFor, watching, validation);
}

/** Requests in its window without which the rule says nothing. */
const LEAST_SAMPLE = 1_000;

/** A hold, not a rollback: the contract says what is too much, and people say what follows. */
function judgeUnder(judge: JudgePlan, contract: AcceptedContract): JudgePlan {
  const limit = target(contract, 'error_rate')?.limit;
  const isAsStrict = ({ metric, kind, over }: Trigger): boolean =>
    metric === 'errors' && kind === 'absolute' && over <= (limit ?? 0);
  if (limit === undefined || judge.triggers.some(isAsStrict)) return judge;
  const rule: Trigger = {
    metric: 'errors',
    kind: 'absolute',
    over: limit,
    minSample: LEAST_SAMPLE,
    ...BREACHES,
    action: 'hold',
  };
  return { ...judge, triggers: [...judge.triggers, rule] };
}

export function communicationUnder(
  communication: Communication | undefined,
  contract: AcceptedContract,
): Communication | undefined {
  const ahead = target(contract, 'notice')?.ahead;
  if (ahead === undefined) return communication;
  return { ...communication, notice: Math.max(communication?.notice ?? 0, ahead) };
}
