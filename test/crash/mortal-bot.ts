/** The bot in a process of its own, which may end at any moment, and is started again whenever it is asked for something. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Workspace } from '../../local-slack/protocol.ts';
import type { Instant } from '../../src/time.ts';
import type { Order, Report, Step } from './orders.ts';
import { noteDeed } from './outside.ts';
import { deedsIn } from './points.ts';

const BOOT = fileURLToPath(new URL('boot.cjs', import.meta.url));

export const recordIn = (folder: string): string => join(folder, 'gonogo.db');
export const worldIn = (folder: string): string => join(folder, 'world.db');
export const policyIn = (folder: string): string => join(folder, 'gonogo.yml');

export class MortalBot {
  readonly #script: string;
  readonly #folder: string;
  readonly #slack: { api: string; workspace: Workspace };
  #crashing: boolean;
  #child: ChildProcess | undefined;
  #now: Instant;
  #last: Report = { nextAt: undefined, steps: [] };
  /** How often it was started. */
  starts = 0;

  constructor(options: {
    script: string;
    folder: string;
    slack: { api: string; workspace: Workspace };
    now: Instant;
    crashing: boolean;
  }) {
    this.#script = options.script;
    this.#folder = options.folder;
    this.#slack = options.slack;
    this.#now = options.now;
    this.#crashing = options.crashing;
    this.noteDeed();
  }

  get now(): Instant {
    return this.#now;
  }

  get nextAt(): Instant | undefined {
    return this.#last.nextAt;
  }

  /** What the record has of the newest deployment, as far as it was told. */
  get steps(): readonly Step[] {
    return this.#last.steps;
  }

  /** From here on points end it. */
  async beginCrashing(): Promise<void> {
    this.#crashing = true;
    await this.end();
    await this.alive();
  }

  /** Ends it wherever it is, where this run is one that crashes. */
  dies(): boolean {
    if (this.#crashing) this.#child?.kill('SIGKILL');
    return this.#crashing;
  }

  async end(): Promise<void> {
    const child = this.#child;
    if (child === undefined || !isRunning(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** True where it did all there was to do, and is still there. */
  async rest(order: Order = {}): Promise<boolean> {
    const child = await this.alive();
    const report = reportOf(child);
    if (child.connected) child.send(order, () => {});
    return this.#heard(await report);
  }

  /** The same, however often it ends on the way. */
  async settled(): Promise<void> {
    while (!(await this.rest()));
  }

  /** Somebody did something: what is outside is not what it was. */
  noteDeed(): void {
    noteDeed(deedsIn(this.#folder));
  }

  /** Moves its clock, and tells the same. */
  async moveTo(at: Instant): Promise<boolean> {
    this.#now = Math.max(this.#now, at);
    return this.rest({ moveTo: this.#now });
  }

  /** Started (again) until it is ready. */
  async alive(): Promise<ChildProcess> {
    for (;;) {
      if (this.#child !== undefined && isRunning(this.#child)) return this.#child;
      const child = this.#start();
      this.#child = child;
      if (this.#heard(await reportOf(child))) continue;
      if (child.exitCode !== null && child.exitCode !== 0)
        throw new Error(`the bot ended with ${child.exitCode}`);
    }
  }

  #heard(report: Report | undefined): boolean {
    if (report !== undefined) this.#last = report;
    return report !== undefined;
  }

  #start(): ChildProcess {
    this.starts += 1;
    return fork(BOOT, [this.#script], {
      // It lives for half a second: what is made young dies with it, and nothing pays for being optimised.
      execArgv: ['--min-semi-space-size=64', '--max-semi-space-size=64', '--no-opt'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: this.#environment(),
    });
  }

  #environment(): NodeJS.ProcessEnv {
    const { bot } = this.#slack.workspace;
    return {
      PATH: process.env.PATH,
      SLACK_BOT_TOKEN: bot.token,
      SLACK_APP_TOKEN: bot.app_token,
      SLACK_API_URL: this.#slack.api,
      GONOGO_CONFIG: policyIn(this.#folder),
      GONOGO_DB: recordIn(this.#folder),
      GONOGO_PORT: '0',
      PAGER_SECRET: 'a-secret-of-more-than-32-characters-',
      LOG_LEVEL: process.env.CRASH_LOG ?? 'silent',
      CRASH_NOW: String(this.#now),
      CRASH_WORLD: worldIn(this.#folder),
      CRASH_FOLDER: this.#folder,
      ...(this.#crashing && { CRASHES: 'yes' }),
    };
  }
}

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode === null && signalCode === null;

/** Undefined where it ended before. */
function reportOf(child: ChildProcess): Promise<Report | undefined> {
  return new Promise((resolve) => {
    const gone = (): void => resolve(undefined);
    child.once('exit', gone);
    child.once('message', (report: Report) => {
      child.off('exit', gone);
      resolve(report);
    });
  });
}
