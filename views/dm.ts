/** The direct message to an approver: what waits for them, and what came of it, updated in place (K-4). */

import type { KnownBlock } from '@slack/types';
import { ownWords, whyOwn } from '../src/deployment/approval/own.ts';
import {
  goesFor,
  hasToBeWritten,
  isFilled,
  owedSignOffs,
  owedUntil,
  owesChangeRequest,
  owesWriteUp,
} from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { NOT_STARTED } from '../src/deployment/lifecycle.ts';
import type { RequiredSignOff } from '../src/terms/approval.ts';
import type { PersonRef } from '../src/terms/person.ts';
import { beforeLines } from './before-words.ts';
import { actions, context, inWords, type Rendered, section, typed } from './blocks.ts';
import { summaryLines, unreadWords } from './change-request-words.ts';
import { comesBackLine } from './comes-back-words.ts';
import {
  byName,
  changeRequestId,
  changeWords,
  databasePlanWords,
  name,
  planWords,
  title,
} from './deployment-words.ts';
import { checklistInShort, gatesInShort } from './readiness.ts';
import { askButton, goButton, noGoButton, signerMenu } from './sign-off-buttons.ts';
import { capitalised, dateTime, inline, link, listOf, oneLine, quote, timeOfDay } from './text.ts';
import { expiryWords, startsWords } from './waiting-words.ts';
import { toWrite } from './writing-buttons.ts';

const MAX_ROLES = 10;

export interface DmContext {
  /** Stands before what is still to be done. */
  lead?: string | undefined;
  /** Where the card is in a browser. */
  card?: string | undefined;
}

/** Undefined for a person who was never asked. */
export function renderDm(d: Deployment, userId: string, more: DmContext = {}): Rendered | undefined {
  const { lead = '' } = more;
  const mine = d.terms.required.filter(({ asked }) => asked.some(({ id }) => id === userId));
  const writes = d.terms.details.lead.id === userId && hasToBeWritten(d);
  if (mine.length === 0 && writes) return writer(d, lead);
  if (mine.length === 0) return undefined;
  const over = overWords(d);
  if (over !== undefined) return brief(d, over);
  const own = whyOwn(d, userId);
  if (own !== undefined)
    return writes ? writer(d, lead) : brief(d, `${capitalised(ownWords(own))}, so someone else signs.`);
  const done = doneWords(d, mine, userId);
  if (done !== undefined) return signed(d, done, userId);
  const owed = owedSignOffs(d).filter((required) => mine.includes(required));
  const open = mine.filter((required) => !isFilled(d, required));
  return owed.length > 0 ? owing(d, owed, userId, more) : waiting(d, open, userId, more);
}

/** Whoever leads an emergency owes its story. */
function writer(d: Deployment, lead: string): Rendered {
  const missing = [
    ...(owesWriteUp(d) ? ['write up what was done and why'] : []),
    ...(owesChangeRequest(d) ? [`write its change request ${changeRequestId(d)}`] : []),
  ];
  if (missing.length === 0) return brief(d, `Done: ${writtenBy(d)}`);
  const line = `${prefix(lead)}*${title(d)}* started as an emergency, without its sign-offs: ${missing.join(', and ')}, ${until(d)}.`;
  return {
    text: inWords([line]).replaceAll('*', ''),
    blocks: [section(line), context(changeWords(d)), ...actions('dm.actions', toWrite(d))],
  };
}

function writtenBy({
  approval: { writeUp },
  evidence: { changeRequest },
  terms: { details },
}: Deployment): string {
  const by = (person: PersonRef): string => (person.id === details.lead.id ? 'you' : name(person));
  const done = [
    ...(writeUp === undefined ? [] : [`${by(writeUp.by)} wrote it up at ${timeOfDay(writeUp.at)}`]),
    ...(changeRequest === undefined
      ? []
      : [`${by(changeRequest.by)} wrote the change request at ${timeOfDay(changeRequest.at)}`]),
  ];
  return listOf(done) || 'nothing is left to write';
}

