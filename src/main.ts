/** The composition root: the only place that knows every folder, and puts them together. */

import type { CommandContext } from '../commands/context.ts';
import { tellKeptRefused } from '../commands/kept-refused.ts';
import { readSecret, secretRef } from './adapters/secrets.ts';
import type { SimulatedWorld } from './backends/simulator.ts';
import { createClock } from './clock.ts';
import { createConductor } from './conductor/conductor.ts';
import type { Stores } from './conductor/ports/stores.ts';
import type { Environment } from './config/environment.ts';
import type { LivePolicy, Reloaded } from './config/live-policy.ts';
import { defined } from './defined.ts';
import type { Health } from './http/server.ts';
import type { Log } from './log.ts';
import { type Adapters, createAdapters } from './main/adapters.ts';
import { bringByThemselves } from './main/automatic.ts';
import { beginWithSlack, onceIntroduced } from './main/begin-with-slack.ts';
import { cardLink } from './main/card-link.ts';
import { listenTo } from './main/deliveries.ts';
import { apiUrl, doorFor } from './main/door.ts';
import { healthOf } from './main/health.ts';
import { createHttp } from './main/http.ts';
import { followPolicy, readPolicy } from './main/policy-file.ts';
import { openRecord, spoolBeside } from './main/record.ts';
import { createSlackConnection, type SlackConnection } from './main/slack-connection.ts';
import { createSurfaces } from './main/surfaces.ts';
import { createPeople } from './people/people.ts';
import { onCallAt } from './policy/on-call.ts';
import type { Policy } from './policy/policy.ts';
import { roleAt } from './policy/team-roles.ts';
import { createClients } from './slack/clients.ts';
import { createDirectory } from './slack/directory.ts';
import { createDownload } from './slack/download.ts';
import { isLostReply } from './slack/failure.ts';
import { createFindPosted } from './slack/posted-before.ts';
import { createSaidSince } from './slack/said-since.ts';
import { createShareFile } from './slack/upload.ts';
import { runSmokeTests } from './smoke/run.ts';
import type { Clock } from './time.ts';

export interface Gonogo {
  /** Where its own HTTP answers. */
  url: string;
  stores: Stores;
  /** What is in force for new requests. */
  policy(): Policy;
  health(): Promise<Health>;
  /** Reads the policy again: what it says is in force for new requests, or the one before stays and people are told. */
  reload(): Promise<Reloaded | undefined>;
  /** Resolves when nothing is due and nothing runs. */
  idle(): Promise<void>;
  /** Ends in order: no new deliveries, what runs is finished, the record is closed. */
  stop(): Promise<void>;
}

export interface GonogoOptions {
  environment: Environment;
  log: Log;
  clock?: Clock;
  /** Real time, on which messages to Slack are paced whatever the other clock does. */
  messageClock?: Clock;
  /** The world that adapters of the kind `simulator` drive; opened only where a service names one. */
  world?: () => SimulatedWorld;
  /** Takes the built-in simulator where the file declares none. */
  demo?: boolean;
  /** Named places where the crash test ends the process. */
  point?(name: string): void;
}

export async function startGonogo(options: GonogoOptions): Promise<Gonogo> {
  const { environment } = options;
  const clock = options.clock ?? createClock();
  const adapters = createAdapters({
    clock,
    log: options.log,
    variables: process.env,
    db: environment.GONOGO_DB,
    ...defined({ world: options.world, demo: options.demo }),
  });
  const policy = readPolicy(environment.GONOGO_CONFIG, adapters);
  const point = options.point ?? (() => {});
  const messageClock = options.messageClock ?? createClock();
  const wallClock = options.messageClock ?? { now: Date.now };
  const stores = await openRecord(environment, options.log, point, messageClock);
  let started: { gonogo: Gonogo; slack: SlackConnection };
  try {
    clock.notBefore?.((await stores.events.latestAt()) ?? 0);
    await adapters.openFrozen(stores, policy.current());
    started = await assemble({ ...options, clock, messageClock, wallClock, point }, policy, adapters, stores);
  } catch (error) {
    await adapters.close();
    await stores.close();
    throw error;
  }
  const { gonogo, slack } = started;
  await beginWithSlack(slack, gonogo, options.log);
  const services = [...policy.current().services.keys()];
  options.log.info({ url: gonogo.url, services, checkpoint: await stores.events.checkpoint() }, 'ready');
  return gonogo;
}

/** Read afresh each time, so that a rotated secret counts. */
const secretOf = (reference: string): string => readSecret(secretRef.parse(reference), process.env);

