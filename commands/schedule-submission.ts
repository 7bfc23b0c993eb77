/** The schedule modal, sent: each mistake stands at its field, and a second delivery changes nothing. */

import type { Outcome } from '../src/conductor/handle.ts';
import { planRequest } from '../src/conductor/plan-request.ts';
import { checkRequest } from '../src/conductor/request-checks.ts';
import type { Actor } from '../src/deployment/intents.ts';
import type { Submission, SubmissionEnd } from '../src/slack/feature.ts';
import { renderScheduleModal } from '../views/schedule-modal.ts';
import {
  completeSchedule,
  fieldOfRefusal,
  isFoldedAway,
  readScheduleState,
  type ScheduleProblems,
  type ScheduleState,
  type SubmittedSchedule,
  scheduleErrors,
} from '../views/schedule-state.ts';
import { momentsInZone } from '../views/text.ts';
import { actorOf, type CommandContext } from './context.ts';
import { showContract } from './contract-deployment.ts';
import { scheduleShown } from './schedule-context.ts';
import { givenBy, revisionOf } from './schedule-revision.ts';

export async function submitSchedule(
  context: CommandContext,
  submission: Submission,
): Promise<SubmissionEnd> {
  const state = readScheduleState(submission.view);
  const complete = completeSchedule(state);
  const wrong = (problems: ScheduleProblems) => refused(context, submission, state, problems);
  if (!complete.ok) return wrong(complete.problems);
  const resolved = await context.people.resolve(submission.userId);
  if (!resolved.ok) return wrong({ summary: resolved.message });
  const outcome = await handIn(context, submission, complete.value, actorOf(resolved));
  if ('problems' in outcome) return wrong(outcome.problems);
  if (outcome.kind !== 'refused') return closed(context, complete.value);
  return wrong({ [fieldOfRefusal(outcome.code)]: outcome.message });
}

/** Each mistake at its field; where that lies folded away, the form is unfolded and says it there. */
async function refused(
  context: CommandContext,
  { view, userId }: Submission,
  asked: ScheduleState,
  problems: ScheduleProblems,
): Promise<SubmissionEnd> {
  if (!isFoldedAway(view, problems)) {
    const who = await context.people.forForms(userId);
    const zone = who?.ok ? who.person.tz : context.policy().timeZone;
    return { kind: 'errors', errors: scheduleErrors(view, inZone(problems, zone)) };
  }
  const unfolded: ScheduleState = { ...asked, metadata: { ...asked.metadata, unfolded: true } };
  const { state, about } = await scheduleShown(context, unfolded, userId);
  return { kind: 'update', view: renderScheduleModal(state, { ...about, problems }) };
}

/** The contract's own message says which deployment carries it out. */
function closed(context: CommandContext, { metadata: { contract } }: SubmittedSchedule): SubmissionEnd {
  return contract === undefined
    ? { kind: 'close' }
    : { kind: 'close', afterwards: () => showContract(context, contract) };
}

function inZone(problems: ScheduleProblems, zone: string): ScheduleProblems {
  return Object.fromEntries(
    Object.entries(problems).map(([field, text]) => [field, momentsInZone(text, zone)]),
  );
}

/** So many others in a row who change the same deployment are no race. */
const MAX_RACES = 5;

async function handIn(
  context: CommandContext,
  submission: Submission,
  given: SubmittedSchedule,
  actor: Actor,
): Promise<Outcome | { problems: ScheduleProblems }> {
  const { revises } = given.metadata;
  if (revises !== undefined) return change(context, revises.d, given, actor);
  const checked = await checkRequest(context, givenBy(given));
  if (!checked.ok) return { problems: checked.problems };
  const request = await planRequest(context.policy(), checked.asked, (role) =>
    context.people.inRole(role, given.service),
  );
  // A view is submitted once: its second submission is the same request, not another.
  return context.conductor.handle({ intent: request, actor, inboxKey: `request:${submission.view.id}` });
}

/** Once more where somebody changes it between our reading and our writing: the form is then held beside that. */
async function change(
  context: CommandContext,
  deployment: string,
  given: SubmittedSchedule,
  actor: Actor,
): Promise<Outcome | { problems: ScheduleProblems }> {
  for (let race = 0; ; race += 1) {
    const revision = await revisionOf(context, deployment, given);
    if (!revision.ok) return { problems: revision.problems };
    const outcome = await context.conductor.handle({ deployment, intent: revision.intent, actor });
    if (outcome.kind !== 'refused' || outcome.code !== 'stale' || race === MAX_RACES) return outcome;
  }
}
