/** What a go costs the running bot from the click to the last message: CPU, what the record is asked, calls to Slack. */

import type { Message } from '../local-slack/protocol.ts';
import type { Asked as AskedFor } from './deployments.ts';
import * as ownDeployments from './deployments.ts';
import { type Button, CHANNEL, SANA, TOM } from './driving.ts';
import type { Asked } from './statements.ts';
import { type Subject, startSubjects } from './subjects.ts';
import { fixed, printTable, quantile } from './table.ts';

const SERVICES = 15;
const CARDS = 2 * SERVICES;
const WARM_UP = 3;
const ROUNDS = 6;
/** A live message is drawn at most once a second: what a click causes is over after this. */
const CALM_MS = 1_200;

/** The ratio of two checkouts is of the code alone where both run in the same minutes, round by round. */
export async function benchGo(beside?: string): Promise<void> {
  const sides: Side[] = [];
  try {
    sides.push(await startSide('this one'));
    if (beside !== undefined) sides.push(await startSide(beside));
    for (let round = 0; round < WARM_UP + ROUNDS; round += 1)
      for (const side of sides) {
        const figures = await playRound(side, (goes) => cpuOf(side.subject, goes));
        if (round >= WARM_UP) side.cpu.push(...figures);
      }
    const [own] = sides;
    if (own === undefined) throw new Error('nothing to measure');
    const [counted] = await playRound(own, (goes) => countedFor(own.subject, goes));
    if (counted === undefined) throw new Error('nothing was counted');
    print(sides, counted);
  } finally {
    for (const { stop } of sides) await stop();
  }
}

interface Side {
  name: string;
  subject: Subject;
  deployments: Pick<typeof ownDeployments, 'askForAll' | 'endAll'>;
  asked: AskedFor;
  cpu: number[];
  stop(): Promise<void>;
}

/** With the bench of its own checkout, which has to be built: `npm run build && npx tsc -p bench/tsconfig.json`. */
async function startSide(name: string): Promise<Side> {
  const { startSubjects: startThem, deployments } =
    name === 'this one' ? { startSubjects, deployments: ownDeployments } : await checkoutAt(name);
  const subjects = await startThem(['gonogo'], { services: SERVICES });
  const [subject] = subjects.all;
  if (subject === undefined) throw new Error('nothing to measure');
  const { driving, settle } = subject;
  const asked = { driving, settle, services: SERVICES };
  return { name, subject, deployments, asked, cpu: [], stop: subjects.stop };
}

async function checkoutAt(folder: string): Promise<{
  startSubjects: typeof startSubjects;
  deployments: typeof ownDeployments;
}> {
  const subjects = (await import(`${folder}/bench/subjects.ts`)) as { startSubjects: typeof startSubjects };
  const deployments = (await import(`${folder}/bench/deployments.ts`)) as typeof ownDeployments;
  return { startSubjects: subjects.startSubjects, deployments };
}

async function playRound<T>(
  { deployments, asked }: Side,
  each: (goes: readonly Button[]) => Promise<T>,
): Promise<T[]> {
  const answers = await inTurn(await deployments.askForAll(asked), each);
  await deployments.endAll(asked);
  return answers;
}

function print(sides: readonly Side[], counted: Asked & { calls: string }): void {
  printTable(
    `A go in the running bot, from the click to the last message: ${2 * ROUNDS} times ${CARDS} goes, one after the other (Node ${process.versions.node})`,
    ['', 'CPU of a go: median of the times', 'least'],
    sides.map(({ name, cpu }) => [name, ...[0.5, 0].map((q) => `${fixed(quantile(cpu, q), 2)} ms`)]),
  );
  const [own, other] = sides;
  if (own !== undefined && other !== undefined) {
    const [median, least] = [0.5, 0].map((q) => quantile(own.cpu, q) / quantile(other.cpu, q));
    process.stdout.write(
      `\nBeside the other: ${fixed(median ?? 0, 2)} × in the median, ${fixed(least ?? 0, 2)} × at the least.\n`,
    );
  }
  printTable(
    'What it asks for',
    ['statements', 'transactions', 'loads', 'written', 'calls'],
    [
      [
        ...[counted.statements, counted.transactions, counted.loads].map((figure) => fixed(figure, 1)),
        `${fixed(counted.bytes / 1_000, 1)} kB`,
        counted.calls,
      ],
    ],
  );
}

/** Two of three say go on every card, so that it still waits: first one on all of them, then the other. */
async function inTurn<T>(
  cards: readonly Message[],
  each: (goes: readonly Button[]) => Promise<T>,
): Promise<T[]> {
  const answers: T[] = [];
  for (const user of [TOM, SANA])
    answers.push(await each(cards.map(({ ts }) => ({ user, action_id: 'card.go', channel: CHANNEL, ts }))));
  return answers;
}

async function click({ driving, settle }: Subject, goes: readonly Button[]): Promise<void> {
  await driving.mark();
  for (const go of goes) {
    await driving.click(go);
    // Its line in the thread is there: the messages that it changes are on their way.
    await driving.called('chat.postMessage');
  }
  await calm();
  await settle();
}

async function cpuOf(subject: Subject, goes: readonly Button[]): Promise<number> {
  await calm();
  const before = await subject.running.cpu();
  await click(subject, goes);
  return ((await subject.running.cpu()) - before) / 1_000 / goes.length;
}

async function countedFor(subject: Subject, goes: readonly Button[]): Promise<Asked & { calls: string }> {
  await calm();
  const mark = await subject.driving.mark();
  const before = await subject.running.ask<Asked>('asked');
  await click(subject, goes);
  const after = await subject.running.ask<Asked>('asked');
  const calls = Object.entries(await subject.driving.callsSince(mark));
  const each = (figure: number): number => figure / goes.length;
  return {
    statements: each(after.statements - before.statements),
    transactions: each(after.transactions - before.transactions),
    loads: each(after.loads - before.loads),
    bytes: each(after.bytes - before.bytes),
    calls: calls.map(([method, made]) => `${fixed(each(made), 1)} ${method}`).join(', '),
  };
}

const calm = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, CALM_MS));
