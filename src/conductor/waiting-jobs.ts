/** Answers the jobs that wait at a backend for what is decided here, as soon as it is, and again where that failed. */

import type { DeployBackend, Target, WaitingJob } from '../backends/port.ts';
import type { Lane } from '../deployment/command-effects.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { LIVE, TERMINAL } from '../deployment/lifecycle.ts';
import { type AnswerToJob, answerToJob } from '../deployment/waiting-jobs.ts';
import type { Log } from '../log.ts';
import { type Clock, type Duration, type Instant, MINUTE, SECOND } from '../time.ts';
import type { Calls } from './calls.ts';
import { within } from './deadline.ts';
import { every } from './every.ts';
import type { Instance, Instances } from './instances.ts';
import type { EventStore } from './ports/event-store.ts';
import { createPump, type Pump } from './pump.ts';

export interface JobAnswersContext {
  events: Pick<EventStore, 'inEnvironment' | 'list'>;
  clock: Clock;
  log: Log;
  backends: Instances<DeployBackend>;
  calls: Calls;
  /** Whether a service is only watched: nothing there is answered. */
  isWatchOnly(service: string): boolean;
}

export interface JobAnswers extends Pump {
  /** A deployment is over: what waits for it is told so. */
  ended(deployment: Deployment): void;
}

interface Due {
  id: string;
  instance: Instance<DeployBackend>;
  job: WaitingJob;
  answer: Exclude<AnswerToJob, { kind: 'wait' }>;
}

const ANSWERS_WITHIN: Duration = 30 * SECOND;
const MAX_ENDED = 100;
const MAX_REST: Duration = 5 * MINUTE;

/** A rollback is not kept waiting by what failed before. */
function restAfter(attempts: number, { of }: WaitingJob): Duration {
  return of === 'rollback' ? 2 * SECOND : Math.min(MAX_REST, 5 * SECOND * 2 ** (attempts - 1));
}

/** What waits is written down by the backend; the pump only knows when to try again. */
export function createJobAnswers(context: JobAnswersContext): JobAnswers {
  const { clock, log, backends, calls } = context;
  const failed = new Map<string, { attempts: number; again: Instant }>();
  const record = createRecord(context.events);

  async function due(now: Instant, except: ReadonlySet<string>, limit: number): Promise<Due[]> {
    const found: Due[] = [];
    const look = record.look();
    for (const [ref, instance] of backends.all()) {
      for (const job of instance.adapter.waiting?.() ?? []) {
        const id = `${ref.kind} ${ref.name} ${job.key}`;
        if (found.length === limit) return found;
        if (except.has(id) || (failed.get(id)?.again ?? now) > now) continue;
        if (job.targets.some(({ service }) => context.isWatchOnly(service))) continue;
        const answer = answerToJob(job, await look(job));
        if (answer.kind !== 'wait') found.push({ id, instance, job, answer });
      }
    }
    return found;
  }

  function nextTry(after: Instant): Instant | undefined {
    const later = [...failed.values()].map(({ again }) => again).filter((again) => again > after);
    return later.length === 0 ? undefined : Math.min(...later);
  }

  async function run({ id, instance, job, answer }: Due): Promise<void> {
    const lane: Lane = job.of === 'rollback' ? 'rollback' : 'rest';
    const told = { approve: answer.kind === 'approve', comment: answer.comment };
    try {
      await calls.make(instance, lane, (backend) =>
        within(ANSWERS_WITHIN, 'the backend', async (signal) => backend.answer?.(job.key, told, signal)),
      );
      failed.delete(id);
      log.info({ job: job.key, ...told }, 'a job that waited at the backend was answered');
    } catch (error) {
      const attempts = (failed.get(id)?.attempts ?? 0) + 1;
      failed.set(id, { attempts, again: clock.now() + restAfter(attempts, job) });
      log.warn({ err: error, job: job.key, attempts }, 'a job that waits at the backend was not answered');
    }
  }

  const pump = createPump<Due>({
    name: 'jobs that wait',
    clock,
    log,
    concurrency: 8,
    keyOf: ({ id }) => id,
    due: async (now, except, limit) => ({ items: await due(now, except, limit), next: nextTry(now) }),
    run,
  });
  return { ...pump, ended: record.ended };
}

interface Known {
  /** What is known of the places of a job; read once for all jobs of one look. */
  look(): (job: WaitingJob) => Promise<Deployment[]>;
  ended(deployment: Deployment): void;
}

interface Lately {
  /** Ended since they were read, newest first. */
  since: Deployment[];
  read: Promise<Deployment[]>;
}

function createRecord(events: JobAnswersContext['events']): Known {
  /** By place: read once, and kept up by what ends since. */
  const lately = new Map<string, Lately>();

  async function endedIn(place: Target): Promise<Deployment[]> {
    const name = placeOf(place);
    const known = lately.get(name) ?? { since: [], read: readEnded(events, place) };
    lately.set(name, known);
    try {
      return [...known.since, ...(await known.read)];
    } catch (error) {
      lately.delete(name);
      throw error;
    }
  }

  return {
    look() {
      const live = new Map<string, Promise<Deployment[]>>();
      const liveIn = (place: Target): Promise<Deployment[]> => {
        const name = placeOf(place);
        const reading = live.get(name) ?? events.inEnvironment(place.environment, [place.service], LIVE);
        live.set(name, reading);
        return reading;
      };
      return async (job) => {
        const all = await Promise.all(
          // In this order: what ends meanwhile is found by the second look.
          job.targets.map(async (place) => [...(await liveIn(place)), ...(await endedIn(place))]),
        );
        return all.flat();
      };
    },
    ended(deployment) {
      const known = lately.get(placeOf(deployment.terms.envelope));
      if (known !== undefined) known.since = [deployment, ...known.since].slice(0, MAX_ENDED);
    },
  };
}

async function readEnded(
  events: JobAnswersContext['events'],
  { service, environment }: Target,
): Promise<Deployment[]> {
  const read: Deployment[] = [];
  for await (const deployment of every(events, { service, environment, statuses: TERMINAL })) {
    read.push(deployment);
    if (read.length === MAX_ENDED) break;
  }
  return read;
}

const placeOf = ({ service, environment }: Target): string => `${service}/${environment}`;
