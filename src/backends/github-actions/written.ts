/** The deployments that are written at GitHub, for people there to see: what is begun, and how it ended. */

import type { AdapterContext } from '../../adapters/kind.ts';
import type { Repository } from './calls.ts';
import type { Journal, Order, Ordered } from './journal.ts';
import { payloadFor, type Run } from './seen.ts';

export interface Written {
  note(write: () => Promise<void>): Promise<void>;
  /** Answers the id at GitHub. */
  begun(ordered: Ordered, url?: string, signal?: AbortSignal): Promise<number>;
  ended(ordered: Ordered, run: Run, state: 'success' | 'failure', signal?: AbortSignal): Promise<void>;
}

export function createWritten(options: {
  id: string;
  /** Its name at GitHub. */
  environment: string;
  repository: Repository;
  journal: Pick<Journal, 'wrote'>;
  context: Pick<AdapterContext, 'log'>;
}): Written {
  const { id, environment, repository, journal, context } = options;

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

  return { note, begun, ended };
}

export function wordsOf({ step, version, inputs }: Order): string {
  if (step === 'rollback') return `rollback to ${version}`;
  const how = inputs.percent === undefined ? (inputs.part ?? '') : `${inputs.percent} %`;
  return `${version}, ${step}${how === '' ? '' : ` ${how}`}`;
}
