/** A local Slack, the real bot in it, and people who use it over the wire as people do. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from 'vitest';
import { parseDocument } from 'yaml';
import { realTimers } from '../../local-slack/clock.ts';
import { connectDriver, type Driver, type Given } from '../../local-slack/driver-client.ts';
import { type LocalSlack, startLocalSlack } from '../../local-slack/index.ts';
import type { CommandAnswer, Delivered, Message, SubmitAnswer, View } from '../../local-slack/protocol.ts';
import type { RateLimits } from '../../local-slack/rate-limits.ts';
import type { Catalogue } from '../../src/backends/simulator/catalogue.ts';
import { createSimulatedWorld, type SimulatedWorld } from '../../src/backends/simulator.ts';
import { defined } from '../../src/defined.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { SLACK_PATH } from '../../src/http/server.ts';
import { type Duration, HOUR, type Instant } from '../../src/time.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';
import { acting } from './acting.ts';
import { type Bot, type BotSettings, examplePolicy, startBot } from './bot.ts';
import { looking } from './looking.ts';
import type { PersonName } from './people.ts';
import { type ExpectedTrouble, troubleIn } from './trouble.ts';

export interface StageOptions {
  /** The policy as YAML; `gonogo.example.yml` unless told. Observed twice an hour unless it has safeguards. */
  policy?: string;
  /** Keeps the record in a file instead of in memory, so that another process or another bot can open it. */
  onDisk?: boolean;
  delivery?: 'socket' | 'http';
  /** Slack's own, or (the default) so many times as many that only faults refuse. */
  rateLimits?: RateLimits;
  catalogue?: Catalogue;
  /** Where messages never come to rest: how long they are given after each act. */
  settleFor?: Duration;
  /** Environment variables of the bot beside those that fit the local Slack. */
  environment?: Record<string, string>;
  /** Scopes of Slack beside those of the manifest. */
  scopes?: string[];
  /** Told of the named moments in the bot's work. */
  point?(name: string): void;
}

/** What a person sees come of what they did. */
export interface Seen {
  /** What only they were told, newest last. */
  told: string[];
  /** What is open before them now. */
  modal: View | null;
}

export interface Stage {
  slack: LocalSlack;
  driver: Driver;
  clock: ManualClock;
  world: SimulatedWorld;
  /** The path of the record; `:memory:` unless it is on disk. */
  db: string;
  bot: Bot;
  /** What the bot was started with, to start another like it. */
  settings: BotSettings;
  /** The path of the policy file, to be changed where `policy` was given. */
  policyFile: string;
  type(person: PersonName, channel: string, text: string): Promise<CommandAnswer & Seen>;
  /** Clicks a button, or picks `value` from a menu. */
  click(
    person: PersonName,
    where: Message | View,
    actionId: string,
    value?: Given,
  ): Promise<Delivered & Seen>;
  /** Fills in fields of the modal before the person, by action id, and sends it. Errors come by action id too. */
  submit(person: PersonName, values?: Record<string, Given>): Promise<SubmitAnswer & Seen>;
  /** The card of a deployment; ends the test where there is not exactly one. */
  card(id: string): Promise<Message>;
  /** The replies below the card, oldest first. */
  thread(id: string): Promise<Message[]>;
  dm(person: PersonName): Promise<Message[]>;
  home(person: PersonName): Promise<View>;
  load(id: string): Promise<Deployment>;
  /** Until nothing runs, and every message shows what it should. */
  settled(within?: Duration): Promise<void>;
  /** Moves the engine's time on, one due thing after the other; stops early where `until` says so. */
  pass(by: Duration, until?: () => Promise<boolean>): Promise<void>;
  /** Ends the bot, lets something happen while it is away, and starts it again on the same record. */
  restart(meanwhile?: () => void | Promise<void>): Promise<void>;
  /** Trouble that this test makes on purpose: anything else of its kind ends the test. */
  expectTrouble(trouble: ExpectedTrouble): void;
}

export const BEGINNING: Instant = Date.UTC(2026, 0, 5, 10);

/** Each test opens its own stage; closing it fails the test where the bot broke one of Slack's rules. */
export const it = base.extend<{ open(options?: StageOptions): Promise<Stage>; stage: Stage }>({
  // biome-ignore lint/correctness/noEmptyPattern: the framework reads the pattern
  open: async ({}, use) => {
    const closing: (() => Promise<void>)[] = [];
    await use(async (options = {}) => {
      const opened = await openStage(options);
      closing.push(opened.close);
      return opened.stage;
    });
    for (const close of closing) await close();
  },
  stage: async ({ open }, use) => use(await open()),
});

