/** What each order means for the servers of a place: who takes the traffic, and in which order they change. */

import { BackendError } from '../port.ts';
import type { Activation } from './activation.ts';
import type { Wanted } from './app.ts';
import type { Asserted } from './asserted.ts';
import type { Doing } from './doing.ts';
import type { Fleet } from './fleet.ts';
import type { Order } from './journal.ts';
import type { Admin, ServerState } from './runtime-api.ts';
import { busiest, carries, fleetOf, groupsOf, runsAll, type SeenServer, shareOf } from './seen.ts';
import { weightsFor } from './weights.ts';

/** Of a server that never had a weight of its own. */
const FULL_WEIGHT = 100;

export type CarryOut = (order: Order, doing: Doing) => Promise<void>;

export function createCarryOut({
  groupOf,
  states,
  see,
  seeInAHurry,
  assert,
  bring,
  onto,
  awaitHealthy,
}: Fleet & Pick<Asserted, 'assert'> & Activation): CarryOut {
  async function carryOut(order: Order, doing: Doing): Promise<void> {
    switch (order.kind) {
      case 'share':
        return share(order, doing);
      case 'stand-up':
        await standUp(order, doing);
        return;
      case 'batch':
        return batch(order, order, doing);
      case 'replace':
        return replace(order, doing);
      case 'retire-old':
        return retire(order.version, doing);
      case 'back':
        return back(order, doing);
      case 'none':
        return;
    }
  }

  /** The group that runs it, or is made to run it: never one that has the traffic. */
  async function standUp(wanted: Wanted, doing: Doing, look = see): Promise<string> {
    const servers = await look(doing.signal);
    const groups = groupsOf(servers);
    const there = [...groups].find(([, group]) => runsAll(group, wanted.version, wanted.digest))?.[0];
    const idle = [...groups.keys()].find((group) => group !== busiest(servers));
    // A version that has traffic already is where it is; of a fresh setting, in which all run it, the idle one is taken.
    const group = there ?? idle;
    if (group === undefined) {
      throw new BackendError('one group of servers cannot hold two versions: name a second under groups', {
        final: true,
      });
    }
    const mine = groups.get(group) ?? [];
    if (there === undefined) await bring(mine, wanted, doing);
    await awaitHealthy(mine, doing);
    return group;
  }

  async function share({ percent, ...wanted }: Order & { kind: 'share' }, doing: Doing): Promise<void> {
    const group = await standUp(wanted, doing);
    doing.still();
    await setShare(group, percent, 'drain', doing);
  }

  /** `leftOut`: drained servers finish what they have, those in maintenance lose the people that a cookie brings back, too. */
  async function setShare(group: string, percent: number, leftOut: Admin, doing: Doing): Promise<void> {
    const servers = await states(doing.signal);
    const mine = servers.filter(({ name }) => groupOf.get(name) === group);
    const others = servers.filter(({ name }) => groupOf.get(name) !== group);
    const whole = percent >= 100;
    const weights =
      whole || others.length === 0
        ? { share: FULL_WEIGHT, rest: FULL_WEIGHT }
        : weightsFor(percent, { share: mine.length, rest: others.length });
    const settingsOf = (list: ServerState[], weight: number, admin: Admin) =>
      list.map(({ name }) => [name, { weight, admin }] as const);
    // First the way in, then the way out: at no moment is nobody there.
    await assert(
      new Map([
        ...settingsOf(mine, weights.share, 'ready'),
        ...settingsOf(others, weights.rest, whole ? leftOut : 'ready'),
      ]),
      doing,
    );
  }

  async function batch(
    wanted: Wanted,
    { number, of, keep }: { number: number; of: number; keep?: number | undefined },
    doing: Doing,
  ): Promise<void> {
    const servers = await see(doing.signal);
    const fleet = fleetOf(servers, wanted.version);
    const part = fleet.filter((_server, index) => Math.floor((index * of) / fleet.length) === number - 1);
    refuseBelow(keep, { fleet, part });
    await roll(servers, part, wanted, doing);
  }

  /** ST-3: what does not answer counts as gone, whatever the plan had reckoned with. */
  function refuseBelow(
    keep: number | undefined,
    { fleet, part }: { fleet: readonly SeenServer[]; part: readonly SeenServer[] },
  ): void {
    if (keep === undefined || part.length === 0) return;
    const left = answering(fleet, part).length;
    if (100 * left >= keep * fleet.length) return;
    const names = part.map(({ name }) => name).join(', ');
    throw new BackendError(
      `${left} of ${fleet.length} servers would answer while ${names} changes, and ${keep} % must`,
      { final: true },
    );
  }

  const answering = (servers: readonly SeenServer[], part: readonly SeenServer[]): SeenServer[] =>
    servers.filter(
      (server) =>
        carries(server) && server.health !== 'down' && !part.some(({ name }) => name === server.name),
    );

  /** Drain, activate, check, put back; refused where nobody else would be there meanwhile. */
  async function roll(
    servers: readonly SeenServer[],
    part: readonly SeenServer[],
    wanted: Wanted,
    doing: Doing,
  ): Promise<void> {
    if (part.length === 0) return;
    const left = answering(servers, part);
    if (left.length === 0) {
      throw new BackendError(
        `nobody would be left to answer while ${part.map(({ name }) => name).join(', ')} changes`,
        {
          final: true,
        },
      );
    }
    await bring(part, wanted, doing);
    await awaitHealthy(part, doing);
    doing.still();
    const weight = left[0]?.weight ?? FULL_WEIGHT;
    await assert(new Map(part.map(({ name }) => [name, { weight, admin: 'ready' as const }])), doing);
  }

  async function replace(wanted: Wanted, doing: Doing, look = see): Promise<void> {
    const servers = await look(doing.signal);
    const group = groupsOf(servers).get(busiest(servers)) ?? [];
    await onto(group, wanted, doing);
    await awaitHealthy(group, doing);
    await setShare(group[0]?.group ?? '', 100, 'drain', doing);
  }

  async function retire(version: string, doing: Doing): Promise<void> {
    const servers = await see(doing.signal);
    const old = servers.filter(({ runs, admin }) => runs?.version !== version && admin !== 'ready');
    doing.still();
    await assert(new Map(old.map(({ name, weight }) => [name, { weight, admin: 'maint' as const }])), doing);
  }

  async function back(order: Order & { kind: 'back' }, doing: Doing): Promise<void> {
    const servers = await seeInAHurry(doing.signal);
    const { version, from, sha, digest } = order;
    if (version === null) {
      const out = servers.filter(({ runs }) => runs?.version === from);
      doing.still();
      return assert(
        new Map(out.map(({ name, weight }) => [name, { weight, admin: 'maint' as const }])),
        doing,
      );
    }
    const wanted = { version, sha, digest };
    const group = [...groupsOf(servers)].find(
      ([, all]) =>
        runsAll(all, version) && all.some(({ health, admin }) => health === 'up' || admin === 'maint'),
    )?.[0];
    if (group !== undefined) {
      doing.still();
      return setShare(group, 100, 'maint', doing);
    }
    if (groupsOf(servers).size > 1 && shareOf(servers, ({ runs }) => runs?.version === version) === 0) {
      const stood = await standUp(wanted, doing, seeInAHurry);
      doing.still();
      return setShare(stood, 100, 'maint', doing);
    }
    return backInParts(servers, wanted, doing);
  }

  /** The rolling way back: half of what is left at a time, or what is there at once where nothing else would answer. */
  async function backInParts(servers: readonly SeenServer[], wanted: Wanted, doing: Doing): Promise<void> {
    const group = groupsOf(servers).get(busiest(servers)) ?? [];
    const astray = group.filter(({ runs, admin }) => runs?.version !== wanted.version || admin !== 'ready');
    const half = Math.ceil(group.length / 2);
    if (group.length === 1) return replace(wanted, doing, seeInAHurry);
    for (let first = 0; first < astray.length; first += half) {
      await roll(await seeInAHurry(doing.signal), astray.slice(first, first + half), wanted, doing);
    }
  }

  return carryOut;
}
