/** Freezes, locks and windows as people meet them in Slack: refusals with a way on, cards that say what they wait for. */

import { describe, expect } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { LOCK_ACTIONS } from '../../views/locks.ts';
import { REASON_MODAL } from '../../views/reason-modal.ts';
import { SCHEDULE_FIELDS } from '../../views/schedule-fields.ts';
import { examplePolicy } from './bot.ts';
import { request } from './deploying.ts';
import { BEGINNING, it, type Stage } from './stage.ts';
import { choice, elementOf, wordsOf } from './views-in-slack.ts';

const SUMMARY = { [SCHEDULE_FIELDS.summary]: 'Adds Apple Pay.' };
/** Nobody has to sign there, so nothing but the calendar is waited for. */
const STAGING = 'checkout v2.1.0 to staging';

const says = async (stage: Stage, person: 'dana' | 'tom' | 'omar' | 'priya', words: string) =>
  (await stage.type(person, 'checkout', `/deploy ${words}`)).told.join('\n');

const asksFor = async (stage: Stage, text: string) => {
  await stage.type('dana', 'checkout', `/deploy ${text}`);
  return stage.submit('dana', SUMMARY);
};

describe('/deploy freeze', () => {
  it('WN-3: freezes until a time, and a card that would start says for what it waits and until when', async ({
    stage,
  }) => {
    const answer = await says(stage, 'tom', 'freeze checkout until tomorrow 9am because the audit runs');
    expect(answer).toMatch(/F-1: checkout frozen until <!date\^\d+\^.*the audit runs/);
    const id = await request(stage, STAGING);
    await stage.pass(2 * MINUTE);
    const { text } = await stage.card(id);
    expect(text).toMatch(/Waits: checkout is frozen by Tom until <!date\^\d+.*the audit runs/);
    expect(text).toMatch(/It can start <!date/);
    expect((await stage.load(id)).status).toBe('scheduled');
    await stage.pass(DAY);
    expect((await stage.load(id)).rollout?.startedAt).toBe(Date.UTC(2026, 0, 6, 9));
  });

  it('WN-3: is announced to everybody: what, who, why and until when, and that it is lifted', async ({
    stage,
  }) => {
    await stage.type('omar', 'checkout', '/deploy freeze checkout for 2h because quarter end');
    await stage.settled();
    const seen = async () => (await stage.driver.messages({ channel: 'deploys' })).map(({ text }) => text);
    expect(await seen()).toEqual([
      expect.stringMatching(
        /^🧊 Freeze F-1 · checkout, from .* until .* · Omar: “quarter end”\nNothing starts there/,
      ),
    ]);
    await stage.type('omar', 'checkout', '/deploy unfreeze F-1 because the books are closed');
    await stage.settled();
    expect(await seen()).toEqual([
      expect.anything(),
      expect.stringMatching(/^🟢 Freeze F-1 · checkout is lifted by Omar: “the books are closed”/),
    ]);
  });

  it('OP-9: for a hundred years is refused, and so are words without end', async ({ stage }) => {
    const far = await says(stage, 'tom', 'freeze checkout for 5200w because the audit runs');
    expect(far).toMatch(/too far away: dates lie at most 730 days ahead/);
    const endless = `freeze checkout for 2d because ${'the audit runs '.repeat(500)}`;
    expect(await says(stage, 'tom', endless)).toContain('too long to be a command');
    expect((await stage.bot.stores.calendar.standing(stage.clock.now())).freezes).toEqual([]);
  });

  it('WN-3: refuses a start at a time within it, at the field of the time, in the zone of who asks', async ({
    stage,
  }) => {
    await says(stage, 'tom', 'freeze everything for 2d because the audit runs');
    const { ok, errors } = await asksFor(stage, `${STAGING} at 16:00`);
    expect(ok).toBe(false);
    expect(errors).toEqual({
      [SCHEDULE_FIELDS.at]: expect.stringMatching(
        /everything is frozen by Tom until Wed 7 Jan 11:00 \("the audit runs"\)\. Choose a time after that/,
      ),
    });
  });

  it('WN-3: is ended by /deploy unfreeze, and what waited starts', async ({ stage }) => {
    await says(stage, 'tom', 'freeze staging for 2d because the audit runs');
    const id = await request(stage, STAGING);
    await stage.pass(HOUR);
    expect((await stage.load(id)).rollout?.startedAt).toBeUndefined();
    expect(await says(stage, 'omar', 'unfreeze staging')).toMatch(/F-1 is over/);
    await stage.pass(MINUTE);
    expect((await stage.load(id)).rollout?.startedAt).toBeDefined();
    expect(await says(stage, 'omar', 'unfreeze F-1')).toMatch(/F-1 does not stand/);
  });

  it('WN-3: of somebody else is ended only by a role that may, and whoever declared it is told by whom and why', async ({
    stage,
  }) => {
    await says(stage, 'tom', 'freeze checkout for 2d because the audit runs');
    expect(await says(stage, 'dana', 'unfreeze F-1')).toMatch(
      /can't end somebody else's freeze: that is for Tech lead, Operations\. Nothing was changed/,
    );
    expect((await stage.bot.stores.calendar.standing(BEGINNING)).freezes).toHaveLength(1);
    expect(await says(stage, 'omar', 'unfreeze F-1 because the audit is over')).toMatch(
      /F-1 is over.*Tom is told/,
    );
    expect((await stage.dm('tom')).map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /Omar ended your freeze F-1 of checkout \(“the audit runs”\): “the audit is over”/,
      ),
    ]);
    await says(stage, 'tom', 'freeze checkout for 2d because the audit runs');
    await says(stage, 'tom', 'unfreeze F-2');
    expect(await stage.dm('tom')).toHaveLength(1);
  });

  it('WN-3: that is overridden for one deployment is told to whoever declared it', async ({ stage }) => {
    await says(stage, 'tom', 'freeze everything for 2d because the audit runs');
    const id = await request(stage, STAGING);
    await stage.pass(MINUTE);
    const card = await stage.card(id);
    await stage.click(
      'omar',
      card,
      CARD_ACTIONS.more,
      choice(card, CARD_ACTIONS.more, 'Start in spite of it'),
    );
    await stage.submit('omar', { [REASON_MODAL.action]: 'Customers cannot pay.' });
    expect((await stage.dm('tom')).map(({ text }) => text).join('\n')).toMatch(
      /checkout v2\.1\.0.*\nOmar lets it start in spite of your freeze or lock: “Customers cannot pay\.”/,
    );
  });

  it('WN-3: is overridden from the card by a named role, who must say why', async ({ stage }) => {
    await says(stage, 'tom', 'freeze everything for 2d because the audit runs');
    const id = await request(stage, STAGING);
    await stage.pass(MINUTE);
    const override = async (person: 'dana' | 'tom') => {
      const card = await stage.card(id);
      const value = choice(card, CARD_ACTIONS.more, 'Start in spite of it');
      const { modal } = await stage.click(person, card, CARD_ACTIONS.more, value);
      expect(modal && wordsOf(modal)).toContain('the audit runs');
      return stage.submit(person, { [REASON_MODAL.action]: 'Customers cannot pay.' });
    };
    const denied = await override('dana');
    expect(JSON.stringify(denied.errors)).toMatch(
      /can't override this freeze: that is for tech_lead, operations/,
    );
    expect((await override('tom')).ok).toBe(true);
    await stage.pass(MINUTE);
    expect((await stage.load(id)).rollout?.startedAt).toBeDefined();
    const thread = (await stage.thread(id)).map(({ text }) => text).join('\n');
    expect(thread).toMatch(/Tom lets it start all the same: Customers cannot pay\./);
  });

  it.for([
    ['freeze', /Say what to freeze.*\n.*\/deploy freeze SERVICE/],
    ['freeze chekout until tomorrow because x', /No service `chekout`\. Did you mean `checkout`\?/],
    ['freeze checkout because x', /Say until when/],
    ['freeze checkout until tomorrow', /Say why: because …/],
    ['freeze checkout until whenever because x', /"whenever" is not understood as a time/],
    ['unfreeze', /Say which\. No freeze stands/],
    ['unfreeze everything', /No freeze stands/],
    [
      'unfreeze everything tomorrow 9am',
      /^It ends at once, and takes no time: nothing was done\. Say it when it should end/,
    ],
    ['unfreeze everything 2h', /^It ends at once, and takes no time/],
    ['unlock checkout tomorrow', /^It ends at once, and takes no time/],
    [
      'freeze everything tomorrow 9am because x',
      /^"tomorrow 9am" is not understood: say from when until when/,
    ],
    ['freeze checkout until 14:00', /Say why: because …/],
    ['freeze everything every friday because x', /what comes again each week stands in gonogo\.yml/],
    ['lock checkout tomorrow 9–17 because x', /A lock begins at once: declare a freeze for a later time/],
    ['unlock checkout until 18:00', /takes no time: nothing was done/],
    ['lock', /Name a service\.\n.*\/deploy lock SERVICE/],
    ['lock chekout because x', /No service `chekout`\. Did you mean `checkout`\?/],
    ['lock checkout prodution because x', /No environment `prodution`\. Did you mean `production`\?/],
    ['lock checkout for 2h', /Say why: because …/],
    ['lock checkout for 30d because x', /A lock lasts at most 7 days/],
    ['unlock checkout', /checkout is not locked/],
    ['calendar chekout', /No service `chekout`\. Did you mean `checkout`\?/],
    ['calendar', /The next two weeks\nNo window, nothing scheduled, no freeze and no lock/],
    ['freze checkout', /Did you mean `\/deploy freeze SERVICE/],
    ['clendar', /Did you mean `\/deploy calendar \[SERVICE\]`/],
  ] as const)('K-1: /deploy %s answers with what is missing', async ([words, answer], { stage }) => {
    expect(await says(stage, 'tom', words)).toMatch(answer);
  });

  it('WN-3: and lock are for the roles that the policy names, and a refusal says which', async ({ open }) => {
    const stage = await open({
      policy: `${examplePolicy()}\ncalendar: { freeze: [operations], lock: [tech_lead] }\n`,
    });
    expect(await says(stage, 'dana', 'freeze checkout for 1h because x')).toMatch(
      /can't declare a freeze: that is for Operations\. Nothing was changed/,
    );
    expect(await says(stage, 'omar', 'lock checkout because x')).toMatch(/that is for Tech lead/);
    expect(await stage.bot.stores.calendar.standing(BEGINNING)).toEqual({ freezes: [], locks: [] });
    expect(await says(stage, 'omar', 'freeze checkout for 1h because x')).toMatch(/F-1/);
  });

  it('K-1: help names it all', async ({ stage }) => {
    const help = await says(stage, 'tom', 'help');
    for (const word of ['freeze', 'unfreeze', 'lock', 'unlock', 'calendar'])
      expect(help).toContain(`/deploy ${word}`);
  });
});

describe('/deploy lock', () => {
  it("WN-4: refuses somebody else's deployment by name, end and reason, and not one's own", async ({
    stage,
  }) => {
    expect(await says(stage, 'tom', 'lock checkout for 2h because load test')).toMatch(
      /You have locked checkout until <!date.*load test/,
    );
    const { errors } = await asksFor(stage, STAGING);
    expect(Object.values(errors ?? {})[0]).toMatch(
      /^checkout is locked by Tom until Mon 5 Jan 13:00 \("load test"\)\. Ask them, or take the lock over/,
    );
    expect(await says(stage, 'tom', 'unlock checkout')).toMatch(/your lock is over/);
    expect((await stage.submit('dana', SUMMARY)).ok).toBe(true);
  });

  it('WN-4: is taken over with a confirmed click, and its holder is told by whom', async ({ stage }) => {
    await says(stage, 'tom', 'lock checkout production for 2h because load test');
    await stage.type('dana', 'checkout', '/deploy lock checkout for 1h because a hot fix');
    const whispers = await stage.driver.messages({ channel: 'checkout', user: 'U0DANA00001' });
    const offer = whispers.findLast(({ text }) => text.includes('is locked by Tom'));
    if (offer === undefined) throw new Error('no offer to take it over');
    expect(elementOf(offer, LOCK_ACTIONS.takeOver).confirm?.title.text).toBe('Take the lock over from Tom?');
    const { told } = await stage.click('dana', offer, LOCK_ACTIONS.takeOver);
    expect(told.join()).toMatch(/You have locked checkout until/);
    const notices = (await stage.dm('tom')).map(({ text }) => text).join('\n');
    expect(notices).toMatch(/Dana took over your lock on checkout in production \(“load test”\)/);
    const again = await stage.click('dana', offer, LOCK_ACTIONS.takeOver);
    expect(again.told.join()).toMatch(/You have locked checkout/);
  });

  it('WN-4: reminds a forgetful holder when its time is over, once', async ({ stage }) => {
    await says(stage, 'tom', 'lock checkout for 1h because load test');
    await stage.pass(59 * MINUTE);
    expect(await stage.dm('tom')).toEqual([]);
    await stage.pass(2 * MINUTE);
    await stage.pass(DAY);
    const notices = (await stage.dm('tom')).map(({ text }) => text);
    expect(notices).toEqual([expect.stringMatching(/Your lock on checkout \(“load test”\) ended <!date/)]);
  });
});

describe('a policy with a window', () => {
  const WINDOW = `${examplePolicy()}
windows:
  - { name: Afternoon, days: [mon, tue, wed, thu], from: "14:00", to: "20:00", environments: [staging] }
`;

  it('WN-1: refuses a time outside it and names the next; the modal offers the next open window', async ({
    open,
  }) => {
    const stage = await open({ policy: WINDOW });
    const { errors } = await asksFor(stage, `${STAGING} at 12:00`);
    expect(Object.values(errors ?? {})[0]).toMatch(
      /outside its deployment windows\. The next one is open from Mon 5 Jan 14:00 to Mon 5 Jan 20:00/,
    );
    const { modal } = await stage.type('dana', 'checkout', `/deploy ${STAGING}`);
    expect(modal && wordsOf(modal)).toContain('In the next open window');
    const sent = await stage.submit('dana', { ...SUMMARY, [SCHEDULE_FIELDS.when]: 'window' });
    expect(sent.errors).toBeUndefined();
    const [d] = await stage.bot.stores.events.list({ limit: 1 });
    expect(d?.start.at).toBe(Date.UTC(2026, 0, 5, 13));
    await stage.pass(4 * HOUR);
    expect((await stage.load(d?.id ?? '')).rollout?.startedAt).toBe(Date.UTC(2026, 0, 5, 13));
  });

  it('K-7: the calendar and Home show windows, starts, freezes and locks by day, in the zone of the reader', async ({
    open,
  }) => {
    const stage = await open({ policy: WINDOW });
    const id = await request(stage, `${STAGING} at 15:00`);
    await says(stage, 'tom', 'freeze payments from tomorrow 9am for 2h because the audit runs');
    await says(stage, 'tom', 'lock search for 3h because load test');
    const calendar = await says(stage, 'dana', 'calendar');
    const [monday = '', tuesday = ''] = calendar.split(/Tue 6 Jan/);
    expect(monday).toContain('Mon 5 Jan');
    expect(monday).toContain('14:00–20:00 Afternoon: everything in staging');
    expect(monday).toContain(`15:00 checkout v2.1.0 → staging · ${id}`);
    expect(monday).toMatch(/11:00 search locked until Mon 5 Jan 14:00 · Tom: “load test”/);
    expect(tuesday).toMatch(/payments frozen until/);
    expect(await says(stage, 'dana', 'calendar payments')).not.toContain(id);
    const home = wordsOf(await stage.home('dana'));
    for (const words of [
      'Next two weeks',
      'Afternoon',
      'Freezes and locks',
      'load test',
      '/deploy unfreeze F-1',
    ])
      expect(home).toContain(words);
  });
});
