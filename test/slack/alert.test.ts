import { describe, expect } from 'vitest';
import type { AppMessage } from '../../local-slack/driver-client.ts';
import type { Message, View } from '../../local-slack/protocol.ts';
import { MINUTE } from '../../src/time.ts';
import { alertmanager, MESSAGES } from '../alerts/fixtures.ts';
import { examplePolicy } from './bot.ts';
import { request, rollingOut } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it, type Stage } from './stage.ts';
import { actionsOn, elementOf } from './views-in-slack.ts';

const FIRING = alertmanager('[FIRING:1] HighErrorRate (production checkout critical)') as AppMessage;

/** Waits until the bot has heard the last word in the channel, and has nothing more to do about it. */
async function heard<T>(stage: Stage, act: () => Promise<T>): Promise<T> {
  const from = stage.driver.mark();
  const done = await act();
  const isHeard = (event: { type: string; delivery?: { what: string; ack_ms?: number } }): boolean =>
    event.type === 'delivery' && event.delivery?.what === 'message' && event.delivery.ack_ms !== undefined;
  await stage.driver.event(isHeard as never, { from });
  await stage.settled();
  return done;
}

/** An alert by an app of its own, and what the bot answered in its thread. */
async function alerted(
  stage: Stage,
  said: AppMessage,
  channel = 'alerts',
): Promise<{ ts: string; answers: Message[] }> {
  const { attachments, text, blocks } = said;
  const content = { ...(attachments && { attachments }), ...(text && { text }), ...(blocks && { blocks }) };
  const { ts } = await heard(stage, () => stage.driver.appMessage('Monitoring', channel, content));
  return { ts, answers: await answersTo(stage, ts, channel) };
}

const answersTo = async (stage: Stage, ts: string, channel = 'alerts'): Promise<Message[]> =>
  (await stage.driver.messages({ channel, thread_ts: ts })).slice(1);

const only = (answers: Message[]): Message => {
  const [answer, ...more] = answers;
  if (answer === undefined || more.length > 0) throw new Error(`${answers.length} answers, not 1`);
  return answer;
};

const withAlerts = (alerts: string): string => examplePolicy().replace(/^alerts:\n( {2}.*\n)+/m, alerts);

