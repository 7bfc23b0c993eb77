/**
 * How soon people are told (K-12), with 500 rollouts live and Slack taking so many updates a minute in the whole
 * workspace: a rollback while Slack refuses everything, and what becomes of all other messages in ten minutes. On a
 * clock that jumps from one due thing to the next, so that what is printed hangs on the order alone, not on the machine.
 */

import { type Duration, type Instant, MINUTE, SECOND } from '../src/time.ts';
import { PEOPLE } from '../test/conductor/rig.ts';
import { type ManyLive, manyLive } from '../test/slack/many-live.ts';
import { fixed, printTable, quantile } from './table.ts';

const LIVE = 500;
const PERIOD: Duration = 10 * MINUTE;
const REFUSED_FOR: Duration = 30 * SECOND;
/** Two live messages of each rollout: its card and the report of its stage. */
const PLENTY = (2 * LIVE * MINUTE) / PERIOD;
const NOTE_WITHIN: Duration = SECOND;

/** Answers with what misses its target. */
export async function benchTold(): Promise<string[]> {
  const services = Array.from({ length: LIVE + 1 }, (_, index) => `s${index}`);
  const world = await manyLive(services, { updates: 10_000 });
  try {
    // All cards and reports are there before Slack takes only so many.
    await world.pass(2 * MINUTE);
    world.slack.allow(PLENTY);
    const note = await noteAfterRefusals(world);
    const since = world.rig.clock.now();
    await world.pass(PERIOD);
    const waits = await longestWaits(world, since);
    const starved = waits.filter((wait) => wait >= PERIOD).length;
    printTable(
      `Told, with ${LIVE} rollouts live on a clock that jumps, and Slack taking ${PLENTY} updates a minute: one for each of their ${2 * LIVE} messages in ten minutes (Node ${process.versions.node})`,
      ['what', 'figure', 'target'],
      [
        [
          'the note of a rollback, after Slack takes calls again',
          `${fixed(note / SECOND, 1)} s`,
          `≤ ${NOTE_WITHIN / SECOND} s`,
        ],
        ['messages not brought up to date in those ten minutes', `${starved} of ${waits.length}`, 'none'],
        ['half of them waited for less than', `${fixed(quantile(waits, 0.5) / MINUTE, 1)} min`, ''],
        ['longest that one waited', `${fixed(Math.max(...waits) / MINUTE, 1)} min`, ''],
      ],
    );
    return [
      ...(note <= NOTE_WITHIN ? [] : [`the note came ${fixed(note / SECOND, 1)} s after Slack took calls`]),
      ...(starved === 0 ? [] : [`${starved} messages were not brought up to date in ten minutes`]),
    ];
  } finally {
    await world.close();
  }
}

/** A rollback in the middle of a time in which Slack takes nothing. */
async function noteAfterRefusals({ rig, slack, ids, pass }: ManyLive): Promise<Duration> {
  const id = ids.pop() ?? '';
  const channel = (await rig.load(id)).terms.details.channel;
  slack.refuseFor(REFUSED_FOR);
  const opensAt = rig.clock.now() + REFUSED_FOR;
  await pass(REFUSED_FOR / 2);
  const told = slack.took.length;
  await rig.does(PEOPLE.dana, id, { kind: 'roll_back', why: 'errors' });
  await pass(REFUSED_FOR / 2 + 10 * SECOND);
  const note = slack.took
    .slice(told)
    .find((one) => one.method === 'chat.postMessage' && one.channel === channel);
  return (note?.at ?? Number.POSITIVE_INFINITY) - opensAt;
}

/** Of each live message of those that roll out: the longest time between two updates, and up to now. */
async function longestWaits({ rig, slack, ids }: ManyLive, since: Instant): Promise<Duration[]> {
  const now = rig.clock.now();
  const waits: Duration[] = [];
  for (const id of ids)
    for (const key of ['card', 'stage:1']) {
      const row = await rig.stores.messages.find(id, key);
      const at = slack.took.filter((one) => one.ts === row?.ts && one.at >= since).map((one) => one.at);
      const times = [since, ...at, now];
      waits.push(Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time))));
    }
  return waits;
}
