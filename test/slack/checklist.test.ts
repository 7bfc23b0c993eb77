/** Gates and the checklist as people meet them: the card's lines, the modal, its refusals, and `/deploy checklist`. */

import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { SCHEDULE_FIELDS as FIELDS } from '../../views/schedule-fields.ts';
import { examplePolicy } from './bot.ts';
import { request, rollingOut, signAll } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it, type Stage } from './stage.ts';
import { boxesIn, openChecklist, saveBoxes, tick, tickedIn } from './ticking.ts';
import { expectTruth, timelineOf } from './truth.ts';
import { actionsOn, choice, elementOf, wordsOf } from './views-in-slack.ts';

/** The items of the documentation, all waited for: four of the preset, and what a test puts beside them. */
function strict({ gates = '', items = '' }: { gates?: string; items?: string } = {}): string {
  const waited = examplePolicy()
    .replaceAll(', checklist: optional', '')
    .replace('    hand_over_gates: []\n', '    hand_over_gates: []\n    checklist: [documentation]\n');
  return `${waited}\n${gates === '' ? '' : `gates:\n${gates}\n`}${items === '' ? '' : `checklist:\n${items}\n`}`;
}

const FOUR = ['release_notes', 'deployment_runbook', 'rollback_runbook', 'communication_plan'];
const AT = 'checkout v2.1.0 to production at 14:00';

const statusOf = async (stage: Stage, id: string): Promise<string> => (await stage.load(id)).status;

/** Until its traffic is all moved and it is watched. */
async function observed(stage: Stage, id: string): Promise<void> {
  await stage.pass(DAY, async () => (await statusOf(stage, id)) === 'observing');
}

