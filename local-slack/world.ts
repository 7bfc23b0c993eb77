/** The workspace and everything around it, put together once and handed to every part. */
import type { Timers } from './clock.ts';
import type { Courier } from './delivery/courier.ts';
import { ResponseUrls } from './delivery/response-urls.ts';
import { Triggers } from './delivery/triggers.ts';
import { Faults } from './faults.ts';
import { createIds, type NewId } from './ids.ts';
import type { Manifest } from './manifest.ts';
import type { Call, Delivery, Option } from './protocol.ts';
import { RateLimiter, type RateLimits } from './rate-limits.ts';
import { Ring } from './ring.ts';
import type { Seed } from './seed.ts';
import { Stream } from './stream.ts';
import { Apps } from './workspace/apps.ts';
import { Channels } from './workspace/channels.ts';
import { Files } from './workspace/files.ts';
import { Messages } from './workspace/messages.ts';
import { People } from './workspace/people.ts';
import { type StateValues, Views } from './workspace/views.ts';

export interface AppIdentity {
  appId: string;
  botId: string;
  botUser: string;
  token: string;
  appToken: string;
  signingSecret: string;
  /** The legacy token that every payload still carries. */
  verification: string;
}

export interface World {
  strict: boolean;
  timers: Timers;
  /** What people see as the time, in milliseconds since the epoch. */
  now: () => number;
  /** How many times as fast as real time `now` runs. */
  speed: number;
  team: Seed['team'];
  app: AppIdentity;
  manifest: Manifest;
  newId: NewId;
  people: People;
  apps: Apps;
  channels: Channels;
  messages: Messages;
  views: Views;
  files: Files;
  triggers: Triggers;
  responseUrls: ResponseUrls;
  faults: Faults;
  limiter: RateLimiter;
  stream: Stream;
  calls: Ring<Call>;
  deliveries: Ring<Delivery>;
  /** What each person set in each message, by person, channel and ts. */
  inputs: Map<string, StateValues>;
  /** The options that a menu showed a person last. */
  offered: Map<string, Option[]>;
  courier: Courier;
  /** The server's own address, without a trailing slash. */
  origin: string;
}

export interface WorldOptions {
  strict: boolean;
  timers: Timers;
  now: () => number;
  speed: number;
  manifest: Manifest;
  seed: Seed;
  rateLimits: RateLimits;
}

const LOG_LENGTH = 5_000;

/** The courier and the origin follow once the server listens. */
export function createWorld(options: WorldOptions): Omit<World, 'courier' | 'origin'> {
  const { strict, timers, now, speed, manifest, seed } = options;
  const newId = createIds();
  const app: AppIdentity = {
    appId: 'A0LOCALAPP1',
    botId: 'B0LOCALBOT1',
    botUser: 'U0LOCALBOT1',
    token: 'xoxb-local-bot-token',
    appToken: 'xapp-local-app-token',
    signingSecret: 'local-signing-secret',
    verification: 'local-verification-token',
  };
  const bot = { id: app.botUser, name: manifest.botName, real_name: manifest.name };
  const people = new People(seed, bot);
  return {
    strict,
    timers,
    now,
    speed,
    team: seed.team,
    app,
    manifest,
    newId,
    people,
    apps: new Apps(people, seed.team.id),
    channels: new Channels(seed, app.botUser),
    messages: new Messages(now),
    views: new Views(newId, now),
    files: new Files(newId),
    triggers: new Triggers(timers, strict, seed.team.id),
    responseUrls: new ResponseUrls(timers, strict),
    faults: new Faults(),
    limiter: new RateLimiter(timers, strict ? options.rateLimits : 'off'),
    stream: new Stream(),
    calls: new Ring<Call>(LOG_LENGTH),
    deliveries: new Ring<Delivery>(LOG_LENGTH),
    inputs: new Map(),
    offered: new Map(),
  };
}
