/** One service in one environment behind HAProxy: takes orders, carries them out, and looks. */

import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AdapterContext } from '../../adapters/kind.ts';
import { parseDuration } from '../../config/durations.ts';
import { messageOf } from '../../message-of.ts';
import { type Duration, SECOND } from '../../time.ts';
import { BackendError, type Observation } from '../port.ts';
import {
  activate,
  askVersion,
  type Runs,
  VERSION_WITHIN,
  VERSION_WITHIN_ROLLBACK,
  type Wanted,
} from './app.ts';
import type { Journal, Order } from './journal.ts';
import type { Admin, RuntimeApi, ServerState } from './runtime-api.ts';
import {
  busiest,
  carries,
  fleetOf,
  forgotten,
  groupsOf,
  observationOf,
  runsAll,
  type SeenServer,
  shareOf,
} from './seen.ts';
import type { PlaceSettings } from './settings.ts';
import { weightsFor } from './weights.ts';

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
  /** Writes the order down, and then begins; a key that is known has no effect. */
  take(key: string, order: Order): void;
  /** Until nothing is under way. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

const POLL: Duration = 100;
/** A process that has stood still longer than this has lost its order to another. */
const LEASE: Duration = 6 * SECOND;
/** Of a server that never had a weight of its own. */
const FULL_WEIGHT = 100;

type Setting = { weight: number; admin: Admin };

const settingOf = ({ name, weight, admin }: ServerState): [string, Setting] => [name, { weight, admin }];

interface Work {
  seq: number;
  ending: AbortController;
  done: Promise<void>;
}

interface Doing {
  seq: number;
  /** Throws where a newer order came, or another process took this one. */
  still(): void;
  signal: AbortSignal;
}

/** The order was overtaken by a newer one, or another process has it: whoever has it goes on. */
class Overtaken extends Error {}