describe.concurrent('an alert', () => {
  it('K-6: is answered in its thread with what rolls out, and one confirmed click there takes it back', async ({
    stage,
  }) => {
    const id = await rollingOut(stage);
    await stage.pass(2 * MINUTE);
    const answer = only((await alerted(stage, FIRING)).answers);
    expect(answer.text).toMatch(
      /^In checkout, production:\n1\. {2}checkout `v2\.1\.0` at 5 %, started .* · its traffic grew \d+ min .*before this alert · .*D-1001, Dana.* Omar/,
    );
    expect(actionsOn(answer)).toEqual(['alert.roll_back', 'alert.hold', 'alert.not_a_deployment']);
    expect(elementOf(answer, 'alert.roll_back')).toMatchObject({
      style: 'danger',
      confirm: { title: { text: 'Roll checkout back from v2.1.0 to v2.0.4?' } },
    });
    await stage.click('omar', answer, 'alert.roll_back');
    const decided = only(await answersTo(stage, answer.thread_ts ?? ''));
    expect(decided.text).toContain('Omar rolls back checkout v2.1.0');
    expect(actionsOn(decided)).toEqual([]);
    await stage.pass(MINUTE);
    expect((await stage.load(id)).status).toBe('rolled_back');
    expect(only(await answersTo(stage, answer.thread_ts ?? '')).text).toMatch(
      /^⏪ checkout is back on v2\.0\.4 with all traffic.* after \d+ s.* rolled back by Omar$/,
    );
  });

  it('K-6: holds what rolls out with one click, and says who did', async ({ stage }) => {
    const id = await rollingOut(stage);
    const answer = only((await alerted(stage, FIRING)).answers);
    await stage.click('omar', answer, 'alert.hold');
    expect(await stage.load(id)).toMatchObject({
      status: 'held',
      rollout: { hold: { reason: 'asked for in the thread of an alert' } },
    });
    expect(only(await answersTo(stage, answer.thread_ts ?? '')).text).toContain('Omar holds checkout v2.1.0');
  });

  it('K-6: “Not a deployment” is remembered with who said so, and takes the buttons away', async ({
    stage,
  }) => {
    await rollingOut(stage);
    const { ts, answers } = await alerted(stage, FIRING);
    const answer = only(answers);
    await stage.click('sana', answer, 'alert.not_a_deployment');
    expect(await stage.bot.stores.alerts.find(answer.channel, answer.ts)).toMatchObject({
      ts,
      service: 'checkout',
      suspects: [{ deployment: 'D-1001' }],
      notADeployment: { id: PEOPLE.sana },
    });
    const decided = only(await answersTo(stage, ts));
    expect(decided.text).toContain('Sana says that no deployment caused this.');
    expect(actionsOn(decided)).toEqual([]);
  });

  it('K-6: a button there is no way round who may: a guest moves nothing, and the answer stays', async ({
    stage,
  }) => {
    const id = await rollingOut(stage);
    await stage.driver.people(PEOPLE.priya, { is_restricted: true });
    const answer = only((await alerted(stage, FIRING)).answers);
    const { told } = await stage.click('priya', answer, 'alert.roll_back');
    expect(told).toHaveLength(1);
    expect((await stage.load(id)).status).toBe('rolling_out');
    expect(actionsOn(only(await answersTo(stage, answer.thread_ts ?? '')))).toContain('alert.roll_back');
  });

  it('K-6: is answered once, however often it is delivered, and not again when it is edited or over', async ({
    stage,
  }) => {
    await rollingOut(stage);
    await stage.driver.faults({ on: 'message', do: 'duplicate', times: 1 });
    const { ts, answers } = await alerted(stage, FIRING);
    expect(answers).toHaveLength(1);
    const resolved = alertmanager(
      '[RESOLVED] HighErrorRate (production checkout critical)',
      'good',
    ) as AppMessage;
    await heard(stage, () =>
      stage.driver.appMessage('Monitoring', 'alerts', { ...attachmentsOf(FIRING), update_ts: ts }),
    );
    await heard(stage, () =>
      stage.driver.appMessage('Monitoring', 'alerts', { ...attachmentsOf(resolved), update_ts: ts }),
    );
    await heard(stage, () =>
      stage.driver.appMessage('Monitoring', 'alerts', { text: 'still on fire', thread_ts: ts }),
    );
    expect((await answersTo(stage, ts)).filter(({ bot_id }) => bot_id === 'B0LOCALBOT1')).toHaveLength(1);
    expect((await alerted(stage, resolved)).answers).toEqual([]);
  });

  it('K-6: is answered once, at whichever step the process ends, and where there was none when it came', async ({
    open,
  }) => {
    let ends = '';
    const stage = await open({
      onDisk: true,
      point(name) {
        if (name === ends) throw new Error('the process ends here');
      },
    });
    stage.expectTrouble({ logged: 'a delivery from Slack failed' });
    for (const [point, answersBefore] of [
      ['alert:heard', 0],
      ['alert:looked_up', 0],
      ['alert:claimed', 0],
      ['alert:posted', 1],
      ['alert:answered', 1],
    ] as const) {
      ends = point;
      const { ts, answers } = await alerted(stage, FIRING);
      expect(answers, point).toHaveLength(answersBefore);
      await stage.restart(() => {
        ends = '';
      });
      await stage.pass(2 * MINUTE);
      const answer = only(await answersTo(stage, ts));
      expect(answer.text, point).toMatch(/^Nothing was deployed/);
      expect(await stage.bot.stores.alerts.find(answer.channel, answer.ts), point).toMatchObject({ ts });
      await stage.pass(9 * MINUTE);
    }
    const id = await rollingOut(stage);
    stage.expectTrouble({ logged: 'a fault; the person was told' });
    const held = await alerted(stage, FIRING);
    ends = 'alert:decided';
    await stage.click('omar', only(held.answers), 'alert.hold');
    const restarted = () =>
      stage.restart(() => {
        ends = '';
      });
    await restarted();
    await stage.pass(MINUTE);
    expect((await stage.load(id)).status).toBe('held');
    const holds = only(await answersTo(stage, held.ts));
    expect(holds.text).toContain('Omar holds checkout v2.1.0');
    expect(actionsOn(holds)).toEqual([]);
    let ts = '';
    await stage.restart(async () => {
      ({ ts } = await stage.driver.appMessage('Monitoring', 'alerts', attachmentsOf(FIRING)));
      stage.clock.advance(7 * MINUTE);
    });
    await stage.settled();
    const answer = only(await answersTo(stage, ts));
    const [late, ...rest] = answer.text.split('\n');
    expect(late).toMatch(
      /^⏰ This is from <!date.* and answered late: GoNoGo did not run then, or was cut off from Slack or its record\.$/,
    );
    expect(rest.join('\n')).toMatch(/^In checkout, production:\n1\. {2}checkout `v2\.1\.0`/);
    ends = 'alert:decided';
    await stage.click('omar', answer, 'alert.roll_back');
    expect((await stage.load(id)).rollback?.by).toMatchObject({ id: PEOPLE.omar });
    await restarted();
    await stage.pass(MINUTE);
    const over = only(await answersTo(stage, ts));
    expect(over.text).toMatch(/^⏪ checkout is back on v2\.0\.4/);
    expect(actionsOn(over)).toEqual([]);
    const { alerts } = stage.bot.stores;
    expect([...(await alerts.begun()), ...(await alerts.unshown())]).toEqual([]);
  });

  it('K-6: is answered where Slack did not take the answer at first, though nobody delivers the alert again', async ({
    stage,
  }) => {
    await rollingOut(stage);
    await stage.driver.faults({ on: 'chat.postMessage', do: 'error', error: 'internal_error', times: 1 });
    stage.expectTrouble({ call: 'chat.postMessage', error: 'internal_error' });
    const { ts, answers } = await alerted(stage, FIRING);
    expect(answers).toEqual([]);
    await stage.pass(2 * MINUTE);
    expect(only(await answersTo(stage, ts)).text).toMatch(/^In checkout, production:/);
  });

  it('K-6: that Slack takes no answer to for minutes is answered late and says so, and not at all once it is deleted', async ({
    stage,
  }) => {
    await stage.driver.faults({ on: 'chat.postMessage', do: 'error', error: 'internal_error', times: 4 });
    stage.expectTrouble({ call: 'chat.postMessage', error: 'internal_error' });
    stage.expectTrouble({ call: 'conversations.replies', error: 'thread_not_found' });
    const { ts } = await alerted(stage, FIRING);
    const payments = alertmanager('[FIRING:1] HighErrorRate (production payments critical)') as AppMessage;
    const gone = await alerted(stage, payments);
    await stage.driver.appMessage('Monitoring', 'alerts', { delete_ts: gone.ts });
    await stage.pass(4 * MINUTE);
    expect(only(await answersTo(stage, ts)).text).toMatch(
      /^⏰ This is from <!date.* late: Slack did not take the answer before, or GoNoGo ended over it\.\nNothing was deployed/,
    );
    await stage.pass(5 * MINUTE);
    const looked = await stage.driver.calls({ method: 'conversations.replies' });
    expect(looked.filter(({ args }) => args.ts === gone.ts)).toHaveLength(1);
  });

  it('K-6: of each source is understood as it writes', async ({ stage }) => {
    await rollingOut(stage);
    for (const { name, message, status } of MESSAGES) {
      if ((message as { user?: string }).user === PEOPLE.omar) continue;
      await stage.pass(4 * MINUTE);
      const { answers } = await alerted(stage, message as AppMessage);
      expect(
        answers.map(({ text }) => text),
        name,
      ).toEqual(
        status === 'firing'
          ? [
              expect.stringMatching(
                /^(In checkout|Nothing that was deployed explains this well).*\n1\. {2}checkout `v2\.1\.0` at .* · (Looks fine:|Not decided yet:|Too early to tell) /,
              ),
            ]
          : [],
      );
    }
  });

  it('K-6: without a suspect is said so in one line, and so is one of no known service', async ({
    stage,
  }) => {
    expect(only((await alerted(stage, FIRING)).answers).text).toBe(
      'Nothing was deployed in the last 24 hours that could explain this: not checkout, and nothing that it needs.',
    );
    const unknown = alertmanager('[FIRING:1] DiskFull (node-7)') as AppMessage;
    expect(only((await alerted(stage, unknown)).answers).text).toMatch(
      /^No service that gonogo\.yml knows is named here/,
    );
  });

  it('K-6: without a suspect is left alone where the policy says silent', async ({ open }) => {
    const stage = await open({
      policy: withAlerts('alerts: { no_suspect: silent, channels: { C0ALERTS005: } }\n'),
    });
    expect((await alerted(stage, FIRING)).answers).toEqual([]);
  });

  it('K-6: of several services says so, and names what rolls out in each', async ({ stage }) => {
    await rollingOut(stage);
    await request(stage, 'payments v9.4.0 to production');
    const { answers } = await alerted(stage, { text: 'checkout and payments answer 503' });
    expect(only(answers).text).toMatch(/^This could be about checkout or payments:\n1\. {2}checkout/);
  });

  it('K-12: in a storm are answered once a minute and three times at most, and again when it is over', async ({
    stage,
  }) => {
    const answers = async (): Promise<number> => (await alerted(stage, FIRING)).answers.length;
    const said: number[] = [];
    for (let minute = 0; minute < 5; minute += 1) {
      said.push(await answers(), await answers());
      await stage.pass(MINUTE);
    }
    expect(said).toEqual([1, 0, 1, 0, 1, 0, 0, 0, 0, 0]);
    await stage.pass(8 * MINUTE);
    expect(await answers()).toBe(1);
  });

  it('K-12: a flood of thirty at once costs Slack one message', async ({ stage }) => {
    const id = await rollingOut(stage);
    await heard(stage, () =>
      Promise.all(
        Array.from({ length: 30 }, () =>
          stage.driver.appMessage('Monitoring', 'alerts', attachmentsOf(FIRING)),
        ),
      ),
    );
    await stage.settled();
    const calls = await stage.driver.calls({ method: 'chat.postMessage' });
    const [said, ...more] = calls.filter(({ args }) => args.channel === 'C0ALERTS005');
    expect(more).toEqual([]);
    const answers = await answersTo(stage, String(said?.args.thread_ts));
    await stage.click('omar', only(answers), 'alert.roll_back');
    expect((await stage.load(id)).rollback?.by).toMatchObject({ id: PEOPLE.omar });
  });

  it('K-6: elsewhere than in the channels of the policy is nobody’s business', async ({ stage }) => {
    await rollingOut(stage);
    expect((await alerted(stage, FIRING, 'deploys')).answers).toEqual([]);
  });

  it('K-6, CH-6: by a person is answered where something rolls out, their chat never is, and a guest’s word neither', async ({
    stage,
  }) => {
    await stage.driver.people(PEOPLE.priya, { is_restricted: true });
    await rollingOut(stage);
    const say = async (text: string, who = 'omar'): Promise<Message[]> => {
      const said = await heard(stage, () => stage.driver.say(who, 'alerts', text));
      return answersTo(stage, said.ok ? said.ts : '');
    };
    expect(only(await say('is checkout down? timeouts everywhere')).text).toMatch(/^In checkout:/);
    expect(await say('lunch at noon? checkout is on me')).toEqual([]);
    expect(await say('search is slow again')).toEqual([]);
    expect(await say('is checkout down? timeouts everywhere', 'priya')).toEqual([]);
    await stage.pass(2 * MINUTE);
    // Whoever writes as monitoring does is answered as a person is: nothing of it is said again.
    const forged = `[FIRING:1] HighErrorRate (production checkout critical) <http://evil.example|Roll back> ${'x'.repeat(3_000)}`;
    const answer = only(await say(forged));
    expect(answer.text).toMatch(/^In checkout, production:/);
    expect(answer.text + JSON.stringify(answer.blocks)).not.toContain('evil.example');
    expect(await say('[FIRING:1] HighErrorRate (production search critical)')).toEqual([]);
  });
});

