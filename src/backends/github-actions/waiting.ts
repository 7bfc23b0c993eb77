/** Jobs that wait at GitHub: taken from its webhooks, offered for a decision, and answered. */

import type { AdapterContext } from '../../adapters/kind.ts';
import type { DeployBackend, JobAnswer, Received, Target, WaitingJob } from '../port.ts';
import type { Repository } from './calls.ts';
import { hashOf, type ReadDelivery, readDelivery, refuseForged } from './deliveries.ts';
import type { Job } from './jobs.ts';
import type { Journal } from './journal.ts';
import { GithubError } from './refusals.ts';
import type { EnvironmentSettings, GithubActionsSettings } from './settings.ts';

/** What a run of these deploys follows from its commit; others take inputs, or are not of the repository itself. */
const BY_COMMIT: ReadonlySet<string> = new Set(['push', 'release']);

export interface WaitingOptions {
  settings: GithubActionsSettings;
  context: AdapterContext;
  isApp: boolean;
  journal(): Journal;
  repository(name: string): Repository;
}

interface Place extends Target {
  settings: EnvironmentSettings;
}

export function createWaiting({
  settings,
  context,
  isApp,
  journal,
  repository,
}: WaitingOptions): Required<Pick<DeployBackend, 'receive' | 'waiting' | 'answer'>> {
  const now = (): number => context.clock.now();

  function placesOf({
    repository: name,
    environment,
  }: {
    repository: string;
    environment?: string;
  }): Place[] {
    return Object.entries(settings.services)
      .filter(([, service]) => service.repository.toLowerCase() === name.toLowerCase())
      .flatMap(([service, { environments }]) =>
        Object.entries(environments).map(([own, of]) => ({ service, environment: own, settings: of })),
      )
      .filter((place) => environment === undefined || nameAtGithub(place) === environment);
  }

  function wokenBy(read: ReadDelivery, places: readonly Place[]): Target[] {
    const own = read.run === undefined ? undefined : journal().ofRun(read.run)?.place;
    const woken = own === undefined ? places : places.filter((place) => idOf(place) === own);
    return woken.map(({ service, environment }) => ({ service, environment }));
  }

  async function receive(delivery: Parameters<NonNullable<DeployBackend['receive']>>[0]): Promise<Received> {
    if (settings.webhook_secret === undefined)
      return { kind: 'refused', status: 404, problem: 'This backend has no webhook_secret.' };
    const forged = await refuseForged(delivery, context.secret(settings.webhook_secret));
    if (forged !== undefined) return forged;
    const body = delivery.body.toString('utf8');
    const event = String(delivery.headers['x-github-event'] ?? '');
    const read = readDelivery(event, body);
    if (read === 'nothing') return { kind: 'taken', wake: [] };
    if ('problem' in read) return { kind: 'refused', status: 400, problem: read.problem };
    const places = placesOf(read);
    if (places.length === 0) return { kind: 'taken', wake: [] };
    const job = places.some(({ settings: { approve } }) => approve) ? read.job : undefined;
    const isNew = journal().jobs.take(hashOf(`${event}\n${body}`), job, now());
    return { kind: 'taken', wake: isNew ? wokenBy(read, places) : [] };
  }

  /** Undefined while it is not known whose it is, or where nobody said that Slack answers it. */
  function offered(job: Job): WaitingJob | undefined {
    const places = placesOf(job).filter((place) => place.settings.approve);
    const [first] = places;
    if (first === undefined) return undefined;
    const base = { key: job.key, at: job.at };
    const own = journal().ofRun(job.run);
    const at = own && places.find((place) => idOf(place) === own.place);
    if (own !== undefined && at !== undefined) {
      const { service, environment, settings: of } = at;
      const targets = [{ service, environment }];
      return { ...base, targets, of: kindOf(own), sha: own.ordered.order.sha, unknown: of.unknown_runs };
    }
    // A dispatch whose run is not known yet: it may be this one.
    if (own === undefined && places.some(isAwaited)) return undefined;
    const isVouched = own === undefined && BY_COMMIT.has(job.event);
    return {
      ...base,
      targets: places.map(({ service, environment }) => ({ service, environment })),
      of: 'others',
      unknown: places.every((place) => place.settings.unknown_runs === 'reject') ? 'reject' : 'leave',
      ...(isVouched ? { sha: job.sha } : {}),
    };
  }

  function kindOf({ place, ordered: { seq, state, order } }: NonNullable<ReturnType<Journal['ofRun']>>) {
    const newest = journal().newest(place)?.seq ?? seq;
    if (newest > seq || state === 'overtaken') return 'overtaken';
    return order.kind === 'back' ? 'rollback' : 'step';
  }

  const isAwaited = (place: Place): boolean =>
    journal()
      .live(idOf(place))
      .some(({ state }) => state === 'sending' || state === 'sent');

  async function answer(key: string, { approve, comment }: JobAnswer, signal?: AbortSignal): Promise<void> {
    const { jobs } = journal();
    const job = jobs.find(key);
    if (job?.state !== 'open') return;
    const begun = now();
    try {
      const found = await repository(job.repository).answer(
        job.run,
        job.environment,
        { approve, rule: isApp, comment },
        signal,
      );
      if (found) jobs.answered(job, begun, now());
      else jobs.mute(key, now());
    } catch (error) {
      if (error instanceof GithubError && error.credentials) jobs.trouble(key, error.message);
      throw error;
    }
  }

  return {
    receive,
    waiting: () =>
      journal()
        .jobs.open()
        .flatMap((job) => offered(job) ?? []),
    answer,
  };
}

const idOf = ({ service, environment }: Target): string => `${service}/${environment}`;

const nameAtGithub = ({ environment, settings }: Place): string => settings.environment ?? environment;
