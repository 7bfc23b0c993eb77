import { describe, expect } from 'vitest';
import type { Call } from '../../local-slack/protocol.ts';
import { HOUR, MINUTE } from '../../src/time.ts';
import { request, rollingOut, signAll } from './deploying.ts';
import { it, type Stage } from './stage.ts';
import { expectTruth, reportsOf } from './truth.ts';

interface Shown {
  file: string;
  alt: string;
}

/** The chart under the report of a stage, if it shows one. */
async function chartIn(stage: Stage, id: string, number = 1): Promise<Shown | undefined> {
  const report = (await reportsOf(stage, id))[number - 1];
  const image = report?.blocks.find(({ type }) => type === 'image');
  return image && { file: (image.slack_file as { id: string }).id, alt: String(image.alt_text) };
}

async function shownIn(stage: Stage, id: string, number = 1): Promise<Shown> {
  const shown = await chartIn(stage, id, number);
  if (shown === undefined) throw new Error(`the report of stage ${number} shows no chart`);
  return shown;
}

async function statusOf(stage: Stage, file: string): Promise<number> {
  const answer = await fetch(`${stage.slack.url}/files/${file}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (answer.ok) expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  return answer.status;
}

async function done(stage: Stage, method: string): Promise<Call[]> {
  return (await stage.driver.calls({ method })).filter(({ ok }) => ok);
}

/** As many files are there as reports show: nothing is left behind. */
async function expectNothingLeft(stage: Stage, id: string): Promise<void> {
  const uploaded = await done(stage, 'files.completeUploadExternal');
  const ids = uploaded.flatMap(({ args }) => (args.files as { id: string }[]).map((file) => file.id));
  const there = [];
  for (const file of ids) if ((await statusOf(stage, file)) === 200) there.push(file);
  const shown = [];
  for (const [index] of (await reportsOf(stage, id)).entries())
    shown.push((await chartIn(stage, id, index + 1))?.file);
  expect(there).toEqual(shown.filter((file) => file !== undefined));
}

function expectRefusal(stage: Stage): void {
  stage.expectTrouble({ call: 'chat.update', error: 'invalid_blocks' });
  stage.expectTrouble({ logged: 'invalid slack file' });
}

const uploads = async (stage: Stage): Promise<number> =>
  (await done(stage, 'files.completeUploadExternal')).length;

describe('the chart in a stage report', () => {
  it('K-5: the report shows the chart of its looks, shared nowhere, with the same facts in words', async ({
    stage,
  }) => {
    const id = await rollingOut(stage);
    expect(await chartIn(stage, id)).toBeUndefined();
    await stage.pass(3 * MINUTE);
    const { file, alt } = await shownIn(stage, id);
    expect(await statusOf(stage, file)).toBe(200);
    expect(alt).toMatch(
      /^Chart: checkout v2\.1\.0 at 5 % of traffic, after \d of 30 min\. Errors so far, % of requests: canary [\d.]+ %, baseline [\d.]+ %, (within|above) the margin \(up to 1\.25× baseline\)(, over the limit of 0\.1 %)?\. p99 at each look, ms: canary \d+ ms/,
    );
    const [upload] = await done(stage, 'files.completeUploadExternal');
    expect(Object.keys(upload?.args ?? {})).toEqual(['files']);
    await expectTruth(stage, id);
  });

  it('K-5: another takes its place every ten minutes of watching, and when the stage is over; the old one is deleted', async ({
    stage,
  }) => {
    const id = await rollingOut(stage);
    await stage.pass(3 * MINUTE);
    const first = await shownIn(stage, id);
    await stage.pass(5 * MINUTE);
    expect(await shownIn(stage, id)).toEqual(first);
    await stage.pass(6 * MINUTE);
    const second = await shownIn(stage, id);
    expect(second.file).not.toBe(first.file);
    expect(await statusOf(stage, first.file)).toBe(404);
    await stage.pass(HOUR, async () => (await stage.load(id)).rollout?.stages[0]?.endedAt !== undefined);
    const last = await shownIn(stage, id);
    expect(last.alt).toContain('watched 30 min');
    expect(last.alt).toContain('went on undecided at 30 min');
    expect(await uploads(stage)).toBeLessThanOrEqual(4);
    await expectNothingLeft(stage, id);
  });

  it('K-5: a hold is drawn when it begins, once', async ({ stage }) => {
    const id = await rollingOut(stage);
    await stage.pass(5 * MINUTE);
    await stage.type('tom', 'checkout', '/deploy hold checkout looking at a log line');
    expect((await shownIn(stage, id)).alt).toContain('held at');
    const before = await uploads(stage);
    await stage.pass(5 * MINUTE);
    expect(await uploads(stage)).toBe(before);
    await expectNothingLeft(stage, id);
  });

  it('K-5: a rollback is drawn, with the canary above the margin', async ({ stage }) => {
    const id = await rollingOut(stage, 'checkout v2.1.1 to production');
    await stage.pass(HOUR, async () => (await stage.load(id)).status === 'rolled_back');
    const { alt } = await shownIn(stage, id);
    expect(alt).toContain('above the margin');
    expect(alt).toContain('rolled back at');
    await expectNothingLeft(stage, id);
  });

  it('K-8: after a restart it is still there, and nothing is uploaded again', async ({ open }) => {
    const stage = await open({ onDisk: true });
    const id = await rollingOut(stage);
    await stage.pass(3 * MINUTE);
    const before = await shownIn(stage, id);
    await stage.restart();
    await stage.settled();
    expect(await shownIn(stage, id)).toEqual(before);
    expect(await uploads(stage)).toBe(1);
  });
});

describe('a chart that does not find its way', () => {
  it('K-5: the upload fails twice: the report says all the while what is true, and shows it in the end', async ({
    stage,
  }) => {
    await stage.driver.faults({ on: 'upload', do: 'status', status: 500, times: 2 });
    const id = await rollingOut(stage);
    await stage.pass(3 * MINUTE);
    await expectTruth(stage, id);
    await shownIn(stage, id);
    await expectNothingLeft(stage, id);
  });

  it('K-5: the upload always fails: the report goes without, and the rollout goes on', async ({ stage }) => {
    await stage.driver.faults({ on: 'upload', do: 'cut' });
    const id = await rollingOut(stage);
    await stage.pass(40 * MINUTE);
    expect((await stage.load(id)).rollout?.stages).toHaveLength(2);
    expect(await chartIn(stage, id)).toBeUndefined();
    await expectTruth(stage, id);
  });

  it('K-5: without the scope it is said once in the log, and reports go without', async ({ stage }) => {
    await stage.driver.faults({ on: 'files.getUploadURLExternal', do: 'error', error: 'missing_scope' });
    stage.expectTrouble({ call: 'files.getUploadURLExternal', error: 'missing_scope' });
    stage.expectTrouble({ logged: 'a chart is not brought up to date' });
    const id = await rollingOut(stage);
    await stage.pass(40 * MINUTE);
    expect(stage.bot.errors).toHaveLength(1);
    expect(await chartIn(stage, id)).toBeUndefined();
    await expectTruth(stage, id);
  });

  it('K-5: Slack takes a while over the file: the words do not wait for it', async ({ stage }) => {
    await stage.driver.faults({ on: 'processing', do: 'delay', ms: 70_000, times: 1 });
    expectRefusal(stage);
    const id = await rollingOut(stage);
    await stage.pass(3 * MINUTE);
    await expectTruth(stage, id);
    await shownIn(stage, id);
    const updates = await stage.driver.calls({ method: 'chat.update' });
    const texts = (taken: boolean): unknown[] =>
      updates.filter(({ ok }) => ok === taken).map(({ args }) => args.text);
    expect(texts(true)).toEqual(expect.arrayContaining(texts(false)));
    await expectNothingLeft(stage, id);
  });

  it('K-5: Slack never shows the file: it is deleted, and the report goes without', async ({ stage }) => {
    await stage.driver.faults({ on: 'processing', do: 'delay', ms: 100 * HOUR });
    expectRefusal(stage);
    const id = await rollingOut(stage);
    await stage.pass(3 * MINUTE);
    await expectTruth(stage, id);
    expect(await chartIn(stage, id)).toBeUndefined();
    await expectNothingLeft(stage, id);
  });

  it('K-5: somebody deletes the file in Slack: the report goes on without it until the next', async ({
    stage,
  }) => {
    const id = await rollingOut(stage);
    await stage.pass(3 * MINUTE);
    const { file } = await shownIn(stage, id);
    const { bot } = stage.slack.workspace;
    await fetch(`${stage.slack.api}files.delete?file=${file}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bot.token}` },
    });
    expectRefusal(stage);
    stage.expectTrouble({ call: 'files.delete', error: 'file_not_found' });
    await stage.pass(2 * MINUTE);
    await expectTruth(stage, id);
    await stage.pass(12 * MINUTE);
    expect((await shownIn(stage, id)).file).not.toBe(file);
  });

  it.for(['chart:begun', 'chart:uploaded', 'chart:kept'])(
    'K-5, K-8: whatever is cut short at %s, one chart is shown in the end and none is left over',
    async (name, { open }) => {
      let struck = false;
      const stage = await open({
        point(place) {
          if (place !== name || struck) return;
          struck = true;
          throw new Error('cut short');
        },
      });
      const id = await rollingOut(stage);
      await stage.pass(3 * MINUTE);
      expect(struck).toBe(true);
      await shownIn(stage, id);
      await expectNothingLeft(stage, id);
    },
  );

  it('RB-1: a rollback’s card does not wait for a chart that hangs', async ({ stage }) => {
    await stage.driver.faults({ on: 'files.getUploadURLExternal', do: 'delay', ms: 300 });
    const id = await request(stage);
    await signAll(stage, id);
    await stage.pass(3 * MINUTE);
    await stage.click('omar', await stage.card(id), 'card.roll_back');
    const calls = await stage.driver.calls();
    const told = calls.findIndex(
      ({ method, args }) => method === 'chat.update' && /Going back/.test(String(args.text)),
    );
    const uploaded = calls.findLastIndex(({ method }) => method === 'files.completeUploadExternal');
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThan(uploaded);
    expect((await shownIn(stage, id)).alt).toContain('rolled back at');
  });
});
