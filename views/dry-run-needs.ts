/** What is missing before a deployment may start, and whom it waits for: the second part of a dry run. */

import { lacksChangeRequest, waitsForChangeRequest } from '../src/deployment/approval/change-request.ts';
import { whoCanSign } from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { gateState, itemState, openOfTheirOwn } from '../src/deployment/readiness/readiness.ts';
import type { RequiredSignOff } from '../src/terms/approval.ts';
import type { ChecklistItem, RequiredGate } from '../src/terms/requirements.ts';
import { name } from './deployment-words.ts';
import type { Following } from './following.ts';
import { dateTime, inline, listOf, momentsIn, plural } from './text.ts';

/** More of one kind than this is counted. */
const MAX_LISTED = 10;

export function needsLines({ deployment: d, blockers, skipped, window }: Following): string[] {
  const lines = [
    ...signOffLines(d),
    ...(lacksChangeRequest(d)
      ? [`⏳ *Change request* · ${waitsForChangeRequest(d) ? 'must be written' : 'owed after the start'}`]
      : []),
    ...gateLines(d),
    ...checklistLines(d),
    ...leadTimeLines(d),
    ...(skipped === undefined ? [] : [`⚠️ *Promotion* · it is not complete in ${inline(skipped, 40)}`]),
    ...blockers.slice(0, MAX_LISTED).map(({ says }) => `⏳ *Waits* · ${momentsIn(inline(says, 600))}`),
    ...(blockers.length > MAX_LISTED
      ? [`and ${plural(blockers.length - MAX_LISTED, 'more in its way', 'more in its way')}`]
      : []),
    ...(window === undefined
      ? []
      : [
          `🗓️ *Window* · ${dateTime(window.from)} to ${dateTime(window.to)} · last start ${dateTime(window.last)}`,
        ]),
  ];
  return lines.length === 0 ? ['Nothing: it starts by itself.'] : lines;
}

function signOffLines(d: Deployment): string[] {
  if (d.terms.required.length === 0) return ['✅ *Sign-offs* · none needed'];
  const afterwards = d.terms.approval.when === 'afterwards' ? ' · owed after the start' : '';
  const lines = d.terms.required
    .slice(0, MAX_LISTED)
    .map((required) => `${signOff(d, required)}${afterwards}`);
  const rest = d.terms.required.length - MAX_LISTED;
  return rest > 0 ? [...lines, `and ${plural(rest, 'more role')}`] : lines;
}

function signOff(d: Deployment, required: RequiredSignOff): string {
  const role = `*${inline(required.name, 40)}*`;
  const people = whoCanSign(d, required).map(name);
  if (people.length === 0) return `⚠️ ${role} · nobody who may sign holds this role`;
  const many = required.quorum > 1;
  return `⏳ ${role} · go from ${many ? `${required.quorum} of ` : ''}${listOf(people, many ? 'and' : 'or', 8)}`;
}

function gateLines(d: Deployment): string[] {
  const gates = d.terms.requirements.gates ?? [];
  const first = gates.filter(({ before }) => before === 'start');
  const later = gates.filter(({ before }) => before === 'hand_over');
  const open = first.filter(({ id }) => gateState(d, id) !== 'done');
  const silent = open.filter(({ id }) => gateState(d, id) === 'missing');
  const spoken = open.filter((gate) => !silent.includes(gate));
  const passed = first.filter((gate) => !open.includes(gate)).map((gate) => gateWords(d, gate));
  return [
    ...(passed.length === 0 ? [] : [`✅ *Gates* · ${listOf(passed, 'and', 12)}`]),
    ...spoken.slice(0, MAX_LISTED).map((gate) => openGate(d, gate)),
    ...(spoken.length > MAX_LISTED ? [`and ${plural(spoken.length - MAX_LISTED, 'more gate')}`] : []),
    ...(silent.length === 0 ? [] : [`⏳ *Gates* · not reported yet: ${namesOf(silent)}`]),
    ...(later.length === 0 ? [] : [`⏳ *Gates before the hand-over* · ${namesOf(later)}`]),
  ];
}

const namesOf = (gates: readonly RequiredGate[]): string =>
  listOf(
    gates.map((gate) => inline(gate.name, 40)),
    'and',
    12,
  );

function gateWords(d: Deployment, { id, name: called }: RequiredGate): string {
  const says = d.evidence.gates[id]?.says;
  const plainly = says === undefined || says === 'passed';
  return `${inline(called, 40)}${plainly ? '' : ` (${inline(says, 80)})`}`;
}

function openGate(d: Deployment, gate: RequiredGate): string {
  const result = d.evidence.gates[gate.id];
  const state = gateState(d, gate.id);
  if (result === undefined) return `⏳ *Gate* · ${inline(gate.name, 40)} · not reported yet`;
  const by = `reported by ${inline(result.report.by, 40)} ${dateTime(result.report.at)}`;
  return state === 'expired'
    ? `⌛ *Gate* · ${inline(gate.name, 40)} · too old: ${by}`
    : `🚧 *Gate* · ${inline(gate.name, 40)} · not passed: ${inline(result.says, 120)} · ${by}`;
}

function checklistLines(d: Deployment): string[] {
  const items = (d.terms.requirements.checklist ?? []).filter(({ before }) => before === 'start');
  if (items.length === 0) return [];
  const open = items.filter((item) => itemState(d, item).state !== 'done');
  const groups = [...new Set(items.map(({ group }) => group))].map((group) => {
    const inGroup = (all: readonly ChecklistItem[]): number =>
      all.filter((item) => item.group === group).length;
    return `${group} ${inGroup(items) - inGroup(open)} of ${inGroup(items)}`;
  });
  const waitedFor = open.filter(({ required }) => required);
  const optional = open.length - waitedFor.length;
  // What a missing go, gate or change request ticks stands in a line of its own.
  const named = openOfTheirOwn(d, 'start');
  const rest = Math.max(0, named.length - MAX_LISTED);
  return [
    `${waitedFor.length > 0 ? '⏳' : optional > 0 ? '☑️' : '✅'} *Checklist* · ${groups.join(', ')}${optional === 0 ? '' : ` · ${plural(optional, 'open item')} not waited for`}`,
    ...named.slice(0, MAX_LISTED).map((item) => `•  ${itemWords(d, item)}`),
    ...(rest === 0 ? [] : [`•  and ${plural(rest, 'more open item')}`]),
  ];
}

function itemWords(d: Deployment, item: ChecklistItem): string {
  const roles = itemState(d, item).waitsFor.map((role) => inline(role.name, 40));
  return `${inline(item.text, 120)}${roles.length === 0 ? '' : ` · ${listOf(roles)}`}`;
}

function leadTimeLines({ terms: { approval, envelope } }: Deployment): string[] {
  if (approval === undefined || approval.leadTime === 0) return [];
  const early = envelope.start.kind === 'at' ? ` · ${dateTime(envelope.start.at)} is far enough ahead` : '';
  return [`✅ *Lead time* · ${plural(approval.leadTime, 'business day')}${early}`];
}
