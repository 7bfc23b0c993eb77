/** Servers that change a few at a time, while the others answer (ST-3). */

import { BackendError } from '../port.ts';
import type { Wanted } from './app.ts';
import { FULL_WEIGHT, settingsFor } from './asserted.ts';
import type { Doing } from './doing.ts';
import type { Order } from './journal.ts';
import { carries, fleetOf, type SeenServer } from './seen.ts';
import type { Servers } from './servers.ts';

export interface Batches {
  batch(order: Order & { kind: 'batch' }, doing: Doing): Promise<void>;
  /** Drain, activate, check, put back; refused where nobody else would be there meanwhile. */
  roll(
    servers: readonly SeenServer[],
    part: readonly SeenServer[],
    wanted: Wanted,
    doing: Doing,
  ): Promise<void>;
}

export function createBatches({
  see,
  bring,
  awaitHealthy,
  assert,
}: Pick<Servers, 'see' | 'bring' | 'awaitHealthy' | 'assert'>): Batches {
  const roll: Batches['roll'] = async (servers, part, wanted, doing) => {
    if (part.length === 0) return;
    const left = answering(servers, part);
    if (left.length === 0) refuse(`nobody would be left to answer while ${namesOf(part)} changes`);
    await bring(part, wanted, doing);
    await awaitHealthy(part, doing);
    doing.still();
    await assert(settingsFor(part, 'ready', left[0]?.weight ?? FULL_WEIGHT), doing);
  };

  return {
    roll,
    async batch({ number, of, keep, ...wanted }, doing) {
      const servers = await see(doing.signal);
      const fleet = fleetOf(servers, wanted.version);
      const part = fleet.filter((_server, index) => Math.floor((index * of) / fleet.length) === number - 1);
      refuseBelow(keep, fleet, part);
      await roll(servers, part, wanted, doing);
    },
  };
}

/** What does not answer counts as gone, whatever the plan had reckoned with. */
function refuseBelow(
  keep: number | undefined,
  fleet: readonly SeenServer[],
  part: readonly SeenServer[],
): void {
  if (keep === undefined || part.length === 0) return;
  const left = answering(fleet, part).length;
  if (100 * left >= keep * fleet.length) return;
  refuse(
    `${left} of ${fleet.length} servers would answer while ${namesOf(part)} changes, and ${keep} % must`,
  );
}

/** Those that still answer while a part of them changes. */
function answering(servers: readonly SeenServer[], part: readonly SeenServer[]): SeenServer[] {
  const changing = new Set(part.map(({ name }) => name));
  return servers.filter(
    (server) => carries(server) && server.health !== 'down' && !changing.has(server.name),
  );
}

function refuse(why: string): never {
  throw new BackendError(why, { final: true });
}

const namesOf = (servers: readonly SeenServer[]): string => servers.map(({ name }) => name).join(', ');
