import { describe, expect } from 'vitest';
import { MINUTE } from '../../src/time.ts';
import { SCHEDULE_FIELDS as FIELDS } from '../../views/schedule-fields.ts';
import { examplePolicy } from './bot.ts';
import { request, signAll } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it, type Stage } from './stage.ts';
import { expectTruth, timelineOf } from './truth.ts';
import { actionsOn, choice, wordsOf } from './views-in-slack.ts';

/** Two of the operations must say go. */
const quorum = (): string =>
  examplePolicy()
    .replace('operations: [U0OMAR00004]', 'operations: [U0OMAR00004, U0PRIYA0005]')
    .replace(
      '  production:\n',
      '  production:\n    sign_offs: [tech_lead, { role: operations, quorum: 2 }]\n',
    );

describe('saying go', () => {
  it('K-4: each approver is asked in a DM of their own, and can say go there', async ({ stage }) => {
    const id = await request(stage);
    const [asked, ...more] = await stage.dm('sana');
    if (asked === undefined) throw new Error('Sana was not asked');
    expect(more).toEqual([]);
    expect(asked.text).toContain('Your go is needed as Security: checkout v2.1.0 → production');
    expect(asked.text).toContain('asked for by Dana\n“Adds Apple Pay.”');
    expect(await stage.dm('priya')).toEqual([]);
    const { told } = await stage.click('sana', asked, 'card.go');
    expect(told).toEqual([]);
    const [done, ...still] = await stage.dm('sana');
    expect({ ts: done?.ts, still }).toEqual({ ts: asked.ts, still: [] });
    expect(done?.text).toMatch(/Done: you signed for Security at/);
    expect(done && actionsOn(done)).toEqual([]);
    expect((await stage.card(id)).text).toMatch(/✅ \*Security\* · go from Sana/);
    await expectTruth(stage, id);
  });

  it('K-4: the board says role by role who said what and who is waited for', async ({ stage }) => {
    const id = await request(stage);
    await stage.click('tom', await stage.card(id), 'card.go');
    const { text } = await stage.card(id);
    expect(text).toContain('Waiting for 2 of 3 sign-offs');
    expect(text).toMatch(/✅ \*Tech lead\* · go from Tom at /);
    expect(text).toMatch(/⏳ \*Security\* · waiting for Sana/);
    expect(text).toMatch(/⏳ \*Operations\* · waiting for Omar/);
  });

  it('K-4: whoever was asked sees in their DM that it is decided without them', async ({ stage }) => {
    const id = await request(stage);
    const { modal } = await stage.click('omar', await stage.card(id), 'card.no_go');
    expect(modal?.title).toBe('No-go');
    await stage.submit('omar', { 'no_go.text': 'The runbook is missing.' });
    const [dm] = await stage.dm('tom');
    expect(dm?.text).toContain('No longer needed: no-go from Omar: The runbook is missing.');
    expect(dm && actionsOn(dm)).toEqual([]);
  });
});