const prefix = (lead: string): string => (lead === '' ? '' : `${lead}: `);
const until = (d: Deployment): string => {
  const at = owedUntil(d);
  return at === undefined ? 'soon' : `until ${dateTime(at)}`;
};

/** It started without their go, which is owed. */
function owing(
  d: Deployment,
  owed: RequiredSignOff[],
  userId: string,
  { lead = '', card }: DmContext,
): Rendered {
  const lines = [
    `${prefix(lead)}your go or no-go as ${rolesOf(owed)} is owed, ${until(d)}: *${title(d)}*`,
    'It started as an emergency, without its sign-offs.',
    ...comesBackLine(d),
  ].map((line, index) => (index === 0 ? capitalised(line) : line));
  const facts = [
    ...beforeLines(d),
    [changeWords(d), planWords(d.terms.envelope.plan), databasePlanWords(d.terms.details), d.id]
      .filter(Boolean)
      .join(' · '),
    gatesInShort(d),
    askedWords(d, userId),
    link(card, 'Open the card'),
  ].filter(Boolean);
  return {
    text: inWords([...lines, ...summaryLines(d), ...facts]).replaceAll('*', ''),
    blocks: asking(d, owed, { lines, facts }),
  };
}

/** All that a go or a no-go hangs on, and the buttons for it. */
function asking(
  d: Deployment,
  open: readonly RequiredSignOff[],
  { lines, facts }: { lines: readonly string[]; facts: readonly string[] },
): KnownBlock[] {
  const only = onlyRole(open);
  return [
    section(...lines),
    ...(oneLine(d.terms.details.summary) === '' ? [] : [typed(d.terms.details.summary, 1000)]),
    ...aboutRequest(d),
    context(...facts),
    ...goButtons(d, open),
    ...actions('dm.actions', [
      ...(only === undefined ? [] : [goButton(d, only)]),
      noGoButton(d, only),
      askButton(d),
      signerMenu(d, only),
    ]),
  ];
}

const onlyRole = (open: readonly RequiredSignOff[]): string | undefined =>
  open.length === 1 ? open[0]?.role : undefined;

/** What they wanted to know last, and where the answer is. */
function askedWords({ approval: { questions = [] } }: Deployment, userId: string): string {
  const last = questions.findLast(({ by }) => by.id === userId);
  return last === undefined
    ? ''
    : `You asked ${name(last.to)} at ${timeOfDay(last.at)}: ${quote(last.question, 200)} The answer comes in the thread.`;
}

/** So that who signs has read it, or knows where. */
function aboutRequest(d: Deployment): KnownBlock[] {
  const lines = summaryLines(d);
  return lines.length === 0 ? [] : [section(...lines)];
}

function rolesOf(open: RequiredSignOff[]): string {
  return listOf(
    open.map((required) => inline(required.name, 40) || required.role),
    'or',
  );
}

function brief(d: Deployment, what: string): Rendered {
  const text = `${title(d)} · ${d.id}\n${what}`;
  return { text, blocks: [section(text)] };
}

/** What is done is done; where the change request reads differently since, they may still think again. */
function signed(d: Deployment, done: string, userId: string): Rendered {
  const unread = NOT_STARTED.has(d.status) ? unreadWords(d, userId) : '';
  if (unread === '') return brief(d, done);
  const lines = [`${title(d)} · ${d.id}`, done, `${unread} Your go stands.`, ...summaryLines(d)];
  return {
    text: inWords(lines).replaceAll('*', ''),
    blocks: [section(...lines), ...actions('dm.actions', [noGoButton(d)])],
  };
}

