/** Contracts as people meet them in Slack: brought in, refused with their lines, accepted once (HO-4). */

import { describe, expect } from 'vitest';
import type { Message } from '../../local-slack/protocol.ts';
import { LIMITS } from '../../src/contract/contract.ts';
import { contractChecklist } from '../../src/contract/to-checklist.ts';
import { HOUR, MINUTE } from '../../src/time.ts';
import { CONTRACT_ACTIONS, CONTRACT_IMPORT } from '../../views/contract-ids.ts';
import { SCHEDULE_FIELDS } from '../../views/schedule-fields.ts';
import { contractIn, SMALLEST, WHOLE } from '../contract/documents.ts';
import { examplePolicy } from './bot.ts';
import { PEOPLE, type PersonName } from './people.ts';
import { BEGINNING, it, type Stage } from './stage.ts';
import { actionsOn, elementsOf, filledWith, wordsOf } from './views-in-slack.ts';

const PLACE = 'checkout production';
const ID = 'CHECKOUT-PROD-042';

async function begin(stage: Stage, person: PersonName = 'dana'): Promise<string> {
  const { modal, told } = await stage.type(person, 'general', '/deploy contract');
  if (modal === null) throw new Error(`no modal: ${told.join(' ')}`);
  return modal.id;
}

async function paste(stage: Stage, text: string, person: PersonName = 'dana') {
  await begin(stage, person);
  return send(stage, text, person);
}

async function send(stage: Stage, text: string, person: PersonName) {
  return stage.submit(person, { [CONTRACT_IMPORT.place]: PLACE, [CONTRACT_IMPORT.text]: text });
}

async function upload(
  stage: Stage,
  content: string,
  filename = 'contract.md',
  encoding: 'utf8' | 'base64' = 'utf8',
) {
  const view_id = await begin(stage);
  const file = { view_id, filename, content, encoding };
  const sent = await stage.driver.upload(PEOPLE.dana, file);
  if (!sent.ok) throw new Error(sent.error);
  return stage.submit('dana', { [CONTRACT_IMPORT.place]: PLACE, [CONTRACT_IMPORT.file]: [sent.file.id] });
}

async function card(stage: Stage, id: string): Promise<Message> {
  const all = await stage.driver.messages({ channel: 'checkout' });
  const [only, ...more] = all.filter(
    ({ text, ephemeral }) => text.includes(`Contract ${id}`) && ephemeral === undefined,
  );
  if (only === undefined || more.length > 0) throw new Error(`${id} is posted ${all.length} times`);
  return only;
}

const record = async (stage: Stage, id: string) => {
  const found = await stage.bot.stores.contracts.find(id);
  if (found === undefined) throw new Error(`${id} is not in the record`);
  return found;
};

