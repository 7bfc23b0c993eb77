/** The change request as people meet it: asked for, written, changed, signed, and owed by an emergency (CH-5). */

import { describe, expect } from 'vitest';
import type { Given } from '../../local-slack/driver-client.ts';
import type { Message } from '../../local-slack/protocol.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { CHANGE_REQUEST_FIELDS, riskFieldId } from '../../views/change-request-fields.ts';
import { CHANGE_REQUEST_MODAL } from '../../views/change-request-modal.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { SCHEDULE_FIELDS } from '../../views/schedule-fields.ts';
import { examplePolicy } from './bot.ts';
import { request, signAll } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it, type Stage } from './stage.ts';
import { expectTruth } from './truth.ts';
import { actionsOn, choice, filledWith, wordsOf } from './views-in-slack.ts';

const POLICY = examplePolicy()
  .replace('change_request: false', 'change_request: true')
  .replace(
    'emergency: { sign_offs: [] }',
    'emergency: { sign_offs: [], change_request: true, declared_by: [deployer] }',
  );

type Typed = Record<string, Given>;

const risk = (key: number, what: string, likelihood: string, impact: string): Typed => ({
  [riskFieldId('risk', key)]: what,
  [riskFieldId('likelihood', key)]: likelihood,
  [riskFieldId('impact', key)]: impact,
  [riskFieldId('mitigation', key)]: 'A flag turns it off',
});

const FILLED: Typed = {
  [CHANGE_REQUEST_FIELDS.justification]: 'Customers ask for it.\nThe old provider ends in March.',
  [CHANGE_REQUEST_FIELDS.components]: 'checkout, payments',
  [CHANGE_REQUEST_FIELDS.downtime]: '0',
  ...risk(1, 'Caches are cold', 'high', 'low'),
};

const begin = async (stage: Stage, id: string) =>
  stage.click('dana', await stage.card(id), CARD_ACTIONS.changeRequest);

async function write(stage: Stage, id: string, typed: Typed = FILLED): Promise<void> {
  await begin(stage, id);
  const sent = await stage.submit('dana', typed);
  if (!sent.ok) throw new Error(`not written: ${JSON.stringify(sent.errors)}`);
}

async function edit(stage: Stage, id: string, typed: Typed): Promise<void> {
  const card = await stage.card(id);
  if (actionsOn(card).includes(CARD_ACTIONS.changeRequest)) await begin(stage, id);
  else await stage.click('dana', card, CARD_ACTIONS.more, choice(card, CARD_ACTIONS.more, 'Change request'));
  const sent = await stage.submit('dana', typed);
  if (!sent.ok) throw new Error(`not changed: ${JSON.stringify(sent.errors)}`);
}

/** The one message in the thread that is the change request. */
async function inThread(stage: Stage, id: string): Promise<Message> {
  const found = (await stage.thread(id)).filter(({ text }) => text.startsWith('Change request CR-'));
  const [only, ...more] = found;
  if (only === undefined || more.length > 0) throw new Error(`${found.length} change requests, not 1`);
  return only;
}

async function lastDm(stage: Stage, person: 'sana' | 'dana' | 'tom'): Promise<Message> {
  const message = (await stage.dm(person)).at(-1);
  if (message === undefined) throw new Error(`${person} has no message`);
  return message;
}

