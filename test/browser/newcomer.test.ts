import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { HOUR } from '../../src/time.ts';
import { tooSmall } from '../page/fingers.ts';
import {
  become,
  buttonsOf,
  cardOn,
  counted,
  modalOn,
  openThread,
  press,
  reportIn,
  submit,
  write,
} from './hands.ts';
import { inOffice } from './in-office.ts';

/** Nothing to press is smaller than a finger, nothing is wider than the screen. */
async function expectFingersFit(page: Page): Promise<void> {
  expect.soft(await tooSmall(page)).toEqual([]);
  expect
    .soft(await page.evaluate('document.scrollingElement.scrollWidth - innerWidth'))
    .toBeLessThanOrEqual(0);
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
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)(
    'K-1: finds every target with a finger on a phone, in Home, in a thread and behind the menu of a card, in the %s theme',
    async (theme) => {
      const { open, bot } = office();
      expect((await bot.stores.events.load('D-1001'))?.status).toBe('rolling_out');
      const page = await open('dana', { theme, width: 390, height: 844 });
      const card = cardOn(page, 'D-1001');
      await card.getByText('stage 2 of 4').waitFor();
      await expectFingersFit(page);
      const thread = await openThread(card);
      // With a finger on it a message shows what can be done with it.
      await reportIn(thread, 2).focus();
      expect(await buttonsOf(thread).count()).toBeGreaterThan(3);
      await expectFingersFit(page);
      await page.locator('[data-qa=close-thread]').click();
      await card.locator('[data-action-id="card.more"]').click();
      const details = page.getByRole('menuitem', { name: 'Details' });
      await details.waitFor();
      await expectFingersFit(page);
      await details.click();
      await modalOn(page).getByText('What is done of gates and checklist').waitFor();
      await expectFingersFit(page);
      await page.locator('[data-qa=modal-dismiss]').click();
      await modalOn(page).waitFor({ state: 'detached' });
      await page.locator('[data-qa=open-rail]').click();
      await expectFingersFit(page);
      await page.locator('[data-qa=app-home]').click();
      const home = page.locator('[data-qa=home]');
      await home.getByText('stage 2 of 4').waitFor();
      expect(await buttonsOf(home).count()).toBeGreaterThan(0);
      await expectFingersFit(page);
      await page.context().close();
    },
  );
});
