/** What the team is told when the policy file changed: that it is in force, or why it is not (PR-4). */

import { context, inWords, type Rendered, section } from './blocks.ts';
import { inline, plural } from './text.ts';

/** More mistakes than these are counted. */
const MAX_PROBLEMS = 10;

export function renderPolicyTaken(): Rendered {
  const text = 'The policy was changed and is in force for what is asked for from now on.';
  const rest = 'Deployments that were asked for before keep the policy they were asked under.';
  return { text: inWords([text, rest]), blocks: [section(text), context(rest)] };
}

/** `file`: its name, without the folder. */
export function renderPolicyRefused(file: string, problems: readonly string[]): Rendered {
  const heading = `⚠️ ${inline(file, 80)} was changed and is not a policy. The one before stays in force.`;
  const shown = problems.slice(0, MAX_PROBLEMS).map((problem) => `• ${inline(problem, 250)}`);
  const left = problems.length - shown.length;
  const lines = [...shown, ...(left > 0 ? [`and ${plural(left, 'more problem')}`] : [])];
  return { text: inWords([heading, ...lines]), blocks: [section(heading), section(...lines)] };
}
