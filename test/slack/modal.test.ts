import { describe, expect } from 'vitest';
import type { View } from '../../local-slack/protocol.ts';
import { HOUR } from '../../src/time.ts';
import { SCHEDULE_FIELDS as FIELDS } from '../../views/schedule-fields.ts';
import { SCHEDULE_BUTTONS } from '../../views/schedule-lines.ts';
import { danaDeclares, examplePolicy } from './bot.ts';
import { request, rollingOut, signAll } from './deploying.ts';
import { PEOPLE, type PersonName } from './people.ts';
import { BEGINNING, it, type Stage } from './stage.ts';
import { actionsOn, elementOf, filledWith, wordsOf } from './views-in-slack.ts';

const SUMMARY = { [FIELDS.summary]: 'Adds Apple Pay.' };

async function folded(stage: Stage, text = '/deploy', person: PersonName = 'dana'): Promise<View> {
  const { modal, told } = await stage.type(person, 'general', text);
  if (modal === null) throw new Error(`no modal: ${told.join(' ')}`);
  return modal;
}

/** With all fields in sight. */
async function opened(stage: Stage, text = '/deploy', person: PersonName = 'dana'): Promise<View> {
  const view = await folded(stage, text, person);
  if (!actionsOn(view).includes(SCHEDULE_BUTTONS.unfold)) return view;
  const { modal } = await stage.click(person, view, SCHEDULE_BUTTONS.unfold);
  if (modal === null) throw new Error('the modal is gone');
  return modal;
}

/** Chooses in the open modal, and answers it as it is drawn then. */
async function choose(stage: Stage, view: View, field: string, value?: string | number): Promise<View> {
  const { modal } = await stage.click('dana', view, field, value);
  if (modal === null) throw new Error('the modal is gone');
  return modal;
}