export function createPlace(options: PlaceOptions): Place {
  const { id, settings, api, journal, context } = options;
  const owner = randomUUID();
  let work: Work | undefined;
  /** What a server that has broken down ran before. */
  const lastSaid = new Map<string, Runs>();

  const groupOf = new Map(
    Object.entries(settings.groups).flatMap(([group, names]) => names.map((name) => [name, group] as const)),
  );

  async function states(signal?: AbortSignal): Promise<ServerState[]> {
    const all = await api.servers(settings.backend, signal);
    const named = all.filter(({ name }) => groupOf.has(name));
    const missing = [...groupOf.keys()].filter((name) => !named.some((server) => server.name === name));
    if (missing.length > 0) {
      throw new BackendError(`HAProxy's backend ${settings.backend} has no server ${missing.join(', ')}`, {
        final: true,
      });
    }
    return named;
  }

  /** `hurry`: a server that hangs is what it last said it was, so that a rollback does not wait for a broken version. */
  async function withVersions(
    servers: readonly ServerState[],
    signal?: AbortSignal,
    hurry = false,
  ): Promise<SeenServer[]> {
    return Promise.all(
      servers.map(async (server) => {
        const within = hurry ? VERSION_WITHIN_ROLLBACK : VERSION_WITHIN;
        const says = await askVersion(settings, server, context, signal, within);
        if (says !== undefined) lastSaid.set(server.name, says);
        const runs = says ?? (hurry || server.health === 'down' ? lastSaid.get(server.name) : undefined);
        return { ...server, group: groupOf.get(server.name) ?? '', runs };
      }),
    );
  }

  const see = async (signal?: AbortSignal) => withVersions(await states(signal), signal);
  const seeInAHurry = async (signal?: AbortSignal) => withVersions(await states(signal), signal, true);

  /**
   * Tells HAProxy, and remembers what it was told and which process of it heard it. A process that stood still in
   * between may tell something old: it looks once more afterwards, and makes good what it did.
   */
  async function assert(wanted: ReadonlyMap<string, Setting>, { still, signal }: Doing): Promise<void> {
    still();
    const incarnation = await api.incarnation(signal);
    const before = journal.asserted(id);
    const base = before?.servers ?? Object.fromEntries((await states(signal)).map(settingOf));
    const servers = { ...base, ...Object.fromEntries(wanted) };
    // After a reload the others may be forgotten as well.
    await send(
      before !== undefined && before.incarnation !== incarnation ? servers : Object.fromEntries(wanted),
      signal,
    );
    try {
      still();
    } catch (error) {
      const newer = journal.asserted(id);
      if (newer !== undefined) await send(newer.servers);
      throw error;
    }
    journal.assert(id, { incarnation, servers });
    await writeState(signal);
  }

  async function send(servers: Record<string, Setting>, signal?: AbortSignal): Promise<void> {
    const commands = Object.entries(servers).flatMap(([name, { weight, admin }]) => [
      `set server ${settings.backend}/${name} weight ${weight}`,
      `set server ${settings.backend}/${name} state ${admin}`,
    ]);
    await api.send(commands, signal);
  }

  /** What a reload begins with. HAProxy reads it whole or not at all. */
  async function writeState(signal?: AbortSignal): Promise<void> {
    if (options.stateFile === 'elsewhere') return;
    const next = `${options.stateFile}.gonogo`;
    try {
      await writeFile(next, await api.dump(signal), { mode: 0o644 });
      await rename(next, options.stateFile);
    } catch (error) {
      if (error instanceof BackendError) throw error;
      // The change itself is made; a reload before the next look would undo it, and the look would make it again.
      context.log.error(
        { err: error, file: options.stateFile },
        'the state file of HAProxy cannot be written',
      );
    }
  }

  /** A reload that kept nothing gave drained servers their traffic again: they are told once more. What somebody changed by hand is left. */
  async function reassert(servers: ServerState[], signal?: AbortSignal): Promise<ServerState[]> {
    const asserted = journal.asserted(id);
    if (asserted === undefined || work !== undefined) return servers;
    const incarnation = await api.incarnation(signal);
    if (incarnation === asserted.incarnation) return servers;
    if (forgotten(servers, incarnation, asserted)) {
      context.log.warn(
        { place: id },
        'HAProxy has forgotten weights and states in a reload: telling it again',
      );
      await send(asserted.servers, signal);
      await writeState(signal);
    }
    journal.assert(id, { ...asserted, incarnation });
    return states(signal);
  }

  async function observe(signal?: AbortSignal): Promise<Observation> {
    resume();
    const servers = await withVersions(await reassert(await states(signal), signal), signal);
    const silent = servers.find(
      (server) => carries(server) && server.health !== 'down' && server.runs === undefined,
    );
    if (silent !== undefined) {
      throw new BackendError(`${silent.name} has traffic and does not say which version it runs`, {
        final: false,
      });
    }
    const seen = observationOf(servers, journal.newest(id), journal.newestShare(id));
    return { at: context.clock.now(), ...seen };
  }

  function take(key: string, order: Order): void {
    const fresh = journal.accept(key, id, order);
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
  async function standUp(wanted: Wanted, doing: Doing): Promise<string> {
    const servers = await see(doing.signal);
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

  /** Out of the traffic, on to the version; not back yet. */
  async function bring(servers: readonly SeenServer[], wanted: Wanted, doing: Doing): Promise<void> {
    doing.still();
    await assert(
      new Map(servers.map(({ name, weight }) => [name, { weight, admin: 'drain' as const }])),
      doing,
    );
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
    if (asleep.length > 0) {
      await assert(
        new Map(asleep.map(({ name, weight }) => [name, { weight, admin: 'drain' as const }])),
        doing,
      );
    }
    const names = new Set(servers.map(({ name }) => name));
    await poll('it does not pass its health check', doing, async () => {
      const all = await states(doing.signal);
      return all.every(({ name, health }) => !names.has(name) || health === 'up');
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

  async function replace(wanted: Wanted, doing: Doing): Promise<void> {
    const servers = await see(doing.signal);
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
      const stood = await standUp(wanted, doing);
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
    if (group.length === 1) return replace(wanted, doing);
    for (let first = 0; first < astray.length; first += half) {
      await roll(await see(doing.signal), astray.slice(first, first + half), wanted, doing);
    }
  }

  return {
    settings,
    see,
    seeInAHurry,
    observe,
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
