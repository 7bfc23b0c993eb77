/** HAProxy in front of servers of one's own, as a kind of backend: it moves traffic and has versions activated. */

import { accessSync, constants, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { attempt, type Finding } from '../adapters/finding.ts';
import { type AdapterContext, adapterKind } from '../adapters/kind.ts';
import type { BackendStep, BackendStepKind } from '../terms/plan.ts';
import { type Order, openJournal } from './haproxy/journal.ts';
import { createPlace, type Place } from './haproxy/place.ts';
import { createRuntimeApi, NotPermitted } from './haproxy/runtime-api.ts';
import { runsAll, type SeenServer } from './haproxy/seen.ts';
import { type HaproxySettings, haproxySettings, type PlaceSettings } from './haproxy/settings.ts';
import { shareOf, weightsFor } from './haproxy/weights.ts';
import { idOf, openedLate, placeIn } from './places.ts';
import {
  BackendError,
  type Change,
  type Commanded,
  type DeployBackend,
  type Release,
  type Target,
} from './port.ts';
import { readReleases } from './releases.ts';

export const haproxy = adapterKind({
  summary: 'HAProxy in front of servers of your own: canary, blue-green, rolling, all at once',
  settings: haproxySettings,
  example: {
    socket: '/run/haproxy/admin.sock',
    state_file: 'elsewhere',
    services: {
      checkout: {
        production: {
          backend: 'be_checkout',
          groups: { blue: ['blue1', 'blue2'], green: ['green1', 'green2'] },
          releases: { file: '/var/lib/gonogo/checkout.json' },
          activate: { command: ['/usr/local/bin/put-version', '{server}'] },
        },
      },
    },
  },
  open(settings, context): DeployBackend {
    const problem = stateFileProblem(settings);
    if (problem !== undefined) throw new Error(problem);
    if (settings.state_file === 'elsewhere') {
      context.log.warn(
        'state_file: elsewhere: the weights outlive a reload only where HAProxy writes them before it',
      );
    }
    return createHaproxy(settings, context);
  },
});

const HAPROXY_STEPS: ReadonlySet<BackendStepKind> = new Set([
  'set-weight',
  'stand-up',
  'batch',
  'replace',
  'retire-old',
]);

export function createHaproxy(
  settings: HaproxySettings,
  context: AdapterContext,
): DeployBackend & { idle(): Promise<void> } {
  const api = createRuntimeApi(settings.socket);
  const journal = openedLate(() => openJournal(context.folder()));
  const places = new Map<string, Place>();

  function placeOf(target: Target): Place {
    const id = idOf(target);
    const known = places.get(id);
    if (known !== undefined) return known;
    const found = placeIn(
      settings.services,
      target,
      (place) => `${context.name} does not say where ${place} is in HAProxy`,
    );
    const stateFile = settings.state_file;
    const place = createPlace({ id, settings: found, stateFile, api, journal: journal(), context });
    places.set(id, place);
    return place;
  }

  async function tell(
    command: Commanded,
    key: string,
    orderOf: (place: Place) => Promise<Order>,
  ): Promise<void> {
    const place = placeOf(command);
    if (!journal().has(key)) place.take(key, command, await orderOf(place));
    // One that is there already may wait for somebody to go on with it.
    else place.take(key, command, { kind: 'none' });
  }

  return {
    name: 'haproxy',
    steps: HAPROXY_STEPS,
    async apply(change, step, key, signal) {
      await tell(change, key, async (place) => {
        const order = orderFor(change, step, place);
        // That HAProxy answers is a part of having accepted it.
        const servers = await place.see(signal);
        await refuseUnknown(place, servers, change, signal);
        return order;
      });
    },
    async rollback(change, to, key, signal) {
      await tell(change, key, async (place) => {
        const servers = await stillTried(place.seeInAHurry(signal));
        const release = to === null ? undefined : await findRelease(place, servers, to, signal);
        const { sha = '', digest = '' } = release ?? {};
        return { kind: 'back', from: change.version, version: to, sha, digest };
      });
    },
    observe: async (target, signal) =>
      target.watchOnly ? placeOf(target).look(signal) : placeOf(target).observe(signal),
    versions: async (target, signal) => readReleases(placeOf(target).settings.releases, context, signal),
    check: (target, signal) => check(target, signal),
    async idle() {
      for (const place of places.values()) await place.idle();
    },
    async close() {
      await Promise.all([...places.values()].map((place) => place.stop()));
      journal.close();
    },
  };

  /** What runs already needs no list: a rollback does not wait for one. */
  async function findRelease(
    place: Place,
    servers: readonly SeenServer[],
    version: string,
    signal?: AbortSignal,
  ): Promise<Pick<Release, 'sha' | 'digest'> | undefined> {
    if (servers.some((server) => runsAll([server], version))) {
      return readReleases(place.settings.releases, context, signal).then(
        (all) => all.find((release) => release.version === version),
        () => undefined,
      );
    }
    const release = (await readReleases(place.settings.releases, context, signal)).find(
      (one) => one.version === version,
    );
    if (release === undefined)
      throw new BackendError(`there is no version ${version} to deploy`, { final: true });
    return release;
  }

  async function refuseUnknown(
    place: Place,
    servers: readonly SeenServer[],
    { version, digest }: Change,
    signal?: AbortSignal,
  ): Promise<void> {
    if (servers.some((server) => runsAll([server], version, digest))) return;
    const release = await findRelease(place, servers, version, signal);
    if (release !== undefined && release.digest !== digest) {
      throw new BackendError(
        `${version} in the list of releases is ${release.digest}, and ${digest} was signed`,
        {
          final: true,
        },
      );
    }
  }

  async function check(target: Target, signal?: AbortSignal): Promise<Finding[]> {
    const problem = stateFileProblem(settings);
    const what = 'keep weights over a reload';
    return [
      await attempt(
        'ask HAProxy about its servers',
        'see socket, backend and groups in its settings',
        async () => {
          const servers = await placeOf(target).see(signal);
          const silent = servers.filter(({ runs, admin }) => runs === undefined && admin === 'ready');
          if (silent.length > 0) {
            throw new Error(`${silent.map(({ name }) => name).join(', ')} do not say their version`);
          }
          const unchecked = servers.filter(({ health, admin }) => health === 'unknown' && admin === 'ready');
          if (unchecked.length > 0) {
            throw new Error(
              `${unchecked.map(({ name }) => name).join(', ')} have no health check: add "check"`,
            );
          }
        },
      ),
      await attempt('read what can be deployed', 'see releases in its settings', async () => {
        await readReleases(placeOf(target).settings.releases, context, signal);
      }),
      problem === undefined ? { what, ok: true } : { what, ok: false, problem },
    ];
  }
}

/** A rollback goes on being tried: the socket may be given its level meanwhile. */
async function stillTried<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof NotPermitted)) throw error;
    throw new BackendError(error.message, { final: false, cause: error });
  }
}

