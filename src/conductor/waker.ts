/** Wakes deployments whose time has come: asks the world what they need to know, and hands the answers to the core. */

import type { DeployBackend } from '../backends/port.ts';
import { defined } from '../defined.ts';
import type { Lane } from '../deployment/command-effects.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Actor, Intent } from '../deployment/intents.ts';
import { CAN_ROLL_BACK } from '../deployment/lifecycle.ts';
import {
  askAgainAfter,
  isTimeDeciding,
  nextWake,
  type Question,
  questions,
} from '../deployment/next-wake.ts';
import { comparisonDue } from '../deployment/rollout/compared.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../message-of.ts';
import type { MetricsSource } from '../metrics/port.ts';
import { soundReading } from '../metrics/reading.ts';
import type { SignalSource } from '../signals/port.ts';
import { type Clock, type Duration, type Instant, SECOND } from '../time.ts';
import { type Calls, Crowded } from './calls.ts';
import { changeOf } from './commands.ts';
import { within } from './deadline.ts';
import type { Input, Outcome } from './handle.ts';
import { compareWithBefore } from './history.ts';
import type { Instance } from './instances.ts';
import type { Wake } from './ports/event-store.ts';
import type { Stores } from './ports/stores.ts';
import { type Aside, createPump, NotNow, type Pump, type Rests } from './pump.ts';
import { askSignals } from './signals.ts';

export interface WakerContext {
  stores: Stores;
  clock: Clock;
  log: Log;
  backendOf(deployment: Deployment): Instance<DeployBackend>;
  metricsOf(deployment: Deployment): Instance<MetricsSource>;
  /** By its place in the frozen list. */
  signalsOf(deployment: Deployment, index: number): Instance<SignalSource>;
  calls: Calls;
  handle(input: Input): Promise<Outcome>;
  /** The backend was looked at. */
  observed(): void;
  /** Deployments whose backend says of its own that something happened: it is looked at now, whatever is due. */
  hinted: Set<string>;
  /** Named moments at which a test ends the process. */
  point(name: string): void;
}

const ANSWERS_WITHIN: Duration = 20 * SECOND;

/** Starts one after the other: two that are in each other's way must not both find it free (WN-2). */
function oneAtATime(): OneAtATime {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const mine = last.then(act);
    // A fault is the caller's; the next one has its turn all the same.
    last = mine.then(
      () => {},
      () => {},
    );
    return mine;
  };
}

type OneAtATime = <T>(act: () => Promise<T>) => Promise<T>;

type Signalled = Extract<Intent, { kind: 'signalled' }>;

interface Waking extends WakerContext {
  oneStart: OneAtATime;
  lane: Lane;
  aside: Aside;
  rests: Rests;
}

/** One pump per lane: what fills the one never keeps the other waiting. */
export function createWaker(context: WakerContext, lane: Lane): Pump {
  const { stores, clock } = context;
  const oneStart = oneAtATime();
  return createPump<Wake>({
    name: `waker, ${lane}`,
    clock,
    log: context.log,
    concurrency: 16,
    keyOf: ({ id }) => id,
    async due(now, except, limit) {
      const { due, next } = await stores.events.due(now, limit + except.size, lane);
      return { items: due.filter(({ id }) => !except.has(id)).slice(0, limit), next };
    },
    run: (due, aside, rests) => wake({ ...context, oneStart, lane, aside, rests }, due),
  });
}

async function wake(context: Waking, { id, told, known }: Wake): Promise<void> {
  const { stores, clock } = context;
  const before = known ?? (await stores.events.load(id));
  if (before === undefined) return;
  const asked = withHint(context, before, questions(before, clock.now()));
  const next = nextWake(before);
  // Woken before its time, to look at the calendar: whoever wakes it once more while it looks is not overwritten.
  if (next !== undefined && next > clock.now()) await stores.events.snooze(id, before.seq, next);
  let after = before;
  const decideOn = async (intent: Intent, name: 'clock' | 'backend' | 'judge'): Promise<Outcome> => {
    const actor: Actor = { kind: 'system', name };
    const outcome = await context.handle({ deployment: id, known: after, intent, actor });
    after = outcome.deployment ?? after;
    return outcome;
  };
  if (asked.length === 0 || told > 0 || isTimeDeciding(before, clock.now())) {
    const woken = await decideOn({ kind: 'wake' }, 'clock');
    if (told > 0) await stores.events.heard({ id, told });
    // It may ask other questions now, and at once.
    if (asked.length === 0 && woken.kind === 'accepted') return;
  }
  for (const question of asked) {
    const signalled = question.ask === 'metrics' ? await signalsIn(context, before, question) : undefined;
    const heard = signalled && (await decideOn(signalled, 'judge'));
    if (heard?.kind === 'accepted' && heard.deployment.status !== before.status) break;
    const measured = withLogs(await ask(context, before, question), signalled);
    const answer = await withComparison(context, before, measured);
    context.point(`answer:${question.ask}:${id}:${before.seq}`);
    const decided = () => decideOn(answer, question.ask === 'metrics' ? 'judge' : 'backend');
    const outcome = await (before.status === 'scheduled'
      ? context.aside(() => context.oneStart(decided))
      : decided());
    // The answer moved it on: what else was to be asked is no longer the question.
    if (outcome.kind === 'accepted' && outcome.deployment.status !== before.status) break;
  }
  context.rests(await whenDueAfter(context, after));
}

