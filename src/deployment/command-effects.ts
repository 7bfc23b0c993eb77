/** Effects that command something, in one table: in which lane, whether still right, and what a failure means. */

import { type Duration, MINUTE, SECOND } from '../time.ts';
import type { Deployment } from './deployment.ts';
import type { Effect } from './effects.ts';
import type { Intent } from './intents.ts';
import { isStillToBeSaid } from './paging/notify.ts';
import { isStepUnderWay } from './rollout/progress.ts';

/** What is carried out and asked beside each other: a rollback has a lane that nothing else can fill (RB-1). */
const LANES = ['rollback', 'rest'] as const;
export type Lane = (typeof LANES)[number];
/** In which a deployment is woken. */
export const wakingLane = ({ status }: Pick<Deployment, 'status'>): Lane =>
  status === 'rolling_back' ? 'rollback' : 'rest';
/** And what only tells others of it: a pager that hangs keeps no command waiting. */
export const COMMAND_LANES = [...LANES, 'notices'] as const;
export type CommandLane = (typeof COMMAND_LANES)[number];

export type Command = Exclude<Effect, { kind: 'show' }>;
type CommandOf<K extends Command['kind']> = Extract<Command, { kind: K }>;

interface Row<C extends Command> {
  lane: CommandLane;
  /** The longest pause before it is tried again; each try waits longer than the one before, up to this. */
  longestWait: Duration;
  /** Whether one that waited is still right: the deployment may have moved on meanwhile. */
  isWanted: (d: Deployment, command: C) => boolean;
  /** What the core is told of a failure; unset where it concerns nobody but the log. `final`: trying again is of no use. */
  onFailure?: (command: C, message: string, final: boolean) => Intent | undefined;
}

const COMMANDS: { [K in Command['kind']]: Row<CommandOf<K>> } = {
  apply: {
    lane: 'rest',
    longestWait: 30 * SECOND,
    // Not while it is held: resuming tells it again.
    isWanted: (d, { step }) => isStepUnderWay(d, step),
    onFailure: ({ step }, message, final) =>
      final
        ? { kind: 'backend_refused', doing: 'apply', step, message }
        : { kind: 'backend_unreachable', doing: 'apply', message },
  },
  roll_back: {
    lane: 'rollback',
    // Sooner: people are waiting for it.
    longestWait: 5 * SECOND,
    // Even when all looks well already: a step on its way may still arrive, and only this takes it back.
    isWanted: ({ status }) => status === 'rolling_back' || status === 'rolled_back',
    onFailure: (_command, message, final) =>
      final
        ? { kind: 'backend_refused', doing: 'roll_back', message }
        : { kind: 'backend_unreachable', doing: 'roll_back', message },
  },
  smoke: {
    lane: 'rest',
    longestWait: 30 * SECOND,
    isWanted: ({ smoke }, { run }) => smoke?.run === run && smoke.verdict === undefined,
  },
  notify: {
    lane: 'notices',
    longestWait: 5 * MINUTE,
    isWanted: isStillToBeSaid,
    // Whatever is wrong may be put right before anybody has come: it goes on being tried.
    onFailure: ({ tells, about, notifier }, message) =>
      tells === 'trigger'
        ? { kind: 'pager_failed', call: about, notifier: notifier.name, problem: message }
        : undefined,
  },
  supersede: { lane: 'rest', longestWait: 30 * SECOND, isWanted: () => true },
  stop_further: { lane: 'rest', longestWait: 5 * SECOND, isWanted: () => true },
};

const rowOf = (command: Command): Row<Command> => COMMANDS[command.kind] as Row<Command>;

export function isCommand(effect: Effect): effect is Command {
  return effect.kind !== 'show';
}

export const laneOf = (command: Command): CommandLane => rowOf(command).lane;

export function isStillWanted(d: Deployment, command: Command): boolean {
  return rowOf(command).isWanted(d, command);
}

export function failureOf(command: Command, message: string, final: boolean): Intent | undefined {
  return rowOf(command).onFailure?.(command, message, final);
}

/** How long to wait before it is tried once more. */
export function retryAfter(command: Command, attempts: number): Duration {
  return Math.min(SECOND * 2 ** attempts, rowOf(command).longestWait);
}
