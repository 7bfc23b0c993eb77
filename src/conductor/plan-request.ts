/** From what a person asked for to the intent that the core decides: the policy's part is filled in and frozen. */

import type { Release } from '../backends/port.ts';
import { defined } from '../defined.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Intent } from '../deployment/intents.ts';
import { approvalFor } from '../policy/approvals.ts';
import { changeTypeOf, withBase } from '../policy/change-types.ts';
import { communicationFor } from '../policy/communication.ts';
import { contactsFor, revisedContacts } from '../policy/contacts.ts';
import { pagingFor } from '../policy/paging.ts';
import type { Policy } from '../policy/policy.ts';
import { bakeFor } from '../policy/promotion.ts';
import { requirementsFor } from '../policy/requirements.ts';
import { safeguardsFor } from '../policy/rollout.ts';
import type { Adapters } from '../terms/adapters.ts';
import type { Approval } from '../terms/approval.ts';
import type { Before } from '../terms/before.ts';
import type { Details } from '../terms/change.ts';
import type { Changes } from '../terms/changes.ts';
import type { Start } from '../terms/envelope.ts';
import type { PersonRef } from '../terms/person.ts';
import type { Safeguards } from '../terms/safeguards.ts';
import type { Terms } from '../terms/terms.ts';
import {
  type AcceptedContract,
  communicationUnder,
  itemsOfContract,
  safeguardsUnder,
  termsOf,
  withItemsOf,
} from './under-contract.ts';

export interface Asked {
  service: string;
  environment: string;
  strategy: string;
  release: Release;
  start: Start;
  details: Details;
  /** Whom the service names for when it runs over. */
  escalation?: PersonRef;
  /** What it carries out. */
  contract?: AcceptedContract;
  /** What it changes of what runs now, where that is known. */
  changes?: Changes;
  /** What was there before it. */
  before?: Before;
  /** It is rolled back as soon as it is complete. */
  drill?: true;
  /** The policy brings it there by itself. */
  automatic?: 'on_merge' | 'nightly';
  /** Why a version is right now that was rolled back there before. */
  again?: string;
}

type Request = Extract<Intent, { kind: 'request' }>;
type PeopleIn = (role: string) => Promise<PersonRef[]>;
type Needs = Pick<Approval, 'when' | 'leadTime'>;
type ChangeType = Details['changeType'];

/** `peopleIn` names who holds a role now: those are asked; who may sign is asked again at the click. */
export async function planRequest(policy: Policy, asked: Asked, peopleIn: PeopleIn): Promise<Request> {
  const { reports } = asked.release;
  const terms = await planTerms(policy, asked, peopleIn);
  return { kind: 'request', terms, ...defined({ reports, again: asked.again }) };
}

async function planTerms(policy: Policy, asked: Asked, peopleIn: PeopleIn): Promise<Terms> {
  const { contract, details, release, environment, escalation } = asked;
  const strategy = policy.strategies.get(asked.strategy);
  if (strategy === undefined) throw new Error(`no strategy ${asked.strategy}`);
  const adapters = adaptersOf(policy, asked.service);
  if (adapters === undefined) throw new Error(`no service ${asked.service}`);
  const needs = approvalFor(policy, environment, details);
  const safeguards = safeguardsOf(policy, asked);
  const requirements = requirementsFor(policy, environment, details);
  const planned = communicationFor(policy, environment);
  const { version, sha, tree, digest } = release;
  return defined({
    envelope: defined({
      service: asked.service,
      environment,
      version,
      sha,
      tree,
      digest,
      plan: strategy.plan,
      start: asked.start,
    }),
    details: withBase(policy, details),
    required: await Promise.all(
      needs.signOffs.map(async (signOff) => ({ ...signOff, asked: await peopleIn(signOff.role) })),
    ),
    approval: await approvalTerms(policy, needs, details.changeType, peopleIn),
    adapters,
    requirements: contract === undefined ? requirements : withItemsOf(requirements, contract.checklist),
    contacts: contactsFor(policy, defined({ ...details, escalation })),
    paging: pagingFor(policy, asked),
    communication: contract === undefined ? planned : communicationUnder(planned, contract),
    smoke: policy.services.get(asked.service)?.smoke.get(environment),
    contract: contract && termsOf(contract),
    changes: asked.changes,
    before: asked.before,
    bake: bakeFor(policy, asked),
    drill: asked.drill,
    automatic: asked.automatic,
    safeguards: contract === undefined ? safeguards : safeguardsUnder(safeguards, contract),
  });
}

