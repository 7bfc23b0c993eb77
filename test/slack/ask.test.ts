/** The message to an approver is enough to decide by, and what is missing is asked of the lead from there. */

import { expect } from 'vitest';
import { ASK_MODAL } from '../../views/ask-modal.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { request } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it } from './stage.ts';
import { timelineOf } from './truth.ts';
import { actionsOn } from './views-in-slack.ts';

it('K-4: an approver decides from the message alone: what runs, what changes, gates, checklist, the card, a question to the lead', async ({
  stage,
}) => {
  const id = await request(stage);
  const asked = async () => {
    const message = (await stage.dm('sana')).find(({ text }) => text.includes(id));
    if (message === undefined) throw new Error('Sana was not asked');
    return message;
  };
  const card = await stage.card(id);
  const { text } = await asked();
  expect(text).toMatch(/^Your go is needed as Security: checkout v2\.1\.0 → production/);
  for (const fact of [
    'Runs in production now: v2.0.4',
    '1 commit by 1 person in 3 files since v2.0.4',
    'had not completed in staging when it was asked for',
    'medium risk · lead Dana · on-call Omar',
    'Gates: all 5 passed',
    'Checklist: 4 of 21',
  ])
    expect(text).toContain(fact);
  expect(text).toContain(`/archives/${card.channel}/p${card.ts.replace('.', '')}|Open the card>`);
  expect(text).toContain(`<${new URL((await stage.driver.workspace()).api).origin}/archives/`);

  const { modal } = await stage.click('sana', await asked(), CARD_ACTIONS.ask);
  expect(modal?.title).toBe('Ask Dana');
  expect(Object.keys((await stage.submit('sana', {})).errors ?? {})).toEqual([ASK_MODAL.action]);
  expect(await stage.submit('sana', { [ASK_MODAL.action]: 'Who may refund?' })).toMatchObject({ ok: true });
  const calls = await stage.driver.calls({ method: 'chat.postMessage' });
  const question = calls.filter(({ args }) => String(args.text).startsWith('❓'));
  expect(question.map(({ args }) => args.text)).toEqual([
    `❓ Sana asks <@${PEOPLE.dana}>: “Who may refund?”\nDana: answer here, and mention Sana so that it reaches them.`,
  ]);
  expect((await timelineOf(stage, id)).some((line) => line.includes('Who may refund?'))).toBe(true);
  const now = await asked();
  expect(now.text).toMatch(/You asked Dana at .*: “Who may refund\?” The answer comes in the thread\./);
  expect(actionsOn(now)).toContain(CARD_ACTIONS.go);
  expect(await stage.dm('dana')).toEqual([]);

  await stage.click('sana', now, CARD_ACTIONS.go);
  expect((await asked()).text).toContain('Done: you signed for Security');
});
