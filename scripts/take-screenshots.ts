/** Takes the README's pictures: plays deployments on this machine and photographs what people see. `npm run screenshots` */

import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { MINUTE } from '../src/time.ts';
import {
  become,
  cardOn,
  fillIn,
  goTo,
  modalOn,
  openThread,
  press,
  pressAndConfirm,
  reportIn,
  rollOut,
  submit,
  write,
} from '../test/browser/hands.ts';
import { type Look, type Office, openOffice } from '../test/browser/office.ts';
import type { PersonName } from '../test/slack/people.ts';
import { photographIn, withFont } from './photograph.ts';

const FOLDER = fileURLToPath(new URL('../docs/images', import.meta.url));

const SIZES = {
  /** A card is read at this width; more is empty space. */
  card: { width: 940, height: 800 },
  modal: { width: 940, height: 925 },
  home: { width: 1060, height: 1100 },
  thread: { width: 1600, height: 900 },
  whole: { width: 960, height: 822 },
  phone: { width: 390, height: 780 },
} as const;

async function openCamera(
  office: Office,
  person: PersonName,
  size: keyof typeof SIZES,
  look: Look = {},
): Promise<Page> {
  const page = await office.open(person, { ...SIZES[size], scale: 2, ...look });
  await withFont(page);
  return page;
}

const photograph = photographIn(FOLDER);

/** The rest of the shop, so that Home has something to show. */
async function fillTheShop(office: Office, page: Page): Promise<void> {
  await goTo(page, 'deploys');
  await rollOut(page, 'reports v0.8.0', 'D-1001', { why: 'Adds the monthly margin report.' });
  await office.pass(5 * MINUTE);
  await become(page, 'dana');
  await rollOut(page, 'search v1.9.0', 'D-1002', {
    to: 'production at 15:00',
    why: 'Moves the metrics endpoint to its own port.',
    happens: 'Scheduled',
  });
  await become(page, 'dana');
  await goTo(page, 'payments');
  await rollOut(page, 'payments v9.4.0', 'D-1003', {
    why: 'Settles refunds in batches of 500.',
    happens: 'Bringing v9.4.0 up',
  });
  await office.pass(20 * MINUTE);
}

async function preparing(page: Page): Promise<void> {
  await become(page, 'dana');
  await goTo(page, 'checkout');
  await write(page, '/deploy checkout v2.1.0 to production');
  await fillIn(page, 'What and why', 'Adds Apple Pay to the payment step.');
  await page.setViewportSize(SIZES.modal);
  await modalOn(page)
    .locator('.dialog-body')
    .evaluate((body: { scrollTop: number }) => {
      body.scrollTop = 0;
    });
  await photograph(page, 'modal', modalOn(page));
  await press(modalOn(page), 'Dry run');
  await modalOn(page).getByText('Before it may start').waitFor();
  await photograph(page, 'dry-run', modalOn(page));
  await press(modalOn(page), 'Back');
  await modalOn(page).getByText('What and why').waitFor();
  await page.setViewportSize(SIZES.card);
  await submit(page);

  const card = cardOn(page, 'D-1004');
  await become(page, 'tom');
  await press(card, 'Go');
  await card.getByText('Waiting for 2 of 3').waitFor();
  await become(page, 'dana');
  await card.waitFor();
  await photograph(page, 'card-preparing', card);
  await page.setViewportSize(SIZES.modal);
  await press(card, 'Checklist');
  await modalOn(page).getByText('Prerequisites').waitFor();
  await photograph(page, 'checklist', modalOn(page));
  await press(modalOn(page), 'Close');
  await modalOn(page).waitFor({ state: 'detached' });
  await page.setViewportSize(SIZES.card);

  await become(page, 'sana');
  await goTo(page, 'GoNoGo');
  await photograph(page, 'dm', page.locator('main [data-qa=message]', { hasText: 'D-1004' }));

  await become(page, 'omar');
  await goTo(page, 'Home');
  await page.setViewportSize(SIZES.home);
  await page.locator('[data-qa=home]').getByText('Apple Pay').waitFor();
  await photograph(page, 'home', page.locator('.home-page'));
  await page.setViewportSize(SIZES.card);
}

async function rollingOut(office: Office, page: Page): Promise<void> {
  await goTo(page, 'checkout');
  const card = cardOn(page, 'D-1004');
  await press(card, 'Go');
  await become(page, 'sana');
  await press(card, 'Go');
  await card.getByText('stage 1 of 4').waitFor();
  await office.pass(53 * MINUTE);
  await card.getByText('stage 2 of 4').waitFor();
  await photograph(page, 'card-rolling-out', card);

  await page.setViewportSize(SIZES.thread);
  const report = reportIn(await openThread(card), 2);
  await report.locator('table').waitFor();
  await photograph(page, 'stage-report', report.locator('.blocks'));
  await page.locator('[data-qa=close-thread]').click();
  await page.setViewportSize(SIZES.card);

  const phone = await openCamera(office, 'omar', 'phone');
  await press(cardOn(phone, 'D-1004'), 'Roll back to v2.0.4');
  await phone.locator('[data-qa=confirm]').waitFor();
  await photograph(phone, 'phone');
  await press(phone.locator('[data-qa=confirm]'), 'Keep v2.1.0');
  await phone.context().close();
}

async function rolledBack(office: Office, page: Page): Promise<void> {
  await become(page, 'omar');
  const before = cardOn(page, 'D-1004');
  await pressAndConfirm(before, 'Roll back to v2.0.4', 'Roll back');
  await office.pass(MINUTE);
  await before.getByText('was rolled back').waitFor();
  await become(page, 'dana');
  const card = await rollOut(page, 'checkout v2.1.1', 'D-1005', {
    why: 'Retries declined cards on the second acquirer.',
  });
  await office.pass(30 * MINUTE);
  await card.getByText('was rolled back').waitFor();
  await become(page, 'dana');
  await photograph(page, 'rolled-back', card);

  const dark = await openCamera(office, 'dana', 'whole', { theme: 'dark' });
  await cardOn(dark, 'D-1005').waitFor();
  await photograph(dark, 'dark', dark.locator('.panes'), 0);
  await dark.context().close();
}

mkdirSync(FOLDER, { recursive: true });
const office = await openOffice();
try {
  const page = await openCamera(office, 'dana', 'card');
  await fillTheShop(office, page);
  await preparing(page);
  await rollingOut(office, page);
  await rolledBack(office, page);
  const trouble = await office.trouble();
  if (trouble !== '') throw new Error(trouble);
} finally {
  await office.close();
}
