/** An emergency as people see it (CH-1), and a sign-off that is handed on (CH-8). */

import { describe, expect } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { DELEGATE_MODAL } from '../../views/delegate-modal.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { SCHEDULE_FIELDS } from '../../views/schedule-fields.ts';
import { WRITE_UP_MODAL } from '../../views/write-up-modal.ts';
import { danaDeclares } from './bot.ts';
import { request } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it, type Stage } from './stage.ts';
import { actionsOn, choice, elementOf, filledWith, wordsOf } from './views-in-slack.ts';

const emergency = (stage: Stage) =>
  request(stage, 'reports v0.8.0 to production', { [SCHEDULE_FIELDS.changeType]: 'emergency' });

async function lastDm(stage: Stage, person: 'sana' | 'dana' | 'tom' | 'priya') {
  const message = (await stage.dm(person)).at(-1);
  if (message === undefined) throw new Error(`${person} has no message`);
  return message;
}

describe('CH-1: an emergency', () => {
  it('starts without a go, and its card says who owes what until all is given', async ({ open }) => {
    const stage = await open({ policy: danaDeclares() });
    const id = await emergency(stage);
    await stage.pass(10 * MINUTE);
    expect((await stage.load(id)).status).toBe('observing');
    const card = await stage.card(id);
    expect(card.text).toContain('Owed, because it started without a go: Tech lead (Tom), Security (Sana)');
    expect(card.text).toContain('a write-up by Dana');

    const asked = await lastDm(stage, 'sana');
    expect(asked.text).toContain('Your go or no-go as Security is owed');
    expect(wordsOf(await stage.home('sana'))).toContain('Owed after an emergency');
    expect((await stage.type('sana', 'deploys', '/deploy owed')).told.join()).toContain(
      `${id} · Tech lead (Tom)`,
    );

    await signEach(stage, id);
    const written = await stage.click('dana', await lastDm(stage, 'dana'), CARD_ACTIONS.writeUp);
    expect(JSON.stringify(written.modal)).toContain('What was done, and why could it not wait?');
    expect(await stage.submit('dana', { [WRITE_UP_MODAL.action]: 'The reports were empty.' })).toMatchObject({
      ok: true,
      modal: null,
    });
    expect((await stage.card(id)).text).not.toContain('Owed');
    expect((await lastDm(stage, 'sana')).text).toContain('Done: you signed for Security');
    expect((await lastDm(stage, 'dana')).text).toContain('Done: you wrote it up');
    const thread = (await stage.thread(id)).map(({ text }) => text);
    expect(thread).toContainEqual(
      expect.stringContaining('Dana wrote it up: “The reports were empty.” · nothing is owed any more'),
    );
    expect((await stage.type('sana', 'deploys', '/deploy owed')).told.join()).toContain('Nothing is owed');
    expect(wordsOf(await stage.home('sana'))).not.toContain('Owed after an emergency');
  });

  it('reminds with a message of its own, whose buttons go when they are of no use', async ({ open }) => {
    const stage = await open({ policy: danaDeclares() });
    const id = await emergency(stage);
    await stage.pass(DAY + HOUR);
    const reminder = await lastDm(stage, 'sana');
    expect(reminder.text).toContain('Reminder: your go or no-go as Security is owed');
    expect(actionsOn(reminder)).toContain(CARD_ACTIONS.go);
    await stage.click('sana', reminder, CARD_ACTIONS.go);
    expect((await stage.load(id)).approval.signOffs).toMatchObject([{ role: 'security', afterwards: true }]);
    expect(actionsOn(await lastDm(stage, 'sana'))).toEqual([]);
  });

  it('takes a no-go afterwards, which ends nothing and asks the lead', async ({ open }) => {
    const stage = await open({ policy: danaDeclares() });
    const id = await emergency(stage);
    await stage.pass(10 * MINUTE);
    const { modal } = await stage.click('sana', await lastDm(stage, 'sana'), CARD_ACTIONS.noGo);
    expect(JSON.stringify(modal)).toContain('started without your go');
    await stage.submit('sana', { 'no_go.text': 'Not tested.' });
    expect((await stage.load(id)).status).toBe('observing');
    const thread = (await stage.thread(id)).map(({ text }) => text).join('\n');
    expect(thread).toContain('No-go afterwards from Sana as Security: Not tested.');
  });
});

