/** A contract as Markdown, in one form: reading it again gives the same contract. */

import { defined } from '../defined.ts';
import { type Contract, type Entry, type Group, type Risk, SECTIONS, type SectionKey } from './contract.ts';
import { listMarkdown } from './markdown.ts';

export function renderContract(contract: Contract): string {
  const { remarks, context } = contract;
  const section = (key: SectionKey, ...bodies: string[]): string[] =>
    titled(`## ${SECTIONS[key]}`, remarks[key] ?? '', ...bodies);
  return `${[
    ...(contract.title === '' ? [] : [`# ${contract.title}`]),
    ...(remarks.before === undefined ? [] : [remarks.before]),
    ...titled(`## ${SECTIONS.schema}`, '**HANDOFF/V1**', remarks.schema ?? ''),
    ...section('details', listMarkdown(detailsOf(contract))),
    ...section('objective', contract.objective),
    ...section('context', ...context.paragraphs, listMarkdown(context.facts)),
    ...section('inputs', listMarkdown(contract.inputs)),
    ...section('acceptanceCriteria', ...groups(contract.acceptanceCriteria, (items) => listMarkdown(items))),
    ...section('artifacts', ...groups(contract.artifacts, (items) => listMarkdown(items, true))),
    ...section('dependencies', listMarkdown(contract.dependencies)),
    ...section('successMetrics', listMarkdown(contract.successMetrics)),
    ...section('risks', ...groups(contract.risks, (items) => listMarkdown(items.map(riskEntry)))),
    ...section('communicationPlan', listMarkdown(contract.communicationPlan)),
    ...section('timeline', listMarkdown(contract.timeline)),
    ...section('qualityGates', listMarkdown(contract.qualityGates)),
    ...section('nextSteps', listMarkdown(contract.nextSteps, true)),
    ...contract.other.flatMap(({ title, text }) => [`## ${title}`.trimEnd(), ...(text === '' ? [] : [text])]),
  ].join('\n\n')}\n`;
}

/** A part that says nothing is left out. */
function titled(heading: string, ...bodies: string[]): string[] {
  const said = bodies.filter((body) => body !== '');
  return said.length === 0 ? [] : [heading, ...said];
}

function detailsOf({ id, from, to, timestamp, details }: Contract): Entry[] {
  const entry = (name: string, text: string): Entry => ({ name, text, line: 0 });
  return [
    entry('Handoff ID', id),
    entry('From', from),
    entry('To', to),
    ...(timestamp === undefined ? [] : [entry('Timestamp', timestamp)]),
    ...details,
  ];
}

function groups<T>(all: readonly Group<T>[], list: (items: readonly T[]) => string): string[] {
  return all.flatMap(({ name, text, items }, index) => [
    ...(name === '' && index === 0 ? [] : [`### ${name}`.trimEnd()]),
    ...[text, list(items)].filter((body) => body !== ''),
  ]);
}

function riskEntry({ risk, mitigation, impact, line, checked, items = [] }: Risk): Entry {
  const said = [
    ...(mitigation === '' ? [] : [{ name: 'Mitigation', text: mitigation, line }]),
    ...(impact === '' ? [] : [{ name: 'Impact', text: impact, line }]),
    ...items,
  ];
  return {
    name: 'Risk',
    text: risk,
    line,
    ...defined({ checked }),
    ...(said.length === 0 ? {} : { items: said }),
  };
}
