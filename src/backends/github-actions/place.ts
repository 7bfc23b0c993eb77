/** One service in one environment at GitHub: takes commands, and sends each to its workflow once. */

import { randomBytes } from 'node:crypto';
import type { AdapterContext } from '../../adapters/kind.ts';
import type { BackendStep } from '../../terms/plan.ts';
import type { Instant } from '../../time.ts';
import { BackendError, type Commanded, type Observation, type Release } from '../port.ts';
import type { Repository } from './calls.ts';
import { createFollowed } from './followed.ts';
import type { Journal, Order, Ordered } from './journal.ts';
import { createLook } from './looked.ts';
import { GithubError } from './refusals.ts';
import { after } from './seen.ts';
import { type EnvironmentSettings, type ServiceSettings, tagOf } from './settings.ts';
import { createWritten } from './written.ts';

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
  apply(change: Commanded, step: BackendStep, key: string, signal?: AbortSignal): Promise<void>;
  rollback(change: Commanded, to: string | null, key: string, signal?: AbortSignal): Promise<void>;
  observe(signal?: AbortSignal): Promise<Observation>;
  /** What is there: nothing is sent, carried on or answered. */
  look(signal?: AbortSignal): Promise<Observation>;
}

export function createPlace(options: PlaceOptions): Place {
  const { id, service, settings, repository, journal, context } = options;
  const now = (): Instant => context.clock.now();
  const sending = new Map<number, Promise<void>>();
  const written = createWritten(options);
  const { follow, isNewest, cancelOvertaken } = createFollowed({ ...options, written });
  const observationWith = createLook(options);

  async function apply(
    change: Commanded,
    step: BackendStep,
    key: string,
    signal?: AbortSignal,
  ): Promise<void> {
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
      accept(key, change, {
        kind: 'step',
        step: step.kind,
        version,
        sha,
        digest,
        inputs: inputsOf(step),
        leaves,
      });
    }
    await carry(key, signal);
  }

  async function rollback(
    change: Commanded,
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
        journal.join(key, id, change, now());
        return;
      }
      const { sha, digest } = journal.release(id, to) ?? (await find(to, signal));
      const leaves = { stable: to, canary: null, standby: null, weight: 0 };
      accept(key, change, { kind: 'back', step: 'rollback', version: to, sha, digest, inputs: {}, leaves });
    }
    await carry(key, signal);
    await cancelOvertaken(signal);
  }

  function accept(key: string, command: Commanded, order: Order): void {
    // Nobody can guess it, and so name a run of their own by it before this one is there.
    journal.accept(key, id, `gonogo-${randomBytes(8).toString('hex')}`, { command, order, now: now() });
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
    await written.note(async () => {
      await written.begun(ordered, taken?.url, signal);
    });
  }

  async function observe(signal?: AbortSignal): Promise<Observation> {
    const waits = await follow(signal);
    const newest = journal.newest(id);
    return observationWith(waits ?? (newest?.state === 'failed' ? newest.problem : undefined), signal);
  }

  return {
    apply,
    rollback,
    observe,
    look: (signal) => observationWith(undefined, signal),
  };
}

function isOnItsWay({ state }: Ordered): boolean {
  return state === 'sending' || state === 'sent' || state === 'running';
}

function unknownYet(): BackendError {
  return new BackendError(
    'the answer of GitHub was lost, and it is not known yet whether it began a run: it is looked for, and only sent again when there is none',
    { final: false },
  );
}

function refuseStep(step: BackendStep, { steps }: EnvironmentSettings): void {
  const taken: readonly string[] = steps;
  if (!taken.includes(step.kind))
    throw new BackendError(`the workflow is not said to take the step "${step.kind}"`, { final: true });
  if (step.kind === 'set-weight' && !(step.percent > 0 && step.percent <= 100))
    throw new BackendError(`${step.percent} % is no share of the traffic`, { final: true });
}

/** Beside those that every dispatch has. A workflow refuses inputs that it does not declare. */
function inputsOf(step: BackendStep): Record<string, string> {
  if (step.kind === 'set-weight') return { percent: String(step.percent) };
  if (step.kind === 'batch') return { part: `${step.number}/${step.of}` };
  return {};
}
