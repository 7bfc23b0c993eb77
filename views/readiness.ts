/** Gates and the checklist in a few lines (GT-1, GT-5): what is there, what is open, and what is not waited for. */

import type { Deployment } from '../src/deployment/deployment.ts';
import { isInVain } from '../src/deployment/nobody-can-end.ts';
import {
  gateState,
  itemState,
  type Milestone,
  openGates,
  openItems,
  openOfTheirOwn,
} from '../src/deployment/readiness/readiness.ts';
import type { ChecklistItem, RequiredGate } from '../src/terms/requirements.ts';
import { ago, duration, inline, listOf, plural } from './text.ts';

/** With more gates than this the passed ones are counted, not named. */
const MAX_GATES = 6;
/** Open ones that are named; of more, the rest is counted. */
const MAX_NAMED = 4;

/** Gates, then the checklist; no line for what this deployment has none of. */
export function readinessLines(d: Deployment, before: Milestone): string[] {
  return [gatesLine(d, before), checklistLine(d, before)].filter((line) => line !== '');
}

/** The same, once all of it is there: `All 5 gates passed · checklist 18 of 20, the rest is not waited for` */
export function foldedReadiness(d: Deployment, before: Milestone): string {
  const gates = gatesBefore(d, before);
  const items = itemsBefore(d, before);
  const done = items.filter((item) => itemState(d, item).state === 'done').length;
  const rest = done === items.length ? '' : ', the rest is not waited for';
  return [
    ...(gates.length === 0
      ? []
      : [gates.length === 1 ? '1 gate passed' : `All ${gates.length} gates passed`]),
    ...(items.length === 0 ? [] : [`checklist ${done} of ${items.length}${rest}`]),
  ].join(' · ');
}

export function gatesBefore({ terms: { requirements } }: Deployment, before: Milestone): RequiredGate[] {
  return (requirements?.gates ?? []).filter((gate) => gate.before === before);
}

export function itemsBefore({ terms: { requirements } }: Deployment, before: Milestone): ChecklistItem[] {
  return (requirements?.checklist ?? []).filter((item) => item.before === before);
}

/** Failed ones first. */
function gatesLine(d: Deployment, before: Milestone): string {
  const gates = gatesBefore(d, before);
  if (gates.length === 0) return '';
  const open = openFirst(d, before);
  const passed = gates.filter((gate) => !open.includes(gate)).map((gate) => gateWords(d, gate));
  if (gates.length <= MAX_GATES) {
    const named = listed(open.map((gate) => gateWords(d, gate)));
    return `${markOf(d, open)} *Gates* · ${[...named, ...passed].join(' · ')}`;
  }
  const count =
    open.length === 0 ? `all ${gates.length} passed` : `${passed.length} of ${gates.length} passed`;
  return `${markOf(d, open)} *Gates* · ${[count, ...openInShort(d, open)].join(' · ')}`;
}

/** What spoke against it in its own words; what nobody has reported by name. */
function openInShort(d: Deployment, open: readonly RequiredGate[]): string[] {
  const missing = open.filter(({ id }) => gateState(d, id) === 'missing').map(({ name }) => inline(name, 60));
  const spoken = open.filter(({ id }) => gateState(d, id) !== 'missing').map((gate) => gateWords(d, gate));
  return [
    ...listed(spoken),
    ...(missing.length === 0 ? [] : [`not reported: ${listOf(missing, 'and', MAX_NAMED)}`]),
  ];
}

function openFirst(d: Deployment, before: Milestone): RequiredGate[] {
  const urgency = ({ id }: RequiredGate): number => URGENCY[gateState(d, id)];
  return openGates(d, before).toSorted((a, b) => urgency(a) - urgency(b));
}

function listed(words: readonly string[]): string[] {
  return words.length <= MAX_NAMED
    ? [...words]
    : [...words.slice(0, MAX_NAMED - 1), `and ${words.length - MAX_NAMED + 1} more`];
}

function markOf(d: Deployment, open: readonly RequiredGate[]): string {
  if (open.length === 0) return '✅';
  return open.some(({ id }) => gateState(d, id) === 'failed') ? '🚧' : '⏳';
}

const URGENCY = { failed: 0, expired: 1, missing: 2, done: 3 } as const;

/** `build ok`, `unit tests 100 % of 412 tests`, `security scan failed: 1 high`, `staging smoke tests missing` */
export function gateWords(d: Deployment, gate: RequiredGate): string {
  const name = inline(gate.name, 60);
  const result = d.evidence.gates[gate.id];
  const says = inline(result?.says ?? '', 120);
  switch (gateState(d, gate.id)) {
    case 'missing':
      return `${name} missing`;
    case 'failed':
      return `${name} failed${says === 'failed' ? '' : `: ${says}`}`;
    case 'expired':
      return `${name} too old: ${ageWords(result?.report.at, gate.lasts)}`;
    case 'done':
      return `${name} ${says === 'passed' ? 'ok' : says}`;
  }
}

