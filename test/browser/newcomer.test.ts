import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { HOUR } from '../../src/time.ts';
import { become, cardOn, modalOn, press, submit, write } from './hands.ts';
import { inOffice } from './in-office.ts';

/** Counts what a person does from here on, on whatever the page shows. */
async function counted(page: Page): Promise<() => Promise<{ clicks: number; keys: number }>> {
  await page.evaluate(`
    window.done = { clicks: 0, keys: 0 };
    addEventListener('pointerdown', () => { window.done.clicks += 1; }, true);
    addEventListener('keydown', () => { window.done.keys += 1; }, true);
  `);
  return () => page.evaluate('window.done');
}

inOffice('a newcomer, where the demo opens', (office) => {
  it('K-1: needs at most 8 clicks and 30 keys until a healthy deployment climbs in production by itself', async () => {
    const { open, pass, bot } = office();
    const rollout = async () => (await bot.stores.events.load('D-1001'))?.rollout;
    const page = await open('dana');
    const done = await counted(page);

    await write(page, '/deploy v2.1.0 to prod');
    await modalOn(page).getByText('Normal change · feature · medium risk').waitFor();
    await submit(page);
    const card = cardOn(page, 'D-1001');
    for (const [person, after] of [
      ['tom', 'Waiting for 2 of 3'],
      ['sana', 'Waiting for 1 of 3'],
      ['omar', 'stage 1 of'],
    ] as const) {
      await become(page, person);
      await press(card, 'Go');
      await card.getByText(after).waitFor();
    }
    const { clicks, keys } = await done();
    expect(clicks).toBeGreaterThan(0);
    expect(clicks).toBeLessThanOrEqual(8);
    expect(keys).toBeGreaterThan(0);
    expect(keys).toBeLessThanOrEqual(30);

    await pass(HOUR, async () => ((await rollout())?.stages.length ?? 0) > 1);
    await card.getByText('25 % · stage 2 of 4').waitFor();
    expect((await rollout())?.hold).toBeUndefined();
  });
});
