/** What an adapter says when it is asked whether it could do its work here. */

import { defined } from '../defined.ts';
import { messageOf } from '../message-of.ts';

export interface Finding {
  /** What was tried, in words: "read the Deployment checkout in production". */
  what: string;
  ok: boolean;
  /** Where it is not: what came back, without secrets. */
  problem?: string;
  /** And what to do about it: the missing permission by its name, the setting to change. */
  remedy?: string;
}

/** Tries one thing: what it throws is the problem, in its own words. */
export async function attempt(
  what: string,
  remedy: string | undefined,
  run: () => Promise<unknown>,
): Promise<Finding> {
  try {
    await run();
    return { what, ok: true };
  } catch (error) {
    return { what, ok: false, problem: messageOf(error), ...defined({ remedy }) };
  }
}
