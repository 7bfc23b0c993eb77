/** The conductor: intents in, one transaction each, effects out, and a waking when time is due. */

import cron from 'node-cron';
import type { DeployBackend, Target } from '../backends/port.ts';
import { defined } from '../defined.ts';
import { standingGoes } from '../deployment/approval/sign-offs.ts';
import { LANES } from '../deployment/command-effects.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { EventBody } from '../deployment/events.ts';
import type { Facts } from '../deployment/intents.ts';
import { CAN_ROLL_BACK, NOT_STARTED, type Status, TERMINAL } from '../deployment/lifecycle.ts';
import { strangerIn } from '../deployment/rollout/drift.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../message-of.ts';
import type { MetricsSource } from '../metrics/port.ts';
import type { Notifier } from '../notifiers/port.ts';
import { mayAsk, mayDeclare, notAdmitted } from '../policy/admission.ts';
import type { Calendar, Gone, Signer } from '../policy/calendar/blockers.ts';
import type { Place } from '../policy/calendar/scope.ts';
import type { Policy } from '../policy/policy.ts';
import { strategiesFor } from '../policy/rollout.ts';
import { whereFrom } from '../policy/watching.ts';
import type { SignalSource } from '../signals/port.ts';
import type { AdapterRef } from '../terms/adapters.ts';
import type { Terms } from '../terms/terms.ts';
import { type Clock, type Duration, type Instant, SECOND } from '../time.ts';
import { gatherCalendar } from './calendar.ts';
import { type CalendarRequests, createCalendarRequests } from './calendar-requests.ts';
import { createCalls, limitedBackend } from './calls.ts';
import { createCommandRunner } from './commands.ts';
import { within } from './deadline.ts';
import { type HandleContext, handle, type Input, type Outcome, type Preview, preview } from './handle.ts';
import type { Instance, Instances } from './instances.ts';
import { createKeptRollbacks } from './kept-rollbacks.ts';
import { leftBy, newestLeft } from './left-there.ts';
import { adaptersOf } from './plan-request.ts';
import type { Stores } from './ports/stores.ts';
import { noDrillIn, notCompletedIn } from './promotion.ts';
import type { Pump } from './pump.ts';
import { gatherReports } from './reports.ts';
import { actorAt, signerAt } from './roles-at.ts';
import { newestAfter, rolledBackBefore } from './rolled-back-before.ts';
import { type SmokeRunner, smokeTallyAt } from './smoke.ts';
import { createJobAnswers } from './waiting-jobs.ts';
import { createWaker } from './waker.ts';
import { createWatching, type Watching } from './watching.ts';

export interface Conductor {
  handle(input: Input): Promise<Outcome>;
  /** What would come of an input now: decided on the same facts, and nothing of it is written or told to anybody (ST-7). */
  preview(input: Input): Promise<Preview>;
  backendFor(service: string): DeployBackend;
  /** Takes up what was left, and keeps going until `stop`. */
  start(): void;
  /** Starts nothing new, and waits for what runs. */
  stop(): Promise<void>;
  busy(): boolean;
  idle(): Promise<void>;
  /** The calendar changed: those that have not started look at it again. */
  calendarChanged(): void;
  /** Freezes and locks, as people ask for them. */
  calendar: CalendarRequests;
  /** Something is known of a release: the deployments that were marked for it look now. */
  releaseChanged(): void;
  /** A backend says of its own that something happened there: what has traffic in these places is looked at now. */
  happenedAt(places: readonly Target[]): void;
  /** What whoever deploys a service says of it that is only watched. */
  reportWatched: Watching['report'];
}

export interface ConductorOptions {
  stores: Stores;
  clock: Clock;
  log: Log;
  policy(): Policy;
  backends: Instances<DeployBackend>;
  metrics: Instances<MetricsSource>;
  /** Unset where nothing tells of alerts. */
  signals?: Instances<SignalSource>;
  /** Unset where nobody is called beyond Slack. */
  notifiers?: Instances<Notifier>;
  /** Where people see a deployment; unset where nobody knows. */
  linkTo?(deployment: Deployment): Promise<string | undefined>;
  /** Runs smoke tests; unset where nothing does, and then nobody knows of them. */
  smoke?: SmokeRunner;
  /** Why a person cannot take part any more; undefined where they can. Unset where nobody can be asked. */
  gone?(personId: string): Promise<Gone['why'] | undefined>;
  /** How a person is called; their id where nobody can be asked. */
  nameOf?(personId: string): Promise<string>;
  /** Which roles a person holds by Slack's own word of now, never by what was known before. Unset where nobody can be asked. */
  signer?(personId: string): Promise<Signer>;
  /** Called after each commit: somebody shows it. */
  onCommit(deployment: Deployment, events: readonly EventBody[]): void;
  /** Called after a freeze or a lock changed: somebody shows it, and tells whom it concerns. */
  onCalendar?(): void;
  /** The file that keeps a rollback which the record cannot take; unset where nothing outlives the process. */
  spool?: string | undefined;
  point?(name: string): void;
}

