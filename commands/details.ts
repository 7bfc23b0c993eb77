/** Details of a deployment, from the menu of its card: for those who take part, because phone numbers stand there (WN-5). */

import { nextStartAt } from '../src/conductor/place-facts.ts';
import { defined, given } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { NOT_STARTED } from '../src/deployment/lifecycle.ts';
import { candidateOf, plannedStart } from '../src/deployment/start/waiting.ts';
import type { Criteria } from '../src/policy/calendar/criteria.ts';
import { contactsFor } from '../src/policy/contacts.ts';
import { isWithin } from '../src/policy/hours.ts';
import type { Click, Feature } from '../src/slack/feature.ts';
import type { Contact } from '../src/terms/contacts.ts';
import { CARD_ACTIONS, MORE } from '../views/deployment-actions.ts';
import { type ReachedContact, renderDetailsModal } from '../views/details-modal.ts';
import { type CommandContext, clicked, openModal, whoIs } from './context.ts';
import { criteriaFor } from './start-criteria.ts';

export function details(context: CommandContext): Feature {
  return {
    clicks: { [CARD_ACTIONS.details]: (click) => open(context, click) },
    choices: { [MORE.details]: (click) => open(context, click) },
  };
}

async function open(context: CommandContext, click: Click): Promise<void> {
  const somebody = await whoIs(context, click);
  const found = somebody && (await clicked(context, click));
  if (!found) return;
  const { deployment: d } = found;
  const policy = context.policy();
  const strategy = policy.strategies.get(d.terms.envelope.plan.strategy);
  // Records from before contacts were frozen have their lead and their on-call all the same.
  const contacts = d.terms.contacts ?? contactsFor(policy, d.terms.details);
  const criteria = await criteriaOf(context, d, contacts);
  const view = renderDetailsModal(d, {
    contacts: contacts.map((contact) => reached(context, contact)),
    roleName: (role) => policy.roles.get(role)?.name ?? role.replaceAll('_', ' '),
    ...defined({ strategyName: strategy?.name, criteria }),
  });
  await openModal(context, click, view);
}

function reached(context: CommandContext, contact: Contact): ReachedContact {
  const phone = context.policy().people.get(contact.person.id)?.phone;
  const { hours } = contact;
  return {
    ...contact,
    ...defined({ phone, thereNow: given(hours, (hours) => isWithin(hours, context.clock.now())) }),
  };
}

/** Where it starts as soon as it is ready, the next time that is open to it; undefined where all of it is. */
async function nextOpen(
  context: CommandContext,
  {
    terms: {
      envelope,
      details: { lead, ...about },
    },
  }: Deployment,
) {
  if (envelope.start.kind === 'at') return undefined;
  const { service, environment, version, plan } = envelope;
  return nextStartAt(context, {
    ...about,
    service,
    environment,
    version,
    strategy: plan.strategy,
    lead: lead.id,
  });
}

/** For the time that it is planned for; what has started is past selecting. */
async function criteriaOf(
  context: CommandContext,
  d: Deployment,
  contacts: readonly Contact[],
): Promise<Criteria | undefined> {
  if (!NOT_STARTED.has(d.status)) return undefined;
  const at = d.start.waiting?.until ?? (await nextOpen(context, d)) ?? plannedStart(d, context.clock.now());
  return criteriaFor(context, at, candidateOf(d), contacts, d.id);
}
