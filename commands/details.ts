/** Details of a deployment, from the menu of its card: for those who take part, because phone numbers stand there (WN-5). */

import { nextStartAt } from '../src/conductor/place-facts.ts';
import { defined } from '../src/defined.ts';
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
import { clicked, openModal, type Room, whoIs } from './room.ts';
import { criteriaFor } from './start-criteria.ts';

export function details(room: Room): Feature {
  return {
    clicks: { [CARD_ACTIONS.details]: (click) => open(room, click) },
    choices: { [MORE.details]: (click) => open(room, click) },
  };
}

async function open(room: Room, click: Click): Promise<void> {
  const somebody = await whoIs(room, click);
  const found = somebody && (await clicked(room, click));
  if (!found) return;
  const { deployment: d } = found;
  const policy = room.policy();
  const strategy = policy.strategies.get(d.terms.envelope.plan.strategy);
  // Records from before contacts were frozen have their lead and their on-call all the same.
  const contacts = d.terms.contacts ?? contactsFor(policy, d.terms.details);
  const criteria = await criteriaOf(room, d, contacts);
  const view = renderDetailsModal(d, {
    contacts: contacts.map((contact) => reached(room, contact)),
    roleName: (role) => policy.roles.get(role)?.name ?? role.replaceAll('_', ' '),
    ...defined({ strategyName: strategy?.name, criteria }),
  });
  await openModal(room, click, view);
}

function reached(room: Room, contact: Contact): ReachedContact {
  const phone = room.policy().people.get(contact.person.id)?.phone;
  const { hours } = contact;
  return {
    ...contact,
    ...defined({ phone }),
    ...(hours === undefined ? {} : { thereNow: isWithin(hours, room.clock.now()) }),
  };
}

/** Where it starts as soon as it is ready, the next time that is open to it; undefined where all of it is. */
async function nextOpen(
  room: Room,
  {
    terms: {
      envelope,
      details: { lead, ...about },
    },
  }: Deployment,
) {
  if (envelope.start.kind === 'at') return undefined;
  const { service, environment, plan } = envelope;
  return nextStartAt(room, { ...about, service, environment, strategy: plan.strategy, lead: lead.id });
}

/** For the time that it is planned for; what has started is past selecting. */
async function criteriaOf(
  room: Room,
  d: Deployment,
  contacts: readonly Contact[],
): Promise<Criteria | undefined> {
  if (!NOT_STARTED.has(d.status)) return undefined;
  const at = d.start.waiting?.until ?? (await nextOpen(room, d)) ?? plannedStart(d, room.clock.now());
  return criteriaFor(room, at, candidateOf(d), contacts, d.id);
}
