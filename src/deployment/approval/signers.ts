/** Whose go still counts when it would start: whoever gave it was asked for again, and may have lost the role or left (CH-7). */

import { type Blocker, type Calendar, GONE_WORDS, type Signer } from '../../policy/calendar/blockers.ts';
import type { Deployment } from '../deployment.ts';
import { standingGoes, voiceOf } from './sign-offs.ts';
import type { Fall, SignOff } from './state.ts';

/** Gos of people who are known to be no longer entitled to them; none where nobody was asked. */
export function lostGoes(d: Deployment, calendar: Calendar | undefined): Fall[] {
  return standingGoes(d).flatMap((go): Fall[] => {
    const why = whyLost(d, go, calendar?.signers);
    return why === undefined ? [] : [{ role: go.role, person: go.person, why }];
  });
}

/** Who is asked for again when it would start: those whose gos stand, and whose place it was where that was handed on. */
export function signersOf(d: Deployment): string[] {
  const all = standingGoes(d).flatMap(({ role, person }) => [person.id, voiceOf(d, role, person.id)]);
  return [...new Set(all)];
}

/** One for each person of whom Slack does not say whether they still hold their role; nothing owed keeps an emergency waiting. */
export function unsureSigners(d: Deployment, calendar: Calendar): Blocker[] {
  const { signers } = calendar;
  if (signers === undefined || d.terms.approval.when === 'afterwards') return [];
  return standingGoes(d)
    .filter((go) => isUnsure(signerOf(go.person.id, signers)) || isUnsure(giverOf(d, go, signers)))
    .map((go) => ({
      kind: 'signer',
      key: `signer:${go.person.id}:${go.role}`,
      says: `Slack does not say whether ${go.person.name} may still sign as ${roleName(d, go.role)}; it is asked again and again`,
      overrides: [],
    }));
}

type Asked = Signer | 'not_asked';

const signerOf = (personId: string, signers: readonly Signer[] = []): Asked =>
  signers.find(({ id }) => id === personId) ?? 'not_asked';

/** Nobody asked about them is as good as no answer. */
const isUnsure = (signer: Asked | undefined): boolean =>
  signer === 'not_asked' || (signer !== undefined && 'why' in signer && signer.why === 'unreachable');

/** Whose say it was, where somebody signed who has none but theirs; undefined for all others. */
function giverOf(
  d: Deployment,
  { role, person }: SignOff,
  signers: readonly Signer[] | undefined,
): Asked | undefined {
  const signer = signerOf(person.id, signers);
  if (signer !== 'not_asked' && 'roles' in signer && signer.roles.includes(role)) return undefined;
  const giver = voiceOf(d, role, person.id);
  return giver === person.id ? undefined : signerOf(giver, signers);
}

function whyLost(d: Deployment, go: SignOff, signers: readonly Signer[] | undefined): string | undefined {
  const signer = signerOf(go.person.id, signers);
  if (signer === 'not_asked' || isUnsure(signer)) return undefined;
  if ('why' in signer) return GONE_WORDS[signer.why];
  if (signer.roles.includes(go.role)) return undefined;
  const giver = giverOf(d, go, signers);
  if (giver === undefined) return `they do not hold the role ${roleName(d, go.role)} any more`;
  if (giver === 'not_asked' || isUnsure(giver)) return undefined;
  // Whoever speaks for another has no more to say than they have.
  const whose = `they signed for ${giverName(d, go.role, giver.id)}`;
  if ('why' in giver) return `${whose}: ${GONE_WORDS[giver.why]}`;
  return giver.roles.includes(go.role)
    ? undefined
    : `${whose}, who does not hold the role ${roleName(d, go.role)} any more`;
}

const giverName = ({ approval }: Deployment, role: string, id: string): string =>
  approval.delegations.find((one) => one.role === role && one.from.id === id)?.from.name ?? id;

function roleName(d: Deployment, role: string): string {
  return d.terms.required.find((required) => required.role === role)?.name ?? role;
}
