/** Whose go falls with a change, and whose stands: decided once, and told before it is saved (CH-6, CH-7). */

import type { Approval, RequiredSignOff } from '../../terms/approval.ts';
import { type Details, RISKS } from '../../terms/change.ts';
import type { Envelope } from '../../terms/envelope.ts';
import { distinctPeople, type PersonRef } from '../../terms/person.ts';
import type { Terms } from '../../terms/terms.ts';
import type { Deployment } from '../deployment.ts';
import { type BoundField, boundChanges } from '../request/envelope.ts';
import { BOUND_FIELD_NAMES, ownWords, whyOwn } from './own.ts';
import { boundTo, ownGiver, standingGoes } from './sign-offs.ts';
import type { ApprovalState, Fall, SignOff } from './state.ts';

/** `terms` as they would be; `by` makes the change. */
export function fallsWith(d: Deployment, terms: Terms, by: PersonRef): Fall[] {
  const wrote = boundChanges(d.terms, terms);
  const authors = authorsAfter(d, { lead: terms.details.lead, by, wrote });
  const after = { ...d, terms, approval: { ...d.approval, authors } };
  return standingGoes(d).flatMap(({ role, person }): Fall[] => {
    const own = whyOwn(after, person.id);
    if (own !== undefined) return [{ role, person, why: ownWords(own, person.name) }];
    const giver = ownGiver(after, role, person.id);
    const theirs = giver && whyOwn(after, giver.id);
    if (giver !== undefined && theirs !== undefined)
      return [{ role, person, why: `${ownWords(theirs, giver.name)}, and ${person.name} signed for them` }];
    const about = wrote.filter((field) => isAskedAgain(d.terms, role, field, terms.details));
    const why = about.flatMap((field) => changeWords(field, d.terms, terms)).join(', ');
    return about.length === 0 ? [] : [{ role, person, why }];
  });
}

/** `version v2.1.0 → v2.1.1`, `risk medium → high`. */
function changeWords(field: BoundField, was: Terms, is: Terms): string[] {
  switch (field) {
    case 'version':
      return buildWords(was.envelope, is.envelope);
    case 'plan': {
      const [before, after] = [was.envelope.plan.strategy, is.envelope.plan.strategy];
      return [before === after ? 'plan' : `strategy ${before} → ${after}`];
    }
    case 'start':
      return ['start time'];
    case 'contract':
      return ['contract'];
    case 'compatible':
    case 'reverseScript': {
      const [before, after] = [was.details[field], is.details[field]].map((said) => said?.trim() || 'none');
      return [`${BOUND_FIELD_NAMES[field]} ${before} → ${after}`];
    }
    default: {
      const [before, after] = [was.details[field], is.details[field]];
      return [`${BOUND_FIELD_NAMES[field]} ${before.replaceAll('_', ' ')} → ${after.replaceAll('_', ' ')}`];
    }
  }
}

function buildWords(was: Envelope, is: Envelope): string[] {
  if (was.version !== is.version) return [`version ${was.version} → ${is.version}`];
  const commit = was.sha === is.sha ? [] : [`commit ${was.sha.slice(0, 7)} → ${is.sha.slice(0, 7)}`];
  return was.digest === is.digest ? commit : [...commit, 'artifact digest'];
}

/** Everybody, but for a raised risk and another change of the database, which concern those that the policy names. */
function isAskedAgain(before: Terms, role: string, field: BoundField, { risk }: Details): boolean {
  const { askedAgain = {} } = before.approval;
  const raised = RISKS.indexOf(risk) > RISKS.indexOf(before.details.risk);
  if (field === 'risk' && raised) return isConcerned(before, role, askedAgain.risk);
  if (DATABASE_PLAN.has(field)) return isConcerned(before, role, askedAgain.database);
  return true;
}

const DATABASE_PLAN: ReadonlySet<BoundField> = new Set(['database', 'compatible', 'reverseScript']);

/** Where nobody who is named has to sign here, everybody is concerned. */
function isConcerned({ required }: Terms, role: string, named: readonly string[] = []): boolean {
  const concerned = required.filter((one) => named.includes(one.role));
  return concerned.length === 0 || named.includes(role);
}

/** Who has led it, and who wrote what is in force, after a change. */
export function authorsAfter(
  d: Pick<Deployment, 'terms' | 'approval'>,
  { lead, by, wrote }: { lead: PersonRef; by: PersonRef; wrote: readonly BoundField[] },
): ApprovalState['authors'] {
  const { authors } = d.approval;
  const led = [...authors.led, d.terms.details.lead].filter(({ id }) => id !== lead.id);
  return {
    led: distinctPeople(led),
    wrote: { ...authors.wrote, ...Object.fromEntries(wrote.map((field) => [field, by])) },
  };
}

/** The sign-offs after a change: who falls with it falls, and every other go counts for what it is now. */
export function signOffsAfter(
  { approval, envelopeHash: before }: Pick<Deployment, 'approval' | 'envelopeHash'>,
  falls: readonly Fall[],
  envelopeHash: string,
): SignOff[] {
  return approval.signOffs.map((signOff) => {
    if (signOff.fallen !== undefined || boundTo(signOff) !== before) return signOff;
    const fall = falls.find(({ role, person }) => role === signOff.role && person.id === signOff.person.id);
    if (fall !== undefined) return { ...signOff, fallen: fall.why };
    return envelopeHash === before ? signOff : { ...signOff, carriedTo: envelopeHash };
  });
}

/** Who must say go after a change: whoever had a say keeps it, however small the change becomes (CH-1). */
export function requiredAfter(
  before: readonly RequiredSignOff[],
  planned: readonly RequiredSignOff[],
): RequiredSignOff[] {
  const kept = before.map((one) => {
    const now = planned.find(({ role }) => role === one.role);
    if (now === undefined) return one;
    return {
      ...now,
      quorum: Math.max(now.quorum, one.quorum),
      asked: distinctPeople([...one.asked, ...now.asked]),
    };
  });
  return [...kept, ...planned.filter(({ role }) => !before.some((one) => one.role === role))];
}

/** What had to be approved first still has to be, whatever it is called now; an emergency is its declarer's to start. */
export function approvalAfter(before: Approval, planned: Approval): Approval {
  if (planned.when !== 'none' || before.when === 'none') return planned;
  const { owed: _owed, ...terms } = before;
  return { ...terms, when: 'before', leadTime: planned.leadTime };
}
