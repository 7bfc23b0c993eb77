/** The real bot as a process of its own, whose clock its parent moves, and which ends itself at named points. */

import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createSimulatedWorld } from '../../src/backends/simulator.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { createLog } from '../../src/log.ts';
import { startGonogo } from '../../src/main.ts';
import { createManualClock } from '../manual-clock.ts';
import type { Order, Report } from './orders.ts';

const { CRASH_NOW = '0', CRASH_POINTS = '', CRASH_WORLD = '' } = process.env;

const read = readEnvironment(process.env);
if (!read.ok) throw new Error(read.problems.join('\n'));
const { environment } = read;

/** Every point ends the process once: the first time it is reached in the whole run. */
function point(place: string): void {
  if (CRASH_POINTS === '') return;
  // A request that is asked for again has another number: it is the same place.
  const name = place.replace(/D-\d+/g, 'D');
  const reached = existsSync(CRASH_POINTS) ? readFileSync(CRASH_POINTS, 'utf8').split('\n') : [];
  if (reached.includes(name)) return;
  appendFileSync(CRASH_POINTS, `${name}\n`);
  process.kill(process.pid, 'SIGKILL');
  // The signal ends this process; nothing after this line may happen first.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000);
}

async function start(): Promise<void> {
  const clock = createManualClock(Number(CRASH_NOW));
  const world = createSimulatedWorld({ seed: 1, clock, file: CRASH_WORLD, startedAt: Number(CRASH_NOW) });
  const gonogo = await startGonogo({
    environment,
    log: createLog({ level: environment.LOG_LEVEL }),
    clock,
    messageClock: clock,
    world: () => world,
    point,
  });
  const report = (message: Report): void => void process.send?.(message);
  process.on('message', (order: Order) => {
    void (async () => {
      if (order.moveTo !== undefined) clock.moveTo(order.moveTo);
      await gonogo.idle();
      report({ idle: true, nextAt: clock.nextAt() });
    })();
  });
  process.on('disconnect', () => process.exit(0));
  await gonogo.idle();
  report({ idle: true, nextAt: clock.nextAt() });
}

void start();
