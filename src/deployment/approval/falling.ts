/** Whose go falls with a change, and whose stands: decided once, and told before it is saved (CH-6, CH-7). */

import type { Approval } from '../../terms/approval.ts';
import type { Details } from '../../terms/change.ts';
import type { PersonRef } from '../../terms/person.ts';
import type { Deployment } from '../deployment.ts';
import { type Bound, type BoundField, boundChanges } from '../request/envelope.ts';
import { BOUND_FIELD_NAMES, ownWords, whyOwn } from './own.ts';
import { boundTo, standingGoes } from './sign-offs.ts';
import type { SignOff } from './state.ts';

/** A go that does not count any more. */
export interface Fall {
  role: string;
  person: PersonRef;
  why: string;
}

export interface Change extends Bound {
  details: Details;
  /** Who makes it. */
  by: PersonRef;
}

const LEVEL: Readonly<Record<Details['risk'], number>> = { low: 0, medium: 1, high: 2 };

export function fallsWith(d: Deployment, change: Change): Fall[] {
  const changed = boundChanges(d, change);
  const { lead } = change.details;
  const authors = authorsAfter(d, { lead, by: change.by, wrote: changed });
  const after = { ...d, terms: { ...d.terms, details: change.details }, authors };
  return standingGoes(d).flatMap(({ role, person }): Fall[] => {
    const own = whyOwn(after, person.id);
    const about = changed.filter((field) => isAskedAgain(d, role, field, change));
    if (own !== undefined) return [{ role, person, why: ownWords(own, person.name) }];
    const why = about.map((field) => BOUND_FIELD_NAMES[field]).join(', ');
    return about.length === 0 ? [] : [{ role, person, why }];
  });
}

/** Everybody, but for a raised risk and another change of the database, which concern those that the policy names. */
function isAskedAgain(d: Deployment, role: string, field: BoundField, { details }: Change): boolean {
  const raised = LEVEL[details.risk] > LEVEL[d.terms.details.risk];
  if (field === 'risk' && raised) return isConcerned(d, role, d.terms.approval.askedAgain?.risk);
  if (field === 'database') return isConcerned(d, role, d.terms.approval.askedAgain?.database);
  return true;
}

/** Where nobody who is named has to sign here, everybody is concerned. */
function isConcerned(
  { terms: { required } }: Deployment,
  role: string,
  named: readonly string[] = [],
): boolean {
  const concerned = required.filter((one) => named.includes(one.role));
  return concerned.length === 0 || named.includes(role);
}

/** Who has led it, and who wrote what is in force, after a change. */
export function authorsAfter(
  { authors, terms: { details } }: Pick<Deployment, 'authors' | 'terms'>,
  { lead, by, wrote }: { lead: PersonRef; by: PersonRef; wrote: readonly BoundField[] },
): NonNullable<Deployment['authors']> {
  const led = [...(authors?.led ?? []), details.lead].filter(({ id }) => id !== lead.id);
  return {
    led: [...new Map(led.map((person) => [person.id, person])).values()],
    wrote: { ...authors?.wrote, ...Object.fromEntries(wrote.map((field) => [field, by])) },
  };
}

/** The sign-offs after a change: who falls with it falls, and every other go counts for what it is now. */
export function signOffsAfter(
  d: Pick<Deployment, 'approval' | 'envelopeHash'>,
  falls: readonly Fall[],
  envelopeHash: string,
): SignOff[] {
  return d.approval.signOffs.map((signOff) => {
    if (signOff.fallen !== undefined || boundTo(signOff) !== d.envelopeHash) return signOff;
    const fall = falls.find(({ role, person }) => role === signOff.role && person.id === signOff.person.id);
    if (fall !== undefined) return { ...signOff, fallen: fall.why };
    return envelopeHash === d.envelopeHash ? signOff : { ...signOff, carriedTo: envelopeHash };
  });
}

/** Who must say go after a change: whoever had a say keeps it, however small the change becomes (CH-1). */
export function requiredAfter(
  before: Deployment['terms']['required'],
  planned: Deployment['terms']['required'],
): Deployment['terms']['required'] {
  const kept = before.map((one) => {
    const now = planned.find(({ role }) => role === one.role);
    return now === undefined
      ? one
      : { ...now, quorum: Math.max(now.quorum, one.quorum), asked: both(one, now) };
  });
  const added = planned.filter(({ role }) => !before.some((one) => one.role === role));
  return [...kept, ...added];
}

function both(one: { asked: PersonRef[] }, now: { asked: PersonRef[] }): PersonRef[] {
  return [...new Map([...now.asked, ...one.asked].map((person) => [person.id, person])).values()];
}

/** What had to be approved first still has to be, whatever it is called now; an emergency is its declarer's to start. */
export function approvalAfter(before: Approval | undefined, planned: Approval): Approval {
  if (planned.when !== 'none' || before === undefined || before.when === 'none') return planned;
  const { owed: _owed, ...terms } = before;
  return { ...terms, when: 'before', leadTime: planned.leadTime };
}
