/** One deployment played by people against a bot that may end at any moment, and is then started again. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalSlack } from '../../local-slack/index.ts';
import type { Instant } from '../../src/time.ts';
import { say, startTarget } from '../smoke/target.ts';
import { ROOT } from './bundle.ts';
import { PlainDriver } from './driver.ts';
import { MortalBot, policyIn } from './mortal-bot.ts';
import type { Step } from './orders.ts';
import { People } from './people.ts';
import { type Played, unnumbered, whatCameOf } from './played.ts';
import { policyFor } from './policy.ts';

const START: Instant = Date.UTC(2026, 0, 5, 10);

/** `rolled back`: of a change that breaks data, asked twice, explained and reviewed; `taken back`: handed over before. */
export type Story = 'whole' | 'rolled back' | 'taken back';

export async function play(
  script: string,
  { story, crashing }: { story: Story; crashing: boolean },
): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), 'gonogo-crash-'));
  const slack = await startLocalSlack({
    manifest: join(ROOT, 'manifest.yml'),
    rateLimits: 'off',
    timers: impatient,
    page: false,
  });
  const target = await startTarget(({ path }, response) => {
    bot.noteDeed();
    // In the middle of a smoke run, before the answer: the first time that each path is asked for.
    const first = target.seen.filter((one) => one.path === path).length === 1;
    if (!first || !bot.dies()) say(response, 200, 'ok');
  });
  writeFileSync(policyIn(folder), policyFor(target, story !== 'whole'));
  const bot = new MortalBot({ script, folder, slack, now: START, crashing: crashing && story === 'whole' });
  try {
    const driver = new PlainDriver(slack.url);
    const answers = await playOut(new People(bot, driver), story, async () => {
      // What comes before it is the same as in any deployment.
      if (crashing) await bot.beginCrashing();
    });
    if (!crashing) await bot.rest({ keepCompiled: true });
    const { now, starts } = bot;
    const came = await whatCameOf({ folder, slack: driver, target, now });
    return { ...came, starts, answers: unnumbered(answers) };
  } finally {
    await bot.end();
    await target.close();
    await slack.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Answers with what stands below the alert, where there was one. */
async function playOut(people: People, story: Story, begin: () => Promise<void>): Promise<string[]> {
  await people.request('v2.1.0', story === 'rolled back' ? 'breaking' : 'none');
  await people.signAll();
  if (story === 'rolled back') {
    await people.passUntil((steps) => steps.some(({ type }) => type === 'looked'));
    await begin();
    await people.rollBackTwice();
    await people.explain();
    await people.passUntil(isOver);
    await people.review();
  }
  await people.passUntil(isOver);
  if (story !== 'taken back') return [];
  await begin();
  await people.takeBack();
  await people.passUntil(isOver);
  return people.alert();
}

const isOver = (steps: readonly Step[]): boolean =>
  steps.some(({ type }) => type === 'handed_over' || type === 'rolled_back');

/** People who wait for an answer that never comes give up after a while; here that while is short. */
const impatient = {
  setTimeout: (run: () => void, ms: number) => setTimeout(run, ms / 4),
  clearTimeout: (handle: unknown) => clearTimeout(handle as NodeJS.Timeout),
  now: () => performance.now() * 4,
};
