/** Resident memory after many deployments, from the request to the observation: GoNoGo against a bare app. */

import type { Questions } from './child.ts';
import { atEachPlace, rollOut } from './deployments.ts';
import { CHANNEL, DANA, TOM } from './driving.ts';
import { type Subject, startSubjects } from './subjects.ts';
import { fixed, printTable, ratio } from './table.ts';

const DEPLOYMENTS = Number(process.env.BENCH_DEPLOYMENTS ?? 1_000);
const STEPS = [DEPLOYMENTS / 10, DEPLOYMENTS / 2, DEPLOYMENTS];
const SERVICES = 50;
/** How much faster than real time: a rollout at once takes five seconds then, and its observation goes on until the next one. */
const SPEED = 500;
const ARRIVED_WITHIN_MS = 60_000;

type Memory = Questions['memory'];

/** V8 lets the young generation grow to 16 MB a half; for a bot, which is mostly idle, that is only resident memory. */
const SMALL_YOUNG = '--max-semi-space-size=4';

interface Seen {
  app: string;
  at: Memory[];
}

export async function benchMemory(): Promise<void> {
  const seen = [...(await seenWith([])), ...(await seenWith([SMALL_YOUNG]))];
  const bare = last(seen[0]?.at).rss;
  const steps = STEPS.join(' → ');
  printTable(
    `Memory after ${DEPLOYMENTS} deployments, garbage collected (Node ${process.versions.node})`,
    ['app', 'RSS at start', 'RSS after', 'to bare', `heap at start → after ${steps}`],
    seen.map(({ app, at }) => [
      app,
      megabytes(at[0]?.rss),
      megabytes(last(at).rss),
      ratio(last(at).rss, bare),
      at.map(({ heapUsed }) => megabytes(heapUsed)).join(' → '),
    ]),
  );
}

async function seenWith(options: string[]): Promise<Seen[]> {
  const subjects = await startSubjects(['bare', 'gonogo'], {
    services: SERVICES,
    rules: { signOffs: ['tech_lead'], strategy: 'all-at-once' },
    speed: SPEED,
    node: ['--expose-gc', ...options],
  });
  try {
    const seen: Seen[] = [];
    for (const subject of subjects.all) {
      const name = subject.name === 'gonogo' ? 'GoNoGo' : subject.name;
      seen.push({ app: [name, ...options].join(', '), at: await watched(subject) });
    }
    return seen;
  } finally {
    await subjects.stop();
  }
}

async function watched(subject: Subject): Promise<Memory[]> {
  const work = subject.name === 'gonogo' ? deployments(subject) : acks(subject);
  const at = [await subject.running.memory()];
  for (const many of STEPS) {
    await work(many);
    await subject.settle();
    at.push(await subject.running.memory());
  }
  return at;
}

function last(at: readonly Memory[] | undefined): Memory {
  const memory = at?.at(-1);
  if (memory === undefined) throw new Error('nothing was measured');
  return memory;
}

/** Up to so many in all: asked for, signed, rolled out, and superseded by the next at its place. */
function deployments(subject: Subject): (total: number) => Promise<void> {
  const places = atEachPlace(SERVICES);
  let made = 0;
  return async (total) => {
    for (; made < total; made += 1) {
      const place = places[made % places.length];
      const version = Math.floor(made / places.length) % 2 === 0 ? 'v2.1.0' : 'v2.0.4';
      if (made % places.length === 0) await allArrived(subject);
      if (place !== undefined) await rollOut(subject.driving, place, version);
    }
  };
}

/** A place whose version is on its way takes no other. */
async function allArrived({ running }: Subject): Promise<void> {
  const until = performance.now() + ARRIVED_WITHIN_MS;
  while ((await running.ask<{ moving: number }>('moving')).moving > 0) {
    if (performance.now() > until) throw new Error('not every version arrived');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The same commands and clicks, for an app that only acks them. */
function acks({ driving, place }: Subject): (total: number) => Promise<void> {
  let made = 0;
  return async (total) => {
    const blocks = [
      {
        type: 'actions',
        elements: [{ type: 'button', action_id: 'card.go', text: { type: 'plain_text', text: 'Go' } }],
      },
    ];
    const ts = await driving.post(place.token, blocks);
    for (; made < total; made += 1) {
      await driving.command(DANA, '/deploy checkout v2.1.0 to production');
      await driving.click({ user: TOM, action_id: 'card.go', channel: CHANNEL, ts });
    }
  };
}

const megabytes = (bytes: number | undefined): string => `${fixed((bytes ?? Number.NaN) / 2 ** 20, 0)} MB`;
