/** What is done again and again whatever happens: a look for what was missed, and pruning. */

import cron from 'node-cron';
import type { Log } from '../log.ts';
import type { Clock } from '../time.ts';
import type { Stores } from './ports/stores.ts';

export function createSweeps(options: {
  stores: Stores;
  clock: Clock;
  log: Log;
  poke(): void;
  wakeNotStarted(): void;
}): { start(): void; stop(): Promise<void> } {
  const tasks: { stop(): void | Promise<void> }[] = [];
  return {
    start() {
      tasks.push(
        cron.schedule('* * * * *', options.poke),
        cron.schedule('*/5 * * * *', options.wakeNotStarted),
        cron.schedule('17 * * * *', () => void prune(options)),
      );
    },
    async stop() {
      for (const task of tasks.splice(0)) await task.stop();
    },
  };
}

async function prune({ stores, clock, log }: { stores: Stores; clock: Clock; log: Log }): Promise<void> {
  try {
    const pruned = await stores.prune(clock.now());
    log.info({ ...pruned, checkpoint: await stores.events.checkpoint() }, 'pruned');
  } catch (error) {
    log.error({ err: error }, 'pruning failed; the next sweep tries again');
  }
}
