import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { DANA, DEPLOYS, inBrowser, SANA, TOM } from './stage.ts';

/** A message by its words; the announcer of screen readers says them too. */
const message = (page: Page, words: string) => page.locator('[data-qa=message]', { hasText: words });

inBrowser('people on the page', (stage) => {
  it('does a whole errand by keyboard: talk, command, thread, another person, a button', async () => {
    const { app, driver, open } = stage();
    const page = await open(DANA);
    const keys = async (...all: string[]) => {
      for (const key of all) await page.keyboard.press(key);
    };
    await page.locator('[data-qa=composer]').focus();
    await page.keyboard.type('Ready for @to');
    await keys('Enter');
    await page.keyboard.type('and all');
    await keys('Enter');
    const ready = message(page, 'Ready for @Tom Okafor and all');
    await ready.waitFor();

    await page.keyboard.type('/dep');
    await page.getByRole('option', { name: '/deploy' }).waitFor();
    await keys('Tab');
    await page.keyboard.type('status');
    await keys('Enter');
    await message(page, 'Heard status').waitFor();
    expect((await app.hears(({ value }) => value === 'status')).user).toBe(DANA);

    await ready.focus();
    await keys('ArrowDown', 'ArrowUp', 't');
    await page.locator('[data-qa=thread]').waitFor();
    await page.locator('[data-qa=thread-composer]').focus();
    await page.keyboard.type('In the thread.');
    await keys('Enter');
    await page.locator('[data-qa=thread]').getByText('In the thread.').waitFor();
    await page.getByRole('button', { name: '1 reply' }).waitFor();
    await keys('Escape');
    await page.locator('[data-qa=thread]').waitFor({ state: 'detached' });

    await keys('Alt+2');
    await page.locator('[data-qa=person-tom][aria-checked=true]').waitFor();
    expect(new URL(page.url()).searchParams.get('user')).toBe(TOM);
    await app.client.chat.postMessage({
      channel: DEPLOYS,
      text: 'Decide',
      blocks: [
        {
          type: 'actions',
          elements: [{ type: 'button', action_id: 'by-key', text: { type: 'plain_text', text: 'Go' } }],
        },
      ],
    });
    await page.locator('[data-action-id=by-key]').focus();
    await keys('Enter');
    expect(
      (await app.hears(({ value }) => (value as { action_id?: string })?.action_id === 'by-key')).user,
    ).toBe(TOM);
    expect((await driver.messages({ channel: DEPLOYS })).length).toBeGreaterThan(1);
  });

  it('jumps by typing, walks conversations, and lists its keys', async () => {
    const { open } = stage();
    const page = await open(DANA);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('paym');
    await page.keyboard.press('Enter');
    await page.locator('[data-qa=channel-payments][aria-current=page]').waitFor();
    await page.keyboard.press('Alt+ArrowDown');
    await page.locator('[data-qa=channel-general][aria-current=page]').waitFor();
    await page.locator('[data-qa=channel-general]').focus();
    await page.keyboard.press('?');
    await page.locator('[data-qa=keys-dialog]').getByText('Next or previous conversation').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[data-qa=keys-dialog]').waitFor({ state: 'detached' });
  });

  it('shows each person only what is theirs, with what waits for them', async () => {
    const { app, open } = stage();
    const page = await open(DANA);
    const { channel } = (await app.client.conversations.open({ users: SANA })) as {
      channel?: { id?: string };
    };
    await app.client.chat.postMessage({ channel: channel?.id ?? '', text: 'Your go is needed.' });
    await app.client.chat.postEphemeral({ channel: DEPLOYS, user: SANA, text: 'For Sana only' });
    await app.client.chat.postMessage({ channel: DEPLOYS, text: 'For all' });
    await message(page, 'For all').waitFor();
    expect(await message(page, 'For Sana only').count()).toBe(0);
    await page.locator('[data-qa=person-sana] .badge').waitFor();
    await page.locator('[data-qa=person-sana]').click();
    await message(page, 'For Sana only').waitFor();
    await page.getByText('Only visible to you').waitFor();
    await page.locator('[data-qa=channel-GoNoGo]').click();
    await message(page, 'Your go is needed.').waitFor();
    await page.locator('[data-qa=person-sana] .badge').waitFor({ state: 'detached' });
  });

  it('draws a line where someone had read to, when they come back', async () => {
    const { driver, open } = stage();
    const page = await open(TOM, '/archives/C0PAYMENTS3');
    await driver.say(DANA, 'payments', 'read by Tom');
    await message(page, 'read by Tom').waitFor();
    await page.locator('[data-qa=person-dana]').click();
    await driver.say(DANA, 'payments', 'new to Tom');
    await message(page, 'new to Tom').waitFor();
    expect(await page.locator('[data-qa=unread-line]').count()).toBe(0);
    await page.locator('[data-qa=person-tom]').click();
    await page.locator('[data-qa=unread-line] + [data-qa=message]').getByText('new to Tom').waitFor();
  });

  it('is two people in two tabs', async () => {
    const { open } = stage();
    const [dana, tom] = [await open(DANA), await open(TOM, undefined, { fresh: true })];
    await dana.locator('[data-qa=composer]').fill('From Dana');
    await dana.keyboard.press('Enter');
    await message(tom, 'From Dana').waitFor();
    await tom
      .locator('[data-qa=announcer]')
      .getByText('Dana Weber: From Dana')
      .waitFor({ state: 'attached' });
    await tom.context().close();
  });

  it('follows edits and deletions', async () => {
    const { app, open } = stage();
    const page = await open(DANA);
    const posted = await app.client.chat.postMessage({ channel: DEPLOYS, text: 'first words' });
    await message(page, 'first words').waitFor();
    await app.client.chat.update({ channel: DEPLOYS, ts: posted.ts ?? '', text: 'second words' });
    const edited = page.locator(`[data-ts="${posted.ts}"]`);
    await edited.getByText('second words').waitFor();
    await app.client.chat.delete({ channel: DEPLOYS, ts: posted.ts ?? '' });
    await edited.waitFor({ state: 'detached' });
  });

  it('opens a link to an old message, marked and in sight, and loads the rest on demand', async () => {
    const { driver, open } = stage();
    const first = await driver.say(DANA, 'general', 'message 0');
    for (let index = 1; index <= 310; index += 1) await driver.say(DANA, 'general', `message ${index}`);
    const ts = first.ok ? first.ts : '';
    const page = await open(TOM, `/archives/C0GENERAL04/p${ts.replace('.', '')}`);
    const exactly = (index: number) =>
      page.locator('.message-main').getByText(`message ${index}`, { exact: true });
    await page.locator('.message.marked:focus').getByText('message 0').waitFor();
    await page.getByRole('button', { name: 'Latest messages' }).click();
    await exactly(310).waitFor();
    expect(await exactly(0).count()).toBe(0);
    for (const index of [111, 11, 0]) {
      await page.evaluate("document.querySelector('.message-list').scrollTop = 0");
      await exactly(index).waitFor({ state: 'attached' });
    }
    // What was at the top when older ones came is still in sight: one reads on where one was.
    const box = await exactly(11).boundingBox();
    expect(box?.y).toBeGreaterThan(0);
    expect(box?.y).toBeLessThan(860);
  });

  it('shows Home as the app published it for the person, and its Messages beside it', async () => {
    const { open } = stage();
    const page = await open(TOM);
    await page.locator('[data-qa=app-home]').click();
    await page.locator('[data-qa=home]').getByText('Nothing waits for @Tom Okafor.').waitFor();
    await page.locator('[data-qa=tab-messages]').click();
    await page.locator('[data-qa=composer]').waitFor();
  });

  it('runs the shortcuts of the manifest, on a message and anywhere', async () => {
    const { app, open } = stage();
    const page = await open(DANA);
    await app.client.chat.postMessage({ channel: DEPLOYS, text: 'An alert' });
    const alert = message(page, 'An alert');
    await alert.hover();
    await alert.getByRole('button', { name: 'Message shortcuts' }).click();
    await page.getByRole('menuitem', { name: 'What changed?' }).click();
    await app.hears(({ value }) => value === 'what_changed');
    await page.getByRole('button', { name: 'Shortcuts', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Schedule' }).click();
    await app.hears(({ value }) => value === 'schedule');
  });

  it('shows on the wire what went, with what Slack would refuse', async () => {
    const { app, open } = stage();
    const page = await open(DANA);
    await page.keyboard.press('Alt+w');
    const refused = app.client.chat.postMessage({
      channel: DEPLOYS,
      text: 'x',
      blocks: [{ type: 'hologram' }],
    });
    await expect(refused).rejects.toThrow('invalid_blocks');
    const row = page.locator('[data-qa=wire-row].problem').first();
    await row.getByText('/blocks/0/type').waitFor();
    await page.getByRole('button', { name: 'Problems' }).click();
    await row.getByRole('button').click();
    await row.getByText('"hologram"').waitFor();
  });

  it('says in the channel why a command failed', async () => {
    const { driver, open, timers } = stage();
    const page = await open(DANA);
    await page.locator('[data-qa=composer]').fill('/deplyo now');
    await page.keyboard.press('Enter');
    await message(page, '/deplyo is not a valid command').waitFor();
    await driver.faults({ on: '/deploy', do: 'drop', times: 1 });
    await page.locator('[data-qa=composer]').fill('/deploy late');
    await page.keyboard.press('Enter');
    await driver.event((event) => event.type === 'delivery' && event.delivery.payload.text === 'late');
    timers.advance(3000);
    await message(page, '/deploy failed').waitFor();
  });
});
