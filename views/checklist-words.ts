/** What is said of one gate and of one item of the checklist: its state, who or what it is from, and how it gets ticked. */

import { goesFor } from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { gateState, type ItemState, itemState, tickedFrom } from '../src/deployment/readiness/readiness.ts';
import type { Tick } from '../src/deployment/readiness/state.ts';
import type { ChecklistItem, RequiredGate } from '../src/terms/requirements.ts';
import { changeRequestId, name } from './deployment-words.ts';
import { gateWords, isMixed } from './readiness.ts';
import { ago, capitalised, code, dateTime, duration, inline, inZone, link, listOf } from './text.ts';

const MARKS = { done: '✅', missing: '⬜', failed: '🚧', expired: '⌛' } as const;

/** A gate with its figures, its age and its report; escaped. */
export function gateLine(d: Deployment, gate: RequiredGate): string {
  const report = d.evidence.gates[gate.id]?.report;
  const state = gateState(d, gate.id);
  const about =
    report === undefined
      ? `gate ${code(gate.id, 40)}`
      : [
          ...(state === 'expired' ? [] : [ago(report.at)]),
          `by ${inline(report.by, 60)}`,
          link(report.url, 'report'),
        ]
          .filter(Boolean)
          .join(' · ');
  return `${MARKS[state]} ${gateWords(d, gate)} · ${about}`;
}

/** An item that is not ticked here and now: its text, and where it stands; escaped. */
export function itemLine(d: Deployment, item: ChecklistItem): string {
  const standing = itemState(d, item);
  const open = standing.state !== 'done';
  const optional = open && !item.required && isMixed(d) ? ['optional, not waited for'] : [];
  const about = [...standingWords(d, item, standing), ...optional].join(' · ');
  return `${MARKS[standing.state]} *${inline(item.text, 200)}* · ${about}`;
}

function standingWords(d: Deployment, item: ChecklistItem, standing: ItemState): string[] {
  const { state, ticks, waitsFor } = standing;
  const by = ticks.slice(0, 5).map((tick) => tickWords(item, tick));
  const proof = evidenceWords(d, item, standing);
  const left =
    waitsFor.length === 0 ? [] : [`waits for ${listOf(waitsFor.map((one) => inline(one.name, 40)))}`];
  switch (state) {
    case 'done':
      return [...proof, ...by];
    case 'failed':
      return [...proof, 'a tick does not stand against it'];
    case 'expired':
      return [...(standing.gate?.expired ? proof : ['too old']), ...by, ...left, ...lastsWords(item)];
    case 'missing':
      return ['open', ...by, ...left, ...selfWords(d, item), ...fromWords(d, item)];
  }
}

/** `ticked by Tom as Operations today at 13:05: runbook read` */
function tickWords(item: ChecklistItem, { role, by, at, note, expired }: Tick): string {
  const as = role === undefined ? '' : ` as ${roleName(item, role)}`;
  const said = note === undefined ? '' : `: ${inline(note, 150)}`;
  return `${expired ? 'was ' : ''}ticked by ${name(by)}${as} ${dateTime(at)}${said}`;
}

/** What a machine, a sign-off or the record says; empty where nothing has spoken. */
function evidenceWords(d: Deployment, { evidence }: ChecklistItem, { gate }: ItemState): string[] {
  switch (evidence?.kind) {
    case undefined:
      return [];
    case 'gate': {
      const required = d.terms.requirements.gates.find(({ id }) => id === evidence.gate);
      if (gate === undefined || required === undefined) return [];
      const from = [gateWords(d, required), link(gate.report.url, 'report')].filter(Boolean).join(' · ');
      return [gate.expired ? from : `${from}, ${ago(gate.report.at)}`];
    }
    case 'sign_off': {
      const goes = goesFor(d, evidence.role);
      return goes.length === 0 ? [] : [`go from ${listOf(goes.map(({ person }) => name(person)))}`];
    }
    case 'on_call':
      return [`${name(d.terms.details.onCall)} is on call`];
    case 'change_request':
      return d.evidence.changeRequest === undefined
        ? []
        : [`${changeRequestId(d)} by ${name(d.evidence.changeRequest.by)}`];
  }
}

/** What would tick it without anybody's hand. */
function selfWords(d: Deployment, { evidence, roles, after }: ChecklistItem): string[] {
  switch (evidence?.kind) {
    case 'gate':
      return [
        `${roles === undefined ? 'ticks itself' : 'supported'} when gate ${inline(evidence.gate, 40)} is reported as passed${after === undefined ? '' : `, as measured ${sinceWords(after)}`}`,
      ];
    case 'sign_off': {
      const required = d.terms.required.find(({ role }) => role === evidence.role);
      return [`ticks itself with the go of ${inline(required?.name ?? evidence.role, 40)}`];
    }
    case 'change_request':
      return ['ticks itself when the change request is written'];
    default:
      return [];
  }
}

/** When it can be ticked by hand, where that is known and comes after the rollout. */
function fromWords(d: Deployment, item: ChecklistItem): string[] {
  const { after } = item;
  if (!after || d.rollout?.completedAt === undefined) return [];
  return [`can be ticked ${dateTime(tickedFrom(d, item))}, ${sinceWords(after)}`];
}

const afterWords = ({ after }: ChecklistItem): string[] => {
  if (after === undefined) return [];
  return [sinceWords(after)];
};

export const sinceWords = (after: number): string =>
  after === 0 ? 'once all traffic has moved' : `${duration(after)} after all traffic has moved`;

const lastsWords = ({ lasts }: ChecklistItem): string[] =>
  lasts === undefined ? [] : [`a tick counts for ${duration(lasts)}`];

function roleName({ roles }: ChecklistItem, role: string): string {
  return inline(roles?.find((one) => one.role === role)?.name ?? role, 40);
}

/** Below a box, in plain text: Slack draws neither dates nor markup there. */
export function boxWords(
  d: Deployment,
  item: ChecklistItem,
  { role, zone }: { role?: string; zone: string },
): string {
  const { gate, waitsFor, ticks } = itemState(d, item);
  const mine = ticks.find((tick) => tick.role === role);
  const others = waitsFor.filter((one) => one.role !== role).map((one) => one.name);
  // What may be long stands last: Slack cuts it.
  const words = [
    ...(role === undefined ? [] : [`as ${item.roles?.find((one) => one.role === role)?.name ?? role}`]),
    ...(others.length === 0 ? [] : [`${listOf(others)} must as well`]),
    ...(mine === undefined ? gateHint(item, gate, zone) : [ownWords(mine, zone)]),
    ...(item.lasts === undefined ? [] : [`counts for ${duration(item.lasts)}`]),
    ...afterWords(item),
    ...(item.required || !isMixed(d) ? [] : ['optional']),
    ...(mine?.note === undefined ? [] : [`“${mine.note}”`]),
  ];
  return capitalised(words.join(' · '));
}

function gateHint({ evidence }: ChecklistItem, gate: ItemState['gate'], zone: string): string[] {
  if (evidence?.kind !== 'gate') return [];
  if (gate === undefined) return [`ticks itself with gate ${evidence.gate}`];
  const at = inZone(gate.report.at, zone);
  return [`gate ${evidence.gate} ${gate.expired ? `is too old: ${at}` : `passed ${at}`}`];
}

function ownWords({ by, at, expired }: Tick, zone: string): string {
  return `${expired ? 'too old: ' : ''}ticked by ${by.name}, ${inZone(at, zone)}`;
}
