/** The apps that are compared, each in its own process and its own workspace of one local Slack. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defined } from '../src/defined.ts';
import { policyOf, type Rules } from './deployments.ts';
import { type Driving, drive } from './driving.ts';
import { type Running, start } from './processes.ts';
import type { SlackPlace } from './slack.ts';

/** `bare` acks and does nothing else; `one call` makes one constant Web API call after its ack. */
export type SubjectName = 'bare' | 'one call' | 'gonogo';

export interface Subject {
  name: SubjectName;
  place: SlackPlace;
  driving: Driving;
  running: Running<unknown>;
  /** The file of its record; unset where it keeps none. */
  record?: string;
  settle(): Promise<unknown>;
}

export interface Subjects {
  all: Subject[];
  slack: Running<SlackPlace[]>;
  stop(): Promise<void>;
}

export interface SubjectOptions {
  /** How many services GoNoGo has beside `checkout`. */
  services: number;
  rules?: Rules;
  /** Instead of the one that has these services and rules. */
  policy?: string;
  /** How much faster than real time GoNoGo's clock runs. */
  speed?: number;
  /** Options of Node for the apps. */
  node?: string[];
  env?: Record<string, string>;
  /** The checkout whose apps these are, which has to be built; this one unless given. */
  root?: string;
}

export async function startSubjects(names: SubjectName[], options: SubjectOptions): Promise<Subjects> {
  const slack = await start<SlackPlace[]>('bench/slack.js', { given: [String(names.length)] });
  const all: Subject[] = [];
  for (const [index, name] of names.entries()) {
    const place = slack.ready[index];
    if (place === undefined) throw new Error('the local Slack opened too few workspaces');
    all.push(await startSubject(name, place, options));
  }
  return {
    all,
    slack,
    async stop() {
      for (const { running, driving } of all) {
        await driving.close();
        await running.stop();
      }
      await slack.stop();
    },
  };
}

async function startSubject(name: SubjectName, place: SlackPlace, options: SubjectOptions): Promise<Subject> {
  const own: Record<string, string> = name === 'gonogo' ? gonogoEnv(options) : {};
  const env = { ...slackEnv(place), ...options.env, ...own };
  const script = name === 'gonogo' ? 'bench/gonogo-app.js' : 'bench/bare-app.js';
  const running = await start<unknown>(script, {
    env,
    ...defined({ node: options.node, root: options.root }),
  });
  const driving = await drive(place.url);
  const settle = (): Promise<unknown> => running.ask('settle');
  return { name, place, running, driving, settle, ...defined({ record: own.GONOGO_DB }) };
}

export function slackEnv({ api, token, appToken }: SlackPlace): Record<string, string> {
  return { SLACK_API_URL: api, SLACK_BOT_TOKEN: token, SLACK_APP_TOKEN: appToken };
}

const PRODUCTION: Rules = { signOffs: ['tech_lead', 'security', 'operations'], strategy: 'canary' };

/** What the benches wrote is of no use to anybody. */
const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** As in production: warnings only, and the record in a file. */
export function gonogoEnv({
  services,
  speed = 1,
  rules = PRODUCTION,
  policy = policyOf(services, rules),
}: SubjectOptions): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'gonogo-bench-'));
  folders.push(folder);
  const config = join(folder, 'gonogo.yml');
  writeFileSync(config, policy);
  return {
    GONOGO_CONFIG: config,
    GONOGO_DB: join(folder, 'gonogo.db'),
    GONOGO_PORT: '0',
    LOG_LEVEL: 'warn',
    BENCH_SERVICES: String(services),
    BENCH_SPEED: String(speed),
  };
}
