/** What a go costs the running bot from the click to the last message: CPU, what the record is asked, calls to Slack. */

import type { Message } from '../local-slack/protocol.ts';
import { type Asked as AskedFor, askForAll, endAll } from './deployments.ts';
import { type Button, CHANNEL, SANA, TOM } from './driving.ts';
import type { Asked } from './statements.ts';
import { type Subject, startSubjects } from './subjects.ts';
import { fixed, printTable, quantile } from './table.ts';

const SERVICES = 15;
const CARDS = 2 * SERVICES;
const WARM_UP = 3;
const ROUNDS = 4;
/** A live message is drawn at most once a second: what a click causes is over after this. */
const CALM_MS = 1_200;

export async function benchGo(): Promise<void> {
  const subjects = await startSubjects(['gonogo'], { services: SERVICES });
  try {
    const [gonogo] = subjects.all;
    if (gonogo === undefined) throw new Error('nothing to measure');
    const asked: AskedFor = { driving: gonogo.driving, settle: gonogo.settle, services: SERVICES };
    const cpu: number[] = [];
    for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
      const figures = await inTurn(await askForAll(asked), (goes) => cpuOf(gonogo, goes));
      if (round >= WARM_UP) cpu.push(...figures);
      await endAll(asked);
    }
    const [counted] = await inTurn(await askForAll(asked), (goes) => countedFor(gonogo, goes));
    if (counted === undefined) throw new Error('nothing was counted');
    printTable(
      `A go in the running bot, from the click to the last message: ${2 * ROUNDS} times ${CARDS} goes, one after the other (Node ${process.versions.node})`,
      [
        'CPU of a go: median of the times',
        'least',
        'statements',
        'transactions',
        'loads',
        'written',
        'calls',
      ],
      [
        [
          ...[0.5, 0].map((q) => `${fixed(quantile(cpu, q), 2)} ms`),
          ...[counted.statements, counted.transactions, counted.loads].map((figure) => fixed(figure, 1)),
          `${fixed(counted.bytes / 1_000, 1)} kB`,
          counted.calls,
        ],
      ],
    );
  } finally {
    await subjects.stop();
  }
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
