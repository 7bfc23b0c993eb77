/** Who is notified of what, and how often: by a new post that mentions them or a direct message; an edit notifies nobody. */

import { describe, expect } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { request, rollingOut } from './deploying.ts';
import { PEOPLE, type PersonName } from './people.ts';
import { it, type Stage } from './stage.ts';

type Pings = Partial<Record<PersonName, string[]>>;

/** A mention by its first words, a message of their own as `dm`: whatever notified each person so far. Who is not among them was left in peace. */
async function pings(stage: Stage): Promise<Pings> {
  const posts = (await stage.driver.calls({ method: 'chat.postMessage' })).filter(({ ok }) => ok);
  const names = Object.keys(PEOPLE) as PersonName[];
  const all = await Promise.all(
    names.map(async (name) => {
      const mentions = posts.filter(({ args }) => JSON.stringify(args).includes(`<@${PEOPLE[name]}>`));
      const mentioned = mentions.map(({ args }) => `mention: ${firstWords(String(args.text))}`);
      const messages = (await stage.dm(name)).map(() => 'dm');
      return [name, [...mentioned, ...messages]] as const;
    }),
  );
  return Object.fromEntries(all.filter(([, list]) => list.length > 0));
}

const firstWords = (text: string): string => text.split(/\s+/).slice(0, 4).join(' ');

describe('notifications, counted', () => {
  it('K-4: of a healthy deployment each approver gets one, and nobody else any', async ({ stage }) => {
    const id = await rollingOut(stage);
    await stage.pass(2 * DAY, async () => (await stage.load(id)).status === 'handed_over');
    expect((await stage.load(id)).status).toBe('handed_over');
    expect(await pings(stage)).toEqual({ tom: ['dm'], sana: ['dm'], omar: ['dm'] });
  });

  it('K-3: of one that is rolled back by itself, whoever must look at why is told, by a post and by a message', async ({
    stage,
  }) => {
    const id = await rollingOut(stage, 'checkout v2.1.1 to production');
    await stage.pass(2 * HOUR, async () => (await stage.load(id)).status === 'rolled_back');
    await stage.pass(MINUTE);
    expect(await pings(stage)).toEqual({
      dana: ['mention: ⏪ Rolling checkout back', 'dm'],
      tom: ['dm'],
      sana: ['dm'],
      omar: ['mention: ⏪ Rolling checkout back', 'dm', 'dm'],
    });
  });

  it('K-4: a no-go calls whoever asked for it, once, and nobody else', async ({ stage }) => {
    const id = await request(stage);
    await stage.click('omar', await stage.card(id), 'card.no_go');
    await stage.submit('omar', { 'no_go.text': 'The runbook is missing.' });
    expect(await pings(stage)).toEqual({
      dana: ['mention: ⛔ No-go from Omar'],
      tom: ['dm'],
      sana: ['dm'],
      omar: ['dm'],
    });
  });
  it('K-3, CM-3: a hold calls its lead and on-call, in a post that mentions them and in a message with the buttons', async ({
    stage,
  }) => {
    const id = await rollingOut(stage);
    await stage.click('sana', await stage.card(id), 'card.hold');
    await stage.pass(MINUTE);
    expect(await pings(stage)).toEqual({
      dana: ['mention: ✋ Held by Sana:', 'dm'],
      tom: ['dm'],
      sana: ['dm'],
      omar: ['mention: ✋ Held by Sana:', 'dm', 'dm'],
    });
  });

  it('K-3, ST-6: a hold whose lead and on-call have left the workspace calls those who may roll it back, once', async ({
    open,
  }) => {
    const stage = await open({ onDisk: true });
    const id = await rollingOut(stage);
    await stage.driver.people(PEOPLE.omar, { deleted: true });
    await stage.click('sana', await stage.card(id), 'card.hold');
    await stage.pass(MINUTE);
    const said = async (): Promise<string[]> =>
      (await stage.thread(id)).map(({ text }) => text).filter((text) => text.includes('could not be told'));
    expect(await said()).toEqual([
      `⚠️ Omar could not be told that ${id} waits for them: their account is deactivated.\nDana has it in a message.`,
    ]);
    await stage.click('dana', await stage.card(id), 'card.resume');
    await stage.submit('dana', { 'reason.text': 'A log line, and nothing else.' });
    await stage.driver.people(PEOPLE.dana, { deleted: true });
    await stage.click('sana', await stage.card(id), 'card.hold');
    await stage.pass(MINUTE);
    await stage.restart();
    await stage.pass(2 * MINUTE);
    expect((await said()).slice(1)).toEqual([
      expect.stringMatching(
        /^⚠️ Dana could not be told .*\n<@U0PRIYA0005>.*: see that it is done\. Nobody else was told\./,
      ),
    ]);
  });
});
