import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { MESSAGES, REFUSED } from './gallery.ts';
import { CHECKOUT, DANA, inBrowser, TOM } from './stage.ts';

const within = (page: Page, block: string) => page.locator(`[data-block="${block}"]`);

inBrowser(
  'blocks in messages',
  (stage) => {
    let posted = false;
    /** The checkout channel with one message of each kind in it. */
    const gallery = async () => {
      const { app, open } = stage();
      for (const [name, blocks] of posted ? [] : Object.entries(MESSAGES)) {
        await app.client.chat.postMessage({ channel: CHECKOUT, text: `gallery: ${name}`, blocks });
      }
      posted = true;
      const page = await open(DANA, `/archives/${CHECKOUT}`);
      await page.getByRole('article').last().waitFor();
      return page;
    };

    it('draws every block of every message, and none as unknown', async () => {
      const page = await gallery();
      for (const block of Object.values(MESSAGES).flat()) {
        expect(await page.locator(`[data-block="${block.type}"]`).count(), block.type).toBeGreaterThan(0);
      }
      expect(await page.locator('.unknown-block').count()).toBe(0);
    });

    it('shows what Slack would refuse, and what nobody knows, as what it is', async () => {
      const { app, open } = stage();
      await app.client.chat.postMessage({ channel: CHECKOUT, text: 'odd ones', blocks: REFUSED });
      const page = await open(DANA, `/archives/${CHECKOUT}`);
      const message = page.locator('[data-qa=message]').last();
      await message.getByText('2 gates').waitFor();
      await message.getByText('report-7').waitFor();
      await message.getByText('hologram').first().waitFor();
      await message.getByText('has a shape that cannot be drawn').waitFor();
      await message.getByText('lever').first().waitFor();
      expect(await message.getByRole('button', { name: 'Run it' }).count()).toBe(1);
    });

    it('never makes markup of what was written', async () => {
      const { driver } = stage();
      const page = await gallery();
      await driver.say(
        DANA,
        CHECKOUT,
        '<img src=x onerror="document.title=1"> *<script>alert(1)</script>* `<b>`',
      );
      const last = page.locator('[data-qa=message]').last();
      await last.getByText('<script>alert(1)</script>').waitFor();
      expect(await page.locator('.message-main img, .message-main script, .message-main b').count()).toBe(0);
    });

    it('shows a moment in the zone of the person who looks', async () => {
      const { app, open } = stage();
      const moment = Date.UTC(2026, 6, 1, 12) / 1000;
      await app.client.chat.postMessage({
        channel: CHECKOUT,
        text: `at <!date^${moment}^{date_num} {time}|never>`,
      });
      for (const [user, written] of [
        [DANA, '2026-07-01 14:00'],
        [TOM, '2026-07-01 13:00'],
      ] as const) {
        const page = await open(user, `/archives/${CHECKOUT}`);
        await page.locator('[data-qa=message]').last().getByText(written).waitFor();
      }
    });

    it('asks before it acts where the app wants that, and acts once', async () => {
      const { app } = stage();
      const page = await gallery();
      const button = page.locator('[data-action-id=roll-back]').last();
      await button.click();
      await page.locator('[data-qa=confirm-deny]').click();
      expect(app.heard.some(({ value }) => (value as { action_id?: string }).action_id === 'roll-back')).toBe(
        false,
      );
      await button.click();
      await page.getByText('25 % of traffic moves at once').waitFor();
      await page.locator('[data-qa=confirm-yes]').click();
      const heard = await app.hears(
        ({ value }) => (value as { action_id?: string }).action_id === 'roll-back',
      );
      expect(heard).toMatchObject({ user: DANA, value: { type: 'button', value: 'back' } });
    });

    it('names a button by its accessibility label', async () => {
      const page = await gallery();
      expect(await page.getByRole('button', { name: 'Go for checkout v2.1.0' }).last().textContent()).toBe(
        'Go',
      );
    });

    const clicks: [string, (page: Page) => Promise<void>, object][] = [
      [
        'an overflow menu',
        async (page) => {
          await page.locator('[data-action-id=more]').last().click();
          await page.getByRole('menuitem', { name: 'Edit' }).click();
        },
        { action_id: 'more', selected_option: { value: 'edit' } },
      ],
      [
        'a select',
        async (page) => {
          await page.locator('[data-action-id=risk]').last().getByRole('combobox').fill('hi');
          await page.keyboard.press('Enter');
        },
        { action_id: 'risk', selected_option: { value: 'high' } },
      ],
      [
        'a menu of people',
        async (page) => {
          await page.locator('[data-action-id=lead]').last().click();
          await page.getByRole('option', { name: 'Tom Okafor' }).click();
        },
        { action_id: 'lead', selected_user: TOM },
      ],
      [
        'checkboxes',
        (page) => page.locator('[data-action-id=gates]').last().getByLabel('Scan').check(),
        { action_id: 'gates', selected_options: [{ value: 'scan' }] },
      ],
      [
        'radio buttons',
        (page) => page.locator('[data-action-id=strategy]').last().getByLabel('Blue-green').check(),
        { action_id: 'strategy', selected_option: { value: 'blue' } },
      ],
      [
        'a date',
        async (page) => {
          await page.locator('[data-action-id=day]').last().fill('2026-12-24');
          await page.keyboard.press('Enter');
        },
        { action_id: 'day', selected_date: '2026-12-24' },
      ],
      [
        'a moment, in the zone of the person',
        async (page) => {
          await page.locator('[data-action-id=start]').last().fill('2026-12-24T15:00');
          await page.keyboard.press('Enter');
        },
        { action_id: 'start', selected_date_time: Date.UTC(2026, 11, 24, 14) / 1000 },
      ],
      [
        'feedback',
        (page) => page.getByRole('button', { name: 'This was useful' }).last().click(),
        { action_id: 'useful', value: 'yes' },
      ],
    ];

    it('tells the app of every kind of choice', async () => {
      const { app } = stage();
      const page = await gallery();
      for (const [what, choose, sent] of clicks) {
        const { action_id } = sent as { action_id: string };
        await choose(page);
        const heard = await app.hears(
          ({ value }) => (value as { action_id?: string } | undefined)?.action_id === action_id,
        );
        expect(heard.value, what).toMatchObject(sent);
      }
    });

    it('sorts, filters and turns a data table', async () => {
      const page = await gallery();
      const table = within(page, 'data_table').last();
      const rows = () => table.locator('tbody tr').allTextContents();
      expect(await rows()).toEqual(['checkout90', 'payments79', 'search68']);
      await table.getByRole('button', { name: 'Next' }).click();
      expect(await rows()).toEqual(['mail57', 'auth46']);
      await table.getByRole('button', { name: 'Minutes' }).click();
      await table.getByRole('button', { name: 'Previous' }).click();
      expect(await rows()).toEqual(['auth46', 'mail57', 'search68']);
      await table.getByRole('searchbox').fill('pay');
      expect(await rows()).toEqual(['payments79']);
    });
  },
  false,
);