describe('what a start waits for besides its sign-offs', () => {
  it('GT-5: an open required item keeps it from starting, and ticking the last one schedules it', async ({
    open,
  }) => {
    const stage = await open({ policy: strict() });
    const id = await request(stage, AT);
    expect((await stage.card(id)).text).toContain('Waiting for 3 of 3 sign-offs and 4 checklist items');
    await signAll(stage, id);
    expect(await statusOf(stage, id)).toBe('preparing');
    const before = (await stage.card(id)).text;
    expect(before).toContain('Waiting for 4 checklist items · starts');
    expect(before).toContain('unless all that it needs is there by then');
    expect(actionsOn(await stage.card(id))).toEqual(['card.checklist', 'card.more']);
    expect(before).toContain(
      '✅ *Gates* · build ok · unit tests 100 % of 382 tests · security scan 0 critical, 0 high',
    );
    expect(before).toMatch(/⏳ \*Checklist\* · 0 of 4 · open: The release notes are complete, /);
    await expectTruth(stage, id);

    await tick(stage, 'tom', id, FOUR.slice(0, 3), 'Read them all.');
    expect(await statusOf(stage, id)).toBe('preparing');
    expect((await stage.card(id)).text).toContain('Waiting for 1 checklist item · starts');
    expect((await stage.card(id)).text).toContain('3 of 4 · open: Who tells whom is settled\n');
    expect((await timelineOf(stage, id)).filter((line) => line.includes('ticked'))).toEqual([
      '☑️ Tom ticked: The release notes are complete, The deployment runbook is up to date and The rollback runbook was checked: Read them all.',
    ]);

    await tick(stage, 'dana', id, FOUR.slice(3));
    expect(await statusOf(stage, id)).toBe('scheduled');
    expect((await stage.card(id)).text).toContain('All 5 gates passed · checklist 4 of 4');
    await expectTruth(stage, id);
  });

  it('GT-5: Omar opens again what Tom ticked, and it waits again, said in the thread', async ({ open }) => {
    const stage = await open({ policy: strict() });
    const id = await request(stage, AT);
    await signAll(stage, id);
    await tick(stage, 'tom', id, FOUR);
    expect(await statusOf(stage, id)).toBe('scheduled');
    const view = await openChecklist(stage, 'omar', id);
    expect(tickedIn(view).toSorted()).toEqual(FOUR.toSorted());
    expect(wordsOf(view)).toContain('Ticked by Tom, Mon 5 Jan 05:00');
    await saveBoxes(stage, 'omar', view, { untick: ['release_notes'] });
    expect(await statusOf(stage, id)).toBe('preparing');
    expect(await timelineOf(stage, id)).toEqual(
      expect.arrayContaining([
        'Omar opened again: The release notes are complete',
        'It waits again: The release notes are complete is missing',
      ]),
    );
    expect((await stage.load(id)).evidence.ticks.map(({ item }) => item)).not.toContain('release_notes');
    await expectTruth(stage, id);
  });

  it('GT-1: a failed gate blocks, is named first, and nobody can tick against it', async ({ open }) => {
    const stage = await open({
      policy: strict({
        gates: '  integration_tests: { pass_rate: 100 }',
        items:
          '  tried: { group: documentation, text: Integration was tried, evidence: { gate: integration_tests } }',
      }),
    });
    const id = await request(stage, AT);
    await signAll(stage, id);
    await tick(stage, 'tom', id, FOUR);
    const card = await stage.card(id);
    expect(card.text).toContain('Waiting for 1 gate · starts');
    expect(card.text).toContain(
      '🚧 *Gates* · integration tests failed: 98.6 % of 143 tests, at least 100 % · build ok',
    );
    expect(card.text).toContain('*Checklist* · 4 of 5 · 1 item waits for the above');
    const view = await openChecklist(stage, 'tom', id);
    expect(boxesIn(view)).not.toContain('tried');
    expect(wordsOf(view)).toMatch(
      /🚧 \*Integration was tried\* · integration tests failed: 98\.6 % .* a tick does not stand against it/,
    );
  });

  it('GT-7: a tick that is too old opens its item again, and the deployment with it', async ({ open }) => {
    const stage = await open({ policy: strict({ items: '  release_notes: { lasts: 1h }' }) });
    const id = await request(stage, AT);
    await signAll(stage, id);
    await tick(stage, 'tom', id, FOUR);
    expect(await statusOf(stage, id)).toBe('scheduled');
    await stage.pass(HOUR + MINUTE);
    expect(await statusOf(stage, id)).toBe('preparing');
    expect((await stage.card(id)).text).toContain('3 of 4 · open: The release notes are complete (too old)');
    expect(await timelineOf(stage, id)).toEqual(
      expect.arrayContaining([
        '⌛ Too old to count by now: The release notes are complete',
        `It waits again: The release notes are complete is missing\n<@${PEOPLE.dana}>: it starts by itself once that is there.`,
      ]),
    );
    const view = await openChecklist(stage, 'omar', id);
    expect(wordsOf(view)).toContain('Too old: ticked by Tom, ');
    await saveBoxes(stage, 'omar', view, { tick: ['release_notes'] });
    expect(await statusOf(stage, id)).toBe('scheduled');
    await expectTruth(stage, id);
  });

  it('GT-7: a report that is too old is shown as such, with its age, to those who approve as well', async ({
    open,
  }) => {
    const stage = await open({ policy: strict({ gates: '  build: { lasts: 6h }' }) });
    const id = await request(stage, AT);
    const [asked] = await stage.dm('sana');
    expect(asked?.text).toContain('Gates: all 5 passed');
    await stage.pass(2 * HOUR);
    const { text, blocks } = await stage.card(id);
    expect(text).toContain('⏳ *Gates* · build too old: ');
    expect(text).toContain('counts for 6 h · unit tests 100 %');
    expect(JSON.stringify(blocks)).toMatch(/build too old: <!date\^\d+\^\{ago\}\|/);
    const dms = await stage.dm('sana');
    expect(dms).toHaveLength(1);
    expect(dms[0]?.text).toContain('1 of 5 gates open: build too old');
    await expectTruth(stage, id);
  });

  it('GT-5: another version makes the ticks fall, and the card and the thread say so', async ({ open }) => {
    const stage = await open({ policy: strict() });
    const id = await request(stage, AT);
    await tick(stage, 'tom', id, FOUR);
    expect((await stage.card(id)).text).toContain('✅ *Checklist* · all 4 done');
    const card = await stage.card(id);
    await stage.click('dana', card, 'card.more', choice(card, 'card.more', 'Change'));
    await stage.submit('dana', { [FIELDS.version]: 'v2.1.2' });
    expect((await stage.card(id)).text).toContain('3 of 3 sign-offs and 4 checklist items');
    expect((await stage.card(id)).text).toContain('*Checklist* · 0 of 4 · open: ');
    expect(await timelineOf(stage, id)).toContainEqual(
      expect.stringContaining('What was ticked of the old one (4) is open again'),
    );
    await expectTruth(stage, id);
  });

  it('GT-5: items that are optional are shown without being waited for', async ({ stage }) => {
    const id = await request(stage);
    const { text } = await stage.card(id);
    expect(text).toContain('Waiting for 3 of 3 sign-offs · starts as soon as all have said go');
    expect(text).toMatch(/☑️ \*Checklist\* · \d+ of 21 · the rest is optional, not waited for/);
    expect(wordsOf(await openChecklist(stage, 'dana', id))).toContain('All items are optional here');
    await signAll(stage, id);
    await stage.pass(MINUTE);
    expect(await statusOf(stage, id)).toBe('rolling_out');
  });
});

