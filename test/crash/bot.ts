/** The real bot as a process of its own, whose clock its parent moves, and which ends itself at named points. */

import { FormData, fetch, Headers, Request, Response } from 'undici';
import { createSimulatedWorld } from '../../src/backends/simulator.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { createLog } from '../../src/log.ts';
import { type Gonogo, startGonogo } from '../../src/main.ts';
import { createManualClock } from '../manual-clock.ts';
import type { Order, Report, Step } from './orders.ts';
import { endingAt } from './points.ts';

const { CRASH_NOW = '0', CRASH_FOLDER = '', CRASH_WORLD = '', CRASHES } = process.env;

const read = readEnvironment(process.env);
if (!read.ok) throw new Error(read.problems.join('\n'));
const { environment } = read;

// Node's own is the same once more, loaded and compiled at its first use in each of a hundred processes.
Object.assign(globalThis, { fetch, FormData, Headers, Request, Response });

async function start(): Promise<void> {
  const clock = createManualClock(Number(CRASH_NOW));
  const world = createSimulatedWorld({ seed: 1, clock, file: CRASH_WORLD, startedAt: Number(CRASH_NOW) });
  const gonogo = await startGonogo({
    environment,
    log: createLog({ level: environment.LOG_LEVEL }),
    clock,
    messageClock: clock,
    world: () => world,
    point: CRASHES
      ? endingAt(CRASH_FOLDER, { databases: [environment.GONOGO_DB, CRASH_WORLD], clock })
      : () => {},
  });
  const report = async (): Promise<void> => {
    await gonogo.idle();
    process.send?.({ nextAt: clock.nextAt(), steps: await steps(gonogo) } satisfies Report);
  };
  process.on('message', ({ moveTo }: Order) => {
    if (moveTo !== undefined) clock.moveTo(moveTo);
    void report();
  });
  process.on('disconnect', () => process.exit(0));
  await report();
}

async function steps({ stores: { events } }: Gonogo): Promise<Step[]> {
  const [newest] = await events.list({ limit: 1 });
  const all = newest === undefined ? [] : await events.events(newest.id);
  return all.map(({ type, by }) => ({ type, by }));
}

void start();
