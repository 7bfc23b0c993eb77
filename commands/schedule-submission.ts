/** The schedule modal, sent: each mistake stands at its field, and a second delivery changes nothing. */

import type { Release } from '../src/backends/port.ts';
import type { Outcome } from '../src/conductor/handle.ts';
import { type Asked, planRequest, planRevision } from '../src/conductor/plan-request.ts';
import { nearest } from '../src/config/nearest.ts';
import type { Intent, RefusalCode } from '../src/deployment/intents.ts';
import type { Submission, SubmissionEnd } from '../src/slack/feature.ts';
import {
  readScheduleModal,
  type ScheduleField,
  type SubmittedSchedule,
  scheduleErrors,
} from '../views/schedule-fields.ts';
import { momentsInZone } from '../views/text.ts';
import { contractAsked, showContract } from './contract-deployment.ts';
import { actorOf, type Room } from './room.ts';
import { nextStartAt, releasesOf } from './schedule-context.ts';

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

export async function submitSchedule(room: Room, submission: Submission): Promise<SubmissionEnd> {
  const read = readScheduleModal(submission.view);
  if (!read.ok) return { kind: 'errors', errors: read.errors };
  const wrong = (problems: Partial<Record<ScheduleField, string>>): SubmissionEnd => ({
    kind: 'errors',
    errors: scheduleErrors(submission.view, problems),
  });
  const resolved = await room.people.resolve(submission.userId);
  if (!resolved.ok) return wrong({ summary: resolved.message });
  const checked = await check(room, read.value);
  if (!checked.ok) return wrong(checked.problems);
  const outcome = await hand(room, submission, read.value, checked.asked, actorOf(resolved));
  if (outcome.kind !== 'refused') return closed(room, read.value);
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
function closed(room: Room, { metadata: { contract } }: SubmittedSchedule): SubmissionEnd {
  return contract === undefined
    ? { kind: 'close' }
    : { kind: 'close', afterwards: () => showContract(room, contract) };
}

type Checked = { ok: true; asked: Asked } | { ok: false; problems: Partial<Record<ScheduleField, string>> };

/**
 * What the policy and the backend know of what was chosen; the core decides the rest. `unseen` stands for the version
 * where the backend does not say which there are.
 */
export async function check(room: Room, given: SubmittedSchedule, unseen?: Release): Promise<Checked> {
  const policy = room.policy();
  const service = policy.services.get(given.service);
  if (service === undefined)
    return { ok: false, problems: { service: `There is no service ${given.service} any more.` } };
  if (!service.environments.includes(given.environment)) {
    return {
      ok: false,
      problems: { environment: `${given.service} is deployed to ${service.environments.join(', ')}.` },
    };
  }
  const bound = await contractAsked(room, given);
  if (!bound.ok) return bound;
  const strategy = policy.strategies.get(given.strategy);
  const backend = room.conductor.backendFor(given.service);
  const unable = strategy?.plan.steps.find(({ kind }) => !backend.steps.has(kind));
  if (strategy === undefined || unable !== undefined) {
    const why =
      unable === undefined
        ? 'There is no such strategy any more.'
        : `The backend ${backend.name} cannot ${unable.kind}.`;
    return { ok: false, problems: { strategy: `${why} Choose another.` } };
  }
  const next =
    given.when === 'window' ? await nextStartAt(room, { ...given, changeType: given.changeType }) : undefined;
  if (given.when === 'window' && next === undefined)
    return { ok: false, problems: { when: 'No window is long enough for this strategy. Choose another.' } };
  const releases = await releasesOf(room, given);
  const release =
    releases.find(({ version }) => version === given.version) ?? (releases.length === 0 ? unseen : undefined);
  if (release === undefined) return { ok: false, problems: { version: noRelease(given, releases) } };
  const [lead, onCall] = await Promise.all([involved(room, given.lead), involved(room, given.onCall)]);
  if (!lead.ok || !onCall.ok) {
    return {
      ok: false,
      problems: {
        ...(lead.ok ? {} : { lead: lead.problem }),
        ...(onCall.ok ? {} : { onCall: onCall.problem }),
      },
    };
  }
  const escalation = await escalationOf(room, service.escalation);
  const asked = askedFor(
    next === undefined ? given : { ...given, when: 'at', at: next },
    service.channel,
    release,
    lead.person,
    onCall.person,
  );
  return {
    ok: true,
    asked: {
      ...asked,
      ...(escalation === undefined ? {} : { escalation }),
      ...(bound.contract === undefined ? {} : { contract: bound.contract }),
    },
  };
}

function noRelease({ service, version }: SubmittedSchedule, releases: readonly Release[]): string {
  if (releases.length === 0)
    return 'The backend does not say which versions there are. Try again in a moment.';
  const versions = releases.map((release) => release.version);
  const near = nearest(version, versions);
  const meant = near === undefined ? '' : ` Did you mean ${near}?`;
  return `There is no ${version} of ${service}.${meant} The newest are ${versions.slice(0, 3).join(', ')}.`;
}

type Involved = { ok: true; person: { id: string; name: string } } | { ok: false; problem: string };

/** Lead and on-call must be people who can act. */
async function involved(room: Room, userId: string): Promise<Involved> {
  const resolved = await room.people.resolve(userId);
  if (resolved.ok) return { ok: true, person: { id: resolved.person.id, name: resolved.person.name } };
  const problems: Record<typeof resolved.why, string> = {
    unknown: 'Slack does not know this person.',
    deactivated: 'This account is deactivated.',
    bot: 'A bot cannot answer for a deployment.',
    guest: 'A guest cannot answer for a deployment.',
    foreign: 'This person belongs to another workspace.',
    unreachable: 'Slack did not say who this is. Try again in a moment.',
  };
  return { ok: false, problem: problems[resolved.why] };
}

/** Whoever the service names and who has left is nobody to escalate to: those who know of missing sign-offs are. */
async function escalationOf(
  room: Room,
  userId: string | undefined,
): Promise<Asked['escalation'] | undefined> {
  if (userId === undefined) return undefined;
  const why = await room.people.gone(userId);
  if (why !== undefined && why !== 'unreachable') {
    room.log.warn({ user: userId, why }, 'the escalation of a service can take no part and is left out');
    return undefined;
  }
  return { id: userId, name: (await room.people.known(userId)).name };
}

function askedFor(
  given: SubmittedSchedule,
  channel: string,
  release: Release,
  lead: Asked['details']['lead'],
  onCall: Asked['details']['onCall'],
): Asked {
  const { service, environment, strategy, changeType, deploymentType, risk, database, summary } = given;
  return {
    service,
    environment,
    strategy,
    release,
    start:
      given.when === 'at' && given.at !== undefined ? { kind: 'at', at: given.at } : { kind: 'when_ready' },
    details: { changeType, deploymentType, risk, database, summary, lead, onCall, channel },
  };
}

async function hand(
  room: Room,
  submission: Submission,
  given: SubmittedSchedule,
  asked: Asked,
  actor: ReturnType<typeof actorOf>,
): Promise<Outcome> {
  const peopleIn = (role: string) => room.people.inRole(role);
  const { revises } = given.metadata;
  if (revises === undefined) {
    const request = await planRequest(room.policy(), asked, peopleIn);
    // A view is submitted once: its second submission is the same request, not another.
    return room.conductor.handle({ intent: request, actor, inboxKey: `request:${submission.view.id}` });
  }
  const before = await room.stores.events.load(revises.d);
  if (before === undefined) throw new Error(`${revises.d} is being changed and is not in the record`);
  const revision = await planRevision(room.policy(), before, asked, peopleIn);
  const intent: Intent = { ...revision, envelopeHash: revises.h, wordsHash: revises.w };
  return room.conductor.handle({ deployment: revises.d, intent, actor });
}
