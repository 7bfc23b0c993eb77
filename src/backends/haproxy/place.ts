/** One service in one environment behind HAProxy: takes orders, sees that one process carries them out, and looks. */

import { randomUUID } from 'node:crypto';
import type { AdapterContext } from '../../adapters/kind.ts';
import { defined } from '../../defined.ts';
import { messageOf } from '../../message-of.ts';
import { type Duration, SECOND } from '../../time.ts';
import { BackendError, type Commanded, type Observation } from '../port.ts';
import { createActivation } from './activation.ts';
import { createAsserted } from './asserted.ts';
import { createCarryOut } from './carry-out.ts';
import { Overtaken } from './doing.ts';
import { createFleet } from './fleet.ts';
import type { Journal, Order } from './journal.ts';
import type { RuntimeApi, ServerState } from './runtime-api.ts';
import { carries, observationOf, type SeenServer } from './seen.ts';
import type { PlaceSettings } from './settings.ts';

export interface PlaceOptions {
  /** `checkout/production` */
  id: string;
  settings: PlaceSettings;
  stateFile: string;
  api: RuntimeApi;
  journal: Journal;
  context: AdapterContext;
}

export interface Place {
  settings: PlaceSettings;
  see(signal?: AbortSignal): Promise<SeenServer[]>;
  /** For a rollback: a server that hangs counts as what it last said it was. */
  seeInAHurry(signal?: AbortSignal): Promise<SeenServer[]>;
  observe(signal?: AbortSignal): Promise<Observation>;
  /** What is there: nothing is carried on and nothing told again. */
  look(signal?: AbortSignal): Promise<Observation>;
  /** Writes the order down, and then begins; a key that is known and a command that is overtaken have no effect. */
  take(key: string, command: Commanded, order: Order): void;
  /** Until nothing is under way. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** A process that has stood still longer than this has lost its order to another. */
const LEASE: Duration = 6 * SECOND;

interface Work {
  seq: number;
  ending: AbortController;
  done: Promise<void>;
}

export function createPlace(options: PlaceOptions): Place {
  const { id, settings, journal, context } = options;
  const owner = randomUUID();
  let work: Work | undefined;
  const fleet = createFleet(options);
  const { assert, reassert } = createAsserted({ ...options, states: fleet.states });
  const activation = createActivation({ id, settings, context, states: fleet.states, assert });
  const carryOut = createCarryOut({ ...fleet, ...activation, assert });

  async function observe(signal?: AbortSignal): Promise<Observation> {
    resume();
    const there = await fleet.states(signal);
    // Whoever carries out an order tells HAProxy himself.
    return observationIn(work === undefined ? await reassert(there, signal) : there, signal);
  }

  async function look(signal?: AbortSignal): Promise<Observation> {
    return observationIn(await fleet.states(signal), signal);
  }

  async function observationIn(there: ServerState[], signal?: AbortSignal): Promise<Observation> {
    const servers = await fleet.withVersions(there, signal);
    const silent = servers.find(
      (server) => carries(server) && server.health !== 'down' && server.runs === undefined,
    );
    if (silent !== undefined) {
      throw new BackendError(`${silent.name} has traffic and does not say which version it runs`, {
        final: false,
      });
    }
    const seen = observationOf(servers, journal.newest(id), journal.newestShare(id));
    return {
      at: context.clock.now(),
      ...seen,
      ...defined({ problem: fleet.missing(there) ?? seen.problem }),
    };
  }

  function take(key: string, command: Commanded, order: Order): void {
    const fresh = journal.accept(key, id, command, order);
    if (fresh && order.kind !== 'none') work?.ending.abort();
    resume();
  }

  /** Goes on with the newest order where nobody else does: another process may have ended in the middle of it. */
  function resume(): void {
    const newest = journal.newest(id);
    if (newest === undefined || newest.state !== 'accepted' || work?.seq === newest.seq) return;
    if (!journal.take(newest.seq, owner, Date.now(), LEASE)) return;
    const ending = new AbortController();
    const before = work?.done ?? Promise.resolve();
    const begun: Work = {
      seq: newest.seq,
      ending,
      done: before
        .then(() => drive(newest.seq, newest.order, ending))
        .finally(() => {
          if (work === begun) work = undefined;
        }),
    };
    work = begun;
  }

  async function drive(seq: number, order: Order, ending: AbortController): Promise<void> {
    const renew = setInterval(() => {
      if (!journal.take(seq, owner, Date.now(), LEASE)) ending.abort();
    }, LEASE / 3);
    const still = (): void => {
      const mine = journal.newest(id)?.seq === seq && journal.take(seq, owner, Date.now(), LEASE);
      if (!mine || ending.signal.aborted) throw new Overtaken();
    };
    try {
      still();
      await carryOut(order, { seq, still, signal: ending.signal });
      still();
      journal.end(seq, 'done');
    } catch (error) {
      if (error instanceof Overtaken || ending.signal.aborted) return;
      context.log.warn({ err: error, place: id, order: order.kind }, 'HAProxy could not be driven');
      if (error instanceof BackendError && !error.final) return;
      journal.end(seq, 'failed', messageOf(error));
    } finally {
      clearInterval(renew);
      journal.release(seq, owner);
    }
  }

  return {
    settings,
    see: fleet.see,
    seeInAHurry: fleet.seeInAHurry,
    observe,
    look,
    take,
    async idle() {
      while (work !== undefined) await work.done;
    },
    async stop() {
      work?.ending.abort();
      await work?.done;
    },
  };
}
