/** After a rollback, as people see it: the incident record in the thread, and the review until it is written (RB-6). */

import { describe, expect, vi } from 'vitest';
import { incident } from '../../src/cli/incident.ts';
import { report as reportCommand } from '../../src/cli/report.ts';
import { DAY, MINUTE } from '../../src/time.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { REVIEW_MODAL } from '../../views/review-modal.ts';
import { rollingOut } from './deploying.ts';
import { it } from './stage.ts';
import { actionsOn, choice, wordsOf } from './views-in-slack.ts';

const { fields } = REVIEW_MODAL;

describe('RB-6: after a rollback', () => {
  it('RB-6: its record is a file in the thread and on the command line, and its lead is asked for the review until it is written', async ({
    open,
  }) => {
    const stage = await open({ onDisk: true });
    const id = await rollingOut(stage);
    await stage.click('omar', await stage.card(id), CARD_ACTIONS.rollBack);
    await stage.pass(MINUTE, async () => (await stage.load(id)).status === 'rolled_back');

    const end = (await stage.thread(id)).find(({ text }) => text.includes('is back on v2.0.4'));
    if (end === undefined) throw new Error('nobody said that it is over');
    expect(end.text).toMatch(/owes its review, due /);
    expect(actionsOn(end)).toEqual([CARD_ACTIONS.review, CARD_ACTIONS.incident]);
    expect((await stage.card(id)).text).toContain('📝 Dana owes its review, due ');

    expect((await stage.click('omar', end, CARD_ACTIONS.incident)).told).toEqual([]);
    const [file] = (await stage.thread(id)).flatMap(({ files }) => files ?? []);
    expect(file?.name).toBe(`incident-${id}.md`);
    const said = (await stage.thread(id)).find(({ files }) => (files ?? []).length > 0)?.text;
    expect(said).toContain('by Omar, 0 s after the first sign');
    const printed = await print(stage.db, id);
    expect(printed).toMatch(/# Incident record: checkout v2\.1\.0 in production/);
    expect(await (await fetch(`${stage.slack.url}/files/${file?.id}`)).text()).toBe(printed);

    // MT-1: it stands among the figures at once, for anybody.
    const { told } = await stage.type('omar', 'deploys', '/deploy metrics checkout the last 2 weeks');
    expect(told.join()).toMatch(
      /Delivery of checkout, the last 14 days[\s\S]*production: deployed 1, a week 0\.5, went back 1 \(100 %\), lead time —, back within /,
    );
    expect(told.join()).toContain(`${id} checkout v2.1.0 in production, by a person`);
    const nothing = await stage.type('omar', 'deploys', '/deploy metrics checkot');
    expect(nothing.told.join()).toContain('checkout');
    const other = await stage.type('omar', 'deploys', '/deploy metrics checkout quickly');
    expect(other.told.join()).toContain('"quickly" is not understood, so nothing was done');

    expect(wordsOf(await stage.home('dana'))).toContain('Owed: a review by Dana');
    expect((await stage.type('omar', 'deploys', '/deploy owed')).told.join()).toContain(
      `${id} · a review by Dana`,
    );
    await stage.pass(4 * DAY + MINUTE);
    const reminder = (await stage.dm('dana')).findLast(({ text }) => text.includes('owes a review'));
    if (reminder === undefined) throw new Error('Dana was not reminded');
    await stage.click('dana', reminder, CARD_ACTIONS.review);
    expect(
      (await stage.submit('dana', { [fields.cause]: 'A slow query.', [fields.actions]: '  ' })).errors,
    ).toEqual({
      [fields.actions]: 'Say it in a few words.',
    });
    const sent = await stage.submit('dana', {
      [fields.cause]: 'A slow query.',
      [fields.actions]: 'An index, by Tom until Friday.',
    });
    expect(sent).toMatchObject({ ok: true, modal: null });
    expect((await stage.card(id)).text).toMatch(/📝 Reviewed by Dana at/);
    const timeline = (await stage.thread(id)).map(({ text }) => text).join('\n');
    expect(timeline).toContain('Dana reviewed the rollback: “A slow query.”');
    expect((await stage.dm('dana')).at(-1)?.text).toContain('Done: Dana wrote the review');
    expect(wordsOf(await stage.home('dana'))).not.toContain('Owed:');
    expect((await stage.type('omar', 'deploys', '/deploy owed')).told.join()).toContain('Nothing is owed');

    // AU-6: all of it as one file, for those who keep such things.
    const report = await print(stage.db, id, reportCommand);
    for (const line of [
      `# Deployment report: checkout v2.1.0 in production (${id})`,
      '- **State:** rolled back',
      /- \*\*What:\*\* commit [0-9a-f]{40}, artifact sha256:[0-9a-f]+/,
      /- ✅ \*Tech lead\* · go from Tom at 2026-01-05 \d\d:\d\d UTC/,
      '## Execution log',
      /- 2026-01-05 \d\d:\d\d UTC .*Omar/,
      /\*\*Rolled back:\*\* 2026-01-05 \d\d:\d\d UTC/,
      'An index, by Tom until Friday.',
    ])
      expect(report).toMatch(line);
    expect(report).not.toMatch(/<[@!]|&amp;|undefined/);

    const card = await stage.card(id);
    const again = choice(card, CARD_ACTIONS.more, 'Review…');
    const { modal } = await stage.click('tom', card, CARD_ACTIONS.more, again);
    expect(JSON.stringify(modal)).toContain('An index, by Tom until Friday.');
  });
});

async function print(db: string, id: string, command = incident): Promise<string> {
  let text = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    if ((await command.run([id, '--db', db])) !== 0) throw new Error(text);
    return text;
  } finally {
    vi.restoreAllMocks();
  }
}
