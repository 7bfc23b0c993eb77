import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { HOUR } from '../../src/time.ts';
import { asShipped, examplePolicy } from './bot.ts';
import { request, rollingOut } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it, type Stage } from './stage.ts';
import { actionsOn, choice, wordsOf } from './views-in-slack.ts';

describe('who may, asked at the click', () => {
  it.for([
    ['deleted', { deleted: true }, 'This account is deactivated'],
    ['a guest', { is_restricted: true }, 'Guests take no part in deployments'],
    ['a guest of one channel', { is_ultra_restricted: true }, 'Guests take no part in deployments'],
    ['of another workspace', { team_id: 'T0OTHER0001' }, 'Only members of this workspace'],
  ] as const)(
    'CH-6: an approver who is %s by now signs nothing, and is told why',
    async ([_state, set, why], { stage }) => {
      const id = await request(stage);
      const card = await stage.card(id);
      await stage.driver.people(PEOPLE.sana, set);
      const { told } = await stage.click('sana', card, 'card.go');
      expect(told).toEqual([expect.stringContaining(why)]);
      expect((await stage.load(id)).approval.signOffs).toEqual([]);
      await stage.driver.people(PEOPLE.sana, {
        deleted: false,
        is_restricted: false,
        is_ultra_restricted: false,
        team_id: 'T0ACME00001',
      });
      await stage.click('sana', card, 'card.go');
      expect((await stage.load(id)).approval.signOffs).toHaveLength(1);
    },
  );

  it('CH-6: a no-go of a guest is refused in the modal', async ({ stage }) => {
    const id = await request(stage);
    await stage.click('omar', await stage.card(id), 'card.no_go');
    await stage.driver.people(PEOPLE.omar, { is_restricted: true });
    const { errors } = await stage.submit('omar', { 'no_go.text': 'No.' });
    expect(errors).toEqual({ 'no_go.text': expect.stringContaining('Guests take no part') });
    expect((await stage.load(id)).status).toBe('preparing');
  });

  it.for([
    ['a guest', { is_restricted: true }, 'Guests take no part in deployments'],
    ['a guest of one channel', { is_ultra_restricted: true }, 'Guests take no part in deployments'],
    ['of another workspace', { team_id: 'T0OTHER0001' }, 'Only members of this workspace'],
  ] as const)(
    'CH-6: whoever is %s reads nothing: every command, button, suggestion and Home is one private line',
    async ([_state, set, why], { stage }) => {
      await stage.driver.people(PEOPLE.priya, set);
      const id = await request(stage);
      const card = await stage.card(id);
      const line = expect.stringContaining(why);
      for (const words of [
        '',
        'list',
        'status',
        'calendar',
        'owed',
        'contract list',
        `checklist ${id}`,
        'checkout v2.1.0',
      ])
        expect(await stage.type('priya', 'checkout', `/deploy ${words}`)).toMatchObject({
          told: [line],
          modal: null,
        });
      for (const action of ['card.checklist', 'card.go', 'card.no_go'])
        expect(await stage.click('priya', card, action)).toMatchObject({ told: [line], modal: null });
      const home = await stage.home('priya');
      expect(wordsOf(home)).toContain(why);
      expect(actionsOn(home)).toEqual([]);
      expect(await stage.bot.stores.events.list({ limit: 9 })).toHaveLength(1);
    },
  );

  it('CH-6: a guest whom the file gives a role is neither asked nor told, and holds up nobody in silence', async ({
    open,
  }) => {
    const policy = examplePolicy().replace('security: [U0SANA00003]', `security: [${PEOPLE.greta}]`);
    const stage = await open({ policy });
    const id = await request(stage);
    expect((await stage.load(id)).terms.required.find(({ role }) => role === 'security')?.asked).toEqual([]);
    expect(await stage.dm('greta')).toEqual([]);
    expect((await stage.card(id)).text).not.toContain('Greta');
  });

  it('CH-6: an approver who became a guest is told nothing more, not in the message they have either', async ({
    stage,
  }) => {
    const id = await request(stage);
    await stage.driver.people(PEOPLE.sana, { is_restricted: true });
    await stage.pass(HOUR);
    stage.expectTrouble({ logged: 'a message cannot be shown' });
    const card = await stage.card(id);
    await stage.click('dana', card, 'card.more', choice(card, 'card.more', 'Change'));
    await stage.submit('dana', { 'schedule.version': 'v2.1.2' });
    await stage.settled();
    const told = (await stage.dm('sana')).map(({ text }) => text).join('\n');
    expect(told).toContain('v2.1.0');
    expect(told).not.toContain('v2.1.2');
    expect((await stage.dm('tom')).map(({ text }) => text).join('\n')).toContain('v2.1.2');
  });

  it('RB-1: an on-call who has left rolls nothing back; the lead still can', async ({ stage }) => {
    const id = await rollingOut(stage);
    await stage.driver.people(PEOPLE.omar, { deleted: true });
    const { told } = await stage.click('omar', await stage.card(id), 'card.roll_back');
    expect(told).toEqual([expect.stringContaining('deactivated')]);
    expect((await stage.load(id)).status).toBe('rolling_out');
    await stage.click('dana', await stage.card(id), 'card.roll_back');
    expect((await stage.load(id)).rollback).toMatchObject({ by: { id: PEOPLE.dana } });
  });

  it('CH-6: an approver who has left cannot be reached in a DM; the others are, and the card is true', async ({
    stage,
  }) => {
    // What Slack said of her today counts until it is asked again.
    await stage.type('sana', 'checkout', '/deploy list');
    await stage.driver.people(PEOPLE.sana, { deleted: true });
    stage.expectTrouble({ call: 'conversations.open', error: 'user_disabled' });
    stage.expectTrouble({ logged: 'a message cannot be shown' });
    const id = await request(stage);
    expect(await stage.dm('tom')).toHaveLength(1);
    expect(await stage.dm('omar')).toHaveLength(1);
    expect((await stage.card(id)).text).toContain('Waiting for 3 of 3 sign-offs');
  });

  it('CH-6: a role can be a user group of Slack', async ({ open }) => {
    const policy = examplePolicy().replace('operations: [U0OMAR00004]', "operations: { usergroup: '@ops' }");
    const stage = await open({ policy });
    const id = await request(stage);
    expect((await stage.load(id)).terms.required.find(({ role }) => role === 'operations')?.asked).toEqual([
      { id: PEOPLE.omar, name: 'Omar' },
      { id: PEOPLE.tom, name: 'Tom' },
    ]);
    await stage.click('omar', await stage.card(id), 'card.go');
    expect((await stage.load(id)).approval.signOffs).toMatchObject([{ role: 'operations' }]);
  });
});