function withHint({ hinted }: Waking, d: Deployment, asked: Question[]): Question[] {
  const isAsked = asked.some(({ ask: what }) => what === 'backend');
  return hinted.delete(d.id) && !isAsked && CAN_ROLL_BACK.has(d.status)
    ? [{ ask: 'backend' }, ...asked]
    : asked;
}

async function ask(context: Waking, d: Deployment, question: Question): Promise<Intent> {
  if (question.ask === 'backend') {
    try {
      const observation = await call(context, context.backendOf(d), 'the backend', (backend, signal) =>
        backend.observe(d.terms.envelope, signal),
      );
      context.observed();
      return { kind: 'observed', observation };
    } catch (error) {
      if (error instanceof NotNow) throw error;
      context.log.warn({ err: error, deployment: d.id }, 'the backend could not be observed');
      return { kind: 'backend_unreachable', doing: 'observe', message: messageOf(error) };
    }
  }
  const { from, to } = question;
  try {
    const reading = await call(context, context.metricsOf(d), 'the metrics', (metrics, signal) =>
      metrics.read(changeOf(d), from, to, signal),
    );
    const sound = soundReading(reading, question);
    if (sound.faults.length > 0)
      context.log.warn({ deployment: d.id, faults: sound.faults }, 'figures that cannot be were left out');
    return { kind: 'measured', reading: sound.reading };
  } catch (error) {
    if (error instanceof NotNow) throw error;
    context.log.warn({ err: error, deployment: d.id }, 'the metrics could not be read');
    return { kind: 'measured', reading: { from, to, noData: messageOf(error) } };
  }
}

/** Asked before the figures: what they say is judged on what is known of alerts. */
function signalsIn(
  context: Waking,
  d: Deployment,
  { from, to }: Extract<Question, { ask: 'metrics' }>,
): Promise<Signalled | undefined> {
  return askSignals(
    d,
    (index) =>
      call(context, context.signalsOf(d, index), 'the source of alerts', (source, signal) =>
        source.read(changeOf(d), from, to, signal),
      ),
    (error) => {
      if (error instanceof NotNow) throw error;
      context.log.warn({ err: error, deployment: d.id }, 'the alerts could not be read');
      return messageOf(error);
    },
  );
}

function withLogs(answer: Intent, signalled: Signalled | undefined): Intent {
  const logErrors =
    signalled !== undefined && 'signals' in signalled ? signalled.signals.logErrors : undefined;
  return answer.kind === 'measured' ? { ...answer, ...defined({ logErrors }) } : answer;
}

/** Once, half an hour after all traffic has moved: the same look brings what it comes to beside the time before. */
async function withComparison(context: Waking, d: Deployment, answer: Intent): Promise<Intent> {
  if (answer.kind !== 'measured') return answer;
  const comparison = comparisonDue(d, answer.reading.to);
  if (comparison === undefined) return answer;
  const compared = await compareWithBefore(comparison, (metric, range) =>
    call(context, context.metricsOf(d), 'the history of the metrics', async (metrics, signal) =>
      metrics.series?.(d.terms.envelope, metric, range, signal),
    ),
  );
  return { ...answer, compared };
}

async function call<T, R>(
  { calls, lane, aside }: Waking,
  instance: Instance<T>,
  what: string,
  asking: (adapter: T, signal: AbortSignal) => Promise<R>,
): Promise<R> {
  try {
    return await aside(() =>
      calls.make(instance, lane, (adapter) =>
        within(ANSWERS_WITHIN, what, (signal) => asking(adapter, signal)),
      ),
    );
  } catch (error) {
    throw error instanceof Crowded ? new NotNow(error.message, { cause: error }) : error;
  }
}

/** Where nothing was learned that changes when to ask next: again in a while, not at once. */
async function whenDueAfter(
  { stores, clock }: WakerContext,
  after: Deployment,
): Promise<Instant | undefined> {
  const next = nextWake(after);
  const now = clock.now();
  if (next === undefined || next > now) return next;
  const again = now + askAgainAfter(after);
  // Where the record has moved on since, it says itself when to look.
  await stores.events.snooze(after.id, after.seq, again);
  return again;
}
