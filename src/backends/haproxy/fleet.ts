/** The servers of a place, as HAProxy counts them and as each says itself which version it runs. */

import type { AdapterContext } from '../../adapters/kind.ts';
import { BackendError } from '../port.ts';
import { askVersion, type Runs, VERSION_WITHIN, VERSION_WITHIN_ROLLBACK } from './app.ts';
import type { RuntimeApi, ServerState } from './runtime-api.ts';
import type { SeenServer } from './seen.ts';
import type { PlaceSettings } from './settings.ts';

export interface Fleet {
  groupOf: ReadonlyMap<string, string>;
  /** Those of the groups that HAProxy knows, by HAProxy alone. */
  states(signal?: AbortSignal): Promise<ServerState[]>;
  /** Why a way forward is closed: servers of the groups that HAProxy does not know. Unset where it knows all. */
  missing(servers: readonly ServerState[]): string | undefined;
  withVersions(servers: readonly ServerState[], signal?: AbortSignal): Promise<SeenServer[]>;
  /** Throws where one of the groups is not there. */
  see(signal?: AbortSignal): Promise<SeenServer[]>;
  /**
   * For a rollback: a server that hangs counts as what it last said it was, and one that HAProxy does not know has no
   * traffic to take back, and is left out.
   */
  seeInAHurry(signal?: AbortSignal): Promise<SeenServer[]>;
}

export function createFleet(options: {
  settings: PlaceSettings;
  api: Pick<RuntimeApi, 'servers'>;
  context: AdapterContext;
}): Fleet {
  const { settings, api, context } = options;
  /** What a server that has broken down ran before. */
  const lastSaid = new Map<string, Runs>();
  const groupOf = new Map(
    Object.entries(settings.groups).flatMap(([group, names]) => names.map((name) => [name, group] as const)),
  );

  async function states(signal?: AbortSignal): Promise<ServerState[]> {
    const all = await api.servers(settings.backend, signal);
    const named = all.filter(({ name }) => groupOf.has(name));
    if (named.length === 0) refuseMissing(named);
    return named;
  }

  function missing(servers: readonly ServerState[]): string | undefined {
    const names = [...groupOf.keys()].filter((name) => !servers.some((server) => server.name === name));
    return names.length === 0
      ? undefined
      : `HAProxy's backend ${settings.backend} has no server ${names.join(', ')}`;
  }

  function refuseMissing(servers: readonly ServerState[]): void {
    const words = missing(servers);
    if (words !== undefined) throw new BackendError(words, { final: true });
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

  return {
    groupOf,
    states,
    missing,
    withVersions,
    async see(signal) {
      const servers = await states(signal);
      refuseMissing(servers);
      return withVersions(servers, signal);
    },
    seeInAHurry: async (signal) => withVersions(await states(signal), signal, true),
  };
}