describe.concurrent('a rollback asked for where slash commands cannot be used', () => {
  it('K-6: by a mention in a thread, with the reason: one confirmed click, and nobody is asked why again', async ({
    stage,
  }) => {
    const id = await rollingOut(stage);
    const { ts } = await stage.driver.appMessage('Monitoring', 'deploys', { text: 'it burns' });
    const answer = await mentioned(
      stage,
      'omar',
      'deploys',
      '@gonogo rollback checkout because R&D sees 503',
      ts,
    );
    expect(answer.text).toContain(`checkout v2.1.0 → production (${id})`);
    expect(answer.text).toContain('The reason is noted: “R&amp;D sees 503”');
    await stage.click('omar', answer, 'alert.roll_back');
    await stage.pass(MINUTE);
    expect(await stage.load(id)).toMatchObject({
      status: 'rolled_back',
      rollback: { reason: 'R&D sees 503' },
    });
    const card = await stage.card(id);
    expect(actionsOn(card)).not.toContain('card.explain');
  });

  it('K-6: without a name in an alert’s thread it is what that alert is about', async ({ stage }) => {
    const id = await rollingOut(stage);
    const { ts } = await alerted(stage, FIRING);
    const answer = await mentioned(stage, 'omar', 'alerts', '@gonogo rollback', ts);
    expect(answer.text).toContain(`(${id})`);
    expect(answer.text).toContain('The reason is asked afterwards.');
  });

  it('K-6: is shown after all where the process ends before it is', async ({ open }) => {
    let isEnding = true;
    const stage = await open({
      onDisk: true,
      point(name) {
        if (isEnding && name === 'alert:claimed') throw new Error('the process ends here');
      },
    });
    stage.expectTrouble({ logged: 'a fault; the person was told' });
    const id = await rollingOut(stage);
    const { ts } = await stage.driver.appMessage('Monitoring', 'deploys', { text: 'it burns' });
    const from = stage.driver.mark();
    await stage.driver.say(PEOPLE.omar, 'deploys', '@gonogo rollback checkout because 503', {
      thread_ts: ts,
    });
    await stage.driver.event(
      ((event: { type: string; delivery?: { what: string; ack_ms?: number } }) =>
        event.type === 'delivery' &&
        event.delivery?.what === 'app_mention' &&
        event.delivery.ack_ms !== undefined) as never,
      { from },
    );
    await stage.settled();
    await stage.restart(() => {
      isEnding = false;
    });
    await stage.pass(2 * MINUTE);
    const answer = only(await botsIn(stage, ts, 'deploys'));
    expect(answer.text).toContain(`checkout v2.1.0 → production (${id})`);
    expect(answer.text).toContain('The reason is noted: “503”');
  });

  it('K-6: what cannot be meant is told to who said it, with what to say instead', async ({ stage }) => {
    await request(stage);
    const { ts } = await stage.driver.appMessage('Monitoring', 'deploys', { text: 'it burns' });
    const told = async (): Promise<Message[]> =>
      (await stage.driver.messages({ channel: 'deploys', thread_ts: ts, user: PEOPLE.omar })).filter(
        ({ ephemeral }) => ephemeral === PEOPLE.omar,
      );
    for (const [text, words] of [
      ['@gonogo rollback', 'Name the service'],
      ['@gonogo rollback chekout', 'checkout'],
      ['@gonogo rollback payments', 'There is no deployment of payments that could be rolled back'],
      ['@gonogo rollback D-1001', 'D-1001 cannot be rolled back: it is preparing'],
      ['@gonogo dance', '@gonogo rollback SERVICE'],
      ['@gonogo', '@gonogo rollback SERVICE'],
    ] as const) {
      const before = (await told()).length;
      await stage.driver.say(PEOPLE.omar, 'deploys', text, { thread_ts: ts });
      const answer = await stage.driver.until(async () => (await told())[before]);
      expect(answer.text, text).toContain(words);
    }
    expect(await botsIn(stage, ts, 'deploys')).toEqual([]);
  });

  it('K-6: by the shortcut on an alert anywhere, with what it could be about', async ({ stage }) => {
    const id = await rollingOut(stage);
    const { ts } = await stage.driver.appMessage('Monitoring', 'deploys', attachmentsOf(FIRING));
    const modal = await picked(stage, 'omar', 'deploys', ts);
    expect(JSON.stringify(modal.blocks)).toContain('This message could be about these');
    await stage.click('omar', modal, 'alert.roll_back');
    await stage.pass(MINUTE);
    expect((await stage.load(id)).status).toBe('rolled_back');
    expect(JSON.stringify((await stage.driver.view(PEOPLE.omar))?.blocks)).toContain(
      'Omar rolls back checkout v2.1.0',
    );
  });

  it('K-6: by the shortcut on any message, with all that can be taken back, or that nothing can', async ({
    stage,
  }) => {
    const { ts } = await stage.driver.appMessage('Monitoring', 'deploys', { text: 'good morning' });
    expect(JSON.stringify((await picked(stage, 'omar', 'deploys', ts)).blocks)).toContain(
      'can be rolled back now',
    );
    await rollingOut(stage);
    const modal = await picked(stage, 'omar', 'deploys', ts);
    expect(JSON.stringify(modal.blocks)).toContain('does not say which');
    expect(elementOf(modal, 'alert.roll_back')).toMatchObject({
      style: 'danger',
      confirm: { style: 'danger' },
    });
  });
});

const botsIn = async (stage: Stage, ts: string, channel: string): Promise<Message[]> =>
  (await answersTo(stage, ts, channel)).filter(({ bot_id }) => bot_id === 'B0LOCALBOT1');

/** What the bot posts in the thread because of a mention there. */
async function mentioned(
  stage: Stage,
  who: keyof typeof PEOPLE,
  channel: string,
  text: string,
  thread: string,
): Promise<Message> {
  const before = (await botsIn(stage, thread, channel)).length;
  await stage.driver.say(PEOPLE[who], channel, text, { thread_ts: thread });
  const answer = await stage.driver.until(async () => (await botsIn(stage, thread, channel))[before]);
  await stage.settled();
  return answer;
}

async function picked(stage: Stage, who: keyof typeof PEOPLE, channel: string, ts: string): Promise<View> {
  const before = (await stage.driver.view(PEOPLE[who]))?.id;
  await stage.driver.shortcut(PEOPLE[who], 'roll_back_deploy', { channel, ts });
  return stage.driver.until(async () => {
    const view = await stage.driver.view(PEOPLE[who]);
    return view !== null && view.id !== before && view;
  });
}

const attachmentsOf = ({ attachments = [] }: AppMessage): AppMessage => ({ attachments });
