/** What a look costs in the running bot, with its metrics, judge, record and the messages that follow: many rollouts, and time that runs fast. */

import { atEachPlace, rollOut } from './deployments.ts';
import { type Subject, startSubjects } from './subjects.ts';
import { fixed, printTable } from './table.ts';

const SERVICES = 6;
/** A look a minute is one in 200 ms then, and one in a second: a message is drawn once a second at most, so that few looks send one, or nearly each. */
const SPEEDS = [300, 60];
const STAGE_BEGINS_MS = 8_000;
const MEASURED_MS = 15_000;
/** Without its messages. */
const LOOK_WITHIN_MS = 5;

interface Seen {
  /** Milliseconds. */
  cpu: number;
  looks: number;
  updates: number;
}

export async function benchLook(): Promise<void> {
  const [few, many] = [await seenAt(SPEEDS[0] ?? 1), await seenAt(SPEEDS[1] ?? 1)];
  const { look, message } = apart(few, many);
  printTable(
    `A look in the running bot, ${2 * SERVICES} rollouts (Node ${process.versions.node})`,
    ['looks', 'messages that followed', 'CPU of a look, messages and all'],
    [few, many].map(({ cpu, looks, updates }) => [
      String(looks),
      String(updates),
      `${fixed(cpu / looks, 2)} ms`,
    ]),
  );
  process.stdout.write(
    `\nBoth together: a look without a message takes ${fixed(look, 2)} ms of CPU (target: ≤ ${LOOK_WITHIN_MS} ms), each message ${fixed(message, 2)} ms.\n`,
  );
  if (look > LOOK_WITHIN_MS) process.exitCode = 1;
}

/** Two mixtures of looks and messages, and so what each of them takes. */
function apart(one: Seen, other: Seen): { look: number; message: number } {
  const by = one.looks * other.updates - other.looks * one.updates;
  return {
    look: (one.cpu * other.updates - other.cpu * one.updates) / by,
    message: (one.looks * other.cpu - other.looks * one.cpu) / by,
  };
}

async function seenAt(speed: number): Promise<Seen> {
  const rules = { signOffs: ['tech_lead'], strategy: 'canary' };
  const subjects = await startSubjects(['gonogo'], { services: SERVICES, rules, speed });
  try {
    const [gonogo] = subjects.all;
    if (gonogo === undefined) throw new Error('nothing to measure');
    for (const place of atEachPlace(SERVICES)) await rollOut(gonogo.driving, place, 'v2.1.0');
    await passing(STAGE_BEGINS_MS);
    const before = await seen(gonogo);
    await passing(MEASURED_MS);
    const after = await seen(gonogo);
    return {
      cpu: (after.cpu - before.cpu) / 1_000,
      looks: after.looks - before.looks,
      updates: after.updates - before.updates,
    };
  } finally {
    await subjects.stop();
  }
}

const passing = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));

async function seen({ running, driving }: Subject): Promise<Seen> {
  const { looks } = (await running.ask('looks')) as { looks: number };
  return { cpu: await running.cpu(), looks, updates: await driving.made('chat.update') };
}
