/** What HAProxy was told, kept over its reloads: weights and states of servers. */

import { rename, writeFile } from 'node:fs/promises';
import type { AdapterContext } from '../../adapters/kind.ts';
import { BackendError } from '../port.ts';
import type { Doing } from './doing.ts';
import type { Journal } from './journal.ts';
import type { Admin, RuntimeApi, ServerState } from './runtime-api.ts';
import { forgotten } from './seen.ts';
import type { PlaceSettings } from './settings.ts';

export type Setting = { weight: number; admin: Admin };

/** Of a server that never had a weight of its own. */
export const FULL_WEIGHT = 100;

/** The same for each of these servers, by name; `weight` unset leaves each its own. */
export function settingsFor(
  servers: readonly ServerState[],
  admin: Admin,
  weight?: number,
): Map<string, Setting> {
  return new Map(servers.map(({ name, weight: own }) => [name, { weight: weight ?? own, admin }]));
}

export interface Asserted {
  assert(wanted: ReadonlyMap<string, Setting>, doing: Doing): Promise<void>;
  reassert(servers: ServerState[], signal?: AbortSignal): Promise<ServerState[]>;
}

export interface AssertedOptions {
  /** `checkout/production` */
  id: string;
  settings: PlaceSettings;
  stateFile: string;
  api: RuntimeApi;
  journal: Journal;
  context: AdapterContext;
  states(signal?: AbortSignal): Promise<ServerState[]>;
}

const settingOf = ({ name, weight, admin }: ServerState): [string, Setting] => [name, { weight, admin }];

export function createAsserted(options: AssertedOptions): Asserted {
  const { id, settings, api, journal, context, states } = options;

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
    if (before !== undefined && before.incarnation !== incarnation) await sendKept(servers, signal);
    else await send(Object.fromEntries(wanted), signal);
    try {
      still();
    } catch (error) {
      const newer = journal.asserted(id);
      if (newer !== undefined) await sendKept(newer.servers);
      throw error;
    }
    journal.assert(id, { incarnation, servers });
    await writeState(signal);
  }

  /** Not to servers that have been taken out of HAProxy's configuration: it would refuse the rest with them. */
  async function sendKept(servers: Record<string, Setting>, signal?: AbortSignal): Promise<void> {
    const there = new Set((await states(signal)).map(({ name }) => name));
    await send(Object.fromEntries(Object.entries(servers).filter(([name]) => there.has(name))), signal);
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
    if (asserted === undefined) return servers;
    const incarnation = await api.incarnation(signal);
    if (incarnation === asserted.incarnation) return servers;
    if (forgotten(servers, incarnation, asserted)) {
      context.log.warn(
        { place: id },
        'HAProxy has forgotten weights and states in a reload: telling it again',
      );
      await sendKept(asserted.servers, signal);
      await writeState(signal);
    }
    journal.assert(id, { ...asserted, incarnation });
    return states(signal);
  }

  return { assert, reassert };
}