describe('the hand-over', () => {
  const policy = strict({
    items: `${FOUR.map((item) => `  ${item}: false`).join('\n')}
  known_issues: { group: documentation, before: hand_over, text: Known issues are written down }`,
  });

  it('HO-1: waits for its open items, whether the clock or a person would hand it over', async ({ open }) => {
    const stage = await open({ policy });
    const id = await rollingOut(stage);
    await observed(stage, id);
    const card = await stage.card(id);
    expect(actionsOn(card)).toEqual(['card.checklist', 'card.hand_over', 'card.roll_back', 'card.more']);
    expect(card.text).toContain('once what is open below is done: Dana sees to it.');
    expect(card.text).toContain('⏳ *Hand-over checklist* · 0 of 1 · open: Known issues are written down');
    expect((await stage.thread(id)).map(({ text }) => text)).toContainEqual(
      expect.stringContaining(`<@${PEOPLE.dana}>: 1 point is open before the hand-over`),
    );
    const { told } = await stage.click('dana', card, 'card.hand_over');
    expect(told).toEqual([
      expect.stringContaining("can't be handed over yet. Still open: Known issues are written down."),
    ]);
    await stage.pass(DAY + HOUR);
    expect(await statusOf(stage, id)).toBe('observing');
    await expectTruth(stage, id);
    await tick(stage, 'omar', id, ['known_issues']);
    expect(actionsOn(await stage.card(id))).toEqual(['card.hand_over', 'card.roll_back', 'card.more']);
    await expectTruth(stage, id);
    await stage.pass(HOUR, async () => (await statusOf(stage, id)) === 'handed_over');
    expect(await statusOf(stage, id)).toBe('handed_over');
  });

  it('HO-1: can be prepared while it rolls out, from the menu', async ({ open }) => {
    const stage = await open({ policy });
    const id = await rollingOut(stage);
    const card = await stage.card(id);
    const { modal } = await stage.click('dana', card, 'card.more', choice(card, 'card.more', 'Checklist'));
    if (modal === null) throw new Error('no checklist');
    expect(boxesIn(modal)).toEqual(['known_issues']);
    await saveBoxes(stage, 'dana', modal, { tick: ['known_issues'] });
    await observed(stage, id);
    expect(actionsOn(await stage.card(id))).toEqual(['card.hand_over', 'card.roll_back', 'card.more']);
  });
});

