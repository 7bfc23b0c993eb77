/** Choosing a time: how long ahead it is known, and what speaks for it in a window. */

import { describe, expect } from 'vitest';
import type { View } from '../../local-slack/protocol.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { SCHEDULE_FIELDS as FIELDS } from '../../views/schedule-fields.ts';
import { examplePolicy } from './bot.ts';
import { request, signAll } from './deploying.ts';
import { BEGINNING, it, type Stage } from './stage.ts';
import { choice, wordsOf } from './views-in-slack.ts';

const SHORT = 'Less than 24 h ahead';

async function opened(stage: Stage, text: string): Promise<View> {
  const { modal, told } = await stage.type('dana', 'checkout', `/deploy ${text}`);
  if (modal === null) throw new Error(`no modal: ${told.join(' ')}`);
  return modal;
}

async function choose(stage: Stage, view: View, field: string, value: string | number): Promise<View> {
  const { modal } = await stage.click('dana', view, field, value);
  if (modal === null) throw new Error('the modal is gone');
  return modal;
}

async function modalOf(stage: Stage, id: string, entry: string): Promise<View> {
  const card = await stage.card(id);
  const { modal } = await stage.click(
    'dana',
    card,
    CARD_ACTIONS.more,
    choice(card, CARD_ACTIONS.more, entry),
  );
  if (modal === null) throw new Error(`no modal for ${entry}`);
  return modal;
}

const inThread = async (stage: Stage, id: string): Promise<string> =>
  (await stage.thread(id)).map(({ text }) => text).join('\n');

describe('CM-5: a start that is known less than a day ahead', () => {
  it('is said in the modal as the time is chosen, and not of one that is early enough', async ({ stage }) => {
    const modal = await opened(stage, 'checkout v2.1.0 to production');
    expect(wordsOf(modal)).toContain(`${SHORT}: it is known only when it starts`);
    const timed = await choose(stage, modal, FIELDS.when, 'at');
    expect(wordsOf(timed)).not.toContain(SHORT);
    const near = await choose(stage, timed, FIELDS.at, (BEGINNING + DAY - MINUTE) / SECOND);
    expect(wordsOf(near)).toContain(`${SHORT}: it is known 23 h 59 min before its start`);
    const far = await choose(stage, near, FIELDS.at, (BEGINNING + DAY) / SECOND);
    expect(wordsOf(far)).not.toContain(SHORT);
  });

  it('says so on its card and in its thread, and nothing where nobody has to approve it', async ({
    stage,
  }) => {
    const id = await request(stage, 'checkout v2.1.0 to production at 16:00');
    expect((await stage.card(id)).text).toContain(`${SHORT}: it is known 5 h before its start`);
    await signAll(stage, id);
    expect((await stage.card(id)).text).toContain(`${SHORT}: it is known 5 h before its start`);
    expect(await inThread(stage, id)).toMatch(/All that it needs is there.*\n.*Less than 24 h ahead/);
    await stage.pass(6 * HOUR);
    expect((await stage.card(id)).text).not.toContain(SHORT);
    const staging = await request(stage, 'payments v9.4.0 to staging at 20:00');
    expect((await stage.card(staging)).text).not.toContain(SHORT);
  });

  it('is as early as it was announced: a change of the summary counts nothing, another start counts anew', async ({
    stage,
  }) => {
    const modal = await opened(stage, 'checkout v2.1.0 to production');
    await choose(stage, modal, FIELDS.when, 'at');
    const at = (BEGINNING + 2 * DAY) / SECOND;
    await stage.submit('dana', { [FIELDS.summary]: 'Adds Apple Pay.', [FIELDS.at]: at });
    const id = (await stage.bot.stores.events.list({ limit: 1 }))[0]?.id ?? '';
    await stage.pass(DAY + HOUR);
    const edit = await modalOf(stage, id, 'Change');
    expect(wordsOf(edit)).not.toContain(SHORT);
    await stage.submit('dana', { [FIELDS.summary]: 'Adds Apple Pay, too.' });
    expect((await stage.card(id)).text).not.toContain(SHORT);
    await modalOf(stage, id, 'Change');
    await stage.submit('dana', { [FIELDS.at]: at + HOUR / SECOND - 60 });
    expect((await stage.card(id)).text).toContain(`${SHORT}: it is known 23 h 59 min before its start`);
  });
});

