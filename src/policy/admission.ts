/** Who may ask for which kind of change: standard ones that are approved beforehand, emergencies, and the rest (CH-1, CH-9). */

import { changeTypeWords, type Details } from '../terms/change.ts';
import type { Instant } from '../time.ts';
import { baseTypeOf, changeTypeIds, changeTypeOf, isChangeType } from './change-types.ts';
import type { OnCallPlace } from './on-call.ts';
import type { Policy, PreApproval } from './policy.ts';
import { isOnCall } from './team-roles.ts';

export interface AskedChange extends Pick<Details, 'changeType' | 'deploymentType' | 'risk' | 'database'> {
  service: string;
  environment: string;
}

export interface Asker {
  /** Slack user id. */
  id: string;
  /** Roles that they hold now for the service (see `rolesAt`). */
  roles: readonly string[];
}

const LEVEL: Readonly<Record<Details['risk'], number>> = { low: 0, medium: 1, high: 2 };

/** Why this person may not ask for this change, with what to choose instead; undefined where they may. */
export function notAdmitted(
  policy: Policy,
  change: AskedChange,
  who: Asker,
  now: Instant,
): string | undefined {
  if (!isChangeType(policy, change.changeType))
    return `The policy has no kind of change called ${changeTypeWords(change.changeType)}: choose ${listed(changeTypeIds(policy).map(changeTypeWords))}.`;
  if (baseTypeOf(policy, change.changeType) === 'emergency') return notDeclarable(policy, change, who, now);
  return isApprovedAlready(policy, change, who) ? undefined : notPreApproved(policy, change, who);
}

/** Whether a standard change would start here without anybody's go, and may: everything else waits for its approvers. */
export function isApprovedAlready(policy: Policy, change: AskedChange, who: Asker): boolean {
  if (!needsPreApproval(policy, change)) return true;
  return policy.preApproved.some((rule) => fits(rule, change) && holdsOne(rule.requestedBy, who));
}

/** A person declares for a service: its on-call as the policy names them, never whoever the request names. */
export function mayDeclare(
  policy: Policy,
  place: OnCallPlace,
  who: Asker,
  now: Instant,
  type = 'emergency',
): boolean {
  const { declaredBy = [], requesters } = changeTypeOf(policy, type);
  const named = declaredBy.filter((role) => role !== 'on_call');
  const declares =
    holdsOne(named, who) || (declaredBy.includes('on_call') && isOnCall(policy, place, who, now));
  return declares && (requesters === undefined || holdsOne(requesters, who));
}

/** Why they may not ask for deployments of this kind; undefined where they may. */
export function notTheirs(policy: Policy, type: Details['changeType'], who: Asker): string | undefined {
  if (mayAsk(policy, type, who)) return undefined;
  const { requesters = policy.requesters } = changeTypeOf(policy, type);
  return `A ${changeTypeWords(type)} change is asked for by ${roleNames(policy, requesters)}.`;
}

/** Whether they may ask for deployments of this kind at all; who declares an emergency is a matter of its own. */
export function mayAsk(policy: Policy, type: Details['changeType'], who: Asker): boolean {
  if (baseTypeOf(policy, type) === 'emergency') return true;
  const { requesters = policy.requesters } = changeTypeOf(policy, type);
  return requesters.includes('anyone') || holdsOne(requesters, who);
}

function needsPreApproval(policy: Policy, { changeType, environment }: AskedChange): boolean {
  const place = policy.environments.find(({ id }) => id === environment);
  return (
    baseTypeOf(policy, changeType) === 'standard' &&
    place?.approval === 'manual' &&
    changeTypeOf(policy, changeType).approval === 'none'
  );
}

function fits(rule: PreApproval, change: AskedChange): boolean {
  return (
    rule.services.includes(change.service) &&
    rule.deploymentTypes.includes(change.deploymentType) &&
    rule.databases.includes(change.database) &&
    LEVEL[change.risk] <= LEVEL[rule.highestRisk]
  );
}

const holdsOne = (roles: readonly string[], who: Asker): boolean =>
  roles.some((role) => who.roles.includes(role));

function notPreApproved(policy: Policy, change: AskedChange, who: Asker): string {
  const { service } = change;
  const forService = policy.preApproved.filter(({ services }) => services.includes(service));
  const instead = 'Choose a normal change: its approvers are then asked.';
  if (forService.length === 0)
    return `A standard change is approved beforehand, and the policy approves none of ${service}. ${instead}`;
  const fitting = forService.find((rule) => fits(rule, change));
  if (fitting !== undefined && !holdsOne(fitting.requestedBy, who))
    return `Standard changes of ${service} are approved beforehand only where ${roleNames(policy, fitting.requestedBy)} asks for them. ${instead}`;
  return `A standard change of ${service} is approved beforehand only for ${forService.map(ruleWords).join('; or for ')}. ${instead}`;
}

function ruleWords({ deploymentTypes, highestRisk, databases }: PreApproval): string {
  const types = deploymentTypes.map((type) => type.replaceAll('_', ' ')).join(' or ');
  const database = databases.map((change) => change.replaceAll('_', ' ')).join(' or ');
  return `${types}, with a risk of ${highestRisk} at most and database changes: ${database}`;
}

function notDeclarable(
  policy: Policy,
  { service, environment, changeType }: AskedChange,
  who: Asker,
  now: Instant,
): string | undefined {
  if (mayDeclare(policy, { service, environment }, who, now, changeType)) return undefined;
  const { declaredBy = [] } = changeTypeOf(policy, changeType);
  const what =
    changeType === 'emergency' ? 'An emergency' : `A change of the kind ${changeTypeWords(changeType)}`;
  const whom = roleNames(policy, declaredBy) || 'nobody: the policy names no role';
  return `${what} of ${service} is declared by ${whom}. Ask one of them to declare it, or choose a normal change.`;
}

function roleNames({ roles }: Policy, ids: readonly string[]): string {
  return listed(ids.map((id) => (id === 'on_call' ? "the service's on-call" : (roles.get(id)?.name ?? id))));
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
