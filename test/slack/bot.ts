/** The real bot beside a local Slack: started, restarted and stopped, with what it logged. */

import { readFileSync } from 'node:fs';
import type { LocalSlack } from '../../local-slack/index.ts';
import type { SimulatedWorld } from '../../src/backends/simulator.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { defined } from '../../src/defined.ts';
import { createLog } from '../../src/log.ts';
import { type Gonogo, startGonogo } from '../../src/main.ts';
import type { Clock } from '../../src/time.ts';

export const EXAMPLE_POLICY = new URL('../../gonogo.example.yml', import.meta.url).pathname;
export const examplePolicy = (): string => readFileSync(EXAMPLE_POLICY, 'utf8');
/** The same with every safeguard as it ships: a stage leaves its pace as it is. */
export const asShipped = (): string => `${examplePolicy()}\nsafeguards: {}\n`;
/** The example where Dana's role may declare an emergency. */
export const danaDeclares = (): string =>
  examplePolicy().replace(
    'emergency: { sign_offs: [] }',
    'emergency: { sign_offs: [], declared_by: [deployer] }',
  );

export interface BotSettings {
  slack: LocalSlack;
  /** The path of a policy file. */
  policy: string;
  db: string;
  delivery: 'socket' | 'http';
  clock: Clock;
  messageClock: Clock;
  world: SimulatedWorld;
  point?(name: string): void;
  /** What goes over the environment that fits the local Slack. */
  environment?: Record<string, string>;
}

export interface Bot extends Gonogo {
  /** Lines at the level of errors. */
  errors: LogLine[];
}

export interface LogLine {
  msg: string;
  reference?: string;
  [field: string]: unknown;
}

export async function startBot(settings: BotSettings): Promise<Bot> {
  const { slack, policy, db, delivery, clock, messageClock, world } = settings;
  const { bot, api } = slack.workspace;
  const read = readEnvironment({
    SLACK_BOT_TOKEN: bot.token,
    SLACK_APP_TOKEN: bot.app_token,
    SLACK_SIGNING_SECRET: bot.signing_secret,
    SLACK_DELIVERY: delivery,
    SLACK_API_URL: api,
    GONOGO_CONFIG: policy,
    GONOGO_DB: db,
    GONOGO_PORT: '0',
    ...settings.environment,
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const errors: LogLine[] = [];
  const log = createLog({
    level: 'error',
    destination: { write: (line) => void errors.push(JSON.parse(line) as LogLine) },
  });
  const gonogo = await startGonogo({
    environment: read.environment,
    log,
    clock,
    messageClock,
    world: () => world,
    demo: true,
    ...defined({ point: settings.point }),
  });
  return { ...gonogo, errors };
}