/** A person waits for the answer to a request: a backend slower than this is asked again at the start. */
const RUNNING_WITHIN: Duration = 1.5 * SECOND;

export function createConductor(options: ConductorOptions): Conductor {
  const { stores, clock, log } = options;

  const instanceOf = <T>(
    instances: Instances<T>,
    what: 'backend' | 'metrics',
    service: string,
    frozen?: AdapterRef,
  ): Instance<T> => {
    const ref = frozen ?? adaptersOf(options.policy(), service)?.[what];
    const instance = ref && instances.find(ref);
    if (instance === undefined) throw new Error(`${service} has no ${what} now: the configuration lost it`);
    return instance;
  };
  const calls = createCalls(options.clock.now);
  const backendFor = (service: string): DeployBackend =>
    limitedBackend(calls, instanceOf(options.backends, 'backend', service));
  // What was frozen at the request carries it to its end, whatever the service has now (PR-3).
  const backendOf = (d: Deployment): Instance<DeployBackend> =>
    instanceOf(options.backends, 'backend', d.terms.envelope.service, d.terms.adapters.backend);
  const metricsOf = (d: Deployment): Instance<MetricsSource> =>
    instanceOf(options.metrics, 'metrics', d.terms.envelope.service, d.terms.adapters.metrics);

  const signalsOf = (d: Deployment, index: number): Instance<SignalSource> => {
    const ref = d.terms.adapters.signals?.[index];
    const instance = ref && options.signals?.find(ref);
    if (instance === undefined)
      throw new Error(`the configuration lost ${ref?.name ?? 'a source of signals'}`);
    return instance;
  };

  const context: HandleContext = {
    events: stores.events,
    clock,
    gatherFacts,
    committed(deployment, events, checkpoint) {
      if (deployment.ending !== undefined) {
        log.info(
          { deployment: deployment.id, status: deployment.status, checkpoint },
          'the record of an ended deployment',
        );
        jobAnswers.ended(deployment);
      }
      pokeFor(deployment);
      options.onCommit(deployment, events);
      if (events.some(({ type }) => STOPS_MOVING.has(type))) wakeNotStarted();
    },
    // Nothing is to be commanded, and whoever looked looks for what is due next.
    measured(deployment) {
      options.onCommit(deployment, []);
    },
  };
  const kept = createKeptRollbacks({
    handle: async (input) => handle(context, await oncePerPlace(input)),
    spool: options.spool,
    clock,
    log,
  });
  const tellCore = kept.handle;

  async function gatherFacts(
    { intent, actor: given }: Input,
    before: Deployment | undefined,
  ): Promise<Facts> {
    const now = clock.now();
    const actor = actorAt(options.policy(), placeMeant(intent, before), given, now);
    const facts: Facts = { now, actor };
    const place = placeInQuestion(intent, before);
    if (place !== undefined) {
      const calendar = await gatherCalendar(stores, options.policy(), place, facts.now);
      facts.calendar = { ...calendar, ...(await peopleAtTheStart(before, facts.now)) };
    }
    if (asksForReports(intent, before)) {
      const of =
        intent.kind === 'request' || intent.kind === 'revise'
          ? intent.terms.envelope
          : before?.terms.envelope;
      if (of !== undefined) Object.assign(facts, await gatherReports(stores, options.policy(), of));
    }
    if (intent.kind === 'smoke_reported' && before !== undefined && before.smoke?.tally === undefined)
      facts.smokeTally = await smokeTallyAt(stores.events, before);
    if (intent.kind === 'observed' && before?.status === 'scheduled') {
      const { service, environment } = before.terms.envelope;
      facts.history = await stores.events.judgeHistory({ service, environment });
      const [goingBack] = await stores.events.inEnvironment(environment, [service], ['rolling_back']);
      if (before.start.at !== undefined && before.start.at <= facts.now)
        Object.assign(facts, await planProblemIn(before.terms, 'start'), await leftAt(before));
      return withOccupant(facts, goingBack);
    }
    // What has traffic there beside it may be the deployment after it, which is not behind anybody's back.
    if (intent.kind === 'observed' && before && strangerIn(before, intent.observation) !== undefined) {
      const { service, environment } = before.terms.envelope;
      const occupant = await stores.events.occupant(service, environment);
      return withOccupant(facts, occupant?.id === before.id ? undefined : occupant);
    }
    if (intent.kind === 'override' && before !== undefined && actor.kind === 'person') {
      const who = { id: actor.person.id, roles: actor.roles };
      facts.mayDeclare = mayDeclare(
        options.policy(),
        placeOf(before),
        who,
        now,
        before.terms.details.changeType,
      );
    }
    if (intent.kind === 'take_back') {
      const known = await takeBackFacts(intent.of);
      const of = known.takeBack?.of.terms.envelope;
      const there = { ...facts, ...known, actor: actorAt(options.policy(), of, given, now) };
      const noDrill = of && noDrillIn(options.policy(), of);
      return withWatchOnly({ ...there, ...defined({ noDrill }) }, options.policy());
    }
    if (intent.kind === 'watch') {
      const { service, environment } = intent.terms.envelope;
      return withOccupant(facts, await stores.events.occupant(service, environment));
    }
    if (intent.kind !== 'request' && intent.kind !== 'revise') return facts;
    const running = await runningAt(intent.terms.envelope.service, intent.terms.envelope.environment);
    if (running !== undefined) facts.running = running;
    const { adapters } = intent.kind === 'request' ? intent.terms : (before?.terms ?? {});
    const taken = adapters && options.backends.find(adapters.backend)?.adapter.steps;
    if (taken !== undefined) facts.taken = taken;
    if (adapters !== undefined)
      Object.assign(facts, await planProblemIn({ adapters, envelope: intent.terms.envelope }, 'request'));
    facts.strategies = strategiesFor(options.policy(), intent.terms.envelope).map(({ id }) => id);
    if (intent.terms.drill === true)
      Object.assign(facts, defined({ noDrill: noDrillIn(options.policy(), intent.terms.envelope) }));
    const skipped = await notCompletedIn(stores.events, options.policy(), intent.terms.envelope);
    if (skipped !== undefined) facts.notCompletedIn = skipped;
    const rolledBack = await rolledBackBefore(stores.events, intent.terms.envelope);
    if (rolledBack !== undefined) facts.rolledBack = rolledBack;
    Object.assign(facts, admissionOf(options.policy(), intent, actor, now));
    if (intent.kind === 'revise') return facts;
    const { service, environment } = intent.terms.envelope;
    const occupant = await stores.events.occupant(service, environment);
    return withWatchOnly(withOccupant(facts, occupant), options.policy(), service);
  }

  /** Whoever is to be on call or said go is asked for again when it would start: they may have left since (WN-5, CH-7). */
  async function peopleAtTheStart(
    d: Deployment | undefined,
    now: Instant,
  ): Promise<Pick<Calendar, 'gone' | 'signers'>> {
    if (d?.status !== 'scheduled' || d.start.at === undefined || d.start.at > now) return {};
    const { id } = d.terms.details.onCall;
    const why = await options.gone?.(id);
    const asked = options.signer && (await Promise.all(signersOf(d).map(options.signer)));
    const signers = asked?.map((signer) => signerAt(options.policy(), placeOf(d), signer, now));
    return { gone: why === undefined ? [] : [{ id, why }], ...(signers && { signers }) };
  }

  async function leftAt({ terms }: Deployment): Promise<Pick<Facts, 'left'>> {
    const newest = await newestLeft(stores.events, terms.envelope);
    return newest === undefined ? {} : { left: leftBy(newest) };
  }

  let looking: Promise<unknown> = Promise.resolve();
  let looks = 0;

  /** Others may wait for what has ended; where this fails, the sweep does it. */
  function wakeNotStarted(): void {
    inBackground(wakeOthers());
  }

  function inBackground(work: Promise<void>): void {
    looks += 1;
    looking = Promise.all([looking, work]).finally(() => {
      looks -= 1;
    });
  }

  /** Where this fails, it is looked at when its time comes. */
  async function wakeAt(places: readonly Target[]): Promise<void> {
    try {
      for (const { service, environment } of places) {
        const there = await stores.events.inEnvironment(environment, [service], WITH_TRAFFIC);
        for (const { id, seq } of there) {
          hinted.add(id);
          await stores.events.snooze(id, seq, clock.now());
        }
      }
    } catch (error) {
      log.error({ err: error, places }, 'what happened at a backend is looked at when its time comes');
    }
    poke();
  }

  async function wakeOthers(): Promise<void> {
    try {
      await stores.events.wakeNotStarted();
      poke();
    } catch (error) {
      log.error({ err: error }, 'those that wait were not woken; the next sweep does it');
    }
  }

  /** Two people at once take one thing back once: whoever is second has the first one's deployment. */
  async function oncePerPlace(input: Input): Promise<Input> {
    if (input.intent.kind !== 'take_back') return input;
    const of = await stores.events.load(input.intent.of);
    const after = of && (await newestAfter(stores.events, of));
    return { ...input, inboxKey: `take_back:${input.intent.of}:${after?.id ?? ''}` };
  }

  async function takeBackFacts(id: string): Promise<Pick<Facts, 'takeBack' | 'running'>> {
    const of = await stores.events.load(id);
    if (of === undefined) return {};
    const { service, environment } = of.terms.envelope;
    const [after, running] = await Promise.all([
      newestAfter(stores.events, of),
      runningAt(service, environment),
    ]);
    return defined({ takeBack: { of, ...defined({ after }) }, running });
  }

  async function runningAt(service: string, environment: string): Promise<string | null | undefined> {
    try {
      const observation = await within(RUNNING_WITHIN, 'the backend', (signal) =>
        backendFor(service).observe({ service, environment }, signal),
      );
      return observation.stable;
    } catch (error) {
      log.warn(
        { err: error, service, environment },
        'what runs is not known now; it is asked again at the start',
      );
      return undefined;
    }
  }

  /** What the backend does not say at the request it is asked again at the start, and there nothing begins without an answer. */
  async function planProblemIn(
    { adapters, envelope: { service, environment, plan } }: Pick<Terms, 'adapters' | 'envelope'>,
    when: 'request' | 'start',
  ): Promise<Pick<Facts, 'planProblem'>> {
    const backend = options.backends.find(adapters.backend)?.adapter;
    if (backend?.planProblem === undefined) return {};
    try {
      const planProblem = await within(RUNNING_WITHIN, 'the backend', async (signal) =>
        backend.planProblem?.({ service, environment }, plan, signal),
      );
      return defined({ planProblem });
    } catch (error) {
      log.warn({ err: error, service, environment, when }, 'whether the plan fits is not known now');
      const unknown = `whether the plan fits what runs there is not known: ${messageOf(error)}`;
      return when === 'start' ? { planProblem: unknown } : {};
    }
  }

  const point = options.point ?? (() => {});
  const hinted = new Set<string>();
  const jobAnswers = createJobAnswers({
    events: stores.events,
    clock,
    log,
    backends: options.backends,
    calls,
    isWatchOnly: (service) => options.policy().services.get(service)?.mode === 'watch',
  });
  const world = {
    stores,
    clock,
    log,
    calls,
    backendOf,
    metricsOf,
    signalsOf,
    handle: tellCore,
    hinted,
    observed: jobAnswers.poke,
    point,
  };
  const smoke = options.smoke ?? nobodyKnows;
  const ending = new AbortController();
  const commanding = {
    ...world,
    smoke,
    stopping: ending.signal,
    notifierOf: (ref: AdapterRef) => options.notifiers?.find(ref),
    linkTo: options.linkTo ?? (async () => undefined),
  };
  const watching = createWatching({
    events: stores.events,
    clock,
    log,
    policy: options.policy,
    calls,
    backendFor: (service) => instanceOf(options.backends, 'backend', service),
    handle: tellCore,
    nameOf: options.nameOf ?? (async (id) => id),
  });
  const usual: Pump[] = [
    ...LANES.flatMap((lane) => [createCommandRunner(commanding, lane), createWaker(world, lane)]),
    jobAnswers,
    watching,
  ];
  const notices = createCommandRunner(commanding, 'notices');
  const pumps: Pump[] = [...usual, notices];
  const sweeps: { stop(): void | Promise<void> }[] = [];
  function calendarChanged(): void {
    poke();
    options.onCalendar?.();
  }

  const busy = (): boolean => kept.busy() || looks > 0 || pumps.some((pump) => pump.busy());

  /** Most have no pager: nothing is looked for there. */
  function pokeFor({ terms }: Deployment): void {
    for (const pump of usual) pump.poke();
    if (terms.paging !== undefined) notices.poke();
  }

  function poke(): void {
    for (const pump of pumps) pump.poke();
  }

  return {
    handle: tellCore,
    preview: (input) => preview(context, input),
    calendarChanged,
    calendar: createCalendarRequests({
      calendar: stores.calendar,
      policy: options.policy,
      now: () => clock.now(),
      changed: calendarChanged,
    }),
    releaseChanged: poke,
    happenedAt(places) {
      watching.happenedAt(places);
      inBackground(wakeAt(places));
    },
    reportWatched: watching.report,
    backendFor,
    busy,
    start() {
      kept.start();
      poke();
      wakeNotStarted();
      sweeps.push(
        cron.schedule('* * * * *', poke),
        cron.schedule('*/5 * * * *', wakeNotStarted),
        cron.schedule('17 * * * *', () => void prune(stores, clock, log)),
      );
    },
    async stop() {
      ending.abort();
      for (const sweep of sweeps.splice(0)) await sweep.stop();
      await Promise.all([kept.stop(), ...pumps.map((pump) => pump.stop()), looking]);
    },
    async idle() {
      while (busy()) await Promise.all([kept.idle(), ...pumps.map((pump) => pump.idle()), looking]);
    },
  };
}