function orderFor({ version, sha, digest }: Change, step: BackendStep, { settings }: Place): Order {
  const release = { version, sha, digest };
  switch (step.kind) {
    case 'set-weight':
      refuseShare(step.percent, settings);
      return { kind: 'share', percent: step.percent, ...release };
    case 'batch':
      return { ...step, ...release };
    case 'stand-up':
    case 'replace':
    case 'retire-old':
      return { kind: step.kind, ...release };
  }
}

function refuseShare(percent: number, { groups }: PlaceSettings): void {
  const refuse = (why: string) => new BackendError(why, { final: true });
  if (!(percent > 0 && percent <= 100)) throw refuse(`${percent} % is no share of the traffic`);
  const sizes = Object.values(groups).map((servers) => servers.length);
  const [one, other] = sizes;
  if (one === undefined || other === undefined) {
    throw refuse('one group of servers cannot share the traffic of two versions: name a second under groups');
  }
  if (percent === 100) return;
  for (const servers of [
    { share: one, rest: other },
    { share: other, rest: one },
  ]) {
    const real = shareOf(weightsFor(percent, servers), servers);
    if (Math.abs(real - percent) > 1) {
      throw refuse(`the weights of HAProxy come no closer to ${percent} % here than ${real.toFixed(1)} %`);
    }
  }
}

/** A reload without it gives a drained canary its traffic again. */
function stateFileProblem({ state_file, config }: HaproxySettings): string | undefined {
  if (state_file !== 'elsewhere') {
    try {
      accessSync(dirname(state_file), constants.W_OK);
    } catch {
      return `state_file: ${dirname(state_file)} cannot be written by this user`;
    }
  }
  if (config === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(config, 'utf8');
  } catch (error) {
    return `config: ${config} cannot be read: ${(error as NodeJS.ErrnoException).code}`;
  }
  const named = /^\s*server-state-file\s+"?([^\s"]+)"?/m.exec(text)?.[1];
  if (named === undefined || (state_file !== 'elsewhere' && named !== state_file)) {
    const wanted = state_file === 'elsewhere' ? 'PATH' : state_file;
    return `${config} needs "server-state-file ${wanted}" in global: else a reload gives a drained canary its traffic again`;
  }
  if (!/^\s*load-server-state-from-file\s+global/m.test(text)) {
    return `${config} needs "load-server-state-from-file global" in defaults: else a reload gives a drained canary its traffic again`;
  }
  return undefined;
}
