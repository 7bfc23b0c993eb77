/** Puts a version on servers: out of the traffic, activated, healthy. None of them is put back into the traffic here. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { AdapterContext } from '../../adapters/kind.ts';
import { parseDuration } from '../../config/durations.ts';
import type { Duration } from '../../time.ts';
import { BackendError } from '../port.ts';
import { activate, askVersion, type Wanted } from './app.ts';
import { type Asserted, settingsFor } from './asserted.ts';
import type { Doing } from './doing.ts';
import type { Fleet } from './fleet.ts';
import type { ServerState } from './runtime-api.ts';
import { runsAll, type SeenServer } from './seen.ts';
import type { PlaceSettings } from './settings.ts';

export interface Activation {
  /** Out of the traffic, on to the version; not back yet. */
  bring(servers: readonly SeenServer[], wanted: Wanted, doing: Doing): Promise<void>;
  /** On to the version where they are. */
  onto(servers: readonly SeenServer[], wanted: Wanted, doing: Doing): Promise<void>;
  awaitHealthy(servers: readonly ServerState[], doing: Doing): Promise<void>;
}

const POLL: Duration = 100;

export function createActivation(options: {
  id: string;
  settings: PlaceSettings;
  context: AdapterContext;
  states: Fleet['states'];
  assert: Asserted['assert'];
}): Activation {
  const { id, settings, context, states, assert } = options;

  async function bring(servers: readonly SeenServer[], wanted: Wanted, doing: Doing): Promise<void> {
    doing.still();
    await assert(settingsFor(servers, 'drain'), doing);
    await drained(servers, doing);
    await onto(servers, wanted, doing);
  }

  async function onto(servers: readonly SeenServer[], wanted: Wanted, doing: Doing): Promise<void> {
    await Promise.all(
      servers.map(async (server) => {
        const runs = await askVersion(settings, server, context, doing.signal);
        if (runs !== undefined && runsAll([{ ...server, runs }], wanted.version, wanted.digest)) return;
        doing.still();
        const key = `${id}/${doing.seq}/${server.name}`;
        await activate(settings, { server, wanted, key }, context, doing.signal);
        await poll(`${server.name} does not say that it runs ${wanted.version}`, doing, async () => {
          const now = await askVersion(settings, server, context, doing.signal);
          return now !== undefined && runsAll([{ ...server, runs: now }], wanted.version, wanted.digest);
        });
      }),
    );
  }

  async function drained(servers: readonly ServerState[], { signal }: Doing): Promise<void> {
    const end = Date.now() + parseDuration(settings.drain);
    while (Date.now() < end) {
      const busy = (await states(signal)).filter(({ sessions }) => sessions > 0);
      if (!busy.some(({ name }) => servers.some((server) => server.name === name))) return;
      await sleep(POLL, undefined, { signal });
    }
  }

  /** What is in maintenance is not checked: it is drained first, so that its check speaks. */
  async function awaitHealthy(servers: readonly ServerState[], doing: Doing): Promise<void> {
    const now = await states(doing.signal);
    const asleep = now.filter(
      ({ name, admin }) => admin === 'maint' && servers.some((one) => one.name === name),
    );
    doing.still();
    if (asleep.length > 0) await assert(settingsFor(asleep, 'drain'), doing);
    const names = new Set(servers.map(({ name }) => name));
    await poll('it does not pass its health check', doing, async () => {
      const all = await states(doing.signal);
      const up = all.filter(({ name, health }) => names.has(name) && health === 'up');
      return up.length === names.size;
    });
  }

  async function poll(otherwise: string, { signal }: Doing, yes: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + parseDuration(settings.ready_within);
    while (!(await yes())) {
      if (Date.now() > end) {
        throw new BackendError(`${otherwise} after ${settings.ready_within}`, { final: true });
      }
      await sleep(POLL, undefined, { signal });
    }
  }

  return { bring, onto, awaitHealthy };
}
