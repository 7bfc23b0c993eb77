/** What the schedule modal shows beside its fields: what runs, what is built, what the policy asks. */

import { within } from '../src/conductor/deadline.ts';
import {
  beforeIt,
  changesFor,
  earliestOf,
  offeredStartAt,
  releasesOf,
  runningAt,
} from '../src/conductor/place-facts.ts';
import { powerWords } from '../src/conductor/power.ts';
import { rolledBackBefore } from '../src/conductor/rolled-back-before.ts';
import { withItemsOf } from '../src/conductor/under-contract.ts';
import { defined } from '../src/defined.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import type { ShortNotice } from '../src/deployment/request/notice.ts';
import { approvalFor } from '../src/policy/approvals.ts';
import type { Criteria } from '../src/policy/calendar/criteria.ts';
import { contactsFor } from '../src/policy/contacts.ts';
import { requirementsFor } from '../src/policy/requirements.ts';
import { safeguardsFor, strategiesFor } from '../src/policy/rollout.ts';
import type { RolledBackBefore } from '../src/terms/comes-back.ts';
import type { PersonRef } from '../src/terms/person.ts';
import { plannedDuration } from '../src/terms/plan.ts';
import type { Requirements } from '../src/terms/requirements.ts';
import type { Duration, Instant } from '../src/time.ts';
import type { ScheduleContext } from '../views/schedule-form.ts';
import { isBegunWith, type ScheduleState, withTitle } from '../views/schedule-state.ts';
import type { CommandContext } from './context.ts';
import { type Bound, boundBy, guardedBy, itemsOf, noticePlanned } from './schedule-bound.ts';
import { offeredTo } from './schedule-offers.ts';
import { criteriaFor } from './start-criteria.ts';
import { type OfferedStrategies, offeredStrategies } from './strategy-offers.ts';

/** A modal must open within 3 s. */
const NAMES_WITHIN: Duration = 500;

/** A form as whoever asked for it may fill it in. */
export async function scheduleShown(
  context: CommandContext,
  asked: ScheduleState,
  userId: string,
): Promise<{ state: ScheduleState; about: ScheduleContext }> {
  const [offered, first] = await Promise.all([offeredTo(context, asked, userId), contextOf(context, asked)]);
  const { state, changeTypes, allChangeTypes, base, zone, notice } = offered;
  const about = state === asked ? first : await contextOf(context, state);
  return {
    state: withTitle(state, about.release),
    about: { ...about, changeTypes, allChangeTypes, base, zone, ...defined({ notice }) },
  };
}

async function contextOf(
  context: CommandContext,
  state: ScheduleState,
): Promise<Omit<ScheduleContext, 'changeTypes' | 'allChangeTypes' | 'base' | 'zone'>> {
  const policy = context.policy();
  const service = state.service === undefined ? undefined : policy.services.get(state.service);
  const environments = policy.environments.filter(({ id }) => service?.environments.includes(id));
  const { environment, version } = state;
  const runs = runningAt(context, state);
  const [running, changes, releases, nextStart, bound, power, rolledBack] = await Promise.all([
    runs,
    runs.then((now) => changesFor(context, state, now)),
    version === undefined ? [] : releasesOf(context, state),
    offeredStartAt(context, state),
    boundBy(context, state),
    powerWords(context, state),
    rolledBackAt(context, state),
  ]);
  const release = releases.find((one) => one.version === version);
  const before =
    service === undefined || environment === undefined || release === undefined
      ? undefined
      : await beforeIt(context, { service: service.name, environment }, release, running);
  const start = startOf(state, nextStart);
  const shortNotice = shortNoticeFor(context, state, nextStart, bound);
  const criteria = start === undefined ? undefined : await criteriaShown(context, state, start);
  return {
    services: [...policy.services.values()].filter(({ mode }) => mode === 'drive').map(({ name }) => name),
    environments,
    ...strategiesOffered(context, state),
    guarded: guardedBy(policy, state, bound),
    ...defined({
      contract: bound.record,
      nextStart,
      shortNotice,
      criteria,
      running: running && { ...running, ...defined({ since: before?.runningSince }) },
      release,
      cameFrom: before?.cameFrom,
      changes,
      power,
      rolledBack,
    }),
    ...(environment === undefined
      ? {}
      : {
          approval: approvalShown(context, environment, state),
          needs: needsShown(withItemsOf(requirementsFor(policy, environment, state), itemsOf(bound))),
        }),
  };
}

