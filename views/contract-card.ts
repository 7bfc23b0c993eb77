/** A contract as its channel sees it: from whom to whom, for what, and whether it is accepted. */

import type { Button } from '@slack/types';
import type { ContractRecord } from '../src/contract/record.ts';
import { contractTargets } from '../src/contract/targets.ts';
import { actions, button, context, inWords, type Rendered, section } from './blocks.ts';
import { CONTRACT_ACTIONS, contractValue } from './contract-ids.ts';
import { checklistWords, partsWords, targetWords, windowEnds } from './contract-words.ts';
import { name } from './deployment-words.ts';
import { type Cell, table } from './table.ts';
import { capitalised, code, dateTime, duration, inline, plural, quote } from './text.ts';

const MAX_ROWS = 20;

export function contractPlace({
  service,
  environment,
}: Pick<ContractRecord, 'service' | 'environment'>): string {
  return `${inline(service, 60)} → ${inline(environment, 40)}`;
}

/** `deployment`: the one that was asked for last to carry it out. */
export function renderContractCard(record: ContractRecord, deployment?: string): Rendered {
  const { contract } = record;
  const heading = `📜 *Contract ${inline(record.id, 60)}*  ·  ${contractPlace(record)}`;
  const lines = [
    `From ${inline(contract.from, 100)} to ${inline(contract.to, 100)}: ${quote(contract.objective, 500)}`,
    `It has ${inline(partsWords(contract), 500)}.`,
    `Its checklist: ${checklistWords(record)}.`,
    figuresLine(record),
  ];
  const asked = deployment === undefined ? '' : `\nDeployment ${inline(deployment, 20)}`;
  const state = `${stateLine(record)}${asked}`;
  return {
    text: inWords([heading.replaceAll('*', ''), ...lines, state]),
    blocks: [
      section(heading, ...lines),
      section(`*${state.split('\n', 1)[0] ?? ''}*`, ...state.split('\n').slice(1)),
      ...actions('contract.actions', buttons(record)),
      context(`Imported by ${name(record.imported.by)} ${dateTime(record.imported.at)}`),
    ],
  };
}

function figuresLine({ contract }: ContractRecord): string {
  const { targets, notUnderstood } = contractTargets(contract);
  const left =
    notUnderstood.length === 0
      ? ''
      : ` ${capitalised(plural(notUnderstood.length, 'sentence'))} not understood as a figure ${notUnderstood.length === 1 ? 'is' : 'are'} kept as text.`;
  if (targets.length === 0) return `No figure was understood.${left}`;
  return `Figures: ${inline(targets.map(targetWords).join('; '), 900)}.${left}`;
}

/** What is true, who must act, what happens next. */
function stateLine(record: ContractRecord): string {
  const { accepted } = record;
  if (accepted === undefined)
    return 'Waits to be accepted\nWhoever holds a role here can accept it, and says then what must be ticked when. Nothing is scheduled by that.';
  const ends = windowEnds(record);
  const window =
    ends === undefined
      ? 'The contract names no time by which the deployment must begin.'
      : `The window must begin by ${dateTime(ends.at)}, ${duration(ends.after)} after.`;
  return `Accepted by ${name(accepted.by)} at ${dateTime(accepted.at)}\n${window}`;
}

function buttons({ id, service, environment, accepted }: ContractRecord): Button[] {
  const value = contractValue(id);
  const next: Button =
    accepted === undefined
      ? button({
          action: CONTRACT_ACTIONS.accept,
          text: 'Accept',
          style: 'primary',
          value,
          label: `Accept contract ${id}`,
        })
      : button({
          action: CONTRACT_ACTIONS.schedule,
          text: 'Schedule the deployment',
          style: 'primary',
          value,
          label: `Schedule ${service} to ${environment}`,
        });
  return [
    next,
    button({ action: CONTRACT_ACTIONS.seeAll, text: 'See all', value, label: `See all of contract ${id}` }),
  ];
}

export function renderContractList(records: readonly ContractRecord[], more: boolean): Rendered {
  if (records.length === 0) {
    const text = `No contract has been imported. ${code('/deploy contract')} imports one.`;
    return { text, blocks: [section(text)] };
  }
  const shown = records.slice(0, MAX_ROWS);
  const rows = shown.map((record): Cell[] => [
    record.id,
    `${record.service} → ${record.environment}`,
    `${record.contract.from} → ${record.contract.to}`,
    { at: record.imported.at },
    record.accepted === undefined ? 'not yet' : record.accepted.by.name,
  ]);
  const lines = shown.map(
    (record) =>
      `${inline(record.id, 60)} · ${contractPlace(record)} · from ${inline(record.contract.from, 60)} to ${inline(record.contract.to, 60)} · ${
        record.accepted === undefined ? 'waits to be accepted' : `accepted by ${name(record.accepted.by)}`
      }`,
  );
  const left =
    more || records.length > shown.length ? ['Older ones are not listed: name one to see it.'] : [];
  return {
    text: inWords(['Contracts, newest first', ...lines, ...left]),
    blocks: [
      section('*Contracts, newest first*'),
      table(['', 'For', 'From → to', 'Imported', 'Accepted by'], rows),
      context(...left, `${code('/deploy contract ID')} shows one.`),
    ],
  };
}
