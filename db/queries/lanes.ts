/** The same statement for each lane: which one it is about is part of it. */

import type { CommandLane, Lane } from '../../src/deployment/command-effects.ts';

/** See `EffectsTable.rank`. */
export const RANKS = { rollback: 0, rest: 1, notices: 2 } as const satisfies Record<CommandLane, number>;

/** The same for each lane: which one it is about is part of the statement. */
export const inLanes = <T>(make: (lane: Lane) => T): Record<Lane, T> => ({
  rollback: make('rollback'),
  rest: make('rest'),
});

/** The same for each lane of commands. */
export const inCommandLanes = <T>(make: (lane: CommandLane) => T): Record<CommandLane, T> => ({
  ...inLanes(make),
  notices: make('notices'),
});
