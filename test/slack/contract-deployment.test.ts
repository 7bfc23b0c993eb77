/** From an accepted contract to its deployment: what it brings to the checklist, the figures and the start (HO-4). */

import { describe, expect } from 'vitest';
import type { Message, View } from '../../local-slack/protocol.ts';
import { LIMITS } from '../../src/contract/contract.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { CONTRACT_ACTIONS, CONTRACT_IMPORT } from '../../views/contract-ids.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { DRY_RUN } from '../../views/dry-run.ts';
import { SCHEDULE_FIELDS as FIELDS } from '../../views/schedule-fields.ts';
import { SMALLEST, WHOLE } from '../contract/documents.ts';
import { signAll } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { BEGINNING, it, type Stage } from './stage.ts';
import { boxesIn, openChecklist, saveBoxes, tick, tickedIn } from './ticking.ts';
import { choice, elementsOf, filledWith, wordsOf } from './views-in-slack.ts';

const HEALTH = 'checkout-prod-042-health-checks';
const START_BY = BEGINNING + 48 * HOUR;

async function contractCard(stage: Stage, id: string): Promise<Message> {
  const all = await stage.driver.messages({ channel: 'checkout' });
  const found = all.find(
    ({ text, ephemeral }) => text.includes(`Contract ${id}  ·`) && ephemeral === undefined,
  );
  if (found === undefined) throw new Error(`${id} is not posted`);
  return found;
}

/** Imported by Dana, accepted by Omar with these items moved before the start. */
async function accepted(stage: Stage, text: string, id: string, moved: string[] = []): Promise<Message> {
  const { modal } = await stage.type('dana', 'general', '/deploy contract');
  if (modal === null) throw new Error('no modal');
  const file = { view_id: modal.id, filename: 'contract.md', content: text };
  const sent = await stage.driver.upload(PEOPLE.dana, file);
  if (!sent.ok) throw new Error(sent.error);
  await stage.submit('dana', {
    [CONTRACT_IMPORT.place]: 'checkout production',
    [CONTRACT_IMPORT.file]: [sent.file.id],
  });
  const form = await stage.click('omar', await contractCard(stage, id), CONTRACT_ACTIONS.accept);
  await stage.submit('omar', form.modal === null ? {} : movedIn(form.modal, moved));
  return contractCard(stage, id);
}

/** Ticked besides what is ticked already. */
function movedIn(view: View, moved: readonly string[]): Record<string, string[]> {
  const held = Object.assign({}, ...Object.values(view.values)) as Record<
    string,
    { selected_options?: { value: string }[] }
  >;
  return Object.fromEntries(
    elementsOf(view)
      .filter(({ options = [] }) => options.some(({ value }) => moved.includes(value)))
      .map(({ action_id, options = [] }) => [
        action_id,
        options
          .map(({ value }) => value)
          .filter(
            (value) =>
              moved.includes(value) || held[action_id]?.selected_options?.some((one) => one.value === value),
          ),
      ]),
  );
}

async function form(stage: Stage, card: Message): Promise<View> {
  const { modal, told } = await stage.click('dana', card, CONTRACT_ACTIONS.schedule);
  if (modal === null) throw new Error(`no modal: ${told.join(' ')}`);
  return modal;
}

async function newest(stage: Stage): Promise<Deployment> {
  const [first] = await stage.bot.stores.events.list({ limit: 1 });
  if (first === undefined) throw new Error('nothing was requested');
  return first;
}

/** Asked for from the contract's message, as soon as it is ready. */
async function requested(stage: Stage, card: Message): Promise<Deployment> {
  await form(stage, card);
  const sent = await stage.submit('dana', { [FIELDS.version]: 'v2.1.0' });
  if (!sent.ok) throw new Error(JSON.stringify(sent.errors));
  return newest(stage);
}

const itemsBefore = ({ terms: { requirements } }: Deployment, before: string, contract: boolean) =>
  (requirements?.checklist ?? []).filter(
    (item) => item.before === before && (item.contract === true) === contract,
  );

