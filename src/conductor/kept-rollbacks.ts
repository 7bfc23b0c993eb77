/**
 * A Roll back that was pressed while the record cannot be written (OP-3, RB-1): kept here and in a small file beside the
 * record, and carried out as soon as the record takes it. Nothing touches the backend before it is recorded.
 */

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Actor, Intent } from '../deployment/intents.ts';
import { mayBeTakenBack } from '../deployment/rollback/decide-take-back.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../message-of.ts';
import { type Clock, type Duration, SECOND } from '../time.ts';
import type { Input, Outcome } from './handle.ts';
import { DatabaseFault, RollbackKept } from './ports/faults.ts';

type Handle = (input: Input) => Promise<Outcome>;

export interface KeptRollbacks {
  /** The same, but a rollback that the database cannot take is kept; `RollbackKept` says so. */
  handle: Handle;
  /** Takes up what was kept before the process ended. */
  start(): void;
  /** True while it tries. */
  busy(): boolean;
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export interface KeptRollbacksOptions {
  handle: Handle;
  /** Unset where the record is in memory. */
  spool: string | undefined;
  clock: Clock;
  log: Log;
  /** Somebody was told that it is kept, and it does not happen: they must hear why. */
  refused(actor: Actor, deployment: string, why: string): void;
}

type GoingBack = Extract<Intent, { kind: 'roll_back' | 'take_back' }>;

interface Kept {
  deployment: string;
  intent: GoingBack;
  actor: Actor;
}

const TRIED_AGAIN_AFTER: Duration = SECOND;

const keyOf = ({ deployment, actor }: Kept): string =>
  `${deployment} ${actor.kind === 'person' ? actor.person.id : actor.name}`;

/** What would go back by it; undefined where it asks for something else. */
function goesBack({ intent, deployment }: Input): Pick<Kept, 'deployment' | 'intent'> | undefined {
  // A drill can be asked for again on a better day.
  if (intent.kind === 'take_back' && intent.drill !== true) return { intent, deployment: intent.of };
  return intent.kind === 'roll_back' && deployment !== undefined ? { intent, deployment } : undefined;
}

export function createKeptRollbacks(options: KeptRollbacksOptions): KeptRollbacks {
  const { handle, spool, clock, log } = options;
  /** By deployment and who asked: whether the first of them may is not known before the record can be read. */
  const kept = new Map<string, Kept>();
  let cancel: (() => void) | undefined;
  let trying: Promise<void> | undefined;

  async function handleOrKeep(input: Input): Promise<Outcome> {
    try {
      return await handle(input);
    } catch (error) {
      const asked = goesBack(input);
      if (!(error instanceof DatabaseFault) || asked === undefined) throw error;
      const { deployment } = asked;
      const one = { ...asked, actor: input.actor };
      if (!kept.has(keyOf(one))) kept.set(keyOf(one), one);
      const outlives = writeSpool();
      later();
      throw new RollbackKept(deployment, error, outlives);
    }
  }

  function later(): void {
    cancel?.();
    cancel = clock.at(clock.now() + TRIED_AGAIN_AFTER, tryNow);
  }

  function tryNow(): void {
    trying ??= tryAll().finally(() => {
      trying = undefined;
    });
  }

  async function tryAll(): Promise<void> {
    for (const one of [...kept.values()]) if (kept.has(keyOf(one))) await tryOne(one);
    if (kept.size > 0) later();
  }

  async function tryOne(one: Kept): Promise<void> {
    const { deployment, actor } = one;
    let goesBackNow = false;
    try {
      const outcome = await carryOut(one);
      log.warn({ deployment, outcome: outcome.kind }, 'a rollback that was kept has reached the record');
      if (outcome.kind === 'refused') options.refused(actor, deployment, outcome.message);
      goesBackNow = outcome.kind !== 'refused';
    } catch (error) {
      log.error({ err: error, deployment }, 'a rollback is kept: it cannot be recorded yet');
      if (error instanceof DatabaseFault) return;
      options.refused(actor, deployment, messageOf(error));
    }
    kept.delete(keyOf(one));
    // What the others asked for happens with it.
    if (goesBackNow) for (const [key, other] of kept) if (other.deployment === deployment) kept.delete(key);
    writeSpool();
  }

  /** Whoever clicked could not see then that it was handed over: such a one goes back as a deployment of its own (RB-7). */
  async function carryOut({ deployment, intent, actor }: Kept): Promise<Outcome> {
    if (intent.kind === 'take_back') return handle({ intent, actor });
    const outcome = await handle({ deployment, intent, actor });
    const isOver =
      outcome.kind === 'refused' && outcome.deployment !== undefined && mayBeTakenBack(outcome.deployment);
    return isOver ? handle({ intent: { ...intent, kind: 'take_back', of: deployment }, actor }) : outcome;
  }

  /** False where the disk does not take it either: then it is in memory and in the log. What was there stays until all of the new is. */
  function writeSpool(): boolean {
    if (spool === undefined) return true;
    try {
      if (kept.size === 0) rmSync(spool, { force: true });
      else {
        writeFileSync(`${spool}.new`, JSON.stringify([...kept.values()]), { mode: 0o600, flush: true });
        renameSync(`${spool}.new`, spool);
      }
      return true;
    } catch (error) {
      log.error(
        { err: error, kept: [...kept.values()] },
        'rollbacks are kept in memory only: their file cannot be written',
      );
      return false;
    }
  }

  return {
    handle: handleOrKeep,
    start() {
      for (const one of readSpool(spool, log)) kept.set(keyOf(one), one);
      if (kept.size > 0) tryNow();
    },
    busy: () => trying !== undefined,
    idle: async () => trying,
    async stop() {
      cancel?.();
      await trying;
      cancel?.();
    },
  };
}

/** We wrote it ourselves; whoever could change it could also change the record beside it. */
function readSpool(spool: string | undefined, log: Log): Kept[] {
  if (spool === undefined) return [];
  try {
    return JSON.parse(readFileSync(spool, 'utf8')) as Kept[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      log.error({ err: error, spool }, 'rollbacks that were kept cannot be read');
    return [];
  }
}
