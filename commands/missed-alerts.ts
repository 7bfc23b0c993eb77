/**
 * Alerts that nobody heard (K-6): they came while GoNoGo did not run or had no connection, or it ended, or had no record,
 * between hearing one and noting that it would answer. Slack delivers none of them again, so the channels are read.
 */

import { WORTH_SAYING_FOR } from '../src/conductor/ports/alert-answer-store.ts';
import { createPump, type Pump } from '../src/conductor/pump.ts';
import { type Clock, type Duration, type Instant, MINUTE } from '../src/time.ts';
import { hear } from './alert.ts';
import type { CommandContext } from './context.ts';

export interface MissedAlerts extends Pump {
  /** Deliveries arrive from now on: looks at what was said before. */
  lookBack(): void;
  /** Reads a channel again, in a while. */
  again(channel: string): void;
}

/** A channel that could not be read is read again after this. */
const AGAIN_AFTER: Duration = MINUTE;

export function createMissedAlerts(context: CommandContext, clock: Clock): MissedAlerts {
  const { policy, log, isLostReply } = context;
  /** Channels that are to be read, and when. */
  const waiting = new Map<string, Instant>();
  const pump = createPump<string>({
    name: 'alerts that nobody heard',
    clock,
    log,
    concurrency: 1,
    keyOf: (channel) => channel,
    async due(now, except, limit) {
      const others = [...waiting].filter(([channel]) => !except.has(channel));
      const later = others.flatMap(([, at]) => (at > now ? [at] : []));
      return {
        items: others.flatMap(([channel, at]) => (at <= now ? [channel] : [])).slice(0, limit),
        next: later.length === 0 ? undefined : Math.min(...later),
      };
    },
    async run(channel) {
      waiting.delete(channel);
      try {
        await readAgain(context, channel);
      } catch (error) {
        const lost = isLostReply(error);
        log.warn({ err: error, channel, again: !lost }, 'a channel of alerts could not be read');
        if (!lost) again(channel);
      }
    },
  });

  function again(channel: string): void {
    waiting.set(channel, clock.now() + AGAIN_AFTER);
    pump.poke();
  }

  return {
    ...pump,
    again,
    lookBack() {
      for (const channel of policy().alerts.channels.keys()) waiting.set(channel, clock.now());
      pump.poke();
    },
  };
}

/** The newest first: in a storm, that is the one which is answered. */
async function readAgain(context: CommandContext, channel: string): Promise<void> {
  const since = context.realTime.now() - WORTH_SAYING_FOR;
  const faults: unknown[] = [];
  for (const heard of await context.saidSince(channel, since)) {
    // One that cannot be read keeps nobody from the others.
    await hear(context, heard, 'away').catch((error: unknown) => faults.push(error));
  }
  if (faults.length > 0) throw faults[0];
}
