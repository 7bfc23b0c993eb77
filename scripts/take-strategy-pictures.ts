/**
 * Plays each strategy to its end and back on this machine, and photographs card and stage reports in a wide window and on
 * a phone: `npm run screenshots:strategies -- FOLDER`. Nothing checks them: whoever changes what is shown looks at them.
 */

import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { DAY, MINUTE } from '../src/time.ts';
import { cardOn, openThread } from '../test/browser/hands.ts';
import { type Office, openOffice } from '../test/browser/office.ts';
import { acting } from '../test/slack/acting.ts';
import { photographIn, withFont } from './photograph.ts';

const STRATEGIES = ['canary', 'blue-green', 'rolling', 'all-at-once'] as const;
const WIDTHS = { wide: { width: 1280, height: 900 }, phone: { width: 390, height: 780 } } as const;
type Window = keyof typeof WIDTHS;

const folder = process.argv[2];
if (folder === undefined) throw new Error('which folder? npm run screenshots:strategies -- FOLDER');
mkdirSync(folder, { recursive: true });
const photograph = photographIn(folder);

async function openWindow(office: Office, size: Window, theme: 'light' | 'dark'): Promise<Page> {
  const page = await office.open('dana', { ...WIDTHS[size], scale: 1, theme });
  await withFont(page);
  return page;
}

/** The card, and the thread below it as far as it reaches. */
async function photographAll(office: Office, id: string, name: string): Promise<void> {
  for (const size of ['wide', 'phone'] as const) {
    const page = await openWindow(office, size, size === 'wide' ? 'light' : 'dark');
    const card = cardOn(page, id);
    await card.waitFor();
    await photograph(page, `${name}-card-${size}`, card);
    const thread = await openThread(card);
    const reports = thread.locator('[data-qa=message]', { hasText: /(Stage|Part) \d+ of \d+ ·/ });
    await reports.first().waitFor();
    await photograph(page, `${name}-report-${size}`, reports.last());
    await photograph(page, `${name}-thread-${size}`);
    await page.context().close();
  }
}

async function play(office: Office, strategy: (typeof STRATEGIES)[number]): Promise<void> {
  const dana = acting({ driver: office.driver, settled: office.bot.idle });
  const status = async (id: string) => (await office.bot.stores.events.load(id))?.status;
  const ask = async (version: string): Promise<string> => {
    await dana.type('dana', 'checkout', `/deploy checkout ${version} to staging`);
    const sent = await dana.submit('dana', {
      'schedule.strategy': strategy,
      'schedule.summary': 'Adds Apple Pay to the payment step.',
    });
    if (!sent.ok) throw new Error(JSON.stringify(sent));
    const [newest] = await office.bot.stores.events.list({ limit: 1 });
    return newest?.id ?? '';
  };
  const good = await ask('v2.1.0');
  await office.pass(6 * MINUTE);
  await photographAll(office, good, `${strategy}-1-under-way`);
  await office.pass(2 * DAY, async () => ['handed_over', 'held'].includes((await status(good)) ?? ''));
  await photographAll(office, good, `${strategy}-2-done`);
  const bad = await ask('v2.1.1');
  await office.pass(DAY, async () =>
    ['rolled_back', 'held', 'handed_over'].includes((await status(bad)) ?? ''),
  );
  await photographAll(office, bad, `${strategy}-3-bad`);
}

for (const strategy of STRATEGIES.filter((one) => (process.argv[3] ?? one) === one)) {
  const office = await openOffice();
  try {
    await play(office, strategy);
  } finally {
    await office.close();
  }
}
