/** A company's policy through the front door: teams with their own approvers, and who is on call by turn (PR-6). */

import { describe, expect } from 'vitest';
import { HOUR } from '../../src/time.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { SCHEDULE_FIELDS } from '../../views/schedule-fields.ts';
import { examplePolicy } from './bot.ts';
import { request, signAll } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it } from './stage.ts';
import { tick } from './ticking.ts';
import { choice, wordsOf } from './views-in-slack.ts';

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
    expect((await stage.dm('sana')).map(({ text }) => text).join('\n')).toContain('Held by Dana');
    // Another team's tech lead does nothing here; two hours later he is on call, and may.
    expect((await stage.type('tom', 'checkout', '/deploy resume checkout')).told.join()).toMatch(
      /can't resume/,
    );
    await stage.pass(2 * HOUR);
    await stage.click('tom', await stage.card(id), CARD_ACTIONS.rollBack);
    expect((await stage.load(id)).rollback).toBeDefined();
    // MT-1: the figures of the team are those of its services.
    const figures = await stage.type('tom', 'checkout', '/deploy metrics shop last week');
    expect(figures.told.join()).toMatch(
      /^Delivery of [Ss]hop, the last 7 days\ncheckout: deployed 1, a week 1, went back 1/m,
    );
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

describe('a team of four', () => {
  /** What its preset asks, with the gates that the simulated backend reports. */
  const small = `
preset: small-team
team: Four
time_zone: Europe/Berlin
roles: { approver: [${PEOPLE.tom}, ${PEOPLE.sana}, ${PEOPLE.dana}] }
defaults: { channel: C0CHECKOUT2, on_call: ${PEOPLE.omar} }
environments:
  staging:
  production: { gates: [build, unit_tests, staging_deployed] }
services: { checkout: }
`;

  it('PR-6, CH-6: goes the whole way with one approver, who is never the one who asked', async ({ open }) => {
    const stage = await open({ policy: small });
    const first = await request(stage, 'checkout v2.1.0 to staging', { as: 'tom' });
    await stage.pass(2 * HOUR, async () => (await stage.load(first)).status === 'handed_over');
    const id = await request(stage, 'checkout v2.1.0 to production', { as: 'tom' });
    const { told } = await stage.click('tom', await stage.card(id), CARD_ACTIONS.go);
    expect(told.join()).toMatch(/asked for it/);
    await stage.click('dana', await stage.card(id), CARD_ACTIONS.go);
    expect((await stage.load(id)).status).toBe('preparing');
    await tick(stage, 'dana', id, ['rollback_known']);
    await stage.pass(8 * HOUR, async () => (await stage.load(id)).status === 'handed_over');
    expect((await stage.load(id)).status).toBe('handed_over');
  });
});

describe('a freeze of every week', () => {
  it('WN-3: keeps a start from its hours, says why, and lets it start when they are over', async ({
    open,
  }) => {
    const stage = await open({
      policy: `${examplePolicy()}\nfreezes: [{ reason: Standup, every: "Monday 10:30 – 13:00" }]\n`,
    });
    const id = await request(stage);
    await signAll(stage, id);
    expect((await stage.card(id)).text).toContain('Standup');
    expect((await stage.load(id)).rollout).toBeUndefined();
    await stage.pass(3 * HOUR, async () => (await stage.load(id)).rollout !== undefined);
    expect((await stage.load(id)).rollout?.startedAt).toBe(Date.UTC(2026, 0, 5, 12));
  });
});

describe('a policy that asks by risk, and any one of several roles', () => {
  /** The example, where security or operations is enough beside the tech lead, and the product owner joins for a high risk. */
  const byRisk = examplePolicy().replace(
    '  production:\n',
    '  production:\n    sign_offs: [tech_lead, { any_of: [security, operations] }, { role: product_owner, when: { risks: [high] } }]\n',
  );

  it('CH-3, CH-4: any one of two roles fills its sign-off, and whom a raised risk adds is asked and waited for', async ({
    open,
  }) => {
    const stage = await open({ policy: byRisk });
    const id = await request(stage);
    expect((await stage.card(id)).text).toMatch(/Security or Operations.*waiting for Sana or Omar/);
    expect((await stage.click('priya', await stage.card(id), CARD_ACTIONS.go)).told.join()).toContain(
      'that is for Tech lead: Tom; Security or Operations: Sana or Omar',
    );
    await stage.click('omar', await stage.card(id), CARD_ACTIONS.go);
    expect((await stage.card(id)).text).toMatch(/Security or Operations.*go from Omar/);
    expect((await stage.click('sana', await stage.card(id), CARD_ACTIONS.go)).told.join()).toContain(
      'Omar said go as Security or Operations',
    );
    const card = await stage.card(id);
    await stage.click('dana', card, CARD_ACTIONS.more, choice(card, CARD_ACTIONS.more, 'Change'));
    expect(await stage.submit('dana', { [SCHEDULE_FIELDS.risk]: 'high' })).toMatchObject({ ok: true });
    expect((await stage.load(id)).terms.required.map(({ name }) => name)).toEqual([
      'Tech lead',
      'Security or Operations',
      'Product owner',
    ]);
    for (const person of ['omar', 'tom', 'priya'] as const) {
      expect((await stage.load(id)).status).toBe('preparing');
      await stage.click(person, await stage.card(id), CARD_ACTIONS.go);
    }
    expect((await stage.load(id)).status).not.toBe('preparing');
  });
});

function shown<T>(modal: T | null): T {
  if (modal === null) throw new Error('no form opened');
  return modal;
}

describe('a kind of change of the team', () => {
  const withHotfix = examplePolicy().replace(
    '  emergency: { sign_offs: [] }\n',
    '  emergency: { sign_offs: [] }\n  hotfix: { like: emergency, declared_by: [deployer], owed_within: 4h }\n  train: { like: normal, requesters: [operations] }\n',
  );

  it('CH-1, PR-6: is asked for in words, starts as the one it is like, and is called by its name', async ({
    open,
  }) => {
    const stage = await open({ policy: withHotfix });
    const typed = await stage.type('dana', 'checkout', '/deploy checkout v2.1.0 to production as hotfix');
    expect(wordsOf(shown(typed.modal))).toContain('Hotfix change');
    expect(await stage.submit('dana', { [SCHEDULE_FIELDS.summary]: 'Stops the bleeding.' })).toMatchObject({
      ok: true,
    });
    const [d] = await stage.bot.stores.events.list({ limit: 1 });
    expect(d?.terms.details).toMatchObject({ changeType: 'hotfix', like: 'emergency' });
    expect(d?.terms.approval).toMatchObject({ when: 'afterwards', owed: { within: 4 * HOUR } });
    await stage.pass(HOUR, async () => (await stage.load(d?.id ?? '')).rollout !== undefined);
    expect((await stage.thread(d?.id ?? '')).map(({ text }) => text).join('\n')).toContain(
      'an emergency (hotfix)',
    );
    // Whoever may not ask for it is offered something else, with the reason.
    const other = await stage.type('tom', 'checkout', '/deploy search v1.9.0 to production as train');
    expect(wordsOf(shown(other.modal))).toContain('A train change is asked for by Operations.');
    expect(wordsOf(shown(other.modal))).toContain('Normal change');
  });
});
