import { describe, expect } from 'vitest';
import { MEANT_ACTION } from '../../views/command-answers.ts';
import { SCHEDULE_FIELDS as FIELDS } from '../../views/schedule-fields.ts';
import { SCHEDULE_BUTTONS } from '../../views/schedule-lines.ts';
import { request, rollingOut } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it } from './stage.ts';
import { actionsOn, filledWith, wordsOf } from './views-in-slack.ts';

/** Slack shows an error to whoever waited longer. */
const ACK_WITHIN_MS = 3_000;

describe('/deploy with what should be deployed', () => {
  it('K-1: alone opens the modal, with who typed it as lead, and the service whose channel it is', async ({
    stage,
  }) => {
    const { ok, ack_ms, modal, told } = await stage.type('dana', 'general', '/deploy');
    expect({ ok, told, title: modal?.title }).toEqual({ ok: true, told: [], title: 'Schedule a deployment' });
    expect(ack_ms).toBeLessThan(ACK_WITHIN_MS);
    expect(modal && filledWith(modal, FIELDS.service)).toBeUndefined();
    expect(modal && actionsOn(modal)).not.toContain(FIELDS.version);
    const { modal: here } = await stage.type('dana', 'checkout', '/deploy');
    expect(here && filledWith(here, FIELDS.service)).toBe('checkout');
    expect(here && wordsOf(here)).toContain('lead <@U0DANA00001> · on-call <@U0OMAR00004>');
    const { modal: short } = await stage.type('dana', 'checkout', '/deploy v2.1.0 to prod at 14:00');
    expect(
      short && [FIELDS.service, FIELDS.environment, FIELDS.at].map((one) => filledWith(short, one)),
    ).toEqual(['checkout', 'production', Date.UTC(2026, 0, 5, 13) / 1_000]);
    // Two services have their home in this one.
    const { modal: either } = await stage.type('dana', 'deploys', '/deploy');
    expect(either && filledWith(either, FIELDS.service)).toBeUndefined();
  });

  it('K-1: with a service, a version, an environment and a time opens it filled in, in the zone of who typed', async ({
    stage,
  }) => {
    const filledIn = async (person: 'dana' | 'tom') => {
      const text = '/deploy checkout v2.1.0 to production at 14:00';
      const { modal } = await stage.type(person, 'checkout', text);
      if (modal === null) throw new Error('no modal');
      const { modal: all } = await stage.click(person, modal, SCHEDULE_BUTTONS.unfold);
      if (all === null) throw new Error('the modal is gone');
      return {
        service: filledWith(all, FIELDS.service),
        version: filledWith(all, FIELDS.version),
        environment: filledWith(all, FIELDS.environment),
        when: filledWith(all, FIELDS.when),
        at: filledWith(all, FIELDS.at),
        strategy: filledWith(all, FIELDS.strategy),
        onCall: filledWith(all, FIELDS.onCall),
      };
    };
    const filled = {
      service: 'checkout',
      version: 'v2.1.0',
      environment: 'production',
      when: 'at',
      at: Date.UTC(2026, 0, 5, 13) / 1_000,
      strategy: 'canary',
      onCall: 'U0OMAR00004',
    };
    expect(await filledIn('dana')).toEqual(filled);
    expect(await filledIn('tom')).toEqual({ ...filled, at: Date.UTC(2026, 0, 5, 14) / 1_000 });
  });

  it.for([
    ['/deploy chekout', /No service `chekout`\. Did you mean `checkout`\?/],
    ['/deploy CHECKOUTT v2.1.0', /No service `CHECKOUTT`\. Did you mean `checkout`\?/],
    ['/deploy checkout v2.1.0 to prodution', /No environment `prodution`\. Did you mean `production`\?/],
    [
      '/deploy statsu',
      /There is no `\/deploy statsu`\. Did you mean `\/deploy status \[SERVICE \[ENVIRONMENT\]\|D-1042\]`\?/,
    ],
    [
      '/deploy rolback checkout',
      /Did you mean `\/deploy rollback SERVICE \[ENVIRONMENT\]\|D-1042 \[because REASON\]`\?/,
    ],
    ['/deploy checkout rollback', /Did you mean `\/deploy rollback SERVICE/],
    ['/deploy hepl', /Did you mean `\/deploy help`\?/],
    ['/deploy zzzzzzzzzz', /There is no `\/deploy zzzzzzzzzz` here.*`\/deploy help` lists/],
    ['/deploy status chekout', /No service `chekout`\. Did you mean `checkout`\?/],
    ['/deploy rollback chekout', /No service `chekout`\. Did you mean `checkout`\?/],
    ['/deploy rollback checkout prodution', /No environment `prodution`\. Did you mean `production`\?/],
    ['/deploy hold D-9999', /No deployment `D-9999`/],
  ] as const)('K-1: %s gets the nearest match, never silence', async ([text, answer], { stage }) => {
    const { ok, ack_ms, told, modal } = await stage.type('dana', 'checkout', text);
    expect({ ok, told, modal }).toEqual({ ok: true, told: [expect.stringMatching(answer)], modal: null });
    expect(ack_ms).toBeLessThan(ACK_WITHIN_MS);
  });

  it('K-1: a mistyped command has a button that does what was meant, once, for whoever may', async ({
    stage,
  }) => {
    const waiting = await request(stage, 'payments v9.4.0 to production');
    const offered = async (text: string, label: string) => {
      await stage.type('dana', 'checkout', text);
      const [message] = (await stage.driver.messages({ channel: 'checkout', user: PEOPLE.dana }))
        .filter(({ ephemeral }) => ephemeral !== undefined)
        .slice(-1);
      if (message === undefined) throw new Error('nothing was offered');
      expect(JSON.stringify(message.blocks)).toContain(label);
      return message;
    };
    const status = await offered('/deploy statsu chekout', 'Run /deploy status chekout');
    const again = await stage.click('dana', status, MEANT_ACTION);
    expect(again.told).toEqual([expect.stringContaining('Did you mean `checkout`?')]);
    const cancel = await offered(`/deploy cancle ${waiting} no longer wanted`, 'Run /deploy cancel');
    const done = await stage.click('dana', cancel, MEANT_ACTION);
    expect(done.told).toEqual([expect.stringContaining(waiting)]);
    expect(await stage.load(waiting)).toMatchObject({
      status: 'cancelled',
      ending: { reason: 'no longer wanted' },
    });
    const twice = await stage.click('dana', cancel, MEANT_ACTION);
    expect(twice.told).toEqual([expect.stringContaining('That button was used already')]);
    const modal = await offered('/deploy chekout v2.1.0 to prod', 'Run /deploy checkout v2.1.0 to prod');
    const opened = await stage.click('dana', modal, MEANT_ACTION);
    expect(opened.modal && filledWith(opened.modal, FIELDS.version)).toBe('v2.1.0');
  });

  it('K-1: words that are no time are said to be none, above the rest of what was understood', async ({
    stage,
  }) => {
    const { modal } = await stage.type(
      'dana',
      'checkout',
      '/deploy checkout v2.1.0 to production after lunch',
    );
    expect(JSON.stringify(modal?.blocks[0])).toContain('after lunch');
    expect(modal && filledWith(modal, FIELDS.version)).toBe('v2.1.0');
  });
});

describe('the sub-commands of /deploy', () => {
  it.for([
    [
      'status',
      /What runs where now\ncheckout in staging: v2\.0\.4\ncheckout in production: v2\.0\.4\npayments/,
    ],
    ['?', /\/deploy rollback SERVICE/],
    ['status checkout', /checkout now\nstaging: v2\.0\.4\nproduction: v2\.0\.4/],
    ['list', /Not over yet: none/],
    ['history', /Over, newest first: none/],
    ['history checkout', /checkout has no deployments in the record yet/],
    ['rollback', /no deployment that could be rolled back/],
    ['rollback checkout', /no deployment of checkout that could be rolled back/],
    ['promote', /no deployment that you could promote/],
    ['next window', /The next window\ncheckout in staging: open now, at any time/],
    ['promote checkout', /no deployment of checkout that you could promote/],
    ['hold checkout', /no deployment of checkout that you could hold/],
    ['resume checkout', /no deployment of checkout that you could resume/],
    ['cancel checkout', /no deployment of checkout that you could cancel/],
    ['HELP', /\/deploy rollback SERVICE \[ENVIRONMENT\]/],
  ] as const)(
    'K-1: /deploy %s answers privately within Slack’s 3 s, also with an empty record',
    async ([words, answer], { stage }) => {
      const { ok, ack_ms, told } = await stage.type('dana', 'checkout', `/deploy ${words}`);
      expect({ ok, told }).toEqual({ ok: true, told: [expect.stringMatching(answer)] });
      expect(ack_ms).toBeLessThan(ACK_WITHIN_MS);
    },
  );

  it('K-1: help names every sub-command with its usage', async ({ stage }) => {
    const { told } = await stage.type('tom', 'checkout', '/deploy help');
    for (const word of [
      'status',
      'list',
      'history',
      'help',
      'rollback',
      'promote',
      'hold',
      'resume',
      'cancel',
    ])
      expect(told[0]).toContain(`/deploy ${word}`);
  });

  it('K-1: status, list and history say what the record says', async ({ stage }) => {
    const id = await rollingOut(stage);
    const waiting = await request(stage, 'payments v9.4.0 to production');
    const status = await stage.type('tom', 'general', '/deploy status checkout');
    expect(status.told[0]).toMatch(
      new RegExp(`production: v2.0.4.*on its way: v2.1.0, 5 %, stage 1 of 4 \\(${id}\\)`),
    );
    const byId = await stage.type('tom', 'general', `/deploy status ${id.toLowerCase()}`);
    expect(byId.told[0]).toContain(`${id} · checkout v2.1.0 → production · 5 %, stage 1 of 4`);
    const { told } = await stage.type('tom', 'general', '/deploy list');
    expect(told[0]).toContain(`${id} · checkout v2.1.0 → production · 5 %, stage 1 of 4`);
    expect(told[0]).toContain(`${waiting} · payments v9.4.0 → production · waits for 3 sign-offs`);
    await stage.type('dana', 'checkout', `/deploy cancel ${waiting} no longer wanted`);
    const history = await stage.type('tom', 'general', '/deploy history payments');
    expect(history.told[0]).toMatch(new RegExp(`${waiting} .*cancelled: no longer wanted`));
  });

  it('K-1: a word for two deployments asks which one, and takes the environment or the id', async ({
    stage,
  }) => {
    const production = await rollingOut(stage);
    await request(stage, 'checkout v2.1.0 to staging');
    await stage.pass(60_000);
    const { told } = await stage.type('dana', 'checkout', '/deploy hold checkout a log line');
    expect(told[0]).toMatch(/Which one\? .*v2\.1\.0 to staging.*v2\.1\.0 to production/);
    const named = await stage.type('dana', 'checkout', '/deploy hold checkout in production a log line');
    expect(named.told[0]).toMatch(new RegExp(`Done: ${production}`));
    expect(await stage.load(production)).toMatchObject({
      status: 'held',
      rollout: { hold: { reason: 'a log line' } },
    });
  });
});
