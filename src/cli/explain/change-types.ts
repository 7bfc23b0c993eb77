/** Kinds of change in sentences: who is asked and when, what is written and what is left out; then how long a go counts. */

import { DATABASE_NAMES, DEPLOYMENT_TYPE_NAMES } from '../../../views/deployment-words.ts';
import { capitalised, duration, plural } from '../../../views/text.ts';
import type { ChangeTypePolicy, Policy } from '../../policy/policy.ts';
import { changeTypeWords } from '../../terms/change.ts';
import { gatesWords } from './gates.ts';
import { all, any, roleName, signOffsWords } from './words.ts';

export function changeTypesWords(policy: Policy): string[] {
  const types = Object.entries(policy.changeTypes);
  return [
    ...types.flatMap(([type, terms]) => [
      approvalWords(policy, type, terms),
      ...readinessWords(policy, type, terms),
    ]),
    ...careWords(policy),
  ];
}

const called = (type: string): string =>
  type === 'emergency' ? 'An emergency' : `A ${changeTypeWords(type)} change`;

function approvalWords(policy: Policy, type: string, terms: ChangeTypePolicy): string {
  const { approval, leadTime, signOffs, requesters, owed } = terms;
  const asked = `the sign-offs of its environment${signOffs.length === 0 ? '' : ` and of ${signOffsWords(policy, signOffs)}`}`;
  const how: Record<ChangeTypePolicy['approval'], string> = {
    none: preApprovedWords(policy),
    before: `waits for ${asked}`,
    afterwards: `starts without a go and then owes ${asked}${owed === undefined ? '' : owedWords(owed)}`,
  };
  const ahead = leadTime === 0 ? '' : `is announced ${plural(leadTime, 'business day')} ahead and `;
  const declared =
    terms.declaredBy === undefined
      ? ''
      : ` It is declared by ${any(terms.declaredBy.map((id) => (id === 'on_call' ? "the service's on-call" : roleName(policy, id))))}, each alone.`;
  const who =
    requesters === undefined
      ? ''
      : ` Only ${any(requesters.map((id) => roleName(policy, id)))} may ask for it.`;
  const built = terms.like === undefined ? '' : `, built on ${terms.like},`;
  return `${called(type)}${built} ${ahead}${how[approval]}.${declared}${who}`;
}

function preApprovedWords(policy: Policy): string {
  if (policy.preApproved.length === 0) return 'is refused: the policy approves none beforehand';
  const rules = policy.preApproved.map(
    ({ services, deploymentTypes, highestRisk, databases, requestedBy }) =>
      `${any(deploymentTypes.map((type) => DEPLOYMENT_TYPE_NAMES[type].toLowerCase()))} of ${any(services)}, with a risk of ${highestRisk} at most and database changes: ${any(databases.map((change) => (change === 'none' ? 'none' : DATABASE_NAMES[change].toLowerCase())))}, asked for by ${any(requestedBy.map((id) => roleName(policy, id)))}`,
  );
  return `is approved beforehand for ${rules.join('; for ')}; any other is refused`;
}

/** What is other than its environment has it. */
function readinessWords(policy: Policy, type: string, terms: ChangeTypePolicy): string[] {
  const { changeRequest, checklist, gates } = terms;
  const who = called(type);
  return [
    ...(changeRequest ? [`${who} ${CHANGE_REQUEST_WORDS[terms.approval]}.`] : []),
    ...(gates === undefined
      ? []
      : [
          gates.length === 0
            ? `${who} waits for no gate before its start.`
            : `${who} waits before its start only for these gates of its environment: ${gatesWords(policy, gates)}.`,
        ]),
    ...(checklist === 'optional'
      ? [`${who} shows its checklist before the start without waiting for it.`]
      : []),
  ];
}

const CHANGE_REQUEST_WORDS: Record<ChangeTypePolicy['approval'], string> = {
  none: 'needs a change request before it starts',
  before: 'needs a change request before it starts',
  afterwards: 'starts without its change request and then owes it',
};

function owedWords({ within, remindEvery, documentation }: NonNullable<ChangeTypePolicy['owed']>): string {
  const writeUp = documentation ? ', and a write-up' : '';
  return `${writeUp}, within ${duration(within)}; a reminder comes every ${duration(remindEvery)}`;
}

function careWords(policy: Policy): string[] {
  const { goLasts, remindAfter, escalateAfter, escalateTo, onePersonMayFill = [] } = policy.signOffCare;
  const { hours, timeZone, holidays } = policy.workdays;
  const parts = [
    ...(goLasts === undefined ? [] : [`a go counts for ${duration(goLasts)}`]),
    ...(remindAfter === undefined ? [] : [`a missing one is asked for again every ${duration(remindAfter)}`]),
    ...(escalateAfter === undefined || escalateTo === undefined
      ? []
      : [`${roleName(policy, escalateTo)} is told after ${duration(escalateAfter)}`]),
  ];
  const daysOff = holidays.length === 0 ? '' : ` without ${plural(holidays.length, 'holiday')}`;
  const when = hours === undefined ? '' : `, from ${hours.from} to ${hours.to} on business days`;
  return [
    ...(parts.length === 0 ? [] : [`${capitalised(all(parts))}${when}.`]),
    onePersonMayFill.length === 0
      ? 'One person fills one role of a deployment.'
      : `One person fills one role of a deployment, but for ${any(onePersonMayFill.map((roles) => all(roles.map((id) => roleName(policy, id)))))} together.`,
    ...askedAgainWords(policy),
    `Business days are Monday to Friday in ${timeZone}${daysOff}.`,
  ];
}

function askedAgainWords(policy: Policy): string[] {
  const { risk, database } = policy.signOffCare.askedAgain ?? {};
  const again = (what: string, roles: readonly string[] | undefined): string[] =>
    roles === undefined
      ? []
      : [
          `Where only ${what}, ${all(roles.map((id) => roleName(policy, id)))} say go again, and the others’ go stands.`,
        ];
  return [...again('the risk is raised', risk), ...again('the change of the database is another', database)];
}
