/** The modal that takes a contract: as a file, or pasted (HO-4). */

import type { InputBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { LIMITS } from '../src/contract/contract.ts';
import { option, plain, section } from './blocks.ts';
import { CONTRACT_IMPORT } from './contract-ids.ts';
import { type FilledView, fieldsOf } from './view-values.ts';

/** Slack's own limit of a text field. */
const MAX_PASTED = 3_000;
/** Enough for 9,000 characters: a whole contract in the wording of the schema has some 7,100. */
const PASTED = [
  { block: 'contract.text', action: CONTRACT_IMPORT.text, label: 'Or pasted' },
  { block: 'contract.text2', action: `${CONTRACT_IMPORT.text}.2`, label: 'Pasted, continued' },
  { block: 'contract.text3', action: `${CONTRACT_IMPORT.text}.3`, label: 'Pasted, the rest' },
] as const;
const BLOCKS = { place: 'contract.place', file: 'contract.file', text: PASTED[0].block } as const;

/** `from`: the place it is most likely for, as the channel says. */
export function renderContractImport(from?: { service: string; environment: string }): ModalView {
  return {
    type: 'modal',
    callback_id: CONTRACT_IMPORT.callback,
    title: plain('Import a contract', 24),
    submit: plain('Read it', 24),
    close: plain('Cancel', 24),
    blocks: [
      section(
        'A HANDOFF/V1 contract in Markdown. It is read at once: what is wrong is said with its line, and what is right is posted in the channel of the service, to be accepted there.',
      ),
      {
        type: 'input',
        block_id: BLOCKS.place,
        label: plain('For which service and environment?', 100),
        element: {
          type: 'external_select',
          action_id: CONTRACT_IMPORT.place,
          min_query_length: 0,
          placeholder: plain('checkout → production', 150),
          ...(from === undefined
            ? {}
            : { initial_option: option(placeWords(from), placeValue(from.service, from.environment)) }),
        },
      },
      {
        type: 'input',
        block_id: BLOCKS.file,
        optional: true,
        label: plain('As a file', 100),
        hint: plain(
          `The better way for a long one: up to ${LIMITS.bytes / 1024} KiB of Markdown in UTF-8.`,
          200,
        ),
        element: {
          type: 'file_input',
          action_id: CONTRACT_IMPORT.file,
          filetypes: ['md', 'markdown', 'txt'],
          max_files: 1,
        },
      },
      ...PASTED.map(pastedInput),
    ],
  };
}

function pastedInput({ block, action, label }: (typeof PASTED)[number], index: number): InputBlock {
  const most = MAX_PASTED.toLocaleString('en-US');
  return {
    type: 'input',
    block_id: block,
    optional: true,
    label: plain(label, 100),
    ...(index > 0
      ? {}
      : {
          hint: plain(
            `Slack takes ${most} characters in a field: cut a longer text at the end of a line, and go on below.`,
            200,
          ),
        }),
    element: { type: 'plain_text_input', action_id: action, multiline: true, max_length: MAX_PASTED },
  };
}

export const placeWords = ({ service, environment }: { service: string; environment: string }): string =>
  `${service} → ${environment}`;

/** How a place is chosen: `checkout production`. */
export const placeValue = (service: string, environment: string): string => `${service} ${environment}`;

const fileSchema = z.object({
  name: z.string().default('the file'),
  size: z.number().default(0),
  url_private_download: z.string().optional(),
  url_private: z.string().optional(),
});
const textSchema = z.object({ value: z.string().nullish() });
const filesSchema = z.object({ files: z.array(fileSchema).nullish() });

export interface GivenContract {
  place: { service: string; environment: string };
  /** The field that errors of the document stand at. */
  block: string;
  given: { text: string } | { file: { name: string; size: number; url: string } };
}

export type ReadImport = { ok: true; value: GivenContract } | { ok: false; errors: Record<string, string> };

export function readContractImport(view: FilledView): ReadImport {
  const fields = fieldsOf(view);
  const [service = '', environment = ''] = (fields.get(CONTRACT_IMPORT.place)?.value ?? '').split(' ');
  // As it was pasted: what is kept is the document, to its last line break.
  const pasted = PASTED.map(
    ({ block, action }) => textSchema.safeParse(view.values[block]?.[action]).data?.value ?? '',
  )
    .filter((part) => part.trim() !== '')
    .join('\n');
  const text = pasted.trim() === '' ? undefined : pasted;
  const [file] = filesSchema.safeParse(view.values[BLOCKS.file]?.[CONTRACT_IMPORT.file]).data?.files ?? [];
  const place = { service, environment };
  if (service === '') return wrong(BLOCKS.place, 'Choose where it is to be deployed.');
  if (file !== undefined && text !== undefined)
    return wrong(BLOCKS.text, 'Give the file or the text, not both: empty this field, or remove the file.');
  if (file !== undefined) {
    const { name, size, url_private_download: download, url_private: url = '' } = file;
    return {
      ok: true,
      value: { place, block: BLOCKS.file, given: { file: { name, size, url: download ?? url } } },
    };
  }
  if (text === undefined) return wrong(BLOCKS.file, 'Give the contract: as a file, or pasted below.');
  return { ok: true, value: { place, block: BLOCKS.text, given: { text } } };
}

const wrong = (block: string, message: string): ReadImport => ({ ok: false, errors: { [block]: message } });

export const placeError = (message: string): Record<string, string> => ({ [BLOCKS.place]: message });