describe('CH-5: a change request that the policy asks for', () => {
  it('is missing on the card, and the deployment waits for it after the last go', async ({ open }) => {
    const stage = await open({ policy: POLICY });
    const id = await request(stage);
    expect((await stage.card(id)).text).toContain('*Change request* · waiting for Dana');
    await signAll(stage, id);
    expect((await stage.load(id)).status).toBe('preparing');
    await write(stage, id);
    expect((await stage.load(id)).status).not.toBe('preparing');
    expect((await stage.card(id)).text).not.toContain('missing');
    await stage.pass(MINUTE);
    expect((await stage.load(id)).status).toBe('rolling_out');
  });

  it('is there before anybody is asked for a go, and a go given before is marked on the card', async ({
    open,
  }) => {
    const stage = await open({ policy: POLICY });
    const { modal } = await stage.type('dana', 'checkout', '/deploy checkout v2.1.0 to production');
    expect(modal && wordsOf(modal)).toContain('They are asked when its lead has written the change request.');
    await stage.submit('dana');
    const id = 'D-1001';
    expect(await stage.dm('sana')).toEqual([]);
    expect(wordsOf(await stage.home('sana'))).toContain('Nothing waits for you');
    expect((await stage.card(id)).text).toContain('Sana is asked once the change request is there');
    await stage.click('tom', await stage.card(id), CARD_ACTIONS.go);
    await stage.pass(2 * DAY);
    expect(await stage.dm('sana')).toEqual([]);
    await write(stage, id);
    expect((await stage.card(id)).text).toMatch(
      /Tech lead\* · go from Tom at <!date[^>]*> \(before the change request was written\)/,
    );
    expect((await stage.card(id)).text).toContain('*Security* · waiting for Sana');
    expect((await lastDm(stage, 'sana')).text).toMatch(
      /Your go is needed as Security[\s\S]*Change request CR-1001/,
    );
    expect(wordsOf(await stage.home('sana'))).toContain('Your go is needed as Security');
  });

  it('is refused where a field is missing, at the field, and keeps what was typed', async ({ open }) => {
    const stage = await open({ policy: POLICY });
    const id = await request(stage);
    const { modal } = await begin(stage, id);
    if (modal === null) throw new Error('no modal opened');
    expect(modal.title).toBe('Change request CR-1001');
    expect(wordsOf(modal)).toContain('Normal change · Feature · medium risk');
    expect(filledWith(modal, CHANGE_REQUEST_FIELDS.rollbackTime)).toBe('15');
    const mitigation = riskFieldId('mitigation', 1);
    const sent = await stage.submit('dana', { ...FILLED, [mitigation]: ' \n ' });
    expect(sent.errors).toEqual({ [mitigation]: expect.any(String) });
    expect((await stage.load(id)).evidence.changeRequest).toBeUndefined();
    expect(await stage.submit('dana', FILLED)).toMatchObject({ ok: true, modal: null });
  });

  it('takes a second risk beside the first, and one out again, without losing a word', async ({ open }) => {
    const stage = await open({ policy: POLICY });
    const id = await request(stage);
    const opened = (await begin(stage, id)).modal;
    if (opened === null) throw new Error('no modal opened');
    const typing = { ...FILLED, ...risk(1, 'Caches are cold', 'high', 'low') };
    const refused = await stage.submit('dana', { ...typing, [riskFieldId('mitigation', 1)]: ' ' });
    expect(refused.ok).toBe(false);
    const two = (await stage.click('dana', opened, CHANGE_REQUEST_MODAL.addRisk)).modal;
    if (two === null) throw new Error('the modal is gone');
    expect(filledWith(two, CHANGE_REQUEST_FIELDS.components)).toBe('checkout, payments');
    const three = (await stage.click('dana', two, CHANGE_REQUEST_MODAL.addRisk)).modal;
    if (three === null) throw new Error('the modal is gone');
    await stage.driver.action(
      PEOPLE.dana,
      { view_id: three.id },
      { action_id: CHANGE_REQUEST_MODAL.removeRisk, block_id: 'change_request.heading.2' },
    );
    await stage.settled();
    const less = await stage.driver.view(PEOPLE.dana);
    if (less === null) throw new Error('the modal is gone');
    expect(actionsOn(less)).toContain(riskFieldId('risk', 3));
    expect(actionsOn(less)).not.toContain(riskFieldId('risk', 2));
    await stage.submit('dana', { ...typing, ...risk(3, 'Payments time out', 'medium', 'high') });
    expect((await stage.load(id)).evidence.changeRequest).toMatchObject({
      downtime: 0,
      rollbackTime: 15 * MINUTE,
      risks: [
        { risk: 'Caches are cold', likelihood: 'high', impact: 'low' },
        { risk: 'Payments time out', likelihood: 'medium', impact: 'high' },
      ],
    });
    const shown = wordsOf(await inThread(stage, id));
    expect(shown.indexOf('Payments time out')).toBeLessThan(shown.indexOf('Caches are cold'));
    expect((await lastDm(stage, 'sana')).text).toContain('2 risks, the highest of medium likelihood');
  });

  it('takes two quick clicks on “Add a risk” for no fault', async ({ open }) => {
    const stage = await open({ policy: POLICY });
    const id = await request(stage);
    const { modal } = await begin(stage, id);
    if (modal === null) throw new Error('no modal opened');
    const add = () =>
      stage.driver.action(PEOPLE.dana, { view_id: modal.id }, { action_id: CHANGE_REQUEST_MODAL.addRisk });
    await Promise.all([add(), add()]);
    await stage.settled();
    const after = await stage.driver.view(PEOPLE.dana);
    expect(actionsOn(after ?? { blocks: [] })).toContain(riskFieldId('risk', 2));
    expect(after?.stack ?? []).toHaveLength(modal.stack.length);
  });

  it('is written by nobody else: they are told privately, and their try is recorded', async ({ open }) => {
    const stage = await open({ policy: POLICY });
    const id = await request(stage);
    const { told, modal } = await stage.click('tom', await stage.card(id), CARD_ACTIONS.changeRequest);
    expect(modal).toBeNull();
    expect(told.join()).toContain("You can't write the change request of checkout v2.1.0: ask Dana (lead)");
    expect((await stage.bot.stores.events.events(id, 1)).at(-1)).toMatchObject({
      type: 'attempt_refused',
      by: { name: 'Tom' },
    });
  });

  it('comes back filled in, and its change tells whoever had said go', async ({ open }) => {
    const stage = await open({ policy: POLICY });
    const id = await request(stage);
    await write(stage, id);
    await stage.click('tom', await stage.card(id), CARD_ACTIONS.go);
    const card = await stage.card(id);
    const value = choice(card, CARD_ACTIONS.more, 'Change request');
    const { modal } = await stage.click('dana', card, CARD_ACTIONS.more, value);
    if (modal === null) throw new Error('no modal opened');
    expect(filledWith(modal, riskFieldId('risk', 1))).toBe('Caches are cold');
    expect(filledWith(modal, riskFieldId('impact', 1))).toBe('low');
    expect(filledWith(modal, CHANGE_REQUEST_FIELDS.downtime)).toBe('0');
    await stage.submit('dana', {
      [CHANGE_REQUEST_FIELDS.downtime]: '5',
      ...risk(1, 'All is cold', 'high', 'high'),
    });

    const thread = (await stage.thread(id)).map(({ text }) => text);
    expect(thread).toContain('Dana changed change request CR-1001: expected downtime and risks');
    expect(await lastDm(stage, 'tom')).toMatchObject({
      text: expect.stringContaining(
        'Since your go, change request CR-1001 has changed: expected downtime and risks',
      ),
    });
    expect((await inThread(stage, id)).text).toContain('before a change of expected downtime and risks');
    expect((await stage.load(id)).approval.signOffs).toMatchObject([{ role: 'tech_lead', decision: 'go' }]);

    // Tom thinks again, where he reads it.
    const mine = (await stage.dm('tom')).find((message) => actionsOn(message).includes(CARD_ACTIONS.noGo));
    if (mine === undefined) throw new Error('Tom has no No-go in sight');
    await stage.click('tom', mine, CARD_ACTIONS.noGo);
    await stage.submit('tom', { 'no_go.text': 'Not with downtime.' });
    expect((await stage.load(id)).status).toBe('rejected');
    expect((await stage.dm('tom')).flatMap(actionsOn)).toEqual([]);
    expect((await inThread(stage, id)).text).toMatch(/Tech lead · Tom · ⛔ No-go/);
    await expectTruth(stage, id);
  });

  it('says at the field where somebody else changed it meanwhile', async ({ open }) => {
    const stage = await open({ policy: POLICY });
    const id = await request(stage, undefined, { as: 'tom' });
    await begin(stage, id);
    await stage.click('tom', await stage.card(id), CARD_ACTIONS.changeRequest);
    await stage.submit('tom', FILLED);
    const sent = await stage.submit('dana', FILLED);
    expect(sent.errors).toEqual({
      [CHANGE_REQUEST_FIELDS.justification]: expect.stringContaining('Tom changed the change request'),
    });
  });

  it('shows in the thread who signed it, also when a go falls, by one message', async ({ open }) => {
    const stage = await open({ policy: POLICY });
    const id = await request(stage);
    await write(stage, id);
    expect((await inThread(stage, id)).text).toContain('Tech lead · Tom · ⏳ Pending');
    await stage.click('tom', await stage.card(id), CARD_ACTIONS.go);
    expect((await inThread(stage, id)).text).toMatch(/Tech lead · Tom · ✅ Go · <!date/);
    const card = await stage.card(id);
    await stage.click('dana', card, CARD_ACTIONS.more, choice(card, CARD_ACTIONS.more, 'Change…'));
    await stage.submit('dana', { [SCHEDULE_FIELDS.version]: 'v2.1.2' });
    await expectTruth(stage, id);
    const { text } = await inThread(stage, id);
    expect(text).toContain('checkout v2.1.2');
    expect(text).toMatch(/Tech lead · Tom · ➖ Fell · go of <!date[^>]*> · version v2\.1\.0/);
    expect(text).toContain('Tech lead · Tom · ⏳ Pending');
  });

  it('is scheduled by it, and may be changed until it starts', async ({ open }) => {
    const stage = await open({ policy: POLICY });
    const id = await request(stage, 'checkout v2.1.0 to production at 15:00');
    await signAll(stage, id);
    await write(stage, id);
    expect((await stage.load(id)).status).toBe('scheduled');
    expect((await inThread(stage, id)).text).toContain('before it was written');
    await edit(stage, id, { [CHANGE_REQUEST_FIELDS.components]: 'checkout' });
    expect((await stage.load(id)).status).toBe('scheduled');
    expect((await stage.dm('sana')).flatMap(actionsOn)).toContain(CARD_ACTIONS.noGo);
    await stage.pass(6 * HOUR, async () => (await stage.load(id)).status === 'rolling_out');
    expect(actionsOn(await stage.card(id))).not.toContain(CARD_ACTIONS.changeRequest);
    expect((await stage.dm('sana')).flatMap(actionsOn)).toEqual([]);
  });

  it('stays text, whatever is typed', async ({ open }) => {
    const stage = await open({ policy: POLICY });
    const id = await request(stage);
    const hostile = '<!channel> <@U0TOM000002> `x` *y* &lt;';
    await write(stage, id, {
      ...FILLED,
      [CHANGE_REQUEST_FIELDS.justification]: hostile,
      [CHANGE_REQUEST_FIELDS.components]: hostile,
      ...risk(1, hostile, 'low', 'low'),
    });
    const shown = [await inThread(stage, id), await lastDm(stage, 'sana')];
    for (const { text } of shown) expect(text).not.toMatch(/<!channel>|<@U0TOM/);
  });
});

