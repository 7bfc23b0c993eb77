/** A service that is only watched, as people in Slack see it: shown and judged, and nothing of it driven. */

import { describe, expect } from 'vitest';
import { MINUTE, SECOND } from '../../src/time.ts';
import { signedHeaders } from '../http/api-stage.ts';
import { examplePolicy } from './bot.ts';
import { elsewhere, PLACE } from './elsewhere.ts';
import { it } from './stage.ts';
import { timelineOf } from './truth.ts';

const SECRET = 'a-secret-that-only-the-pipeline-knows-0001';
const CHANNEL = 'C0CHECKOUT2';
const watched = (more = '') =>
  examplePolicy().replace(`    channel: ${CHANNEL}\n`, `    channel: ${CHANNEL}\n    mode: watch\n${more}`);

const buttonsOf = (message: { blocks?: unknown }): string => JSON.stringify(message.blocks ?? []);

describe('K-9: a service with mode: watch', () => {
  it('shows what somebody else deploys, warns once of harm and names who to ask, and drives nothing', async ({
    open,
  }) => {
    const stage = await open({ policy: watched() });
    await stage.pass(2 * MINUTE);
    await elsewhere(stage, 'v2.1.1', 25);
    const commands = stage.world.commands().length;
    await stage.pass(2 * MINUTE);
    const [d] = await stage.bot.stores.events.list({ ...PLACE, limit: 1 });
    if (d === undefined) throw new Error('nothing is watched');
    const card = await stage.card(d.id);
    expect(card.text).toContain('Only watched, seen at simulator · 25 %');
    expect(buttonsOf(card)).not.toContain('"actions"');
    await stage.pass(
      45 * MINUTE,
      async () => (await stage.load(d.id)).rollout?.finalWatch?.unsettled !== undefined,
    );
    const warned = (await timelineOf(stage, d.id)).filter((line) => line.includes('🟡'));
    expect(warned).toHaveLength(1);
    expect(warned[0]).toContain('GoNoGo only watches, so going back is done where it is deployed');
    expect((await stage.card(d.id)).text).toContain('🟡 Since');
    expect(JSON.stringify(await stage.home('dana'))).toContain('Only watched');
    expect(stage.world.commands()).toHaveLength(commands);

    const asked = await stage.type('dana', 'checkout', '/deploy checkout v2.1.0');
    expect(asked.told.join()).toContain('checkout is only watched');
    expect(asked.told.join()).toContain('seen at its backend simulator');
    expect(asked.modal).toBeNull();
    const back = await stage.type('dana', 'checkout', '/deploy rollback checkout');
    expect(back.told.join()).toContain('checkout is only watched');
    const status = await stage.type('dana', 'checkout', '/deploy status checkout');
    expect(status.told.join()).toContain('only watched');
    expect(stage.world.commands()).toHaveLength(commands);
  });

  it('is reported over the signed API where nobody here sees it', async ({ open }) => {
    const stage = await open({
      policy: watched('    watched_by: reports\n'),
      environment: { GONOGO_API_KEYS: `ci=${SECRET};services=checkout;gates=deployments` },
    });
    let calls = 0;
    const report = async (more: object): Promise<{ status: number; body: unknown }> => {
      calls += 1;
      const path = '/api/v1/deployments';
      const body = JSON.stringify({ ...PLACE, version: 'v9.0.0', ...more });
      const timestamp = String(Math.floor(stage.settings.messageClock.now() / SECOND) + calls);
      const signed = signedHeaders({ key: 'ci', secret: SECRET, timestamp, method: 'POST', path, body });
      const answer = await fetch(new URL(path, stage.bot.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signed },
        body,
      });
      const said = { status: answer.status, body: (await answer.json()) as unknown };
      await stage.settled();
      return said;
    };
    expect(await report({ state: 'failed' })).toMatchObject({ status: 409 });
    expect(await report({ state: 'moving', percent: 10 })).toMatchObject({
      status: 200,
      body: { watched: true },
    });
    expect(await report({ state: 'moving', environment: 'prodution' })).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/environment' }] },
    });
    expect(await report({ state: 'moving', service: 'search' })).toMatchObject({ status: 403 });
    const [d] = await stage.bot.stores.events.list({ ...PLACE, limit: 1 });
    if (d === undefined) throw new Error('nothing is watched');
    expect((await stage.card(d.id)).text).toContain('Only watched, reported by ci · 10 %');
    await report({ state: 'failed', reason: 'crash loop' });
    expect((await stage.card(d.id)).text).toContain('crash loop');
    expect(stage.world.commands()).toEqual([]);
  });
});