describe('the schedule modal, drawn anew', () => {
  it('K-2: a service brings its environments, versions, strategy and people', async ({ stage }) => {
    const blank = await opened(stage);
    expect(actionsOn(blank)).not.toContain(FIELDS.environment);
    const chosen = await choose(stage, blank, FIELDS.service, 'payments');
    const modal = await choose(stage, chosen, SCHEDULE_BUTTONS.unfold);
    expect(actionsOn(modal)).toEqual(expect.arrayContaining([FIELDS.environment, FIELDS.version]));
    expect(filledWith(modal, FIELDS.strategy)).toBe('blue-green');
    expect(filledWith(modal, FIELDS.lead)).toBe(PEOPLE.dana);
    expect(filledWith(modal, FIELDS.onCall)).toBe(PEOPLE.omar);
  });

  it('K-2: what was typed before a service was chosen stands once it is, as far as it fits', async ({
    stage,
  }) => {
    const blank = await folded(stage, '/deploy 2.1.1 to prod');
    expect(actionsOn(blank)).not.toContain(FIELDS.version);
    const checkout = await choose(stage, blank, FIELDS.service, 'checkout');
    expect(filledWith(checkout, FIELDS.environment)).toBe('production');
    expect(filledWith(checkout, FIELDS.version)).toBe('v2.1.1');
    expect(filledWith(checkout, FIELDS.summary)).toBe('Retry declined cards on the second acquirer');
    const payments = await choose(stage, checkout, FIELDS.service, 'payments');
    expect(filledWith(payments, FIELDS.version)).toBeUndefined();
  });

  it('K-2: another service forgets what was chosen for the one before, and keeps the rest', async ({
    stage,
  }) => {
    const first = await opened(stage, '/deploy checkout v2.1.0 to production');
    const risky = await choose(stage, first, FIELDS.risk, 'high');
    const modal = await choose(stage, risky, FIELDS.service, 'payments');
    expect(filledWith(modal, FIELDS.version)).toBeUndefined();
    expect(filledWith(modal, FIELDS.environment)).toBeUndefined();
    expect(filledWith(modal, FIELDS.risk)).toBe('high');
  });

  it('K-2: an environment says what runs there and who must say go', async ({ stage }) => {
    const blank = await opened(stage, '/deploy checkout v2.1.0');
    expect(wordsOf(blank)).not.toContain('Needs a go');
    const production = await choose(stage, blank, FIELDS.environment, 'production');
    expect(wordsOf(production)).toContain('Running in production now: v2.0.4');
    expect(wordsOf(production)).toContain('Needs a go from Tech lead, Security and Operations');
    const staging = await choose(stage, production, FIELDS.environment, 'staging');
    expect(wordsOf(staging)).toContain('No sign-off is needed in staging');
  });

  it('AN-6: says what each stage can tell at the usual traffic', async ({ stage }) => {
    const modal = await opened(stage, '/deploy checkout v2.1.0 to production');
    expect(wordsOf(modal)).toMatch(
      /At its usual traffic, at 5 % a doubling of errors takes \d+ min to exclude, the stage is 30 min, at 25 % .* and at 75 % /,
    );
  });

  it('K-11: a version says what it changes of what runs there, before anybody asks for it', async ({
    stage,
  }) => {
    const blank = await opened(stage, '/deploy checkout v2.1.0');
    expect(wordsOf(blank)).not.toContain('Changes');
    const production = await choose(stage, blank, FIELDS.environment, 'production');
    expect(wordsOf(production)).toMatch(/Changes 1 commit by 1 person in \d files? since v2\.0\.4/);
    expect(wordsOf(production)).toContain('Add Apple Pay to the payment step');
    const same = await opened(stage, '/deploy checkout v2.0.4 to production');
    expect(wordsOf(same)).not.toContain('Changes');
  });

  it('K-11: who must say go reads it in their message, and the card has it', async ({ stage }) => {
    const id = await request(stage);
    const line = '1 commit by 1 person';
    expect(JSON.stringify((await stage.card(id)).blocks)).toContain(line);
    expect(JSON.stringify((await stage.dm('tom')).at(-1)?.blocks)).toContain(line);
  });

  it('CH-1: offers Standard and Emergency where the policy has them, to whom it has them for', async ({
    open,
  }) => {
    const stage = await open({
      policy: `${examplePolicy()}
pre_approved:
  - { services: [checkout], deployment_types: [feature], highest_risk: low, requested_by: [deployer] }
`,
    });
    const kinds = (view: View) => elementOf(view, FIELDS.changeType).options?.map(({ value }) => value);
    const medium = await opened(stage, '/deploy checkout v2.1.0 to production');
    expect(kinds(medium)).toEqual(['normal']);
    expect(wordsOf(medium)).toContain('Emergency only for who may declare one.');
    const low = await choose(stage, medium, FIELDS.risk, 'low');
    expect(kinds(low)).toEqual(['standard', 'normal']);
    const standard = await choose(stage, low, FIELDS.changeType, 'standard');
    const risky = await choose(stage, standard, FIELDS.risk, 'high');
    expect(filledWith(risky, FIELDS.changeType)).toBe('normal');
    expect(wordsOf(risky)).toContain('is approved beforehand only for feature, with a risk of low at most');
    expect(kinds(await choose(stage, risky, FIELDS.environment, 'staging'))).toEqual(['standard', 'normal']);
    expect(kinds(await opened(stage, '/deploy checkout v2.1.0 to production', 'omar'))).toEqual([
      'normal',
      'emergency',
    ]);
  });

  it('K-2: "at a time" brings its field, and "as soon as" takes it away', async ({ stage }) => {
    const modal = await opened(stage, '/deploy checkout v2.1.0 to production');
    expect(actionsOn(modal)).not.toContain(FIELDS.at);
    const timed = await choose(stage, modal, FIELDS.when, 'at');
    expect(actionsOn(timed)).toContain(FIELDS.at);
    const ready = await choose(stage, timed, FIELDS.when, 'ready');
    expect(actionsOn(ready)).not.toContain(FIELDS.at);
  });

  it('K-2: a major release asks the product owner too', async ({ stage }) => {
    const modal = await opened(stage, '/deploy checkout v2.1.0 to production');
    const major = await choose(stage, modal, FIELDS.deploymentType, 'major_release');
    expect(wordsOf(major)).toContain('Needs a go from Tech lead, Security, Operations and Product owner');
  });

  it('K-2: the version field lists the newest first, marks what runs, and searches titles', async ({
    stage,
  }) => {
    const modal = await opened(stage, '/deploy checkout to production');
    const ask = async (query: string): Promise<string[]> =>
      (
        await stage.driver.suggest(PEOPLE.dana, { view_id: modal.id }, { action_id: FIELDS.version }, query)
      ).options.map(({ text }) => text.text);
    const all = await ask('');
    expect(all.map((text) => text.split(' ')[0])).toEqual([
      'v2.1.3',
      'v2.1.2',
      'v2.1.1',
      'v2.1.0',
      'v2.0.4',
      'v2.0.3',
    ]);
    expect(all.filter((text) => text.includes('runs now'))).toEqual([expect.stringContaining('v2.0.4')]);
    expect(await ask('apple')).toEqual([expect.stringContaining('v2.1.0')]);
    expect(await ask('no such thing')).toEqual([]);
  });

  it('K-2: what was typed meanwhile survives a redraw', async ({ stage }) => {
    const modal = await opened(stage, '/deploy checkout v2.1.0 to staging');
    const rejected = await stage.submit('dana', { ...SUMMARY, [FIELDS.onCall]: PEOPLE.greta });
    expect(rejected.ok).toBe(false);
    const redrawn = await choose(stage, rejected.modal ?? modal, FIELDS.environment, 'production');
    expect(filledWith(redrawn, FIELDS.summary)).toBe('Adds Apple Pay.');
    expect(filledWith(redrawn, FIELDS.onCall)).toBe(PEOPLE.greta);
  });
});

