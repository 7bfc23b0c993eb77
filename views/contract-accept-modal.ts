/** The modal in which a contract is accepted: what must be ticked before the start, and what before the hand-over. */

import type { InputBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import type { ContractRecord } from '../src/contract/record.ts';
import { contractChecklist, type Moves } from '../src/contract/to-checklist.ts';
import type { ChecklistItem } from '../src/terms/requirements.ts';
import { option, plain, section } from './blocks.ts';
import { contractPlace } from './contract-card.ts';
import { CONTRACT_ACCEPT, contractIdIn, contractValue } from './contract-ids.ts';
import { GROUP_NAMES, GROUPS } from './contract-words.ts';
import { inline } from './text.ts';
import type { FilledView } from './view-values.ts';

/** Slack shows ten boxes in a field. */
const BOXES = 10;

export function renderContractAccept(record: ContractRecord): ModalView {
  const items = contractChecklist(record.contract);
  return {
    type: 'modal',
    callback_id: CONTRACT_ACCEPT.callback,
    private_metadata: contractValue(record.id),
    title: plain('Accept the contract', 24),
    submit: plain('Accept', 24),
    close: plain('Back', 24),
    blocks: [
      section(
        `*Contract ${inline(record.id, 60)}*  ·  ${contractPlace(record)}`,
        `You take on for ${inline(record.contract.to, 100)} what ${inline(record.contract.from, 100)} hands over.`,
        'Below is its checklist. What has a tick here must be ticked *before the start* of the deployment, the rest *before the hand-over* at its end. Change what should be the other way.',
      ),
      ...GROUPS.flatMap((group) =>
        boxes(
          group,
          items.filter((item) => item.group === group),
        ),
      ),
    ],
  };
}

function boxes(group: ChecklistItem['group'], items: readonly ChecklistItem[]): InputBlock[] {
  const fields = Math.ceil(items.length / BOXES);
  return Array.from({ length: fields }, (_, index) => {
    const held = items.slice(index * BOXES, (index + 1) * BOXES);
    const before = held.filter((item) => item.before === 'start').map(optionOf);
    const which = fields === 1 ? '' : ` (${index + 1} of ${fields})`;
    return {
      type: 'input',
      block_id: `contract.${group}.${index}`,
      optional: true,
      label: plain(`${GROUP_NAMES[group]}${which}: before the start`, 100),
      element: {
        type: 'checkboxes',
        action_id: `${CONTRACT_ACCEPT.items}.${group}.${index}`,
        options: held.map(optionOf),
        ...(before.length === 0 ? {} : { initial_options: before }),
      },
    };
  });
}

const optionOf = ({ id, text }: ChecklistItem) => option(text, id);

const chosenSchema = z.object({ selected_options: z.array(z.object({ value: z.string() })) });

/** The contract and the ids with a tick; undefined where the modal is not one of ours. */
export function readContractAccept(view: FilledView): { id: string; start: ReadonlySet<string> } | undefined {
  const id = contractIdIn(view.privateMetadata);
  if (id === undefined) return undefined;
  const start = Object.values(view.values)
    .flatMap((fields) => Object.values(fields))
    .flatMap((field) => chosenSchema.safeParse(field).data?.selected_options ?? []);
  return { id, start: new Set(start.map(({ value }) => value)) };
}

/** Only what differs from the contract's own order. */
export function movesFrom({ contract }: Pick<ContractRecord, 'contract'>, start: ReadonlySet<string>): Moves {
  const moved = contractChecklist(contract).flatMap(({ id, before }): [string, ChecklistItem['before']][] => {
    const wanted = start.has(id) ? 'start' : 'hand_over';
    return wanted === before ? [] : [[id, wanted]];
  });
  return Object.fromEntries(moved);
}
