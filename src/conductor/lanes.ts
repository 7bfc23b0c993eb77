/** What works through the record: commands and wakings, each in lanes of their own, so that a rollback waits behind nothing. */

import { type CommandLane, isCommand, type Lane, laneOf, wakingLane } from '../deployment/command-effects.ts';
import { type CommandContext, createCommandRunner } from './commands.ts';
import type { Commit } from './ports/event-store.ts';
import type { Pump } from './pump.ts';
import { createWaker, type WakerContext } from './waker.ts';

export interface Lanes extends Omit<Pump, 'dueAt'> {
  /** What a commit has left to do. */
  pokeFor(commit: Commit): void;
}

/** `beside` are pumps that any commit may have something for. */
export function createLanes(
  waking: WakerContext,
  commanding: CommandContext,
  beside: readonly Pump[],
): Lanes {
  const runners: Record<CommandLane, Pump> = {
    rollback: createCommandRunner(commanding, 'rollback'),
    rest: createCommandRunner(commanding, 'rest'),
    notices: createCommandRunner(commanding, 'notices'),
  };
  const wakers: Record<Lane, Pump> = {
    rollback: createWaker(waking, 'rollback'),
    rest: createWaker(waking, 'rest'),
  };
  const pumps: readonly Pump[] = [...Object.values(runners), ...Object.values(wakers), ...beside];
  return {
    poke() {
      for (const pump of pumps) pump.poke();
    },
    // Only those that the commit has something for: each looks into the record.
    pokeFor({ after, effects, wakeAt }) {
      for (const lane of new Set(effects.filter(isCommand).map(laneOf))) runners[lane].poke();
      if (wakeAt !== null) wakers[wakingLane(after)].dueAt(wakeAt);
      for (const pump of beside) pump.poke();
    },
    busy: () => pumps.some((pump) => pump.busy()),
    async idle() {
      await Promise.all(pumps.map((pump) => pump.idle()));
    },
    async stop() {
      await Promise.all(pumps.map((pump) => pump.stop()));
    },
  };
}
