/** Text of any length, in sections that Slack takes. */

import type { SectionBlock } from '@slack/types';
import { section } from './blocks.ts';
import { truncateEscaped } from './text.ts';

/** Lines in as many sections as their length needs. */
export function textSections(lines: readonly string[]): SectionBlock[] {
  const parts: string[] = [];
  for (const line of lines) {
    const fitting = truncateEscaped(line, 2900) || ' ';
    const last = parts.at(-1);
    if (last !== undefined && last.length + fitting.length < 2900)
      parts[parts.length - 1] = `${last}\n${fitting}`;
    else parts.push(fitting);
  }
  return parts.slice(0, 40).map((part) => section(part));
}
