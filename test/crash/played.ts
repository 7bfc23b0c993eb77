/** What a run comes to: in the record, in the world, and for people. */

import { openDatabase } from '../../db/open.ts';
import type { Message } from '../../local-slack/protocol.ts';
import { createSimulatedWorld } from '../../src/backends/simulator.ts';
import type { DeploymentEvent } from '../../src/deployment/events.ts';
import type { Instant } from '../../src/time.ts';
import type { Target } from '../smoke/target.ts';
import type { PlainDriver } from './driver.ts';
import { recordIn, worldIn } from './mortal-bot.ts';
import { APPROVERS, CHANNEL } from './people.ts';
import { type Reached, reachedIn } from './points.ts';

export interface Played {
  /** Every point at which the process was ended, or would have left behind what an earlier end did; in order. */
  reached: Reached[];
  starts: number;
  events: DeploymentEvent[];
  /** What the backend carried out, once per key. */
  commands: { key: string; body: unknown }[];
  /** What people see in the end, and how often each message of the bot was posted. */
  messages: { where: string; text: string }[];
  posted: Map<string, number>;
  /** Paths of the service that smoke tests asked for, each time. */
  tried: string[];
  /** What the pager was told, each delivery. */
  paged: { tells: string; key: string; about: string }[];
  /** What stands below an alert. */
  answers: string[];
  /** Files that messages show, and files that are there at all. */
  files: { shown: string[]; there: string[] };
}

export const PAGER = '/pager';
const PAGED_AT = `${PAGER}/notify`;

export interface Places {
  folder: string;
  slack: PlainDriver;
  target: Target;
  now: Instant;
}

export async function whatCameOf({
  folder,
  slack,
  target,
  now,
}: Places): Promise<Omit<Played, 'answers' | 'starts'>> {
  const messages = await messagesIn(slack);
  const posted = new Map<string, number>();
  for (const { channel, metadata } of messages) {
    const key = `${channel}:${JSON.stringify(metadata?.event_payload)}`;
    posted.set(key, (posted.get(key) ?? 0) + 1);
  }
  const paged = target.seen.filter(({ path }) => path === PAGED_AT);
  return {
    reached: reachedIn(folder),
    events: unnumbered(anyPort(await eventsIn(folder), target.port)),
    commands: unnumbered(commandsIn(folder, now)),
    messages: unnumbered(messages.map(shownAs)),
    posted,
    tried: target.seen.map(({ path }) => path).filter((path) => path !== PAGED_AT),
    paged: unnumbered(paged.map(({ body }) => pagedIn(body))),
    files: { shown: filesIn(messages), there: await filesThere(slack) },
  };
}

async function messagesIn(slack: PlainDriver): Promise<Message[]> {
  const inChannel = await slack.messages({ channel: CHANNEL });
  const all = [...inChannel];
  for (const { ts, reply_count = 0 } of inChannel)
    if (reply_count > 0) all.push(...(await slack.messages({ channel: CHANNEL, thread_ts: ts })).slice(1));
  for (const user of APPROVERS) all.push(...(await slack.messages({ channel: `dm:${user}:bot`, user })));
  return [...new Map(all.map((message) => [`${message.channel}:${message.ts}`, message])).values()];
}

const shownAs = ({ channel, thread_ts, text }: Message): Played['messages'][number] => ({
  where: `${channel}${thread_ts ? ' thread' : ''}`,
  text,
});

async function eventsIn(folder: string): Promise<DeploymentEvent[]> {
  const { events, close } = await openDatabase({ file: recordIn(folder) });
  const [newest] = await events.list({ limit: 1 });
  const all = newest === undefined ? [] : await events.events(newest.id);
  await close();
  return all;
}

function commandsIn(folder: string, now: Instant): Played['commands'] {
  const world = createSimulatedWorld({ seed: 1, clock: { now: () => now }, file: worldIn(folder) });
  const commands = world.commands().map(({ deliveries: _deliveries, key, ...body }) => ({ key, body }));
  world.close();
  return commands;
}

const pagedIn = (body: string): Played['paged'][number] => {
  const { tells, key, about } = JSON.parse(body) as Played['paged'][number];
  return { tells, key, about };
};

const filesIn = (messages: readonly Message[]): string[] =>
  messages
    .flatMap(({ blocks }) => blocks.map((block) => (block.slack_file as { id: string } | undefined)?.id))
    .filter((id) => id !== undefined)
    .sort();

async function filesThere(slack: PlainDriver): Promise<string[]> {
  const deleted = new Set((await slack.done('files.delete')).map(({ args }) => args.file));
  return (await slack.done('files.completeUploadExternal'))
    .flatMap(({ args }) => (args.files as { id: string }[]).map(({ id }) => id))
    .filter((id) => !deleted.has(id))
    .sort();
}

/** Each run's service listens on a port of its own. */
const anyPort = <T>(value: T, port: number): T =>
  JSON.parse(JSON.stringify(value).replace(new RegExp(`\\b${port}\\b`, 'g'), '1')) as T;

/** A number is never given twice: the deployment of a disturbed run may have another than that of an undisturbed one. */
export function unnumbered<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replace(/D-\d+/g, 'D-1')) as T;
}
