/** What was asked for, and what became of the request before anything started. */

import { waitsForChangeRequest } from '../../src/deployment/approval/change-request.ts';
import type { Fall } from '../../src/deployment/approval/state.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import type { EventOf } from '../../src/deployment/evolver.ts';
import { mattersOf, toCallForItems } from '../../src/deployment/waiting-for.ts';
import { baseOf, changeTypeWords } from '../../src/terms/change.ts';
import { distinctPeople } from '../../src/terms/person.ts';
import { byName, planWords, title } from '../deployment-words.ts';
import { because, inline, listOf, mention } from '../text.ts';
import { goesOf } from './approval.ts';
import { type SomeNotes, unlessTheirs } from './note.ts';

export const REQUEST_NOTES = {
  requested: (d, e) =>
    `${askedWords(e)} ${inline(e.terms.envelope.version, 60)} in ${inline(e.terms.envelope.environment, 40)} · ${planWords(e.terms.envelope.plan)}${neededFrom(d, e)}${itemsOfOthers(d)}`,
  revised: (d, e) =>
    `${byName(e.by)} changed it: ${listOf(e.changes.map((change) => inline(change, 80))) || 'nothing that shows'}${fallen(d, e.falls)}${openAgain(e.unticked)}${waitsForLead(d, e)}`,
  attempt_refused: (_d, e) =>
    `${byName(e.by)} tried to ${inline(e.attempt, 80).replaceAll('_', ' ')} and may not`,
  expired: (d, e) =>
    `${title(d)} expired: ${inline(e.reason, 300)}.\n${mention(d.requestedBy)}: it can be asked for again from the card.`,
  cancelled: (_d, e) => `Cancelled by ${byName(e.by)}${because(e.reason)}`,
} satisfies SomeNotes;

const BY_ITSELF = {
  on_merge: 'CI registered it, and it goes by itself:',
  nightly: 'The night’s deployment goes by itself:',
} as const;

const askedWords = ({ by, terms: { automatic } }: EventOf<'requested'>): string =>
  automatic === undefined ? `${byName(by)} asked for` : BY_ITSELF[automatic];

/** A kind that is built on it is called by its own name too. */
const emergencyWords = ({ terms: { details } }: Deployment): string =>
  details.like === undefined ? 'an emergency' : `an emergency (${changeTypeWords(details.changeType)})`;

function neededFrom(d: Deployment, e: EventOf<'requested'>): string {
  const roles = e.terms.required.map((required) => inline(required.name, 40) || required.role);
  if (e.terms.approval.when === 'afterwards')
    return ` · ${emergencyWords(d)}: it starts without a go, and owes that of ${listOf(roles)}`;
  if (roles.length === 0 && baseOf(d.terms.details) === 'standard')
    return ' · a standard change: pre-approved';
  return roles.length === 0 ? ' · no sign-off needed' : ` · needs a go from ${listOf(roles)}`;
}

/** Those whose items it waits for: who is to sign reads it where they are asked, and whoever asked for it knows. */
function itemsOfOthers(d: Deployment): string {
  const told = [...d.terms.required.flatMap(({ asked }) => asked), d.requestedBy];
  const lead = waitsForChangeRequest(d) ? [d.terms.details.lead] : [];
  const knows = new Set([...told, ...lead].map(({ id }) => id));
  const people = distinctPeople(toCallForItems(d, 'start', (id) => knows.has(id)));
  return people.length === 0
    ? ''
    : `\n${listOf(people.map(mention))}: it waits for items that are yours to tick, in the checklist of the card.`;
}

function fallen(d: Deployment, falls: readonly Fall[]): string {
  if (falls.length === 0) return '';
  return `. Fallen, and asked for again: ${goesOf(d, falls)}`;
}

function openAgain(items: readonly string[] | undefined): string {
  if (items === undefined || items.length === 0) return '';
  return `. What was ticked of the old one (${items.length}) is open again`;
}

/** What somebody else changed is asked of its lead anew, or for the first time. */
const waitsForLead = (d: Deployment, e: EventOf<'revised'>): string =>
  mattersOf(d, d.terms.details.lead.id).length === 0
    ? ''
    : unlessTheirs(d.terms.details.lead, e, 'the card shows what it waits for now.');
