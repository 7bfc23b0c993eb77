/** A message that asks for somebody's act and that Slack does not deliver to them: others hear of it, once (K-3). */

import { missingSignOffs, owedSignOffs, whoCanSign } from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { LiveMessage } from '../src/deployment/effects.ts';
import { NOT_STARTED } from '../src/deployment/lifecycle.ts';
import { type Matter, mattersOf, waitingFor } from '../src/deployment/waiting-for.ts';
import { GONE_WORDS } from '../src/policy/calendar/blockers.ts';
import { distinctPeople, type PersonRef } from '../src/terms/person.ts';
import { renderUntold } from '../views/untold.ts';
import type { CommandContext } from './context.ts';

type ToPerson = Extract<LiveMessage, { user: string }>;

/** Named all at once they are read; a whole company is not called. */
const MAX_STAND_INS = 5;

/** In the thread, or in the channel where the card is not there yet; silent where nothing waits for them any more. */
export async function tellUntold(
  context: CommandContext,
  d: Deployment,
  message: ToPerson,
  problem: string,
): Promise<void> {
  const { user } = message;
  const matters = mattersOf(d, user);
  if (matters.length === 0) return;
  const all = distinctPeople(matters.flatMap((matter) => askedWith(d, user, matter)));
  const others = await stillThere(
    context,
    all.filter(({ id }) => id !== user),
  );
  const standIns = others.length > 0 ? [] : await stillThere(context, await standInsOf(context, d, all));
  const person = all.find(({ id }) => id === user) ?? { id: user, name: user };
  const gone = await context.people.gone(user);
  const why = gone === undefined || gone === 'unreachable' ? `Slack says "${problem}"` : GONE_WORDS[gone];
  await say(context, d, {
    place: await placeOf(context, d),
    about: `${matters.join(' ')} ${user}`,
    told: renderUntold(d, { person, why, others, standIns: standIns.slice(0, MAX_STAND_INS) }),
  });
}

/** Whoever can end the same wait: of sign-offs those of the same role. */
function askedWith(d: Deployment, user: string, matter: Matter): PersonRef[] {
  if (matter !== 'sign_off' && matter !== 'owed')
    return waitingFor(d).find((waiting) => waiting.matter === matter)?.people ?? [];
  const open = matter === 'owed' ? owedSignOffs(d) : missingSignOffs(d);
  const mine = open.filter(({ asked }) => asked.some(({ id }) => id === user));
  return mine.flatMap((required) => whoCanSign(d, required));
}

async function placeOf({ stores }: CommandContext, d: Deployment): Promise<Said['place']> {
  const card = await stores.messages.find(d.id, 'card');
  if (card?.channel === undefined || card.ts === undefined) return { channel: d.terms.details.channel };
  return { channel: card.channel, thread: card.ts };
}

/** Before the start its lead sees to whatever is missing; later, whoever may take it back. */
async function standInsOf(
  context: CommandContext,
  d: Deployment,
  asked: readonly PersonRef[],
): Promise<PersonRef[]> {
  const { details, approval, contacts } = d.terms;
  const { service, environment } = d.terms.envelope;
  const now = context.clock.now();
  const escalation = [...contacts.map(({ person }) => person), ...(approval.escalateTo?.people ?? [])];
  const first = NOT_STARTED.has(d.status) ? [details.lead, d.requestedBy] : [];
  const roles = NOT_STARTED.has(d.status) ? [] : rolesThatMay(context, d);
  const inRoles = await Promise.all(roles.map((role) => context.people.inRole(role, service)));
  const onCall = await context.people.onCall({ service, environment }, now);
  const called = onCall === undefined ? [] : [await context.people.known(onCall)];
  return distinctPeople([...first, ...called, ...inRoles.flat(), ...escalation]).filter(
    ({ id }) => !asked.some((one) => one.id === id),
  );
}

function rolesThatMay(context: CommandContext, { terms: { safeguards } }: Deployment): string[] {
  const all = [...context.policy().roles.keys()];
  const may = [...(safeguards.permissions.resume ?? []), ...(safeguards.permissions.roll_back ?? [])];
  return may.includes('any_role') ? all : all.filter((role) => may.includes(role));
}

/** Of whom Slack does not say that they have left. */
async function stillThere({ people }: CommandContext, persons: readonly PersonRef[]): Promise<PersonRef[]> {
  const gone = await Promise.all(persons.map(({ id }) => people.gone(id)));
  return persons.filter((_, index) => gone[index] === undefined || gone[index] === 'unreachable');
}

interface Said {
  place: { channel: string; thread?: string };
  about: string;
  told: ReturnType<typeof renderUntold>;
}

/** Another process, or this one before it was started anew, may have said it. */
async function say({ clients, findPosted }: CommandContext, d: Deployment, said: Said): Promise<void> {
  const { place, about, told } = said;
  const metadata = { event_type: 'gonogo_untold', event_payload: { deployment: d.id, about } };
  if ((await findPosted(place, metadata, d.requestedAt)) !== undefined) return;
  const { channel, thread } = place;
  const message = { channel, metadata, ...told };
  await (thread === undefined
    ? clients.outbound.chat.postMessage(message)
    : clients.outbound.chat.postMessage({ ...message, thread_ts: thread, reply_broadcast: true }));
}