describe('/deploy contract', () => {
  it('HO-4: an uploaded file is read, kept as it was given, shown and posted in the channel of the service', async ({
    stage,
  }) => {
    const { ok, modal } = await upload(stage, WHOLE);
    expect(ok).toBe(true);
    const words = modal === null ? '' : wordsOf(modal);
    for (const said of [
      'The contract is in the record and in <#C0CHECKOUT2>',
      '15 criteria in 3 groups, 7 inputs',
      'Before the start: 18 items',
      'Before the hand-over: 25 items',
      'Health checks: Each probe answers',
      'line 81: deployed within 1 h',
      'line 119, Timeline: Handover: Operations own it from then on (no figure is understood here)',
      'Rehearsals, stages, one click back',
    ])
      expect(words).toContain(said);
    expect(await stage.bot.stores.contracts.source(ID)).toBe(WHOLE);
    const posted = await card(stage, ID);
    expect(posted.text).toMatch(/Contract CHECKOUT-PROD-042 {2}· {2}checkout → production/);
    expect(posted.text).toContain('From Checkout team to Operations: “Bring the new basket');
    expect(posted.text).toContain('Its checklist: 18 items before the start and 25 before the hand-over.');
    expect(posted.text).toContain('Waits to be accepted');
    expect(actionsOn(posted)).toEqual([CONTRACT_ACTIONS.accept, CONTRACT_ACTIONS.seeAll]);
    const { modal: all } = await stage.click('tom', posted, CONTRACT_ACTIONS.seeAll);
    expect(all && wordsOf(all)).toContain('Playbooks were tried and written down');
  });

  it('HO-4: is as well pasted in parts, cut at ends of lines, in the channel of its service', async ({
    stage,
  }) => {
    const long = `${WHOLE}\n## Notes\n${'Whatever else there is to say.\n'.repeat(50)}`;
    expect(long.length).toBeGreaterThan(7_000);
    const ends = [long.lastIndexOf('\n', 3_000), long.lastIndexOf('\n', 6_000)] as const;
    const opened = await stage.type('dana', 'checkout', '/deploy contract');
    expect(opened.modal && wordsOf(opened.modal)).toContain('checkout → production');
    const { ok, modal } = await stage.submit('dana', {
      [CONTRACT_IMPORT.text]: long.slice(0, ends[0]),
      [`${CONTRACT_IMPORT.text}.2`]: long.slice(ends[0] + 1, ends[1]),
      [`${CONTRACT_IMPORT.text}.3`]: long.slice(ends[1] + 1),
    });
    expect(ok).toBe(true);
    expect(modal && wordsOf(modal)).toContain('15 criteria in 3 groups, 7 inputs');
    expect(await stage.bot.stores.contracts.source(ID)).toBe(long);
  });

  it('HO-4: a pasted text does as well', async ({ stage }) => {
    const { ok, modal } = await paste(stage, SMALLEST);
    expect({ ok, title: modal?.title }).toEqual({ ok: true, title: 'Contract' });
    expect((await record(stage, 'C-1')).imported).toEqual({
      by: { id: PEOPLE.dana, name: 'Dana' },
      at: BEGINNING,
    });
  });

  it.for([
    [
      SMALLEST.replace('HANDOFF/V1', 'HANDOFF/V2'),
      'line 2: section "Schema": it says "HANDOFF/V2"; the only schema that is read is HANDOFF/V1',
    ],
    [
      SMALLEST.replace('## Acceptance Criteria\n- [ ] **Health checks**: All pass\n', ''),
      'line 13: section "Acceptance Criteria": it is missing; a contract needs at least one criterion as "- [ ] **Name**: text"',
    ],
    ['Hello', /^line 1: section "Schema": it is missing[\s\S]*\nline 1: section "Timeline"/],
  ] as const)(
    'HO-4: what is no contract is refused at the field, with its line: %#',
    async ([text, says], { stage }) => {
      const { ok, errors } = await paste(stage, text);
      expect({ ok, errors }).toEqual({
        ok: false,
        errors: { [CONTRACT_IMPORT.text]: typeof says === 'string' ? says : expect.stringMatching(says) },
      });
      expect(await stage.bot.stores.contracts.list(1)).toEqual([]);
    },
  );

  it('HO-4: neither a text nor a file, or both, is said at the field', async ({ stage }) => {
    const view_id = await begin(stage);
    const nothing = await stage.submit('dana', { [CONTRACT_IMPORT.place]: PLACE });
    expect(nothing.errors).toEqual({
      [CONTRACT_IMPORT.file]: 'Give the contract: as a file, or pasted below.',
    });
    const sent = await stage.driver.upload(PEOPLE.dana, { view_id, filename: 'c.md', content: SMALLEST });
    if (!sent.ok) throw new Error(sent.error);
    const both = await stage.submit('dana', {
      [CONTRACT_IMPORT.place]: PLACE,
      [CONTRACT_IMPORT.file]: [sent.file.id],
      [CONTRACT_IMPORT.text]: SMALLEST,
    });
    expect(both.errors).toEqual({ [CONTRACT_IMPORT.text]: expect.stringMatching(/not both/) });
  });

  it('HO-4: a file that is too large or no text is refused with what would be right', async ({ stage }) => {
    const large = await upload(stage, 'x'.repeat(LIMITS.bytes + 1));
    expect(large.errors).toEqual({
      [CONTRACT_IMPORT.file]: 'The file is too large: at most 64 KiB are read.',
    });
    const picture = await upload(
      stage,
      Buffer.from([0x89, 0xff, 0xfe]).toString('base64'),
      'picture.txt',
      'base64',
    );
    expect(picture.errors).toEqual({
      [CONTRACT_IMPORT.file]: 'picture.txt is not text in UTF-8: save it in that encoding, or paste it.',
    });
  });

  it('HO-4: the same text again is there already; another with its id is not taken', async ({ stage }) => {
    await paste(stage, SMALLEST);
    await stage.pass(HOUR);
    const same = await paste(stage, `${SMALLEST.replaceAll('\n', '\r\n')}\r\n`, 'tom');
    expect(same.errors).toEqual({
      [CONTRACT_IMPORT.text]:
        'Already imported: Dana imported it Mon 5 Jan 10:00. /deploy contract C-1 shows it.',
    });
    const other = await paste(stage, SMALLEST.replace('Ship it.', 'Ship it soon.'), 'dana');
    expect(other.errors).toEqual({
      [CONTRACT_IMPORT.text]: expect.stringMatching(
        /^There is another text with this id: Dana imported C-1 Mon 5 Jan \d\d:00\. A new version of a contract has an id of its own\.$/,
      ),
    });
    expect(await stage.bot.stores.contracts.source('C-1')).toBe(SMALLEST);
  });

  it('HO-4: whoever became a guest while the form was open imports nothing', async ({ stage }) => {
    await begin(stage, 'priya');
    await stage.driver.people(PEOPLE.priya, { is_restricted: true });
    const { ok, errors } = await send(stage, SMALLEST, 'priya');
    expect({ ok, errors }).toEqual({
      ok: false,
      errors: { [CONTRACT_IMPORT.text]: expect.stringMatching(/^Guests take no part/) },
    });
  });

  it('HO-4: where its message cannot be posted, the contract is kept and the person is told how to see it', async ({
    stage,
  }) => {
    await stage.driver.faults({ on: 'chat.postMessage', do: 'error', error: 'is_archived', times: 1 });
    stage.expectTrouble({ call: 'chat.postMessage', error: 'is_archived' });
    stage.expectTrouble({ logged: 'a contract could not be posted' });
    const { ok, modal } = await paste(stage, SMALLEST);
    expect(ok).toBe(true);
    expect(modal && wordsOf(modal)).toContain('Its message could not be posted');
    const { told } = await stage.type('omar', 'general', '/deploy contract c-1');
    expect(told[0]).toMatch(/Contract C-1[\s\S]*Waits to be accepted/);
  });

  it.for([
    ['contract list', /^No contract has been imported/],
    ['contract lst', /^No contract `lst`\. Did you mean `list`\?/],
    ['contracct', /Did you mean `\/deploy contract \[list\|ID\]`\?/],
    ['help', /\/deploy contract \[list\|ID\]/],
  ] as const)('K-1: /deploy %s is answered', async ([words, says], { stage }) => {
    const { told, modal } = await stage.type('dana', 'checkout', `/deploy ${words}`);
    expect({ told, modal }).toEqual({ told: [expect.stringMatching(says)], modal: null });
  });

  it('K-1: lists contracts, the newest first, and finds the one that was meant', async ({ stage }) => {
    await paste(stage, SMALLEST);
    await stage.pass(MINUTE);
    await upload(stage, WHOLE);
    const { told } = await stage.type('tom', 'general', '/deploy contract list');
    expect(told[0]).toMatch(/CHECKOUT-PROD-042 · checkout → production · .*waits to be accepted\nC-1 · /);
    const near = await stage.type('tom', 'general', '/deploy contract CHECKOUT-PROD-024');
    expect(near.told[0]).toMatch(/No contract `CHECKOUT-PROD-024`\. Did you mean `CHECKOUT-PROD-042`\?/);
  });
});

