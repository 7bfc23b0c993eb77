/** `gonogo demo`: the bot against a Slack and a world of its own on this machine; the same `main` as in production. */

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { openDatabase } from '../../db/open.ts';
import { type LocalSlack, startLocalSlack } from '../../local-slack/index.ts';
import { createSimulatedWorld } from '../backends/simulator.ts';
import { createFastClock } from '../clock.ts';
import { readEnvironment } from '../config/environment.ts';
import { createLog } from '../log.ts';
import { type Gonogo, startGonogo } from '../main.ts';
import { messageOf } from '../message-of.ts';
import type { Clock, Instant } from '../time.ts';
import { type CliCommand, cliCommand, complain, EXIT, say } from './command.ts';
import { startDemoPipeline } from './demo/pipeline.ts';
import { fromRoot } from './from-root.ts';
import { openBrowser } from './open-browser.ts';
import { whyNotStarted, worldFile } from './start.ts';
import { untilStopped } from './until-stopped.ts';

export const demo: CliCommand = cliCommand({
  forms: ['demo [--port N] [--speed N] [--db FILE] [--seed N] [--config FILE] [--real] [--no-open]'],
  summary: 'try it in a Slack that runs on this machine',
  options: {
    port: {
      type: 'string',
      default: '4600',
      takes: 'N',
      says: 'where the local Slack answers; 0 takes a free one',
    },
    speed: { type: 'string', default: '120', takes: 'N', says: 'times as fast as real time; 1 is real time' },
    db: { type: 'string', default: ':memory:', takes: 'FILE', says: 'keep the record over restarts' },
    seed: { type: 'string', default: '1', takes: 'N', says: 'repeat a run of the simulated world' },
    config: { type: 'string', takes: 'FILE', says: 'another policy than gonogo.example.yml' },
    real: {
      type: 'boolean',
      default: false,
      says: 'real processes: HAProxy, Prometheus and two servers; takes --port and --no-open only',
    },
    'no-open': { type: 'boolean', default: false, says: 'open no browser' },
  },
  async run({ values }) {
    const port = wholeNumber('--port', values.port, 0, 65_535);
    const seed = wholeNumber('--seed', values.seed, 0, 2 ** 31);
    const speed = Number(values.speed);
    if (port === undefined || seed === undefined) return EXIT.usage;
    if (values.real) {
      const { runRealDemo } = await import('./real/demo.ts');
      return runRealDemo({ port, open: !values['no-open'] });
    }
    if (!(speed >= 1 && speed <= 10_000)) {
      complain('--speed takes a number from 1 (real time) to 10000.');
      return EXIT.usage;
    }
    const clock = createFastClock({ speed, from: await beginning(values.db) });
    let slack: LocalSlack;
    try {
      slack = await startLocalSlack({
        port,
        manifest: fromRoot('manifest.yml'),
        now: () => clock.now(),
        speed,
      });
    } catch (error) {
      complain(`Port ${port} is not free: ${messageOf(error)}. Try --port 0.`);
      return EXIT.failed;
    }
    return runBot(slack, clock, {
      db: values.db,
      config: values.config ?? fromRoot('gonogo.example.yml'),
      seed,
      speed,
      open: !values['no-open'],
    });
  },
});

interface DemoSettings {
  db: string;
  config: string;
  seed: number;
  speed: number;
  open: boolean;
}

async function runBot(slack: LocalSlack, clock: Clock, settings: DemoSettings): Promise<number> {
  const { bot, api } = slack.workspace;
  const key = { name: 'pipeline', secret: randomBytes(32).toString('hex') };
  const read = readEnvironment({
    SLACK_BOT_TOKEN: bot.token,
    SLACK_APP_TOKEN: bot.app_token,
    SLACK_API_URL: api,
    GONOGO_CONFIG: settings.config,
    GONOGO_DB: settings.db,
    GONOGO_PORT: '0',
    GONOGO_API_KEYS: `${key.name}=${key.secret};services=*;gates=*`,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const { environment } = read;
  const world = createSimulatedWorld({ seed: settings.seed, clock, ...worldFile(settings.db) });
  const log = createLog({ level: environment.LOG_LEVEL });
  let gonogo: Gonogo;
  try {
    gonogo = await startGonogo({ environment, log, clock, world: () => world, demo: true });
  } catch (error) {
    await slack.close();
    world.close();
    const why = whyNotStarted(error, settings.db);
    if (why === undefined) throw error;
    complain(why.message);
    return why.exit;
  }
  const pipeline = await startDemoPipeline({
    url: gonogo.url,
    key,
    policy: gonogo.policy,
    backend: world.backend,
    clock,
    onFailure: (problem) => log.warn({ problem }, 'the pipeline of the demo was not heard'),
  });
  say(welcome(slack, settings.speed));
  if (settings.open) openBrowser(firstPage(slack));
  await untilStopped();
  pipeline.end();
  await gonogo.stop();
  await slack.close();
  world.close();
  return EXIT.ok;
}

/** A channel of one service: `/deploy` there needs not name it. */
function firstPage({ url, workspace }: LocalSlack): string {
  const channel = workspace.channels.find(({ name }) => name === 'checkout');
  return channel === undefined ? url : `${url}/archives/${channel.id}`;
}

function welcome(slack: LocalSlack, speed: number): string {
  const { workspace } = slack;
  const alerts = workspace.webhooks.find(({ channel }) => channel === 'alerts')?.url ?? '';
  const pace =
    speed === 1
      ? 'in real time'
      : `${speed} times as fast as real time (a 30-minute stage takes ${Math.round((30 * 60) / speed)} s)`;
  return `
GoNoGo runs in a Slack on this machine: ${firstPage(slack)}
It runs ${pace}. Ctrl-C ends it.

Five things to try there:
  1. As Dana, in #checkout, type  /deploy v2.1.0 to prod  and schedule it.
     Switch to Tom, Sana and Omar, and say Go; then watch it climb, stage by stage.
  2. The same with v2.1.1, whose errors double: see it rolled back by itself, and why.
  3. While one rolls out: press Hold, then Resume or Roll back; and look at GoNoGo's Home.
  4. /deploy dry-run payments v9.4.0 to production  says what would happen and changes nothing. On a card
     that waits, Checklist shows what machines reported, and takes what people tick.
  5. An alert in #alerts, as Alertmanager posts it there; its thread says what could be to blame, and while checkout
     rolls out, takes it back with one click:
     curl -H 'content-type: application/json' ${alerts} \\
       -d '${EXAMPLE_ALERT}'
`;
}

const EXAMPLE_ALERT = JSON.stringify({
  username: 'Alertmanager',
  attachments: [{ color: 'danger', title: '[FIRING:1] HighErrorRate (production checkout critical)' }],
});

/** Where a fast clock wrote the record before, it goes on from there: time never runs backwards in it. */
async function beginning(db: string): Promise<Instant> {
  if (db === ':memory:' || !existsSync(db)) return Date.now();
  const stores = await openDatabase({ file: db });
  const latest = await stores.events.latestAt();
  await stores.close();
  return Math.max(Date.now(), latest ?? 0);
}

function wholeNumber(option: string, text: string, least: number, most: number): number | undefined {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  complain(`${option} takes a whole number from ${least} to ${most}, not "${text}".`);
  return undefined;
}
