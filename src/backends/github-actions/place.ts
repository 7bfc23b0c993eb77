/** One service in one environment at GitHub: dispatches its workflow, follows the runs, and says what runs. */

import { randomBytes } from 'node:crypto';
import type { AdapterContext } from '../../adapters/kind.ts';
import type { Step } from '../../terms/plan.ts';
import { type Duration, type Instant, MINUTE, SECOND } from '../../time.ts';
import { BackendError, type Change, type Observation, type Release } from '../port.ts';
import type { Repository } from './calls.ts';
import { GithubError } from './client.ts';
import type { Journal, Order, Ordered } from './journal.ts';
import {
  after,
  type GithubDeployment,
  type GithubStatus,
  healthOf,
  outcomeOf,
  payloadFor,
  type Run,
  runIn,
  type Said,
  type Seen,
  saidBy,
} from './seen.ts';
import { type EnvironmentSettings, type ServiceSettings, tagOf, versionOf } from './settings.ts';

export interface PlaceOptions {
  /** `checkout/production` */
  id: string;
  service: ServiceSettings;
  settings: EnvironmentSettings;
  /** Its name at GitHub. */
  environment: string;
  /** Whether a GitHub App speaks, which alone can answer a protection rule. */
  isApp: boolean;
  repository: Repository;
  journal: Journal;
  context: AdapterContext;
  releases(signal?: AbortSignal): Promise<Release[]>;
}

export interface Place {
  apply(change: Change, step: Step, key: string, signal?: AbortSignal): Promise<void>;
  rollback(change: Change, to: string | null, key: string, signal?: AbortSignal): Promise<void>;
  observe(signal?: AbortSignal): Promise<Observation>;
  /** What is there: nothing is sent, carried on or answered. */
  look(signal?: AbortSignal): Promise<Observation>;
}

/** A dispatch whose answer was lost is looked for so long before it is sent again; a rollback cannot wait that long. */
export const LOST_AFTER: Duration = MINUTE;
export const LOST_ROLLBACK_AFTER: Duration = 10 * SECOND;
/** What was taken has a run by then, or never. */
export const RUN_WITHIN: Duration = 5 * MINUTE;
/** GitHub shows a run as waiting for a moment after it was answered. */
const SHOWS_AFTER: Duration = 30 * SECOND;
/** What was overtaken may still appear, and is then cancelled. */
const OVERTAKEN_AFTER: Duration = 10 * MINUTE;