describe('WN-1: what speaks for a time in a window', () => {
  const policy = `${examplePolicy().replace('strategy: blue-green\n', 'strategy: blue-green\n    depends_on: [checkout]\n')}
windows:
  - name: Afternoon
    days: [mon, tue, wed, thu]
    from: "12:00"
    to: "17:00"
    environments: [production]
    low_traffic: true
    support: the shop's hotline
`;
  const known = policy
    .replace('    low_traffic: true\n', '')
    .replace("    support: the shop's hotline\n", '');

  it('stands in the modal where a window is offered, and changes with the time and the people', async ({
    open,
  }) => {
    const stage = await open({ policy });
    const modal = await opened(stage, 'checkout v2.1.0 to production');
    const offered = wordsOf(modal);
    expect(offered).toContain('Low traffic: yes, says the window Afternoon');
    expect(offered).toContain(
      'Support staff: yes, Dana, Omar and Priya in their hours · the window says: the shop',
    );
    expect(offered).toContain('No conflicting deployment: yes, as far as is known');
    // 17:00 in Berlin less 3 h 30 min and 15 min.
    const last = Date.UTC(2026, 0, 5, 12, 15) / SECOND;
    expect(offered).toMatch(new RegExp(`Time for a rollback: yes, last start <!date\\^${last}\\^`));
    const timed = await choose(stage, modal, FIELDS.when, 'at');
    const late = wordsOf(await choose(stage, timed, FIELDS.at, last + 60));
    expect(late).toMatch(new RegExp(`Time for a rollback: \\*no\\*, last start <!date\\^${last}`));
    const night = wordsOf(await choose(stage, timed, FIELDS.at, Date.UTC(2026, 0, 5, 20) / SECOND));
    expect(night).toContain('Low traffic: not stated');
    expect(night).toMatch(
      /Support staff: \*no\*, Dana \(.*\) and Priya \(.*\) outside their hours; Omar in their hours/,
    );
    expect(night).toContain('Time for a rollback: *no*, that time lies in no window');
  });

  it('says what is not stated, and who else is on the way then', async ({ open }) => {
    const stage = await open({ policy: known });
    const other = await request(stage, 'payments v9.4.0 to production at 13:00');
    const offered = wordsOf(await opened(stage, 'checkout v2.1.0 to production'));
    expect(offered).toContain('Low traffic: not stated');
    expect(offered).toContain(`No conflicting deployment: *no*, then as well: payments v9.4.0 (${other})`);
  });

  it('stands in Details for the planned time, and the card has the last start', async ({ open }) => {
    const stage = await open({ policy });
    const id = await request(stage, 'checkout v2.1.0 to production at 12:30');
    const details = wordsOf(await modalOf(stage, id, 'Details'));
    expect(details).toMatch(/Start <!date\^1767612600\^/);
    expect(details).toContain('Low traffic: yes, says the window Afternoon');
    expect(details).toContain('Time for a rollback: yes');
    await signAll(stage, id);
    expect((await stage.card(id)).text).toMatch(/Last start in its window: <!date\^1767615300\^/);
  });

  it('stands in Details for the next open time where it starts as soon as it is ready', async ({ open }) => {
    const stage = await open({ policy });
    const id = await request(stage, 'checkout v2.1.0 to production');
    const details = wordsOf(await modalOf(stage, id, 'Details'));
    expect(details).toMatch(/Start <!date\^1767610800\^/);
    expect(details).toContain('Time for a rollback: yes');
  });

  it('is left out where there is no window to choose', async ({ stage }) => {
    expect(wordsOf(await opened(stage, 'checkout v2.1.0 to production'))).not.toContain('Low traffic');
  });
});
