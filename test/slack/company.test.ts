/** A company's policy through the front door: teams with their own approvers, and who is on call by turn (PR-6). */

import { describe, expect } from 'vitest';
import { HOUR } from '../../src/time.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { examplePolicy } from './bot.ts';
import { request } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it } from './stage.ts';

/** Checkout belongs to a team whose tech lead is Priya, and whose rotation is Sana's and Tom's from one o'clock on. */
const teams = (): string =>
  examplePolicy()
    .replace(`product_owner: [${PEOPLE.priya}]`, `product_owner: [${PEOPLE.lee}]`)
    .replace(`on_call: ${PEOPLE.omar}\n    # Told`, '# Told')
    .replace('  checkout:\n    channel: C0CHECKOUT2', '  checkout:\n    team: shop')
    .replace(
      'services:\n',
      `rotations:
  shop: { order: [${PEOPLE.sana}, ${PEOPLE.tom}], from: "2025-12-29 13:00" }
teams:
  shop:
    channel: C0CHECKOUT2
    approvers: { tech_lead: [${PEOPLE.priya}] }
    on_call: shop
services:
`,
    );

describe('a service of a team', () => {
  it('PR-6, WN-5: is signed by the approvers of its team and no others, and whoever is on call by turn is pinged and acts', async ({
    open,
  }) => {
    const stage = await open({ policy: teams() });
    const id = await request(stage);
    const d = await stage.load(id);
    expect(d.terms.details).toMatchObject({ channel: 'C0CHECKOUT2', onCall: { id: PEOPLE.sana } });
    expect(d.terms.required.find(({ role }) => role === 'tech_lead')?.asked).toEqual([
      { id: PEOPLE.priya, name: 'Priya' },
    ]);
    const refused = await stage.click('tom', await stage.card(id), CARD_ACTIONS.go);
    expect(refused.told).toEqual([expect.stringMatching(/Tech lead|role/)]);
    for (const person of ['priya', 'sana', 'omar'] as const)
      expect(await stage.click(person, await stage.card(id), CARD_ACTIONS.go)).toMatchObject({ told: [] });
    await stage.pass(HOUR, async () => (await stage.load(id)).rollout?.stages[0]?.watchedSince !== undefined);
    await stage.type('dana', 'checkout', '/deploy hold checkout looking at a log line');
    expect((await stage.thread(id)).map(({ text }) => text).join('\n')).toContain(`<@${PEOPLE.sana}>`);
    // Another team's tech lead does nothing here; two hours later he is on call, and may.
    expect((await stage.type('tom', 'checkout', '/deploy resume checkout')).told.join()).toMatch(
      /can't resume/,
    );
    await stage.pass(2 * HOUR);
    await stage.click('tom', await stage.card(id), CARD_ACTIONS.rollBack);
    expect((await stage.load(id)).rollback).toBeDefined();
  });

  it('PR-6: whose tech lead of all is another asks that one', async ({ open }) => {
    const stage = await open({ policy: teams() });
    const id = await request(stage, 'search v1.9.0 to production');
    const required = (await stage.load(id)).terms.required.find(({ role }) => role === 'tech_lead');
    expect(required?.asked).toEqual([{ id: PEOPLE.tom, name: 'Tom' }]);
    expect(await stage.click('priya', await stage.card(id), CARD_ACTIONS.go)).toMatchObject({
      told: [expect.stringContaining('that is for Tech lead: Tom')],
    });
  });
});