async function openStage(options: StageOptions): Promise<{ stage: Stage; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'gonogo-stage-'));
  const clock = createManualClock(BEGINNING);
  const messageClock = createManualClock(BEGINNING);
  const delivery = options.delivery ?? 'socket';
  let bot: Bot | undefined;
  const slack = await startLocalSlack({
    manifest: manifestWith(options.scopes ?? []),
    page: false,
    rateLimits: options.rateLimits ?? { factor: 10_000 },
    ...(options.rateLimits === 'slack' ? { timers: { ...realTimers, now: () => messageClock.now() } } : {}),
    // Neither may run behind the other, or a message would be older than the bot's search for it.
    now: () => Math.max(clock.now(), messageClock.now()),
    ...(delivery === 'http'
      ? {
          deliver: {
            get url() {
              return `${bot?.url ?? ''}${SLACK_PATH}`;
            },
          },
        }
      : {}),
  });
  const driver = await connectDriver(slack.url);
  const world = createSimulatedWorld({
    seed: 1,
    clock,
    ...defined({ catalogue: options.catalogue }),
  });
  const db = options.onDisk ? join(folder, 'gonogo.db') : ':memory:';
  const policy = join(folder, 'gonogo.yml');
  writeFileSync(policy, seldomObserved(options.policy ?? examplePolicy()));
  const settings: BotSettings = {
    slack,
    policy,
    db,
    delivery,
    clock,
    messageClock,
    world,
    ...defined({ point: options.point, environment: options.environment }),
  };
  const errors: Bot['errors'] = [];
  const expected: ExpectedTrouble[] = [];
  const running = (): Bot => {
    if (bot === undefined) throw new Error('the bot does not run');
    return bot;
  };
  bot = await startBot(settings);

  async function settled(within: Duration = options.settleFor ?? HOUR): Promise<void> {
    const end = messageClock.now() + within;
    for (;;) {
      await running().idle();
      const next = messageClock.nextAt();
      if (next === undefined) return;
      if (next > end && options.settleFor !== undefined) return;
      if (next > end) throw new Error(`messages still wait after ${within / 1_000} s`);
      messageClock.moveTo(next);
    }
  }

  const stage: Stage = {
    slack,
    driver,
    clock,
    world,
    db,
    settings,
    policyFile: policy,
    get bot() {
      return running();
    },
    ...acting({ driver, settled }),
    ...looking({ driver, bot: running }),
    settled,
    async pass(by, until = async () => false) {
      const end = clock.now() + by;
      await running().idle();
      while (clock.now() < end && !(await until())) {
        clock.moveTo(Math.min(clock.nextAt() ?? end, end));
        await running().idle();
      }
      messageClock.moveTo(Math.max(messageClock.now(), clock.now()));
      await settled();
    },
    async restart(meanwhile = () => {}) {
      await stop();
      await meanwhile();
      messageClock.moveTo(Math.max(messageClock.now(), clock.now()));
      bot = await startBot(settings);
    },
    expectTrouble: (trouble) => void expected.push(trouble),
  };

  async function stop(): Promise<void> {
    const old = running();
    bot = undefined;
    await old.stop();
    errors.push(...old.errors);
  }

  return {
    stage,
    async close() {
      if (bot !== undefined) await stop();
      const trouble = troubleIn(await driver.calls({ only: 'wrong' }), errors, expected);
      await driver.close();
      await slack.close();
      world.close();
      rmSync(folder, { recursive: true, force: true });
      if (trouble !== '') throw new Error(trouble);
    },
  };
}

/**
 * Looking twice an hour after the rollout, as if a day of it said no less: each look costs a test its time. One with
 * safeguards of its own says how often itself.
 */
const seldomObserved = (policy: string): string =>
  /^safeguards:/m.test(policy) ? policy : `${policy}\nsafeguards: { observe_every: 30m }\n`;

/** The bot's own, with further scopes. */
export function manifestWith(scopes: readonly string[]): object {
  const manifest = ownManifest().clone() as ReturnType<typeof ownManifest>;
  for (const scope of scopes) manifest.addIn(['oauth_config', 'scopes', 'bot'], scope);
  return manifest.toJS() as object;
}

let manifestRead: ReturnType<typeof parseDocument> | undefined;

function ownManifest(): ReturnType<typeof parseDocument> {
  manifestRead ??= parseDocument(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8'));
  return manifestRead;
}
