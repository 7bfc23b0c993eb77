import { expect, it } from 'vitest';
import { findings } from './findings.ts';
import { tooSmall } from './fingers.ts';
import { MESSAGES } from './gallery.ts';
import { CHECKOUT, DANA, inBrowser } from './stage.ts';

inBrowser('accessibility', (stage) => {
  it.each(['light', 'dark'] as const)(
    'has no serious finding in the %s theme, whatever is open',
    async (theme) => {
      const { app, driver, open } = stage();
      const posted = await app.client.chat.postMessage({ channel: CHECKOUT, text: 'A thread starts' });
      await driver.say(DANA, CHECKOUT, 'A reply', { thread_ts: posted.ts ?? '' });
      await app.client.chat.postEphemeral({ channel: CHECKOUT, user: DANA, text: 'Only you' });
      for (const [name, blocks] of Object.entries(MESSAGES)) {
        await app.client.chat.postMessage({ channel: CHECKOUT, text: name, blocks });
      }
      const page = await open(DANA, `/archives/${CHECKOUT}`, { theme });
      await page.locator('[data-qa=message]').first().waitFor();
      await page.locator('[data-qa=open-thread]').first().click();
      await page.locator('[data-qa=thread]').getByText('A reply').waitFor();
      await page.keyboard.press('Alt+w');
      await page.locator('[data-qa=wire-row]').first().waitFor();
      expect(await findings(page)).toEqual([]);

      await page.locator('[data-qa=composer]').fill('/');
      await page.getByRole('option').first().waitFor();
      expect(await findings(page)).toEqual([]);

      await page.locator('[data-qa=composer]').fill('/deploy gallery');
      await page.keyboard.press('Enter');
      await page.locator('[data-qa=modal]').waitFor();
      await page.locator('[data-qa=modal-submit]').click();
      await page.locator('.field-error').first().waitFor();
      await page.locator('[data-action-id=static] input').click();
      await page.getByRole('option', { name: 'Low' }).waitFor();
      expect(await findings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.locator('[data-qa=modal]').waitFor({ state: 'detached' });

      await page.locator('[data-qa=app-home]').click();
      await page.locator('[data-qa=home]').getByText('Waiting for you').waitFor();
      await page.locator('[data-qa=keys]').click();
      expect(await findings(page)).toEqual([]);
    },
  );

  it('switches its theme, and keeps it', async () => {
    const { open } = stage();
    const page = await open(DANA, undefined, { fresh: true });
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await background();
    await page.keyboard.press('Alt+d');
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.locator('.connection.on').waitFor();
    expect(await background()).toBe(dark);
  });

  it('fits a phone: one thing at a time, nothing wider than the screen', async () => {
    const { app, driver, open } = stage();
    const posted = await app.client.chat.postMessage({ channel: CHECKOUT, text: 'A thread begins' });
    await driver.say(DANA, CHECKOUT, 'A reply', { thread_ts: posted.ts ?? '' });
    const page = await open(DANA, `/archives/${CHECKOUT}`, { phone: true });
    const narrow = async () =>
      expect(await page.evaluate('document.scrollingElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(
        0,
      );
    await page.locator('[data-qa=message]').first().waitFor();
    await narrow();
    expect.soft(await tooSmall(page)).toEqual([]);
    expect(await page.locator('.rail').isVisible()).toBe(false);
    await page.locator('[data-qa=open-rail]').click();
    expect.soft(await tooSmall(page)).toEqual([]);
    await page.locator('[data-qa=person-tom]').click();
    await page.locator('[data-qa=open-rail]').click();
    await page.locator('[data-qa=channel-checkout]').click();
    await page.locator('.rail').waitFor({ state: 'hidden' });
    await page.locator('[data-qa=open-thread]').first().click();
    const thread = await page.locator('[data-qa=thread]').boundingBox();
    expect(thread?.width).toBe(390);
    await page.locator('[data-qa=close-thread]').click();
    await page.locator('[data-qa=composer]').fill('/deploy gallery');
    await page.keyboard.press('Enter');
    await page.locator('[data-qa=modal]').waitFor();
    expect((await page.locator('[data-qa=modal]').boundingBox())?.width).toBe(390);
    await narrow();
    expect.soft(await tooSmall(page)).toEqual([]);
    await page.locator('[data-action-id=static] input').click();
    await page.getByRole('option', { name: 'Low' }).waitFor();
    expect.soft(await tooSmall(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await findings(page)).toEqual([]);
    await page.locator('[data-qa=modal-dismiss]').click();
    await page.locator('[data-qa=modal]').waitFor({ state: 'detached' });
  });
});
