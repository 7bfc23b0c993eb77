/** What a dry run shows: the request checked, decided and rehearsed on the facts of now, by the way of the real one, without its commit. */

import { setImmediate } from 'node:timers/promises';
import { NO_NUMBER_YET } from '../src/conductor/handle.ts';
import { type Asked, planRequest } from '../src/conductor/plan-request.ts';
import { checkRequest } from '../src/conductor/request-checks.ts';
import { defined } from '../src/defined.ts';
import { applyEvents } from '../src/deployment/apply-events.ts';
import { byOf } from '../src/deployment/decision.ts';
import { type Rehearsal, rehearsing } from '../src/deployment/rehearsal/rehearsal.ts';
import { type AllRefusals, findAllRefusals } from '../src/deployment/start/all-refusals.ts';
import { candidateOf } from '../src/deployment/start/waiting.ts';
import { blockersAt } from '../src/policy/calendar/blockers.ts';
import { nextOpen, windowsAt } from '../src/policy/calendar/windows.ts';
import { type Duration, SECOND } from '../src/time.ts';
import type { DryRun } from '../views/dry-run.ts';
import type { Following } from '../views/following.ts';
import type { SubmittedSchedule } from '../views/schedule-state.ts';
import { actorOf, type CommandContext } from './context.ts';
import { givenBy } from './schedule-revision.ts';

/** What is asked and read; nothing of it is told to anybody. */
export type DryRunContext = Pick<
  CommandContext,
  'conductor' | 'stores' | 'people' | 'policy' | 'clock' | 'realTime' | 'log'
>;

export async function dryRunOf(
  context: DryRunContext,
  userId: string,
  given: SubmittedSchedule,
): Promise<DryRun> {
  const { service, version, environment } = given;
  const about: DryRun = {
    asked: { service, version, environment },
    refusals: [],
    unanswered: [],
    live: { policy: context.policy() },
  };
  const resolved = await context.people.resolve(userId);
  if (!resolved.ok) return { ...about, refusals: [resolved.message] };
  const checked = await checkAll(context, given);
  if (checked.asked === undefined) return { ...about, refusals: checked.problems };
  const intent = await planRequest(context.policy(), checked.asked, (role) =>
    context.people.inRole(role, given.service),
  );
  const { facts } = await context.conductor.preview({ intent, actor: actorOf(resolved) });
  const { refusals, accepted } = findAllRefusals(intent, facts);
  return {
    ...about,
    refusals: [...checked.problems, ...refusals.map(({ message }) => message)],
    unanswered: [
      ...checked.unanswered,
      ...(facts.running === undefined
        ? ['The backend does not say what runs there: the messages below say as if nothing ran.']
        : []),
    ],
    ...(accepted === undefined ? {} : { following: await followingOf(context, accepted) }),
  };
}

interface Checked {
  asked?: Asked;
  problems: string[];
  unanswered: string[];
}

/** A backend that does not say which versions there are keeps nobody from seeing the rest. */
async function checkAll(context: DryRunContext, given: SubmittedSchedule): Promise<Checked> {
  const checked = await checkRequest(context, givenBy(given));
  if (checked.ok) return { asked: checked.asked, problems: [], unanswered: [] };
  const problems = Object.values(checked.problems);
  if (checked.problems.version === undefined) return { problems, unanswered: [] };
  const unseen = { version: given.version, sha: '', digest: '', builtAt: context.clock.now() };
  const again = await checkRequest(context, givenBy(given), unseen);
  if (!again.ok) return { problems, unanswered: [] };
  const unanswered = [
    `Whether there is a ${given.version} is not known, nor its commit: reports of its gates are missing here.`,
  ];
  return { asked: again.asked, problems, unanswered };
}

/** Others are served between slices of it, and whoever asked waits no longer than this (OP-9). */
const SLICE: Duration = 10;
const MAX_TIME: Duration = 2 * SECOND;

async function inSlices(
  playing: ReturnType<typeof rehearsing>,
  { realTime }: Pick<DryRunContext, 'realTime'>,
): Promise<Rehearsal> {
  const begun = realTime.now();
  let waited = 0;
  let slice = performance.now();
  let next = playing.next('go on');
  while (next.done !== true) {
    if (performance.now() - slice >= SLICE) {
      await setImmediate();
      slice = performance.now();
      waited = realTime.now() - begun;
    }
    next = playing.next(waited < MAX_TIME ? 'go on' : 'stop');
  }
  // What is drawn of it is a turn of its own.
  await setImmediate();
  return next.value;
}

async function followingOf(
  context: DryRunContext,
  { intent, facts, events }: NonNullable<AllRefusals['accepted']>,
): Promise<Following> {
  const { now, calendar, notCompletedIn: skipped } = facts;
  const played = applyEvents(NO_NUMBER_YET, undefined, events, { at: now, by: byOf(facts.actor) });
  const deployment = played.after;
  const rehearsal = await inSlices(rehearsing(played, calendar), context);
  const about = { deployment, rehearsal, ...defined({ skipped }) };
  if (calendar === undefined) return { ...about, blockers: [] };
  const candidate = candidateOf(deployment);
  const { start } = intent.terms.envelope;
  const at = start.kind === 'at' ? Math.max(start.at, now) : now;
  // Who is on the way now says nothing about a later start.
  const blockers = blockersAt(at > now ? { ...calendar, conflicts: [] } : calendar, candidate, at);
  const startedAt = rehearsal.end.rollout?.startedAt;
  const { rollout, rollback } = candidate.needed;
  const chance =
    startedAt === undefined
      ? undefined
      : nextOpen(windowsAt(calendar.windows, candidate), startedAt, rollout + rollback);
  return {
    ...about,
    blockers,
    ...(chance === undefined
      ? {}
      : { window: { from: chance.opening.from, to: chance.opening.to, last: chance.last } }),
  };
}