export function createPlace(options: PlaceOptions): Place {
  const { id, service, settings, environment, repository, journal, context } = options;
  const now = (): Instant => context.clock.now();
  const sending = new Map<number, Promise<void>>();

  const isNewest = ({ seq }: Ordered): boolean => (journal.newest(id)?.seq ?? seq) <= seq;

  async function apply(change: Change, step: Step, key: string, signal?: AbortSignal): Promise<void> {
    if (journal.find(key) === undefined) {
      refuseStep(step, settings);
      const release = await find(change.version, signal);
      if (release.digest !== change.digest) {
        throw new BackendError(
          `${change.version} at GitHub is ${release.digest}, and ${change.digest} was signed`,
          { final: true },
        );
      }
      const seen = await observe(signal);
      const { version, sha, digest } = change;
      const leaves = after(step, version, {
        stable: seen.stable,
        canary: seen.canary,
        standby: seen.standby ?? null,
        weight: seen.weight,
      });
      accept(key, { kind: 'step', step: step.kind, version, sha, digest, inputs: inputsOf(step), leaves });
    }
    await carry(key, signal);
  }

  async function rollback(
    change: Change,
    to: string | null,
    key: string,
    signal?: AbortSignal,
  ): Promise<void> {
    if (to === null) {
      throw new BackendError(
        `nothing ran before ${change.version}, and a workflow cannot be told to deploy nothing: take it out by hand`,
        { final: true },
      );
    }
    if (journal.find(key) === undefined) {
      const newest = journal.newest(id);
      if (newest?.order.kind === 'back' && newest.order.version === to && isOnItsWay(newest)) {
        if (newest.state === 'sending') await carryOn(newest, signal);
        // It is under way already: another run would only stand in its way.
        journal.join(key, id, now());
        return;
      }
      const { sha, digest } = journal.release(id, to) ?? (await find(to, signal));
      const leaves = { stable: to, canary: null, standby: null, weight: 0 };
      accept(key, { kind: 'back', step: 'rollback', version: to, sha, digest, inputs: {}, leaves });
    }
    await carry(key, signal);
    await cancelOvertaken(signal);
  }

  function accept(key: string, order: Order): void {
    // Nobody can guess it, and so name a run of their own by it before this one is there.
    journal.accept(key, id, `gonogo-${randomBytes(8).toString('hex')}`, order, now());
  }

  async function find(version: string, signal?: AbortSignal): Promise<Release> {
    const release = (await options.releases(signal)).find((one) => one.version === version);
    if (release !== undefined) return release;
    throw new BackendError(
      `${repository.name} has no release ${tagOf(service, version)} with a digest, so there is no version ${version} to deploy`,
      { final: true },
    );
  }

  async function carry(key: string, signal?: AbortSignal): Promise<void> {
    const ordered = journal.find(key);
    if (ordered !== undefined && ordered !== 'joined') await carryOn(ordered, signal);
  }

  /** Sends what was not sent; what may have been is looked for first. */
  async function carryOn(ordered: Ordered, signal?: AbortSignal): Promise<void> {
    const underWay = sending.get(ordered.seq);
    if (underWay !== undefined) return underWay;
    if (ordered.state === 'accepted') return sendOnce(ordered, signal);
    if (ordered.state !== 'sending') return;
    await follow(signal);
    const state = journal.live(id).find(({ seq }) => seq === ordered.seq)?.state;
    if (state === 'accepted') return sendOnce(ordered, signal);
    if (state === 'sending') throw unknownYet();
  }

  function sendOnce(ordered: Ordered, signal?: AbortSignal): Promise<void> {
    const sent = send(ordered, signal).finally(() => sending.delete(ordered.seq));
    sending.set(ordered.seq, sent);
    return sent;
  }

  async function send(ordered: Ordered, signal?: AbortSignal): Promise<void> {
    const { seq, order } = ordered;
    if (!isNewest(ordered)) {
      journal.move(seq, 'accepted', 'overtaken', now());
      return;
    }
    // Written down first: who ends here leaves a trace for whoever goes on.
    if (!journal.move(seq, 'accepted', 'sending', now())) return;
    const inputs = {
      ...settings.inputs,
      ...order.inputs,
      version: order.version,
      sha: order.sha,
      digest: order.digest,
      step: order.step,
      gonogo_key: ordered.id,
    };
    let taken: { run: number; url: string } | undefined;
    try {
      taken = await repository.dispatch({ workflow: settings.workflow, ref: settings.ref, inputs }, signal);
    } catch (error) {
      const unclear = !(error instanceof GithubError) || error.unclear;
      if (!unclear) journal.move(seq, 'sending', 'accepted', now());
      throw error;
    }
    if (taken === undefined) journal.move(seq, 'sending', 'sent', now());
    else journal.move(seq, 'sending', 'running', now(), { run: taken.run });
    await note(async () => {
      await begun(ordered, taken?.url, signal);
    });
  }

  /** What is only for people at GitHub to see does not end a deployment. */
  async function note(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      context.log.warn({ err: error, place: id }, 'a deployment could not be written at GitHub');
    }
  }

  async function begun(
    { seq, id: name, order }: Ordered,
    url?: string,
    signal?: AbortSignal,
  ): Promise<number> {
    const deployment = await repository.createDeployment(
      {
        ref: order.sha,
        environment,
        description: `GoNoGo: ${wordsOf(order)}`,
        payload: payloadFor(name, order.leaves, { [order.version]: order.digest }),
      },
      signal,
    );
    journal.wrote(seq, deployment);
    const log = url === undefined ? {} : { log_url: url };
    await repository.setStatus(
      deployment,
      { state: 'in_progress', description: wordsOf(order), ...log },
      signal,
    );
    return deployment;
  }

  async function ended(
    ordered: Ordered,
    run: Run,
    state: 'success' | 'failure',
    signal?: AbortSignal,
  ): Promise<void> {
    const deployment = ordered.deployment ?? (await begun(ordered, run.html_url, signal));
    const description = `${wordsOf(ordered.order)}: ${state === 'success' ? 'done' : 'not done'}`;
    await repository.setStatus(deployment, { state, description, log_url: run.html_url }, signal);
  }

  /** Brings what is written down up to what GitHub says; answers why somebody has to act at GitHub. */
  async function follow(signal?: AbortSignal): Promise<string | undefined> {
    const live = journal.live(id);
    const searched = live.filter(({ state }) => state === 'sending' || state === 'sent');
    const runs = searched.length === 0 ? [] : await repository.runs(settings.workflow, signal);
    for (const ordered of searched) search(ordered, runs);
    let waits: string | undefined;
    for (const ordered of [...journal.live(id), ...mended()]) {
      if (ordered.run !== undefined) waits = (await followRun(ordered, ordered.run, signal)) ?? waits;
    }
    return waits;
  }

  /** Somebody may have its failed jobs run again. */
  function mended(): Ordered[] {
    const newest = journal.newest(id);
    return newest?.state === 'failed' && newest.run !== undefined ? [newest] : [];
  }

  function search(ordered: Ordered, runs: readonly Run[]): void {
    const { seq, state, order } = ordered;
    // Whoever reads the name can give it to a run of their own, but only after this one.
    const run = runs.findLast(({ display_title }) => display_title.includes(ordered.id));
    const age = now() - ordered.since;
    if (run !== undefined) journal.move(seq, state, 'running', now(), { run: run.id });
    else if (!isNewest(ordered)) {
      if (age > OVERTAKEN_AFTER) journal.move(seq, state, 'overtaken', now());
    } else if (state === 'sent' && age > RUN_WITHIN) {
      journal.move(seq, state, 'failed', now(), {
        problem: `GitHub took ${wordsOf(order)}, and no run with ${ordered.id} in its name appeared within ${RUN_WITHIN / MINUTE} minutes: look whether the run-name of ${settings.workflow} has inputs.gonogo_key in it`,
      });
    } else if (state === 'sending' && age > (order.kind === 'back' ? LOST_ROLLBACK_AFTER : LOST_AFTER)) {
      journal.move(seq, state, 'accepted', now());
    }
  }

  async function followRun(
    ordered: Ordered,
    runId: number,
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    const run = await repository.run(runId, signal);
    const outcome = outcomeOf(run);
    const { seq, state } = ordered;
    const at = Date.parse(run.updated_at);
    switch (outcome.kind) {
      case 'waiting':
        if (state === 'failed') journal.move(seq, 'failed', 'running', now());
        return isNewest(ordered) ? waits(ordered, run, signal) : cancelOne(ordered, signal);
      case 'running':
        journal.jobs.wentOn(runId, environment, now());
        if (state === 'failed') journal.move(seq, 'failed', 'running', now());
        return isNewest(ordered) ? undefined : cancelOne(ordered, signal);
      case 'succeeded':
        await note(() => ended(ordered, run, 'success', signal));
        journal.move(seq, state, 'succeeded', at);
        return undefined;
      case 'cancelled':
        if (state === 'failed') return undefined;
        await note(() => ended(ordered, run, 'failure', signal));
        if (ordered.cancelled || !isNewest(ordered)) journal.move(seq, state, 'overtaken', at);
        else {
          journal.move(seq, state, 'failed', at, {
            problem: `run #${run.run_number} was cancelled at GitHub, by somebody or by a newer run of its concurrency group; GitHub does not say which run came after it. Look there what runs now: ${run.html_url}`,
          });
        }
        return undefined;
      case 'failed': {
        if (state === 'failed') return undefined;
        await note(() => ended(ordered, run, 'failure', signal));
        const where = await repository.failedAt(runId, signal);
        journal.move(seq, state, 'failed', at, {
          problem: `run #${run.run_number} ${outcome.words}${where}: ${run.html_url}`,
        });
        return undefined;
      }
    }
  }

  /** Why somebody has to act at GitHub; undefined where what is decided here answers it. */
  async function waits(ordered: Ordered, run: Run, signal?: AbortSignal): Promise<string | undefined> {
    const words = `run #${run.run_number} waits for a review or a protection rule at GitHub`;
    if (!settings.approve) return `${words}: ${run.html_url}`;
    const waiting = { run: run.id, environment };
    if (ordered.order.kind === 'back') await approveRollback(run.id, signal);
    const before = journal.jobs.newest(run.id, environment);
    if (before === undefined || (before.state === 'answered' && now() - before.since > SHOWS_AFTER))
      journal.jobs.see(
        {
          ...waiting,
          key: `${repository.name.toLowerCase()}/${run.id}/${environment}/s${now()}`,
          repository: repository.name,
          event: 'workflow_dispatch',
          sha: ordered.order.sha,
        },
        now(),
      );
    if (before?.state === 'mute' && now() - before.since > SHOWS_AFTER)
      return `${words}, and GoNoGo may not answer it: ${run.html_url}`;
    if (before?.state === 'open' && before.trouble !== null)
      return `${words}, and GoNoGo could not answer it (${before.trouble}): ${run.html_url}`;
    return undefined;
  }

  /** Nobody is asked for a rollback: it is let through on sight, and tried again at the next look. */
  async function approveRollback(run: number, signal?: AbortSignal): Promise<void> {
    const comment = 'A rollback, told by GoNoGo.';
    try {
      await repository.answer(run, environment, { approve: true, rule: options.isApp, comment }, signal);
    } catch (error) {
      context.log.warn({ err: error, place: id, run }, 'a rollback that waits at GitHub was not let through');
    }
  }

  async function cancelOvertaken(signal?: AbortSignal): Promise<void> {
    for (const ordered of journal.live(id)) if (!isNewest(ordered)) await cancelOne(ordered, signal);
  }

  async function cancelOne(ordered: Ordered, signal?: AbortSignal): Promise<undefined> {
    if (ordered.run === undefined || ordered.cancelled) return;
    try {
      await repository.cancel(ordered.run, signal);
      journal.cancel(ordered.seq);
    } catch (error) {
      context.log.warn(
        { err: error, place: id, run: ordered.run },
        'a run that was overtaken could not be cancelled',
      );
    }
  }

  async function observe(signal?: AbortSignal): Promise<Observation> {
    const waits = await follow(signal);
    const newest = journal.newest(id);
    return observationWith(waits ?? (newest?.state === 'failed' ? newest.problem : undefined), signal);
  }

  const look = (signal?: AbortSignal): Promise<Observation> => observationWith(undefined, signal);

  async function observationWith(problem: string | undefined, signal?: AbortSignal): Promise<Observation> {
    const ours = journal.lastSucceeded(id);
    const theirs = await read(ours, signal);
    const base = { at: context.clock.now() };
    if (ours === undefined || theirs?.said.kind === 'own' || theirs?.said.kind === 'version') {
      const seen = theirs?.said.kind === 'unknown' ? undefined : theirs?.said;
      return {
        ...base,
        ...(seen?.seen ?? NOTHING),
        health: theirs?.health ?? 'unknown',
        digests: seen?.digests ?? {},
        ...problemOf(problem),
      };
    }
    const { leaves, version, digest } = ours.order;
    const strange =
      theirs === undefined
        ? undefined
        : `${theirs.said.kind === 'unknown' ? theirs.said.by : 'somebody'} deployed to ${environment} in ${repository.name} after GoNoGo, and the deployment does not say which version`;
    const health = await healthOfOwn(ours, signal);
    return {
      ...base,
      ...leaves,
      health,
      digests: digestsFor(leaves, { [version]: digest }),
      ...problemOf(problem ?? strange),
    };
  }

  async function healthOfOwn({ deployment }: Ordered, signal?: AbortSignal): Promise<Observation['health']> {
    // Where it could not be written there, the run itself ended well.
    if (deployment === undefined) return 'passing';
    const [status] = await repository.statuses(deployment, signal);
    return status === undefined || status.state === 'inactive' || status.state === 'in_progress'
      ? 'passing'
      : healthOf(status.state);
  }

  function digestsFor(leaves: Seen, known: Record<string, string>): Record<string, string> {
    for (const version of [leaves.stable, leaves.canary]) {
      if (version === null || Object.hasOwn(known, version)) continue;
      const digest = journal.release(id, version)?.digest;
      if (digest !== undefined) known[version] = digest;
    }
    return known;
  }

  /** The newest deployment at GitHub that is in force, and that this backend did not bring itself. */
  async function read(
    ours: Ordered | undefined,
    signal?: AbortSignal,
  ): Promise<{ said: Said; health: Observation['health'] } | undefined> {
    for (const deployment of await repository.deployments(environment, signal)) {
      if (ours?.deployment !== undefined && deployment.id <= ours.deployment) return undefined;
      const statuses = await repository.statuses(deployment.id, signal);
      const success = statuses.find(({ state }) => state === 'success');
      const [newest] = statuses;
      if (success === undefined || newest === undefined || newest.state === 'inactive') continue;
      const own = statuses
        .map((status) => journal.ofRun(runIn(status) ?? 0))
        .find((one) => one !== undefined);
      if (own !== undefined && !wasRunAgain(own, ours, { deployment, success })) continue;
      const said =
        own === undefined
          ? saidBy(deployment, success, (ref) => versionOf(service, ref))
          : again(own, success);
      if (ours !== undefined && ours.deployment === undefined && said.at <= ours.since) return undefined;
      if (said.kind === 'unknown' && ours === undefined) continue;
      return { said, health: healthOf(newest.state) };
    }
    return undefined;
  }

  /** A run of a command before the newest, whose jobs somebody has run again since: it brought its version once more. */
  function wasRunAgain(
    { place, ordered }: Owned,
    ours: Ordered | undefined,
    { deployment, success }: { deployment: GithubDeployment; success: GithubStatus },
  ): boolean {
    // What this backend writes itself it writes when it sees the end, which may be later.
    if (ours === undefined || place !== id || ordered.deployment === deployment.id) return false;
    return ordered.seq < ours.seq && Date.parse(success.created_at) > ours.since;
  }

  function again({ ordered: { order } }: Owned, { created_at }: GithubStatus): Said {
    const digests = { [order.version]: order.digest };
    const at = Date.parse(created_at);
    return { kind: 'version', seen: order.leaves, digests, at, by: 'somebody who ran it again' };
  }

  return {
    apply,
    rollback,
    observe,
    look,
  };
}

