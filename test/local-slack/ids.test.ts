/** Ids over two lives of one workspace: what is new never repeats, and what is the same keeps its name. */
import { describe, expect, it } from 'vitest';
import { createIds } from '../../local-slack/ids.ts';
import { acme, seedSchema } from '../../local-slack/seed.ts';
import { Channels } from '../../local-slack/workspace/channels.ts';
import { appOn, DANA, modal, type Stage, section, stage, TOM } from './stage.ts';

const channels = (): Channels => new Channels(seedSchema.parse(acme), 'U0LOCALBOT1');

describe('ids', () => {
  it('K-8: none of a thousand of one life comes again in the next', () => {
    const lives = [createIds(), createIds()].map((next) => Array.from({ length: 1_000 }, () => next('V')));
    expect(new Set(lives.flat()).size).toBe(2_000);
    expect(lives.flat().every((id) => /^V0[A-Z0-9]{9,10}$/.test(id))).toBe(true);
  });

  it('K-8: a direct message keeps its id, whoever was written to first', () => {
    const [one, two] = [channels(), channels()];
    const before = [one.dm(DANA), one.dm(TOM), one.groupDm([DANA, TOM])].map(({ id }) => id);
    const after = [two.groupDm([TOM, DANA]), two.dm(TOM), two.dm(DANA)].map(({ id }) => id);
    expect(after.toReversed()).toEqual(before);
    expect(new Set(before).size).toBe(3);
  });

  it('K-8: events, views, triggers and envelopes of one life are not those of another', async () => {
    const seen = (await Promise.all([life(), life()])).map((ids) => new Set(ids));
    expect(seen[0]?.size).toBe(4);
    expect([...(seen[0] ?? [])].filter((id) => seen[1]?.has(id))).toEqual([]);
  });
});

/** The ids of a mention and of a modal that a command opened. */
async function life(): Promise<string[]> {
  const set: Stage = await stage();
  const envelopes: string[] = [];
  await appOn(set.slack, (app) => {
    app.use(async ({ body, next }) => {
      if ('event_id' in body) envelopes.push(String(body.event_id));
      if ('trigger_id' in body) envelopes.push(String(body.trigger_id));
      await next();
    });
    app.event('app_mention', async () => undefined);
    app.command('/deploy', async ({ ack, body, client }) => {
      await ack();
      await client.views.open({ trigger_id: body.trigger_id, view: modal('m', [section('hello')]) });
    });
  });
  await set.driver.command('dana', 'deploys', '/deploy');
  const view = await set.driver.until(() => set.driver.view('dana'));
  await set.driver.say('dana', 'deploys', '@tester hello');
  await set.driver.until(() => envelopes.some((id) => id.startsWith('Ev')));
  const triggers = envelopes.filter((id) => !id.startsWith('Ev'));
  const [event = ''] = envelopes.filter((id) => id.startsWith('Ev'));
  return [view.id, view.hash.split('.')[1] ?? '', event, triggers[0] ?? ''];
}
