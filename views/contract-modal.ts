/** All of a contract in a modal: what was understood, and every part of it. */

import type { KnownBlock, ModalView } from '@slack/types';
import type { Contract, Entry } from '../src/contract/contract.ts';
import type { ContractRecord } from '../src/contract/record.ts';
import { contractTargets } from '../src/contract/targets.ts';
import { contractChecklist } from '../src/contract/to-checklist.ts';
import { context, DIVIDER, header, plain, section } from './blocks.ts';
import { contractPlace } from './contract-card.ts';
import { BEFORE_WORDS, GROUP_NAMES, GROUPS, partsWords, targetWords } from './contract-words.ts';
import { capitalised, inline, plural, truncateEscaped } from './text.ts';

/** Slack draws 100 blocks in a modal, 250,000 bytes in all, and 3,000 characters in a section. */
const MAX_BLOCKS = 98;
const MAX_BYTES = 200_000;
const MAX_TEXT = 2_900;

/** `notice` says what just happened. */
export function renderContractModal(record: ContractRecord, notice?: string): ModalView {
  const { contract } = record;
  const blocks = [
    section(
      ...(notice === undefined ? [] : [notice]),
      `*Contract ${inline(record.id, 60)}*  ·  ${contractPlace(record)}`,
      `From ${inline(contract.from, 100)} to ${inline(contract.to, 100)}. It has ${inline(partsWords(contract), 500)}.`,
    ),
    ...checklist(record),
    ...figures(contract),
    DIVIDER,
    ...parts(contract).flatMap(([title, lines]) => part(title, lines)),
  ];
  const shown = thatFit(blocks);
  return {
    type: 'modal',
    title: plain('Contract', 24),
    close: plain('Close', 24),
    blocks: [
      ...shown,
      ...(shown.length < blocks.length
        ? [context('There is more than Slack draws in one form; the whole text is in the record.')]
        : []),
    ],
  };
}

function thatFit(blocks: readonly KnownBlock[]): KnownBlock[] {
  let bytes = 0;
  const over = blocks.findIndex((block, index) => {
    bytes += new TextEncoder().encode(JSON.stringify(block)).length;
    return bytes > MAX_BYTES || index === MAX_BLOCKS;
  });
  return blocks.slice(0, over === -1 ? blocks.length : over);
}

function checklist({ contract, accepted }: ContractRecord): KnownBlock[] {
  const items = contractChecklist(contract, accepted?.moves);
  return (['start', 'hand_over'] as const).flatMap((before) => {
    const held = items.filter((item) => item.before === before);
    return part(
      `${capitalised(BEFORE_WORDS[before])}: ${plural(held.length, 'item')}`,
      GROUPS.flatMap((group) => {
        const own = held.filter((item) => item.group === group);
        return own.length === 0
          ? []
          : [`*${GROUP_NAMES[group]}*`, ...own.map(({ text: words }) => `• ${inline(words, 300)}`)];
      }),
    );
  });
}

function figures(contract: Contract): KnownBlock[] {
  const { targets, notUnderstood } = contractTargets(contract);
  return [
    ...part(
      'Figures that were understood',
      targets.map((target) => `• line ${target.source.line}: ${inline(targetWords(target), 200)}`),
    ),
    ...part(
      'Not understood as a figure, kept as text',
      notUnderstood.map(
        ({ line, section: where, name, text, why }) =>
          `• line ${line}, ${where}: ${inline([name, text].filter(Boolean).join(': '), 300)} (${why})`,
      ),
    ),
  ];
}

function parts(contract: Contract): [string, string[]][] {
  const grouped = <T>(
    groups: readonly { name: string; items: T[] }[],
    draw: (item: T) => string[],
  ): string[] =>
    groups.flatMap(({ name, items }) => [
      ...(name === '' ? [] : [`*${inline(name, 100)}*`]),
      ...items.flatMap(draw),
    ]);
  return [
    ['Objective', text(contract.objective)],
    ['Context', [...contract.context.paragraphs.flatMap(text), ...entries(contract.context.facts)]],
    ['Inputs', entries(contract.inputs)],
    ['Acceptance criteria', grouped(contract.acceptanceCriteria, (item) => entries([item]))],
    ['Artifacts', grouped(contract.artifacts, (item) => entries([item]))],
    ['Dependencies', entries(contract.dependencies)],
    ['Success metrics', entries(contract.successMetrics)],
    [
      'Risks',
      grouped(contract.risks, ({ risk, mitigation, impact, items = [] }) => [
        `• ${inline(risk, 500)}`,
        ...(mitigation === '' ? [] : [`      Mitigation: ${inline(mitigation, 500)}`]),
        ...(impact === '' ? [] : [`      Impact: ${inline(impact, 500)}`]),
        ...entries(items, 1),
      ]),
    ],
    ['Communication plan', entries(contract.communicationPlan)],
    ['Timeline', entries(contract.timeline)],
    ['Quality gates', entries(contract.qualityGates)],
    ['Next steps', entries(contract.nextSteps)],
    ['Remarks', Object.values(contract.remarks).flatMap(text)],
    ...contract.other.map(({ title, text: words }): [string, string[]] => [
      title || 'Without a heading',
      text(words),
    ]),
  ];
}

const text = (words: string): string[] => words.split('\n').map((line) => inline(line, 2_000));

function entries(all: readonly Entry[], depth = 0): string[] {
  return all.flatMap(({ name, text: words, items = [] }) => [
    `${'      '.repeat(Math.min(depth, 5))}• ${inline([name, words].filter(Boolean).join(': '), 1_000)}`,
    ...entries(items, depth + 1),
  ]);
}

/** A heading and its lines, in as many sections as they need; nothing where there is no line. */
function part(title: string, lines: readonly string[]): KnownBlock[] {
  const said = lines.filter((line) => line.trim() !== '');
  if (said.length === 0) return [];
  const sections: string[] = [];
  for (const line of said) {
    const last = sections.at(-1);
    const fitting = truncateEscaped(line, MAX_TEXT);
    if (last !== undefined && last.length + fitting.length < MAX_TEXT)
      sections[sections.length - 1] = `${last}\n${fitting}`;
    else sections.push(fitting);
  }
  return [header(title), ...sections.map((words) => section(words))];
}
