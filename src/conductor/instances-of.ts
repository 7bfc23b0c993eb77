/** Which opened adapter a deployment uses: what was frozen at the request carries it to its end, whatever the service has now (PR-3). */

import type { DeployBackend } from '../backends/port.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { MetricsSource } from '../metrics/port.ts';
import type { Policy } from '../policy/policy.ts';
import type { SignalSource } from '../signals/port.ts';
import type { Instance, Instances } from './instances.ts';
import { adaptersOf } from './plan-request.ts';

export interface InstancesOf {
  /** What the service has now. */
  backendNow(service: string): Instance<DeployBackend>;
  backendOf(d: Deployment): Instance<DeployBackend>;
  metricsOf(d: Deployment): Instance<MetricsSource>;
  /** By its place in the list that was frozen. */
  signalsOf(d: Deployment, index: number): Instance<SignalSource>;
}

/** Each throws where the configuration lost what is asked for. */
export function createInstancesOf(options: {
  policy(): Policy;
  backends: Instances<DeployBackend>;
  metrics: Instances<MetricsSource>;
  signals?: Instances<SignalSource> | undefined;
}): InstancesOf {
  const { backends, metrics, signals } = options;
  return {
    backendNow(service) {
      const ref = adaptersOf(options.policy(), service)?.backend;
      return there(ref && backends.find(ref), `${service} has no backend now`);
    },
    backendOf: ({ terms: { adapters, envelope } }) =>
      there(backends.find(adapters.backend), `${envelope.service} has no backend now`),
    metricsOf: ({ terms: { adapters, envelope } }) =>
      there(metrics.find(adapters.metrics), `${envelope.service} has no metrics now`),
    signalsOf({ terms: { adapters } }, index) {
      const ref = adapters.signals?.[index];
      return there(ref && signals?.find(ref), `${ref?.name ?? 'a source of signals'} is not there now`);
    },
  };
}

function there<T>(instance: Instance<T> | undefined, otherwise: string): Instance<T> {
  if (instance === undefined) throw new Error(`${otherwise}: the configuration lost it`);
  return instance;
}