const nobodyKnows: SmokeRunner = async ({ tests }) =>
  tests.map(({ id }) => ({ test: id, outcome: 'unknown', problem: 'nothing runs smoke tests here' }));

async function prune(stores: Stores, clock: Clock, log: Log): Promise<void> {
  try {
    const pruned = await stores.prune(clock.now());
    log.info({ ...pruned, checkpoint: await stores.events.checkpoint() }, 'pruned');
  } catch (error) {
    log.error({ err: error }, 'pruning failed; the next sweep tries again');
  }
}

/** Whether this person may ask for this kind of change. */
function admissionOf(
  policy: Policy,
  {
    terms: {
      envelope: { service, environment },
      details,
    },
  }: Extract<Input['intent'], { kind: 'request' | 'revise' }>,
  actor: Input['actor'],
  now: Instant,
): Pick<Facts, 'mayRequest' | 'notAdmitted'> {
  if (actor.kind !== 'person') return { mayRequest: false };
  const who = { id: actor.person.id, roles: actor.roles };
  const why = notAdmitted(policy, { ...details, service, environment }, who, now);
  return {
    mayRequest: mayAsk(policy, details.changeType, who),
    ...defined({ notAdmitted: why }),
  };
}

function placeOf({
  terms: {
    envelope: { service, environment },
  },
}: Deployment): {
  service: string;
  environment: string;
} {
  return { service, environment };
}

