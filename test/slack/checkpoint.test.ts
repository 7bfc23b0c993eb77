import { describe, expect } from 'vitest';
import { openToRead } from '../../db/open.ts';
import { DAY, MINUTE } from '../../src/time.ts';
import { tamper } from '../db/forger.ts';
import { request, rollingOut } from './deploying.ts';
import { it, type Stage } from './stage.ts';

const KEY = 'the key that only the bot and the auditor have';

const RECORD_CHECKPOINT = /Record checkpoint `(\d+-[0-9a-f]{32})`/;

async function checkpointsIn(stage: Stage, id: string): Promise<string[]> {
  const thread = await stage.thread(id);
  return thread.flatMap(({ blocks }) => RECORD_CHECKPOINT.exec(JSON.stringify(blocks))?.[1] ?? []);
}

describe('AU-7: the thread of a deployment that ended', () => {
  it('publishes where the record stood, and an audit against it finds what was changed before', async ({
    open,
  }) => {
    const stage = await open({ onDisk: true, environment: { GONOGO_RECORD_KEY: KEY } });
    const id = await rollingOut(stage);
    expect(await checkpointsIn(stage, id)).toEqual([]);
    await stage.click('omar', await stage.card(id), 'card.roll_back');
    await stage.pass(DAY, async () => (await stage.load(id)).status === 'rolled_back');
    await stage.pass(MINUTE);
    const heads = await checkpointsIn(stage, id);
    expect(heads).toHaveLength(1);
    const record = await openToRead(stage.db);
    expect(await record.verify({ keys: [KEY], heads })).toMatchObject({ problems: [] });
    tamper(stage.db, `update seals set digest = 'forged' where number = 2`).close();
    const { problems } = await record.verify({ heads });
    expect(problems).toContainEqual({ where: `checkpoint ${heads[0]}`, problem: expect.any(String) });
    await record.close();
  });

  it('is told on the line of the no-go that ended it', async ({ stage }) => {
    const id = await request(stage);
    await stage.click('tom', await stage.card(id), 'card.no_go');
    await stage.submit('tom', { 'no_go.text': 'Too late in the day.' });
    expect((await stage.load(id)).status).toBe('rejected');
    expect(await checkpointsIn(stage, id)).toHaveLength(1);
  });
});
