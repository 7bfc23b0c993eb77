import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { INPUTS } from './gallery.ts';
import { DANA, DEPLOYS, inBrowser, SANA } from './stage.ts';

type Values = Record<string, Record<string, Record<string, unknown>>>;

inBrowser('modals', (stage) => {
  const openModal = async (user = DANA): Promise<Page> => {
    const { open } = stage();
    const page = await open(user);
    await page.locator('[data-qa=composer]').fill('/deploy gallery');
    await page.keyboard.press('Enter');
    await page.locator('[data-qa=modal]').waitFor();
    return page;
  };
  const closeAll = async (page: Page) => {
    const modal = page.locator('[data-qa=modal]');
    for (let left = await modal.count(); left > 0; left = await modal.count()) {
      const name = (await modal.getAttribute('aria-label')) ?? '';
      await page.locator('[data-qa=modal-dismiss]').click();
      await page.getByRole('dialog', { name }).waitFor({ state: 'detached' });
    }
  };

  it('draw every input', async () => {
    const page = await openModal();
    for (const block of INPUTS) {
      const shown = page.locator(`[data-qa=modal] [data-block-id="${block.block_id}"]`).first();
      if (block.type === 'input') await shown.waitFor({ state: 'attached' });
    }
    expect(await page.locator('.unknown-block').count()).toBe(0);
    await closeAll(page);
  });

  it('take the focus to the first field, keep it inside, and close on Escape', async () => {
    const page = await openModal();
    await page.locator('[data-action-id=name]:focus').waitFor();
    for (let presses = 0; presses < 40; presses += 1) await page.keyboard.press('Tab');
    expect(await page.locator('.frame :focus').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.locator('[data-qa=modal]').waitFor({ state: 'detached' });
    await page.locator('[data-qa=composer]:focus').waitFor();
  });

  it('say what is missing under its field, then what the app finds wrong, and close when all is right', async () => {
    const { app } = stage();
    const page = await openModal();
    await page.locator('[data-qa=modal-submit]').click();
    const error = page.locator('.input-block.invalid .field-error');
    await error.first().getByText('Please complete this required field.').waitFor();
    await page.locator('[data-action-id=name]').fill('chekout');
    await page.locator('[data-action-id=static]').click();
    await page.getByRole('option', { name: 'Medium' }).click();
    await page.locator('[data-qa=modal-submit]').click();
    await page.getByText('No service "chekout". Did you mean checkout?').waitFor();
    expect(await page.locator('[data-action-id=name]').inputValue()).toBe('chekout');
    await page.locator('[data-action-id=name]').fill('checkout');
    expect(await error.count()).toBe(0);
    await page.locator('[data-qa=modal-submit]').click();
    await page.locator('[data-qa=modal]').waitFor({ state: 'detached' });
    const heard = await app.hears(
      ({ what, value }) => what === 'submit' && (value as Values).name?.name?.value === 'checkout',
    );
    expect((heard.value as Values).static?.static).toMatchObject({ selected_option: { value: 'medium' } });
  });

  it('give the app every kind of value', async () => {
    const { app } = stage();
    const page = await openModal(SANA);
    const fill = (action: string, value: string) =>
      page.locator(`[data-qa=modal] [data-action-id=${action}]`).fill(value);
    const choose = async (action: string, ...names: string[]) => {
      for (const name of names) {
        await page.locator(`[data-qa=modal] [data-action-id=${action}] [role=combobox]`).click();
        await page.getByRole('option', { name }).first().click();
        await page.locator('[data-qa=modal] h2').click();
      }
    };
    await fill('name', 'every');
    await choose('static', 'Low');
    await choose('grouped', 'Fix', 'High');
    await choose('version', 'v2.0.4');
    await choose('people', 'Tom Okafor');
    await choose('channel', '# payments');
    await fill('day', '2026-12-24');
    await fill('hour', '13:45');
    await fill('start', '2026-12-24T15:00');
    await page.getByLabel('Rollback rehearsed').check();
    await page.locator('[data-action-id=kind]').getByLabel('High').check();
    await fill('share', '25');
    await fill('mail', 'ops@acme.example');
    await fill('page', 'https://acme.example/status');
    await page.locator('[data-action-id=note] textarea').fill('*why* not');
    await page.locator('[data-action-id=files] input[type=file]').setInputFiles({
      name: 'plan.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('the plan'),
    });
    await page.getByRole('button', { name: 'Remove plan.txt' }).waitFor();
    await page.locator('[data-qa=modal-submit]').click();
    await page.locator('[data-qa=modal]').waitFor({ state: 'detached' });
    const { value } = await app.hears(
      ({ what, value }) => what === 'submit' && (value as Values).name?.name?.value === 'every',
    );
    expect(value).toMatchObject({
      grouped: { grouped: { selected_options: [{ value: 'fix' }, { value: 'high' }] } },
      version: { version: { selected_option: { value: 'v2.0.4' } } },
      people: { people: { selected_users: ['U0OMAR00004', 'U0TOM000002'] } },
      channel: { channel: { selected_channel: 'C0PAYMENTS3' } },
      where: { where: { selected_conversation: DEPLOYS } },
      day: { day: { selected_date: '2026-12-24' } },
      hour: { hour: { selected_time: '13:45' } },
      start: { start: { selected_date_time: Date.UTC(2026, 11, 24, 10) / 1000 } },
      kind: { kind: { selected_option: { value: 'high' } } },
      checks: { checks: { selected_options: [{ value: 'rollback' }] } },
      share: { share: { value: '25' } },
      mail: { mail: { value: 'ops@acme.example' } },
      page: { page: { value: 'https://acme.example/status' } },
      note: {
        note: {
          rich_text_value: {
            elements: [
              {
                type: 'rich_text_section',
                elements: [
                  { type: 'text', text: 'why', style: { bold: true } },
                  { type: 'text', text: ' not' },
                ],
              },
            ],
          },
        },
      },
      files: { files: { files: [{ id: expect.stringMatching(/^F/) }] } },
    });
  });

  it('keep what was typed when the app updates them, and tell the app of it', async () => {
    const { app } = stage();
    const page = await openModal();
    await page.locator('[data-action-id=name]').fill('typed, not sent');
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByText('Refreshed by the app.').waitFor();
    expect(await page.locator('[data-action-id=name]').inputValue()).toBe('typed, not sent');
    const heard = await app.hears(({ what }) => what === 'refresh');
    expect((heard.value as Values).name?.name?.value).toBe('typed, not sent');
    await closeAll(page);
  });

  it('stack, and come back to the one below with what stood in it', async () => {
    const page = await openModal();
    await page.locator('[data-action-id=name]').fill('below');
    await page.getByRole('button', { name: 'Go deeper' }).click();
    await page.getByRole('dialog', { name: 'Deeper' }).getByText('One more thing').waitFor();
    await page.getByText('2 of up to 3').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Schedule' }).waitFor();
    expect(await page.locator('[data-action-id=name]').inputValue()).toBe('below');
    await closeAll(page);
  });

  it('say so when the app does not answer, and let one try again', async () => {
    const { driver, timers } = stage();
    const page = await openModal();
    await page.locator('[data-action-id=name]').fill('again');
    await page.locator('[data-action-id=static]').click();
    await page.getByRole('option', { name: 'Low' }).click();
    await driver.faults({ on: 'view_submission', do: 'drop', times: 1 });
    await page.locator('[data-qa=modal-submit]').click();
    await page.locator('[data-qa=modal-submit][aria-busy=true]').waitFor();
    await driver.event((event) => event.type === 'delivery' && event.delivery.what === 'view_submission');
    timers.advance(3000);
    await page
      .locator('[data-qa=modal-trouble]')
      .getByText('We had some trouble connecting. Try again?')
      .waitFor();
    await page.locator('[data-qa=modal-submit]').click();
    await page.locator('[data-qa=modal]').waitFor({ state: 'detached' });
  });
});