describe('CH-5: an emergency that needs a change request', () => {
  const emergency = (stage: Stage) =>
    request(stage, 'reports v0.8.0 to production', { [SCHEDULE_FIELDS.changeType]: 'emergency' });

  it('starts without it, owes it, and owes it no more when it is written', async ({ open }) => {
    const stage = await open({ policy: POLICY });
    const id = await emergency(stage);
    await stage.pass(10 * MINUTE);
    expect((await stage.load(id)).status).toBe('observing');
    expect((await stage.card(id)).text).toContain('change request CR-1001 by Dana');
    const owed = async () => (await stage.type('sana', 'deploys', '/deploy owed')).told.join();
    expect(await owed()).toContain('change request CR-1001 by Dana');

    const mine = await lastDm(stage, 'dana');
    expect(mine.text).toContain('write up what was done and why, and write its change request CR-1001');
    const { modal } = await stage.click('dana', mine, CARD_ACTIONS.changeRequest);
    expect(modal).not.toBeNull();
    expect(await stage.submit('dana', FILLED)).toMatchObject({ ok: true });
    expect(await owed()).not.toContain('change request');
    expect((await stage.card(id)).text).not.toContain('change request');
    const thread = (await stage.thread(id)).map(({ text }) => text);
    expect(thread).toContain('Dana wrote change request CR-1001');
    expect((await inThread(stage, id)).text).toContain('⏳ Owed · it started without');
    expect(actionsOn(await lastDm(stage, 'dana'))).toEqual([CARD_ACTIONS.writeUp]);
  });

  it('reminds its lead of it', async ({ open }) => {
    const stage = await open({ policy: POLICY });
    await emergency(stage);
    await stage.pass(DAY + HOUR);
    const reminder = await lastDm(stage, 'dana');
    expect(reminder.text).toContain('Reminder');
    expect(actionsOn(reminder)).toContain(CARD_ACTIONS.changeRequest);
  });
});
