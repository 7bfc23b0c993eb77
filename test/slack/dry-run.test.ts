/** The dry run as people meet it: the whole plan, its gates and its messages, with nothing changed (ST-7). */

import Database from 'better-sqlite3';
import { describe, expect } from 'vitest';
import type { View } from '../../local-slack/protocol.ts';
import { stagesBegun } from '../../src/deployment/rollout/progress.ts';
import { DAY, HOUR, SECOND } from '../../src/time.ts';
import { DRY_RUN } from '../../views/dry-run.ts';
import { SCHEDULE_FIELDS } from '../../views/schedule-fields.ts';
import { asShipped, danaDeclares, examplePolicy } from './bot.ts';
import { request, rollingOut, signAll } from './deploying.ts';
import { PEOPLE, type PersonName } from './people.ts';
import { BEGINNING, it, type Stage } from './stage.ts';
import { actionsOn, elementOf, filledWith } from './views-in-slack.ts';

async function dryRun(stage: Stage, words: string, as: PersonName = 'dana'): Promise<string> {
  const { modal, told } = await stage.type(as, 'checkout', `/deploy dry-run ${words}`);
  if (modal === null) throw new Error(`no modal: ${told.join(' ')}`);
  expect(modal.title).toBe('Dry run');
  return textOf(modal);
}

const PRODUCTION = 'checkout v2.1.0 to production';

/** What a person reads in it, line by line. */
const textOf = ({ blocks }: Pick<View, 'blocks'>): string =>
  blocks
    .flatMap((block) => [block.text, ...[block.elements ?? []].flat()])
    .flatMap((part) => {
      const { text } = (part ?? {}) as { text?: unknown };
      return typeof text === 'string' ? [text] : [];
    })
    .join('\n');

/** Every row of every table but what is remembered of people's names. */
function contentOf(file: string): Record<string, unknown[]> {
  const db = new Database(file, { readonly: true });
  try {
    const tables = db.prepare("select name from sqlite_master where type = 'table'").all() as {
      name: string;
    }[];
    const kept = tables.filter(({ name }) => name !== 'people_cache');
    return Object.fromEntries(kept.map(({ name }) => [name, db.prepare(`select * from "${name}"`).all()]));
  } finally {
    db.close();
  }
}

