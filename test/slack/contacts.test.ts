/** Contacts of a run, as people see them: who, when they are there, and a start that waits for somebody on call. */

import { describe, expect } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { SCHEDULE_FIELDS } from '../../views/schedule-fields.ts';
import { asShipped, examplePolicy } from './bot.ts';
import { request, rollingOut, signAll } from './deploying.ts';
import { PEOPLE, type PersonName } from './people.ts';
import { it, type Stage } from './stage.ts';
import { choice, wordsOf } from './views-in-slack.ts';

const STAGING = 'checkout v2.1.0 to staging';
const PHONE = '+49 30 901820';
const withPhone = examplePolicy().replace('{ hours: 24 h }', `{ hours: 24 h, phone: "${PHONE}" }`);

/** What Details say, or what was said instead. */
async function detailsOf(stage: Stage, id: string, person: PersonName = 'dana'): Promise<string> {
  const card = await stage.card(id);
  const { modal, told } = await stage.click(
    person,
    card,
    CARD_ACTIONS.more,
    choice(card, CARD_ACTIONS.more, 'Details'),
  );
  return modal === null ? told.join('\n') : wordsOf(modal);
}

async function change(stage: Stage, id: string, values: Record<string, string>): Promise<void> {
  const card = await stage.card(id);
  await stage.click('dana', card, CARD_ACTIONS.more, choice(card, CARD_ACTIONS.more, 'Change'));
  const sent = await stage.submit('dana', values);
  if (!sent.ok) throw new Error(JSON.stringify(sent.errors));
}

const threadOf = async (stage: Stage, id: string): Promise<string> =>
  (await stage.thread(id)).map(({ text }) => text).join('\n');

describe('WN-5: Details', () => {
  it('name lead, on-call and escalation with their hours, the plan, who may do what, and what a go signs', async ({
    stage,
  }) => {
    const id = await request(stage);
    const details = await detailsOf(stage, id, 'tom');
    for (const words of [
      'Lead: Dana · Mon–Fri 08:00–18:00 Europe/Berlin · there now',
      'On-call: Omar · 24 h · there now',
      'Escalation: Priya · Mon–Fri 09:00–17:00 Europe/Berlin · there now',
      'Canary 5 → 25 → 75 → 100 %, 3 h 30 min',
      '1. 5 % of traffic, watched for 30 min',
      'a rollback should take under 15 min',
      '15 min after its planned end, its lead and on-call are told, the escalation 30 min later',
      'Dana (lead) and Omar (on-call)',
      'Roll back: Dana (lead), Omar (on-call) and Operations',
      'Expires <!date',
    ])
      expect(details).toContain(words);
    const {
      envelopeHash,
      terms: { envelope },
    } = await stage.load(id);
    for (const part of [envelope.sha, envelope.digest, envelopeHash]) expect(details).toContain(part);
  });

  it('say who is not there now, and where nobody is named', async ({ stage }) => {
    const id = await rollingOut(stage, 'payments v9.4.0 to production');
    await stage.pass(8 * HOUR);
    const details = await detailsOf(stage, id);
    expect(details).toContain('Lead: Dana · Mon–Fri 08:00–18:00 Europe/Berlin · not there now');
    expect(details).toContain('Escalation: nobody is named');
  });

  it('follow another lead and another on-call, and leave the rest as it was frozen', async ({ open }) => {
    const stage = await open({ policy: asShipped() });
    const id = await request(stage, `${STAGING} at 16:00`);
    await change(stage, id, { [SCHEDULE_FIELDS.onCall]: PEOPLE.tom });
    expect((await stage.load(id)).terms.contacts).toMatchObject([
      { role: 'lead', person: { name: 'Dana' }, hours: { from: 480 } },
      { role: 'on_call', person: { name: 'Tom' } },
      { role: 'escalation', person: { name: 'Priya' } },
    ]);
    expect(await detailsOf(stage, id)).toContain('On-call: Tom · hours not stated');
  });

  it('show a phone to members and to no guest, and no record, message or log has it', async ({ open }) => {
    const stage = await open({ policy: withPhone });
    const id = await rollingOut(stage);
    expect(await detailsOf(stage, id, 'tom')).toContain(PHONE);
    await stage.driver.people(PEOPLE.sana, { is_restricted: true });
    const refused = await detailsOf(stage, id, 'sana');
    expect(refused).toContain('Guests take no part');
    expect(refused).not.toContain(PHONE);
    await stage.pass(HOUR);
    expect(JSON.stringify(await stage.bot.stores.events.events(id))).not.toContain(PHONE);
    const calls = (await stage.driver.calls()).filter(({ method }) => method !== 'views.open');
    expect(JSON.stringify(calls)).not.toContain(PHONE);
    expect(JSON.stringify(stage.bot.errors)).not.toContain(PHONE);
  });

  it('WN-5: the thread says with the start who can be turned to, and when', async ({ stage }) => {
    const id = await rollingOut(stage);
    expect(await threadOf(stage, id)).toContain(
      'Lead Dana (Mon–Fri 08:00–18:00) · on-call Omar (24 h) · escalation Priya (Mon–Fri 09:00–17:00 Europe/Berlin)',
    );
  });

  it('leave out whoever the service names for an escalation and who has left', async ({ stage }) => {
    await stage.driver.people(PEOPLE.priya, { deleted: true });
    const id = await request(stage);
    expect((await stage.load(id)).terms.contacts.map(({ role }) => role)).toEqual(['lead', 'on_call']);
  });
});

