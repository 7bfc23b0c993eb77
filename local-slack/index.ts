/** Starts a Slack workspace on this machine: Web API, Socket Mode or signed requests, driver and page on one port. */
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { chat } from './api/chat.ts';
import { conversations } from './api/conversations.ts';
import { fileMethods } from './api/files.ts';
import { incomingWebhooks } from './api/incoming-webhooks.ts';
import { responseUrls } from './api/respond.ts';
import { connectionsOpen, rest } from './api/rest.ts';
import { type Methods, webApi } from './api/routes.ts';
import { uploads } from './api/uploads.ts';
import { users } from './api/users.ts';
import { views } from './api/views.ts';
import { realTimers, type Timers } from './clock.ts';
import { Courier } from './delivery/courier.ts';
import { RequestUrl, type RequestUrls } from './delivery/request-url.ts';
import { Sockets } from './delivery/sockets.ts';
import { workspace } from './driver/reading.ts';
import { driver } from './driver/routes.ts';
import { guard } from './guard.ts';
import { readManifest } from './manifest.ts';
import { servePage } from './page-files.ts';
import type { Workspace } from './protocol.ts';
import type { RateLimits } from './rate-limits.ts';
import { acme, type SeedInput, seedSchema } from './seed.ts';
import { SlackError } from './slack-error.ts';
import { createWorld, type World } from './world.ts';

export interface LocalSlackOptions {
  /** The path of a manifest (YAML or JSON), or the manifest itself. */
  manifest: string | object;
  /** 0, the default, takes any free port. */
  port?: number;
  host?: '127.0.0.1';
  /** People, channels and user groups; Acme by default. */
  workspace?: SeedInput;
  /** Whether Slack's limits refuse (the default) or are only recorded. */
  strict?: boolean;
  rateLimits?: RateLimits;
  /** What people see as the time, in milliseconds since the epoch. */
  now?: () => number;
  /** How many times as fast as real time `now` runs, for the page's clock: 1 unless told, 0 where it stands. */
  speed?: number;
  /** On what every deadline runs. */
  timers?: Timers;
  /** Whether to serve the page; it is built when first asked for. */
  page?: boolean;
  deliver?: 'socket' | RequestUrls;
}

export interface LocalSlack {
  /** Without a trailing slash. */
  url: string;
  /** The Web API's address, with its trailing slash. */
  api: string;
  /** People, channels and the app's tokens, as they are now. */
  workspace: Workspace;
  close(): Promise<void>;
}

export async function startLocalSlack(options: LocalSlackOptions): Promise<LocalSlack> {
  const timers = options.timers ?? realTimers;
  const base = createWorld({
    strict: options.strict ?? true,
    timers,
    now: options.now ?? Date.now,
    speed: options.speed ?? 1,
    manifest: readManifest(options.manifest),
    seed: seedSchema.parse(options.workspace ?? acme),
    rateLimits: options.rateLimits ?? 'slack',
  });
  const changed = (): void => base.stream.publish({ type: 'workspace' });
  const sockets =
    typeof options.deliver === 'object' ? undefined : new Sockets(timers, base.app.appId, changed);
  const transport =
    sockets ?? new RequestUrl(options.deliver as RequestUrls, { ...base, ...base.app, changed });
  const world: World = { ...base, courier: new Courier(base, transport), origin: '' };
  const server = build(world, sockets, options.page ?? true);
  await server.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' });
  world.origin = `http://127.0.0.1:${portOf(server)}`;
  return {
    url: world.origin,
    api: `${world.origin}/api/`,
    get workspace() {
      return workspace(world);
    },
    async close() {
      await world.courier.close();
      await server.close();
    },
  };
}

const portOf = (server: FastifyInstance): number => (server.server.address() as AddressInfo).port;

function methodsFor(sockets: Sockets | undefined): Methods {
  const ticket = (): string => {
    if (sockets === undefined) throw new SlackError('socket_mode_not_enabled');
    return sockets.ticket();
  };
  return {
    ...{ ...rest, ...chat, ...conversations, ...users, ...views, ...fileMethods },
    'apps.connections.open': connectionsOpen(ticket),
  };
}

function build(world: World, sockets: Sockets | undefined, page: boolean): FastifyInstance {
  const server = fastify({ forceCloseConnections: true });
  const methods = methodsFor(sockets);
  server.addHook(
    'onRequest',
    guard(() => portOf(server)),
  );
  server.register(webApi(world, methods));
  server.register(responseUrls(world));
  server.register(incomingWebhooks(world));
  server.register(uploads(world));
  server.register(driver(world, methods, sockets));
  if (page) server.register(servePage);
  server.server.on('upgrade', (request, socket, head) => {
    if (sockets === undefined) socket.destroy();
    else sockets.upgrade(request, socket, head);
  });
  return server;
}
