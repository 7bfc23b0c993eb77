/** `gonogo demo --real`: the same Slack and the same bot, over HAProxy, Prometheus and real servers on this machine. */

import { type LocalSlack, startLocalSlack } from '../../../local-slack/index.ts';
import { createClock } from '../../clock.ts';
import { readEnvironment } from '../../config/environment.ts';
import { createLog } from '../../log.ts';
import { type Gonogo, startGonogo } from '../../main.ts';
import { messageOf } from '../../message-of.ts';
import { complain, EXIT, say } from '../command.ts';
import { fromRoot } from '../from-root.ts';
import { openBrowser } from '../open-browser.ts';
import { untilStopped } from '../until-stopped.ts';
import { programAt } from './processes.ts';
import { PACKAGES, type Shop, startShop } from './shop.ts';

/** Long enough to read along. */
const STEPS = [
  { set_weight: 10 },
  { watch: '40s' },
  { set_weight: 50 },
  { watch: '30s' },
  { set_weight: 100 },
];

/** Answers with the exit code, when somebody ended it; what it started ends with it. */
export async function runRealDemo({ port, open }: { port: number; open: boolean }): Promise<number> {
  const missing = whatIsMissing((name) => programAt(name) !== undefined);
  if (missing !== undefined) {
    complain(missing);
    return EXIT.failed;
  }
  const ending: (() => Promise<void>)[] = [];
  const stopped = untilStopped();
  try {
    const slack = await startLocalSlack({ port, manifest: fromRoot('manifest.yml') });
    ending.unshift(() => slack.close());
    say('Starting HAProxy, Prometheus and the servers of a shop …');
    const shop = await startShop({ policy: fromRoot('gonogo.example.yml'), steps: STEPS, rate: 200 });
    ending.unshift(() => shop.stop());
    const gonogo = await startBot(slack, shop);
    ending.unshift(() => gonogo.stop());
    say(welcome(slack, shop));
    if (open) openBrowser(slack.url);
    await stopped;
    return EXIT.ok;
  } catch (error) {
    complain(`The demo could not be started: ${messageOf(error)}`);
    return EXIT.failed;
  } finally {
    for (const end of ending) await end();
  }
}

/** Which packages it needs and this machine has not; undefined where all are there. */
export function whatIsMissing(isThere: (name: string) => boolean): string | undefined {
  const missing = PACKAGES.filter((name) => !isThere(name));
  return missing.length === 0
    ? undefined
    : `--real needs ${missing.join(' and ')}. Debian and Ubuntu: apt-get install --no-install-recommends ${missing.join(' ')}`;
}

function startBot(slack: LocalSlack, shop: Shop): Promise<Gonogo> {
  const { bot, api } = slack.workspace;
  const read = readEnvironment({
    SLACK_BOT_TOKEN: bot.token,
    SLACK_APP_TOKEN: bot.app_token,
    SLACK_API_URL: api,
    GONOGO_CONFIG: shop.policyFile,
    GONOGO_DB: ':memory:',
    GONOGO_PORT: '0',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'error',
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const { environment } = read;
  return startGonogo({ environment, log: createLog({ level: environment.LOG_LEVEL }), clock: createClock() });
}

function welcome({ url }: LocalSlack, shop: Shop): string {
  return `
GoNoGo runs in a Slack on this machine: ${url}
It drives real processes in real time. Ctrl-C ends it and all of them.

  the shop        ${shop.url}   HAProxy in front of two servers; 200 requests a second
  Prometheus      ${shop.prometheus}
  the policy      ${shop.policyFile}

Three things to try there:
  1. As Dana, in #checkout, type  /deploy checkout v2.1.0 to production  and schedule it. Switch to Tom, Sana and Omar,
     and say Go; then watch  curl -s ${shop.url}  answer with the new version more and more often.
  2. The same with v2.1.1, whose errors double: see it rolled back by itself, and why.
  3. While one rolls out, end a server (ps ax | grep examples/shop), and see what its health check does.
`;
}
