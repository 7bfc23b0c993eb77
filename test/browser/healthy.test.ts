import { expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../src/time.ts';
import {
  become,
  buttonIn,
  cardOn,
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
    await press(message, 'Go');
    await message.getByText('Done: you signed for Security').waitFor();
    expect(await message.locator('button[data-action-id]').count()).toBe(0);
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
    for (const [stage, percent, watch] of [
      [1, 5, 30],
      [2, 25, 60],
    ] as const) {
      await card.getByText(`${percent} % · stage ${stage} of 4`).waitFor();
      await pass((watch - 5) * MINUTE);
      const table = reportIn(thread, stage).locator('table');
      await table.waitFor();
      expect(await table.locator('th').allTextContents()).toEqual([
        'Metric',
        'Baseline',
        'Canary',
        'Difference',
        'Verdict',
      ]);
      expect(await table.locator('tbody tr', { hasText: 'errors' }).textContent()).toMatch(
        /no worse, .* : 1/,
      );
      expect(await buttonIn(reportIn(thread, stage), 'Promote now').count()).toBe(1);
      await pass(6 * MINUTE);
      await reportIn(thread, stage).getByText('Passed at').waitFor();
      expect(await reportIn(thread, stage).locator('button[data-action-id]').count()).toBe(0);
    }

    const asked = await pressAndConfirm(card, 'Promote now', 'Promote');
    expect(asked).toContain('from 75 % to 100 % of traffic');
    await reportIn(thread, 3).getByText('Promoted early at').waitFor();
    await pass(HOUR, async () => (await card.getByText('is live in production').count()) > 0);
    await card.getByText('Complete in').waitFor();
    await pressAndConfirm(card, 'Hand over now', 'Hand over');
    await card.getByText('Handed over').waitFor();
    expect(await card.locator('button[data-action-id]').count()).toBe(0);

    await write(page, '/deploy history checkout');
    const history = page.locator('main .message.ephemeral table');
    await history.waitFor();
    expect(await history.locator('tbody tr').allTextContents()).toEqual([
      expect.stringMatching(/^D-1001\s*v2\.1\.0\s*production\s*live, handed over/),
    ]);
  });
});
