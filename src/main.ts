/** The composition root: the only place that knows every folder, and puts them together. */

import { App } from '@slack/bolt';
import { answerReported } from '../commands/alert.ts';
import type { CommandContext } from '../commands/context.ts';
import { everything } from '../commands/features.ts';
import { homeOf } from '../commands/home.ts';
import { tellKeptRefused } from '../commands/kept-refused.ts';
import { tellRefusedArtifact } from '../commands/refused-artifact.ts';
import { tellUnshown } from '../commands/unshown.ts';
import { openDatabase } from '../db/open.ts';
import type { KeyChange } from '../db/seal.ts';
import {
  renderAnswerModal,
  renderFault,
  renderRefusal,
  renderSlackDelay,
  renderWorkingModal,
} from '../views/answers.ts';
import { renderAutomaticNotice } from '../views/automatic.ts';
import { renderLive } from '../views/live-message.ts';
import { readSecret, secretRef } from './adapters/secrets.ts';
import type { SimulatedWorld } from './backends/simulator.ts';
import { drawStageChart } from './chart/stage-chart.ts';
import { createClock } from './clock.ts';
import { createAutomatic } from './conductor/automatic.ts';
import { createCalendarNotices } from './conductor/calendar-notices.ts';
import { type Conductor, createConductor } from './conductor/conductor.ts';
import { environmentsWith } from './conductor/left-there.ts';
import type { Stores } from './conductor/ports/stores.ts';
import type { Environment } from './config/environment.ts';
import type { LivePolicy, Reloaded } from './config/live-policy.ts';
import { defined } from './defined.ts';
import { createHttpServer, type Health } from './http/server.ts';
import type { Receiver } from './http/webhook-door.ts';
import type { Log } from './log.ts';
import { type Adapters, createAdapters } from './main/adapters.ts';
import { beginWithSlack, onceIntroduced } from './main/begin-with-slack.ts';
import { apiUrl, doorFor } from './main/door.ts';
import { healthOf } from './main/health.ts';
import { createKnownRelease } from './main/known-release.ts';
import { followPolicy, readPolicy } from './main/policy-file.ts';
import { createSlackConnection, type SlackConnection } from './main/slack-connection.ts';
import { createSmokeReports } from './main/smoke-reports.ts';
import { tellCalendar } from './main/tell-calendar.ts';
import { createWatchReports } from './main/watch-reports.ts';
import { createPeople } from './people/people.ts';
import { GONE_WORDS } from './policy/calendar/blockers.ts';
import { onCallAt } from './policy/on-call.ts';
import type { Policy } from './policy/policy.ts';
import { roleAt } from './policy/team-roles.ts';
import { boltLogger } from './slack/bolt-logger.ts';
import { createCharts } from './slack/charts.ts';
import { createClients } from './slack/clients.ts';
import { createDirectory, type Directory } from './slack/directory.ts';
import { createDownload } from './slack/download.ts';
import { createHomes } from './slack/homes.ts';
import { listen } from './slack/listeners.ts';
import { createRenderer } from './slack/renderer.ts';
import { createShareFile } from './slack/upload.ts';
import { runSmokeTests } from './smoke/run.ts';
import { type Clock, type Duration, SECOND } from './time.ts';

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
  const stores = await openDatabase({
    file: environment.GONOGO_DB,
    hooks: { point },
    keys: environment.GONOGO_RECORD_KEY,
    onKeyChange: (change, checkpoint) => logKeyChange(options.log, change, checkpoint),
  });
  let started: { gonogo: Gonogo; slack: SlackConnection };
  try {
    clock.notBefore?.((await stores.events.latestAt()) ?? 0);
    await adapters.openFrozen(stores, policy.current());
    started = await assemble({ ...options, clock, point }, policy, adapters, stores);
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

/** Where a rollback is kept that the record cannot take: nothing of a record in memory outlives the process. */
function spoolBeside(db: string): string | undefined {
  return db === ':memory:' ? undefined : `${db}.rollbacks`;
}

/** A record that was changed past the bot looks like one that was sealed with a key that is not given any more. */
function logKeyChange(log: Log, change: KeyChange, checkpoint: string): void {
  if (change === 'misfit')
    log.error({ checkpoint }, 'the seal of the record does not fit GONOGO_RECORD_KEY: audit it');
  else log.warn({ checkpoint, key: change }, 'the key that seals the record');
}

/** Read afresh each time, so that a rotated secret counts. */
const secretOf = (reference: string): string => readSecret(secretRef.parse(reference), process.env);

/** The kinds of backends that post of their own, by the word in the address that they post to. */
const SENDERS: ReadonlyMap<string, string> = new Map([['github', 'github-actions']]);

function receiverOf(
  { backends }: Adapters,
  conductor: Pick<Conductor, 'happenedAt'>,
  { sender, name }: { sender: string; name: string },
): Receiver | undefined {
  const kind = SENDERS.get(sender);
  const backend = kind === undefined ? undefined : backends.find({ name, kind })?.adapter;
  if (backend?.receive === undefined) return undefined;
  return async (posted) => {
    const received = await backend.receive?.(posted);
    if (received === undefined || received.kind === 'refused') return received;
    conductor.happenedAt(received.wake);
    return undefined;
  };
}

/** Where people see the card; undefined until it is posted, and while Slack has not said where it is. */
async function cardLink(
  { messages }: Pick<Stores, 'messages'>,
  { teamUrl }: Pick<Directory, 'teamUrl'>,
  id: string,
): Promise<string | undefined> {
  const url = teamUrl();
  const card = await messages.find(id, 'card');
  if (url === undefined || card?.channel === undefined || card.ts === undefined) return undefined;
  return `${url.replace(/\/+$/, '')}/archives/${card.channel}/p${card.ts.replace('.', '')}`;
}

const INTRODUCED_WITHIN: Duration = 10 * SECOND;

type Assembly = GonogoOptions & Required<Pick<GonogoOptions, 'clock' | 'point'>>;

async function assemble(
  options: Assembly,
  live: LivePolicy,
  adapters: Adapters,
  stores: Stores,
): Promise<{ gonogo: Gonogo; slack: SlackConnection }> {
  const { environment, log, clock, point } = options;
  const policy = live.current;
  const clients = createClients({ token: environment.SLACK_BOT_TOKEN, log, ...apiUrl(environment) });
  const directory = createDirectory(clients.interactive);
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
    linkTo: ({ id }) => cardLink(stores, directory, id),
    gone: people.gone,
    nameOf: async (id) => (await people.known(id)).name,
    smoke: (run, signal) => runSmokeTests(run, { secret: secretOf }, signal),
    signer: people.signer,
    spool: spoolBeside(environment.GONOGO_DB),
    onKeptRefused: (person, id, why) => void tellKeptRefused(context, person, { id, why }),
    point,
    onCommit() {
      renderer.poke();
      charts.poke();
      homes.changed();
    },
    onCalendar() {
      calendarNotices.poke();
      homes.changed();
    },
  });
  const download = createDownload({ token: environment.SLACK_BOT_TOKEN, log, ...apiUrl(environment) });
  const shareFile = createShareFile({ client: clients.outbound, log });
  const messageClock = options.messageClock ?? createClock();
  const context: CommandContext = {
    conductor,
    stores,
    people,
    policy,
    clients,
    download,
    shareFile,
    clock,
    realTime: messageClock,
    log,
  };
  const homes = createHomes({
    client: clients.outbound,
    log,
    clock: messageClock,
    render: (userId) => homeOf(context, userId),
  });
  const charts = createCharts({
    stores,
    client: clients.outbound,
    log,
    clock: messageClock,
    draw: drawStageChart,
    onOffered: () => renderer.poke(),
    point,
  });
  const renderer = createRenderer({
    stores,
    client: clients.outbound,
    log,
    clock: messageClock,
    record: clock,
    render: (message, deployment, event, more) =>
      renderLive(message, deployment, event, { policy: policy(), ...more }),
    cardLink: (id) => cardLink(stores, directory, id),
    async mayNotRead(userId) {
      const why = await people.mayNotRead(userId);
      return why && GONE_WORDS[why];
    },
    pictureOf: charts.pictureOf,
    stillIn: ({ terms: { envelope } }) => {
      const all = policy().services.get(envelope.service)?.environments ?? [];
      const others = all.filter((one) => one !== envelope.environment);
      return environmentsWith(stores.events, envelope, others);
    },
    onUnshown: (deployment, message, problem) => void tellUnshown(context, deployment, message, problem),
    point,
  });

  const calendarNotices = createCalendarNotices({
    stores,
    clock,
    log,
    tell: tellCalendar({ client: clients.outbound, people, policy, clock, onTold: homes.changed }),
  });

  const automatic = createAutomatic({
    ...context,
    clock,
    async tell(notice) {
      const channel = policy().services.get(notice.service)?.channel;
      if (channel !== undefined)
        await clients.outbound.chat.postMessage({ channel, ...renderAutomaticNotice(notice) });
    },
  });

  const door = doorFor(environment, log);
  const app = new App({
    receiver: door.receiver,
    token: environment.SLACK_BOT_TOKEN,
    // Asked once, at the start: left to itself it would go on asking a Slack that is away for half an hour.
    clientOptions: { ...apiUrl(environment), retryConfig: { retries: 0 }, timeout: INTRODUCED_WITHIN },
    convoStore: false,
    deferInitialization: true,
    logger: boltLogger(log),
  });
  const deliveries = listen({
    app,
    ...everything(context, homes),
    async refuses(userId) {
      const why = await people.refusesToShow(userId);
      return why === undefined ? undefined : renderRefusal(why);
    },
    interactive: clients.interactive,
    log,
    answerView: renderAnswerModal,
    workingView: renderWorkingModal,
    fault: renderFault,
    delay: renderSlackDelay,
  });

  const slack = createSlackConnection({
    async introduce() {
      await app.init();
      await directory.introduce();
    },
    door,
    onThere() {
      renderer.poke();
      charts.poke();
      calendarNotices.poke();
    },
    clock: messageClock,
    log,
  });
  const health = (): Promise<Health> => healthOf({ stores, door, slack, conductor, policy: policy() });
  let telling: Promise<void> = Promise.resolve();
  const http = createHttpServer({
    health,
    ...(door.listener === undefined ? {} : { slack: onceIntroduced(slack, door.listener) }),
    api: {
      keys: environment.GONOGO_API_KEYS,
      releases: stores.releases,
      signatures: stores.signatures,
      clock,
      wallClock: options.messageClock ?? { now: Date.now },
      log,
      services: () => policy().services.keys(),
      versionPatternsOf: (service) => policy().services.get(service)?.versionPatterns,
      gatesOf: () => [...policy().gates.values()],
      knownRelease: createKnownRelease({
        policy,
        events: stores.events,
        backendFor: conductor.backendFor,
        log,
      }),
      reportSmoke: createSmokeReports({ events: stores.events, handle: conductor.handle }),
      reportDeployment: createWatchReports(conductor.reportWatched),
      environmentsOf: (service) => policy().services.get(service)?.environments ?? [],
      onReported() {
        conductor.releaseChanged();
        automatic.poke();
      },
      onArtifactRefused(refusal, registered) {
        conductor.releaseChanged();
        telling = telling.then(() => tellRefusedArtifact(context, refusal, registered));
        return telling;
      },
    },
    alerts: {
      ...defined({
        token: environment.GONOGO_ALERT_TOKEN,
        pagerDutySecret: environment.GONOGO_PAGERDUTY_SECRET,
      }),
      log,
      onAlert: (alert) => answerReported(context, alert),
    },
    webhooks: {
      receiverOf: (sender, name) => receiverOf(adapters, conductor, { sender, name }),
      log,
    },
  });
  const url = await http.listen({ host: environment.GONOGO_HOST, port: environment.GONOGO_PORT });
  conductor.start();
  renderer.poke();
  charts.poke();
  calendarNotices.poke();
  automatic.poke();

  const policyFile = followPolicy({
    file: environment.GONOGO_CONFIG,
    live,
    clients,
    log,
    onReloaded() {
      homes.changed();
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
        await conductor.idle();
        await calendarNotices.idle();
        await automatic.idle();
        await telling;
        await renderer.idle();
        await charts.idle();
        await homes.idle();
      } while (
        deliveries.busy() ||
        conductor.busy() ||
        calendarNotices.busy() ||
        automatic.busy() ||
        renderer.busy() ||
        charts.busy()
      );
    },
    async stop() {
      await policyFile.stop();
      await slack.stop();
      await http.close();
      await automatic.stop();
      await deliveries.idle();
      await conductor.stop();
      await telling;
      await charts.stop();
      await calendarNotices.stop();
      await renderer.stop();
      await homes.stop();
      const checkpoint = await stores.events.checkpoint();
      await adapters.close();
      await stores.close();
      log.info({ checkpoint }, 'stopped');
    },
  };
  return { gonogo, slack };
}
