/** What a backend is asked before something is decided: what runs there, and whether it could carry out the plan. */

import type { DeployBackend, Target } from '../backends/port.ts';
import { defined } from '../defined.ts';
import type { Facts } from '../deployment/intents.ts';
import { isForBackend } from '../deployment/rollout/steps.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../message-of.ts';
import type { Terms } from '../terms/terms.ts';
import { type Duration, SECOND } from '../time.ts';
import { within } from './deadline.ts';
import type { Instances } from './instances.ts';

export interface BackendQuestions {
  /** What has the traffic: null for nothing, undefined where the backend does not say in time. */
  running(at: Target): Promise<string | null | undefined>;
  /** What the backend does not say at the request it is asked again at the start, and there nothing begins without an answer. */
  planProblem(
    of: Pick<Terms, 'adapters' | 'envelope'>,
    when: 'request' | 'start',
  ): Promise<Pick<Facts, 'planProblem'>>;
}

/** A person waits for the answer to a request: a backend slower than this is asked again at the start. */
const ANSWERS_WITHIN: Duration = 1.5 * SECOND;

export function createBackendQuestions(options: {
  log: Log;
  backends: Instances<DeployBackend>;
  backendFor(service: string): DeployBackend;
}): BackendQuestions {
  const { log } = options;
  return {
    async running({ service, environment }) {
      try {
        const { stable } = await within(ANSWERS_WITHIN, 'the backend', (signal) =>
          options.backendFor(service).observe({ service, environment }, signal),
        );
        return stable;
      } catch (error) {
        log.warn(
          { err: error, service, environment },
          'what runs is not known now; it is asked again at the start',
        );
        return undefined;
      }
    },
    async planProblem({ adapters, envelope: { service, environment, plan } }, when) {
      const backend = options.backends.find(adapters.backend)?.adapter;
      if (backend?.planProblem === undefined) return {};
      try {
        const planProblem = await within(ANSWERS_WITHIN, 'the backend', async (signal) =>
          backend.planProblem?.({ service, environment }, plan.steps.filter(isForBackend), signal),
        );
        return defined({ planProblem });
      } catch (error) {
        log.warn({ err: error, service, environment, when }, 'whether the plan fits is not known now');
        if (when === 'request') return {};
        return {
          planProblem: `whether the plan fits what runs there is not known: ${messageOf(error)}`,
        };
      }
    },
  };
}
