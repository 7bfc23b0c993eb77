import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../src/time.ts';
import { tooSmall } from '../page/fingers.ts';
import {
  become,
  buttonsOf,
  cardOn,
  counted,
  fillIn,
  goTo,
  modalOn,
  openThread,
  press,
  pressAndConfirm,
  reportIn,
  submit,
  write,
} from './hands.ts';
import { inOffice } from './in-office.ts';

/** The table of both arms, the chart, and the buttons of a stage that runs. */
async function expectReport(report: Locator, promote: string, errors: RegExp): Promise<void> {
  const table = report.locator('table');
  await table.waitFor();
  expect(await table.locator('th').allTextContents()).toEqual([
    'Metric',
    'Verdict',
    'Canary',
    'Baseline',
    'Difference',
  ]);
  await table.locator('tbody tr', { hasText: 'errors' }).filter({ hasText: errors }).waitFor();
  await report.locator('.block[data-block=image] img').waitFor();
  expect(await buttonsOf(report).allTextContents()).toEqual([
    promote,
    'Hold',
    'Roll back to v2.0.4',
    'Report a problem',
  ]);
}

async function promoted(thread: Locator, stage: number): Promise<void> {
  await reportIn(thread, stage).getByText('Promoted early at').waitFor();
  expect(await buttonsOf(reportIn(thread, stage)).count()).toBe(0);
}

inOffice('a healthy deployment, by mouse and keyboard', (office) => {
  it('K-1 … K-5: asked for, signed in three places, watched stage by stage, promoted early, handed over', async () => {
    const { open, pass } = office();
    const page = await open('dana');
    const card = cardOn(page, 'D-1001');

    await write(page, '/deploy checkout v2.1.0 to production');
    await modalOn(page).getByText('Running in production now: v2.0.4').waitFor();
    await fillIn(page, 'What and why', 'Adds Apple Pay to the payment step.');
    await submit(page);
    await card.getByText('Waiting for 3 of 3 sign-offs').waitFor();
    await card.getByText('Adds Apple Pay to the payment step.').waitFor();

    await become(page, 'tom');
    await press(card, 'Go');
    await card.getByText('Waiting for 2 of 3 sign-offs').waitFor();
    await become(page, 'sana');
    await goTo(page, 'GoNoGo');
    const message = page.locator('main [data-qa=message]', { hasText: 'D-1001' });
    await message.getByText('Your go is needed as Security').waitFor();
    // All that the decision hangs on is there, and the card is a click away.
    for (const words of [
      'Adds Apple Pay to the payment step.',
      'Runs in production now: v2.0.4',
      '1 commit by 1 person',
      'medium risk',
      'Gates: all 5 passed',
      'Open the card',
    ])
      await message.getByText(words).first().waitFor();
    expect(await buttonsOf(message).allTextContents()).toEqual(
      expect.arrayContaining(['Go as Security', 'No-go', 'Ask Dana']),
    );
    await press(message, 'Go as Security');
    await message.getByText('Done: you signed for Security').waitFor();
    expect(await buttonsOf(message).count()).toBe(0);
    await become(page, 'omar');
    await goTo(page, 'Home');
    const home = page.locator('[data-qa=home]');
    await home.getByText('Waiting for 1 of 3 sign-offs').waitFor();
    await press(home, 'Go');
    await home.getByText('Nothing waits for you.').waitFor();
    await home.getByText('stage 1 of 4').waitFor();

    await become(page, 'dana');
    await goTo(page, 'checkout');
    await card.getByText('5 % · stage 1 of 4').waitFor();
    const thread = await openThread(card);
    await thread.getByText('Go from Sana as Security').waitFor();
    await pass(25 * MINUTE);
    // At 5 % and after 25 minutes it may be too early to tell.
    await expectReport(reportIn(thread, 1), 'Promote now…', /no worse, .*:.*1|undecided/);
    await pass(6 * MINUTE);
    await reportIn(thread, 1)
      .getByText(/Passed at|Went on undecided at/)
      .waitFor();
    await card.getByText('25 % · stage 2 of 4').waitFor();
    await pass(10 * MINUTE);
    await expectReport(reportIn(thread, 2), 'Promote now', /no worse, .*:.*1/);
    await card.getByText('stage 2 of 4').waitFor();
    expect(await pressAndConfirm(card, 'Promote now', 'Promote')).toContain('from 25 % to 75 % of traffic');
    await promoted(thread, 2);
    await pass(MINUTE);
    // Nobody has seen enough of this one: it asks why.
    await card.getByText('stage 3 of 4').waitFor();
    await press(card, 'Promote now…');
    await modalOn(page).getByText('from 75 % to 100 % of traffic').waitFor();
    await fillIn(page, 'Why can it go on all the same?', 'The graphs of the shop are flat.');
    await submit(page);
    await promoted(thread, 3);
    await pass(MINUTE);
    await pass(HOUR, async () => (await card.getByText('is live in production').count()) > 0);
    await card.getByText('Complete in').waitFor();
    await pressAndConfirm(card, 'Hand over now', 'Hand over');
    await card.getByText('✅ Handed over').waitFor();
    expect(await buttonsOf(card).count()).toBe(1);

    await write(page, '/deploy history checkout');
    const history = page.locator('main .message.ephemeral table');
    await history.waitFor();
    expect(await history.locator('tbody tr').allTextContents()).toEqual([
      expect.stringMatching(/^D-1001\s*v2\.1\.0\s*production\s*live, handed over/),
    ]);
  });

  it('K-6, RB-7: hours later an alert, on a phone: a touch opens its thread, two take back what was handed over', async () => {
    const { open, pass, bot, driver } = office();
    await pass(2 * HOUR);
    const page = await open('omar', { theme: 'dark', width: 390, height: 844 });
    await page.locator('[data-qa=open-rail]').click();
    await goTo(page, 'alerts');
    const title = '[FIRING:1] HighErrorRate (production checkout critical)';
    await driver.appMessage('Alertmanager', 'alerts', { attachments: [{ color: 'a30200', title }] });
    const done = await counted(page);
    const thread = await openThread(page.locator('main [data-qa=message]', { hasText: 'HighErrorRate' }));
    await thread.getByText(/checkout v2\.1\.0 · finished .* before this alert/).waitFor();
    expect(await page.evaluate('document.scrollingElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await tooSmall(page)).toEqual([]);
    const asked = await pressAndConfirm(thread, 'Roll back to v2.0.4', 'Roll back');
    expect(asked).toContain('Roll checkout back from v2.1.0 to v2.0.4?');
    await thread.getByText('Omar rolls back checkout v2.1.0').waitFor();
    expect(await done()).toEqual({ clicks: 3, keys: 0 });
    const back = async () => (await bot.stores.events.load('D-1002'))?.status === 'rolled_back';
    await pass(MINUTE, back);
    expect(await back()).toBe(true);
    await thread.getByText('checkout is back on v2.0.4 with all traffic').waitFor();
    await page.locator('[data-qa=close-thread]').click();
    await page.context().close();
  });
});