/** What was asked for of a version when it was asked for stays, where something else of it changes. */
async function rolledBackAt(
  { stores }: CommandContext,
  state: ScheduleState,
): Promise<RolledBackBefore | undefined> {
  const { service, environment, version } = state;
  if (service === undefined || environment === undefined || version === undefined) return undefined;
  return isBegunWith(state, 'version', version)
    ? undefined
    : rolledBackBefore(stores.events, { service, environment, version });
}

/** What the place allows and its backend can carry out. */
export function strategiesOffered(context: CommandContext, state: ScheduleState): OfferedStrategies {
  const policy = context.policy();
  const service = policy.services.get(state.service ?? '');
  const backend = service && context.conductor.backendFor(service.name);
  return offeredStrategies(strategiesFor(policy, state), backend);
}

/** The start that is chosen, or the one that is offered. */
function startOf(state: ScheduleState, nextStart: Instant | undefined): Instant | undefined {
  return state.when === 'at' ? state.at : nextStart;
}

/** Where the start as it is chosen is known later than the policy promises those who must know (CM-5). */
function shortNoticeFor(
  context: CommandContext,
  state: ScheduleState,
  nextStart: Instant | undefined,
  bound: Bound,
): ShortNotice | undefined {
  const { environment } = state;
  if (environment === undefined) return undefined;
  const { before } = bound;
  const planned = noticePlanned(context.policy(), environment, bound);
  const now = context.clock.now();
  const start = startOf(state, nextStart) ?? earliestOf(context, environment, state) ?? now;
  if (planned === undefined || (state.when === 'at' && state.at === undefined)) return undefined;
  const since = before !== undefined && isAsBefore(state, before) ? before.start.plannedSince : now;
  const ahead = Math.max(0, start - since);
  return ahead < planned ? { ahead, planned } : undefined;
}

function isAsBefore({ when, at, version }: ScheduleState, { terms: { envelope } }: Deployment): boolean {
  const { start } = envelope;
  return when === 'at' && start.kind === 'at' && start.at === at && envelope.version === version;
}

async function criteriaShown(
  context: CommandContext,
  state: ScheduleState,
  at: Instant,
): Promise<Criteria | undefined> {
  const policy = context.policy();
  const { service, environment, lead, onCall } = state;
  const plan = policy.strategies.get(state.strategy ?? '')?.plan;
  if (service === undefined || environment === undefined || plan === undefined) return undefined;
  const named = [lead, onCall, policy.services.get(service)?.escalation];
  const [leads, calls, escalation] = await Promise.all(
    named.map(async (id) => (id === undefined ? undefined : nameOf(context, id))),
  );
  const contacts = contactsFor(policy, {
    lead: leads ?? NOBODY,
    onCall: calls ?? NOBODY,
    ...defined({ escalation }),
  });
  const candidate = {
    service,
    environment,
    needed: { rollout: plannedDuration(plan), rollback: safeguardsFor(policy, state).rollbackWithin },
  };
  return criteriaFor(context, at, candidate, contacts, state.metadata.revises?.d);
}

/** Not chosen yet: no hours are known of them, so nothing is said. */
const NOBODY: PersonRef = { id: '', name: '' };

/** A modal does not wait for a slow look-up: the id then stands in. */
async function nameOf(context: CommandContext, id: string): Promise<PersonRef> {
  try {
    const { name } = await within(NAMES_WITHIN, 'Slack', () => context.people.known(id));
    return { id, name };
  } catch (error) {
    context.log.warn({ err: error, user: id }, 'a name could not be looked up in time; the id is shown');
    return { id, name: id };
  }
}

/** Who must say go, when, and from when it may start. */
function approvalShown(
  context: CommandContext,
  environment: string,
  state: ScheduleState,
): NonNullable<ScheduleContext['approval']> {
  const policy = context.policy();
  const { when, signOffs } = approvalFor(policy, environment, state);
  const earliest = earliestOf(context, environment, state);
  return {
    when,
    signOffs: signOffs.map(({ name }) => name),
    ...defined({ earliest }),
  };
}

/** How much must be there before the start besides the sign-offs. */
function needsShown({
  gates,
  checklist,
  changeRequest,
}: Requirements): NonNullable<ScheduleContext['needs']> {
  const items = checklist.filter(({ before }) => before === 'start');
  const required = items.filter((item) => item.required).length;
  return {
    gates: gates.filter(({ before }) => before === 'start').length,
    changeRequest,
    required,
    optional: items.length - required,
  };
}