describe('saying no-go', () => {
  it('K-4: asks why, and ends it with the reason on the card and in the thread', async ({ stage }) => {
    const id = await request(stage);
    const { modal } = await stage.click('sana', await stage.card(id), 'card.no_go');
    expect(JSON.stringify(modal?.blocks)).toContain('What must change before it can go?');
    const empty = await stage.submit('sana', {});
    expect(Object.keys(empty.errors ?? {})).toEqual(['no_go.text']);
    const sent = await stage.submit('sana', { 'no_go.text': 'The scan found a leaked key.' });
    expect(sent).toMatchObject({ ok: true, modal: null });
    expect((await stage.card(id)).text).toMatch(/⛔ No-go from Sana .*: The scan found a leaked key\./);
    expect(await timelineOf(stage, id)).toContainEqual(
      expect.stringContaining('⛔ No-go from Sana as Security: The scan found a leaked key.'),
    );
    expect(actionsOn(await stage.card(id))).toEqual(['card.again']);
    await expectTruth(stage, id);
  });

  it('K-4: from the DM as well', async ({ stage }) => {
    const id = await request(stage);
    const [dm] = await stage.dm('tom');
    if (dm === undefined) throw new Error('Tom was not asked');
    await stage.click('tom', dm, 'card.no_go');
    await stage.submit('tom', { 'no_go.text': 'Not on a Friday.' });
    expect(await stage.load(id)).toMatchObject({
      status: 'rejected',
      ending: { reason: 'Not on a Friday.' },
    });
  });

  it('K-4: also once all have said go, as long as it has not started', async ({ stage }) => {
    const id = await request(stage, 'checkout v2.1.0 to production at 14:00');
    await signAll(stage, id);
    const card = await stage.card(id);
    await stage.click('sana', card, 'card.more', choice(card, 'card.more', 'No-go'));
    await stage.submit('sana', { 'no_go.text': 'A new advisory came in.' });
    expect((await stage.load(id)).status).toBe('rejected');
  });

  it('K-4: what was refused can be asked for again from the card, with what was asked before', async ({
    stage,
  }) => {
    const id = await request(stage);
    await stage.click('sana', await stage.card(id), 'card.no_go');
    await stage.submit('sana', { 'no_go.text': 'No.' });
    await stage.click('dana', await stage.card(id), 'card.again');
    expect(await stage.submit('dana')).toMatchObject({ ok: true });
    const [again] = await stage.bot.stores.events.list({ limit: 1 });
    expect(again).toMatchObject({ status: 'preparing', terms: { details: { summary: 'Adds Apple Pay.' } } });
    expect(again?.id).not.toBe(id);
    await expectTruth(stage, again?.id ?? '');
  });
});

