/** A local Slack, the real bot in it, and people who use it over the wire as people do. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from 'vitest';
import { connectDriver, type Driver, type Given } from '../../local-slack/driver-client.ts';
import { type LocalSlack, startLocalSlack } from '../../local-slack/index.ts';
import type { CommandAnswer, Delivered, Message, SubmitAnswer, View } from '../../local-slack/protocol.ts';
import type { RateLimits } from '../../local-slack/rate-limits.ts';
import type { Catalogue } from '../../src/backends/simulator/catalogue.ts';
import { createSimulatedWorld, type SimulatedWorld } from '../../src/backends/simulator.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { SLACK_PATH } from '../../src/http/server.ts';
import { type Duration, HOUR, type Instant } from '../../src/time.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';
import { type Bot, EXAMPLE_POLICY, startBot } from './bot.ts';
import { PEOPLE, type PersonName } from './people.ts';
import { type ExpectedTrouble, troubleIn } from './trouble.ts';
import { fieldIn, valuesIn } from './views-in-slack.ts';

export interface StageOptions {
  /** The policy as YAML; `gonogo.example.yml` unless told. */
  policy?: string;
  /** Keeps the record in a file instead of in memory, so that another process or another bot can open it. */
  onDisk?: boolean;
  delivery?: 'socket' | 'http';
  /** Slack's own, or (the default) so many times as many that only faults refuse. */
  rateLimits?: RateLimits;
  catalogue?: Catalogue;
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
  restart(meanwhile?: () => void): Promise<void>;
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
    manifest: new URL('../../manifest.yml', import.meta.url).pathname,
    page: false,
    rateLimits: options.rateLimits ?? { factor: 10_000 },
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
    ...(options.catalogue === undefined ? {} : { catalogue: options.catalogue }),
  });
  const db = options.onDisk ? join(folder, 'gonogo.db') : ':memory:';
  const policy = options.policy === undefined ? EXAMPLE_POLICY : join(folder, 'gonogo.yml');
  if (options.policy !== undefined) writeFileSync(policy, options.policy);
  const start = (): Promise<Bot> => startBot({ slack, policy, db, delivery, clock, messageClock, world });
  const errors: Bot['errors'] = [];
  const expected: ExpectedTrouble[] = [];
  const running = (): Bot => {
    if (bot === undefined) throw new Error('the bot does not run');
    return bot;
  };
  bot = await start();

  async function settled(within: Duration = HOUR): Promise<void> {
    const end = messageClock.now() + within;
    for (;;) {
      await running().idle();
      const next = messageClock.nextAt();
      if (next === undefined) return;
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
      meanwhile();
      bot = await start();
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
      const trouble = troubleIn(await driver.calls(), errors, expected);
      await driver.close();
      await slack.close();
      world.close();
      rmSync(folder, { recursive: true, force: true });
      if (trouble !== '') throw new Error(trouble);
    },
  };
}

type Acting = Pick<Stage, 'type' | 'click' | 'submit'>;

function acting({ driver, settled }: Pick<Stage, 'driver' | 'settled'>): Acting {
  /** Does it, waits until the bot has nothing more to do about it, and looks at what the person sees. */
  async function seeing<T>(
    person: PersonName,
    place: { channel: string; thread_ts?: string } | undefined,
    act: () => Promise<T>,
  ): Promise<T & Seen> {
    const user = PEOPLE[person];
    const whispers = async (): Promise<Message[]> =>
      place === undefined
        ? []
        : (await driver.messages({ ...place, user })).filter(({ ephemeral }) => ephemeral === user);
    const before = new Set((await whispers()).map(({ ts }) => ts));
    const done = await act();
    await settled();
    const told = (await whispers()).filter(({ ts }) => !before.has(ts)).map(({ text }) => text);
    return { ...done, told, modal: await driver.view(user) };
  }

  return {
    type: (person, channel, text) =>
      seeing(person, { channel }, () => driver.command(PEOPLE[person], channel, text)),
    click: (person, where, action_id, value) => {
      const onMessage = 'channel' in where;
      const element = { action_id, ...(value === undefined ? {} : { value }) };
      const at = onMessage
        ? {
            channel: where.channel,
            ...(where.thread_ts === undefined ? {} : { thread_ts: where.thread_ts }),
          }
        : undefined;
      return seeing(person, at, () =>
        driver.action(
          PEOPLE[person],
          onMessage ? { channel: where.channel, ts: where.ts } : { view_id: where.id },
          element,
        ),
      );
    },
    async submit(person, values = {}) {
      const view = await driver.view(PEOPLE[person]);
      if (view === null) throw new Error(`${person} has no modal open`);
      const sent = await seeing(person, undefined, () =>
        driver.submit(PEOPLE[person], view.id, valuesIn(view, values)),
      );
      if (sent.errors === undefined || typeof sent.errors === 'string') return sent;
      const errors = Object.entries(sent.errors).map(
        ([block, text]) => [fieldIn(view, block), text] as const,
      );
      return { ...sent, errors: Object.fromEntries(errors) };
    },
  };
}

type Looking = Pick<Stage, 'card' | 'thread' | 'dm' | 'home' | 'load'>;

function looking({ driver, bot }: { driver: Driver; bot(): Bot }): Looking {
  async function load(id: string): Promise<Deployment> {
    const deployment = await bot().stores.events.load(id);
    if (deployment === undefined) throw new Error(`${id} is not in the record`);
    return deployment;
  }

  async function card(id: string): Promise<Message> {
    const { channel } = (await load(id)).details;
    const inSight = (await driver.messages({ channel })).filter(
      (message) => message.thread_ts === undefined && message.text.split('\n')[0]?.endsWith(`· ${id}`),
    );
    const [only, ...more] = inSight;
    if (only === undefined || more.length > 0) throw new Error(`${id} has ${inSight.length} cards, not 1`);
    return only;
  }

  return {
    load,
    card,
    async thread(id) {
      const { channel, ts } = await card(id);
      return (await driver.messages({ channel, thread_ts: ts })).slice(1);
    },
    dm: (person) => driver.messages({ channel: `dm:${PEOPLE[person]}:bot` }),
    async home(person) {
      const view = await driver.home(PEOPLE[person], { wait: true });
      if (view === null) throw new Error(`${person} has no Home`);
      return view;
    },
  };
}