type Assembly = GonogoOptions &
  Required<Pick<GonogoOptions, 'clock' | 'messageClock' | 'point'>> & { wallClock: Pick<Clock, 'now'> };

async function assemble(
  options: Assembly,
  live: LivePolicy,
  adapters: Adapters,
  stores: Stores,
): Promise<{ gonogo: Gonogo; slack: SlackConnection }> {
  const { environment, log, clock, messageClock, wallClock, point } = options;
  const policy = live.current;
  const clients = createClients({ token: environment.SLACK_BOT_TOKEN, log, ...apiUrl(environment) });
  const directory = createDirectory(clients.interactive);
  const linkTo = (id: string) => cardLink(stores, directory, id);
  const people = createPeople({
    ...directory,
    policy,
    roleAt: (service, id) => roleAt(policy(), service, id),
    onCallAt: (place, at) => onCallAt(policy(), place, at),
    cache: stores.people,
    clock,
    log,
  });
  const conductor = createConductor({
    stores,
    clock,
    log,
    policy,
    backends: adapters.backends,
    metrics: adapters.metrics,
    signals: adapters.signals,
    notifiers: adapters.notifiers,
    linkTo: ({ id }) => linkTo(id),
    gone: people.gone,
    nameOf: async (id) => (await people.known(id)).name,
    smoke: (run, signal) => runSmokeTests(run, { secret: secretOf }, signal),
    signer: people.signer,
    spool: spoolBeside(environment.GONOGO_DB),
    onKeptRefused: (person, id, why) => void tellKeptRefused(context, person, { id, why }),
    point,
    onCommit: (shows) => surfaces.committed(shows),
    onLook: (woken) => surfaces.looked(woken),
    onCalendar: () => surfaces.calendarChanged(),
  });
  const download = createDownload({ token: environment.SLACK_BOT_TOKEN, log, ...apiUrl(environment) });
  const shareFile = createShareFile({ client: clients.outbound, log });
  const context: CommandContext = {
    conductor,
    stores,
    people,
    policy,
    clients,
    download,
    shareFile,
    findPosted: createFindPosted({ client: clients.outbound }),
    saidSince: createSaidSince(clients.outbound, directory.botId),
    isLostReply,
    onUnheard: (channel) => surfaces.unheard(channel),
    onPressed: () => surfaces.pressed(),
    onBegun: () => surfaces.begun(),
    onUnsaid: () => surfaces.unsaid(),
    point,
    clock,
    realTime: messageClock,
    log,
  };
  const surfaces = createSurfaces(context, { clock, messageClock, cardLink: linkTo, point });
  const automatic = bringByThemselves(context, clock);
  const door = doorFor(environment, log, { onOpen: surfaces.listening });
  const { app, deliveries } = listenTo(door, environment, context, surfaces.homes);
  const slack = createSlackConnection({
    async introduce() {
      await app.init();
      await directory.introduce();
    },
    door,
    onThere: surfaces.poke,
    clock: messageClock,
    log,
  });
  const health = (): Promise<Health> => healthOf({ stores, door, slack, conductor, policy: policy() });
  const http = createHttp(context, {
    environment,
    adapters,
    health,
    ...defined({ slack: door.listener && onceIntroduced(slack, door.listener) }),
    wallClock,
    onReported: automatic.poke,
  });
  const url = await http.listen({ host: environment.GONOGO_HOST, port: environment.GONOGO_PORT });
  conductor.start();
  surfaces.poke();
  automatic.poke();

  const policyFile = followPolicy({
    file: environment.GONOGO_CONFIG,
    live,
    clients,
    log,
    onReloaded() {
      surfaces.homes.changed();
      automatic.poke();
    },
  });

  const gonogo: Gonogo = {
    url,
    stores,
    policy,
    health,
    reload: policyFile.reload,
    async idle() {
      do {
        await deliveries.idle();
        await automatic.idle();
        await conductor.idle();
        await http.told();
        await surfaces.idle();
      } while (deliveries.busy() || automatic.busy() || conductor.busy() || surfaces.busy());
    },
    async stop() {
      await policyFile.stop();
      await slack.stop();
      await http.close();
      await deliveries.idle();
      await automatic.stop();
      await conductor.stop();
      await http.told();
      await surfaces.stop();
      const checkpoint = await stores.events.checkpoint();
      await adapters.close();
      await stores.close();
      log.info({ checkpoint }, 'stopped');
    },
  };
  return { gonogo, slack };
}