describe('who may tick', () => {
  it('GT-5: a guest is refused in words', async ({ open }) => {
    const stage = await open({ policy: strict() });
    const id = await request(stage, AT);
    await stage.driver.people(PEOPLE.priya, { is_restricted: true });
    const { told, modal } = await stage.click('priya', await stage.card(id), 'card.checklist');
    expect(modal).toBeNull();
    expect(told).toEqual([expect.stringContaining('Guests take no part')]);
  });

  it('GT-5: somebody without a role sees it, without boxes, reads who may, and in Details who ticked what', async ({
    open,
  }) => {
    const policy = strict().replace('product_owner: [U0PRIYA0005]', 'product_owner: [U0NORA00009]');
    const stage = await open({ policy });
    stage.expectTrouble({ call: 'users.info', error: 'user_not_found' });
    const id = await request(stage, AT);
    const view = await openChecklist(stage, 'priya', id);
    expect(actionsOn(view)).toEqual([]);
    expect(view.submit).toBeFalsy();
    expect(wordsOf(view)).toContain('You can look here, and Dana (lead) or Omar (on call) can tick.');
    expect(wordsOf(view)).toContain('⬜ *The release notes are complete* · open');
    await stage.driver.closeView(PEOPLE.priya, view.id);

    await tick(stage, 'tom', id, FOUR.slice(1), 'Read them all.');
    const folded = wordsOf(await openChecklist(stage, 'priya', id));
    expect(folded).toContain('⬜ *The release notes are complete* · open');
    expect(folded).toContain(
      '✅ Done: The deployment runbook is up to date · The rollback runbook was checked · Who tells whom is settled',
    );
    expect(folded).not.toContain('ticked by Tom');
    const card = await stage.card(id);
    const details = await stage.click('priya', card, 'card.more', choice(card, 'card.more', 'Details'));
    expect(details.modal && wordsOf(details.modal)).toMatch(
      /✅ \*Who tells whom is settled\* · ticked by Tom <!date[^>]*>: Read them all\./,
    );
  });

  it('GT-5: who lost their role while it was open is refused at the field, and the try is recorded', async ({
    open,
  }) => {
    const stage = await open({ policy: strict() });
    const id = await request(stage, AT);
    const view = await openChecklist(stage, 'priya', id);
    writeFileSync(
      stage.policyFile,
      strict().replace('product_owner: [U0PRIYA0005]', 'product_owner: [U0NORA00009]'),
    );
    await stage.bot.reload();
    const { errors } = await saveBoxes(stage, 'priya', view, { tick: ['release_notes'] });
    expect(Object.values(errors ?? {})).toEqual([
      expect.stringContaining(
        '"The release notes are complete" of checkout v2.1.0 is for Tech lead, Operations, Product owner to tick',
      ),
    ]);
    expect((await stage.load(id)).evidence.ticks).toEqual([]);
    expect(await stage.bot.stores.events.events(id)).toContainEqual(
      expect.objectContaining({ type: 'attempt_refused' }),
    );
  });

  it('HO-5: an item that asks two roles waits for both, each for itself', async ({ open }) => {
    const stage = await open({ policy: PHASE });
    const id = await request(stage, AT);
    const asTom = await openChecklist(stage, 'tom', id);
    expect(boxesIn(asTom).filter((key) => key.includes('/'))).toEqual([
      'staging_approval/business_stakeholder',
    ]);
    await saveBoxes(stage, 'tom', asTom, { tick: ['staging_approval/business_stakeholder'] });
    const asOmar = await openChecklist(stage, 'omar', id);
    // Nobody can say that a hand-over is complete before anything is deployed.
    expect(boxesIn(asOmar)).not.toContain('handover_completion/operations');
    expect(boxesIn(asOmar)).toContain('briefed/operations');
    expect(boxesIn(asOmar)).not.toContain('briefed/project_sponsor');
    expect(wordsOf(asOmar)).toContain('As Operations · Project sponsor must as well');
    await saveBoxes(stage, 'omar', asOmar, { tick: ['briefed/operations'] });
    expect(wordsOf(await openChecklist(stage, 'tom', id))).toMatch(
      /⬜ \*Both were briefed\* · open · ticked by Omar as Operations [^·]*· waits for Project sponsor/,
    );
    await tick(stage, 'priya', id, ['briefed/project_sponsor']);
    expect((await stage.load(id)).evidence.ticks).toMatchObject([
      { item: 'staging_approval', role: 'business_stakeholder', by: { name: 'Tom' } },
      { item: 'briefed', role: 'operations', by: { name: 'Omar' } },
      { item: 'briefed', role: 'project_sponsor', by: { name: 'Priya' } },
    ]);
    await expectTruth(stage, id);
  });
});

