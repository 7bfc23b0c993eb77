/** A server of the team's own that speaks a small signed contract over HTTP, as a kind of metric source. */

import { z } from 'zod';
import { type AdapterContext, adapterKind } from '../adapters/kind.ts';
import type { SecretRef } from '../adapters/secrets.ts';
import { CallFailed, createSignedCall, signedSettings } from '../adapters/signed-call.ts';
import { defined } from '../defined.ts';
import type { Reading } from '../judge/types.ts';
import { MetricsError, type MetricsSource } from './port.ts';
import { metricsAnswer } from './webhook/contract.ts';

const settings = z.strictObject(signedSettings);

export const webhook = adapterKind({
  summary: 'a server of your own that speaks a small signed HTTP contract',
  settings,
  example: { url: 'https://metrics.example.com/gonogo', secret: 'env:METRICS_SECRET' as SecretRef },
  open: (opened, context): MetricsSource => createWebhookMetrics(opened, context),
});

function createWebhookMetrics(opened: z.output<typeof settings>, context: AdapterContext): MetricsSource {
  const call = createSignedCall(opened, context);
  return {
    name: 'webhook',
    async read({ service, environment, version, sha, digest, previous }, from, to, signal): Promise<Reading> {
      const change = { service, environment, version, sha, digest, previous };
      const body = { change, from: new Date(from).toISOString(), to: new Date(to).toISOString() };
      const answer = await call('/metrics', body, metricsAnswer, signal).catch((error: unknown) => {
        if (error instanceof CallFailed) throw new MetricsError(error.message, { cause: error });
        throw error;
      });
      if ('no_data' in answer) return { from, to, noData: answer.no_data };
      const { metrics, critical_errors: criticalErrors } = answer;
      return { from, to, metrics, ...defined({ criticalErrors }) };
    },
  };
}