describe('the schedule modal, folded', () => {
  it('K-2: asks five things, fills in what and why, and is sent as it stands', async ({ stage }) => {
    const modal = await folded(stage, '/deploy checkout v2.1.0 to production');
    const { service, environment, version, summary, when } = FIELDS;
    expect(actionsOn(modal).slice(0, 5)).toEqual([service, environment, version, summary, when]);
    expect(filledWith(modal, FIELDS.summary)).toBe('Add Apple Pay to the payment step');
    expect(wordsOf(modal)).toContain('Normal change · feature · medium risk · no database change · Canary');
    expect((await stage.submit('dana')).ok).toBe(true);
    expect((await stage.load('D-1001')).terms.details).toMatchObject({
      summary: 'Add Apple Pay to the payment step',
      risk: 'medium',
      onCall: { id: PEOPLE.omar },
    });
  });

  it('K-2: "Change…" brings the rest, with what was typed and chosen meanwhile', async ({ stage }) => {
    const first = await folded(stage, '/deploy checkout v2.1.0 to production');
    const rejected = await stage.submit('dana', { ...SUMMARY, [FIELDS.version]: 'v2.0.4' });
    expect(rejected.errors).toEqual({ [FIELDS.version]: expect.stringContaining('already runs') });
    const whole = await choose(stage, rejected.modal ?? first, SCHEDULE_BUTTONS.unfold);
    expect([FIELDS.summary, FIELDS.version, FIELDS.risk].map((one) => filledWith(whole, one))).toEqual([
      'Adds Apple Pay.',
      'v2.0.4',
      'medium',
    ]);
    expect(actionsOn(whole)).not.toContain(SCHEDULE_BUTTONS.unfold);
    const risky = await choose(stage, whole, FIELDS.risk, 'high');
    expect(filledWith(risky, FIELDS.summary)).toBe('Adds Apple Pay.');
  });

  it('K-2: what is wrong behind "Change…" unfolds it, and is said at its field', async ({ open }) => {
    const stage = await open({
      policy: examplePolicy().replaceAll(`on_call: ${PEOPLE.omar}`, `on_call: ${PEOPLE.lee}`),
    });
    await folded(stage, '/deploy checkout v2.1.0 to production');
    const { ok, modal } = await stage.submit('dana', SUMMARY);
    if (modal === null) throw new Error('the modal is gone');
    expect({ ok, all: actionsOn(modal) }).toMatchObject({ all: expect.arrayContaining([FIELDS.onCall]) });
    expect(wordsOf(modal)).toContain('⚠️ This account is deactivated.');
    expect(filledWith(modal, FIELDS.summary)).toBe('Adds Apple Pay.');
    expect((await stage.submit('dana', { [FIELDS.onCall]: PEOPLE.omar })).ok).toBe(true);
    expect((await stage.load('D-1001')).terms.details.onCall.id).toBe(PEOPLE.omar);
  });

  it('GT-8: says why a version cannot go there yet, and one click asks for where it can', async ({
    open,
  }) => {
    const stage = await open({
      policy: examplePolicy().replace('promotion: any_order', 'promotion: in_order'),
    });
    const modal = await folded(stage, '/deploy checkout v2.1.0 to production');
    expect(wordsOf(modal)).toContain(
      'v2.1.0 has not completed in staging yet, so production is closed to it.',
    );
    const there = await choose(stage, modal, SCHEDULE_BUTTONS.goThereFirst, 'staging');
    expect([FIELDS.environment, FIELDS.version].map((one) => filledWith(there, one))).toEqual([
      'staging',
      'v2.1.0',
    ]);
    expect(wordsOf(there)).not.toContain('closed');
    expect((await stage.submit('dana')).ok).toBe(true);
  });

  it('GT-8: says how long a version still bakes in the environment before; its card waits for that', async ({
    open,
  }) => {
    const stage = await open({
      policy: examplePolicy()
        .replace('promotion: any_order', 'promotion: in_order')
        .replace('\n  staging:\n', '\n  staging: { bake: 45m }\n'),
    });
    const before = await request(stage, 'checkout v2.1.0 to staging');
    await stage.pass(HOUR, async () => (await stage.load(before)).status === 'observing');
    const modal = await folded(stage, '/deploy checkout v2.1.0 to production');
    expect(wordsOf(modal)).toMatch(/In staging since <!date.*, bakes until <!date/);
    expect((await stage.submit('dana', SUMMARY)).ok).toBe(true);
    const [newest] = await stage.bot.stores.events.list({ limit: 1 });
    const id = newest?.id ?? '';
    expect((await stage.dm('tom')).at(-1)?.text).toMatch(/In staging since .*, bakes until /);
    expect((await stage.card(id)).text).toMatch(/Waits: v2\.1\.0 bakes in staging until <!date/);
    await signAll(stage, id);
    expect((await stage.load(id)).rollout).toBeUndefined();
    await stage.pass(HOUR, async () => (await stage.load(id)).rollout !== undefined);
    expect((await stage.load(id)).rollout).toBeDefined();
  });
});