describe('WN-5: somebody must be on call at the start', () => {
  it.for([
    ['deactivated', { deleted: true }, 'their account is deactivated'],
    ['a guest', { is_restricted: true }, 'they are a guest now'],
  ] as const)(
    'who is %s by then makes it wait, and the lead is asked for another',
    async ([_what, set, why], { stage }) => {
      const id = await request(stage, `${STAGING} at 16:00`);
      await stage.driver.people(PEOPLE.omar, set);
      await stage.pass(6 * HOUR);
      const d = await stage.load(id);
      expect(d.status).toBe('scheduled');
      expect(d.rollout?.startedAt).toBeUndefined();
      const { text } = await stage.card(id);
      expect(text).toContain(`Waits: Nobody is on call: Omar was to be, and ${why}`);
      expect(text).toContain('Name another with Change… in the menu');
      expect(await threadOf(stage, id)).toContain(`<@${PEOPLE.dana}>: name another on-call with Change`);
      await change(stage, id, { [SCHEDULE_FIELDS.onCall]: PEOPLE.tom });
      await stage.pass(MINUTE);
      expect((await stage.load(id)).rollout?.startedAt).toBeDefined();
    },
  );

  it('is asked again where the last go lets it start at once', async ({ stage }) => {
    const id = await request(stage, undefined, { [SCHEDULE_FIELDS.onCall]: PEOPLE.priya });
    await stage.driver.people(PEOPLE.priya, { deleted: true });
    await signAll(stage, id);
    await stage.pass(MINUTE);
    expect((await stage.load(id)).rollout?.startedAt).toBeUndefined();
    expect((await stage.card(id)).text).toContain('Nobody is on call: Priya was to be');
  });

  it('starts by itself at the next look where the person is back', async ({ stage }) => {
    const id = await request(stage, `${STAGING} at 16:00`);
    await stage.driver.people(PEOPLE.omar, { deleted: true });
    await stage.pass(6 * HOUR);
    await stage.driver.people(PEOPLE.omar, { deleted: false });
    // As the sweep does every five minutes, a change of the calendar has all look again.
    await stage.type('tom', 'checkout', '/deploy lock search because load test');
    await stage.pass(10 * MINUTE);
    expect((await stage.load(id)).rollout?.startedAt).toBeDefined();
  });

  it('what Slack said last counts while it does not answer', async ({ stage }) => {
    const id = await request(stage, `${STAGING} at 16:00`);
    await stage.driver.faults({ on: 'users.info', do: 'status', status: 500, times: 50 });
    stage.expectTrouble({ call: 'users.info', error: 'internal_error' });
    await stage.pass(DAY);
    expect((await stage.load(id)).rollout?.startedAt).toBeDefined();
  });
});
