/** Questions on a terminal, or to whoever pipes answers in. */

import { createInterface } from 'node:readline/promises';
import type { Question } from './answers.ts';

/** The input ended while something was still asked. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

export interface Asking {
  /** Asks until there is an answer that can be one; an empty line takes the usual one. */
  ask(question: Question): Promise<string>;
  /** Anything but yes is no. */
  confirm(question: string): Promise<boolean>;
  close(): void;
}

export function createAsking(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Asking {
  const lines = createInterface({ input, output });
  // By its iterator, which keeps what is piped in before it is asked for.
  const answers = lines[Symbol.asyncIterator]();

  async function next(prompt: string): Promise<string> {
    lines.setPrompt(prompt);
    lines.prompt();
    const { value, done } = await answers.next();
    if (done === true) throw new NoAnswer();
    return value.trim();
  }

  return {
    async ask({ asks, usual, problem }) {
      for (;;) {
        const answer = (await next(`${asks} [${usual}]: `)) || usual;
        const why = problem(answer);
        if (why === undefined) return answer;
        output.write(`  ${why}\n`);
      }
    },
    confirm: async (question) => /^y(es)?$/i.test(await next(`${question} [y/N]: `)),
    close: () => lines.close(),
  };
}