const PHASE = `
preset: phase-contract
team: Shop
time_zone: Europe/Berlin
roles:
  operations: [U0OMAR00004]
  security: [U0SANA00003]
  business_stakeholder: [U0TOM000002]
  project_sponsor: [U0PRIYA0005]
promotion: any_order
checklist:
  briefed: { group: approvals, text: Both were briefed, before: hand_over, roles: [operations, project_sponsor] }
services:
  checkout: { channel: C0CHECKOUT2, lead: U0DANA00001, on_call: U0OMAR00004 }
`;

describe('two people at the same checklist', () => {
  it('GT-5: what both ticked is one tick, of who was faster, and the rest is taken over', async ({
    open,
  }) => {
    const stage = await open({ policy: strict() });
    const id = await request(stage, AT);
    const asTom = await openChecklist(stage, 'tom', id);
    await tick(stage, 'priya', id, ['release_notes', 'communication_plan']);
    const sent = await saveBoxes(stage, 'tom', asTom, { tick: ['release_notes', 'deployment_runbook'] });
    expect(sent).toMatchObject({ ok: true, modal: null });
    const ticks = (await stage.load(id)).evidence.ticks.map(({ item, by }) => `${item} ${by.name}`);
    expect(ticks).toEqual(['release_notes Priya', 'communication_plan Priya', 'deployment_runbook Tom']);
  });

  it('GT-5: where nothing is left to record, the field says who was faster', async ({ open }) => {
    const stage = await open({ policy: strict() });
    const id = await request(stage, AT);
    const asTom = await openChecklist(stage, 'tom', id);
    await tick(stage, 'priya', id, ['release_notes']);
    const { errors } = await saveBoxes(stage, 'tom', asTom, { tick: ['release_notes'] });
    expect(Object.values(errors ?? {})).toEqual([
      expect.stringMatching(/^Someone was faster: Priya ticked it \(Mon 5 Jan \d+:00\): “The release notes/),
    ]);
  });

  it('GT-5: nobody takes back a tick that they have not seen', async ({ open }) => {
    const stage = await open({ policy: strict() });
    const id = await request(stage, AT);
    await tick(stage, 'priya', id, ['release_notes']);
    const asTom = await openChecklist(stage, 'tom', id);
    await saveBoxes(stage, 'priya', await openChecklist(stage, 'priya', id), { untick: ['release_notes'] });
    await tick(stage, 'omar', id, ['release_notes'], 'They are complete now.');
    const { errors } = await saveBoxes(stage, 'tom', asTom, { untick: ['release_notes'] });
    expect(Object.values(errors ?? {})).toEqual([expect.stringContaining('Omar ticked it')]);
    expect((await stage.load(id)).evidence.ticks).toMatchObject([{ by: { name: 'Omar' } }]);
  });

  it('GT-5: a note without a tick is asked about, and nothing changed is just closed', async ({ open }) => {
    const stage = await open({ policy: strict() });
    const id = await request(stage, AT);
    const view = await openChecklist(stage, 'tom', id);
    const { errors } = await saveBoxes(stage, 'tom', view, { note: 'Looks good.' });
    expect(Object.values(errors ?? {})).toEqual([expect.stringContaining('A note goes with what you tick.')]);
    const { seq } = await stage.load(id);
    expect(await saveBoxes(stage, 'tom', view, { note: '' })).toMatchObject({ ok: true, modal: null });
    expect((await stage.load(id)).seq).toBe(seq);
  });
});