describe('the schedule modal, sent', () => {
  it('K-2: what is missing is named at its field', async ({ stage }) => {
    await opened(stage);
    const { ok, errors } = await stage.submit('dana', SUMMARY);
    expect(ok).toBe(false);
    expect(Object.keys(errors ?? {})).toEqual([FIELDS.service]);
    await folded(stage, '/deploy checkout');
    const { errors: gaps } = await stage.submit('dana', SUMMARY);
    expect(Object.keys(gaps ?? {}).toSorted()).toEqual([FIELDS.environment, FIELDS.version]);
  });

  it('K-2: a version that does not exist is named at the version, with the newest that do', async ({
    stage,
  }) => {
    await opened(stage, '/deploy checkout v9.9.9 to production');
    const { errors } = await stage.submit('dana', SUMMARY);
    expect(errors).toEqual({ [FIELDS.version]: expect.stringMatching(/no v9\.9\.9 of checkout.*v2\.1\.3/) });
  });

  it('K-2: a version that runs there already is refused at the version', async ({ stage }) => {
    await opened(stage, '/deploy checkout v2.0.4 to production');
    const { errors } = await stage.submit('dana', SUMMARY);
    expect(errors).toEqual({ [FIELDS.version]: expect.stringMatching(/v2\.0\.4 already runs/) });
  });

  it('K-2: a place that is taken is refused at the version, and the other deployment is named', async ({
    stage,
  }) => {
    const other = await rollingOut(stage);
    await opened(stage, '/deploy checkout v2.1.1 to production');
    const { errors, modal } = await stage.submit('dana', SUMMARY);
    expect(errors).toEqual({ [FIELDS.version]: expect.stringContaining(other) });
    expect(errors?.[FIELDS.version]).toContain('v2.1.0');
    expect(modal && filledWith(modal, FIELDS.summary)).toBe('Adds Apple Pay.');
  });

  it('K-2: a time in the past is refused at the start', async ({ stage }) => {
    const modal = await opened(stage, '/deploy checkout v2.1.0 to production');
    await choose(stage, modal, FIELDS.when, 'at');
    const { errors } = await stage.submit('dana', { ...SUMMARY, [FIELDS.at]: (BEGINNING - HOUR) / 1_000 });
    expect(errors).toEqual({ [FIELDS.at]: expect.stringContaining('has passed') });
  });

  it('K-2: "at a time" without a time is asked for at the start', async ({ stage }) => {
    const modal = await opened(stage, '/deploy checkout v2.1.0 to production');
    await choose(stage, modal, FIELDS.when, 'at');
    const { errors } = await stage.submit('dana', SUMMARY);
    expect(Object.keys(errors ?? {})).toEqual([FIELDS.at]);
  });

  it.for([
    ['greta', FIELDS.onCall, /guest/],
    ['lee', FIELDS.onCall, /deactivated/],
    ['greta', FIELDS.lead, /guest/],
  ] as const)('K-2: %s cannot be named, and %s says so', async ([person, field, why], { stage }) => {
    await opened(stage, '/deploy checkout v2.1.0 to production');
    const { errors } = await stage.submit('dana', { ...SUMMARY, [field]: PEOPLE[person] });
    expect(errors).toEqual({ [field]: expect.stringMatching(why) });
  });

  it('K-2: somebody who may not ask for deployments is told so, and nothing is recorded', async ({
    stage,
  }) => {
    await opened(stage, '/deploy checkout v2.1.0 to production', 'priya');
    const { errors } = await stage.submit('priya', SUMMARY);
    expect(Object.values(errors ?? {})).toEqual([expect.stringContaining("You can't ask for deployments")]);
    expect(await stage.bot.stores.events.list({ limit: 1 })).toEqual([]);
  });

  it('K-2: everything that was chosen is what the record says', async ({ open }) => {
    const stage = await open({ policy: danaDeclares() });
    const at = BEGINNING + 3 * HOUR;
    const modal = await opened(stage, '/deploy checkout v2.1.0 to production at 14:00');
    await choose(stage, modal, FIELDS.deploymentType, 'security');
    const sent = await stage.submit('dana', {
      ...SUMMARY,
      [FIELDS.strategy]: 'all-at-once',
      [FIELDS.changeType]: 'emergency',
      [FIELDS.risk]: 'high',
      [FIELDS.database]: 'additive',
      [FIELDS.lead]: PEOPLE.priya,
      [FIELDS.onCall]: PEOPLE.tom,
    });
    expect(sent).toMatchObject({ ok: true, modal: null });
    const [deployment] = await stage.bot.stores.events.list({ limit: 1 });
    expect(deployment).toMatchObject({
      status: 'scheduled',
      requestedBy: { id: PEOPLE.dana },
      terms: {
        envelope: {
          service: 'checkout',
          environment: 'production',
          version: 'v2.1.0',
          plan: { strategy: 'all-at-once' },
          start: { kind: 'at', at },
        },
        details: {
          changeType: 'emergency',
          deploymentType: 'security',
          risk: 'high',
          database: 'additive',
          summary: 'Adds Apple Pay.',
          lead: { id: PEOPLE.priya, name: 'Priya' },
          onCall: { id: PEOPLE.tom },
        },
      },
    });
  });

  it('K-2: where nobody must say go, it starts at once', async ({ stage }) => {
    const id = await request(stage, 'checkout v2.1.0 to staging');
    await stage.pass(60_000, async () => (await stage.load(id)).status === 'rolling_out');
    expect((await stage.card(id)).text).toContain('checkout v2.1.0 → staging');
    expect((await stage.load(id)).status).toBe('rolling_out');
  });

  it('K-2: with a time, it waits for it although all have said go', async ({ stage }) => {
    const id = await request(stage, 'checkout v2.1.0 to production at 14:00');
    await signAll(stage, id);
    await stage.pass(2 * HOUR);
    expect((await stage.card(id)).text).toContain('🗓️ Scheduled · starts');
    await stage.pass(2 * HOUR);
    expect((await stage.load(id)).rollout?.startedAt).toBe(BEGINNING + 3 * HOUR);
  });
});
