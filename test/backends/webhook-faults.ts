/** What goes wrong between a server of the team's own and whoever asks it. */

import { vi } from 'vitest';
import { MAX_ANSWER_BYTES } from '../../src/adapters/signed-call.ts';
import { BACKENDS } from '../../src/backends/index.ts';
import type { Commanded } from '../../src/backends/port.ts';
import { adapterContext } from '../adapter-context.ts';
import { ASKED_TO_WAIT, type Fault, type Faults, hurried, standingStill } from './faults.ts';
import { VARIABLES, type WebhookRig } from './webhook-rig.ts';

function neverAnswered(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error));
  });
}

export function webhookFaults(
  rig: WebhookRig,
  change: Commanded,
): { faults: Omit<Faults, 'cutsWatch'>; fetchBetween: typeof fetch } {
  let between: typeof fetch | undefined;
  const put = (other: typeof fetch) => {
    between = other;
    return () => {
      between = undefined;
    };
  };
  const answering = (response: () => Response, words: RegExp): Fault => ({
    begin: () => put(async () => response()),
    words,
  });
  const refusing = (status: number, words: RegExp, headers: Record<string, string> = {}): Fault =>
    answering(() => new Response(JSON.stringify({ detail: 'no' }), { status, headers }), words);

  const faults: Omit<Faults, 'cutsWatch'> = {
    'the credentials are not accepted (401)': refusing(401, /signature \(401\): no; compare the secret/),
    'a permission is missing (403)': refusing(403, /signature \(403\): no; compare the secret/),
    'there is no such thing (404)': refusing(404, /refused it \(404\): no/),
    'it is in conflict with another, without end (409)': refusing(409, /cannot do it now \(409\): no/),
    'what was told is invalid there (422)': refusing(422, /refused it \(422\): no/),
    'it is busy, and says until when (429)': refusing(429, /asks to wait 40 s/, {
      'retry-after': String(ASKED_TO_WAIT),
    }),
    'it fails (503)': refusing(503, /cannot do it now \(503\): no/),
    'it does not answer in time': {
      begin() {
        const restore = hurried();
        const mend = put((_url, init) => neverAnswered(init?.signal));
        return () => {
          restore();
          mend();
        };
      },
      words: /did not answer within 15 s/,
    },
    'its answer is huge': answering(() => new Response('x'.repeat(MAX_ANSWER_BYTES + 1)), /more than 1 MB/),
    'its answer is not as agreed': answering(() => new Response('<html>'), /as the contract says/),
    standsStill() {
      const still = standingStill();
      const goOn = put(async (...asked) => {
        goOn();
        await still.hold();
        return fetch(...asked);
      });
      return still;
    },
    losesAnswer: () =>
      put(async (...asked) => {
        await fetch(...asked);
        throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) });
      }),
    async deleted() {
      await rig.forgetPlace();
      return { words: /there is no checkout\/production/, back: 'refused' };
    },
    async changedByAnother() {
      const context = adapterContext({ variables: VARIABLES });
      const another = BACKENDS.open({ kind: 'webhook', settings: rig.settings }, context);
      await another.apply(change, { kind: 'set-weight', percent: 40 }, 'of somebody else');
      return { stable: 'v2.0.4', canary: 'v2.1.0', weight: 40 };
    },
    clockAhead(by) {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + by });
      return {
        refused: /timestamp.*compare the secret, and the clocks of both/,
        mend: () => void vi.useRealTimers(),
      };
    },
  };
  return { faults, fetchBetween: (...asked) => (between ?? fetch)(...asked) };
}