describe('/deploy checklist', () => {
  it('K-1: opens that of a deployment, and that of a service’s one deployment', async ({ open }) => {
    const stage = await open({ policy: strict() });
    const id = await request(stage, AT);
    for (const words of [id, id.toLowerCase(), 'checkout', 'checkout production', 'CHECKOUT']) {
      const { modal } = await stage.type('tom', 'checkout', `/deploy checklist ${words}`);
      expect(modal?.title, words).toBe(`Checklist of ${id}`);
      if (modal) await stage.driver.closeView(PEOPLE.tom, modal.id);
    }
  });

  it('K-1: says which there are where several are meant, each with its button', async ({ open }) => {
    const stage = await open({ policy: strict() });
    const first = await request(stage, AT);
    const second = await request(stage, 'checkout v2.1.0 to staging at 15:00');
    const { told, modal } = await stage.type('tom', 'checkout', '/deploy checklist checkout');
    expect(modal).toBeNull();
    expect(told).toEqual([expect.stringMatching(/^Which one\?/)]);
    expect(told[0]).toContain(first);
    expect(told[0]).toContain(second);
    const list = await lastTold(stage);
    expect(elementOf(list, 'card.checklist').text?.text).toBe('Checklist');
    const { block } = elementOf(list, 'card.checklist');
    const at = { channel: list.channel, ts: list.ts };
    await stage.driver.action(PEOPLE.tom, at, { action_id: 'card.checklist', block_id: block });
    await stage.settled();
    expect((await stage.driver.view(PEOPLE.tom))?.title).toMatch(/^Checklist of D-/);
  });

  it('K-1: answers a name that is mistyped, unknown, or has nothing on its way', async ({ open }) => {
    const stage = await open({ policy: strict() });
    const asked = async (words: string): Promise<string> =>
      (await stage.type('tom', 'checkout', `/deploy checklist ${words}`)).told.join();
    expect(await asked('chekout')).toContain('No service `chekout`. Did you mean `checkout`?');
    expect(await asked('D-9999')).toContain('No deployment `D-9999`.');
    expect(await asked('payments')).toContain('There is no deployment of payments that is not over.');
    expect(await asked('checkout produktion')).toContain('Did you mean `production`?');
  });

  it('K-1: alone, it lists what waits for this person', async ({ open }) => {
    const stage = await open({ policy: strict() });
    const id = await request(stage, AT);
    const { told } = await stage.type('tom', 'checkout', '/deploy checklist');
    expect(told[0]).toContain('Checklists that wait for you');
    expect(told[0]).toContain(`${id}\nOpen before the start: The release notes are complete`);
    await tick(stage, 'tom', id, FOUR);
    const after = await stage.type('tom', 'checkout', '/deploy checklist');
    expect(after.told[0]).toContain('No checklist waits for you.');
    await stage.driver.people(PEOPLE.tom, { is_restricted: true });
    expect((await stage.type('tom', 'checkout', '/deploy checklist')).told[0]).toMatch(/Guests take no part/);
  });
});

async function lastTold(stage: Stage) {
  const messages = await stage.driver.messages({ channel: 'checkout', user: PEOPLE.tom });
  const last = messages.findLast(({ ephemeral }) => ephemeral === PEOPLE.tom);
  if (last === undefined) throw new Error('Tom was told nothing');
  return last;
}

describe('a long checklist', () => {
  it('GT-5: of 60 items with hostile texts is drawn and ticked whole', async ({ open }) => {
    const items = Array.from({ length: 60 }, (_, index) => {
      const evil = index % 7 === 0 ? `${'<!channel> & *bold* '.repeat(7)}` : `<@U0TOM000002> & item`;
      return `  item_${index}: { group: ${['documentation', 'environment'][index % 2]}, text: "${evil.trim()} ${index}" }`;
    });
    const policy = strict({ items: items.join('\n') }).replace(
      '[documentation]',
      '[documentation, environment]',
    );
    const stage = await open({ policy });
    const id = await request(stage, AT);
    const view = await openChecklist(stage, 'tom', id);
    const boxes = boxesIn(view);
    expect(boxes.filter((key) => key.startsWith('item_'))).toHaveLength(60);
    expect(wordsOf(view)).not.toContain('<!channel>');
    await saveBoxes(stage, 'tom', view, { tick: boxes });
    const again = await openChecklist(stage, 'tom', id);
    expect(tickedIn(again)).toHaveLength(boxes.length);
    await saveBoxes(stage, 'tom', again, { untick: boxes.slice(0, 30) });
    expect((await stage.load(id)).evidence.ticks).toHaveLength(boxes.length - 30);
    await expectTruth(stage, id);
  });
});
