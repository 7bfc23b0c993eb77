/** A fault's way with the real Alertmanager: its alert, the answer in the thread, one click, the old version. */
import { describe, expect } from 'vitest';
import { MINUTE } from '../../src/time.ts';
import {
  alertmanagerIsMissing,
  alertOfCheckout,
  startAlertmanager,
  tellAlertmanager,
  titled,
} from '../local-slack/alertmanager-process.ts';
import { rollingOut } from './deploying.ts';
import { it } from './stage.ts';

describe.skipIf(alertmanagerIsMissing)('the real Alertmanager', () => {
  it(
    titled('K-6: its alert is answered in the thread, and one click there takes back what is to blame'),
    async ({ stage }) => {
      const id = await rollingOut(stage);
      const webhook = stage.slack.workspace.webhooks.find(({ channel }) => channel === 'alerts')?.url ?? '';
      const url = await startAlertmanager(webhook);
      await tellAlertmanager(url, alertOfCheckout());
      const answer = await stage.driver.until(async () => {
        const [alert] = await stage.driver.messages({ channel: 'alerts' });
        if (alert === undefined) return undefined;
        return (await stage.driver.messages({ channel: 'alerts', thread_ts: alert.ts }))[1];
      });
      await stage.settled();
      expect(answer.text).toMatch(/^In checkout, production:\n1\. {2}checkout `v2\.1\.0`/);
      await stage.click('omar', answer, 'alert.roll_back');
      await stage.pass(MINUTE);
      expect((await stage.load(id)).status).toBe('rolled_back');
      const observed = await stage.world.backend.observe({ service: 'checkout', environment: 'production' });
      expect(observed).toMatchObject({ stable: 'v2.0.4', canary: null });
    },
  );
});