describe('/deploy dry-run', () => {
  it('ST-7: says that it would be accepted, what is missing, how it would go, and what would be said', async ({
    open,
  }) => {
    const stage = await open({ policy: asShipped() });
    const text = await dryRun(stage, `${PRODUCTION} at 14:00`);
    const sections = [
      'It would be accepted as asked for',
      'Before it may start',
      'go from Tom',
      'unit tests (100 % of',
      'Checklist* · prerequisites',
      'How it would go',
      'Starts <!date^1767618000^',
      'Played as if everybody said go at once',
      'Rolls back by itself on errors over 1 %',
      'Holds and asks on',
      'What would be said',
      'Card in <#C0CHECKOUT2>:  checkout v2.1.0 → production',
      'DM to Sana:  Your go is needed as Security',
      'Go from Omar as Operations',
      'Thread and channel:  🚀 checkout v2.1.0 → production has started',
      'Stage report, thread:  Stage 1 of 4 · 5 % of traffic',
      'All clear: checkout v2.1.0 is complete for 1 h',
      'Handed over: watched for 24 h',
      'The backend would be told: 5 % at',
      'Nothing was changed, nothing was sent',
    ];
    const places = sections.map((words) => text.indexOf(words));
    expect(
      places.every((place) => place >= 0),
      text,
    ).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('ST-7: changes nothing: no row, no message to anybody, no command, and no number is used up', async ({
    open,
  }) => {
    const stage = await open({ onDisk: true });
    await rollingOut(stage, 'payments v9.4.0 to production');
    const before = contentOf(stage.db);
    const since = (await stage.driver.calls()).at(-1)?.id ?? 0;
    const told = stage.world.commands();
    await dryRun(stage, PRODUCTION);
    await dryRun(stage, 'payments v9.4.0 to production');
    expect(contentOf(stage.db)).toEqual(before);
    expect(stage.world.commands()).toEqual(told);
    const methods = new Set((await stage.driver.calls({ since })).map(({ method }) => method));
    expect(
      [...methods].filter((method) => !['users.info', 'views.open', 'views.update'].includes(method)),
    ).toEqual([]);
    expect(await request(stage, PRODUCTION)).toBe('D-1002');
  });

  it.for([
    ['checkout v2.1.0 to production at 14:00', 4],
    ['payments v9.4.0 to production at 14:00', 4],
    ['reports v0.8.0 to production at 14:00', 1],
  ] as const)(
    'ST-7: shows for %s the times at which it then really happens',
    async ([words, stages], { stage }) => {
      const shown = await dryRun(stage, words);
      const id = await request(stage, words);
      await signAll(stage, id);
      await stage.pass(2 * DAY, async () => (await stage.load(id)).ending?.at !== undefined);
      const d = await stage.load(id);
      const seconds = (at: number | undefined): string => `<!date^${Math.floor((at ?? 0) / SECOND)}^`;
      expect(d.rollout?.stages).toHaveLength(stages);
      expect(shown).toContain(`Starts ${seconds(d.rollout?.startedAt)}`);
      for (const { number, startedAt, endedAt } of stagesBegun(d)) {
        const line = shown.split('\n').find((one) => one.startsWith(`*${number}*  `)) ?? '';
        expect(line).toContain(seconds(startedAt));
        if (line.includes('watched')) expect(line).toContain(seconds(endedAt));
      }
      expect(shown).toContain(`Complete ${seconds(d.rollout?.completedAt)}`);
      expect(shown).toContain(`Handed over ${seconds(d.ending?.at)}`);
    },
  );

  it('ST-7: lists each message of the thread that the real deployment then posts', async ({ open }) => {
    const stage = await open({ policy: asShipped() });
    const words = 'payments v9.4.0 to production at 14:00';
    const shown = await dryRun(stage, words);
    const id = await request(stage, words);
    await signAll(stage, id);
    await stage.pass(2 * DAY, async () => (await stage.load(id)).ending?.at !== undefined);
    const notes = (await stage.thread(id)).map(({ text }) => text.split('\n')[0] ?? '');
    expect(notes.length).toBeGreaterThan(5);
    for (const note of notes) expect(shown).toContain(note.slice(0, 40));
    expect(shown.split('\n').filter((line) => /^• {2}(Thread|Stage)/.test(line))).toHaveLength(notes.length);
  });

  it.for([
    ['checkout v2.1.0 to production', /Canary 5 → 25 → 75 → 100 %/, 4],
    ['payments v9.4.0 to production', /Blue-green 10 → 25 → 50 → 100 %/, 4],
    ['reports v0.8.0 to production', /All at once 100 %/, 1],
  ] as const)('ST-7: shows the stages of %s', async ([words, plan, stages], { stage }) => {
    const text = await dryRun(stage, words);
    expect(text).toMatch(plan);
    expect(text.match(/^\*\d+\* {2}/gm)).toHaveLength(stages);
    expect(text).toContain('Starts as soon as all that it needs is there');
  });

  it('ST-7: with a freeze, refuses a time within it as the request would, and shows when it ends', async ({
    stage,
  }) => {
    await stage.type('tom', 'checkout', '/deploy freeze everything for 2d because the audit runs');
    const until = Math.floor((BEGINNING + 2 * DAY) / SECOND);
    const refused = await dryRun(stage, `${PRODUCTION} at 16:00`);
    expect(refused).toContain(`It would be refused: everything is frozen by Tom until <!date^${until}^`);
    expect(refused).toContain('What follows supposes that this is out of the way');
    expect(refused).toContain(`Starts <!date^${until}^`);
    const waits = await dryRun(stage, PRODUCTION);
    expect(waits).toContain('It would be accepted as asked for');
    expect(waits).toMatch(/Waits\* · everything is frozen by Tom until .*the audit runs/);
    expect(waits).toContain(
      `Starts <!date^${until}^{time} {date_pretty}|2026-01-07 10:00 UTC> at the earliest`,
    );
  });

  it('WN-1: with a closed window, says when the next opens, its last start, and what a time outside is told', async ({
    open,
  }) => {
    const nights = '{ name: Nights, days: [mon, tue, wed, thu], from: "20:00", to: "02:00" }';
    const stage = await open({ policy: `${examplePolicy()}\nwindows: [${nights}]\n` });
    const waits = await dryRun(stage, PRODUCTION);
    expect(waits).toMatch(/Waits\* · checkout in production is outside its deployment windows/);
    expect(waits).toMatch(/Starts <!date\^1767639600\^.*at the earliest/);
    // 02:00 in Berlin, less 3 h 30 min and a rollback of 15 min.
    expect(waits).toMatch(/Window\* · <!date\^1767639600\^.*last start <!date\^1767647700\^/);
    expect(await dryRun(stage, `${PRODUCTION} at 14:00`)).toContain(
      'It would be refused: checkout in production',
    );
  });

  it('WN-4: with somebody else’s lock, names who holds it', async ({ stage }) => {
    await stage.type('tom', 'checkout', '/deploy lock checkout because of a load test');
    const text = await dryRun(stage, PRODUCTION);
    expect(text).toMatch(/It would be refused: checkout is locked by Tom until/);
    expect(text).toContain('How it would go');
  });

  it('WN-2: with a conflict, names who is on the way, and plays on as if they were gone', async ({
    open,
  }) => {
    const policy = examplePolicy().replace(
      '  checkout:\n    channel: C0CHECKOUT2\n',
      '  checkout:\n    channel: C0CHECKOUT2\n    depends_on: [payments]\n',
    );
    const stage = await open({ policy });
    const other = await rollingOut(stage, 'payments v9.4.0 to production');
    const text = await dryRun(stage, PRODUCTION);
    expect(text).toContain('It would be accepted');
    expect(text).toMatch(
      new RegExp(`Waits\\* · payments v9.4.0 is on its way in production \\(${other}, lead Dana`),
    );
    expect(text).toContain('Handed over');
  });

  it('GT-8: a version that never completed in staging is refused, and an emergency is not', async ({
    open,
  }) => {
    const stage = await open({
      policy: danaDeclares().replace('promotion: any_order', 'promotion: in_order'),
    });
    expect(await dryRun(stage, PRODUCTION)).toMatch(
      /It would be refused: v2\.1\.0 is not complete in staging, so production is closed/,
    );
    const { modal } = await stage.type('dana', 'checkout', `/deploy ${PRODUCTION}`);
    if (modal === null) throw new Error('no modal');
    const chosen = await stage.click('dana', modal, SCHEDULE_FIELDS.changeType, 'emergency');
    const { modal: pushed } = await stage.click('dana', chosen.modal ?? modal, DRY_RUN.button);
    expect(pushed && textOf(pushed)).toMatch(/accepted as asked for[\s\S]*is not complete in staging/);
  });

  it('CH-1: with too short a lead time, says what the earliest start is, and goes on from there', async ({
    open,
  }) => {
    const stage = await open({ policy: examplePolicy().replace('lead_time: 0', 'lead_time: 5') });
    const text = await dryRun(stage, `${PRODUCTION} at 14:00`);
    expect(text).toMatch(/It would be refused: A normal change is announced 5 business days ahead/);
    const [, offered] = /, and a start at <!date\^(\d+)\^/.exec(text) ?? [];
    expect(Number(offered) * SECOND).toBeGreaterThan(BEGINNING + 6 * DAY);
    expect(text).toContain(`Starts <!date^${offered}^`);
  });

  it('GT-5: shows open gates and items, and that the change request must be written', async ({ open }) => {
    const policy = examplePolicy()
      .replace('    gates: [build, unit_tests, security_scan, integration_tests, staging_smoke]\n', '')
      .replace('change_request: false, checklist: optional', 'change_request: true');
    const stage = await open({ policy });
    const text = await dryRun(stage, PRODUCTION);
    expect(text).toMatch(/⏳ \*Gates\* · not reported yet: .*semantic version/);
    expect(text).toMatch(/⏳ \*Checklist\* · prerequisites \d of \d/);
    expect(text).toMatch(/• {2}The release notes are complete/);
    expect(text).toContain('*Change request* · must be written');
    expect(text).toContain('Handed over');
  });

  it('ST-7: who may not ask for it is told what their request would be told, and a guest nothing else', async ({
    stage,
  }) => {
    await stage.driver.people(PEOPLE.tom, { is_restricted: true });
    const { modal, told } = await stage.type('tom', 'checkout', `/deploy dry-run ${PRODUCTION}`);
    expect([modal, told]).toEqual([null, [expect.stringContaining('Guests take no part in deployments')]]);
    const text = await dryRun(stage, PRODUCTION, 'priya');
    expect(text).toMatch(/It would be refused: You can't ask for deployments of this kind/);
    expect(text).toContain('How it would go');
  });

  it('ST-7: what runs there already has nothing to rehearse', async ({ stage }) => {
    const text = await dryRun(stage, 'checkout v2.0.4 to production');
    expect(text).toContain('It would be refused: v2.0.4 already runs');
    expect(text).not.toContain('How it would go');
  });

  it('ST-7: a backend that is away is said to be, and the rest is shown', async ({ stage }) => {
    stage.world.setOutage({ from: BEGINNING, to: BEGINNING + HOUR });
    stage.world.backend.versions = async () => {
      throw new Error('away');
    };
    const text = await dryRun(stage, PRODUCTION);
    expect(text).toContain('It would be refused: The backend does not say which versions there are');
    expect(text).toContain('Whether there is a v2.1.0 is not known');
    expect(text).toContain('The backend does not say what runs there');
    expect(text).toContain('go from Tom');
    expect(text).toContain('Stage 4 of 4');
  });

  it('ST-7: a fault of ours is said where the person looks, and nothing stays at work', async ({ stage }) => {
    stage.bot.stores.calendar.standing = async () => {
      throw new Error('no disk');
    };
    stage.expectTrouble({ logged: 'a fault; the person was told' });
    const { modal, told } = await stage.type('dana', 'checkout', `/deploy dry-run ${PRODUCTION}`);
    expect(modal && textOf(modal)).toContain('It could not be rehearsed');
    expect(told).toEqual([expect.stringContaining('Something failed on our side. Reference')]);
  });

  it('ST-7: one that is closed before it is there is no fault', async ({ stage }) => {
    const { backend } = stage.world;
    const observe = backend.observe.bind(backend);
    backend.observe = async (target) => {
      const open = await stage.driver.view(PEOPLE.dana);
      if (open !== null) await stage.driver.closeView(PEOPLE.dana, open.id);
      return observe(target);
    };
    stage.expectTrouble({ call: 'views.update', error: 'not_found' });
    const { modal, told } = await stage.type('dana', 'checkout', `/deploy dry-run ${PRODUCTION}`);
    expect({ modal, told }).toEqual({ modal: null, told: [] });
  });

  it('ST-7: a version that does not exist gets the nearest that does', async ({ stage }) => {
    expect(await dryRun(stage, 'checkout v2.1.9 to production')).toMatch(
      /There is no v2\.1\.9 of checkout\. Did you mean v2\.1\.\d\?/,
    );
  });

  it.for([
    ['dry-run chekout v2.1.0', /No service `chekout`\. Did you mean `checkout`\?/],
    ['dry-run statsu', /No service `statsu`/],
    ['dry-run checkout v2.1.0 to prodution', /No environment `prodution`\. Did you mean `production`\?/],
    ['dry-rnu checkout', /Did you mean `\/deploy dry-run SERVICE VERSION to ENVIRONMENT \[at TIME\]`\?/],
    ['dryrn checkout', /Did you mean `\/deploy dry-run/],
    ['help', /\/deploy dry-run SERVICE VERSION to ENVIRONMENT \[at TIME\]`? {2}the whole plan/],
  ] as const)('K-1: /deploy %s gets the nearest match, never silence', async ([words, answer], { stage }) => {
    const { told, modal } = await stage.type('dana', 'checkout', `/deploy ${words}`);
    expect({ told, modal }).toEqual({ told: [expect.stringMatching(answer)], modal: null });
  });

  it.for([
    ['', 'Choose what is missing'],
    ['checkout to production', 'Choose what is missing'],
    ['checkout v2.1.0 to production after lunch', 'after lunch'],
  ] as const)(
    'ST-7: "dry-run %s" lacks something, and opens the form with what was said',
    async ([words, notice], { stage }) => {
      const { modal } = await stage.type('dana', 'checkout', `/deploy dry-run ${words}`);
      expect(modal?.title).toBe('Schedule a deployment');
      expect(modal && textOf(modal)).toContain(notice);
      expect(modal && textOf(modal)).toContain('press Dry run');
    },
  );

  it('ST-7: "Schedule it" leads to the form, filled in with the same', async ({ stage }) => {
    await dryRun(stage, `${PRODUCTION} at 14:00`);
    const { modal } = await stage.submit('dana');
    if (modal === null) throw new Error('no modal');
    expect(modal.title).toBe('Schedule a deployment');
    expect(filledWith(modal, SCHEDULE_FIELDS.version)).toBe('v2.1.0');
    expect(filledWith(modal, SCHEDULE_FIELDS.at)).toBe((BEGINNING + 3 * HOUR) / SECOND);
    expect((await stage.submit('dana', { [SCHEDULE_FIELDS.summary]: 'Adds Apple Pay.' })).ok).toBe(true);
    expect((await stage.load('D-1001')).terms.envelope.start).toEqual({
      kind: 'at',
      at: BEGINNING + 3 * HOUR,
    });
  });
});

describe('the button in the schedule modal', () => {
  it('ST-7: shows the dry run of what is chosen, and the form below stays as it was', async ({ stage }) => {
    const { modal } = await stage.type('dana', 'checkout', `/deploy ${PRODUCTION}`);
    if (modal === null) throw new Error('no modal');
    const risky = await stage.click('dana', modal, SCHEDULE_FIELDS.deploymentType, 'major_release');
    const pushed = await stage.click('dana', risky.modal ?? modal, DRY_RUN.button);
    if (pushed.modal === null) throw new Error('nothing was pushed');
    expect(textOf(pushed.modal)).toMatch(/accepted as asked for[\s\S]*Product owner\* · go from Priya/);
    expect(pushed.modal.submit ?? null).toBeNull();
    await stage.driver.closeView(PEOPLE.dana, pushed.modal.id);
    const form = await stage.driver.view(PEOPLE.dana);
    expect(form && filledWith(form, SCHEDULE_FIELDS.deploymentType)).toBe('major_release');
    expect(form && filledWith(form, SCHEDULE_FIELDS.version)).toBe('v2.1.0');
    expect(await stage.bot.stores.events.list({ limit: 1 })).toEqual([]);
  });

  it('ST-7: names what is missing before there is anything to rehearse', async ({ stage }) => {
    const { modal } = await stage.type('dana', 'checkout', '/deploy search');
    if (modal === null) throw new Error('no modal');
    const { modal: pushed } = await stage.click('dana', modal, DRY_RUN.button);
    expect(pushed && textOf(pushed)).toMatch(/nothing to rehearse yet[\s\S]*Choose a version\./);
  });

  it('ST-7: is not there before a service is chosen, nor where a deployment is changed', async ({
    stage,
  }) => {
    const { modal } = await stage.type('dana', 'general', '/deploy');
    expect(modal && actionsOn(modal)).not.toContain(DRY_RUN.button);
    const filled = await stage.type('dana', 'checkout', `/deploy ${PRODUCTION}`);
    expect(filled.modal && elementOf(filled.modal, DRY_RUN.button).text?.text).toBe('Dry run');
  });
});
