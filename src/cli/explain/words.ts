/** Lists and names as the sentences about a policy write them. */

import { DATABASE_NAMES, DEPLOYMENT_TYPE_NAMES } from '../../../views/deployment-words.ts';
import { listOf } from '../../../views/text.ts';
import type { Concerned, Policy, SignOffRule } from '../../policy/policy.ts';

export const all = (words: readonly string[]): string => listOf(words, 'and', 20);
export const any = (words: readonly string[]): string => listOf(words, 'or', 20);

const OWN: Record<string, string> = {
  lead: 'its lead',
  on_call: 'its on-call',
  requester: 'whoever asked for it',
  anyone: 'anyone',
};

export const roleName = (policy: Policy, id: string): string => OWN[id] ?? policy.roles.get(id)?.name ?? id;

/** `feature or bug fix`, `a high risk`, `database changes: breaking`; all of them where several are set. */
function concernedWords({ deploymentTypes, risks, databases }: Concerned): string {
  return [
    ...(deploymentTypes === undefined
      ? []
      : [any(deploymentTypes.map((type) => DEPLOYMENT_TYPE_NAMES[type].toLowerCase()))]),
    ...(risks === undefined ? [] : [`a ${any(risks)} risk`]),
    ...(databases === undefined
      ? []
      : [`database changes: ${any(databases.map((change) => DATABASE_NAMES[change].toLowerCase()))}`]),
  ].join(' with ');
}

/** `Tech lead, 2 of Security; for a major release also Product owner`. */
export function signOffsWords(policy: Policy, rules: readonly SignOffRule[]): string {
  const called = ({ role, quorum }: SignOffRule): string => {
    const name = policy.roles.get(role)?.name ?? role;
    return quorum > 1 ? `${quorum} of ${name}` : name;
  };
  const always = rules.filter(({ when }) => when === undefined).map(called);
  const sometimes = rules.flatMap((rule) =>
    rule.when === undefined ? [] : [`for ${concernedWords(rule.when)} ${called(rule)}`],
  );
  return [...(always.length === 0 ? [] : [always.join(', ')]), ...sometimes].join('; ');
}
