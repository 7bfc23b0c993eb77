/** The whole product on this machine, with its page in a browser: people act in it, and its time moves when it is told to. */

import type { BrowserContextOptions, Page } from 'playwright-core';
import { connectDriver, type Driver } from '../../local-slack/driver-client.ts';
import { startLocalSlack } from '../../local-slack/index.ts';
import { createSimulatedWorld } from '../../src/backends/simulator.ts';
import type { Clock, Duration, Instant } from '../../src/time.ts';
import { createManualClock } from '../manual-clock.ts';
import { type Bot, EXAMPLE_POLICY, startBot } from '../slack/bot.ts';
import { PEOPLE, type PersonName } from '../slack/people.ts';
import { troubleIn } from '../slack/trouble.ts';
import { type Contexts, launchChromium } from './chromium.ts';

/** A Monday, 11:00 in Berlin. */
const BEGINNING: Instant = Date.UTC(2026, 0, 5, 10);

export interface Look {
  theme?: 'light' | 'dark';
  width?: number;
  height?: number;
  /** Pixels of a picture for each of the page. */
  scale?: number;
}

export interface Office {
  bot: Bot;
  driver: Driver;
  /** Opens the page as someone, in #checkout. */
  open(person: PersonName, look?: Look): Promise<Page>;
  /** Moves the time on, one due thing after the other, on the pages too; stops early where `until` says so. */
  pass(by: Duration, until?: () => Promise<boolean>): Promise<void>;
  /** What went wrong since the last call, in the browser, on the wire or in the bot's log; empty where nothing did. */
  trouble(): Promise<string>;
  close(): Promise<void>;
}

/** In a browser of its own unless told otherwise. */
export async function openOffice(openBrowser: () => Promise<Contexts> = launchChromium): Promise<Office> {
  const clock = createManualClock(BEGINNING);
  const messageClock = createImpatientClock(clock);
  const slack = await startLocalSlack({
    manifest: new URL('../../manifest.yml', import.meta.url).pathname,
    rateLimits: { factor: 10_000 },
    now: messageClock.now,
  });
  const [driver, browser] = await Promise.all([connectDriver(slack.url), openBrowser()]);
  const world = createSimulatedWorld({ seed: 1, clock });
  const bot = await startBot({
    slack,
    policy: EXAMPLE_POLICY,
    db: ':memory:',
    delivery: 'socket',
    clock,
    messageClock,
    world,
  });
  const problems: string[] = [];
  const pages = new Set<Page>();
  /** Pages keep time with the office, or "today" there would be another day. */
  const showTime = (page: Page): Promise<void> => page.clock.setFixedTime(messageClock.now());
  let callsSeen = 0;

  return {
    bot,
    driver,
    async open(person, look) {
      const page = await openPage(browser, look);
      pages.add(page);
      page.on('close', () => pages.delete(page));
      listenForProblems(page, problems);
      await showTime(page);
      await page.goto(`${slack.url}/archives/C0CHECKOUT2?user=${PEOPLE[person]}`);
      await page.locator('.connection.on').waitFor({ state: 'attached' });
      return page;
    },
    async pass(by, until = async () => false) {
      const end = clock.now() + by;
      await bot.idle();
      while (clock.now() < end && !(await until())) {
        clock.moveTo(Math.min(clock.nextAt() ?? end, end));
        await bot.idle();
      }
      await Promise.all([...pages].map(showTime));
    },
    async trouble() {
      const calls = await driver.calls({ since: callsSeen });
      callsSeen = calls.at(-1)?.id ?? callsSeen;
      return [...problems.splice(0), troubleIn(calls, bot.errors.splice(0), [])].filter(Boolean).join('\n');
    },
    async close() {
      await browser.close();
      await bot.stop();
      await driver.close();
      await slack.close();
      world.close();
    },
  };
}

async function openPage(browser: Contexts, look: Look = {}): Promise<Page> {
  const options: BrowserContextOptions = {
    viewport: { width: look.width ?? 1280, height: look.height ?? 900 },
    deviceScaleFactor: look.scale ?? 1,
    colorScheme: look.theme ?? 'light',
    reducedMotion: 'reduce',
  };
  const context = await browser.newContext(options);
  context.setDefaultTimeout(15_000);
  return context.newPage();
}

function listenForProblems(page: Page, problems: string[]): void {
  page.on('pageerror', (error) => problems.push(`on the page: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`in the console: ${message.text()} (${message.location().url})`);
  });
}

/** For messages: whatever waits on it is due at once, so their pace costs no time; never behind the other clock. */
function createImpatientClock(other: Pick<Clock, 'now'>): Clock {
  let reached = other.now();
  const now = (): Instant => {
    reached = Math.max(reached, other.now());
    return reached;
  };
  return {
    now,
    at(at, wake) {
      const due = setImmediate(() => {
        reached = Math.max(now(), at);
        wake();
      });
      return () => clearImmediate(due);
    },
  };
}
