/**
 * What a button carries: ids, and what of it was shown, never data that is trusted. Nothing that changes with every event:
 * a message whose words stay the same would be sent again for it.
 */

import { z } from 'zod';

/** Of 2,000 characters that a button carries, escapes included. */
export const MAX_WHY_LENGTH = 900;

const valueSchema = z.strictObject({
  /** The deployment, `D-1042`. */
  d: z.string().regex(/^D-\d{1,12}$/),
  /** The stage that the button was drawn for. */
  n: z.int().min(1).optional(),
  /** The beginning of the envelope's hash: what a sign-off was shown (CH-7). */
  h: z
    .string()
    .regex(/^[0-9a-f]{12}$/)
    .optional(),
  /** The role that a sign-off is for. */
  r: z.string().min(1).max(40).optional(),
  /** Why, as whoever clicks typed it beforehand: shown to them alone, and kept as theirs at the click. */
  w: z.string().min(1).max(MAX_WHY_LENGTH).optional(),
  /** Which choice of an overflow menu this is. */
  a: z
    .string()
    .regex(/^[a-z_0-9]{1,16}$/)
    .optional(),
});

export type ButtonValue = z.infer<typeof valueSchema>;

export function encodeButton(value: ButtonValue): string {
  return JSON.stringify(value);
}

/** Undefined for anything that `encodeButton` did not write: whoever calls it says so to the person. */
export function decodeButton(text: string | null | undefined): ButtonValue | undefined {
  if (!text) return undefined;
  try {
    return valueSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