/** Those whose gos stand, each once. */
function signersOf(d: Deployment): string[] {
  return [...new Set(standingGoes(d).map(({ person }) => person.id))];
}

const WITH_TRAFFIC: readonly Status[] = [...CAN_ROLL_BACK, 'rolling_back'];

/** After these, traffic does not move any more. */
const STOPS_MOVING: ReadonlySet<EventBody['type']> = new Set(['verified', 'rolled_back', 'rollback_failed']);

/**
 * Where a machine's word may move it, or has to be told in its thread: from the request to its end. Whatever is said of
 * its release wakes it, so a look at the backend does not ask each time, but for the one that starts it.
 */
function asksForReports({ kind }: Input['intent'], before: Deployment | undefined): boolean {
  if (kind === 'request' || kind === 'revise') return true;
  if (before === undefined) return false;
  if (kind === 'observed') return NOT_STARTED.has(before.status);
  return kind === 'wake' && !TERMINAL.has(before.status);
}

/** The place that it is about; undefined where no record says yet. */
function placeMeant(intent: Input['intent'], before: Deployment | undefined): Place | undefined {
  if (intent.kind === 'request') return intent.terms.envelope;
  return before && placeOf(before);
}

/** Where the intent wants to know what stands in the way of a start. */
function placeInQuestion(
  intent: Input['intent'],
  before: Deployment | undefined,
): (Place & { id?: string }) | undefined {
  if (intent.kind === 'request') return intent.terms.envelope;
  const asks = ['revise', 'override', 'wake', 'observed'].includes(intent.kind);
  return asks && before !== undefined && NOT_STARTED.has(before.status)
    ? { ...placeOf(before), id: before.id }
    : undefined;
}

/** Nothing is driven for a service that is only watched, whatever was asked for before it was. */
function withWatchOnly(
  facts: Facts,
  policy: Policy,
  service = facts.takeBack?.of.terms.envelope.service ?? '',
): Facts {
  const own = policy.services.get(service);
  if (own?.mode !== 'watch') return facts;
  return { ...facts, watchOnly: { service, from: whereFrom(own) } };
}

function withOccupant(facts: Facts, occupant: Deployment | undefined): Facts {
  if (occupant === undefined) return facts;
  const {
    id,
    terms: { envelope, details },
  } = occupant;
  return { ...facts, occupiedBy: { id, version: envelope.version, lead: details.lead } };
}
