/** What a place looks like now: its servers in HAProxy, and what each of them runs. Pure readings of it. */

import type { Observation } from '../port.ts';
import type { Runs } from './app.ts';
import type { Asserted, Order, Ordered } from './journal.ts';
import type { ServerState } from './runtime-api.ts';

export interface SeenServer extends ServerState {
  group: string;
  runs: Runs | undefined;
}

/** A share this far from what was asked is still it: one server of many that is down moves it a little. */
function tolerance(percent: number): number {
  return Math.max(1, Math.min(percent, 100 - percent) / 10);
}

/** A server that HAProxy is set to give requests; whether it is up to it, its health tells. */
export function carries({ admin, weight }: ServerState): boolean {
  return admin === 'ready' && weight > 0;
}

/** In percent, of the servers that are chosen. */
export function shareOf(servers: readonly SeenServer[], chosen: (server: SeenServer) => boolean): number {
  const carrying = servers.filter(carries);
  const all = carrying.reduce((sum, { weight }) => sum + weight, 0);
  const mine = carrying.filter(chosen).reduce((sum, { weight }) => sum + weight, 0);
  return all === 0 ? 0 : (100 * mine) / all;
}

export function runsAll(servers: readonly SeenServer[], version: string, digest?: string): boolean {
  return (
    servers.length > 0 &&
    servers.every(
      ({ runs }) =>
        runs?.version === version &&
        (digest === undefined || digest === '' || runs.digest === undefined || runs.digest === digest),
    )
  );
}

export function groupsOf(servers: readonly SeenServer[]): Map<string, SeenServer[]> {
  const groups = new Map<string, SeenServer[]>();
  for (const server of servers) groups.set(server.group, [...(groups.get(server.group) ?? []), server]);
  return groups;
}

/**
 * The servers that a rolling deployment goes through: of all groups that have traffic, which are both before the first
 * blue-green. One that was taken out in the middle of its part is of them still.
 */
export function fleetOf(servers: readonly SeenServer[], version: string): SeenServer[] {
  const isInUse = (server: SeenServer): boolean =>
    carries(server) || (server.admin === 'drain' && server.runs?.version === version);
  return [...groupsOf(servers).values()].filter((group) => group.some(isInUse)).flat();
}

/** The group that has most of the traffic; the first where nobody has any. */
export function busiest(servers: readonly SeenServer[]): string {
  const groups = [...groupsOf(servers).keys()];
  const shares = groups.map((group) => shareOf(servers, (server) => server.group === group));
  return groups[shares.indexOf(Math.max(...shares))] ?? '';
}

export function observationOf(
  servers: readonly SeenServer[],
  newest: Ordered | undefined,
  newestShare: Ordered | undefined,
): Omit<Observation, 'at'> {
  const shares = sharesByVersion(servers);
  const { stable, canary, weight } = split(shares, newestShare?.order);
  const idle = [...groupsOf(servers).values()].find(
    (group) =>
      !group.some(carries) && group.every(({ admin, health }) => admin !== 'maint' && health === 'up'),
  );
  const waiting = idle?.[0]?.runs?.version;
  const standby =
    waiting !== undefined &&
    idle !== undefined &&
    runsAll(idle, waiting) &&
    waiting !== stable &&
    waiting !== canary
      ? waiting
      : null;
  const problem = newest?.state === 'failed' ? newest.problem : null;
  return {
    stable,
    canary,
    standby,
    weight,
    health: healthOf(servers, weight > 0 ? canary : stable),
    digests: digestsOf(servers),
    ...(problem === null ? {} : { problem }),
  };
}

function sharesByVersion(servers: readonly SeenServer[]): Map<string, number> {
  const shares = new Map<string, number>();
  for (const { runs } of servers.filter(carries)) {
    if (runs === undefined || shares.has(runs.version)) continue;
    shares.set(
      runs.version,
      shareOf(servers, (server) => server.runs?.version === runs.version),
    );
  }
  return new Map([...shares].sort(([, a], [, b]) => b - a));
}

function split(
  shares: ReadonlyMap<string, number>,
  order: Order | undefined,
): Pick<Observation, 'stable' | 'canary' | 'weight'> {
  const [most = null] = shares.keys();
  const coming = order !== undefined && 'version' in order && order.kind !== 'back' ? order.version : null;
  const canary =
    coming !== null && shares.has(coming) && shares.size > 1
      ? coming
      : ([...shares.keys()].find((version) => version !== most) ?? null);
  if (canary === null) return { stable: most, canary: null, weight: 0 };
  const stable = [...shares.keys()].find((version) => version !== canary) ?? null;
  const real = shares.get(canary) ?? 0;
  const asked = order?.kind === 'share' && order.version === canary ? order.percent : undefined;
  const close = asked !== undefined && Math.abs(real - asked) <= tolerance(asked);
  return { stable, canary, weight: close ? asked : Math.round(real * 10) / 10 };
}

/** More than half of its servers must be up; one of many that is down is a matter for whoever runs it. */
function healthOf(servers: readonly SeenServer[], version: string | null): Observation['health'] {
  const of = servers.filter((server) => carries(server) && server.runs?.version === version);
  const up = of.filter(({ health }) => health === 'up').length;
  const down = of.filter(({ health }) => health === 'down').length;
  if (up * 2 > of.length) return 'passing';
  return down > 0 && down * 2 >= of.length ? 'failing' : 'unknown';
}

/** A version that runs with two digests is told with both, so that it equals neither. */
function digestsOf(servers: readonly SeenServer[]): Record<string, string> {
  const digests = new Map<string, Set<string>>();
  for (const { runs } of servers) {
    if (runs?.digest === undefined) continue;
    digests.set(runs.version, (digests.get(runs.version) ?? new Set()).add(runs.digest));
  }
  return Object.fromEntries([...digests].map(([version, all]) => [version, [...all].sort().join(' and ')]));
}

/** Whether HAProxy has forgotten what it was told: another process by now, and other settings. */
export function forgotten(servers: readonly ServerState[], incarnation: string, asserted: Asserted): boolean {
  if (incarnation === asserted.incarnation) return false;
  return servers.some(({ name, weight, admin }) => {
    const wanted = asserted.servers[name];
    return wanted !== undefined && (wanted.weight !== weight || wanted.admin !== admin);
  });
}