describe('CH-1: a normal change', () => {
  it('is offered its earliest start where it is announced ahead, and an earlier one is refused at its field', async ({
    open,
  }) => {
    const stage = await open({
      policy: danaDeclares().replace('normal: { lead_time: 0, ', 'normal: { '),
    });
    const { modal } = await stage.type('dana', 'checkout', '/deploy checkout v2.1.0 to production');
    if (modal === null) throw new Error('no modal');
    // A Monday, 11:00 in Berlin.
    expect(elementOf(modal, SCHEDULE_FIELDS.when).options?.map(({ text }) => text.text)).toEqual([
      'Earliest: Mon 12 Jan 11:30',
      'At a time',
    ]);
    const { modal: timed } = await stage.click('dana', modal, SCHEDULE_FIELDS.when, 'at');
    const earliest = Date.UTC(2026, 0, 12, 10, 30);
    expect(timed && filledWith(timed, SCHEDULE_FIELDS.at)).toBe(earliest / 1_000);
    const sent = await stage.submit('dana', { [SCHEDULE_FIELDS.at]: earliest / 1_000 - 3_600 });
    expect(sent.errors).toEqual({
      [SCHEDULE_FIELDS.at]:
        'A normal change is announced 5 business days ahead: the earliest start is Mon 12 Jan 2026, 11:30 (Europe/Berlin).',
    });
    await stage.click('dana', sent.modal ?? modal, SCHEDULE_FIELDS.when, 'window');
    expect((await stage.submit('dana')).ok).toBe(true);
    expect((await stage.load('D-1001')).terms.envelope.start).toEqual({ kind: 'at', at: earliest });

    // Five days later it is late in the evening: nobody is made to start it then.
    await stage.pass(12 * HOUR);
    const { modal: late } = await stage.type('dana', 'checkout', '/deploy checkout v2.1.1 to production');
    if (late === null) throw new Error('no modal');
    expect(elementOf(late, SCHEDULE_FIELDS.when).options?.[0]?.text.text).toBe('Next open: Tue 13 Jan 09:00');
  });

  it('GT-8: is refused at its version where that never completed in staging', async ({ open }) => {
    const stage = await open({
      policy: danaDeclares().replace('promotion: any_order', 'promotion: in_order'),
    });
    await stage.type('dana', 'checkout', '/deploy checkout v2.1.0 to production');
    const sent = await stage.submit('dana', { [SCHEDULE_FIELDS.summary]: 'Adds Apple Pay.' });
    expect(sent.errors).toEqual({
      [SCHEDULE_FIELDS.version]: expect.stringContaining('v2.1.0 is not complete in staging'),
    });
  });
});

describe('CH-8: a sign-off that is handed on', () => {
  it('asks the other person at once, who may then sign, and says so in the thread', async ({ open }) => {
    const stage = await open({ policy: danaDeclares() });
    const id = await request(stage);
    const mine = await lastDm(stage, 'sana');
    await stage.click('sana', mine, CARD_ACTIONS.more, choice(mine, CARD_ACTIONS.more, 'Delegate'));
    const refused = await stage.submit('sana', { [DELEGATE_MODAL.action]: PEOPLE.dana });
    expect(JSON.stringify(refused.errors)).toContain("Dana asked for it, and can't approve it.");
    const guest = await stage.submit('sana', { [DELEGATE_MODAL.action]: PEOPLE.greta });
    expect(JSON.stringify(guest.errors)).toContain('This person cannot take part in decisions here.');
    expect((await stage.load(id)).approval.delegations).toEqual([]);
    await stage.submit('sana', { [DELEGATE_MODAL.action]: PEOPLE.priya });
    const asked = await lastDm(stage, 'priya');
    expect(asked.text).toContain('Your go is needed as Security');
    expect(asked.text).toContain('Sana asks you to sign in their place.');
    await stage.click('priya', asked, CARD_ACTIONS.go);
    expect((await stage.load(id)).approval.signOffs).toMatchObject([
      { role: 'security', person: { name: 'Priya' } },
    ]);
    const thread = (await stage.thread(id)).map(({ text }) => text);
    expect(thread).toContain('Sana has Priya sign as Security in their place');
    expect((await lastDm(stage, 'sana')).text).toContain('Done: Priya signed for Security');
  });
});

/** On the direct messages: the card of what is live has no Go in sight. */
async function signEach(stage: Stage, id: string): Promise<void> {
  for (const person of ['tom', 'sana', 'omar'] as const) {
    const message = (await stage.dm(person)).findLast(
      ({ text }) => text.includes(id) || text.includes('reports'),
    );
    if (message === undefined) throw new Error(`${person} was not asked`);
    const { told } = await stage.click(person, message, CARD_ACTIONS.go);
    if (told.length > 0) throw new Error(`${person} could not sign: ${told.join(' ')}`);
  }
}