describe('accepting a contract', () => {
  it('HO-4: is done once, and says who did it and by when the window must begin', async ({ stage }) => {
    await upload(stage, WHOLE);
    await stage.pass(HOUR);
    const { modal } = await stage.click('omar', await card(stage, ID), CONTRACT_ACTIONS.accept);
    expect(modal && wordsOf(modal)).toContain('You take on for Operations what Checkout team hands over.');
    await stage.click('tom', await card(stage, ID), CONTRACT_ACTIONS.accept);
    expect((await stage.submit('omar')).ok).toBe(true);
    const at = BEGINNING + HOUR;
    expect((await record(stage, ID)).accepted).toEqual({
      by: { id: PEOPLE.omar, name: 'Omar' },
      at,
      moves: {},
    });
    const accepted = await card(stage, ID);
    expect(accepted.text).toMatch(/Accepted by Omar at <!date\^/);
    expect(accepted.text).toContain(`The window must begin by <!date^${(at + 48 * HOUR) / 1_000}^`);
    expect(accepted.text).toContain(', 2 days after.');
    expect(actionsOn(accepted)).toEqual([CONTRACT_ACTIONS.schedule, CONTRACT_ACTIONS.seeAll]);

    const second = await stage.submit('tom');
    expect(second.ok).toBe(false);
    expect(Object.values(second.errors ?? {})).toEqual([
      expect.stringMatching(
        /^Omar was faster: the contract was accepted at Mon 5 Jan \d\d:00\. Nothing was changed\.$/,
      ),
    ]);
    expect((await record(stage, ID)).accepted?.by.name).toBe('Omar');
  });

  it('HO-4: items are moved before the start or before the hand-over', async ({ stage }) => {
    await upload(stage, WHOLE);
    const { modal } = await stage.click('omar', await card(stage, ID), CONTRACT_ACTIONS.accept);
    if (modal === null) throw new Error('no modal');
    const health = 'checkout-prod-042-health-checks';
    const alerts = 'checkout-prod-042-error-alerts';
    const field = elementsOf(modal).find(({ options = [] }) => options.some(({ value }) => value === health));
    const offered = (field?.options ?? []).map(({ value }) => value);
    expect(offered).toContain(alerts);
    await stage.submit('omar', { [field?.action_id ?? '']: [health] });
    const { contract, accepted } = await record(stage, ID);
    expect(accepted?.moves).toMatchObject({ [health]: 'start', [alerts]: 'hand_over' });
    const before = new Map(
      contractChecklist(contract, accepted?.moves).map((item) => [item.id, item.before]),
    );
    expect([before.get(health), before.get(alerts)]).toEqual(['start', 'hand_over']);
    expect((await card(stage, ID)).text).toMatch(/Its checklist: \d+ items? before the start/);
  });

  it('HO-4: an accepted one says so to whoever clicks on an older answer', async ({ stage }) => {
    await paste(stage, SMALLEST);
    await stage.type('tom', 'general', '/deploy contract C-1');
    const shown = (await stage.driver.messages({ channel: 'general', user: PEOPLE.tom })).at(-1);
    if (shown === undefined) throw new Error('Tom sees nothing');
    await stage.click('omar', await card(stage, 'C-1'), CONTRACT_ACTIONS.accept);
    await stage.submit('omar');
    const { told, modal } = await stage.click('tom', shown, CONTRACT_ACTIONS.accept);
    expect(modal).toBeNull();
    expect(told).toEqual([expect.stringMatching(/^Omar was faster: the contract was accepted at <!date/)]);
  });

  it('HO-4: is for people with a role: neither guests nor others', async ({ open }) => {
    const nobody = examplePolicy().replace('product_owner: [U0PRIYA0005]', 'product_owner: [U0NOBODY008]');
    const stage = await open({ policy: nobody });
    await paste(stage, SMALLEST);
    await stage.driver.people(PEOPLE.priya, { is_restricted: true });
    const guest = await stage.click('priya', await card(stage, 'C-1'), CONTRACT_ACTIONS.accept);
    expect(guest).toMatchObject({ modal: null, told: [expect.stringMatching(/^Guests take no part/)] });
    await stage.driver.people(PEOPLE.priya, { is_restricted: false });
    const other = await stage.click('priya', await card(stage, 'C-1'), CONTRACT_ACTIONS.accept);
    expect(other).toMatchObject({
      modal: null,
      told: [
        expect.stringMatching(
          /^You can't accept a contract: that is for whoever holds a role here \(.*Operations/,
        ),
      ],
    });
    expect((await record(stage, 'C-1')).accepted).toBeUndefined();
  });

  it('HO-4: leads on to the schedule modal, filled in with the place', async ({ stage }) => {
    await paste(stage, SMALLEST);
    await stage.click('omar', await card(stage, 'C-1'), CONTRACT_ACTIONS.accept);
    await stage.submit('omar');
    const { modal } = await stage.click('omar', await card(stage, 'C-1'), CONTRACT_ACTIONS.schedule);
    expect(modal && filledWith(modal, SCHEDULE_FIELDS.service)).toBe('checkout');
    expect(modal && filledWith(modal, SCHEDULE_FIELDS.environment)).toBe('production');
  });

  it('HO-4: everything still fits where a contract is as large as it may be', async ({ stage }) => {
    const many = (count: number, what: string) =>
      Array.from(
        { length: count },
        (_, n) => `- **${what} ${n}**: ${'<!channel> &&&&&&&&&&& '.repeat(5)}`,
      ).join('\n');
    const large = SMALLEST.replace('- [ ] **Health checks**: All pass', many(LIMITS.criteria, 'Criterion'))
      .replace('## Timeline', `## Inputs\n${many(200, 'Input')}\n\n## Timeline`)
      .replace('Ship it.', 'Ship it, <@U0TOM000002>. '.repeat(250))
      .replace('**From**: Dana', '**From**: <!channel> Dana');
    const { ok, modal } = await upload(stage, large);
    expect(ok).toBe(true);
    expect(modal && wordsOf(modal)).toContain('There is more than Slack draws in one form');
    const posted = await card(stage, 'C-1');
    expect(posted.text).toContain('&lt;!channel&gt; Dana');
    expect(posted.text + wordsOf(posted)).not.toMatch(/<!channel>|<@U0TOM/);
    const opened = await stage.click('omar', await card(stage, 'C-1'), CONTRACT_ACTIONS.accept);
    expect(opened.modal && elementsOf(opened.modal)).toHaveLength(40);
    expect((await stage.submit('omar')).ok).toBe(true);
    expect(contractChecklist(contractIn(large))).toHaveLength(400);
  });
});
