/** The schedule modal, sent: each mistake stands at its field, and a second delivery changes nothing. */

import type { Outcome } from '../src/conductor/handle.ts';
import { type Asked, planRequest, planRevision } from '../src/conductor/plan-request.ts';
import { checkRequest, type Given } from '../src/conductor/request-checks.ts';
import type { Intent, RefusalCode } from '../src/deployment/intents.ts';
import type { Submission, SubmissionEnd } from '../src/slack/feature.ts';
import {
  readScheduleModal,
  type ScheduleField,
  type SubmittedSchedule,
  scheduleErrors,
} from '../views/schedule-fields.ts';
import { momentsInZone } from '../views/text.ts';
import { actorOf, type CommandContext } from './context.ts';
import { showContract } from './contract-deployment.ts';

/** Where a refusal of the core belongs. */
const FIELD_OF: Partial<Record<RefusalCode, ScheduleField>> = {
  occupied: 'version',
  already_running: 'version',
  start_in_past: 'at',
  frozen: 'at',
  window_closed: 'at',
  locked: 'service',
  lead_time: 'at',
  contract_window: 'at',
  not_promoted: 'version',
  other_build: 'version',
  not_allowed: 'service',
  wrong_change_type: 'changeType',
  on_call_gone: 'onCall',
};

/** What a form says, as every door asks. */
export function givenBy({ metadata, ...given }: SubmittedSchedule): Given {
  return { ...given, contract: metadata.contract };
}

export async function submitSchedule(
  context: CommandContext,
  submission: Submission,
): Promise<SubmissionEnd> {
  const read = readScheduleModal(submission.view);
  if (!read.ok) return { kind: 'errors', errors: read.errors };
  const wrong = (problems: Partial<Record<ScheduleField, string>>): SubmissionEnd => ({
    kind: 'errors',
    errors: scheduleErrors(submission.view, problems),
  });
  const resolved = await context.people.resolve(submission.userId);
  if (!resolved.ok) return wrong({ summary: resolved.message });
  const checked = await checkRequest(context, givenBy(read.value));
  if (!checked.ok) return wrong(checked.problems);
  const outcome = await hand(context, submission, read.value, checked.asked, actorOf(resolved));
  if (outcome.kind !== 'refused') return closed(context, read.value);
  const field = FIELD_OF[outcome.code] ?? 'summary';
  // Without a time there is no field for it: what is wrong is that none was chosen.
  return wrong({
    [field === 'at' && read.value.when !== 'at' ? 'when' : field]: momentsInZone(
      outcome.message,
      resolved.person.tz,
    ),
  });
}

/** The contract's own message says which deployment carries it out. */
function closed(context: CommandContext, { metadata: { contract } }: SubmittedSchedule): SubmissionEnd {
  return contract === undefined
    ? { kind: 'close' }
    : { kind: 'close', afterwards: () => showContract(context, contract) };
}

async function hand(
  context: CommandContext,
  submission: Submission,
  given: SubmittedSchedule,
  asked: Asked,
  actor: ReturnType<typeof actorOf>,
): Promise<Outcome> {
  const peopleIn = (role: string) => context.people.inRole(role);
  const { revises } = given.metadata;
  if (revises === undefined) {
    const request = await planRequest(context.policy(), asked, peopleIn);
    // A view is submitted once: its second submission is the same request, not another.
    return context.conductor.handle({ intent: request, actor, inboxKey: `request:${submission.view.id}` });
  }
  const before = await context.stores.events.load(revises.d);
  if (before === undefined) throw new Error(`${revises.d} is being changed and is not in the record`);
  const revision = await planRevision(context.policy(), before, asked, peopleIn);
  const intent: Intent = { ...revision, envelopeHash: revises.h, wordsHash: revises.w };
  return context.conductor.handle({ deployment: revises.d, intent, actor });
}
