/** The schedule modal, sent: each mistake stands at its field, and a second delivery changes nothing. */

import type { Outcome } from '../src/conductor/handle.ts';
import { planRequest } from '../src/conductor/plan-request.ts';
import { checkRequest } from '../src/conductor/request-checks.ts';
import type { Actor, RefusalCode } from '../src/deployment/intents.ts';
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
import { givenBy, revisionOf } from './schedule-revision.ts';

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
  rolled_back_before: 'again',
  other_build: 'version',
  not_allowed: 'service',
  wrong_change_type: 'changeType',
  on_call_gone: 'onCall',
};

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
  const { tz } = resolved.person;
  const outcome = await handIn(context, submission, read.value, actorOf(resolved));
  if ('problems' in outcome) return wrong(mapValues(outcome.problems, (text) => momentsInZone(text, tz)));
  if (outcome.kind !== 'refused') return closed(context, read.value);
  const field = FIELD_OF[outcome.code] ?? 'summary';
  // Without a time there is no field for it: what is wrong is that none was chosen.
  return wrong({
    [field === 'at' && read.value.when !== 'at' ? 'when' : field]: momentsInZone(outcome.message, tz),
  });
}

/** The contract's own message says which deployment carries it out. */
function closed(context: CommandContext, { metadata: { contract } }: SubmittedSchedule): SubmissionEnd {
  return contract === undefined
    ? { kind: 'close' }
    : { kind: 'close', afterwards: () => showContract(context, contract) };
}

type Problems = Partial<Record<ScheduleField, string>>;

function mapValues(problems: Problems, change: (text: string) => string): Problems {
  return Object.fromEntries(Object.entries(problems).map(([field, text]) => [field, change(text)]));
}

/** So many others in a row who change the same deployment are no race. */
const MOST_RACES = 5;

async function handIn(
  context: CommandContext,
  submission: Submission,
  given: SubmittedSchedule,
  actor: Actor,
): Promise<Outcome | { problems: Problems }> {
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
): Promise<Outcome | { problems: Problems }> {
  for (let race = 0; ; race += 1) {
    const revision = await revisionOf(context, deployment, given);
    if (!revision.ok) return { problems: revision.problems };
    const outcome = await context.conductor.handle({ deployment, intent: revision.intent, actor });
    if (outcome.kind !== 'refused' || outcome.code !== 'stale' || race === MOST_RACES) return outcome;
  }
}
