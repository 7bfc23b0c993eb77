/** What every feature works with, and the way from a click to the core. */

import type { ModalView } from '@slack/types';
import type { Refused } from '../src/conductor/calendar-requests.ts';
import type { Conductor } from '../src/conductor/conductor.ts';
import type { Outcome } from '../src/conductor/handle.ts';
import type { Stores } from '../src/conductor/ports/stores.ts';
import { actorAt } from '../src/conductor/roles-at.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { Actor, Intent } from '../src/deployment/intents.ts';
import type { Log } from '../src/log.ts';
import type { People } from '../src/people/people.ts';
import type { Resolved } from '../src/people/slack-user.ts';
import type { Policy } from '../src/policy/policy.ts';
import type { Clients } from '../src/slack/clients.ts';
import type { Download } from '../src/slack/download.ts';
import type { Answer, Click, Origin, Submission, SubmissionEnd } from '../src/slack/feature.ts';
import type { FindPosted } from '../src/slack/posted-before.ts';
import type { SaidSince } from '../src/slack/said-since.ts';
import type { ShareFile } from '../src/slack/upload.ts';
import type { Clock } from '../src/time.ts';
import { renderRefusal } from '../views/answers.ts';
import { type ButtonValue, decodeButton } from '../views/button-value.ts';
import { renderUsage, type Usage } from '../views/command-answers.ts';

export interface CommandContext {
  conductor: Conductor;
  stores: Stores;
  people: People;
  policy(): Policy;
  clients: Clients;
  /** Loads what a person uploaded into a modal. */
  download: Download;
  /** Posts a file of its own in a thread. */
  shareFile: ShareFile;
  /** Whether what may have been posted was. */
  findPosted: FindPosted;
  /** What others said in a channel, whoever listened. */
  saidSince: SaidSince;
  /** Whether a reply that Slack refused so can never be posted. */
  isLostReply(error: unknown): boolean;
  /** What was said in a channel of alerts could not be heard: it is read there again. */
  onUnheard(channel: string): void;
  /** An answer to an alert could not be posted: it is tried again by itself. */
  onUnsaid(): void;
  /** A button below an alert was pressed: it is looked at later whether what came of it is shown. */
  onPressed(): void;
  /** A rollback was begun below an alert, which waits for its end. */
  onBegun(): void;
  /** Named places where a test ends the process. */
  point(name: string): void;
  clock: Pick<Clock, 'now'>;
  /** How long people wait, however fast the other clock runs. */
  realTime: Pick<Clock, 'now'>;
  log: Log;
}

type Somebody = Extract<Resolved, { ok: true }>;

/** Who did this, asked afresh; a refusal is answered here, and undefined comes back. */
export async function whoIs(context: CommandContext, origin: Origin): Promise<Somebody | undefined> {
  const resolved = await context.people.resolve(origin.userId);
  if (resolved.ok) return resolved;
  await origin.answer(renderRefusal(resolved.message));
  return undefined;
}

export function actorOf({ person, roles }: Somebody): Extract<Actor, { kind: 'person' }> {
  return { kind: 'person', person: { id: person.id, name: person.name }, roles };
}

/** The same for what is checked before the core is asked: with the roles that count in the place of a deployment. */
export function actorFor(
  { policy, clock }: Pick<CommandContext, 'policy' | 'clock'>,
  somebody: Somebody,
  { terms: { envelope } }: Pick<Deployment, 'terms'>,
): Extract<Actor, { kind: 'person' }> {
  return actorAt(policy(), envelope, actorOf(somebody), clock.now());
}

/** Hands an intent to the core as the person who clicked; a refusal is answered, or asked about. The cards show what came of it. */
export async function carryOut(
  context: CommandContext,
  origin: Origin,
  deployment: string,
  intent: Intent,
  askWhy?: () => Promise<void>,
): Promise<Outcome | undefined> {
  const somebody = await whoIs(context, origin);
  if (somebody === undefined) return undefined;
  const outcome = await context.conductor.handle({ deployment, intent, actor: actorOf(somebody) });
  if (outcome.kind !== 'refused') return outcome;
  if (outcome.code === 'reason_needed' && askWhy !== undefined) await askWhy();
  else await origin.answer(renderRefusal(outcome.message));
  return outcome;
}

/** The deployment a button is about, and what else it carries; where there is none the person is told. */
export async function clicked(
  context: CommandContext,
  click: Click,
): Promise<{ deployment: Deployment; value: ButtonValue } | undefined> {
  const value = decodeButton(click.value);
  const deployment = value && (await context.stores.events.load(value.d));
  if (value && deployment) return { deployment, value };
  await click.answer({
    text: 'That button is from another time: its deployment is not in the record. `/deploy list` shows those there are.',
  });
  return undefined;
}

/** Carries out what a modal asked for; a refusal stands at the modal's field, where the person still looks. */
export async function submit(
  context: CommandContext,
  submission: Submission,
  deployment: string,
  block: string,
  intent: Intent,
): Promise<SubmissionEnd> {
  const resolved = await context.people.resolve(submission.userId);
  if (!resolved.ok) return { kind: 'errors', errors: { [block]: resolved.message } };
  const outcome = await context.conductor.handle({ deployment, intent, actor: actorOf(resolved) });
  return outcome.kind === 'refused'
    ? { kind: 'errors', errors: { [block]: outcome.message } }
    : { kind: 'close' };
}

/** Opens a modal on the click that asked for it: its trigger is good once, for 3 s. */
export async function openModal(context: CommandContext, origin: Origin, view: ModalView): Promise<void> {
  if (origin.triggerId === undefined) throw new Error('nothing to open a modal with');
  await context.clients.interactive.views.open({ trigger_id: origin.triggerId, view });
}

/** What the conductor refused; what was only said wrongly is answered with how to say it. */
export function refusalOf({ code, message }: Refused, usage?: Usage): Answer {
  const isWording = code === 'reason_needed' || code === 'wrong_time' || code === 'too_long';
  return usage !== undefined && isWording ? renderUsage(usage, message) : renderRefusal(message);
}
