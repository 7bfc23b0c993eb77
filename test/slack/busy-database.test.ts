import SQLite from 'better-sqlite3';
import { describe, expect } from 'vitest';
import { MINUTE } from '../../src/time.ts';
import { request, rollingOut } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it, type Stage } from './stage.ts';
import { expectTruth } from './truth.ts';

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
    expect((await stage.load(id)).signOffs).toMatchObject([{ role: 'tech_lead' }]);
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

describe('a record that stays locked', () => {
  it('K-8: whoever clicks is told with a reference, nothing is recorded, and the next click works', async ({
    open,
  }) => {
    const stage = await open({ onDisk: true });
    const id = await request(stage);
    const card = await stage.card(id);
    const lock = lockedBy(stage);
    stage.expectTrouble({ logged: 'a fault; the person was told' });
    const { told } = await stage.click('tom', card, 'card.go');
    expect(told).toEqual([expect.stringContaining('Something failed on our side. Reference')]);
    expect(JSON.stringify(stage.bot.errors)).toContain('another process has kept the database locked');
    lock.release();
    expect((await stage.load(id)).signOffs).toEqual([]);
    await stage.click('tom', card, 'card.go');
    expect((await stage.load(id)).signOffs).toHaveLength(1);
    await expectTruth(stage, id);
  });
});
