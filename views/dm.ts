/** The direct message to an approver: what waits for them, and what came of it, updated in place (K-4). */

import { expiresAt } from '../src/deployment/decide-evidence.ts';
import type { Deployment, RequiredSignOff } from '../src/deployment/deployment.ts';
import { NOT_STARTED } from '../src/deployment/lifecycle.ts';
import { goesFor, isFilled, isOwn } from '../src/deployment/sign-offs.ts';
import { actions, context, inWords, type Rendered, section, typed } from './blocks.ts';
import { goButton, noGoButton } from './deployment-actions.ts';
import { byName, changeWords, name, planWords, title } from './deployment-words.ts';
import { dateTime, inline, listOf, oneLine, quote, timeOfDay } from './text.ts';

/** Undefined for a person who was never asked. */
export function renderDm(d: Deployment, userId: string): Rendered | undefined {
  const mine = d.required.filter(({ asked }) => asked.some(({ id }) => id === userId));
  if (mine.length === 0) return undefined;
  const over = overWords(d);
  if (over !== undefined) return brief(d, over);
  if (isOwn(d, userId)) return brief(d, 'You lead it or asked for it, so someone else signs.');
  const done = doneWords(d, mine, userId);
  if (done !== undefined) return brief(d, done);
  const open = mine.filter((required) => !isFilled(d, required));
  return waiting(d, open);
}

function brief(d: Deployment, what: string): Rendered {
  const text = `${title(d)} · ${d.id}\n${what}`;
  return { text, blocks: [section(text)] };
}

/** It is asked no more, whoever signed. */
function overWords(d: Deployment): string | undefined {
  const why = inline(d.ending?.reason ?? '', 300);
  const reason = why === '' ? '' : `: ${why}`;
  switch (d.status) {
    case 'rejected':
      return `No longer needed: no-go from ${d.ending ? byName(d.ending.by) : 'an approver'}${reason}`;
    case 'cancelled':
      return `No longer needed: cancelled${d.ending ? ` by ${byName(d.ending.by)}` : ''}${reason}`;
    case 'expired':
      return `No longer needed: it expired${reason}`;
    default:
      return undefined;
  }
}

/** What fills the roles of this person: their own go first. */
function doneWords(d: Deployment, mine: RequiredSignOff[], userId: string): string | undefined {
  const own = mine.find(({ role }) => goesFor(d, role).some(({ person }) => person.id === userId));
  const filled = mine.filter((required) => isFilled(d, required));
  const started = !NOT_STARTED.has(d.status);
  const required = own ?? (filled.length === mine.length || started ? filled[0] : undefined);
  if (required === undefined) return started ? 'No longer needed: it has started.' : undefined;
  const goes = goesFor(d, required.role);
  const shown = own ? goes.filter(({ person }) => person.id === userId) : goes;
  const people = shown.map(({ person }) => (person.id === userId ? 'you' : name(person)));
  const said = listOf(people);
  return `Done: ${said} signed for ${inline(required.name, 40)} at ${timeOfDay(shown.at(-1)?.at ?? d.requestedAt)}`;
}

function waiting(d: Deployment, open: RequiredSignOff[]): Rendered {
  const roles = listOf(
    open.map((required) => inline(required.name, 40) || required.role),
    'or',
  );
  const only = open.length === 1 ? open[0]?.role : undefined;
  const { start } = d.envelope;
  const when = start.kind === 'at' ? `Starts ${dateTime(start.at)}` : 'Starts as soon as all have said go';
  const summary = oneLine(d.details.summary);
  const fell = open.some(({ role }) =>
    d.signOffs.some((signOff) => signOff.role === role && signOff.fallen !== undefined),
  );
  const lines = [
    `*Your go is needed as ${roles}: ${title(d)}*  ·  ${d.id}`,
    `${when} · asked for by ${name(d.requestedBy)}`,
    ...(fell ? ['It has changed since the last go for this role, which fell.'] : []),
  ];
  const facts = [
    changeWords(d),
    planWords(d.envelope.plan),
    `Expires ${dateTime(expiresAt(d))} unless all have said go`,
  ];
  return {
    text: inWords([...lines, ...(summary === '' ? [] : [quote(summary, 300)]), ...facts]).replaceAll('*', ''),
    blocks: [
      section(...lines),
      ...(summary === '' ? [] : [typed(d.details.summary, 1000)]),
      context(...facts),
      ...actions('dm.actions', [goButton(d, only), noGoButton(d, only)]),
    ],
  };
}
