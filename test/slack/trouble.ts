/** What must not happen behind anybody's back: broken rules of Slack, refused calls, and errors in the log. */

import type { Call } from '../../local-slack/protocol.ts';
import type { LogLine } from './bot.ts';

export type ExpectedTrouble = ({ call: string; error: string } | { logged: string }) & {
  /** It may come, and need not. */
  may?: true;
};

/** Empty where all went as it should; expected trouble that did not come is trouble too. */
export function troubleIn(
  calls: readonly Call[],
  errors: readonly LogLine[],
  expected: readonly ExpectedTrouble[],
): string {
  const missed = new Set(expected.filter(({ may }) => may !== true));
  const isExpected = (is: (trouble: ExpectedTrouble) => boolean): boolean => {
    const found = expected.filter(is);
    for (const trouble of found) missed.delete(trouble);
    return found.length > 0;
  };
  const lines: string[] = [];
  for (const { method, args, ok, error, violations } of calls) {
    const excused =
      !ok && isExpected((one) => 'call' in one && one.call === method && one.error === (error ?? ''));
    if (!excused && (!ok || violations.length > 0))
      lines.push(
        `${method} ${error ?? ''} ${JSON.stringify(violations)} ${JSON.stringify(args).slice(0, 300)}`,
      );
  }
  for (const line of errors) {
    if (!isExpected((one) => 'logged' in one && line.msg.includes(one.logged)))
      lines.push(JSON.stringify(line));
  }
  lines.push(...[...missed].map((trouble) => `expected, and it did not come: ${JSON.stringify(trouble)}`));
  return [...lines.slice(0, 10), ...(lines.length > 10 ? [`and ${lines.length - 10} more`] : [])].join('\n');
}
