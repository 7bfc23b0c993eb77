import { describe, expect } from 'vitest';
import { MINUTE } from '../../src/time.ts';
import { holdSaying, request, rollingOut } from './deploying.ts';
import { it, type Stage } from './stage.ts';
import { expectTruth } from './truth.ts';
import { choice, wordsOf } from './views-in-slack.ts';

const MAX_SUMMARY_LENGTH = 2_000;
const MAX_REASON_LENGTH = 500;
const filled = (text: string, length: number): string =>
  text.repeat(Math.ceil(length / text.length)).slice(0, length);

const TEXTS: [string, string][] = [
  ['a call to everyone', 'now <!channel> <!here> <@U0TOM000002> <#C0CHECKOUT2> <https://evil.example|docs>'],
  ['backticks and markup', '`code` ```block``` *bold* _it_ ~no~ > quote & &amp; &lt;!channel&gt;'],
  ['nothing but angle brackets', filled('<', MAX_SUMMARY_LENGTH)],
  ['nothing but ampersands', filled('&', MAX_SUMMARY_LENGTH)],
  ['emoji of several parts', filled('👩‍👩‍👧‍👦', MAX_SUMMARY_LENGTH)],
  ['line breaks', filled('a\n', MAX_SUMMARY_LENGTH)],
  ['marks that turn the writing round', '\u202Egnp.exe\u202C \u2066x\u2069 \u0000 \uFEFF'],
  ['one word without an end', filled('x', MAX_SUMMARY_LENGTH)],
];

/** Everything the bot has shown anywhere. */
async function allShown(stage: Stage, id: string): Promise<string> {
  const shown = [await stage.card(id), ...(await stage.thread(id)), ...(await stage.dm('tom'))];
  const home = await stage.home('tom');
  return [...shown.map((message) => message.text + mrkdwnOf(message.blocks)), mrkdwnOf(home.blocks)].join(
    '\n',
  );
}

/** What Slack reads as markup: not the elements that take text as it is. */
function mrkdwnOf(blocks: readonly unknown[]): string {
  const read = (node: unknown): string[] => {
    if (Array.isArray(node)) return node.flatMap(read);
    if (typeof node !== 'object' || node === null) return [];
    if ('type' in node && node.type === 'mrkdwn' && 'text' in node) return [String(node.text)];
    return Object.values(node).flatMap(read);
  };
  return read(blocks).join('\n');
}

describe('what people type', () => {
  it.for(TEXTS)(
    'K-3: %s in a summary stays text, everywhere it is shown, and breaks no limit',
    async ([_what, text], { stage }) => {
      const id = await request(stage, undefined, { 'schedule.summary': text });
      await expectTruth(stage, id);
      const shown = await allShown(stage, id);
      expect(shown).not.toMatch(/<!(channel|here|everyone)/);
      expect(shown).not.toContain('<https://evil.example');
      // The board names who is waited for, and notifies nobody.
      expect(shown).not.toContain('<@U0TOM000002>');
      const card = await stage.card(id);
      await stage.click('dana', card, 'card.more', choice(card, 'card.more', 'Cancel'));
      await stage.submit('dana', { 'reason.text': text.slice(0, MAX_REASON_LENGTH) });
      await expectTruth(stage, id);
      expect(await allShown(stage, id)).not.toMatch(/<!(channel|here|everyone)/);
    },
  );

  it.for(TEXTS.slice(0, 5))(
    'ST-6: %s as the reason of a hold, a no-go and a rollback stays text too',
    async ([_what, text], { stage }) => {
      const reason = text.slice(0, MAX_REASON_LENGTH);
      const id = await rollingOut(stage);
      await holdSaying(stage, 'tom', id, reason);
      await expectTruth(stage, id);
      expect(wordsOf(await stage.home('dana'))).not.toMatch(/<!(channel|here)/);
      await stage.click('omar', await stage.card(id), 'card.roll_back');
      await stage.pass(MINUTE);
      await stage.click('omar', await stage.card(id), 'card.explain');
      expect(await stage.submit('omar', { 'reason.text': reason })).toMatchObject({ ok: true });
      await expectTruth(stage, id);
      const other = await request(stage, 'checkout v2.1.2 to production');
      await stage.click('sana', await stage.card(other), 'card.no_go');
      expect(await stage.submit('sana', { 'no_go.text': reason })).toMatchObject({ ok: true });
      await expectTruth(stage, other);
      expect(await allShown(stage, id)).not.toMatch(/<!(channel|here|everyone)/);
    },
  );

  it('K-2: Slack lets nobody type more than fits, and what fits is kept to the last character', async ({
    stage,
  }) => {
    await stage.type('dana', 'checkout', '/deploy checkout v2.1.0 to production');
    const long = await stage.submit('dana', { 'schedule.summary': filled('word ', 5_000) });
    expect(Object.keys(long.errors ?? {})).toEqual(['schedule.summary']);
    await stage.submit('dana', { 'schedule.summary': filled('y', MAX_SUMMARY_LENGTH) });
    const [newest] = await stage.bot.stores.events.list({ limit: 1 });
    expect(newest?.terms.details.summary).toHaveLength(MAX_SUMMARY_LENGTH);
  });

  it('K-2: a summary of white space is none', async ({ stage }) => {
    await stage.type('dana', 'checkout', '/deploy checkout v2.1.0 to production');
    const { errors } = await stage.submit('dana', { 'schedule.summary': ' \n\t ' });
    expect(errors).toEqual({ 'schedule.summary': 'Say what changes and why.' });
  });

  it.for([
    '<!channel>',
    '```',
    '@tom #checkout',
    'status <!here>',
    'rollback `checkout`',
    `${filled('long ', 3_000)}`,
    'checkout v2.1.0 to <!everyone>',
    'checkout v2.1.0 to production at <!date^1^{time}|x>',
    `checkout ${filled('9', 2_000)}.0.0 to production`,
    '🚀🚀🚀',
    'constructor',
    '__proto__',
    'history __proto__',
    'hold D-99999999999999999999',
  ])('K-1: /deploy %s is answered, privately and harmlessly', async (text, { stage }) => {
    const { ok, told, modal } = await stage.type('dana', 'checkout', `/deploy ${text}`);
    expect(ok).toBe(true);
    expect(told.length + (modal === null ? 0 : 1)).toBe(1);
    expect(told.join('\n') + mrkdwnOf(modal?.blocks ?? [])).not.toMatch(/<!(channel|here|everyone)/);
  });
});
