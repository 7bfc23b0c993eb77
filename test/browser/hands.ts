/** What a person does on the page with mouse and keyboard, and where they look. */

import type { Locator, Page } from 'playwright-core';
import type { PersonName } from '../slack/people.ts';

/** Switches to another person, by the switch in the rail. */
export async function become(page: Page, person: PersonName): Promise<void> {
  const entry = page.locator(`[data-qa=person-${person}]`);
  await entry.click();
  await page.locator(`[data-qa=person-${person}][aria-checked=true]`).waitFor();
}

/** Counts what a person does from here on, on whatever the page shows. */
export async function counted(page: Page): Promise<() => Promise<{ clicks: number; keys: number }>> {
  await page.evaluate(`
    window.done = { clicks: 0, keys: 0 };
    addEventListener('pointerdown', () => { window.done.clicks += 1; }, true);
    addEventListener('keydown', () => { window.done.keys += 1; }, true);
  `);
  return () => page.evaluate('window.done');
}

/** A channel by its name, the app's messages by the app's, or its Home. */
export async function goTo(page: Page, where: string): Promise<void> {
  const entry = where === 'Home' ? '[data-qa=app-home]' : `[data-qa=channel-${where}]`;
  await page.locator(entry).click();
  // On a phone the rail is away again.
  await page.locator(`${entry}[aria-current=page]`).waitFor({ state: 'attached' });
}

/** Writes into the composer and sends it. */
export async function write(page: Page, text: string): Promise<void> {
  await page.locator('[data-qa=composer]').click();
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

/** A button by the words on it, whatever it is called for those who do not see it. */
export function buttonIn(where: Locator, words: string | RegExp): Locator {
  const exact =
    typeof words === 'string'
      ? new RegExp(`^\\s*${words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`)
      : words;
  return where.locator('button', { hasText: exact });
}

/** The buttons that the app put there, beside those of the page. */
export const buttonsOf = (where: Locator): Locator => where.locator('button[data-action-id]');

export async function press(where: Locator, words: string | RegExp): Promise<void> {
  await buttonIn(where, words).click();
}

/** Presses a button that asks first, and answers. */
export async function pressAndConfirm(where: Locator, words: string | RegExp, yes: string): Promise<string> {
  await press(where, words);
  const question = where.page().locator('[data-qa=confirm]');
  const asked = (await question.textContent()) ?? '';
  await press(question, yes);
  await question.waitFor({ state: 'detached' });
  return asked;
}

export const modalOn = (page: Page): Locator => page.locator('[data-qa=modal]');

/** Fills in a field of the open modal by its label, over what stands there. */
export async function fillIn(page: Page, label: string, text: string): Promise<void> {
  await modalOn(page).getByLabel(label).click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(text);
}

/** Sends the open modal, and waits until it has closed. */
export async function submit(page: Page): Promise<void> {
  await modalOn(page).locator('[data-qa=modal-submit]').click();
  await modalOn(page).waitFor({ state: 'detached' });
}

/** The card that stands in the channel, by its deployment's id or other words that only it has. */
export function cardOn(page: Page, words: string | RegExp): Locator {
  return page
    .locator('main [data-qa=message]', { hasText: words })
    .filter({ hasNot: page.getByText('Replied to a thread'), has: page.locator('.blocks') })
    .first();
}

/** Opens the thread below a message. */
export async function openThread(message: Locator): Promise<Locator> {
  await message.locator('[data-qa=open-thread]').click();
  return message.page().locator('[data-qa=thread]');
}

/** The live report of a stage in the open thread. */
export function reportIn(thread: Locator, stage: number): Locator {
  return thread.locator('[data-qa=message]', { hasText: new RegExp(`Stage ${stage} of \\d+ ·`) });
}

/** Asks for a deployment, and answers its card. */
async function request(page: Page, words: string, id: string, why: string): Promise<Locator> {
  await write(page, `/deploy ${words}`);
  await fillIn(page, 'What and why', why);
  await submit(page);
  const card = cardOn(page, id);
  await card.getByText('Waiting for 3 of 3 sign-offs').waitFor();
  return card;
}

/** Asks for a deployment as who is there, lets all three say go, and answers the card of what then `happens`. */
export async function rollOut(
  page: Page,
  what: string,
  id: string,
  {
    to = 'production',
    why = 'As planned.',
    happens = 'stage 1 of',
  }: { to?: string; why?: string; happens?: string } = {},
): Promise<Locator> {
  const card = await request(page, `${what} to ${to}`, id, why);
  for (const [person, after] of [
    ['tom', 'Waiting for 2 of 3'],
    ['sana', 'Waiting for 1 of 3'],
    ['omar', happens],
  ] as const) {
    await become(page, person);
    await press(card, 'Go');
    await card.getByText(after).waitFor();
  }
  return card;
}
