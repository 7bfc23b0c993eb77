/** The conductor: intents in, one transaction each, effects out, and a waking when time is due. */

import type { DeployBackend, Target } from '../backends/port.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Effect, LiveMessage } from '../deployment/effects.ts';
import type { EventBody } from '../deployment/events.ts';
import type { Log } from '../log.ts';
import type { MetricsSource } from '../metrics/port.ts';
import type { Notifier } from '../notifiers/port.ts';
import type { Policy } from '../policy/policy.ts';
import type { SignalSource } from '../signals/port.ts';
import type { AdapterRef } from '../terms/adapters.ts';
import type { Clock } from '../time.ts';
import { createBackendQuestions } from './asked-of-backends.ts';
import { type CalendarRequests, createCalendarRequests } from './calendar-requests.ts';
import { createCalls, limitedBackend } from './calls.ts';
import type { PeopleQuestions } from './facts/context.ts';
import { createFacts } from './facts.ts';
import { type HandleContext, handle, type Input, type Outcome, type Preview, preview } from './handle.ts';
import type { Instances } from './instances.ts';
import { createInstancesOf } from './instances-of.ts';
import { createKeptRollbacks } from './kept-rollbacks.ts';
import { createLanes } from './lanes.ts';
import type { EventStore, Woken } from './ports/event-store.ts';
import type { Stores } from './ports/stores.ts';
import { newestAfter } from './rolled-back-before.ts';
import type { SmokeRunner } from './smoke.ts';
import { createSweeps } from './sweeps.ts';
import { createJobAnswers } from './waiting-jobs.ts';
import { createWatching, type Watching } from './watching.ts';
import { createWokenEarly } from './woken-early.ts';

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

export interface ConductorOptions extends PeopleQuestions {
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
  /** How a person is called; their id where nobody can be asked. */
  nameOf?(personId: string): Promise<string>;
  /** Called after each commit, with the messages that show something else now: somebody shows it. */
  onCommit(shows: readonly LiveMessage[]): void;
  /** Called after each look that is no commit, with what it left to be shown. */
  onLook(woken: Woken): void;
  /** Called after a freeze or a lock changed: somebody shows it, and tells whom it concerns. */
  onCalendar?(): void;
  /** The file that keeps a rollback which the record cannot take; unset where nothing outlives the process. */
  spool?: string | undefined;
  /** A rollback that was kept for somebody does not happen after all: they are told why. */
  onKeptRefused?(personId: string, deployment: string, why: string): void;
  point?(name: string): void;
}

export function createConductor(options: ConductorOptions): Conductor {
  const { stores, clock, log } = options;
  const { events } = stores;
  const point = options.point ?? (() => {});
  const ending = new AbortController();

  const calls = createCalls(clock.now);
  const instances = createInstancesOf(options);
  const backendFor = (service: string): DeployBackend => limitedBackend(calls, instances.backendNow(service));

  const context: HandleContext = {
    events,
    clock,
    gatherFacts: createFacts({
      ...options,
      ask: createBackendQuestions({ log, backends: options.backends, backendFor }),
      people: options,
    }),
    committed(commit, checkpoint) {
      const { after: deployment, events: bodies, effects } = commit;
      if (deployment.ending !== undefined) {
        log.info(
          { deployment: deployment.id, status: deployment.status, checkpoint },
          'the record of an ended deployment',
        );
        jobAnswers.ended(deployment);
      }
      lanes.pokeFor(commit);
      options.onCommit(shownIn(effects));
      if (bodies.some(({ type }) => WAKES_OTHERS.has(type))) woken.notStarted();
    },
    // Nothing is to be commanded, and whoever looked looks for what is due next.
    measured: options.onLook,
  };
  const kept = createKeptRollbacks({
    handle: async (input) => handle(context, await oncePerPlace(events, input)),
    spool: options.spool,
    clock,
    log,
    refused: (actor, deployment, why) => {
      if (actor.kind === 'person') options.onKeptRefused?.(actor.person.id, deployment, why);
    },
  });

  const woken = createWokenEarly({ events, clock, log, poke });
  const jobAnswers = createJobAnswers({
    events,
    clock,
    log,
    backends: options.backends,
    calls,
    isWatchOnly: (service) => options.policy().services.get(service)?.mode === 'watch',
  });
  const watching = createWatching({
    events,
    clock,
    log,
    policy: options.policy,
    calls,
    backendFor: instances.backendNow,
    handle: kept.handle,
    nameOf: options.nameOf ?? (async (id) => id),
  });
  const world = {
    ...instances,
    stores,
    clock,
    log,
    calls,
    handle: kept.handle,
    hinted: woken.hinted,
    observed: jobAnswers.poke,
    point,
  };
  const commanding = {
    ...world,
    smoke: options.smoke ?? nobodyKnows,
    stopping: ending.signal,
    notifierOf: (ref: AdapterRef) => options.notifiers?.find(ref),
    linkTo: options.linkTo ?? (async () => undefined),
  };
  const lanes = createLanes(world, commanding, [jobAnswers, watching]);
  const sweeps = createSweeps({ stores, clock, log, poke, wakeNotStarted: woken.notStarted });

  function poke(): void {
    lanes.poke();
  }

  function calendarChanged(): void {
    poke();
    options.onCalendar?.();
  }

  const busy = (): boolean => kept.busy() || woken.busy() || lanes.busy();

  return {
    handle: kept.handle,
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
      woken.happenedAt(places);
    },
    reportWatched: watching.report,
    backendFor,
    busy,
    start() {
      kept.start();
      poke();
      woken.notStarted();
      sweeps.start();
    },
    async stop() {
      ending.abort();
      await sweeps.stop();
      await Promise.all([kept.stop(), lanes.stop(), woken.idle()]);
    },
    async idle() {
      while (busy()) await Promise.all([kept.idle(), lanes.idle(), woken.idle()]);
    },
  };
}

const shownIn = (effects: readonly Effect[]): LiveMessage[] =>
  effects.flatMap((effect) => (effect.kind === 'show' ? [effect.message] : []));

/** After these, traffic does not move any more, or a version does not run any more where it bakes. */
const WAKES_OTHERS: ReadonlySet<EventBody['type']> = new Set([
  'verified',
  'rollback_started',
  'rolled_back',
  'rollback_failed',
  'observation_unsettled',
]);

/** Two people at once take one thing back once: whoever is second has the first one's deployment. */
async function oncePerPlace(events: Pick<EventStore, 'load' | 'list'>, input: Input): Promise<Input> {
  if (input.intent.kind !== 'take_back') return input;
  const of = await events.load(input.intent.of);
  const after = of && (await newestAfter(events, of));
  return { ...input, inboxKey: `take_back:${input.intent.of}:${after?.id ?? ''}` };
}

const nobodyKnows: SmokeRunner = async ({ tests }) =>
  tests.map(({ id }) => ({ test: id, outcome: 'unknown', problem: 'nothing runs smoke tests here' }));