describe('a deployment that carries out a contract', () => {
  it('HO-4: its form says what the contract asks, and begins with a strategy that keeps to its time', async ({
    stage,
  }) => {
    const view = await form(stage, await accepted(stage, WHOLE, 'CHECKOUT-PROD-042', [HEALTH]));
    expect(wordsOf(view)).toContain(
      `For contract CHECKOUT-PROD-042: 19 items before the start, 24 before the hand-over; the window must begin by <!date^${START_BY / SECOND}^`,
    );
    expect(wordsOf(view)).toContain('Blue-green');
    expect(filledWith(view, FIELDS.summary)).toMatch(/^Bring the new basket to every customer/);
    expect(wordsOf(view)).toContain('Watched for 3 days after the last stage');
    expect(wordsOf(view)).toContain('It waits for 5 gates and 19 checklist items');
    const { modal: slow } = await stage.click('dana', view, FIELDS.strategy, 'canary');
    expect(slow && wordsOf(slow)).toContain(
      'The contract gives it 1 h, and this strategy takes 3 h 30 min: it will be told as running over.',
    );
  });

  it('HO-4: has the items of both, the contract’s figures, and its name on the card and on the contract’s', async ({
    stage,
  }) => {
    const contract = await accepted(stage, WHOLE, 'CHECKOUT-PROD-042', [HEALTH]);
    const d = await requested(stage, contract);
    expect(d.terms.contract).toEqual({ id: 'CHECKOUT-PROD-042', acceptedAt: BEGINNING, startBy: START_BY });
    expect(itemsBefore(d, 'start', true)).toHaveLength(19);
    expect(itemsBefore(d, 'start', true).map(({ id }) => id)).toContain(HEALTH);
    expect(itemsBefore(d, 'hand_over', true)).toHaveLength(24);
    const own = itemsBefore(d, 'start', false).length;
    expect(own).toBeGreaterThan(3);
    const { observeFor, overrun } = d.terms.safeguards;
    expect([observeFor, overrun?.within]).toEqual([72 * HOUR, HOUR]);

    const card = await stage.card(d.id);
    expect(card.text).toContain('Waiting for 3 of 3 sign-offs and 19 checklist items');
    expect(card.text).toContain(`of ${own + 19} · open: `);
    expect(card.text).toContain(`Contract CHECKOUT-PROD-042: it must begin by <!date^${START_BY / SECOND}^`);
    expect(card.text).toContain('\nContract CHECKOUT-PROD-042');
    expect(boxesIn(await openChecklist(stage, 'tom', d.id))).toContain(HEALTH);
    const details = await stage.click(
      'tom',
      card,
      CARD_ACTIONS.more,
      choice(card, CARD_ACTIONS.more, 'Details'),
    );
    expect(details.modal && wordsOf(details.modal)).toMatch(
      /Contract CHECKOUT-PROD-042, accepted <!date.* · must begin by <!date/,
    );
    expect((await contractCard(stage, 'CHECKOUT-PROD-042')).text).toContain(`\nDeployment ${d.id}`);
    const { told } = await stage.type('tom', 'general', '/deploy contract CHECKOUT-PROD-042');
    expect(told[0]).toContain(`\nDeployment ${d.id}`);
  });

  it('HO-4: a start after the contract’s window is refused at its field, and the last that it allows is not', async ({
    stage,
  }) => {
    const view = await form(stage, await accepted(stage, WHOLE, 'CHECKOUT-PROD-042'));
    await stage.click('dana', view, FIELDS.when, 'at');
    const at = (instant: number) => ({ [FIELDS.version]: 'v2.1.0', [FIELDS.at]: instant / SECOND });
    const late = await stage.submit('dana', at(START_BY + MINUTE));
    expect({ ok: late.ok, errors: late.errors }).toEqual({
      ok: false,
      errors: {
        [FIELDS.at]:
          'CHECKOUT-PROD-042: its window must begin by Wed 7 Jan 11:00. Choose an earlier time, or import it under a new id and have that accepted.',
      },
    });
    expect(await stage.bot.stores.events.list({ limit: 1 })).toEqual([]);
    expect((await stage.submit('dana', at(START_BY))).ok).toBe(true);
  });

  it('HO-4: once its window has passed, it is refused at the field of when it starts, also in the dry run', async ({
    stage,
  }) => {
    const card = await accepted(stage, SMALLEST, 'C-1');
    await stage.pass(2 * DAY + MINUTE);
    await form(stage, card);
    const says =
      'C-1: its window must begin by Wed 7 Jan 11:00. That has passed: import it under a new id and have that accepted, or ask with /deploy for a deployment without it.';
    const { errors, modal } = await stage.submit('dana', { [FIELDS.version]: 'v2.1.0' });
    expect(errors).toEqual({ [FIELDS.when]: says });
    if (modal === null) throw new Error('the modal is gone');
    const chosen = await stage.click('dana', modal, FIELDS.version, 'v2.1.0');
    const { modal: pushed } = await stage.click('dana', chosen.modal ?? modal, DRY_RUN.button);
    expect(pushed && wordsOf(pushed)).toContain('C-1: its window must begin by');
    expect(pushed && wordsOf(pushed)).toContain('Health checks: All pass');
  });

  it('HO-4: is for the contract’s place and no other', async ({ stage }) => {
    const view = await form(stage, await accepted(stage, SMALLEST, 'C-1'));
    await stage.click('dana', view, FIELDS.environment, 'staging');
    const { errors } = await stage.submit('dana', { [FIELDS.version]: 'v2.1.0' });
    expect(errors).toEqual({
      [FIELDS.environment]:
        'Contract C-1 is for checkout → production. Choose that, or close this and ask without it: /deploy.',
    });
  });

  it('HO-4: another start is held to its window while there is an earlier one, and is for people to decide after', async ({
    stage,
  }) => {
    const { id } = await requested(stage, await accepted(stage, SMALLEST, 'C-1'));
    const change = async (at: number) => {
      const card = await stage.card(id);
      const { modal } = await stage.click(
        'dana',
        card,
        CARD_ACTIONS.more,
        choice(card, CARD_ACTIONS.more, 'Change'),
      );
      if (modal === null) throw new Error('no modal');
      await stage.click('dana', modal, FIELDS.when, 'at');
      return stage.submit('dana', { [FIELDS.at]: at / SECOND });
    };
    const late = START_BY + 2 * HOUR;
    const refused = await change(late);
    expect(refused.errors).toEqual({
      [FIELDS.at]: expect.stringMatching(
        /^C-1: its window must begin by Wed 7 Jan 11:00\. Choose an earlier/,
      ),
    });
    await stage.pass(48 * HOUR + MINUTE);
    expect((await change(late)).ok).toBe(true);
    const card = await stage.card(id);
    expect(card.text).toContain(', and it starts later. Dana decides: let it start, or cancel it.');
    expect(wordsOf(card)).toContain(`<@${PEOPLE.dana}> decides`);
    await signAll(stage, id);
    expect((await stage.card(id)).text).toContain(', and it starts later.');
    await stage.pass(3 * HOUR);
    const begun = await stage.load(id);
    expect(begun.status).toBe('rolling_out');
    expect((await stage.card(id)).text).not.toContain('must begin by');
  });

  it('HO-4: an item before its hand-over keeps it from being handed over', async ({ stage }) => {
    const { id } = await requested(stage, await accepted(stage, SMALLEST, 'C-1'));
    await signAll(stage, id);
    await stage.pass(DAY, async () => (await stage.load(id)).status === 'observing');
    expect((await stage.card(id)).text).toContain(
      '⏳ *Hand-over checklist* · 0 of 1 · open: Health checks: All pass',
    );
    await stage.pass(DAY + HOUR);
    expect((await stage.load(id)).status).toBe('observing');
    await tick(stage, 'omar', id, ['c-1-health-checks']);
    await stage.pass(HOUR, async () => (await stage.load(id)).status === 'handed_over');
    expect((await stage.load(id)).status).toBe('handed_over');
    expect((await stage.card(id)).text).toContain('\nContract C-1');
  });

  it('HO-4: fits where a contract is as large as it may be', async ({ stage }) => {
    const many = (count: number, what: string) =>
      Array.from({ length: count }, (_, n) => `- **${what} ${n}**: ${'ready <!channel> '.repeat(6)}`).join(
        '\n',
      );
    const large = SMALLEST.replace('- [ ] **Health checks**: All pass', many(LIMITS.criteria, 'Criterion'))
      .replace('## Timeline', `## Inputs\n${many(200, 'Input')}\n\n## Timeline`)
      .replace('Ship it.', 'Ship it, <@U0TOM000002>. '.repeat(250));
    const d = await requested(stage, await accepted(stage, large, 'C-1'));
    expect(itemsBefore(d, 'start', true)).toHaveLength(LIMITS.criteria + 200);
    expect((await stage.card(d.id)).text).toContain('and 400 checklist items');
    expect(boxesIn(await openChecklist(stage, 'omar', d.id)).length).toBeGreaterThan(20);
  });

  it('HO-4: all of it can be ticked, in several turns where one form has no room for it', async ({
    stage,
  }) => {
    const many = Array.from({ length: 25 }, (_, n) => `- **Word ${n}**: ${'ready and long '.repeat(8)}`).join(
      '\n',
    );
    const long = SMALLEST.replace('- [ ] **Health checks**: All pass', many).replace(
      '## Timeline',
      `## Inputs\n${many}\n\n## Timeline`,
    );
    const { id } = await requested(stage, await accepted(stage, long, 'C-1'));
    await signAll(stage, id);
    for (let turn = 0; turn < 8 && (await stage.load(id)).status === 'preparing'; turn += 1) {
      const view = await openChecklist(stage, 'tom', id);
      const ticked = tickedIn(view);
      await saveBoxes(stage, 'tom', view, { tick: boxesIn(view).filter((key) => !ticked.includes(key)) });
    }
    const d = await stage.load(id);
    const done = new Set(d.evidence.ticks.map(({ item }) => item));
    expect(itemsBefore(d, 'start', true).filter((item) => !done.has(item.id))).toEqual([]);
    expect(d.status).not.toBe('preparing');
  });

  it('HO-4: asked for again after it was cancelled, carries it out as well', async ({ stage }) => {
    const contract = await accepted(stage, SMALLEST, 'C-1');
    const { id } = await requested(stage, contract);
    const card = await stage.card(id);
    const { modal } = await stage.click(
      'dana',
      card,
      CARD_ACTIONS.more,
      choice(card, CARD_ACTIONS.more, 'Cancel'),
    );
    if (modal !== null) await stage.submit('dana', {});
    expect((await stage.load(id)).status).toBe('cancelled');
    await stage.click('dana', await stage.card(id), CARD_ACTIONS.again);
    expect((await stage.submit('dana')).ok).toBe(true);
    const again = await newest(stage);
    expect([again.id === id, again.terms.contract?.id]).toEqual([false, 'C-1']);
    expect((await contractCard(stage, 'C-1')).text).toContain(`\nDeployment ${again.id}`);
  });
});
