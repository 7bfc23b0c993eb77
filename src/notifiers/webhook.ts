/** A server of the team's own that is told of calls over a small signed contract, as a kind of notifier. */

import { z } from 'zod';
import { type AdapterContext, adapterKind } from '../adapters/kind.ts';
import type { SecretRef } from '../adapters/secrets.ts';
import { CallFailed, createSignedCall, signedSettings } from '../adapters/signed-call.ts';
import { defined } from '../defined.ts';
import { type Notification, type Notifier, NotifierError } from './port.ts';
import { tryNotifier } from './probe.ts';
import type { notifyBody } from './webhook/contract.ts';

const settings = z.strictObject(signedSettings);

export const webhook = adapterKind({
  summary: 'a server of your own that speaks a small signed HTTP contract',
  settings,
  example: { url: 'https://pager.example.com/gonogo', secret: 'env:PAGER_SECRET' as SecretRef },
  open: (opened, context): Notifier => createWebhookNotifier(opened, context),
});

function createWebhookNotifier(opened: z.output<typeof settings>, context: AdapterContext): Notifier {
  const call = createSignedCall(opened, context);
  const notify: Notifier['notify'] = async (notification, signal) => {
    try {
      await call('/notify', bodyOf(notification), z.unknown(), signal);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      throw new NotifierError(error.message, { cause: error, ...defined({ retryAfter: error.retryAfter }) });
    }
  };
  return {
    name: 'webhook',
    notify,
    check: (signal) => tryNotifier({ notify }, 'see docs/notifiers.md', signal),
  };
}

/** Longer words are for the card. */
const MAX_SUMMARY = 1_000;

function bodyOf({ at, onCall, summary, ...rest }: Notification): z.input<typeof notifyBody> {
  return {
    ...rest,
    summary: summary.slice(0, MAX_SUMMARY),
    at: new Date(at).toISOString(),
    on_call: onCall,
  };
}
