/** What nobody can end any more is told to its lead at once, with who could (CH-6, CH-10). */

import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { SCHEDULE_FIELDS } from '../../views/schedule-fields.ts';
import { examplePolicy } from './bot.ts';
import { request } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it } from './stage.ts';
import { expectTruth, timelineOf } from './truth.ts';

describe('a sign-off that nobody can give', () => {
  it('CH-6: is told to its lead at the request, and ends with somebody else in the role', async ({
    open,
  }) => {
    // Lee has left: whoever cannot sign is not asked.
    const policy = examplePolicy().replace(
      `tech_lead: [${PEOPLE.tom}]`,
      `tech_lead: [${PEOPLE.tom}, ${PEOPLE.lee}]`,
    );
    const stage = await open({ policy });
    const id = await request(stage, undefined, { [SCHEDULE_FIELDS.lead]: PEOPLE.tom });
    const says = 'obody can say go as Tech lead: Tom leads it. Give somebody else the role Tech lead';
    expect((await stage.card(id)).text).toContain(says);
    expect(await timelineOf(stage, id)).toContainEqual(expect.stringContaining(says));
    const told = (await stage.dm('tom')).filter(({ text }) => text.includes("It can't start as it is"));
    expect(told.map(({ text }) => text)).toEqual([expect.stringContaining(says)]);
    await expectTruth(stage, id);

    writeFileSync(stage.policyFile, policy.replace(PEOPLE.lee, PEOPLE.priya));
    expect(await stage.bot.reload()).toMatchObject({ kind: 'taken' });
    await stage.click('priya', await stage.card(id), CARD_ACTIONS.go);
    expect((await stage.dm('tom')).map(({ text }) => text)).toContainEqual(
      expect.stringContaining('Nothing waits for you any more'),
    );
    expect((await stage.card(id)).text).not.toContain('obody can say go');
  });
});
