/** One deployment played by people against a bot that may end at any moment, and is then started again. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { openDatabase } from '../../db/open.ts';
import { type LocalSlack, startLocalSlack } from '../../local-slack/index.ts';
import type { Block, Call, Message } from '../../local-slack/protocol.ts';
import { createSimulatedWorld } from '../../src/backends/simulator.ts';
import type { DeploymentEvent } from '../../src/deployment/events.ts';
import { type Instant, MINUTE } from '../../src/time.ts';
import { valuesIn } from '../slack/views-in-slack.ts';
import { say, startTarget, type Target } from '../smoke/target.ts';
import type { Order, Report } from './orders.ts';

const START: Instant = Date.UTC(2026, 0, 5, 10);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const CHANNEL = 'C0CHECKOUT2';
const ALERTS = 'C0ALERTS005';
const DANA = 'U0DANA00001';
const OMAR = 'U0OMAR00004';
const APPROVERS = ['U0TOM000002', 'U0SANA00003', 'U0OMAR00004'];

/** The example policy with a plan of minutes, so that a whole deployment has few moments, and all of them count. */
const policyFor = ({ port, url }: Target, pages: boolean): string =>
  readFileSync(join(ROOT, 'gonogo.example.yml'), 'utf8')
    .replace(
      / {2}checkout:\n/,
      `  checkout:
    smoke:
      environments: { production: { base: "${url}" } }
      tests:
        up: { name: Health, category: health, get: /healthz }
        login: { name: Login, category: authentication, steps: [{ get: /form }, { get: /session }] }
`,
    )
    .concat(`
smoke: { hosts: ["localhost:${port}"] }
${
  pages
    ? `notifiers: { pager: { kind: webhook, url: "${url}/pager", secret: "env:PAGER_SECRET" } }
defaults: { notifiers: [pager] }`
    : ''
}
strategies:
  canary:
    name: Canary
    steps: [{ set_weight: 5 }, { watch: 3m }, { set_weight: 50 }, { watch: 3m }, { set_weight: 100 }]
# Stages of minutes are too short to exclude anything: this is about what a crash loses, not about the judge.
judge: { undecided: { usual: go_on, last: go_on } }
safeguards:
  observe_for: 10m
  observe_every: 5m
`);

export interface Played {
  /** Every point at which the process was ended, in order. */
  points: string[];
  events: DeploymentEvent[];
  /** What the backend carried out, once per key. */
  commands: { key: string; body: unknown }[];
  /** What people see in the end, and how often each message of the bot was posted. */
  messages: { where: string; text: string }[];
  posted: Map<string, number>;
  /** Paths of the service that smoke tests asked for, each time. */
  tried: string[];
  /** What the pager was told, each delivery. */
  paged: { tells: string; key: string; about: string }[];
  /** What stands below an alert. */
  answers: string[];
  /** Files that messages show, and files that are there at all. */
  files: { shown: string[]; there: string[] };
}

const BOOT = fileURLToPath(new URL('boot.cjs', import.meta.url));

/** Bundled once: a process that starts in a third of a second can be started a hundred times. */
export async function bundleBot(): Promise<string> {
  const folder = join(ROOT, 'node_modules/.gonogo-crash-test');
  rmSync(folder, { recursive: true, force: true });
  const outfile = join(folder, 'bot.cjs');
  await build({
    entryPoints: [fileURLToPath(new URL('bot.ts', import.meta.url))],
    outfile,
    bundle: true,
    minifyWhitespace: true,
    platform: 'node',
    format: 'cjs',
    // A script that was compiled before knows no `import()`.
    supported: { 'dynamic-import': false },
    target: 'node20',
    // With its packages inside it starts twice as fast; the first load files of their own, the rest is large and not needed.
    external: ['better-sqlite3', 'pino', '@resvg/resvg-js', '@kubernetes/client-node', 'octokit'],
    // The presets are read from beside the module that reads them.
    define: {
      'import.meta.url': JSON.stringify(new URL('../../src/config/presets.ts', import.meta.url).href),
    },
    logLevel: 'silent',
  });
  return outfile;
}