describe('a rollback while Slack does not say who somebody is', () => {
  const silence = (stage: Stage, error: string): void => {
    stage.expectTrouble({ call: 'users.info', error });
    stage.expectTrouble({ logged: 'a person could not be looked up and was refused' });
  };

  it.for(['dana', 'omar'] as const)(
    'RB-1: %s, named at the request, rolls back through a 429, and the record says so',
    async (name, { stage }) => {
      const id = await rollingOut(stage);
      await stage.driver.faults({ on: 'users.info', do: 'status', status: 429, retry_after: 30 });
      silence(stage, 'ratelimited');
      const { told } = await stage.click(name, await stage.card(id), 'card.roll_back');
      expect(told).toEqual([]);
      expect((await stage.load(id)).rollback).toMatchObject({
        by: { id: PEOPLE[name] },
        why: 'asked for with one click, while Slack could not say who clicked',
      });
    },
  );

  it('RB-1: whoever Slack does not vouch for and nobody named rolls nothing back', async ({ stage }) => {
    const id = await rollingOut(stage);
    await stage.driver.faults({ on: 'users.info', do: 'status', status: 500 });
    silence(stage, 'internal_error');
    const { told } = await stage.click('sana', await stage.card(id), 'card.roll_back');
    expect(told).toEqual([expect.stringContaining('Slack did not say who you are')]);
    expect((await stage.load(id)).status).toBe('rolling_out');
  });

  it('RB-1: whoever is on call for the service by now rolls back, whoever was named at the request', async ({
    open,
  }) => {
    const stage = await open({ policy: asShipped() });
    const id = await rollingOut(stage);
    writeFileSync(
      stage.policyFile,
      examplePolicy().replaceAll('on_call: U0OMAR00004', `on_call: ${PEOPLE.priya}`),
    );
    await stage.bot.reload();
    await stage.click('priya', await stage.card(id), 'card.roll_back');
    expect((await stage.load(id)).rollback).toMatchObject({ by: { id: PEOPLE.priya } });
  });
});

describe('when Slack does not say who somebody is', () => {
  it.for([
    ['500', { do: 'status', status: 500 }],
    ['429', { do: 'status', status: 429, retry_after: 30 }],
    ['nothing', { do: 'cut' }],
  ] as const)(
    'CH-6: %s for users.info is a no, said at once, and the next click works',
    async ([_answer, fault], { stage }) => {
      const id = await request(stage);
      await stage.driver.faults({ on: 'users.info', times: 1, ...fault });
      if (fault.do === 'status')
        stage.expectTrouble({
          call: 'users.info',
          error: fault.status === 429 ? 'ratelimited' : 'internal_error',
        });
      stage.expectTrouble({ logged: 'a person could not be looked up and was refused' });
      const refused = await stage.click('tom', await stage.card(id), 'card.go');
      expect(refused.told).toEqual([expect.stringContaining('Slack did not say who you are')]);
      expect((await stage.load(id)).approval.signOffs).toEqual([]);
      await stage.click('tom', await stage.card(id), 'card.go');
      expect((await stage.load(id)).approval.signOffs).toHaveLength(1);
    },
  );
});