/** `9 days ago, counts for 7 days` */
function ageWords(at: number | undefined, lasts: number | undefined): string {
  return [
    ...(at === undefined ? [] : [ago(at)]),
    ...(lasts === undefined ? [] : [`counts for ${duration(lasts)}`]),
  ].join(', ');
}

function checklistLine(d: Deployment, before: Milestone): string {
  const items = itemsBefore(d, before);
  if (items.length === 0) return '';
  const open = openItems(d, before);
  const done = items.filter((item) => itemState(d, item).state === 'done').length;
  const optional = items.length - done - open.length;
  const title = before === 'start' ? 'Checklist' : 'Hand-over checklist';
  const mark = open.length > 0 ? '⏳' : optional > 0 ? '☑️' : '✅';
  const count = done === items.length ? `all ${done} done` : `${done} of ${items.length}`;
  const own = openOfTheirOwn(d, before);
  const words = [
    count,
    ...(own.length === 0 ? [] : [`open: ${openWords(d, own)}`]),
    ...(own.length === open.length ? [] : [followWords(open.length - own.length, own.length)]),
    ...(optional === 0 ? [] : [notWaitedFor(optional, open.length)]),
  ];
  return `${mark} *${title}* · ${words.join(' · ')}`;
}

function followWords(count: number, named: number): string {
  const items = named === 0 ? plural(count, 'item') : `${count} more`;
  return `${items} ${count === 1 ? 'waits' : 'wait'} for the above`;
}

/** A few by name; of many, those that somebody has to look at, and how many there are of each group. */
function openWords(d: Deployment, open: readonly ChecklistItem[]): string {
  const words = (items: readonly ChecklistItem[]): string[] => items.map((item) => itemWords(d, item));
  if (open.length <= MAX_NAMED) return listOf(words(open));
  const troubled = open.filter((item) => itemState(d, item).state !== 'missing').slice(0, MAX_NAMED);
  const rest = open.filter((item) => !troubled.includes(item));
  const groups = [...new Set(rest.map(({ group }) => group))].map(
    (group) => `${group} ${rest.filter((item) => item.group === group).length}`,
  );
  return [...words(troubled), ...groups].join(', ');
}

function notWaitedFor(optional: number, open: number): string {
  if (open === 0) return 'the rest is optional, not waited for';
  return `${plural(optional, 'optional one')} not waited for`;
}

/** `on-call briefed`, and where somebody or something in particular stands in its way, who or what. */
function itemWords(d: Deployment, item: ChecklistItem): string {
  const { state, waitsFor } = itemState(d, item);
  const why = [
    ...(state === 'failed' ? ['failed'] : []),
    ...(state === 'expired' ? ['too old'] : []),
    ...waitsFor.map(({ name }) => inline(name, 40)),
    ...(isInVain(d, item) ? ['⚠️ nobody can tick it'] : []),
  ];
  return `${inline(item.text, 80)}${why.length === 0 ? '' : ` (${listOf(why)})`}`;
}

const STATE_WORDS = { done: 'ok', missing: 'missing', failed: 'failed', expired: 'too old' } as const;

/** For an approver, in one line: `Gates: all 5 passed`; empty where it has none. */
export function gatesInShort(d: Deployment): string {
  const gates = gatesBefore(d, 'start');
  if (gates.length === 0) return '';
  const open = openFirst(d, 'start');
  if (open.length === 0) return gates.length === 1 ? 'Gates: 1 passed' : `Gates: all ${gates.length} passed`;
  const named = listOf(
    open.map((gate) => `${inline(gate.name, 60)} ${STATE_WORDS[gateState(d, gate.id)]}`),
    'and',
    MAX_NAMED,
  );
  return `${open.length} of ${plural(gates.length, 'gate')} open: ${named}`;
}

/** For an approver, in one line: `Checklist: 18 of 20, open: on-call briefed`; empty where it has none. */
export function checklistInShort(d: Deployment): string {
  const items = itemsBefore(d, 'start');
  if (items.length === 0) return '';
  const open = items.filter((item) => itemState(d, item).state !== 'done');
  const done = items.length - open.length;
  if (open.length === 0) return `Checklist: all ${items.length} done`;
  const waited = openOfTheirOwn(d, 'start');
  const named = waited.length === 0 ? '' : `, open: ${openWords(d, waited)}`;
  const rest = openItems(d, 'start').length === 0 ? ', the rest is not waited for' : '';
  return `Checklist: ${done} of ${items.length}${named}${rest}`;
}

/** Whether some items are waited for and some are not, so that each has to say which. */
export function isMixed({ terms: { requirements } }: Deployment): boolean {
  const items = requirements?.checklist ?? [];
  return items.some(({ required }) => required) && items.some(({ required }) => !required);
}

/** Whether there is anything to look at in its checklist. */
export function hasChecklist({ terms: { requirements } }: Deployment): boolean {
  return (requirements?.checklist.length ?? 0) + (requirements?.gates.length ?? 0) > 0;
}
