/** The contract that a deployment carries out, where the deployment is asked for and where it is shown (HO-4). */

import type { ContractRecord } from '../src/contract/record.ts';
import { contractTargets, targetOf } from '../src/contract/targets.ts';
import { contractChecklist } from '../src/contract/to-checklist.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { NOT_STARTED } from '../src/deployment/lifecycle.ts';
import { missesItsWindow } from '../src/deployment/request/contract-window.ts';
import { type Plan, plannedDuration } from '../src/terms/plan.ts';
import { windowEnds } from './contract-words.ts';
import { dateTime, duration, inline, mention, plural } from './text.ts';

const MAX_ID = 60;

/** `For contract C-1: 18 items before the start, 25 before the hand-over; the window must begin by …` */
export function forContractLines(record: ContractRecord, plan: Plan | undefined): string[] {
  const items = contractChecklist(record.contract, record.accepted?.moves);
  const start = items.filter(({ before }) => before === 'start').length;
  const ends = windowEnds(record);
  const window = ends === undefined ? '' : `; the window must begin by ${dateTime(ends.at)}`;
  const words = `For contract ${inline(record.id, MAX_ID)}: ${plural(start, 'item')} before the start, ${items.length - start} before the hand-over${window}`;
  return [words, ...tooSlow(record, plan)];
}

function tooSlow({ contract }: ContractRecord, plan: Plan | undefined): string[] {
  const time = targetOf(contractTargets(contract).targets, 'deployment_time');
  const takes = plan === undefined ? 0 : plannedDuration(plan);
  if (time === undefined || takes <= time.within) return [];
  return [
    `⚠️ The contract gives it ${duration(time.within)}, and this strategy takes ${duration(takes)}: it will be told as running over.`,
  ];
}

/** Small print: `Contract C-1` */
export function contractFact({ terms: { contract } }: Deployment): string {
  return contract === undefined ? '' : `Contract ${inline(contract.id, MAX_ID)}`;
}

/** By when it must begin, while it has not; who decides where it is known to be late. */
export function mustBeginLine(d: Deployment): string[] {
  const { contract } = d.terms;
  if (contract?.startBy === undefined || !NOT_STARTED.has(d.status)) return [];
  const line = `${contractFact(d)}: it must begin by ${dateTime(contract.startBy)}`;
  return missesItsWindow(d)
    ? [
        `⚠️ ${line}, and it starts later. ${mention(d.terms.details.lead)} decides: let it start, or cancel it.`,
      ]
    : [`${line}.`];
}

/** For Details: when it was accepted, and until when it must have begun. */
export function contractDetails(d: Deployment): string[] {
  const { contract } = d.terms;
  if (contract === undefined) return [];
  const begin = contract.startBy === undefined ? '' : ` · must begin by ${dateTime(contract.startBy)}`;
  return [`${contractFact(d)}, accepted ${dateTime(contract.acceptedAt)}${begin}`];
}
