/** What other apps post: their name, their colour, and attachments as Slack draws them. */
import { expect, it } from 'vitest';
import { findings } from './findings.ts';
import { DANA, inBrowser } from './stage.ts';

const ALERTS = 'C0ALERTS005';

const ALERT = {
  color: 'danger',
  pretext: 'Before the *bar*',
  title: '[FIRING:1] HighErrorRate (production checkout critical)',
  title_link: 'https://alertmanager.example/',
  text: 'Errors are at `4 %`',
  fields: [
    { title: 'Service', value: 'checkout', short: true },
    { title: 'Severity', value: 'critical', short: true },
    { title: 'Description', value: 'A long one', short: false },
  ],
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'A *nested* block' } }],
  actions: [
    { type: 'button', text: 'Runbook', url: 'https://runbook.example/' },
    { type: 'button', name: 'silence', text: 'Silence' },
  ],
  footer: 'Alertmanager',
  ts: 1_700_000_000,
};

inBrowser('attachments', (stage) => {
  it.each(['light', 'dark'] as const)(
    'K-6: are drawn whole in the %s theme, and read well',
    async (theme) => {
      const { slack, driver, open } = stage();
      const webhook = slack.workspace.webhooks.find(({ channel }) => channel === 'alerts');
      const body = JSON.stringify({ username: `Monitoring ${theme}`, attachments: [ALERT] });
      const headers = { 'content-type': 'application/json' };
      expect((await fetch(webhook?.url ?? '', { method: 'POST', headers, body })).ok).toBe(true);
      await driver.appMessage('Grafana', 'alerts', { text: 'Plain words', attachments: [{ text: 'x' }] });
      const page = await open(DANA, `/archives/${ALERTS}`, { theme, fresh: true });
      const message = page.locator('[data-qa=message]', { hasText: `Monitoring ${theme}` });
      const attachment = message.locator('[data-qa=attachment]');
      await attachment.waitFor();
      const words = await attachment.innerText();
      for (const part of [
        'Before the bar',
        '[FIRING:1]',
        'Errors are at 4 %',
        'Severity',
        'A nested block',
        'Alertmanager',
      ]) {
        expect(words).toContain(part);
      }
      expect(await attachment.getByRole('link', { name: 'FIRING' }).getAttribute('href')).toBe(
        ALERT.title_link,
      );
      expect(await attachment.getByRole('link', { name: 'Runbook' }).count()).toBe(1);
      expect(await attachment.getByRole('button', { name: 'Silence' }).isDisabled()).toBe(true);
      const color = "getComputedStyle(document.querySelector('.attachment')).borderInlineStartColor";
      expect(await page.evaluate(color)).toBe('rgb(163, 2, 0)');
      const boxes = await Promise.all(
        [0, 1, 2].map((at) => attachment.locator('.attachment-fields > div').nth(at).boundingBox()),
      );
      expect(boxes[0]?.y).toBe(boxes[1]?.y);
      expect(boxes[2]?.y).toBeGreaterThan(boxes[0]?.y ?? 0);
      await page.locator('[data-qa=message]', { hasText: 'Grafana' }).first().waitFor();
      expect(await findings(page)).toEqual([]);
      await page.context().close();
    },
  );
});