/** It is asked no more, whoever signed. */
function overWords(d: Deployment): string | undefined {
  const why = inline(d.ending?.reason ?? '', 300);
  const reason = why === '' ? '' : `: ${why}`;
  switch (d.status) {
    case 'rejected':
      return `No longer needed: no-go from ${d.ending ? byName(d.ending.by) : 'an approver'}${reason}`;
    case 'cancelled':
      return `No longer needed: cancelled${d.ending?.reason ? ` by ${byName(d.ending.by)}` : ''}${reason}`;
    case 'expired':
      return `No longer needed: it expired${reason}`;
    default:
      return undefined;
  }
}

/** What fills the roles of this person: their own go first. */
function doneWords(d: Deployment, mine: RequiredSignOff[], userId: string): string | undefined {
  const noGo = d.approval.signOffs.find(({ person, afterwards }) => afterwards && person.id === userId);
  if (noGo?.decision === 'no_go') return `Done: you said no-go at ${timeOfDay(noGo.at)}`;
  const own = mine.find(({ role }) => goesFor(d, role).some(({ person }) => person.id === userId));
  const filled = mine.filter((required) => isFilled(d, required));
  const started = !NOT_STARTED.has(d.status);
  if (own === undefined && owedSignOffs(d).some((owed) => mine.includes(owed))) return undefined;
  const required = own ?? (filled.length === mine.length || started ? filled[0] : undefined);
  if (required === undefined) return started ? 'No longer needed: it has started.' : undefined;
  const goes = goesFor(d, required.role);
  const shown = own ? goes.filter(({ person }) => person.id === userId) : goes;
  const people = shown.map(({ person }) => (person.id === userId ? 'you' : name(person)));
  const said = listOf(people);
  return `Done: ${said} signed for ${inline(required.name, 40)} at ${timeOfDay(shown.at(-1)?.at ?? d.requestedAt)}`;
}

/** Whoever holds several roles says which: a button for each, in a block of its own. */
export function goButtons(d: Deployment, open: readonly RequiredSignOff[]): KnownBlock[] {
  if (open.length < 2) return [];
  return open.slice(0, MAX_ROLES).flatMap(({ role }, index) => actions(`go.${index}`, [goButton(d, role)]));
}

function waiting(
  d: Deployment,
  open: RequiredSignOff[],
  userId: string,
  { lead = '', card }: DmContext,
): Rendered {
  const only = onlyRole(open);
  const when = capitalised(startsWords(d));
  const summary = oneLine(d.terms.details.summary);
  const fell = open.some(({ role }) =>
    d.approval.signOffs.some((signOff) => signOff.role === role && signOff.fallen !== undefined),
  );
  const early = d.terms.approval.when === 'afterwards';
  const inPlaceOf = d.approval.delegations.findLast(
    ({ role, to }) => role === only && to.id === userId,
  )?.from;
  const lines = [
    `*${capitalised(`${prefix(lead)}your go is needed as ${rolesOf(open)}: ${title(d)}`)}*  ·  ${d.id}`,
    `${early ? 'An emergency: it starts without your go, and then owes it' : when} · ${d.terms.automatic === undefined ? `asked for by ${name(d.requestedBy)}` : 'it goes by itself'}`,
    ...(inPlaceOf ? [`${name(inPlaceOf)} asks you to sign in their place.`] : []),
    ...comesBackLine(d),
    ...(fell ? ['It has changed since the last go for this role, which fell.'] : []),
  ];
  const facts = [
    ...beforeLines(d),
    [changeWords(d), planWords(d.terms.envelope.plan), databasePlanWords(d.terms.details)]
      .filter(Boolean)
      .join(' · '),
    gatesInShort(d),
    checklistInShort(d),
    ...(early ? [] : [expiryWords(d)]),
    askedWords(d, userId),
    link(card, 'Open the card'),
  ].filter(Boolean);
  return {
    text: inWords([
      ...lines,
      ...(summary === '' ? [] : [quote(summary, 300)]),
      ...summaryLines(d),
      ...facts,
    ]).replaceAll('*', ''),
    blocks: asking(d, open, { lines, facts }),
  };
}