export async function play(
  bot: string,
  options: { version: string; crashing: boolean; story?: Story },
): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), 'gonogo-crash-'));
  const slack = await startLocalSlack({
    manifest: join(ROOT, 'manifest.yml'),
    rateLimits: 'off',
    timers: impatient,
    page: false,
  });
  const target = await startTarget(({ path }, response) => {
    // In the middle of a smoke run, before the answer: the first time that each path is asked for.
    const first = target.seen.filter((one) => one.path === path).length === 1;
    if (!first || !table.dies()) say(response, 200, 'ok');
  });
  const { story = 'whole', crashing, version } = options;
  const table = new Table(bot, folder, {
    slack,
    target,
    crashing: crashing && story === 'whole',
    pages: story !== 'whole',
  });
  try {
    await table.start();
    await table.request(version, story === 'rolled back' ? 'breaking' : 'none');
    await table.signAll();
    await playOn(table, story, crashing);
    if (!crashing) await table.keepCompiled();
    return await table.result();
  } finally {
    await table.end();
    await target.close();
    await slack.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `rolled back`: of a change that breaks data, asked twice, explained and reviewed; `taken back`: handed over before. */
export type Story = 'whole' | 'rolled back' | 'taken back';

const OVER = ['handed_over', 'rolled_back'];
const isOver = (events: DeploymentEvent[]): boolean => events.some(({ type }) => OVER.includes(type));

async function playOn(table: Table, story: Story, crashing: boolean): Promise<void> {
  // What comes before it is the same as in any deployment.
  const begin = async (): Promise<void> => {
    if (crashing) await table.beginCrashing();
  };
  if (story === 'rolled back') {
    await table.passUntil((events) => events.some(({ type }) => type === 'looked'));
    await begin();
    await table.rollBackTwice();
    await table.explain();
    await table.passUntil(isOver);
    await table.review();
  }
  await table.passUntil(isOver);
  if (story === 'taken back') {
    await begin();
    await table.takeBack();
    await table.passUntil(isOver);
    await table.alert();
  }
}

/** People who wait for an answer that never comes give up after a while; here that while is short. */
const impatient = {
  setTimeout: (run: () => void, ms: number) => setTimeout(run, ms / 4),
  clearTimeout: (handle: unknown) => clearTimeout(handle as NodeJS.Timeout),
  now: () => performance.now() * 4,
};

class Table {
  readonly #bot: string;
  readonly #folder: string;
  readonly #slack: LocalSlack;
  readonly #target: Target;
  #crashing: boolean;
  #child: ChildProcess | undefined;
  #now = START;
  #nextAt: Instant | undefined;
  #answers: Message[] = [];

  constructor(
    bot: string,
    folder: string,
    world: { slack: LocalSlack; target: Target; crashing: boolean; pages: boolean },
  ) {
    this.#bot = bot;
    this.#folder = folder;
    this.#slack = world.slack;
    this.#target = world.target;
    this.#crashing = world.crashing;
    writeFileSync(join(folder, 'gonogo.yml'), policyFor(world.target, world.pages));
  }

  /** Ends the bot wherever it is, where this run is one that crashes. */
  dies(): boolean {
    if (this.#crashing) this.#child?.kill('SIGKILL');
    return this.#crashing;
  }

  async start(): Promise<void> {
    await this.#alive();
  }

  /** From here on every point ends the process. */
  async beginCrashing(): Promise<void> {
    this.#crashing = true;
    const ended = this.#child && once(this.#child, 'exit');
    this.#child?.kill('SIGKILL');
    await ended;
    await this.#alive();
  }

  async request(version: string, database: string): Promise<void> {
    await this.#until(
      (events) => events.length > 0,
      async () => {
        const open = await this.#get(`view?user=${DANA}`);
        if (open.view === null) {
          await this.#post('command', {
            user: DANA,
            channel: CHANNEL,
            text: `/deploy checkout ${version} to production`,
          });
        }
        const shown = await this.#get(`view?user=${DANA}`);
        if (shown.view === null) return;
        if (database !== 'none') {
          await this.#post('action', { user: DANA, action_id: 'schedule.unfold', view_id: shown.view.id });
          await this.#order({});
        }
        const { view } = await this.#get(`view?user=${DANA}`);
        const values = valuesIn(view, {
          'schedule.summary': 'Adds a way to pay.',
          ...(database !== 'none' && { 'schedule.database': database }),
        });
        await this.#post('submit', { user: DANA, view_id: view.id, values });
      },
    );
  }

  async signAll(): Promise<void> {
    for (const user of APPROVERS) {
      const signed = (events: DeploymentEvent[]): boolean =>
        events.some(({ type, by }) => type === 'signed' && by.kind === 'person' && by.id === user);
      await this.#until(signed, () => this.#click(user, 'card.go'));
    }
  }

  /** The second question is only for whoever clicked; where it was lost, they click again. */
  async rollBackTwice(): Promise<void> {
    await this.#until(has('rollback_started'), async () => {
      await this.#click(OMAR, 'card.roll_back');
      await this.#order({});
      await this.#clickOwn('card.break_data');
    });
  }

  async explain(): Promise<void> {
    await this.#until(has('rollback_explained'), () =>
      this.#answer(OMAR, 'card.explain', { 'reason.text': 'The basket page was empty.' }),
    );
  }

  async review(): Promise<void> {
    await this.#until(has('review_written'), () =>
      this.#answer(DANA, 'card.review', { 'review.cause': 'A slow query.', 'review.actions': 'An index.' }),
    );
  }

  async takeBack(): Promise<void> {
    await this.#until(has('taken_back'), async () => {
      const text = '/deploy rollback checkout production';
      await this.#post('command', { user: OMAR, channel: CHANNEL, text });
      await this.#order({});
      await this.#clickOwn('card.roll_back');
    });
  }

  /** An alert, and time until it is answered in its thread. */
  async alert(): Promise<void> {
    const text = 'checkout answers 503';
    const { ts } = await this.#post('app-message', { app: 'Monitoring', channel: ALERTS, text });
    for (let tries = 0; tries < 50; tries += 1) {
      this.#now += MINUTE;
      await this.#order({ moveTo: this.#now });
      this.#answers = (await this.#get(`messages?channel=${ALERTS}&thread_ts=${ts}`)).messages.slice(1);
      // Long enough for whoever would answer it twice.
      if (this.#answers.length > 0 && tries > 8) return;
    }
    throw new Error('the alert was not answered');
  }

  /** A modal that a button opens, filled in and sent. */
  async #answer(user: string, action: string, values: Record<string, string>): Promise<void> {
    await this.#click(user, action);
    await this.#order({});
    const { view } = await this.#get(`view?user=${user}`);
    if (view !== null) await this.#post('submit', { user, view_id: view.id, values: valuesIn(view, values) });
  }

  /** On what only Omar was shown, the newest of it. */
  async #clickOwn(action: string): Promise<void> {
    const { messages } = await this.#get(`messages?channel=${CHANNEL}&user=${OMAR}`);
    const shown = (messages as Message[]).findLast(
      ({ ephemeral, blocks }) => ephemeral === OMAR && hasAction(blocks, action),
    );
    if (shown !== undefined)
      await this.#post('action', { user: OMAR, action_id: action, channel: CHANNEL, ts: shown.ts });
  }

  async passUntil(done: (events: DeploymentEvent[]) => boolean): Promise<void> {
    await this.#until(done, async () => {
      const to = Math.min(this.#nextAt ?? this.#now + MINUTE, this.#now + MINUTE);
      this.#now = Math.max(this.#now, to);
      await this.#order({ moveTo: this.#now });
    });
    // Whatever is still on its way to Slack arrives.
    for (let calm = 0; calm < 3; ) {
      this.#now += 2_000;
      calm = (await this.#order({ moveTo: this.#now })) ? calm + 1 : 0;
    }
  }

  /** The runs after this one start with what it has compiled. */
  async keepCompiled(): Promise<void> {
    await this.#order({ keepCompiled: true });
  }

  async result(): Promise<Played> {
    const { messages } = (await this.#get(`messages?channel=${CHANNEL}`)) as { messages: Message[] };
    const all = [...messages];
    for (const { ts, reply_count = 0 } of messages) {
      if (reply_count === 0) continue;
      const thread = await this.#get(`messages?channel=${CHANNEL}&thread_ts=${ts}`);
      all.push(...thread.messages.filter((message: Message) => message.ts !== ts));
    }
    for (const user of APPROVERS)
      all.push(...(await this.#get(`messages?channel=dm:${user}:bot&user=${user}`)).messages);
    const unique = [...new Map(all.map((message) => [`${message.channel}:${message.ts}`, message])).values()];
    const posted = new Map<string, number>();
    for (const { channel, metadata } of unique) {
      const key = `${channel}:${JSON.stringify(metadata?.event_payload)}`;
      posted.set(key, (posted.get(key) ?? 0) + 1);
    }
    return {
      points: this.#crashing ? readFileSync(join(this.#folder, 'points'), 'utf8').trim().split('\n') : [],
      events: unnumbered(this.#anyPort(await this.#events())),
      commands: unnumbered(this.#commands()),
      messages: unnumbered(
        unique.map(({ channel, thread_ts, text }) => ({
          where: `${channel}${thread_ts ? ' thread' : ''}`,
          text,
        })),
      ),
      posted,
      tried: this.#target.seen.map(({ path }) => path).filter((path) => path !== PAGED_AT),
      paged: unnumbered(
        this.#target.seen.flatMap(({ path, body }) => (path === PAGED_AT ? [pagedIn(body)] : [])),
      ),
      answers: unnumbered(this.#answers.map(({ text }) => text)),
      files: { shown: filesIn(unique), there: await this.#filesThere() },
    };
  }

  /** Each run's service listens on a port of its own. */
  #anyPort<T>(value: T): T {
    return JSON.parse(JSON.stringify(value).replace(new RegExp(`\\b${this.#target.port}\\b`, 'g'), '1')) as T;
  }

  async #filesThere(): Promise<string[]> {
    const called = async (method: string): Promise<Call[]> =>
      ((await this.#get(`calls?method=${method}`)).calls as Call[]).filter(({ ok }) => ok);
    const deleted = new Set((await called('files.delete')).map(({ args }) => args.file));
    return (await called('files.completeUploadExternal'))
      .flatMap(({ args }) => (args.files as { id: string }[]).map(({ id }) => id))
      .filter((id) => !deleted.has(id))
      .sort();
  }

  async end(): Promise<void> {
    this.#child?.kill('SIGKILL');
  }

  /** Does it again and again, as people do, until the record shows it. */
  async #until(done: (events: DeploymentEvent[]) => boolean, act: () => Promise<unknown>): Promise<void> {
    for (let tries = 0; tries < 500; tries += 1) {
      await this.#order({});
      if (done(await this.#events())) return;
      await act();
    }
    throw new Error('it never came about');
  }

  async #click(user: string, action: string): Promise<void> {
    const { messages } = (await this.#get(`messages?channel=${CHANNEL}`)) as { messages: Message[] };
    const card = messages.find(({ blocks }) => hasAction(blocks, action));
    if (card === undefined) return;
    await this.#post('action', { user, action_id: action, channel: CHANNEL, ts: card.ts });
  }

  /** True where the bot did it and is still there. */
  async #order(order: Order): Promise<boolean> {
    const child = await this.#alive();
    const report = waitForReport(child);
    if (child.connected) child.send(order, () => {});
    const answer = await report;
    if (answer) this.#nextAt = answer.nextAt;
    return answer !== undefined;
  }

  /** The bot, started (again) until it is ready. */
  async #alive(): Promise<ChildProcess> {
    for (;;) {
      const current = this.#child;
      if (current && current.exitCode === null && current.signalCode === null) return current;
      const child = fork(BOOT, [this.#bot], {
        // It lives for half a second: what is made young dies with it, and nothing pays for being optimised.
        execArgv: ['--min-semi-space-size=64', '--max-semi-space-size=64', '--no-opt'],
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        env: this.#environment(),
      });
      this.#child = child;
      const report = await waitForReport(child);
      if (report) this.#nextAt = report.nextAt;
      else if (child.exitCode !== null && child.exitCode !== 0)
        throw new Error(`the bot ended with ${child.exitCode}`);
    }
  }

  #environment(): NodeJS.ProcessEnv {
    const { bot } = this.#slack.workspace;
    return {
      PATH: process.env.PATH,
      SLACK_BOT_TOKEN: bot.token,
      SLACK_APP_TOKEN: bot.app_token,
      SLACK_API_URL: this.#slack.api,
      GONOGO_CONFIG: join(this.#folder, 'gonogo.yml'),
      GONOGO_DB: join(this.#folder, 'gonogo.db'),
      GONOGO_PORT: '0',
      PAGER_SECRET: 'a-secret-of-more-than-32-characters-',
      LOG_LEVEL: process.env.CRASH_LOG ?? 'silent',
      CRASH_NOW: String(this.#now),
      CRASH_WORLD: join(this.#folder, 'world.db'),
      CRASH_POINTS: this.#crashing ? join(this.#folder, 'points') : '',
    };
  }

  async #events(): Promise<DeploymentEvent[]> {
    const stores = await openDatabase({ file: join(this.#folder, 'gonogo.db') });
    const [newest] = await stores.events.list({ limit: 1 });
    const events = newest === undefined ? [] : await stores.events.events(newest.id);
    await stores.close();
    return events;
  }

  #commands(): Played['commands'] {
    const clock = { now: () => this.#now };
    const world = createSimulatedWorld({
      seed: 1,
      clock,
      file: join(this.#folder, 'world.db'),
      startedAt: START,
    });
    const commands = world.commands().map(({ deliveries: _deliveries, ...command }) => command);
    world.close();
    return commands.map(({ key, ...body }) => ({ key, body }));
  }

  // biome-ignore lint/suspicious/noExplicitAny: the driver's answers are read field by field, and a wrong one fails the test
  async #get(path: string): Promise<any> {
    return (await fetch(`${this.#slack.url}/driver/${path}`)).json();
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above
  async #post(call: string, body: object): Promise<any> {
    const headers = { 'content-type': 'application/json' };
    const sent = { method: 'POST', headers, body: JSON.stringify(body) };
    return (await fetch(`${this.#slack.url}/driver/${call}`, sent)).json();
  }
}

const PAGED_AT = '/pager/notify';

const pagedIn = (body: string): Played['paged'][number] => {
  const { tells, key, about } = JSON.parse(body) as Played['paged'][number];
  return { tells, key, about };
};

const has =
  (what: DeploymentEvent['type']) =>
  (events: DeploymentEvent[]): boolean =>
    events.some(({ type }) => type === what);

/** A number is never given twice: the deployment of a disturbed run may have another than that of an undisturbed one. */
function unnumbered<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replace(/D-\d+/g, 'D-1')) as T;
}

function waitForReport(child: ChildProcess): Promise<Report | undefined> {
  return new Promise((resolve) => {
    const gone = (): void => resolve(undefined);
    child.once('exit', gone);
    child.once('message', (report: Report) => {
      child.off('exit', gone);
      resolve(report);
    });
  });
}

function hasAction(blocks: readonly Block[], action: string): boolean {
  return JSON.stringify(blocks).includes(`"action_id":"${action}"`);
}

function filesIn(messages: readonly Message[]): string[] {
  return messages
    .flatMap(({ blocks }) => blocks.map((block) => (block.slack_file as { id: string } | undefined)?.id))
    .filter((id) => id !== undefined)
    .sort();
}
