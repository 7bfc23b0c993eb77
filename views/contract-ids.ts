/** Ids of what people use on contracts (HO-4), and what their buttons and modals carry. */

import { z } from 'zod';
import { LIMITS } from '../src/contract/contract.ts';

export const CONTRACT_ACTIONS = {
  accept: 'contract.accept',
  seeAll: 'contract.see_all',
  /** Asks for a deployment at the contract's place. */
  schedule: 'contract.schedule',
} as const;

export const CONTRACT_IMPORT = {
  callback: 'contract.import',
  place: 'contract.place',
  text: 'contract.text',
  file: 'contract.file',
} as const;

export const CONTRACT_ACCEPT = { callback: 'contract.accept', items: 'contract.items' } as const;

const valueSchema = z.strictObject({ c: z.string().min(1).max(LIMITS.id) });

export const contractValue = (id: string): string => JSON.stringify({ c: id });

/** The contract that a button or a modal is about; undefined for anything that `contractValue` did not write. */
export function contractIdIn(text: string): string | undefined {
  try {
    return valueSchema.safeParse(JSON.parse(text)).data?.c;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
