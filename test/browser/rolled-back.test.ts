import { expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../src/time.ts';
import {
  become,
  buttonsOf,
  fillIn,
  goTo,
  modalOn,
  openThread,
  press,
  pressAndConfirm,
  reportIn,
  rollOut,
  submit,
} from './hands.ts';
import { inOffice } from './in-office.ts';

inOffice('a deployment that goes back, by mouse and keyboard', (office) => {
  it('AN-3: errors double, and it goes back by itself: the card says why, the report shows the figures', async () => {
    const { open, pass } = office();
    const page = await open('dana');
    const card = await rollOut(page, 'checkout v2.1.1', 'D-1001');
    await pass(HOUR, async () => (await card.getByText('was rolled back').count()) > 0);
    await card.getByText(/v2\.0\.4 is back .* by GoNoGo: errors .* baseline/).waitFor();
    await page.locator('main').getByText('checkout is back on v2.0.4 with all traffic').waitFor();
    // The review that is owed, and the menu.
    expect(await buttonsOf(card).count()).toBe(2);
    const report = reportIn(await openThread(card), 1);
    await report.getByText(/Rolled back at/).waitFor();
    expect(await report.locator('tbody tr', { hasText: 'errors' }).textContent()).toContain('worse');
    await goTo(page, 'Home');
    await page.locator('[data-qa=home]').getByText('Rolled back by GoNoGo').waitFor();
    await page.context().close();
  });

  it('RB-1: the person on call presses Roll back, is asked once, and says why afterwards', async () => {
    const { open, pass } = office();
    const page = await open('dana');
    const card = await rollOut(page, 'checkout v2.1.0', 'D-1002');
    await pass(5 * MINUTE);
    await become(page, 'omar');
    const asked = await pressAndConfirm(card, 'Roll back to v2.0.4', 'Roll back');
    expect(asked).toContain('Roll checkout back from v2.1.0 to v2.0.4?');
    expect(asked).toContain('5 % of traffic moves at once.');
    await card.getByText('is being rolled back').waitFor();
    await pass(MINUTE, async () => (await card.getByText('was rolled back').count()) > 0);
    await card.getByText(/v2\.0\.4 is back .*\(target 15 min\) · by Omar/).waitFor();
    await press(card, 'Say why');
    await fillIn(page, 'What happened?', 'The basket page was empty.');
    await submit(page);
    await card.getByText('by Omar: The basket page was empty.').waitFor();
    expect(await buttonsOf(card).count()).toBe(2);
    await (await openThread(card)).getByText('Omar on why it was rolled back').waitFor();
    expect(await modalOn(page).count()).toBe(0);
    await page.context().close();
  });
});
