/** What nobody can end any more: who was asked in vain, and what its lead can do about it (CH-6, CH-10). */

import type { DeadEnd } from '../src/deployment/approval/state.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { sharedDeadEnds } from '../src/deployment/nobody-can-end.ts';
import { name } from './deployment-words.ts';
import { capitalised, inline, listOf, plural } from './text.ts';

/** `nobody can say go as Security: Dana leads it` */
export function deadEndWords(end: DeadEnd): string {
  const why = end.why.length === 0 ? 'nobody holds the role' : listOf(end.why.map((one) => inline(one, 80)));
  return `${whatWaits(end)}: ${why}`;
}

function whatWaits({ about, lacks }: DeadEnd): string {
  const roles = rolesOf(about.roles, about.kind === 'item' ? 'or' : 'and');
  if (about.kind === 'item') return `nobody can tick "${inline(about.text, 100)}" as ${roles}`;
  if (about.roles.length > 1) return `too few people can say go as ${roles}, as one person fills one role`;
  return lacks > 1
    ? `${plural(lacks, 'more go', 'more goes')} as ${roles} can come from nobody`
    : `nobody can say go as ${roles}`;
}

/** `Give somebody else the role Security …`, and whatever else ends it. */
export function wayOutWords({ about, lacks, mayHandOn, isOwnOfAsked }: DeadEnd): string {
  const roles = rolesOf(about.roles, 'or');
  const who = lacks > 1 ? `${lacks} more people` : 'somebody else';
  const does = about.kind === 'item' ? 'tick it' : 'say go on the card';
  const others = [
    ...(about.roles.some(({ role }) => role === 'on_call') ? ['name another on-call with Change…'] : []),
    ...(mayHandOn.length === 0 ? [] : [`ask ${listOf(mayHandOn.map(name), 'or')} to Delegate… it`]),
    ...(isOwnOfAsked ? ['cancel it and have somebody else ask for it and lead it'] : []),
  ];
  const or = others.length === 0 ? '' : ` Or ${listOf(others, 'or')}.`;
  return `Give ${who} the role ${roles} (in its Slack user group or in \`gonogo.yml\`): whoever has it can then ${does}.${or}`;
}

/** More of them than this are counted. */
const MAX_NAMED = 5;

/** For the thread and for its lead. */
export function stuckLines(ends: readonly DeadEnd[]): string[] {
  const lines = ends
    .slice(0, MAX_NAMED)
    .map((end) => `•  ${capitalised(deadEndWords(end))}. ${wayOutWords(end)}`);
  const rest = ends.length - MAX_NAMED;
  return rest > 0 ? [...lines, `•  and ${plural(rest, 'more point')} on the card`] : lines;
}

/** A line of the board for roles with too few people between them; what a single role lacks stands in its own. */
export function stuckPairLines(d: Deployment): string[] {
  return sharedDeadEnds(d).map((end) => `⚠️ ${deadEndWords(end)}. ${wayOutWords(end)}`);
}

function rolesOf(roles: DeadEnd['about']['roles'], last: 'and' | 'or'): string {
  return listOf(
    roles.map((one) => inline(one.name, 40)),
    last,
  );
}
