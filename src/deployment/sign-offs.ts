/** Which sign-offs count, and which are still missing. */

import type { Deployment, Details, RequiredSignOff, SignOff } from './deployment.ts';

/** The gos that count for a role: for this envelope, one per person. */
export function goesFor(deployment: Deployment, role: string): SignOff[] {
  return deployment.signOffs.filter(
    (signOff) =>
      signOff.role === role &&
      signOff.decision === 'go' &&
      signOff.fallen === undefined &&
      signOff.envelopeHash === deployment.envelopeHash,
  );
}

export function isFilled(deployment: Deployment, required: RequiredSignOff): boolean {
  return goesFor(deployment, required.role).length >= required.quorum;
}

export function missingSignOffs(deployment: Deployment): RequiredSignOff[] {
  return deployment.required.filter((required) => !isFilled(deployment, required));
}

/** Nobody approves their own deployment (CH-6). */
export function isOwn(deployment: Deployment, personId: string): boolean {
  return deployment.requestedBy.id === personId || deployment.details.lead.id === personId;
}

/** The sign-offs after a change: those for another envelope fall (CH-7), and those of who leads it now (CH-6). */
export function signOffsAfter(
  signOffs: readonly SignOff[],
  change: { envelopeHash: string; details: Pick<Details, 'lead'>; changes: readonly string[] },
): SignOff[] {
  const { lead } = change.details;
  return signOffs.map((signOff) => {
    if (signOff.fallen !== undefined) return signOff;
    if (signOff.envelopeHash !== change.envelopeHash)
      return { ...signOff, fallen: change.changes.join(', ') };
    return signOff.person.id === lead.id ? { ...signOff, fallen: `${lead.name} leads it now` } : signOff;
  });
}
