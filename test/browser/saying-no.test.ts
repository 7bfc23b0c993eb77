import { expect, it } from 'vitest';
import { become, buttonIn, cardOn, fillIn, modalOn, press, submit, write } from './hands.ts';
import { inOffice } from './in-office.ts';

inOffice('where the answer is no, by mouse and keyboard', (office) => {
  it('K-2: a missing summary is said at its field, and the rest stays as it was filled in', async () => {
    const page = await office().open('dana');
    await write(page, '/deploy checkout v2.1.0 to production');
    await fillIn(page, 'What and why', '');
    await page.keyboard.press('Delete');
    await press(modalOn(page), 'Schedule');
    const invalid = modalOn(page).locator('.invalid');
    await invalid.locator('.field-error').waitFor();
    expect(await invalid.count()).toBe(1);
    await invalid.getByText('What and why').waitFor();
    await invalid.locator('textarea:focus').waitFor();
    await page.keyboard.type('Adds Apple Pay.');
    await invalid.waitFor({ state: 'detached' });
    await submit(page);
    await cardOn(page, 'D-1001').getByText('checkout v2.1.0 → production').waitFor();
    await page.context().close();
  });

  it('CH-6: whoever has not the role reads the refusal alone, and the card does not move', async () => {
    const page = await office().open('priya');
    const card = cardOn(page, 'D-1001');
    await press(card, 'Go');
    const refusal = page.locator('main .message.ephemeral');
    await refusal.getByText('Only visible to you').waitFor();
    expect(await refusal.textContent()).toMatch(/can't sign/);
    await card.getByText('Waiting for 3 of 3 sign-offs').waitFor();
    await become(page, 'tom');
    await card.waitFor();
    expect(await refusal.count()).toBe(0);
    await page.context().close();
  });

  it('K-4: No-go asks for its reason, ends the request, and everyone reads why', async () => {
    const page = await office().open('sana');
    const card = cardOn(page, 'D-1001');
    await press(card, 'No-go');
    await press(modalOn(page), 'Say no-go');
    await modalOn(page).locator('.field-error').waitFor();
    await fillIn(page, 'What must change', 'The scan shows a leaked key.');
    await submit(page);
    await card.getByText(/No-go from Sana .* The scan shows a leaked key\./).waitFor();
    await become(page, 'dana');
    await card.getByText('The scan shows a leaked key.').waitFor();
    expect(await buttonIn(card, 'Go').count()).toBe(0);
    await page.context().close();
  });
});
