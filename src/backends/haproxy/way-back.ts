/** The way back to a version: to the group that runs it still where there is one, and part by part where there is none. */

import type { Wanted } from './app.ts';
import { settingsFor } from './asserted.ts';
import type { Batches } from './batches.ts';
import type { Doing } from './doing.ts';
import type { Groups } from './groups.ts';
import type { Order } from './journal.ts';
import { busiest, groupsOf, runsAll, type SeenServer, shareOf } from './seen.ts';
import type { Servers } from './servers.ts';

type Back = Order & { kind: 'back' };

export function createWayBack(
  { seeInAHurry, assert }: Pick<Servers, 'seeInAHurry' | 'assert'>,
  { standUp, setShare, replace, roll }: Groups & Pick<Batches, 'roll'>,
): (order: Back, doing: Doing) => Promise<void> {
  async function back({ from, version, sha, digest }: Back, doing: Doing): Promise<void> {
    const servers = await seeInAHurry(doing.signal);
    if (version === null) return takeOut(from, servers, doing);
    const wanted = { version, sha, digest };
    const ready = readyGroup(servers, version);
    if (ready !== undefined) return allTo(ready, doing);
    // Nobody is served by it now: the group without traffic is made to run it, and then gets all of it.
    if (groupsOf(servers).size > 1 && !hasTraffic(servers, version))
      return allTo(await standUp(wanted, doing, seeInAHurry), doing);
    return inParts(servers, wanted, doing);
  }

  /** Nothing ran there before. */
  async function takeOut(version: string, servers: readonly SeenServer[], doing: Doing): Promise<void> {
    const out = servers.filter(({ runs }) => runs?.version === version);
    doing.still();
    await assert(settingsFor(out, 'maint'), doing);
  }

  async function allTo(group: string, doing: Doing): Promise<void> {
    doing.still();
    await setShare(group, 100, 'maint', doing);
  }

  /** The rolling way back: half of what is left at a time, or what is there at once where nothing else would answer. */
  async function inParts(servers: readonly SeenServer[], wanted: Wanted, doing: Doing): Promise<void> {
    const group = groupsOf(servers).get(busiest(servers)) ?? [];
    if (group.length === 1) return replace(wanted, doing, seeInAHurry);
    const astray = group.filter(({ runs, admin }) => runs?.version !== wanted.version || admin !== 'ready');
    const half = Math.ceil(group.length / 2);
    for (let first = 0; first < astray.length; first += half)
      await roll(await seeInAHurry(doing.signal), astray.slice(first, first + half), wanted, doing);
  }

  return back;
}

/** Whose servers all run it, and which is up, or was only put to sleep. */
function readyGroup(servers: readonly SeenServer[], version: string): string | undefined {
  const isReady = (group: readonly SeenServer[]): boolean =>
    runsAll(group, version) && group.some(({ health, admin }) => health === 'up' || admin === 'maint');
  return [...groupsOf(servers)].find(([, group]) => isReady(group))?.[0];
}

const hasTraffic = (servers: readonly SeenServer[], version: string): boolean =>
  shareOf(servers, ({ runs }) => runs?.version === version) > 0;
