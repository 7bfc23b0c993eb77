/** The page shows the workspace's time, which in a demo is neither the browser's day nor its pace. */
import { afterAll, expect, it } from 'vitest';
import { connectDriver } from '../../local-slack/driver-client.ts';
import { startLocalSlack } from '../../local-slack/index.ts';
import { worldAt } from '../../local-slack/page/world-time.ts';
import { DANA, inBrowser } from './stage.ts';

it('K-3: an hour of the browser is as many hours of the workspace as it is fast', () => {
  const clock = { world: 1_000, browser: 50, speed: 120 };
  expect([50, 51, 3_600_050].map((now) => worldAt(clock, now))).toEqual([1_000, 1_120, 432_001_000]);
});

/** Eleven in the evening in Berlin, in a year that no browser of today has. */
const THEN = Date.UTC(2031, 4, 6, 21);
const HOUR = 3_600_000;
const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

inBrowser('the clock of the workspace', (stage) => {
  it('K-3: says today, tomorrow and in how many hours by the time of the workspace, as it passes', async () => {
    let now = THEN;
    const slack = await startLocalSlack({
      manifest: { display_information: { name: 'Clock' }, oauth_config: { scopes: { bot: ['chat:write'] } } },
      now: () => now,
      speed: 0,
    });
    const driver = await connectDriver(slack.url);
    closing.push(
      () => driver.close(),
      () => slack.close(),
    );
    const at = (ms: number, format: string): string => `<!date^${ms / 1_000}^${format}|fallback>`;
    const text = [
      at(THEN + 3 * HOUR, 'starts {date_short_pretty} at {time}, {ago}'),
      at(THEN - 2 * HOUR, 'asked {date_short_pretty}, {ago}'),
    ].join('\n');
    await driver.appMessage('Pipeline', 'deploys', { text });
    const page = await stage().open(DANA, undefined, { fresh: true });
    await page.goto(`${slack.url}/archives/C0DEPLOYS01?user=${DANA}`);
    const message = page.locator('[data-qa=message]').first();
    await message.waitFor();
    const words = await message.innerText();
    expect(words).toContain('Starts tomorrow at 02:00, in 3 hours');
    expect(words).toContain('Asked today, 2 hours ago');
    expect(await page.locator('.day').first().innerText()).toBe('Today');
    expect(await page.locator('[data-qa=person-dana] .person-time').innerText()).toBe('23:00');
    now += 2 * HOUR;
    await driver.appMessage('Pipeline', 'deploys', { text: 'a message of the next day' });
    await page.locator('.day', { hasText: 'Yesterday' }).waitFor();
    expect(await message.innerText()).toContain('Starts today at 02:00, in 1 hour');
    await page.context().close();
  });
});