describe('who may say go', () => {
  it('CH-6: nobody for their own deployment; they are told who can, and the attempt is recorded', async ({
    stage,
  }) => {
    const id = await request(stage, undefined, { [FIELDS.lead]: PEOPLE.tom });
    const { told } = await stage.click('tom', await stage.card(id), 'card.go');
    expect(told).toEqual([expect.stringContaining('Nobody approves their own deployment')]);
    expect(await stage.load(id)).toMatchObject({ status: 'preparing', approval: { signOffs: [] } });
    expect(await stage.bot.stores.events.events(id)).toContainEqual(
      expect.objectContaining({ type: 'attempt_refused', by: expect.objectContaining({ id: PEOPLE.tom }) }),
    );
    // The try stands in no line of the thread; that nobody else could is told there.
    expect(await timelineOf(stage, id)).toEqual([
      expect.stringContaining('asked for'),
      expect.stringContaining('obody can say go as Tech lead'),
    ]);
  });

  it('CH-6: whoever lacks the role is told privately whose it is', async ({ stage }) => {
    const id = await request(stage);
    const { told } = await stage.click('priya', await stage.card(id), 'card.go');
    expect(told).toEqual([
      expect.stringMatching(/You can't sign for checkout v2\.1\.0: .*Tech lead: Tom.*Security: Sana/),
    ]);
    const seenByTom = await stage.driver.messages({ channel: 'checkout', user: PEOPLE.tom });
    expect(seenByTom.filter(({ ephemeral }) => ephemeral !== undefined)).toEqual([]);
    expect((await stage.load(id)).approval.signOffs).toEqual([]);
  });

  it('CH-6: one click fills one role, and the second click of the same person fills no other', async ({
    open,
  }) => {
    const policy = examplePolicy().replace('security: [U0SANA00003]', 'security: [U0SANA00003, U0TOM000002]');
    const stage = await open({ policy });
    const id = await request(stage);
    const { told } = await stage.click('tom', await stage.card(id), 'card.go');
    expect(told.join()).toContain('One person fills one role: say as which you go.');
    expect((await stage.load(id)).approval.signOffs).toEqual([]);
    const asked = (await stage.dm('tom')).at(-1);
    if (asked === undefined) throw new Error('tom was not asked');
    expect(wordsOf(asked)).toContain('Go as Tech lead');
    expect(wordsOf(asked)).toContain('Go as Security');
    const { channel, ts } = asked;
    const button = { action_id: 'card.go', block_id: 'go.0' };
    await stage.driver.action(PEOPLE.tom, { channel, ts }, button);
    await stage.settled();
    const roles = async () => (await stage.load(id)).approval.signOffs.map(({ role }) => role);
    expect(await roles()).toEqual(['tech_lead']);
    const again = await stage.click('tom', await stage.card(id), 'card.go');
    expect(again.told.join()).toContain('Your go as Tech lead is recorded already');
    expect(await roles()).toEqual(['tech_lead']);
  });

  it('CH-6: a quorum of two needs two different people', async ({ open }) => {
    const stage = await open({ policy: quorum() });
    const id = await request(stage);
    await stage.click('tom', await stage.card(id), 'card.go');
    await stage.click('omar', await stage.card(id), 'card.go');
    expect((await stage.card(id)).text).toMatch(
      /⏳ \*Operations\* · 1 of 2 given · go from Omar · waiting for Priya/,
    );
    const again = await stage.click('omar', await stage.card(id), 'card.go');
    expect(again.told).toEqual([expect.stringContaining('Your go as Operations is recorded already')]);
    expect((await stage.load(id)).status).toBe('preparing');
    await stage.click('priya', await stage.card(id), 'card.go');
    expect((await stage.load(id)).status).not.toBe('preparing');
    await expectTruth(stage, id);
  });
});

describe('a sign-off is for what was signed', () => {
  it('CH-7: another version makes the gos fall, the card names whose and why, and they are asked again', async ({
    stage,
  }) => {
    const id = await request(stage);
    await stage.click('tom', await stage.card(id), 'card.go');
    await stage.click('sana', await stage.card(id), 'card.go');
    const card = await stage.card(id);
    await stage.click('dana', card, 'card.more', choice(card, 'card.more', 'Change'));
    expect(await stage.submit('dana', { [FIELDS.version]: 'v2.1.2' })).toMatchObject({ ok: true });
    const changed = await stage.card(id);
    expect(changed.text).toContain('Waiting for 3 of 3 sign-offs');
    expect(changed.text).toContain("Tom's go fell: version v2.1.0 → v2.1.2");
    expect(changed.text).toContain("Sana's go fell: version v2.1.0 → v2.1.2");
    expect(await timelineOf(stage, id)).toContainEqual(
      expect.stringMatching(
        /Dana changed it: version v2\.1\.0 → v2\.1\.2.*Fallen, and asked for again: the go of Tom as Tech lead .* Sana as Security/,
      ),
    );
    const dms = await stage.dm('tom');
    // An update of the first one would notify nobody.
    expect(dms).toHaveLength(2);
    expect(dms[1]?.text).toMatch(/^Asked again: your go is needed as Tech lead/);
    for (const { text } of dms)
      expect(text).toContain('It has changed since the last go for this role, which fell.');
    await signAll(stage, id);
    expect((await stage.load(id)).status).not.toBe('preparing');
    await expectTruth(stage, id);
  });

  it('CH-7: a change of words alone leaves the gos standing', async ({ stage }) => {
    const id = await request(stage);
    await stage.click('tom', await stage.card(id), 'card.go');
    const card = await stage.card(id);
    await stage.click('dana', card, 'card.more', choice(card, 'card.more', 'Change'));
    await stage.submit('dana', { [FIELDS.summary]: 'Adds Apple Pay, in Germany first.' });
    expect((await stage.card(id)).text).toMatch(/✅ \*Tech lead\* · go from Tom at/);
    expect((await stage.load(id)).terms.details.summary).toBe('Adds Apple Pay, in Germany first.');
  });

  it('CH-7: an edit says before it is saved whose go falls and whose stands, and that is what happens', async ({
    stage,
  }) => {
    const id = await request(stage);
    for (const person of ['tom', 'sana'] as const) await stage.click(person, await stage.card(id), 'card.go');
    const card = await stage.card(id);
    const edit = choice(card, 'card.more', 'Change');
    const { modal: opened } = await stage.click('dana', card, 'card.more', edit);
    if (opened === null) throw new Error('no form');
    expect(wordsOf(opened)).toContain(
      'The go of Tom as Tech lead and the go of Sana as Security stand.\\nOf another summary, lead or on-call Tom and Sana are told',
    );
    const { modal: risky } = await stage.click('dana', opened, FIELDS.risk, 'high');
    if (risky === null) throw new Error('the form is gone');
    expect(wordsOf(risky)).toContain(
      'Saving this, these fall and are asked for again: the go of Sana as Security (risk medium → high).\\nThe go of Tom as Tech lead stands.',
    );
    const { modal: late } = await stage.click('dana', risky, FIELDS.version, 'v2.0.4');
    expect(late && wordsOf(late)).toContain('As it is filled in it would not be saved: v2.0.4 already runs');
    expect((await stage.load(id)).approval.signOffs.map(({ fallen }) => fallen)).toEqual([
      undefined,
      undefined,
    ]);
    expect(await stage.submit('dana', { [FIELDS.version]: 'v2.1.0' })).toMatchObject({ ok: true });
    expect((await stage.load(id)).approval.signOffs).toMatchObject([
      { person: { name: 'Tom' }, carriedTo: expect.any(String) },
      { person: { name: 'Sana' }, fallen: 'risk medium → high' },
    ]);
  });

  it('CH-7: an older form puts nothing back: it is refused at the field with both values, and can be sent again', async ({
    stage,
  }) => {
    const id = await request(stage, undefined, { [FIELDS.lead]: PEOPLE.priya });
    const card = await stage.card(id);
    const edit = choice(card, 'card.more', 'Change');
    await stage.click('dana', card, 'card.more', edit);
    await stage.click('priya', card, 'card.more', edit);
    await stage.submit('dana', { [FIELDS.version]: 'v2.1.2', [FIELDS.risk]: 'high' });
    const { seq } = await stage.load(id);
    const both = (now: string, yours: string) =>
      expect.stringContaining(`Someone was faster. Now: "${now}". Yours: "${yours}".`);
    const words = { [FIELDS.summary]: 'Adds Apple Pay, in Germany first.' };
    const older = await stage.submit('priya', words);
    expect(older.errors).toEqual({
      [FIELDS.version]: both('v2.1.2', 'v2.1.0'),
      [FIELDS.risk]: both('high', 'medium'),
    });
    const other = await stage.submit('priya', { [FIELDS.version]: 'v2.1.1', [FIELDS.risk]: 'high' });
    expect(other.errors).toEqual({ [FIELDS.version]: both('v2.1.2', 'v2.1.1') });
    expect((await stage.load(id)).seq).toBe(seq);
    expect(await stage.submit('priya', { [FIELDS.version]: 'v2.1.2' })).toMatchObject({ ok: true });
    const { envelope, details } = (await stage.load(id)).terms;
    expect({ ...details, version: envelope.version }).toMatchObject({
      version: 'v2.1.2',
      risk: 'high',
      summary: 'Adds Apple Pay, in Germany first.',
    });
  });

  it('CH-7: only who asked for it or leads it may change it', async ({ stage }) => {
    const id = await request(stage);
    const card = await stage.card(id);
    await stage.click('tom', card, 'card.more', choice(card, 'card.more', 'Change'));
    const { errors } = await stage.submit('tom', { [FIELDS.version]: 'v2.1.2' });
    expect(Object.values(errors ?? {})).toEqual([expect.stringContaining("You can't change checkout")]);
  });
});

/** Tom holds two of the roles that are asked. */
const tomHoldsTwo = (): string =>
  examplePolicy().replace(`security: [${PEOPLE.sana}]`, `security: [${PEOPLE.sana}, ${PEOPLE.tom}]`);

describe('somebody with several roles', () => {
  it('CH-10: is asked in the modal as which of them they say no-go', async ({ open }) => {
    const stage = await open({ policy: tomHoldsTwo() });
    const id = await request(stage);
    const { modal } = await stage.click('tom', await stage.card(id), 'card.no_go');
    expect(modal && wordsOf(modal)).toContain('As which of your roles?');
    const empty = await stage.submit('tom', { 'no_go.text': 'The runbook is missing.' });
    expect(empty.ok).toBe(false);
    expect((await stage.load(id)).status).toBe('preparing');
    await stage.submit('tom', { 'no_go.text': 'The runbook is missing.', 'as_role.role': 'security' });
    expect((await stage.load(id)).approval.signOffs).toMatchObject([{ role: 'security', decision: 'no_go' }]);
  });

  it('CH-10: is asked when they send it where Slack did not say in time who they are', async ({ open }) => {
    const stage = await open({ policy: tomHoldsTwo() });
    const id = await request(stage);
    await stage.driver.faults({ on: 'users.info', do: 'status', status: 500, times: 1 });
    stage.expectTrouble({ call: 'users.info', error: 'internal_error' });
    stage.expectTrouble({ logged: 'a person could not be looked up and was refused' });
    const { modal } = await stage.click('tom', await stage.card(id), 'card.no_go');
    expect(modal && wordsOf(modal)).not.toContain('As which of your roles?');
    const asked = await stage.submit('tom', { 'no_go.text': 'The runbook is missing.' });
    expect(asked.modal && wordsOf(asked.modal)).toContain('As which of your roles?');
    await stage.submit('tom', { 'as_role.role': 'tech_lead' });
    expect((await stage.load(id)).approval.signOffs).toMatchObject([
      { role: 'tech_lead', decision: 'no_go', reason: 'The runbook is missing.' },
    ]);
  });

  it('CH-10: is asked for which of them somebody else signs', async ({ open }) => {
    const stage = await open({ policy: tomHoldsTwo() });
    const id = await request(stage);
    const card = await stage.card(id);
    const { modal } = await stage.click('tom', card, 'card.more', choice(card, 'card.more', 'Delegate'));
    expect(modal && wordsOf(modal)).toContain('For which of your roles?');
    await stage.submit('tom', { 'delegate.who': PEOPLE.priya, 'as_role.role': 'security' });
    expect((await stage.load(id)).approval.delegations).toMatchObject([
      { role: 'security', to: { id: PEOPLE.priya } },
    ]);
  });
});

describe('Withdraw my go', () => {
  const withdrawal = async (stage: Stage) =>
    (await stage.dm('tom')).find((message) => actionsOn(message).includes('card.withdraw'));

  async function reworded(stage: Stage): Promise<string> {
    const id = await request(stage);
    await stage.click('tom', await stage.card(id), 'card.go');
    const card = await stage.card(id);
    await stage.click('dana', card, 'card.more', choice(card, 'card.more', 'Change'));
    const sent = await stage.submit('dana', { [FIELDS.summary]: 'Drops the orders table.' });
    expect(sent.errors).toBeUndefined();
    return id;
  }

  it('CH-7: another summary reaches whoever signed in a new message, and their go can be taken back there', async ({
    stage,
  }) => {
    const id = await reworded(stage);
    const told = await withdrawal(stage);
    if (told === undefined) throw new Error('Tom was not told');
    expect(told.text).toContain('Since your go, Dana changed: summary.');
    expect(told.text).toContain('Drops the orders table.');
    expect((await stage.dm('sana')).length).toBe(1);
    await stage.click('tom', told, 'card.withdraw');
    expect((await stage.load(id)).approval.signOffs).toMatchObject([{ fallen: 'it was withdrawn' }]);
    expect((await stage.card(id)).text).toMatch(/⏳ \*Tech lead\* · waiting for Tom/);
    expect(await timelineOf(stage, id)).toContainEqual(
      expect.stringContaining('Tom withdrew their go as Tech lead; it is asked for again'),
    );
    expect(await withdrawal(stage)).toBeUndefined();
    await expectTruth(stage, id);
  });

  it('CH-7: is offered no more once it has started, and refused by word', async ({ stage }) => {
    const id = await reworded(stage);
    for (const person of ['sana', 'omar'] as const)
      await stage.click(person, await stage.card(id), 'card.go');
    await stage.pass(MINUTE);
    expect((await stage.load(id)).rollout?.startedAt).toBeDefined();
    expect(await withdrawal(stage)).toBeUndefined();
    const { told } = await stage.type('tom', 'checkout', `/deploy withdraw ${id}`);
    expect(told.join()).toMatch(/started|There is no|Nothing/);
    await expectTruth(stage, id);
  });

  it('CH-7: by word, before it starts', async ({ stage }) => {
    const id = await request(stage);
    await stage.click('tom', await stage.card(id), 'card.go');
    const { told } = await stage.type('tom', 'checkout', `/deploy withdraw ${id}`);
    expect(told.join()).toContain(`Done: ${id}`);
    expect((await stage.load(id)).approval.signOffs).toMatchObject([{ fallen: 'it was withdrawn' }]);
  });
});