/** How a service is watched and judged, and who may act, under the policy of now. */
export function safeguardsOf(policy: Policy, place: Pick<Asked, 'service' | 'environment'>): Safeguards {
  const permissions = Object.fromEntries(
    Object.entries(policy.permissions).map(([action, roles]) => [action, [...roles]]),
  ) as Safeguards['permissions'];
  return { ...safeguardsFor(policy, place), permissions };
}

/**
 * What is asked for instead of what was. What the person leaves as it is stays as it was frozen, whatever the file says
 * by now (PR-3); another kind of change is planned afresh.
 */
export async function planRevision(
  policy: Policy,
  before: Deployment,
  asked: Asked,
  peopleIn: PeopleIn,
): Promise<Omit<Extract<Intent, { kind: 'revise' }>, 'envelopeHash'>> {
  const {
    reports,
    terms: { envelope, details, required, approval, requirements, contacts, changes, before: known },
  } = await planRequest(policy, asked, peopleIn);
  const { plan } = before.terms.envelope;
  const samePlan = plan.strategy === envelope.plan.strategy;
  const was = before.terms.details;
  // Who signs and what is on the checklist may hang on each of these.
  const sameNeeds =
    details.changeType === was.changeType &&
    details.deploymentType === was.deploymentType &&
    details.database === was.database &&
    details.risk === was.risk;
  const samePeople =
    details.lead.id === before.terms.details.lead.id && details.onCall.id === before.terms.details.onCall.id;
  return {
    kind: 'revise',
    terms: {
      envelope: samePlan ? { ...envelope, plan } : envelope,
      details: {
        ...details,
        channel: was.channel,
        ...(details.changeType === was.changeType ? defined({ like: was.like }) : {}),
      },
      ...(!sameNeeds && {
        required,
        approval,
        requirements: withItemsOf(requirements, itemsOfContract(before)),
      }),
      ...(changes && { changes }),
      ...(known && { before: known }),
      ...(!samePeople && { contacts: revisedContacts(before.terms.contacts, contacts) }),
    },
    ...defined({ reports, again: asked.again }),
  };
}

/** Which instances a service has now; undefined where the policy has no such service. */
export function adaptersOf(policy: Policy, service: string): Adapters | undefined {
  const own = policy.services.get(service);
  const backend = policy.backends.get(own?.backend ?? '');
  const metrics = policy.metrics.get(own?.metrics ?? '');
  if (backend === undefined || metrics === undefined) return undefined;
  const signals = (own?.signals ?? []).flatMap((name) => {
    const found = policy.signals.get(name);
    return found === undefined ? [] : [{ name: found.name, kind: found.kind }];
  });
  return {
    backend: { name: backend.name, kind: backend.kind },
    metrics: { name: metrics.name, kind: metrics.kind },
    ...(signals.length === 0 ? {} : { signals }),
  };
}

async function approvalTerms(
  policy: Policy,
  { when, leadTime }: Needs,
  type: ChangeType,
  peopleIn: PeopleIn,
) {
  const { escalateTo: role, ...care } = policy.signOffCare;
  const { owed } = changeTypeOf(policy, type);
  const approval: Approval = { when, leadTime, workdays: policy.workdays, ...(when === 'none' ? {} : care) };
  if (when === 'afterwards' && owed !== undefined) approval.owed = owed;
  if (when !== 'none' && role !== undefined) {
    const name = policy.roles.get(role)?.name ?? role;
    approval.escalateTo = { role, name, people: await peopleIn(role) };
  }
  return approval;
}
