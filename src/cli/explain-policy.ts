/** A policy in sentences: who is asked for what, how it rolls out, and when it goes back by itself. */

import { DEPLOYMENT_TYPE_NAMES, planWords } from '../../views/deployment-words.ts';
import { capitalised, duration, listOf, plural } from '../../views/text.ts';
import type { Details } from '../deployment/deployment.ts';
import type { ThresholdRule } from '../judge/types.ts';
import type { ChangeTypePolicy, Environment, Policy, SignOffRule } from '../policy/policy.ts';
import { explainPeople } from './explain-people.ts';

type ChangeType = Details['changeType'];

export function explainPolicy(policy: Policy): string[] {
  return [
    ...servicesWords(policy),
    promotionWords(policy),
    ...policy.environments.map((environment) => environmentWords(policy, environment)),
    ...(policy.environments.some(({ approval }) => approval === 'manual')
      ? [
          ...Object.entries(policy.changeTypes).map(([type, terms]) =>
            changeTypeWords(policy, type as ChangeType, terms),
          ),
          ...careWords(policy),
        ]
      : []),
    ...judgeWords(policy),
    ...explainPeople(policy),
    ...permissionWords(policy),
  ];
}

const all = (words: readonly string[]): string => listOf(words, 'and', 20);
const any = (words: readonly string[]): string => listOf(words, 'or', 20);

function servicesWords({ services, strategies }: Policy): string[] {
  return [...services.values()].map(({ name, environments, strategy, backend, metrics, onCall }) => {
    const own = strategies.get(strategy);
    const plan = own === undefined ? strategy : planWords(own.plan, own.name);
    const named = onCall === undefined ? 'nobody is on call by default' : `${onCall} is on call`;
    return `${name} goes to ${all(environments)}. Usually: ${plan}; carried out by ${backend}, measured by ${metrics}; ${named}.`;
  });
}

function promotionWords({ promotion }: Policy): string {
  return promotion === 'in_order'
    ? 'A version reaches an environment only after it completed in the one before; an emergency may skip that.'
    : 'A version may go to any environment, wherever it has been before.';
}

function environmentWords(policy: Policy, { id, approval, signOffs }: Environment): string {
  if (approval === 'none') return `${id}: no sign-off.`;
  if (approval === 'on_merge') return `${id}: no sign-off; the approved merge counts.`;
  return `${id}: sign-offs by ${rolesWords(policy, signOffs)}.`;
}

/** `Tech lead, 2 of Security; for a major release also Product owner`. */
function rolesWords(policy: Policy, rules: readonly SignOffRule[]): string {
  const called = ({ role, quorum }: SignOffRule): string => {
    const name = policy.roles.get(role)?.name ?? role;
    return quorum > 1 ? `${quorum} of ${name}` : name;
  };
  const always = rules.filter(({ only }) => only === undefined).map(called);
  const sometimes = rules.flatMap((rule) =>
    rule.only === undefined
      ? []
      : [`for ${any(rule.only.map((type) => DEPLOYMENT_TYPE_NAMES[type].toLowerCase()))} ${called(rule)}`],
  );
  return [...(always.length === 0 ? [] : [always.join(', ')]), ...sometimes].join('; ');
}

function changeTypeWords(policy: Policy, type: ChangeType, terms: ChangeTypePolicy): string {
  const { approval, leadTime, signOffs, requesters, owed } = terms;
  const asked = `the sign-offs of its environment${signOffs.length === 0 ? '' : ` and of ${rolesWords(policy, signOffs)}`}`;
  const how: Record<ChangeTypePolicy['approval'], string> = {
    none: 'is pre-approved: nobody is asked',
    before: `waits for ${asked}`,
    afterwards: `starts without a go and then owes ${asked}${owed === undefined ? '' : owedWords(owed)}`,
  };
  const ahead = leadTime === 0 ? '' : `is announced ${plural(leadTime, 'business day')} ahead and `;
  const who =
    requesters === undefined
      ? ''
      : ` Only ${any(requesters.map((id) => roleName(policy, id)))} may ask for it.`;
  return `${type === 'emergency' ? 'An emergency' : `A ${type} change`} ${ahead}${how[approval]}.${who}`;
}

function owedWords({ within, remindEvery, documentation }: NonNullable<ChangeTypePolicy['owed']>): string {
  const writeUp = documentation ? ', and a write-up' : '';
  return `${writeUp}, within ${duration(within)}; a reminder comes every ${duration(remindEvery)}`;
}

function careWords(policy: Policy): string[] {
  const { goLasts, remindAfter, escalateAfter, escalateTo } = policy.signOffCare;
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
    `Business days are Monday to Friday in ${timeZone}${daysOff}.`,
  ];
}

function judgeWords({ safeguards }: Policy): string[] {
  const { judge, observeFor, expireAfter, rollbackWithin } = safeguards;
  const over = (action: ThresholdRule['action']): string[] =>
    judge.rules.filter((rule) => rule.action === action).map(ruleWords);
  const held = over('hold');
  return [
    `It goes back by itself on ${any([...over('roll_back'), 'a failing health check', `evidence that errors are more than ${judge.margin}× baseline`])}.`,
    ...(held.length === 0 ? [] : [`It holds, and people decide, on ${any(held)}.`]),
    `It is watched for ${duration(observeFor)} after the last stage; a rollback should take under ${duration(rollbackWithin)}; a request that nobody completes ends after ${duration(expireAfter)}.`,
  ];
}

const METRIC_NAMES: Record<string, string> = { cpu: 'CPU', queue_depth: 'queue depth' };

function ruleWords({ metric, kind, over }: ThresholdRule): string {
  const name = METRIC_NAMES[metric] ?? metric;
  if (kind === 'ratio') return `${name} over ${over}× baseline`;
  if (kind === 'points') return `${name} over baseline + ${over} points`;
  return `${name} over ${over}${['errors', 'cpu', 'memory'].includes(metric) ? ' %' : ''}`;
}

function permissionWords(policy: Policy): string[] {
  return Object.entries(policy.permissions).map(
    ([action, roles]) =>
      `Who may ${action.replace('_', ' ')}: ${any(roles.map((id) => roleName(policy, id)))}.`,
  );
}

const OWN: Record<string, string> = {
  lead: 'its lead',
  on_call: 'its on-call',
  requester: 'whoever asked for it',
  anyone: 'anyone',
};

const roleName = (policy: Policy, id: string): string => OWN[id] ?? policy.roles.get(id)?.name ?? id;
