/** Everything that GoNoGo needs, tried one by one with nothing changed (PR-7). */

import { readFileSync } from 'node:fs';
import { WebClient } from '@slack/web-api';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Variables } from '../../adapters/secrets.ts';
import { type Environment, readEnvironment } from '../../config/environment.ts';
import { loadPolicy } from '../../config/load-policy.ts';
import { readPresets } from '../../config/presets.ts';
import { describeProblem } from '../../config/problems.ts';
import { createLog } from '../../log.ts';
import { messageOf } from '../../message-of.ts';
import type { Policy } from '../../policy/policy.ts';
import { boltLogger } from '../../slack/bolt-logger.ts';
import { SECOND } from '../../time.ts';
import { apiUrl } from '../door.ts';
import { tryPlaces } from './adapters.ts';
import { fails, type Row, works } from './row.ts';
import { tryNamed, trySlack, trySocket } from './slack.ts';
import { trySmoke } from './smoke.ts';

export interface DoctorOptions {
  /** The policy file. */
  file: string;
  variables: Variables;
  /** The text of manifest.yml, which says what scopes there should be. */
  manifest: string;
}

export async function examine({ file, variables, manifest }: DoctorOptions): Promise<Row[]> {
  const { rows, policy } = readFile(file);
  const read = readEnvironment(variables);
  if (!read.ok) {
    rows.push(...read.problems.map(environmentRow));
    const remedy = 'set the environment, then try again';
    rows.push({
      part: 'slack',
      place: '',
      what: 'tokens, people, channels',
      result: 'not_tried',
      says: 'the environment is not complete',
      remedy,
    });
  } else {
    rows.push({ part: 'environment', place: '', what: 'the variables', ...works() });
    rows.push(...(await inSlack(read.environment, policy, manifest)));
  }
  if (policy === undefined) return rows;
  return [...rows, ...(await tryPlaces(policy, variables)), ...(await trySmoke(policy, variables))];
}

function readFile(file: string): { rows: Row[]; policy?: Policy } {
  const row = { part: 'policy', place: file };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return {
      rows: [
        {
          ...row,
          what: 'read it',
          ...fails(messageOf(error), 'gonogo init writes one; name it: gonogo doctor FILE'),
        },
      ],
    };
  }
  const loaded = loadPolicy(text, readPresets());
  if (loaded.ok) return { rows: [{ ...row, what: 'it is a policy', ...works() }], policy: loaded.policy };
  return {
    rows: loaded.problems.map((problem) => ({
      ...row,
      what: 'it is a policy',
      ...fails(describeProblem(problem), 'correct it there'),
    })),
  };
}

function environmentRow(problem: string): Row {
  const [name = ''] = problem.split(' ');
  return {
    part: 'environment',
    place: name,
    what: 'the variable',
    ...fails(problem, `set ${name}; the README says what each is`),
  };
}

const manifestSchema = z.object({
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
});

async function inSlack(
  environment: Environment,
  policy: Policy | undefined,
  manifest: string,
): Promise<Row[]> {
  const wanted = manifestSchema.parse(parse(manifest)).oauth_config.scopes.bot;
  const bot = clientFor(environment.SLACK_BOT_TOKEN, environment);
  const { rows, team } = await trySlack(bot, wanted);
  rows.push(await delivery(environment));
  if (policy === undefined || team === undefined) {
    const says = team === undefined ? 'the bot token does not work' : 'the file is not a policy';
    return [
      ...rows,
      {
        part: 'slack',
        place: '',
        what: 'people and channels',
        result: 'not_tried',
        says,
        remedy: 'correct that first',
      },
    ];
  }
  return [...rows, ...(await tryNamed(bot, policy, team))];
}

async function delivery(environment: Environment): Promise<Row> {
  if (environment.SLACK_DELIVERY === 'socket')
    return trySocket(clientFor(environment.SLACK_APP_TOKEN ?? '', environment));
  const says = 'only a request of Slack shows whether it is right';
  const remedy = 'compare it with Basic Information of the app, and type /deploy help once GoNoGo runs';
  return {
    part: 'slack',
    place: 'SLACK_SIGNING_SECRET',
    what: 'the signing secret',
    result: 'not_tried',
    says,
    remedy,
  };
}

/** Not paced and not retried: who waits is at a terminal. */
function clientFor(token: string, environment: Environment): WebClient {
  return new WebClient(token, {
    ...apiUrl(environment),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 10 * SECOND,
    logger: boltLogger(createLog({ level: 'silent' })),
  });
}
