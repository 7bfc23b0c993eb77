/**
 * A Roll back that was pressed while the record cannot be written (OP-3, RB-1): kept here and in a small file beside the
 * record, and carried out as soon as the record takes it. Nothing touches the backend before it is recorded.
 */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Actor, Intent } from '../deployment/intents.ts';
import type { Log } from '../log.ts';
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
}

interface Kept {
  deployment: string;
  intent: Extract<Intent, { kind: 'roll_back' }>;
  actor: Actor;
}

const TRIED_AGAIN_AFTER: Duration = SECOND;

export function createKeptRollbacks({ handle, spool, clock, log }: KeptRollbacksOptions): KeptRollbacks {
  /** The first one of a deployment is the one that counts. */
  const kept = new Map<string, Kept>();
  let cancel: (() => void) | undefined;
  let trying: Promise<void> | undefined;

  async function handleOrKeep(input: Input): Promise<Outcome> {
    try {
      return await handle(input);
    } catch (error) {
      const { deployment, intent, actor } = input;
      if (!(error instanceof DatabaseFault) || intent.kind !== 'roll_back' || deployment === undefined)
        throw error;
      if (!kept.has(deployment)) kept.set(deployment, { deployment, intent, actor });
      writeSpool();
      later();
      throw new RollbackKept(deployment, error);
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
    for (const one of [...kept.values()]) await tryOne(one);
    if (kept.size > 0) later();
  }

  async function tryOne({ deployment, intent, actor }: Kept): Promise<void> {
    try {
      const outcome = await handle({ deployment, intent, actor });
      log.warn({ deployment, outcome: outcome.kind }, 'a rollback that was kept has reached the record');
    } catch (error) {
      log.error({ err: error, deployment }, 'a rollback is kept: it cannot be recorded yet');
      if (error instanceof DatabaseFault) return;
    }
    kept.delete(deployment);
    writeSpool();
  }

  /** Where the disk does not take it either, it is in memory and in the log. */
  function writeSpool(): void {
    if (spool === undefined) return;
    try {
      if (kept.size === 0) rmSync(spool, { force: true });
      else writeFileSync(spool, JSON.stringify([...kept.values()]), { mode: 0o600, flush: true });
    } catch (error) {
      log.error(
        { err: error, kept: [...kept.values()] },
        'rollbacks are kept in memory only: their file cannot be written',
      );
    }
  }

  return {
    handle: handleOrKeep,
    start() {
      for (const one of readSpool(spool, log)) kept.set(one.deployment, one);
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
