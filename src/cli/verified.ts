/** What came of reading a record as an auditor would, in words (AU-3, AU-7). */

import type { RecordReader } from '../../db/open.ts';
import { complain, say } from './command.ts';

export type Found = Awaited<ReturnType<RecordReader['verify']>>;

/** What does not fit goes where errors go; `about` begins the sentence. */
export function tellFits({ deployments, events, checkpoint, problems, more = 0 }: Found, about = ''): void {
  for (const { where, problem } of problems) complain(`${where}: ${problem}`);
  if (more > 0) complain(`and ${more} more`);
  const verdict =
    problems.length === 0
      ? 'nothing in it was changed that this can find'
      : `${problems.length + more} do not fit`;
  say(`${about}${deployments} deployments, ${events} events, checkpoint ${checkpoint}: ${verdict}`);
}

export function tellVerified(found: Found): void {
  tellFits(found);
  for (const sentence of found.unproven) say(`Not proven: ${sentence}`);
}