type Owned = NonNullable<ReturnType<Journal['ofRun']>>;

const NOTHING: Seen = { stable: null, canary: null, standby: null, weight: 0 };

const problemOf = (problem: string | undefined): { problem?: string } =>
  problem === undefined ? {} : { problem };

function isOnItsWay({ state }: Ordered): boolean {
  return state === 'sending' || state === 'sent' || state === 'running';
}

function unknownYet(): BackendError {
  return new BackendError(
    'the answer of GitHub was lost, and it is not known yet whether it began a run: it is looked for, and only sent again when there is none',
    { final: false },
  );
}

function refuseStep(step: Step, { steps }: EnvironmentSettings): void {
  const taken: readonly string[] = steps;
  if (!taken.includes(step.kind))
    throw new BackendError(`the workflow is not said to take the step "${step.kind}"`, { final: true });
  if (step.kind === 'set-weight' && !(step.percent > 0 && step.percent <= 100))
    throw new BackendError(`${step.percent} % is no share of the traffic`, { final: true });
}

/** Beside those that every dispatch has. A workflow refuses inputs that it does not declare. */
function inputsOf(step: Step): Record<string, string> {
  if (step.kind === 'set-weight') return { percent: String(step.percent) };
  if (step.kind === 'batch') return { part: `${step.number}/${step.of}` };
  return {};
}

function wordsOf({ step, version, inputs }: Order): string {
  if (step === 'rollback') return `rollback to ${version}`;
  const how = inputs.percent === undefined ? (inputs.part ?? '') : `${inputs.percent} %`;
  return `${version}, ${step}${how === '' ? '' : ` ${how}`}`;
}
