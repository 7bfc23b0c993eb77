/** Whose go still counts when it would start: whoever gave it was asked for again, and may have lost the role or left (CH-7). */

import { type Blocker, type Calendar, GONE_WORDS, type Signer } from '../../policy/calendar/blockers.ts';
import type { Deployment } from '../deployment.ts';
import { mayFill, standingGoes } from './sign-offs.ts';
import type { Fall, SignOff } from './state.ts';

/** Gos of people who are known to be no longer entitled to them; none where nobody was asked. */
export function lostGoes(d: Deployment, calendar: Calendar | undefined): Fall[] {
  return standingGoes(d).flatMap((go): Fall[] => {
    const why = whyLost(d, go, signerOf(go, calendar?.signers));
    return why === undefined ? [] : [{ role: go.role, person: go.person, why }];
  });
}

/** One for each person of whom Slack does not say whether they still hold their role; nothing owed keeps an emergency waiting. */
export function unsureSigners(d: Deployment, calendar: Calendar): Blocker[] {
  const { signers } = calendar;
  if (signers === undefined || d.terms.approval.when === 'afterwards') return [];
  return standingGoes(d)
    .filter((go) => isUnsure(signerOf(go, signers)))
    .map((go) => ({
      kind: 'signer',
      key: `signer:${go.person.id}:${go.role}`,
      says: `Slack does not say whether ${go.person.name} may still sign as ${roleName(d, go.role)}; it is asked again and again`,
      overrides: [],
    }));
}

const signerOf = ({ person }: SignOff, signers: readonly Signer[] = []): Signer | undefined =>
  signers.find(({ id }) => id === person.id);

/** Nobody asked about them is as good as no answer. */
const isUnsure = (signer: Signer | undefined): boolean =>
  signer === undefined || ('why' in signer && signer.why === 'unreachable');

function whyLost(d: Deployment, { role, person }: SignOff, signer: Signer | undefined): string | undefined {
  if (signer === undefined || isUnsure(signer)) return undefined;
  if ('why' in signer) return GONE_WORDS[signer.why];
  return mayFill(d, role, { person, roles: signer.roles })
    ? undefined
    : `they do not hold the role ${roleName(d, role)} any more`;
}

function roleName(d: Deployment, role: string): string {
  return d.terms.required.find((required) => required.role === role)?.name ?? role;
}
