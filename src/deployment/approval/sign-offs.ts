/** Which sign-offs count, and which are still missing. */

import type { RequiredSignOff } from '../../terms/approval.ts';
import type { PersonRef } from '../../terms/person.ts';
import type { Instant } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import { lacksChangeRequest } from './change-request.ts';
import { isOwn } from './own.ts';
import type { SignOff } from './state.ts';

/** The gos that count for a role: for this envelope, one per person. */
export function goesFor(deployment: Deployment, role: string): SignOff[] {
  return deployment.approval.signOffs.filter(
    (signOff) =>
      signOff.role === role &&
      signOff.decision === 'go' &&
      signOff.fallen === undefined &&
      boundTo(signOff) === deployment.envelopeHash,
  );
}

/** All that count, whatever their role. */
export function standingGoes(deployment: Deployment): SignOff[] {
  return deployment.terms.required.flatMap(({ role }) => goesFor(deployment, role));
}

export function isFilled(deployment: Deployment, required: RequiredSignOff): boolean {
  return goesFor(deployment, required.role).length >= required.quorum;
}

export function missingSignOffs(deployment: Deployment): RequiredSignOff[] {
  return deployment.terms.required.filter((required) => !isFilled(deployment, required));
}

/** Those that its start waits for: none where it is approved afterwards. */
export function blockingSignOffs(deployment: Deployment): RequiredSignOff[] {
  return deployment.terms.approval.when === 'afterwards' ? [] : missingSignOffs(deployment);
}

/** Those that a start without them has left to be given; a no-go is an answer as well (CH-1). */
export function owedSignOffs(deployment: Deployment): RequiredSignOff[] {
  if (!isOwing(deployment)) return [];
  const answered = new Set(
    deployment.approval.signOffs.flatMap(({ role, decision, afterwards }) =>
      afterwards && decision === 'no_go' ? [role] : [],
    ),
  );
  return missingSignOffs(deployment).filter(({ role }) => !answered.has(role));
}

export function owesWriteUp(deployment: Deployment): boolean {
  const {
    terms: { approval },
    approval: { writeUp },
  } = deployment;
  return isOwing(deployment) && approval?.owed?.documentation === true && writeUp === undefined;
}

/** A start that is approved afterwards does not wait for its change request either (CH-5). */
export function owesChangeRequest(deployment: Deployment): boolean {
  return isOwing(deployment) && lacksChangeRequest(deployment);
}

/** Whether its lead has, or had, something to write once it has started. */
export function hasToBeWritten(deployment: Deployment): boolean {
  const { approval, requirements } = deployment.terms;
  const asked = approval?.owed?.documentation === true || requirements?.changeRequest === true;
  return isOwing(deployment) && asked;
}

/** Whether anything is still owed after a start without sign-offs. */
export function owes(deployment: Deployment): boolean {
  return owedSignOffs(deployment).length > 0 || owesWriteUp(deployment) || owesChangeRequest(deployment);
}

/** Until when it is to be given; undefined where nothing is ever owed. */
export function owedUntil({ terms: { approval }, rollout }: Deployment): Instant | undefined {
  return approval?.owed === undefined || rollout?.startedAt === undefined
    ? undefined
    : rollout?.startedAt + approval.owed.within;
}

function isOwing({ terms: { approval }, rollout }: Deployment): boolean {
  return approval?.when === 'afterwards' && rollout?.startedAt !== undefined;
}

/**
 * Those asked who have not signed yet and may: it is not their own, they fill no other role (CH-6, CH-10), and are not known
 * to have left.
 */
export function whoCanSign(deployment: Deployment, required: RequiredSignOff): PersonRef[] {
  const done = new Set(goesFor(deployment, required.role).map(({ person }) => person.id));
  return required.asked.filter(
    ({ id }) =>
      !done.has(id) &&
      lostGo(deployment, required.role, id) === undefined &&
      !isOwn(deployment, id) &&
      ownGiver(deployment, required.role, id) === undefined &&
      filledInstead(deployment, required.role, id) === undefined &&
      sameVoice(deployment, required.role, id) === undefined,
  );
}

/** What they last said for a role, where that fell because they lost it or left (CH-7). */
export function lostGo({ approval }: Deployment, role: string, personId: string): SignOff | undefined {
  const last = approval.signOffs.findLast((one) => one.role === role && one.person.id === personId);
  return last?.lost === true ? last : undefined;
}

/** Whether a person may fill a role: they hold it now, or somebody who held it named them (CH-8). */
export function mayFill(
  deployment: Deployment,
  role: string,
  who: { person: Pick<PersonRef, 'id'>; roles: readonly string[] },
): boolean {
  const named = deployment.approval.delegations.some(
    (delegation) => delegation.role === role && delegation.to.id === who.person.id,
  );
  if (who.roles.includes(role)) return true;
  return named && ownGiver(deployment, role, who.person.id) === undefined;
}

/**
 * The go that speaks for the same place in a role already: whoever handed their sign-off on and whoever signs for them are
 * one of the quorum, and so are all whom one person named (CH-6).
 */
export function sameVoice(d: Deployment, role: string, personId: string): SignOff | undefined {
  const voice = voiceOf(d, role, personId);
  return goesFor(d, role).find(
    ({ person }) => person.id !== personId && voiceOf(d, role, person.id) === voice,
  );
}

/** Whose place it was before it was handed on; nobody who was asked themselves is handed another's. */
export const voiceOf = (d: Deployment, role: string, personId: string): string =>
  giversOf(d, role, personId).at(-1)?.id ?? personId;

/** Who handed the place on that a person signs for, the last one first. */
function giversOf({ approval }: Deployment, role: string, personId: string): PersonRef[] {
  const givers: PersonRef[] = [];
  const seen = new Set([personId]);
  for (let voice = personId; ; ) {
    const handed = approval.delegations.find((one) => one.role === role && one.to.id === voice);
    if (handed === undefined || seen.has(handed.from.id)) return givers;
    givers.push(handed.from);
    voice = handed.from.id;
    seen.add(voice);
  }
}

/** Nobody chooses who approves their own deployment: who handed it on, and has come to lead it or to write what is in force (CH-6). */
export const ownGiver = (d: Deployment, role: string, personId: string): PersonRef | undefined =>
  giversOf(d, role, personId).find(({ id }) => isOwn(d, id));

/** A go counts for a while only (CH-8). */
export function isTooOld({ terms: { approval } }: Deployment, signOff: SignOff, now: Instant): boolean {
  const { goLasts } = approval ?? {};
  return goLasts !== undefined && signOff.decision === 'go' && now >= signOff.at + goLasts;
}

/** What it counts for: what was signed, or what that became without asking again. */
export function boundTo({ envelopeHash, carriedTo }: SignOff): string {
  return carriedTo ?? envelopeHash;
}

/** The role that a person said go for and that keeps them from this one; undefined where nothing does (CH-10). */
export function filledInstead(d: Deployment, role: string, personId: string): RequiredSignOff | undefined {
  return d.terms.required.find(
    (other) =>
      other.role !== role &&
      goesFor(d, other.role).some(({ person }) => person.id === personId) &&
      !mayBeFilledTogether(d, role, other.role),
  );
}

export function mayBeFilledTogether(
  { terms: { approval } }: Deployment,
  one: string,
  other: string,
): boolean {
  const groups = approval?.onePersonMayFill ?? [];
  return groups.some((group) => group.includes(one) && group.includes(other));
}
