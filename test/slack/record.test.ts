import { existsSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { describe, expect } from 'vitest';
import { DatabaseBusy, DatabaseFault } from '../../src/conductor/ports/faults.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { handedOver, request, rollingOut, signAll } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it, type Stage } from './stage.ts';
import { expectTruth, reportsOf, timelineOf } from './truth.ts';
import { filledWith } from './views-in-slack.ts';

describe('after a restart', () => {
  it('K-8: the buttons of before work on the card, in the DM and in the thread, and nothing is posted twice', async ({
    open,
  }) => {
    const stage = await open({ onDisk: true });
    const id = await request(stage);
    const card = await stage.card(id);
    const [dm] = await stage.dm('sana');
    if (dm === undefined) throw new Error('Sana was not asked');
    await stage.restart();
    await stage.settled();
    await stage.click('tom', card, 'card.go');
    await stage.click('sana', dm, 'card.go');
    await stage.restart();
    await stage.click('omar', await stage.card(id), 'card.go');
    await stage.pass(2 * MINUTE);
    const [report] = await reportsOf(stage, id);
    if (report === undefined) throw new Error('no report');
    await stage.restart();
    await stage.click('dana', report, 'card.promote');
    await stage.submit('dana', { 'reason.text': 'The graphs are flat.' });
    await stage.pass(MINUTE);
    await expectTruth(stage, id);
    const lines = await timelineOf(stage, id);
    expect(new Set(lines).size).toBe(lines.length);
    expect(await stage.dm('sana')).toHaveLength(1);
    expect((await stage.load(id)).rollout?.stages).toHaveLength(2);
  });

  it('K-8: days later, what was asked is still waiting, and its buttons still work', async ({ open }) => {
    const stage = await open({ onDisk: true });
    const id = await request(stage);
    await stage.restart();
    await stage.pass(3 * DAY);
    await signAll(stage, id);
    await stage.pass(MINUTE);
    expect((await stage.load(id)).status).toBe('rolling_out');
  });

  it('K-8: in the middle of a rollout it goes on where it was, and the backend is told nothing twice', async ({
    open,
  }) => {
    const stage = await open({ onDisk: true });
    const id = await rollingOut(stage);
    await stage.pass(10 * MINUTE);
    await stage.restart();
    await stage.pass(DAY, async () => (await stage.load(id)).rollout?.stages.length === 2);
    await stage.restart();
    await stage.pass(HOUR + 5 * MINUTE);
    expect((await stage.load(id)).rollout?.stages.map(({ outcome }) => outcome)).toEqual([
      'went_on',
      'passed',
      undefined,
    ]);
    const told = stage.world.commands().map(({ key }) => key);
    expect(new Set(told).size).toBe(told.length);
    await expectTruth(stage, id);
  });

  it('K-8: a modal that was open before is sent after it, and counts once', async ({ open }) => {
    const stage = await open({ onDisk: true });
    await stage.type('dana', 'checkout', '/deploy checkout v2.1.0 to production');
    await stage.restart();
    expect(await stage.submit('dana', { 'schedule.summary': 'Adds Apple Pay.' })).toMatchObject({ ok: true });
    const all = await stage.bot.stores.events.list({ limit: 10 });
    expect(all).toHaveLength(1);
    await expectTruth(stage, all[0]?.id ?? '');
  });

  it('K-8: what happened while it was away is made up for: the time of a start has come', async ({
    open,
  }) => {
    const stage = await open({ onDisk: true });
    const id = await request(stage, 'checkout v2.1.0 to production at 14:00');
    await signAll(stage, id);
    await stage.restart(() => stage.clock.advance(3 * HOUR + 10 * MINUTE));
    await stage.pass(MINUTE);
    expect((await stage.load(id)).status).toBe('rolling_out');
    await expectTruth(stage, id);
  });
});

/** Another process that writes to the same file, and is not done yet. */
function lockedBy(stage: Stage): { release(): void } {
  const other = new SQLite(stage.db, { timeout: 0 });
  other.exec('begin immediate');
  return {
    release() {
      other.exec('commit');
      other.close();
    },
  };
}

describe('a record that another process has locked', () => {
  it('K-8: a go waits for it, counts, and the card shows it', async ({ open }) => {
    const stage = await open({ onDisk: true });
    const id = await request(stage);
    const { channel, ts } = await stage.card(id);
    const lock = lockedBy(stage);
    const { ok, ack_ms } = await stage.driver.action(PEOPLE.tom, { channel, ts }, { action_id: 'card.go' });
    expect(ok).toBe(true);
    expect(ack_ms).toBeLessThan(3_000);
    lock.release();
    await stage.settled();
    expect((await stage.load(id)).approval.signOffs).toMatchObject([{ role: 'tech_lead' }]);
    await expectTruth(stage, id);
  });

  it('RB-1: so does a rollback, and what is asked is only read meanwhile', async ({ open }) => {
    const stage = await open({ onDisk: true });
    const id = await rollingOut(stage);
    const { channel, ts } = await stage.card(id);
    const lock = lockedBy(stage);
    await stage.driver.action(PEOPLE.omar, { channel, ts }, { action_id: 'card.roll_back' });
    lock.release();
    await stage.pass(MINUTE);
    expect((await stage.load(id)).status).toBe('rolled_back');
    await expectTruth(stage, id);
  });
});

describe('a record that cannot be written', () => {
  it('K-8: whoever clicks is told with a reference, nothing is recorded, and the next click works', async ({
    open,
  }) => {
    let locked = false;
    const stage = await open({
      point(name) {
        if (locked && name.startsWith('commit:')) throw new DatabaseBusy('another process keeps it locked');
      },
    });
    const id = await request(stage);
    const card = await stage.card(id);
    locked = true;
    stage.expectTrouble({ logged: 'a fault; the person was told' });
    const { told } = await stage.click('tom', card, 'card.go');
    expect(told).toEqual([expect.stringContaining('Something failed on our side. Reference')]);
    expect(told[0]).toContain('another process keeps the record locked');
    const reference = /Reference `(\w+)`/.exec(told[0] ?? '')?.[1];
    expect(stage.bot.errors).toContainEqual(expect.objectContaining({ reference }));
    locked = false;
    expect((await stage.load(id)).approval.signOffs).toEqual([]);
    await stage.click('tom', card, 'card.go');
    expect((await stage.load(id)).approval.signOffs).toHaveLength(1);
    await expectTruth(stage, id);
  });

  it('K-2: whoever sends the modal is told in it, what they typed stays, and it can be sent again', async ({
    open,
  }) => {
    let locked = true;
    const stage = await open({
      point(name) {
        if (locked && name.startsWith('commit:')) throw new DatabaseBusy('another process keeps it locked');
      },
    });
    stage.expectTrouble({ logged: 'a fault; the person was told' });
    await stage.type('dana', 'checkout', '/deploy checkout v2.1.0 to production');
    const { errors, modal } = await stage.submit('dana', { 'schedule.summary': 'Adds Apple Pay.' });
    expect(Object.values(errors ?? {})).toEqual([expect.stringContaining('Something failed on our side.')]);
    expect(modal && filledWith(modal, 'schedule.summary')).toBe('Adds Apple Pay.');
    expect(await stage.bot.stores.events.list({ limit: 1 })).toEqual([]);
    locked = false;
    expect(await stage.submit('dana')).toMatchObject({ ok: true, modal: null });
    expect(await stage.bot.stores.events.list({ limit: 2 })).toHaveLength(1);
  });
});

describe('OP-3, RB-1: a rollback while the record cannot be written', () => {
  const FULL = { logged: 'a fault; the person was told' };

  it('is kept, said to be, and carried out as soon as the record takes it', async ({ open }) => {
    let full = false;
    const stage = await open({
      point(name) {
        if (full && name.startsWith('commit:before')) throw new DatabaseFault('full');
      },
    });
    const id = await rollingOut(stage);
    full = true;
    stage.expectTrouble(FULL);
    const { told } = await stage.click('omar', await stage.card(id), 'card.roll_back');
    expect(told[0]).toContain('the disk that holds the record is full');
    expect(told[0]).toContain(`the rollback of ${id} is kept, and carried out as soon as it can be recorded`);
    stage.expectTrouble({ logged: 'a rollback is kept: it cannot be recorded yet' });
    await stage.pass(5 * SECOND);
    expect((await stage.load(id)).status).toBe('rolling_out');
    full = false;
    await stage.pass(MINUTE, async () => (await stage.load(id)).status === 'rolled_back');
    expect(await stage.load(id)).toMatchObject({
      status: 'rolled_back',
      rollback: { by: { id: PEOPLE.omar } },
    });
  });

  it('outlives the process, in a file beside the record', async ({ open }) => {
    let full = false;
    const stage = await open({
      onDisk: true,
      point(name) {
        if (full && name.startsWith('commit:before')) throw new DatabaseFault('full');
      },
    });
    const id = await rollingOut(stage);
    full = true;
    stage.expectTrouble(FULL);
    await stage.click('omar', await stage.card(id), 'card.roll_back');
    expect(existsSync(`${stage.db}.rollbacks`)).toBe(true);
    await stage.restart(() => {
      full = false;
    });
    await stage.pass(MINUTE);
    expect((await stage.load(id)).rollback?.by).toMatchObject({ id: PEOPLE.omar });
    expect(existsSync(`${stage.db}.rollbacks`)).toBe(false);
  });

  it('RB-7: of what was handed over a week ago is kept the same way, and goes back as a deployment of its own', async ({
    open,
  }) => {
    let full = false;
    const stage = await open({
      onDisk: true,
      point(name) {
        if (full && name.startsWith('commit:before')) throw new DatabaseFault('full');
      },
    });
    const id = await handedOver(stage);
    await stage.pass(7 * DAY);
    await stage.type('omar', 'checkout', '/deploy rollback checkout production');
    const whispers = await stage.driver.messages({ channel: 'checkout', user: PEOPLE.omar });
    const offer = whispers.findLast(({ ephemeral }) => ephemeral === PEOPLE.omar);
    if (offer === undefined) throw new Error('no offer');
    full = true;
    stage.expectTrouble(FULL);
    const { told } = await stage.click('omar', offer, 'card.roll_back');
    expect(told[0]).toContain(`the rollback of ${id} is kept, and carried out as soon as it can be recorded`);
    await stage.restart(() => {
      full = false;
    });
    await stage.pass(MINUTE);
    const [back] = await stage.bot.stores.events.list({ limit: 1 });
    expect(back).toMatchObject({
      status: 'rolled_back',
      terms: { takesBack: { deployment: id } },
      rollback: { to: 'v2.0.4', by: { id: PEOPLE.omar } },
    });
    expect(existsSync(`${stage.db}.rollbacks`)).toBe(false);
  });
});
