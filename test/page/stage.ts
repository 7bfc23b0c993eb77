/** A stage for the page's tests: a local Slack with the small app connected, and a browser that shows its page. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { createManualTimers, type ManualTimers } from '../../local-slack/clock.ts';
import { connectDriver, type Driver } from '../../local-slack/driver-client.ts';
import { type LocalSlack, startLocalSlack } from '../../local-slack/index.ts';
import { CHROMIUM, type Contexts, chromiumIsThere, sharedChromium } from '../browser/chromium.ts';
import { type DemoApp, startDemoApp } from './demo-app.ts';

export const DANA = 'U0DANA00001';
export const TOM = 'U0TOM000002';
export const SANA = 'U0SANA00003';
export const DEPLOYS = 'C0DEPLOYS01';
export const CHECKOUT = 'C0CHECKOUT2';

const MANIFEST = {
  display_information: { name: 'GoNoGo' },
  features: {
    app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
    bot_user: { display_name: 'gonogo' },
    slash_commands: [
      { command: '/deploy', description: 'Schedules', usage_hint: '[service]', should_escape: true },
    ],
    shortcuts: [
      { name: 'What changed?', type: 'message', callback_id: 'what_changed', description: 'Suspects' },
      { name: 'Schedule', type: 'global', callback_id: 'schedule', description: 'Opens the form' },
    ],
  },
  oauth_config: { scopes: { bot: ['commands', 'chat:write', 'im:write', 'users:read'] } },
  settings: {
    event_subscriptions: { bot_events: ['app_home_opened'] },
    interactivity: { is_enabled: true },
    socket_mode_enabled: true,
  },
};

export interface Look {
  theme?: 'light' | 'dark';
  phone?: boolean;
  /** A tab, and a browser session, of its own. */
  fresh?: boolean;
}

export interface Stage {
  slack: LocalSlack;
  app: DemoApp;
  driver: Driver;
  /** Slack's deadlines stand still until a test moves them. */
  timers: ManualTimers;
  /** Opens the page as someone, in the tab that the file's tests share unless it must be another. */
  open: (user: string, where?: string, look?: Look) => Promise<Page>;
}

async function newTab(browser: Contexts, look: Look): Promise<Page> {
  const context = await browser.newContext({
    viewport: look.phone ? { width: 390, height: 844 } : { width: 1280, height: 860 },
    colorScheme: look.theme ?? 'light',
    hasTouch: look.phone ?? false,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(5000);
  return context.newPage();
}

function opener(browser: Contexts, slack: LocalSlack): Stage['open'] {
  let shared: Promise<Page> | undefined;
  return async (user, where = `/archives/${DEPLOYS}`, look = {}) => {
    if (Object.keys(look).length === 0) shared ??= newTab(browser, look);
    const page = await (Object.keys(look).length === 0 && shared ? shared : newTab(browser, look));
    const url = new URL(where, slack.url);
    url.searchParams.set('user', user);
    await page.goto(url.href);
    await page.locator('.connection.on').waitFor({ state: 'attached' });
    return page;
  };
}

/** Tests in a browser: skipped, and said so, where there is none; on CI there must be one. */
export function inBrowser(title: string, tests: (stage: () => Stage) => void, strict = true): void {
  const missing = !chromiumIsThere();
  if (missing && process.env.CI) throw new Error(`There is no Chromium at ${CHROMIUM}; set CHROMIUM_PATH.`);
  const name = missing ? `${title} (skipped: no Chromium at ${CHROMIUM}, set CHROMIUM_PATH)` : title;
  describe.skipIf(missing)(name, () => {
    let stage: Stage | undefined;
    let end: (() => Promise<void>)[] = [];
    beforeAll(async () => {
      const timers = createManualTimers();
      const slack = await startLocalSlack({ manifest: MANIFEST, strict, rateLimits: 'off', timers });
      const [app, driver, browser] = await Promise.all([
        startDemoApp(slack),
        connectDriver(slack.url),
        sharedChromium(),
      ]);
      end = [() => browser.close(), () => app.stop(), () => driver.close(), () => slack.close()];
      stage = {
        slack,
        app,
        driver,
        timers,
        open: opener(browser, slack),
      };
    });
    afterAll(async () => {
      for (const step of end) await step();
    });
    tests(() => {
      if (stage === undefined) throw new Error('The stage is not set yet.');
      return stage;
    });
  });
}
